"""The scoreboard as a page of the documentation."""

from collections.abc import Sequence

from khingan.history.scoreboard import Block, Board

HEAD = """# Scoreboard

Written by `khingan scoreboard`; not edited by hand. Every study lies beside what happened: cover of the runs' 50 and
90 % intervals, CRPS with its skill against three forecasts that know nothing of war (plan, calendar, distance: see
[history](mechanisms/history.md)), and where history stood among the runs. Dates in days; published figures as shares of
the figure. Targets that took part in a fit stand apart from those held out. One campaign is one draw: a good score
here is no proof for another war, and a bad one is not hidden.
"""


def scoreboard_page(boards: Sequence[Board]) -> str:
    """Markdown of all boards, in the order given."""
    return "\n".join([HEAD, *(_section(board) for board in boards)])


def _section(board: Board) -> str:
    lines = [
        f"## {board.title}",
        "",
        f"`{board.campaign}`, {board.runs:,} runs, seed {board.seed}, version {board.version}; parameters from the "
        f"{board.parameters}, start from {board.start}; conditioned on {board.conditioned_on}.",
        "",
        *_marks(board),
        *_blocks(board.blocks),
        "History's place among the runs, dated targets by tenths (even where the width is right): "
        + " ".join(map(str, board.ranks))
        + ".",
        "",
        "Worst first:",
        "",
        *(f"* {said}" for said in board.worst),
        "",
    ]
    return "\n".join(lines)


def _marks(board: Board) -> list[str]:
    if not board.marks:
        return []
    met = sum(mark.met for mark in board.marks)
    rows = [f"| {mark.mark} | {mark.wanted} | {number(mark.value)} | {'met' if mark.met else 'missed'} |"
            for mark in board.marks]  # fmt: skip
    rows += [f"| {line.what} | | {number(line.value)} | {line.why} |" for line in board.beside]
    return [f"{met} of {len(board.marks)} marks met.", "", "| mark | wanted | reached | |", "| --- | --- | --- | --- |",
            *rows, ""]  # fmt: skip


def _blocks(blocks: Sequence[Block]) -> list[str]:
    head = ["block", "", "rows", "in 50 %", "in 90 %", "width", "CRPS", "skill: plan", "calendar", "distance",
            "error of median", "bias", "rank"]  # fmt: skip
    return [f"| {' | '.join(head)} |", "|" + " --- |" * len(head), *(_line(block) for block in blocks), ""]


def _line(block: Block) -> str:
    cells = [block.block.replace("_", " "), "fitted" if block.fitted else "held out", str(block.rows)]
    cells += [f"{block.cover_50:.0%}", f"{block.cover_90:.0%}"]
    cells += [number(value) for value in (block.width, block.crps, *block.skill.values())]
    cells += [number(value) for value in (block.median_error, block.bias, block.rank)]
    return f"| {' | '.join(cells)} |"


def number(value: float | None) -> str:
    """Two decimals; a dash where nothing could be measured."""
    return "-" if value is None or value != value else f"{value:.2f}"
