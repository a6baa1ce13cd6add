"""Command that scores: scoreboard."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from khingan.cli.consult import campaign_of
from khingan.cli.door import AsJson, app
from khingan.cli.screen import page, say_json, table, tell, watched

if TYPE_CHECKING:
    from rich.console import Console

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
