"""The command that plays the months before H-hour: prelude."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from khingan.cli.door import AsJson, Campaign, Changed, ChangesFile, app
from khingan.cli.play import DEFAULT_CAMPAIGN, changed, pin
from khingan.cli.screen import page, say_json, table, tell
from khingan.errors import KhinganError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from khingan.scenario.prelude import Prelude
    from khingan.scenario.schema import Scenario

Summary = dict[str, Any]
FIGURE, NUMBERS = "prelude.svg", "prelude.json"
MOVED = {"first_train": "first in", "last_train": "last in", "assembled": "assembled"}


@app.command()
def prelude(
    campaign: Campaign = DEFAULT_CAMPAIGN,
    runs: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many preludes to play.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="The seed of all luck and all draws.")] = 1945,
    pins: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Pin a parameter; may be repeated.")
    ] = None,
    disposition: Annotated[str | None, typer.Option(help="How the defender stands, by name; else he chooses.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=1024, help="Threads; never changes the result.")] = None,
    change: Changed = None,
    changes: ChangesFile = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the figure and the JSON there: prelude.svg, prelude.json.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Play the months before H-hour: trains, sightings, belief, readiness."""
    pinned = dict(pin(text) for text in pins or [])
    from khingan.evidence.parameters import read_parameters
    from khingan.history.months_before import summarise
    from khingan.scenario.prelude import read_prelude
    from khingan.scenario.read import load
    from khingan.simulation.opening import settings_of
    from khingan.simulation.prelude import play
    from khingan.simulation.settings import Settings
    from khingan.world.prelude import compile_prelude, prelude_parameters

    scenario = load(campaign)
    before = read_prelude(scenario)
    if disposition is not None:
        pinned["readiness.disposition"] = number_of(disposition, before)
    parameters = read_parameters()
    settings = Settings(pinned=pinned)
    settings.require_known(prelude_parameters(parameters))
    if change:
        scenario, settings = changed(scenario, settings, change, changes)
    plan = compile_prelude(scenario, before, parameters)
    summary = summarise(scenario, before, plan, play(plan, settings_of(settings, plan), runs, seed, workers))
    if out is not None:
        write(out, summary)
    if as_json:
        say_json(summary)
        return
    for text in sentences_of_changes(scenario, change or [], changes):
        page().print(text, markup=False)
    show(page(), summary)


def write(folder: Path, summary: Summary) -> None:
    """The figure and the numbers behind it."""
    import json

    from khingan.report.months import figure

    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FIGURE).write_text(figure(summary), encoding="utf-8")
        (folder / NUMBERS).write_text(json.dumps(summary, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise KhinganError(str(folder), f"cannot be written: {error.strerror}", "name another folder") from error
    tell(f"figure {folder / FIGURE}")


def sentences_of_changes(scenario: "Scenario", names: list[str], file: Path | None) -> "Iterator[str]":
    """What the changes say."""
    from khingan.experiment.repertoire import read_repertoire

    if names:
        for entry in read_repertoire(scenario, file or "").chosen(names):
            yield f"{entry.name}: {entry.what}"


def number_of(disposition: str, before: "Prelude") -> float:
    """The number of a disposition given by name."""
    if disposition not in before.dispositions:
        remedy = suggestion(disposition, before.dispositions)
        raise KhinganError("--disposition", f"no disposition '{disposition}'", remedy)
    return float(before.dispositions.index(disposition))


def show(console: "Console", summary: Summary) -> None:
    """The months before as tables and plots."""
    from khingan.cli.sketch import sketches

    names = [row["observer"] for row in summary["observers"]]
    documented = summary["documented"]
    columns = ["", "trains a day", "divisions brought"]
    heads = [*columns, *(f"{name} believes" for name in names), *(f"{name}: before the cut" for name in names)]
    console.print(table("Month by month", heads, [month_line(row, names) for row in summary["months"]], heads[1:]))
    axes = list(summary["months"][0]["axes"][names[0]])
    heads = ["", *(f"{name}: {axis}" for name in names for axis in axes)]
    lines = [[row["day"], *(share(row["axes"][name][axis]) for name in names for axis in axes)]
             for row in summary["months"]]  # fmt: skip
    console.print(table("Belief in the axis of the main blow", heads, lines, heads[1:]))
    estimates = [[row["day"], row["observer"], row["said"], between(row)] for row in documented["estimates"]]
    console.print(table("On record", ("", "who", "thought", "chance before the cut"), estimates))
    moved = [[row["name"], f"{row['trains']:.0f}", *(days(row[key]) for key in MOVED),
              on_record(documented["deployments"], row["movement"])] for row in summary["movements"]]  # fmt: skip
    console.print(table("Movements", ("", "trains", *MOVED.values(), "on record"), moved, ("trains",)))
    heads = ["", "alerted", "readiness", "surprise, bits: date", "axis", "both", "level 0-3"]
    console.print(table("At H-hour", heads, [state_line(row) for row in summary["observers"]], heads[1:]))
    for text in (*sketches(summary), *sentences(summary)):
        console.print(text, markup=False, no_wrap=True, overflow="ignore", crop=False)


def state_line(row: dict[str, Any]) -> list[str]:
    """How a headquarters stood at H-hour, as cells."""
    bits = [f"{row['bits'][kind]['median']:.1f}" for kind in ("date", "axis", "both")]
    return [row["name"], share(row["alerted"]), f"{row['readiness']['median']:.2f}", *bits, f"{row['level']:.1f}"]


def between(row: dict[str, Any]) -> str:
    """A chance on record, where there is one."""
    return "" if row["low"] is None else f"{row['low']:.0%} - {row['high']:.0%}"


def month_line(row: dict[str, Any], names: list[str]) -> list[str]:
    """One month as cells: medians over the runs, beliefs with their 5-95 % range."""
    if row["in_place"] is None:
        moved = ["prior", "", *("" for _ in names)]
    else:
        moved = [f"{row['trains_per_day']['median']:.1f}", f"{row['in_place']['median']:.1f}"]
        moved += [f"{row['believed_in_place'][name]['median']:.1f}" for name in names]
    beliefs = (row["before_cut"][name] for name in names)
    return [row["day"], *moved, *(f"{b['median']:.0%} ({b['q05']:.0%}-{b['q95']:.0%})" for b in beliefs)]


def on_record(rows: list[dict[str, Any]], movement: str) -> str:
    """What is documented of a movement."""
    found = (row for row in rows if row["movement"] == movement)
    return "; ".join(f"{row['measure'].replace('_', ' ')} {row['low'][5:]} to {row['high'][5:]}" for row in found)


def sentences(summary: Summary) -> list[str]:
    """What the tables do not say."""
    wagons, chosen, defender = summary["wagons"], summary["dispositions"], summary["defender"]
    stood = ", ".join(f"{name} {share(part)}" for name, part in chosen.items() if part > 0)
    bear = ", ".join(f"{name} {trains:.0f}" for name, trains in summary["lines_bear"].items())
    return [
        f"The plan could be carried out on {days(summary['executable'])}; H-hour {summary['attack']['median']}.",
        f"Wagons to H-hour: {wagons['median']:,.0f} ({wagons['q05']:,.0f}-{wagons['q95']:,.0f}).",
        f"Trains a day that the lines bear: {bear}.",
        f"Disposition taken: {stood}.",
        f"The defender: {defender['formations']} formations, {defender['men']:,.0f} men, "
        f"worth {defender['worth']:,.0f} at full effect; rear and railways tie {defender['tied']:,.0f}.",
        f"{summary['runs']} preludes, seed {summary['seed']}.",
    ]


def days(spread: dict[str, str | None]) -> str:
    """A day and its range."""
    shown = {name: day[5:] if day else "never" for name, day in spread.items()}
    return f"{shown['median']} ({shown['q05']} - {shown['q95']})"


def share(part: float) -> str:
    """A share in per cent."""
    return f"{part:.0%}"
