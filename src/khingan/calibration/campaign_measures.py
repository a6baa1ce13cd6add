"""What a run of the reference table is reduced to: the like of every date, loss and rate of advance on record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from khingan.history.losses import VARIABLE, Figure, last_day, published
from khingan.history.measure import Chunk, Runs, clock
from khingan.history.targets import Pace, Target, read_history
from khingan.scenario.gazetteer import resolve
from khingan.scenario.schema import Scenario
from khingan.units import HOURS_PER_DAY

Read = Callable[[Chunk], np.ndarray]


@dataclass(frozen=True)
class Measures:
    """Dates (h from H-hour, NaN never), losses (men, tanks), rates (km a day, NaN never), one column each."""

    targets: tuple[Target, ...]
    figures: tuple[Figure, ...]
    paces: tuple[Pace, ...]
    read: Read  # chunk -> (run, measure)

    @property
    def names(self) -> tuple[str, ...]:
        """One name a column."""
        rates = (f"rate {number} {pace.formation}" for number, pace in enumerate(self.paces))
        return (*(target.target for target in self.targets), *(figure.key for figure in self.figures), *rates)

    @property
    def units(self) -> tuple[str, ...]:
        """One unit a column."""
        losses = tuple(VARIABLE[figure.word][2] for figure in self.figures)
        return ("h",) * len(self.targets) + losses + ("km/day",) * len(self.paces)

    def identity(self) -> list[str]:
        """What each column measures: a table holds no other. Observed dates and totals are no part of it."""
        dates = [f"{t.target} {t.measure} {t.place} {t.lat} {t.lon} {t.formation}" for t in self.targets]
        losses = [f"{figure.key} {' '.join(figure.armies)}" for figure in self.figures]
        return dates + losses + [f"{pace.route} {pace.start} {pace.road_km}" for pace in self.paces]


def measures_of(scenario: Scenario) -> Measures:
    """Everything in the campaign's history that the model has the like of."""
    history = read_history(scenario)
    figures = tuple(figure for figure in published(scenario, history) if figure.has_like)
    readers = [_dates(scenario, history.targets), _losses(scenario, figures), _rates(scenario, history.paces)]
    return Measures(history.targets, figures, history.paces, lambda chunk: np.hstack([read(chunk) for read in readers]))


def _dates(scenario: Scenario, targets: Sequence[Target]) -> Read:
    read = clock(scenario, targets)
    return lambda chunk: read(Runs(scenario, chunk))


def _losses(scenario: Scenario, figures: Sequence[Figure]) -> Read:
    """Totals of each figure's armies to the evening of the day the losses were counted to."""
    names = [army.army for army in scenario.armies]
    columns = [[names.index(army) for army in figure.armies] for figure in figures]
    day = last_day(scenario)

    def read(chunk: Chunk) -> np.ndarray:
        out = np.zeros((len(chunk["killed"]), len(figures)))
        for number, figure in enumerate(figures):
            for variable in VARIABLE[figure.word][0]:
                counted = chunk[variable][:, min(day, chunk[variable].shape[1] - 1)]
                out[:, number] += counted[:, columns[number]].sum(axis=1, dtype=np.float64)
        return out

    return read


def _rates(scenario: Scenario, paces: Sequence[Pace]) -> Read:
    """Length of each route over the time from its beginning, or its first place's fall, until its last place was held.

    Who took the last place is not asked.
    """
    ends = [[resolve(scenario, stop).cell for stop in _ends(pace)] for pace in paces]
    begin = np.array([_hours(scenario, pace) for pace in paces])
    length = np.array([pace.road_km for pace in paces])

    def read(chunk: Chunk) -> np.ndarray:
        held = chunk["first_control"].astype(np.float64)
        first, last = (held[:, [pair[side] for pair in ends]].reshape(len(held), -1) for side in (0, 1))
        days = (last - np.fmax(first, begin)) / HOURS_PER_DAY
        return length / np.where(days > 0, days, np.nan)

    return read


def _ends(pace: Pace) -> tuple[str, str]:
    stops = [stop.strip() for stop in pace.route.split(";")]
    return stops[0], stops[-1]


def _hours(scenario: Scenario, pace: Pace) -> float:
    return (datetime.fromisoformat(pace.start) - scenario.calendar.h_hour).total_seconds() / 3600
