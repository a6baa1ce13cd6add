"""What a run of the reference table is reduced to: the like of every date, loss, halt and rate of advance on record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from khingan.errors import KhinganError
from khingan.history.advance import end_of, rate_of
from khingan.history.losses import VARIABLE, Figure, last_day, published, row_key
from khingan.history.measure import Chunk, Runs, clock, point_control
from khingan.history.targets import Halt, Pace, Target, read_history
from khingan.scenario.gazetteer import resolve
from khingan.scenario.schema import Scenario

Read = Callable[[Chunk], np.ndarray]


@dataclass(frozen=True)
class Measures:
    """Dates (h from H-hour, NaN never), losses (men, tanks), halts (hours), rates (km a day), one column each."""

    targets: tuple[Target, ...]
    figures: tuple[Figure, ...]
    halts: tuple[Halt, ...]
    paces: tuple[Pace, ...]
    read: Read  # chunk -> (run, measure)

    @property
    def names(self) -> tuple[str, ...]:
        """One name a column, as in the comparison."""
        return (
            *(target.target for target in self.targets),
            *(figure.key for figure in self.figures),
            *(row_key("halted_for_fuel", halt.army) for halt in self.halts),
            *(row_key("rate_of_advance", f"{pace.formation} to {end_of(pace)}") for pace in self.paces),
        )

    @property
    def units(self) -> tuple[str, ...]:
        """One unit a column."""
        losses = tuple(VARIABLE[figure.word][2] for figure in self.figures)
        return ("h",) * len(self.targets) + losses + ("hours",) * len(self.halts) + ("km/day",) * len(self.paces)

    def identity(self) -> list[str]:
        """What each column measures: a table holds no other. Observed dates and totals are no part of it."""
        dates = [f"{t.target} {t.measure} {t.place} {t.lat} {t.lon} {t.formation}" for t in self.targets]
        losses = [f"{figure.key} {' '.join(figure.armies)}" for figure in self.figures]
        rates = [f"{pace.route} {pace.start} {pace.road_km}" for pace in self.paces]
        return dates + losses + [halt.army for halt in self.halts] + rates


def measures_of(scenario: Scenario) -> Measures:
    """Everything in the campaign's history that the model has the like of."""
    history = read_history(scenario)
    figures = tuple(figure for figure in published(scenario, history) if figure.has_like)
    paces = tuple(pace for pace in history.paces if _is_on_the_map(scenario, pace))
    readers = [
        _dates(scenario, history.targets), _losses(scenario, figures), _halts(scenario, history.halts),
        _rates(scenario, paces),
    ]  # fmt: skip

    def read(chunk: Chunk) -> np.ndarray:
        return np.hstack([part(chunk) for part in readers])

    return Measures(history.targets, figures, history.halts, paces, read)


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


def _halts(scenario: Scenario, halts: Sequence[Halt]) -> Read:
    names = [army.army for army in scenario.armies]
    columns = [names.index(halt.army) for halt in halts]
    return lambda chunk: chunk["halted_hours"][:, columns].astype(np.float64)


def _rates(scenario: Scenario, paces: Sequence[Pace]) -> Read:
    """Rates as in the comparison: who took the last place is not asked."""
    points = [resolve(scenario, end_of(pace)) for pace in paces]
    calendar = scenario.calendar
    horizon = calendar.steps * calendar.step_hours

    def read(chunk: Chunk) -> np.ndarray:
        runs = Runs(scenario, chunk)
        out = np.empty((runs.runs, len(paces)))
        for number, (pace, point) in enumerate(zip(paces, points, strict=True)):
            out[:, number] = rate_of(pace, point_control(runs, point), calendar.h_hour, horizon)
        return out

    return read


def _is_on_the_map(scenario: Scenario, pace: Pace) -> bool:
    """Whether the map holds a route's last place."""
    try:
        resolve(scenario, end_of(pace))
    except KhinganError:
        return False
    return True
