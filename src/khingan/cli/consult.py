"""Commands that ask a study: compare, when."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from khingan.cli.door import AsJson, app
from khingan.cli.screen import page, say_json, table, tell
from khingan.units import HOURS_PER_DAY

if TYPE_CHECKING:
    from rich.console import Console

    from khingan.history.comparison import Comparison, ComparisonRow
    from khingan.history.when import When
    from khingan.scenario.schema import Scenario
    from khingan.simulation.result import Result

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A study's folder.")]
BARS, LONGEST_BAR = 12, 40


@app.command()
def compare(folder: Folder, as_json: AsJson = False) -> None:
    """Lay a study beside history, target by target."""
    from khingan.history.compare import compare as lay_beside
    from khingan.simulation.result import Result

    result = Result.open(folder)
    scenario = campaign_of(result)
    comparison = lay_beside(result, scenario)
    if as_json:
        say_json([row.as_dict() for row in comparison.rows])
    else:
        show_comparison(page(), result, scenario, comparison)


@app.command()
def when(
    place: Annotated[str, typer.Argument(metavar="PLACE_OR_LAT,LON", help="A place of the campaign, or degrees.")],
    folder: Folder,
    as_json: AsJson = False,
) -> None:
    """When a point changed hands, over all runs of a study."""
    from khingan.history.when import when as changed_hands
    from khingan.simulation.result import Result

    result = Result.open(folder)
    answer = changed_hands(result, campaign_of(result), place)
    if as_json:
        say_json(answer.as_dict())
    else:
        show_when(page(), result, answer)


def campaign_of(result: "Result") -> "Scenario":
    """The campaign a study was played from, under its changes; says so when its files have changed since."""
    from khingan.experiment.apply import change_scenario
    from khingan.experiment.repertoire import read_repertoire
    from khingan.scenario.read import load
    from khingan.simulation.settings import DRAWN

    study = result.study
    scenario = load(study.folder if Path(study.folder).is_dir() else study.campaign)
    if study.settings.changes:
        repertoire = read_repertoire(scenario, study.settings.changes_file)
        scenario, _ = change_scenario(scenario, DRAWN, repertoire.chosen(study.settings.changes))
    if scenario.fingerprint != study.fingerprint:
        tell(
            f"{result.folder} | {study.campaign} has changed since this study was played | play it anew for new figures"
        )
    return scenario


def show_comparison(console: "Console", result: "Result", scenario: "Scenario", comparison: "Comparison") -> None:
    """The comparison grouped by operation, the target farthest from history first; then what is worst and how."""
    names = {operation.key: operation.name for operation in scenario.calendar.operations}
    columns = ["", "target", "measure", "history", "median", "5-95 %", "rank", "CRPS", "CRPS of the nulls"]
    numbers = columns[3:8]
    for group in dict.fromkeys(row.group for row in comparison.rows):
        lines = [line(row, comparison) for row in comparison.rows if row.group == group]
        console.print(table(names.get(group, group), columns, lines, numbers))
    for sentence in (comparison.finding(), "Worst:", *comparison.explain_worst()):
        console.print(sentence, markup=False)
    console.print(
        f"{result.runs} runs, seed {result.study.seed}; dates in the campaign's own time, their CRPS in days."
    )


def line(row: "ComparisonRow", comparison: "Comparison") -> list[str]:
    """One target as cells: dates as dates, totals of men as numbers."""
    show = comparison.date if row.timed else "{:,.0f}".format
    scale = HOURS_PER_DAY if row.timed else 1.0
    scored = {name: score for name, score in row.null_crps.items() if score is not None}
    nulls = "  ".join(f"{name} {figure(score, scale)}" for name, score in scored.items())
    return [
        "inside" if row.inside else "missed",
        row.target,
        row.measure,
        show(row.observed),
        show(row.median),
        f"{show(row.q05)} - {show(row.q95)}",
        f"{row.rank:.2f}",
        figure(row.crps, scale),
        nulls,
    ]


def figure(number: float | None, scale: float = 1.0) -> str:
    """A number for a table, in units of `scale`."""
    return "-" if number is None or number != number else f"{number / scale:,.1f}"


def show_when(console: "Console", result: "Result", answer: "When") -> None:
    """The cell taken for the point, quantiles, the share that never came, and a small histogram in days."""
    taken = f", the nearest land, {answer.ring} ring(s) of cells away" if answer.ring else ""
    console.print(f"{answer.place}: cell {answer.cell}{taken}; {len(answer.values)} runs", markup=False)
    rows = [[name, moment(result, value), figure(value)] for name, value in answer.quantiles.items()]
    console.print(table("", ("quantile", "date", "hours from H-hour"), rows, ("hours from H-hour",)))
    console.print(f"never changed hands: {answer.never:.0%}")
    for text in histogram([value for value in answer.values if value is not None]):
        console.print(text, markup=False)


def moment(result: "Result", hours: float | None) -> str:
    """Hours from H-hour as a date and hour in the campaign's own time."""
    if hours is None:
        return "never"
    return (result.h_hour + timedelta(hours=float(hours))).strftime("%d %B %Y %H:%M")


def histogram(hours: list[float]) -> list[str]:
    """Bars over the days between the first and last value, at most `BARS` of them."""
    if not hours:
        return []
    first, last = int(min(hours) // 24), int(max(hours) // 24)
    width = (last - first) // BARS + 1
    counts = [0] * ((last - first) // width + 1)
    for value in hours:
        counts[(int(value // 24) - first) // width] += 1
    starts = range(first + 1, last + 2, width)
    labels = [f"day {day}" if width == 1 else f"day {day}-{day + width - 1}" for day in starts]
    return [f"{label:>12} {'#' * round(LONGEST_BAR * count / max(counts))} {count}"
            for label, count in zip(labels, counts, strict=True)]  # fmt: skip
