"""The command that asks when the war would have ended: politics."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from khingan.cli.door import AsJson, Campaign, app
from khingan.cli.screen import page, say_json, table

if TYPE_CHECKING:
    from rich.console import Console

    from khingan.history.surrender import SchoolRow, SurrenderRow
    from khingan.scenario.politics import Politics

CAVEAT = (
    "Each school is a formal caricature (grade C) of a published position, never averaged with another. One event "
    "cannot tell them apart: the Bayes factor of the historical dates is all that they say of it."
)


@app.command()
def politics(
    campaign: Campaign,
    changes: Annotated[
        list[str] | None, typer.Option("--change", metavar="NAME", help="A switch of politics.yaml; may be repeated.")
    ] = None,
    school: Annotated[str | None, typer.Option(help="One school alone: bombs, entry, both, exhaustion.")] = None,
    as_json: AsJson = False,
) -> None:
    """When the surrender falls, by school of the debate, with the historical date."""
    from khingan.history.surrender import beside_history, read_surrender
    from khingan.scenario.politics import require_politics
    from khingan.scenario.read import load
    from khingan.scenario.vocabulary import SCHOOLS
    from khingan.simulation.politics import outcomes

    scenario = load(campaign)
    given, record = require_politics(scenario), read_surrender(scenario)
    pins = given.pins(tuple(changes or ()))
    rows = beside_history(outcomes(scenario, pins, (school,) if school else SCHOOLS), record)
    if as_json:
        say_json(answer(given, record, pins, tuple(changes or ()), rows))
    else:
        show(page(), given, record, tuple(changes or ()), rows)


def answer(
    given: "Politics", record: "dict[str, SurrenderRow]", pins: dict[str, float], changes: tuple[str, ...],
    rows: "list[SchoolRow]",
) -> dict[str, Any]:  # fmt: skip
    """The documented JSON."""
    window = record["decision"]
    return {
        "changes": list(changes),
        "pinned": pins,
        "historical_broadcast": record["broadcast"].observed.isoformat(),
        "decision_window": [window.low.isoformat(), window.high.isoformat()],
        "schools": [row.as_json() for row in rows],
        "treaties": [
            {"from": treaty.begins.isoformat(), "title": treaty.title, "expects_peace": dict(treaty.expects_peace)}
            for treaty in given.treaties
        ],
        "caveat": CAVEAT,
    }


def show(
    console: "Console", given: "Politics", record: "dict[str, SurrenderRow]", changes: tuple[str, ...],
    rows: "list[SchoolRow]",
) -> None:  # fmt: skip
    """Treaties, the distribution by school, each school in its own words, and what one event can say."""
    from khingan.history.surrender import said
    from khingan.simulation.politics import CHANCES

    lines = [
        [f"{treaty.begins}", treaty.title, *(f"{treaty.expects_peace[side]:.0%}" for side in ("SU", "JP"))]
        for treaty in given.treaties
    ]
    heads = ("from", "state of the treaties", "Moscow expects peace", "Tokyo expects peace")
    console.print(table("", heads, lines, heads[2:]))
    switched = {switch.key: switch.title for switch in given.switches}
    for change in changes:
        console.print(f"Changed: {switched[change.partition('=')[0]]} ({change})", markup=False)
    columns = ["school", *(f"{chance:.0%}" for chance in CHANCES), "by the historical day", "decided 9-14 August"]
    columns[-1] = "decided in the window"
    body = [
        [
            row.outcome.school.title,
            *(said(row.outcome.broadcast_at(chance)) for chance in CHANCES),
            f"{row.rank:.0%}",
            f"{row.likelihood:.2f}",
        ]
        for row in rows
    ]
    console.print(table("Broadcast of the surrender", columns, body, columns[6:]))
    window, broadcast = record["decision"], record["broadcast"].observed
    console.print(
        f"History: broadcast {broadcast:%d %B %Y %H:%M}; the window of the decision is {window.low:%d %B} to "
        f"{window.high:%d %B} (its first hour).",
        markup=False,
    )
    for row in rows:
        school = row.outcome.school
        factors = ", ".join(f"{factor:.1f} against {key}" for key, factor in row.against.items())
        console.print(f"\n{school.title} ({school.holders}). {school.thesis}", markup=False)
        for text in school.evidence:
            console.print(f"  - {text}", markup=False)
        console.print(f"  sources: {', '.join(school.sources)}", markup=False)
        if factors and not changes:
            console.print(f"  Bayes factor of the historical window: {factors}", markup=False)
    console.print(f"\n{CAVEAT}", markup=False)
