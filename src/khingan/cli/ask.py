"""The command for wars without an outcome: ask."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from khingan.cli.door import AsJson, Campaign, ChangesFile, app
from khingan.cli.experiment import Seed, Workers, campaign_and_repertoire, number
from khingan.cli.screen import page, say_json, table, tell, watched
from khingan.errors import KhinganError, suggestion

if TYPE_CHECKING:
    from rich.console import Console

    from khingan.experiment.answer import Answer

CAVEAT = "Answers of the model, grade C: there is no outcome to check them against."


@app.command()
def ask(
    campaign: Campaign,
    question: Annotated[
        list[str] | None, typer.Option("--question", metavar="NAME", help="One question; may be repeated; all if none.")
    ] = None,
    runs: Annotated[int, typer.Option(min=2, max=1_000_000, help="Runs of the plan and of every change.")] = 200,
    seed: Seed = 1945,
    changes: ChangesFile = None,
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Answer the questions that a campaign brings of its own: when, how far, what against it, what for it."""
    from khingan.experiment.answer import answer
    from khingan.experiment.question import read_questions

    scenario, repertoire = campaign_and_repertoire(campaign, changes)
    known = read_questions(scenario, repertoire)
    for name in question or ():
        if name not in known:
            raise KhinganError(f"--question {name}", "no question of this name", suggestion(name, known))
    asked = [known[name] for name in question or known]
    with watched() as progress:
        answers = answer(scenario, repertoire, asked, runs, seed, workers, progress)
    if as_json:
        say_json([found.as_dict() for found in answers])
    else:
        for found in answers:
            show(page(), found)
    tell(CAVEAT)


def show(console: "Console", found: "Answer") -> None:
    """A question and its answer as tables."""
    said = found.as_dict()
    console.print(said["asks"], markup=False, style="bold")
    if said["window"]:
        show_window(console, said["window"])
    if said["measures"]:
        rows = [
            [row["what"], row["unit"], *(number(row[key]) for key in ("mean", "q05", "median", "q95"))]
            for row in said["measures"]
        ]
        columns = ("the plan as it stands", "unit", "mean", "5 %", "median", "95 %")
        console.print(table("", columns, rows, columns[2:]))
    if said["wanted"]:
        console.print(
            f"Wanted: {said['wanted']['measure']} in {said['wanted']['share']:.0%} of the runs; as it stands "
            f"{said['wanted']['success']:.0%}."
        )
    if said["changes"]:
        show_changes(console, said)
    console.print(f"{said['note']} {said['runs']} runs, seed {said['seed']}; grade {said['grade']}.\n", markup=False)


def show_window(console: "Console", said: dict[str, Any]) -> None:
    """The days on which it could have begun."""
    rows = [["assembled", *dates(said["assembled"]), ""]]
    rows += [[f"  {row['movement']}", *dates(row), ""] for row in said["movements"]]
    if said["latest"]:
        rows.append(["latest start before the season ends", *dates(said["latest"]), ""])
    for row in said["falls"]:
        least = f"falls to {row['least']['median']:.0%} ({row['least']['q05']:.0%}-{row['least']['q95']:.0%})"
        rows.append([f"{row['what']}", *dates(row), f"{row['reached']:.0%} of runs; {least}"])
    console.print(table("", ("", "5 %", "median", "95 %", ""), rows))
    if said["in_time"] is not None:
        weak = "" if said["weak_in_time"] is None else f", and the other side weak enough in {said['weak_in_time']:.0%}"
        console.print(f"Assembled in time in {said['in_time']:.0%} of the runs{weak}.")


def dates(row: dict[str, Any]) -> list[str]:
    """Three days, or never."""
    return [row[key] or "never" for key in ("q05", "median", "q95")]


def show_changes(console: "Console", said: dict[str, Any]) -> None:
    """A line for each change or group of changes, in the order of their effect on the first measure."""
    columns = ["change", *(row["measure"] for row in said["measures"])] + (["as wanted"] if said["wanted"] else [])
    rows = []
    for row in said["changes"]:
        cells = [f"{number(e['difference'])} ({number(e['low'])} to {number(e['high'])})" for e in row["effects"]]
        wanted = [f"{row['success']:.0%}"] if said["wanted"] else []
        rows.append([" + ".join(row["changes"]), *cells, *wanted])
    console.print(table("Against the plan, with the same luck (95 %)", columns, rows, columns[1:]))
