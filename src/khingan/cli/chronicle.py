"""Commands about the source document: chronicle, repair."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from khingan.cli.door import AsJson, Campaign, app
from khingan.cli.screen import page, say_json
from khingan.errors import KhinganError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from khingan.scenario.chronicle import Entry, Voice
    from khingan.scenario.repair import Finding

KINDS = {"fact": "fact", "interpretation": "interpretation, never an input", "disputed": "disputed"}


@app.command()
def chronicle(campaign: Campaign, as_json: AsJson = False) -> None:
    """The claims of a campaign's document as a timeline: printed, read, agreed, disputed, and what they feed."""
    from khingan.scenario.chronicle import has_chronicle, read_chronicle
    from khingan.scenario.read import load

    scenario = load(campaign)
    if not has_chronicle(scenario):
        raise KhinganError(campaign, "this campaign sets out from no document", "add document.csv and chronicle.csv")
    entries = read_chronicle(scenario)
    if as_json:
        say_json([entry.as_json() for entry in entries])
        return
    console = page()
    for entry in entries:
        for text in lines(entry):
            console.print(text, markup=False)


def lines(entry: "Entry") -> "Iterator[str]":
    """One claim as text; empty fields are left out."""
    given = entry.statement
    yield f"{entry.dates}  {given.claim}  {KINDS[given.kind]}"
    yield f"  {given.statement}"
    for name, text in (
        ("printed", given.printed), ("read as", given.reading), ("set right", given.correction), ("because", entry.why),
        ("held by", given.held_by), ("disputed by", given.disputed_by), ("agree", said(entry.agree)),
        ("differ", said(entry.differ)), ("feeds", ", ".join(f"{kind} {name}" for kind, name in entry.feeds)),
    ):  # fmt: skip
        if text:
            yield f"    {name:<12}{text}"
    yield ""


def said(voices: "Iterable[Voice]") -> str:
    """Works by key, with what each says where that is noted."""
    return "; ".join(f"{voice.source}: {voice.says}" if voice.says else voice.source for voice in voices)


@app.command()
def repair(
    file: Annotated[Path, typer.Argument(help="A text file; it is read and never changed.")],
    names: Annotated[
        str, typer.Option("--names", metavar="CAMPAIGN", help="Whose gazetteer and glossary to read by.")
    ] = "far-east-1945",
    as_json: AsJson = False,
) -> None:
    """Propose readings for garbled dates and names of a text, with reasons and confidence."""
    from khingan.scenario.glossary import read_lexicon
    from khingan.scenario.read import load
    from khingan.scenario.repair import read_document
    from khingan.scenario.repair import repair as read_anew

    text = read_document(file)
    findings = read_anew(text, read_lexicon(load(names)))
    if as_json:
        say_json([finding.as_json() for finding in findings])
        return
    console = page()
    for finding in findings:
        for text in proposal(finding):
            console.print(text, markup=False)
    console.print(f"{len(findings)} places; the file is as it was", markup=False)


def proposal(finding: "Finding") -> "Iterator[str]":
    """One garbled place and its readings."""
    yield f"{finding.line}:{finding.column}  {finding.printed}"
    for reading in finding.readings:
        yield f"    {reading.confidence:.2f}  {reading.text}  ({reading.reason})"
