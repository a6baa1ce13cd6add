"""How fast formations came on and how long they stood still: figures that nothing was ever fitted to."""

from datetime import datetime

import numpy as np

from khingan.errors import KhinganError
from khingan.history.comparison import ComparisonRow
from khingan.history.losses import figure_row
from khingan.history.score import Array
from khingan.history.targets import History, Pace
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
        published = (_or(halt.low, halt.best), halt.best, _or(halt.high, halt.best))
        values = np.asarray(result.of("halted_hours", "army", halt.army), np.float64)
        rows.append(figure_row("halted_for_fuel", "hours", names[halt.army], published, halt.grade, values))
    return rows


def pace_rows(result: Result, scenario: Scenario, history: History) -> tuple[list[ComparisonRow], list[str]]:
    """Rates of advance over a whole route, and the names of those whose last place the map does not hold.

    The model's rate is the same length of road over the days until the last place of the route changed hands, whoever
    took it; where that never happened, until the last moment played.
    """
    rows, without = [], []
    for pace in history.paces:
        name = f"{pace.formation} to {_end(pace)}"
        try:
            cell = resolve(scenario, _end(pace)).cell
        except KhinganError:
            without.append(f"rate of advance ({name})")
            continue
        values = _rates(result, pace, cell, scenario.calendar.h_hour)
        doubt = DOUBT[pace.grade]
        published = (pace.km_per_day * (1 - doubt), pace.km_per_day, pace.km_per_day * (1 + doubt))
        rows.append(figure_row("rate_of_advance", "km/day", name, published, pace.grade, values))
    return rows, without


def _end(pace: Pace) -> str:
    return pace.route.split(";")[-1].strip()


def _rates(result: Result, pace: Pace, cell: int, h_hour: datetime) -> Array:
    """(run,) km of road a day from the start of the march to the end of the route."""
    begin = (datetime.fromisoformat(pace.start) - h_hour).total_seconds() / 3600
    hours = np.asarray(result.first_control(cell), np.float64)
    until = np.where(np.isnan(hours), result.horizon_h, hours) - begin
    return pace.road_km / np.maximum(until, 1.0) * HOURS_PER_DAY


def _or(value: float | None, other: float) -> float:
    return other if value is None else value
