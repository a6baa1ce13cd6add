"""Commands that ask how good a result is and what it rests on: scoreboard, trace."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from khingan.cli.consult import Folder, campaign_of
from khingan.cli.door import AsJson, app
from khingan.cli.screen import page, say_json, table, tell, watched

if TYPE_CHECKING:
    from rich.console import Console

    from khingan.experiment.trace import Trace
    from khingan.history.scoreboard import Board
    from khingan.simulation.result import Result

COLUMNS = (
    "block",
    "",
    "rows",
    "in 50 %",
    "in 90 %",
    "width",
    "CRPS",
    "plan",
    "calendar",
    "distance",
    "error",
    "bias",
    "rank",
)


MOST, FEW = 20, 5


@app.command()
def scoreboard(
    folders: Annotated[
        list[Path] | None, typer.Argument(metavar="[DIR]...", help="Studies; without any, every campaign is played.")
    ] = None,
    runs: Annotated[int, typer.Option(min=1, max=1_000_000, help="Runs of each campaign that is played.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="The seed of campaigns that are played.")] = 1945,
    write: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the scoreboard as a Markdown page.")] = None,
    as_json: AsJson = False,
) -> None:
    """Score studies against history: cover, skill, rank, marks met and missed, worst cases first."""
    from khingan.history.scoreboard import board
    from khingan.report.scoreboard import scoreboard_page
    from khingan.simulation.result import Result

    results = [Result.open(folder) for folder in folders] if folders else played(runs, seed)
    boards = [board(result, campaign_of(result)) for result in results]
    if write:
        write.write_text(scoreboard_page(boards), encoding="utf-8")
        tell(f"page {write}")
    if as_json:
        say_json([line.as_dict() for line in boards])
    else:
        for line in boards:
            show_board(page(), line)


def played(runs: int, seed: int) -> "list[Result]":
    """A new study of every campaign that has a history."""
    from khingan.history.targets import has_history
    from khingan.scenario.folder import campaign_names
    from khingan.scenario.read import load
    from khingan.simulation.run import run

    results = []
    for name in campaign_names():
        scenario = load(name)
        if has_history(scenario):
            with watched() as progress:
                results.append(run(scenario, runs, seed, progress=progress))
            tell(f"study  {results[-1].folder}")
    return results


def show_board(console: "Console", board: "Board") -> None:
    """One study: its marks, its blocks, what is worst."""
    from khingan.report.scoreboard import number

    title = f"{board.title}: {board.runs:,} runs, seed {board.seed}, {board.parameters}, start from {board.start}"
    marks = [[mark.mark, mark.wanted, number(mark.value), "met" if mark.met else "missed"] for mark in board.marks]
    marks += [[line.what, "", number(line.value), line.why] for line in board.beside]
    if marks:
        console.print(table(title, ("mark", "wanted", "reached", ""), marks, ("reached",)))
    lines = [
        [block.block, "fitted" if block.fitted else "held out", str(block.rows)]
        + [f"{share:.0%}" for share in (block.cover_50, block.cover_90)]
        + [number(value) for value in (block.width, block.crps, *block.skill.values())]
        + [number(value) for value in (block.median_error, block.bias, block.rank)]
        for block in board.blocks
    ]
    console.print(table("" if marks else title, COLUMNS, lines, COLUMNS[2:]))
    console.print(
        f"conditioned on {board.conditioned_on}; dates in days, figures as shares; skill by null", markup=False
    )
    console.print("history among the runs, by tenths: " + " ".join(map(str, board.ranks)), markup=False)
    for sentence in ("Worst:", *board.worst):
        console.print(sentence, markup=False)


@app.command()
def trace(
    folder: Folder,
    target: Annotated[str, typer.Argument(help="A target or figure of `khingan compare`, or a place.")],
    runs: Annotated[
        int,
        typer.Option(min=0, max=1_000_000, help="Runs replayed for each reading of the sources; 0 replays nothing."),
    ] = 100,
    as_json: AsJson = False,
) -> None:
    """Say which parameters and claims moved a result most, and what it would be if a source were wrong."""
    from khingan.experiment.trace import trace as traced
    from khingan.simulation.result import Result

    result = Result.open(folder)
    scenario = campaign_of(result)
    with watched() as progress:
        found = traced(result, scenario, target, runs, progress)
    if as_json:
        say_json(found.as_dict())
    else:
        show_trace(page(), found)


def show_trace(console: "Console", found: "Trace") -> None:
    """The draws that are told from chance, or the strongest few; then the readings of the sources."""
    told = [influence for influence in found.influences if influence.told] or list(found.influences[:FEW])
    rows = [
        [
            influence.kind, influence.name, influence.grade, influence.source, influence.basis,
            f"{influence.correlation:+.2f}", f"{influence.low:+.2f} to {influence.high:+.2f}", f"{influence.share:.1%}",
            f"{influence.swing:+,.2f}",
        ]
        for influence in told[:MOST]
    ]  # fmt: skip
    columns = ["", "name", "grade", "source", "basis", "rank correlation", "95 %", "share", f"swing, {found.unit}"]
    middle, low, high = (found.quantiles[share] for share in ("0.5", "0.05", "0.95"))
    console.print(
        table(
            f"{found.target}: median {middle:,.2f} {found.unit}, 5-95 % {low:,.2f} to {high:,.2f}",
            columns,
            rows,
            columns[5:],
        )
    )
    count = sum(influence.told for influence in found.influences)
    console.print(
        f"{count} of {found.draws} drawn numbers are told from chance, and hold {found.explained:.0%} of the variance "
        "of ranks; the rest is luck, many small causes, and what they do only together. Swing: mean of the runs "
        "with the draw in its highest fifth less that in its lowest.",
        markup=False,
    )
    lines = [
        [reading.reading, str(len(reading.claims)), f"{reading.effect.factual:,.2f}",
         f"{reading.effect.counterfactual:,.2f}", f"{reading.effect.difference:+,.2f}",
         f"{reading.effect.low:+,.2f} to {reading.effect.high:+,.2f}"]
        for reading in found.readings
    ]  # fmt: skip
    if lines:
        columns = ["read throughout", "claims", "as drawn", "so read", "difference", "95 %"]
        console.print(table("If a source is wrong", columns, lines, columns[1:]))
    console.print(f"{found.runs} runs, seed {found.seed}, version {found.version}, {found.parameters}", markup=False)
