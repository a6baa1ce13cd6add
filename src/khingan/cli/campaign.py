"""Commands that read a campaign without playing it: check, campaigns, show, ledger."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from khingan.cli.door import Campaign, app
from khingan.cli.screen import page, table
from khingan.errors import CampaignError, KhinganError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from khingan.evidence.ledger import Ledger
    from khingan.scenario.catalogue import CampaignSummary, Count
    from khingan.scenario.schema import Scenario

STRENGTH = "", "formations", "men", "tanks", "guns", "aircraft"


@app.command()
def check(campaign: Campaign) -> None:
    """Find every problem of a campaign; silent when there is none."""
    from khingan.experiment.apply import try_changes
    from khingan.experiment.question import try_questions
    from khingan.history.targets import has_history, read_history
    from khingan.scenario.chronicle import has_chronicle, read_chronicle
    from khingan.scenario.read import load
    from khingan.world.compile import compile_world

    scenario = load(campaign)
    problems: list[Problem] = []
    readings: list[Callable[[Scenario], object]] = [compile_world, try_changes, try_questions]
    readings += [read_history] if has_history(scenario) else []
    readings += [read_chronicle] if has_chronicle(scenario) else []
    for reading in readings:
        try:
            reading(scenario)
        except CampaignError as error:
            problems += error.problems
    if problems:
        raise CampaignError(scenario.calendar.name, problems)


@app.command()
def campaigns() -> None:
    """List the campaigns that ship with khingan."""
    from khingan.scenario.folder import campaign_names
    from khingan.scenario.read import load

    rows = []
    for name in campaign_names():
        calendar = load(name).calendar
        rows.append([name, calendar.title, f"{calendar.h_hour:%d %B %Y}", f"{calendar.days} days"])
    page().print(table("", ("campaign", "title", "from", "length"), rows))


@app.command()
def show(campaign: Campaign) -> None:
    """Say what a campaign holds: its tables, its operations, its order of battle, and what is kept off the map."""
    from khingan.scenario.catalogue import summary
    from khingan.scenario.read import load

    glance, console = summary(load(campaign)), page()
    for text in (
        f"{glance.title} ({glance.name})",
        glance.summary,
        f"From {glance.h_hour:%d %B %Y %H:%M}, {glance.days} days in steps of {glance.step_hours:g} hours; "
        + (f"official end {glance.official_end:%d %B %Y}." if glance.official_end else "no official end."),
        "Operations: " + ", ".join(name for _, name in glance.operations) + ".",
        ", ".join(f"{count:,} {name}" for name, count in glance.counts.items()) + ".",
    ):
        console.print(text, markup=False)
    console.print(table("Order of battle", STRENGTH, order_of_battle(glance), STRENGTH[1:]))
    rows = [[body.formation, body.name, f"{body.men:,.0f}", body.reason] for body in glance.off_map]
    if rows:
        console.print(table("Off the map", ("formation", "name", "men", "reason"), rows, ("men",)))


def order_of_battle(glance: "CampaignSummary") -> list[list[str]]:
    """A line a front, its armies below it, and what of the front is off the map."""
    rows = []
    for front in glance.fronts:
        rows.append([f"{front.side} {front.front}", *strength(front.total)])
        rows += [[f"  {army.name}", *strength(army.total)] for army in front.armies]
        if front.off_map.formations:
            rows.append(["  of these off the map", *strength(front.off_map)])
    return rows


def strength(count: "Count") -> list[str]:
    """A count as cells."""
    return [str(count.formations), *(f"{total:,.0f}" for total in (count.men, count.tanks, count.guns, count.aircraft))]


@app.command()
def ledger(
    campaign: Campaign,
    claim: Annotated[str | None, typer.Option(help="One claim in full.")] = None,
    cell: Annotated[
        str | None, typer.Option(metavar="FILE:ROW:COLUMN", help="The claim a table cell rests on.")
    ] = None,
) -> None:
    """Show the evidence of a campaign: all claims, one claim, or the claim behind a cell."""
    from khingan.scenario.read import load

    if claim is not None and cell is not None:
        raise KhinganError("khingan ledger", "both --claim and --cell are given", "give one of them")
    scenario = load(campaign)
    if cell is not None:
        from khingan.scenario.cite import cite

        citation = cite(scenario, cell)
        span = "" if citation.low is None else f", may lie between {citation.low:g} and {citation.high:g}"
        page().print(f"{cell}: {citation.cell.value}{span}", markup=False)
        claim = citation.claim.claim
    if claim is not None:
        show_claim(scenario.ledger.view(claim))
    else:
        show_ledger(scenario.ledger)


def show_ledger(ledger: "Ledger") -> None:
    """All claims, one a line."""
    columns = "claim", "kind", "low", "best", "high", "unit", "grade", "basis", "source", "locus"
    rows = [
        [claim.claim, claim.kind, f"{claim.low:g}", f"{claim.best:g}", f"{claim.high:g}", claim.unit, claim.grade,
         claim.basis, claim.source, claim.locus]
        for claim in ledger.claims.values()
    ]  # fmt: skip
    page().print(table("", columns, rows, ("low", "best", "high")))


def show_claim(view: dict[str, Any]) -> None:
    """One claim in full: what the document states, the number and its range, the source. Empty fields are left out."""
    console = page()
    console.print(view["claim"], markup=False)
    for part in ("document", "number", "source"):
        for key, value in (view[part] or {}).items():
            if key != "claim" and value not in ("", None):
                console.print(f"  {part:<9} {key:<17} {value}", markup=False)
