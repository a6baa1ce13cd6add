"""The plots of the months before H-hour, drawn from sampled preludes; called by figures_of_mechanisms.py.

Unlike the others they play hundreds of preludes, so leave NUMBA_DISABLE_JIT unset: plain Python takes minutes.
"""

from datetime import timedelta
from functools import cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from khingan.engine.readiness import readiness, training
from khingan.evidence.parameters import read_parameters
from khingan.scenario.prelude import read_prelude
from khingan.scenario.read import load
from khingan.simulation.prelude import play
from khingan.simulation.settings import Settings
from khingan.world.prelude import compile_prelude, prelude_rules

CAMPAIGN, RUNS, SEED = "far-east-1945", 400, 1945
COLOURS = ("#1b4f72", "#b9770e", "#7b241c")


@cache
def before() -> Any:
    """The prelude of the campaign and its plan."""
    scenario = load(CAMPAIGN)
    found = read_prelude(scenario)
    return found, compile_prelude(scenario, found, read_parameters())


@cache
def played(**pins: float) -> Any:
    """Record of preludes with pinned parameters; underscores stand for the point of a name."""
    pinned = {name.replace("__", "."): value for name, value in pins.items()}
    return play(before()[1], Settings(pinned=pinned), RUNS, SEED).record


def draw_deployment(axes: Axes, rules: Any) -> None:
    """Share of preludes in which the plan could be carried out by day, for three capacities."""
    begins = before()[0].days["begins"]
    for factor, colour in zip((0.8, 1.0, 1.25), COLOURS, strict=True):
        days = np.sort(played(deployment__line_factor=factor).executable_day)
        dates = [begins + timedelta(days=float(day)) for day in days]
        axes.plot(dates, np.arange(1, RUNS + 1) / RUNS, color=colour, label=f"capacity x {factor:g}")
    axes.set(xlabel="the plan can be carried out by", ylabel="share of preludes", ylim=(0, 1))
    axes.tick_params(axis="x", labelrotation=30)
    axes.legend(frameon=False)


def draw_intelligence(axes: Axes, rules: Any) -> None:
    """Median belief in an attack before the cut by month, concealed and open."""
    found, plan = before()
    ends = [0.0, *plan.arrays.steps]
    for style, concealment in (("-", 1.0), ("--", 0.0)):
        belief = played(intelligence__concealment=concealment).before_cut
        kept = [row for row in range(belief.shape[1]) if not np.isnan(belief[0, row, 0])]
        attack = plan.arrays.calendar.attack[0]
        dates = [found.days["begins"] + timedelta(days=float(min(ends[row], attack))) for row in kept]
        for o, (observer, colour) in enumerate(zip(found.observers, COLOURS, strict=True)):
            label = observer.name + (", nothing hidden" if concealment == 0.0 else "")
            axes.plot(dates, np.median(belief[:, kept, o], axis=0), style, color=colour, label=label)
    axes.set(ylabel=f"belief in an attack before {found.days['cut']:%d %B}", ylim=(0, 1))
    axes.tick_params(axis="x", labelrotation=30)
    axes.legend(frameon=False, fontsize=7)


def draw_readiness(axes: Axes, rules: Any) -> None:
    """Readiness by days of alert, and the worth of a formation a month old if the attack waits."""
    parameters = before()[1].parameters
    default = prelude_rules(tuple(parameters), np.array([[found.value for found in parameters.values()]])).readiness[0]
    days = np.linspace(0, 60, 121)
    axes.plot(days, [readiness(day, default) for day in days], color=COLOURS[0], label="readiness by days of alert")
    worth = [training(30.0, day, default) for day in days]
    axes.plot(days, worth, color=COLOURS[1], label="worth of a new formation by days of waiting, against H-hour")
    axes.set(xlabel="days", ylabel="factor", ylim=(0.7, None))
    axes.legend(frameon=False, fontsize=8)
