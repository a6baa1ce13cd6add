"""From a chunk of runs to measures: one number a run, so that ensembles need not be kept."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from khingan.evidence.parameters import read_parameters
from khingan.experiment.change import Measure
from khingan.history.measure import clock
from khingan.history.targets import read_history
from khingan.scenario.gazetteer import resolve
from khingan.scenario.schema import Scenario
from khingan.units import EARTH_RADIUS_KM, HOURS_PER_DAY
from khingan.world.ground import on_the_globe

Chunk = Mapping[str, np.ndarray]
Gauge = Callable[[Chunk], np.ndarray]  # chunk -> (run,)

UNITS = {
    "days_until_held": "days", "dates": "days", "held": "share", "kept": "share", "territory": "share",
    "killed": "men", "wounded": "men", "captured": "men", "deserted": "men", "tanks_lost": "tanks",
    "halted_hours": "h", "distance_left": "km",
}  # fmt: skip


def unit_of(measure: Measure) -> str:
    """The unit of a measure's numbers; `held` is 1 where it is so and 0 where it is not."""
    return UNITS[measure.kind]


def gauges(scenario: Scenario, measures: Sequence[Measure]) -> list[Gauge]:
    """A function for each measure; works on any chunk of any change of the campaign."""
    return [_gauge(scenario, measure) for measure in measures]


def gauge_all(chunk: Chunk, functions: Sequence[Gauge]) -> np.ndarray:
    """(run, measure) of a chunk."""
    return np.stack([function(chunk) for function in functions], axis=1)


def _gauge(scenario: Scenario, measure: Measure) -> Gauge:
    if measure.kind in ("days_until_held", "held"):
        return _places(scenario, measure)
    if measure.kind == "kept":
        cells = [resolve(scenario, place).cell for place in measure.places]
        return lambda chunk: chunk["held_at_end"][:, cells].all(axis=1).astype(float)
    if measure.kind == "dates":
        return _dates(scenario, measure)
    if measure.kind == "territory":
        return _territory(scenario, measure)
    if measure.kind == "distance_left":
        return _distance_left(scenario, measure)
    return _total(scenario, measure)


def _places(scenario: Scenario, measure: Measure) -> Gauge:
    """When the last of the places was first held; never counts as the horizon and history.never_after_h."""
    cells = [resolve(scenario, place).cell for place in measure.places]
    never = _never_days(scenario)
    day = day_of(scenario, measure)
    until = min(float(scenario.calendar.days), np.inf if day is None else day)  # never is counted beyond the horizon

    def days(chunk: Chunk) -> np.ndarray:
        last = chunk["first_control"][:, cells].astype(float).max(axis=1) / HOURS_PER_DAY
        return np.where(np.isnan(last), never, last)

    if measure.kind == "days_until_held":
        return days
    return lambda chunk: (days(chunk) <= until).astype(float)


def day_of(scenario: Scenario, measure: Measure) -> float | None:
    """Days from H-hour to the end of what is measured, None for the horizon; a date counts from the changed H-hour."""
    if measure.by is None:
        return measure.day
    return (measure.by - scenario.calendar.h_hour).total_seconds() / 3600 / HOURS_PER_DAY


def hour_of(scenario: Scenario, measure: Measure) -> float:
    """The same in hours, inf for the horizon."""
    day = day_of(scenario, measure)
    return np.inf if day is None else day * HOURS_PER_DAY


def _never_days(scenario: Scenario) -> float:
    """Days from H-hour at which what never came is counted, as in the comparison with history."""
    horizon = scenario.calendar.steps * scenario.calendar.step_hours
    return (horizon + (read_parameters()["history.never_after_h"].value or 0.0)) / HOURS_PER_DAY


def _dates(scenario: Scenario, measure: Measure) -> Gauge:
    """Mean over dated events of history of the day on which the like of each came, counted from H-hour."""
    known = {target.target: target for target in read_history(scenario).targets}
    read, never = clock(scenario, [known[name] for name in measure.targets]), _never_days(scenario)

    def days(chunk: Chunk) -> np.ndarray:
        times = read(Runs(scenario, chunk)) / HOURS_PER_DAY
        return np.where(np.isnan(times), never, times).mean(axis=1)

    return days


class Runs:
    """A chunk asked as a result would be; a change keeps the numbers of all names of the campaign."""

    def __init__(self, scenario: Scenario, chunk: Chunk) -> None:
        self.scenario, self.chunk = scenario, chunk

    @property
    def runs(self) -> int:
        """Runs in the chunk."""
        return len(self.chunk["first_control"])

    def first_control(self, cells: int | Sequence[int]) -> np.ndarray:
        """(run,) or (run, cell) hours at which the control side first held cells."""
        return self.chunk["first_control"][:, cells]

    def works_fall(self, works: str) -> np.ndarray:
        """(run,) hours at which works gave up."""
        return self.chunk["works_fall"][:, [row.works for row in self.scenario.works].index(works)]

    def capitulated(self, formation: str) -> np.ndarray:
        """(run,) hours at which a formation laid down its arms."""
        return self.chunk["capitulated"][:, [row.formation for row in self.scenario.formations].index(formation)]

    def landed(self, lifts: Sequence[str]) -> np.ndarray:
        """(run,) hours at which the first of these lifts put men ashore or down."""
        numbers = [number for number, row in enumerate(self.scenario.lifts) if row.lift in lifts]
        return np.fmin.reduce(self.chunk["landed"][:, numbers], axis=1)


def _territory(scenario: Scenario, measure: Measure) -> Gauge:
    """Share by area of what was not the control side's at H-hour and that it had held by the end of the day.

    A cell lost again still counts: the record keeps when each was first held.
    """
    cells = scenario.terrain.cells
    area = np.where(cells["owner"] != scenario.calendar.control_side, cells["area_km2"], 0.0)
    hour = hour_of(scenario, measure)
    return lambda chunk: (chunk["first_control"] <= hour) @ area / area.sum()


def _distance_left(scenario: Scenario, measure: Measure) -> Gauge:
    """Kilometres in a straight line from the nearest ground that the control side has held by the day to a point."""
    assert measure.point is not None
    cells = scenario.terrain.cells
    ahead = on_the_globe(cells["lat"], cells["lon"]) @ on_the_globe(*map(np.asarray, measure.point))
    km = EARTH_RADIUS_KM * np.arccos(np.clip(ahead, -1.0, 1.0))
    hour = hour_of(scenario, measure)
    return lambda chunk: np.where(chunk["first_control"] <= hour, km, np.inf).min(axis=1)


def _total(scenario: Scenario, measure: Measure) -> Gauge:
    """Men, tanks or hours of the armies of a side, or of the named ones, to the end of the day."""
    numbers = [
        number
        for number, army in enumerate(scenario.armies)
        if (army.army in measure.armies if measure.armies else army.side == measure.side)
    ]
    name = measure.kind
    if name == "halted_hours":
        return lambda chunk: chunk[name][:, numbers].sum(axis=1, dtype=float)
    days = scenario.calendar.days
    until = day_of(scenario, measure)
    day = days - 1 if until is None else min(days, max(1, round(until))) - 1
    return lambda chunk: chunk[name][:, day, numbers].sum(axis=1, dtype=float)
