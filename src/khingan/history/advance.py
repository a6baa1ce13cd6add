"""How fast formations came on and how long they stood still: figures that nothing was ever fitted to."""

from datetime import datetime

import numpy as np

from khingan.errors import KhinganError
from khingan.history.comparison import ComparisonRow
from khingan.history.losses import figure_row
from khingan.history.measure import point_control
from khingan.history.score import Array
from khingan.history.targets import Halt, History, Pace
from khingan.scenario.gazetteer import resolve
from khingan.scenario.schema import Scenario
from khingan.simulation.result import Result
from khingan.units import HOURS_PER_DAY

# A rate is a length of road over days, and both are read off accounts: what a grade allows it either way.
DOUBT = {"A": 0.1, "B": 0.2, "C": 0.4}


def halt_rows(result: Result, scenario: Scenario, history: History) -> list[ComparisonRow]:
    """Hours for which the bulk of an army stood still for want of fuel."""
    names = {army.army: army.name for army in scenario.armies}
    rows = []
    for halt in history.halts:
        values = np.asarray(result.of("halted_hours", "army", halt.army), np.float64)
        rows.append(figure_row("halted_for_fuel", "hours", names[halt.army], published_halt(halt), halt.grade, values))
    return rows


def pace_rows(result: Result, scenario: Scenario, history: History) -> tuple[list[ComparisonRow], list[str]]:
    """Rates of advance over a whole route, and the names of those whose last place the map does not hold.

    The model's rate is the same length of road over the days until the last place of the route changed hands, whoever
    took it; where that never happened, until the last moment played.
    """
    rows, without = [], []
    for pace in history.paces:
        name = f"{pace.formation} to {end_of(pace)}"
        try:
            point = resolve(scenario, end_of(pace))
        except KhinganError:
            without.append(f"rate of advance ({name})")
            continue
        values = rate_of(pace, point_control(result, point), scenario.calendar.h_hour, result.horizon_h)
        rows.append(figure_row("rate_of_advance", "km/day", name, published_rate(pace), pace.grade, values))
    return rows, without


def published_rate(pace: Pace) -> tuple[float, float, float]:
    """Low, best and high of a rate on record."""
    doubt = DOUBT[pace.grade]
    return pace.km_per_day * (1 - doubt), pace.km_per_day, pace.km_per_day * (1 + doubt)


def published_halt(halt: Halt) -> tuple[float, float, float]:
    """Low, best and high of a halt on record."""
    return _or(halt.low, halt.best), halt.best, _or(halt.high, halt.best)


def end_of(pace: Pace) -> str:
    """The last place of a route."""
    return pace.route.split(";")[-1].strip()


def rate_of(pace: Pace, hours: Array, h_hour: datetime, horizon_h: float) -> Array:
    """(run,) km of road a day from the start of the march to the fall (run,) of the route's last place."""
    begin = (datetime.fromisoformat(pace.start) - h_hour).total_seconds() / 3600
    until = np.where(np.isnan(hours), horizon_h, hours) - begin
    return pace.road_km / np.maximum(until, 1.0) * HOURS_PER_DAY


def _or(value: float | None, other: float) -> float:
    return other if value is None else value
