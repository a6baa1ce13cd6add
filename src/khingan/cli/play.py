"""Commands that play: run, warm."""

import math
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from khingan.cli.consult import show_comparison
from khingan.cli.door import AsJson, Campaign, Changed, ChangesFile, app
from khingan.cli.screen import page, say_json, tell, watched

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor

    from khingan.scenario.schema import Scenario
    from khingan.simulation.result import Result
    from khingan.simulation.settings import Settings

DEFAULT_CAMPAIGN = "far-east-1945"


@app.command()
def run(
    campaign: Campaign = DEFAULT_CAMPAIGN,
    runs: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many runs the study shall hold.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="The seed of all luck and all draws.")] = 1945,
    out: Annotated[Path | None, typer.Option(help="The study's folder; the same study there is continued.")] = None,
    pins: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Pin a parameter; may be repeated.")
    ] = None,
    parameters: Annotated[
        Literal["posterior", "prior", "median"] | None,
        typer.Option(
            help="posterior: draw as fitted once a run (the rule where one is shipped); prior: as before; median: not."
        ),
    ] = None,
    claims: Annotated[
        Literal["prior", "best"], typer.Option(help="prior: draw a reading of the ledger once a run; best: do not.")
    ] = "prior",
    politics: Annotated[
        str | None,
        typer.Option(metavar="SCHOOL", help="Draw the decision as a school reads it: bombs, entry, both, exhaustion."),
    ] = None,
    start: Annotated[
        Literal["history", "prelude"],
        typer.Option(
            "--from", help="history: as the campaign states the first hour; prelude: as the run's prelude ends."
        ),
    ] = "history",
    workers: Annotated[int | None, typer.Option(min=1, max=1024, help="Threads; never changes the result.")] = None,
    change: Changed = None,
    changes: ChangesFile = None,
    as_json: AsJson = False,
) -> None:
    """Play a campaign many times and lay it beside history."""
    from khingan.history.compare import compare
    from khingan.history.spread import spread_of
    from khingan.history.targets import has_history, read_history
    from khingan.report.page import has_client, unbuilt, write_page
    from khingan.simulation import run as simulation
    from khingan.simulation.study import REPORT

    scenario, settings = asked_for(campaign, pins or [], parameters, claims, politics, start)
    if change:
        scenario, settings = changed(scenario, settings, change, changes, start)
    known = has_history(scenario)
    if known:
        read_history(scenario)  # what is wrong with it is told now, not when all runs are played
    with watched() as progress:
        world = simulation.compile_world(scenario)
        result = simulation.run(scenario, runs, seed, out, settings, workers, progress, world)
        report = result.folder / REPORT
        with made_meanwhile(result.folder) as pool:
            width = pool.submit(spread_of, result, scenario, progress, world).result if known else tuple
            comparison = compare(result, scenario) if known else None
            if has_client():
                write_page(result, scenario, comparison, report, width)
            width()
    page_said = f"report {report}" if has_client() else str(unbuilt())
    if comparison is None:
        return without_history(result, as_json, page_said)
    if as_json:
        say_json([row.as_dict() for row in comparison.rows])
    else:
        show_comparison(page(), result, scenario, comparison)
    tell(f"study  {result.folder}\n{page_said}")


def asked_for(
    campaign: str,
    pins: list[str],
    parameters: Literal["posterior", "prior", "median"] | None,
    claims: Literal["prior", "best"],
    politics: str | None,
    start: Literal["history", "prelude"],
) -> "tuple[Scenario, Settings]":
    """The campaign, and the settings that the options ask for."""
    pinned = dict(pin(text) for text in pins)
    from khingan.scenario.politics import require_politics
    from khingan.scenario.read import load
    from khingan.simulation.politics import SCHOOL, school_number
    from khingan.simulation.settings import Settings, usual

    scenario = load(campaign)
    if politics:
        require_politics(scenario)
        pinned[SCHOOL] = float(school_number(politics))
    return scenario, Settings(parameters or usual(), claims, pinned, start=start)


def changed(
    scenario: "Scenario",
    settings: "Settings",
    names: list[str],
    file: Path | None,
    start: Literal["history", "prelude"] | None = None,
) -> "tuple[Scenario, Settings]":
    """The campaign and settings under the named changes; each must bear on runs with such a `start`."""
    from khingan.experiment.apply import change_scenario
    from khingan.experiment.political import require_use
    from khingan.experiment.repertoire import read_repertoire

    repertoire = read_repertoire(scenario, file or "")
    chosen = repertoire.chosen(names)
    if start:
        require_use(chosen, start)
    return change_scenario(scenario, settings, chosen, repertoire.file)


@contextmanager
def made_meanwhile(folder: Path) -> "Iterator[Executor]":
    """A thread for what may be found out while the page is made; Ctrl-C then leaves a study that is whole."""
    from concurrent.futures import ThreadPoolExecutor

    from khingan.simulation.run import Stopped

    try:
        with ThreadPoolExecutor(1) as pool:
            yield pool
    except Stopped:
        raise
    except KeyboardInterrupt:
        raise Stopped(
            f"{folder} | stopped: all runs are kept, the page is not made | khingan report {folder}"
        ) from None


def without_history(result: "Result", as_json: bool, page_said: str) -> None:
    """A campaign of which nobody wrote down the outcome is played all the same; there is nothing to lay beside it."""
    if as_json:
        say_json([])
    tell(f"study  {result.folder}\n{page_said}")
    tell("no history: the campaign has nothing to lay the runs beside; ask the study with `when`")


@app.command()
def warm(campaign: Campaign = DEFAULT_CAMPAIGN) -> None:
    """Compile the engine now, so that the next run starts at once."""
    from khingan.scenario.read import load
    from khingan.simulation import run as simulation

    with watched() as progress:
        world = simulation.compile_world(load(campaign))
        simulation.warm(world, progress)
        simulation.warm_months(world, progress)


def pin(text: str) -> tuple[str, float]:
    """One `--set name=value`."""
    name, equals, value = text.partition("=")
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not name.strip() or not equals or not math.isfinite(number):
        raise typer.BadParameter(f"{text!r} is not NAME=NUMBER", param_hint="--set")
    return name.strip(), number
