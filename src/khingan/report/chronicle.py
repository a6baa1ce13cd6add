"""The page's chronicle: the document's claims from the first year to the last, each folded under its sentence."""

from collections.abc import Iterable
from html import escape

from khingan.scenario.chronicle import Entry, Voice, has_chronicle, read_chronicle
from khingan.scenario.schema import Scenario


def chronicle_section(scenario: Scenario) -> str:
    """A whole section, or nothing where the campaign sets out from no document."""
    if not has_chronicle(scenario):
        return ""
    entries = read_chronicle(scenario)
    count = sum(entry.garbled for entry in entries)
    note = (
        f"The {len(entries)} claims of the document this campaign set out from, in the order of their dates; "
        f"{count} were garbled in print and are read as given. A fact may be an input; an interpretation is shown with "
        "who holds and who disputes it, and is never one."
    )
    items = "".join(_item(entry) for entry in entries)
    return f'<section class="chronicle"><h2>The document</h2><p class="note">{note}</p>{items}</section>'


def _item(entry: Entry) -> str:
    given = entry.statement
    head = f"<b>{escape(entry.dates)}</b> {escape(given.statement)} <small>{given.claim} · {given.kind}</small>"
    facts = (
        ("Printed", given.printed), ("Read as", given.reading), ("Set right", given.correction), ("Because", entry.why),
        ("Held by", given.held_by), ("Disputed by", given.disputed_by), ("Agree", _said(entry.agree)),
        ("Differ", _said(entry.differ)), ("Feeds", ", ".join(f"{kind} {name}" for kind, name in entry.feeds)),
    )  # fmt: skip
    body = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in facts if text)
    return f'<details id="{given.claim}"><summary>{head}</summary><dl>{body}</dl></details>'


def _said(voices: Iterable[Voice]) -> str:
    return "; ".join(f"{voice.source}: {voice.says}" if voice.says else voice.source for voice in voices)
