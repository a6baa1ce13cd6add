"""Commands that hold a part of the model against data of its own: validate engagements."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from khingan.cli.door import AsJson, app
from khingan.cli.screen import page, say_json, table, tell
from khingan.errors import KhinganError

if TYPE_CHECKING:
    from collections.abc import Mapping

door = typer.Typer(help="Hold a part of the model against data of its own.", no_args_is_help=True)
app.add_typer(door, name="validate")
FITTED, SHIPPED = "fitted", "shipped"


@door.callback()
def validate() -> None:
    """Hold a part of the model against data of its own."""


@door.command()
def engagements(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV table with the columns of CDB90.")],
    parameters: Annotated[
        str, typer.Option(help="fitted: in five folds of campaigns; shipped: the package's own, nothing is fitted.")
    ] = FITTED,
    as_json: AsJson = False,
) -> None:
    """Score combat and breaking on a table of engagements: winner, casualties, advance."""
    from khingan.calibration.engagements import validate, validate_shipped

    if parameters not in (FITTED, SHIPPED):
        raise KhinganError("--parameters", f"'{parameters}' is not known", f"use {FITTED} or {SHIPPED}")
    if file.is_dir():
        raise KhinganError(str(file), "is a folder", "name a CSV file")
    result = validate_shipped(file) if parameters == SHIPPED else validate(file, say)
    if as_json:
        say_json(result)
    else:
        show(result)


@door.command()
def ardennes(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A CSV table of both sides' strengths and losses by day.")
    ],
    as_json: AsJson = False,
) -> None:
    """Forecast the second half of a battle by day from the first, beside yesterday's losses."""
    from khingan.calibration.ardennes import forecast_by_day

    result = forecast_by_day(file)
    if as_json:
        say_json(result)
        return
    lines = [[name, *(f"{error:.3f}" for error in found.values())] for name, found in result["ln_mae"].items()]
    title = f"Error of ln daily losses, the last {result['forecast_days']} of {result['days']} days"
    page().print(table(title, ("rule", "allied", "german"), lines, ("allied", "german")))


def say(phase: str, done: int, total: int) -> None:
    """One line of progress."""
    tell(f"{phase} {done}/{total}" if total > 1 else phase)


def show(result: "Mapping[str, Any]") -> None:
    """The scores as a table, a line a model, standard errors in brackets."""
    from khingan.calibration.engagement_scores import MEASURES
    from khingan.calibration.engagements import summary

    lines = [
        [name, *(figure(values[measure], errors[measure]) for measure in MEASURES)]
        for name, values, errors in summary(result)
    ]
    console = page()
    columns = ("model", "Brier", "log score", "AUC", "accuracy", "ln loss attacker", "defender", "advance km/day")
    console.print(
        table(f"{result['used']} of {result['rows']} rows, parameters {result['parameters']}", columns, lines)
    )
    for step in result["winner"]["calibration"]:
        if step["rows"]:
            console.print(
                f"chance {step['from']:.1f}-{step['to']:.1f}: {step['rows']} rows, "
                f"forecast {step['forecast']:.2f}, the attackers won {step['observed']:.2f}"
            )


def figure(value: float, error: float) -> str:
    """A score with its standard error."""
    return "-" if value != value else f"{value:.3f} ({error:.3f})"
