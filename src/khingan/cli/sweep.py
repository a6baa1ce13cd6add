"""Commands of designed studies: sweep, sensitivity."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from khingan.cli.door import AsJson, app
from khingan.cli.experiment import Measures, number
from khingan.cli.screen import page, say_json, table, tell, watched
from khingan.errors import KhinganError

if TYPE_CHECKING:
    from khingan.experiment.sensitivity import Sensitivity
    from khingan.experiment.sweep import Estimate


@app.command()
def sweep(
    study: Annotated[Path, typer.Argument(metavar="STUDY.yaml", help="What is varied, how, and what is measured.")],
    out: Annotated[
        Path | None, typer.Option(help="The study's folder; what it holds is not played again. Default: studies/NAME.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a study; refuse to begin one.")] = False,
    plan: Annotated[
        bool, typer.Option("--plan", help="Say what the study would cost, from a short timing, and play nothing.")
    ] = False,
    executor: Annotated[
        Literal["processes", "threads", "dask", "ray"], typer.Option(help="Who plays; never changes the result.")
    ] = "processes",
    scheduler: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Of Dask, as in tcp://host:8786.")] = None,
    address: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Of Ray, as in host:6379, or auto.")] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=1024, help="Processes or threads; all cores if none.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Play a design of many points with the same luck, and keep their measures as Parquet."""
    for option, value, wanted in (("--scheduler", scheduler, "dask"), ("--address", address, "ray")):
        if value and executor != wanted:
            raise KhinganError(option, f"is of no use to --executor {executor}", f"add --executor {wanted}")
    from dataclasses import asdict

    from khingan.experiment import sweep as experiment
    from khingan.experiment.read_study import read_study
    from khingan.experiment.rows import ROWS

    asked = read_study(study)
    if plan:
        with watched() as progress:
            cost = experiment.estimate(asked, workers, progress)
        say_json(asdict(cost)) if as_json else show_estimate(cost)
        return
    folder = out or Path("studies") / asked.file.name
    if resume and not folder.is_dir():
        raise KhinganError(str(folder), "nothing to go on with", "leave --resume out, or name the folder with --out")
    with watched() as progress:
        rows = experiment.sweep(asked, folder, executor, workers, scheduler or address, progress, tell)
    if as_json:
        say_json({"folder": str(folder), "rows": str(folder / ROWS), "name": asked.file.name,
                  "points": asked.points, "runs": asked.runs, "chunks": len(rows.played)})  # fmt: skip
    tell(f"study  {folder}\n{asked.points:,} points, {asked.runs:,} runs: {folder / ROWS}")


def show_estimate(cost: "Estimate") -> None:
    """What a study would cost, in lines."""
    rows = [
        ("design", f"{cost.design}: {cost.points:,} points, {cost.combinations:,} sets of changes"),
        ("runs", f"{cost.runs:,} in {cost.chunks:,} chunks of about {cost.chunk_runs:,}"),
        ("time", f"{duration(3600 * cost.hours)} on {cost.workers} workers; {1000 * cost.seconds_a_run:.1f} ms a run"),
        ("disk", f"{cost.rows:,} rows, about {number(cost.bytes / 1e6)} MB"),
    ]
    page().print(table(cost.name, ("", ""), rows))


def duration(seconds: float) -> str:
    """A time to wait, in one unit."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    if seconds < 6000:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds < 360_000 else f"{seconds / 86400:.1f} days"


@app.command()
def sensitivity(
    folder: Annotated[Path, typer.Argument(metavar="STUDY_DIR", help="The folder of a sweep.")],
    measure: Measures = None,
    as_json: AsJson = False,
) -> None:
    """Say what the measures of a sweep hang on, luck kept apart."""
    from dataclasses import asdict

    from khingan.experiment.sensitivity import sensitivity as asked

    found = asked(folder, measure or ())
    if as_json:
        say_json([asdict(entry) for entry in found])
        return
    for entry in found:
        show_sensitivity(entry)


def show_sensitivity(found: "Sensitivity") -> None:
    """A line an axis, the weightiest first."""
    console = page()
    luck = f"luck {number(100 * found.share_luck)} % of the variance"
    title = f"{found.measure} ({found.unit}): mean {number(found.mean)}, {luck}"
    columns = ["varied", "first order", "95 %", "total", "95 %", "partial rank", "95 %"]
    rows = [
        [
            one.axis, number(one.first), between(one.first_low, one.first_high),
            number(one.total), between(one.total_low, one.total_high),
            number(one.partial_rank), between(one.partial_rank_low, one.partial_rank_high),
        ]
        for one in sorted(found.influences, key=lambda one: -one.total)
    ]  # fmt: skip
    console.print(table(title, columns, rows, columns[1:]))
    by = f"emulator, Q2 {number(found.q2)}" if found.method == "emulator" else "Saltelli and Jansen"
    console.print(f"{found.points:,} points of {found.runs:,} runs; {by}")


def between(low: float, high: float) -> str:
    """An interval."""
    return f"{number(low)} to {number(high)}"
