"""From a chunk of runs to measures: one number a run, so that ensembles need not be kept."""

from collections.abc import Callable, Sequence

import numpy as np

from khingan.engine.politics import DAYS_FORETOLD
from khingan.evidence.parameters import read_parameters
from khingan.experiment.change import Measure
from khingan.history.measure import Chunk, Runs, clock, place_cells
from khingan.history.targets import read_history
from khingan.scenario.gazetteer import resolve
from khingan.scenario.schema import Scenario
from khingan.simulation.politics import SCHOOL
from khingan.simulation.result import of_cells
from khingan.simulation.variables import STAGES
from khingan.units import EARTH_RADIUS_KM, HOURS_PER_DAY
from khingan.world.ground import on_the_globe

LATER = "later_h"  # (run,) of a chunk: hours by which its arm's H-hour is later than that of the campaign as it was
Gauge = Callable[[Chunk], np.ndarray]  # chunk -> (run,)

UNITS = {
    "days_until_held": "days", "dates": "days", "held": "share", "kept": "share", "territory": "share",
    "killed": "men", "wounded": "men", "captured": "men", "deserted": "men", "tanks_lost": "tanks",
    "halted_hours": "h", "distance_left": "km", "surrender": "days",
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
        read = _cells(scenario, measure)
        return lambda chunk: of_cells(chunk["held_at_end"], read(chunk)).all(axis=1).astype(float)
    if measure.kind == "dates":
        return _dates(scenario, measure)
    if measure.kind == "territory":
        return _territory(scenario, measure)
    if measure.kind == "surrender":
        return _surrender(scenario)
    if measure.kind == "distance_left":
        return _distance_left(scenario, measure)
    return _total(scenario, measure)


def _cells(scenario: Scenario, measure: Measure) -> Callable[[Chunk], np.ndarray]:
    """(run, place) of a chunk: the cells in which each run reads the places of a measure; points stay put."""
    found = [resolve(scenario, place) for place in measure.places]
    named = [number for number, point in enumerate(found) if point.place]
    stated = np.array([point.cell for point in found], np.int64)
    names = [str(found[number].place) for number in named]

    def read(chunk: Chunk) -> np.ndarray:
        cells = np.tile(stated, (len(chunk["first_control"]), 1))
        cells[:, named] = place_cells(scenario, chunk, names, stated[named].tolist())
        return cells

    return read


def _places(scenario: Scenario, measure: Measure) -> Gauge:
    """When the last of the places was first held; never counts as the horizon and history.never_after_h."""
    read = _cells(scenario, measure)
    never = _never_days(scenario)
    asked = day_of(scenario, measure)

    def days(chunk: Chunk) -> np.ndarray:
        last = of_cells(chunk["first_control"], read(chunk)).astype(float).max(axis=1) / HOURS_PER_DAY
        return np.where(np.isnan(last), never, last)

    if measure.kind == "days_until_held":
        return days
    horizon = float(scenario.calendar.days)  # never is counted beyond it
    return lambda chunk: (days(chunk) <= min(horizon, asked(chunk))).astype(float)


def day_of(scenario: Scenario, measure: Measure) -> Callable[[Chunk], float]:
    """Days from an arm's H-hour to the end of what is measured, inf for the horizon; a date does not move with it."""
    if measure.by is None:
        return lambda chunk: np.inf if measure.day is None else measure.day
    hours = (measure.by - scenario.calendar.h_hour).total_seconds() / 3600
    return lambda chunk: (hours - float(np.max(chunk.get(LATER, 0.0)))) / HOURS_PER_DAY


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


def _surrender(scenario: Scenario) -> Gauge:
    """Day of the broadcast from the H-hour of the campaign as it was: drawn, or the calendar's.

    A drawn broadcast that has not come a year behind the horizon counts as coming then.
    """
    broadcast = scenario.surrender.broadcast
    by_calendar = (broadcast - scenario.calendar.h_hour).total_seconds() / 3600.0 if broadcast else np.nan
    last = scenario.calendar.steps * scenario.calendar.step_hours + 24.0 * DAYS_FORETOLD
    school = [key for key, parameter in read_parameters().items() if not parameter.is_table].index(SCHOOL)

    def days(chunk: Chunk) -> np.ndarray:
        drawn = chunk["surrender"][:, STAGES.index("broadcast")].astype(float)
        drawn = np.where(np.isnan(drawn), last, drawn) + chunk.get(LATER, 0.0)
        return np.where(chunk["draw"][:, school] >= 1, drawn, by_calendar) / HOURS_PER_DAY

    return days


def _territory(scenario: Scenario, measure: Measure) -> Gauge:
    """Share by area of what was not the control side's at H-hour and that it had held by the end of the day.

    A cell lost again still counts: the record keeps when each was first held.
    """
    cells = scenario.terrain.cells
    area = np.where(cells["owner"] != scenario.calendar.control_side, cells["area_km2"], 0.0)
    asked = day_of(scenario, measure)
    return lambda chunk: (chunk["first_control"] <= asked(chunk) * HOURS_PER_DAY) @ area / area.sum()


def _distance_left(scenario: Scenario, measure: Measure) -> Gauge:
    """Kilometres in a straight line from the nearest ground that the control side has held by the day to a point."""
    assert measure.point is not None
    cells = scenario.terrain.cells
    ahead = on_the_globe(cells["lat"], cells["lon"]) @ on_the_globe(*map(np.asarray, measure.point))
    km = EARTH_RADIUS_KM * np.arccos(np.clip(ahead, -1.0, 1.0))
    asked = day_of(scenario, measure)

    def left(chunk: Chunk) -> np.ndarray:
        held = chunk["first_control"] <= asked(chunk) * HOURS_PER_DAY
        return np.where(held, km, np.inf).min(axis=1)

    return left


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
    asked = day_of(scenario, measure)

    def total(chunk: Chunk) -> np.ndarray:
        day = max(1, round(min(days, asked(chunk)))) - 1
        return chunk[name][:, day, numbers].sum(axis=1, dtype=float)

    return total
