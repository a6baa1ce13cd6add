"""When the decision falls and the broadcast follows, as distributions by school, reckoned and not played.

The formula is the engine's own (engine/politics.py). No school is averaged with another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from scipy.special import ndtr

from khingan.engine.politics import PoliticsRules, decision_curve
from khingan.errors import KhinganError, suggestion
from khingan.evidence.parameters import read_parameters
from khingan.scenario.politics import Politics, School, require_politics
from khingan.scenario.schema import Scenario
from khingan.scenario.vocabulary import SCHOOLS
from khingan.world.politics import political_calendar
from khingan.world.rules import read_tables, rules_from

GRID_H = 0.5
BEFORE_D, AFTER_D = 10, 365  # days of the grid before the first and behind it
CHANCES = (0.05, 0.25, 0.5, 0.75, 0.95)
SCHOOL = "politics.school"
IN_TURN = -1.0  # the value of politics.school by which run k draws the decision as school k does, over and over
CALENDAR, EACH = "calendar", "schools"


def school_number(name: str) -> int:
    """The value of politics.school that draws the decision as this school reads it."""
    if name not in SCHOOLS:
        raise KhinganError(f"school {name}", "no such school", suggestion(name, SCHOOLS))
    return SCHOOLS.index(name) + 1


def school_named(number: float) -> str:
    """The school of a value of politics.school; empty for the historical calendar."""
    return SCHOOLS[int(number) - 1] if number >= 1 else ""


def politics_number(name: str) -> float:
    """The value of politics.school for `calendar`, `schools` (each in turn) or one school."""
    if name in (CALENDAR, EACH):
        return 0.0 if name == CALENDAR else IN_TURN
    return float(school_number(name))


def politics_named(number: float) -> str:
    """The name of a value of politics.school."""
    return EACH if number < 0 else school_named(number) or CALENDAR


def schools_of_runs(first_run: int, count: int) -> np.ndarray:
    """(run,) the value of politics.school of each run where the schools take turns."""
    return 1.0 + np.arange(first_run, first_run + count) % len(SCHOOLS)


@dataclass(frozen=True)
class Outcome:
    """One school's distribution: shares decided and announced by each hour of a grid, in hours from H-hour."""

    school: School
    h_hour: datetime
    hours: np.ndarray
    decided: np.ndarray
    announced: np.ndarray

    def share_decided(self, low: datetime, high: datetime) -> float:
        """Chance that the decision falls between two moments."""
        one, two = (np.interp(self._hour(moment), self.hours, self.decided) for moment in (low, high))
        return float(two - one)

    def share_announced(self, by: datetime) -> float:
        """Chance that the broadcast has come by a moment."""
        return float(np.interp(self._hour(by), self.hours, self.announced))

    def broadcast_at(self, chance: float) -> datetime | None:
        """The moment by which the broadcast has come with this chance, to the hour; None past the grid."""
        if self.announced[-1] < chance:
            return None
        hour = float(np.interp(chance, self.announced, self.hours))
        return self.h_hour + timedelta(hours=round(hour))

    def _hour(self, moment: datetime) -> float:
        return (moment - self.h_hour).total_seconds() / 3600.0


def outcomes(scenario: Scenario, pins: Mapping[str, float], schools: tuple[str, ...] = SCHOOLS) -> list[Outcome]:
    """The distribution of each school at default values, with some parameters pinned."""
    politics = require_politics(scenario)
    parameters = read_parameters()
    values = {key: found.value for key, found in parameters.items() if found.value is not None}
    unknown = set(pins) - set(values)
    if unknown:
        name = sorted(unknown)[0]
        raise KhinganError(f"--set {name}", "no such parameter", suggestion(name, values))
    tables = read_tables(parameters)
    calendar = political_calendar(scenario, politics)
    found = []
    for name in schools:
        given = values | dict(pins) | {SCHOOL: float(school_number(name))}
        rules = rules_from(given, tables).politics
        hours = _grid(politics, scenario)
        decided = np.zeros(len(hours))
        first = int(np.searchsorted(hours, calendar["from_h"][0]))
        decision_curve(calendar, rules, hours[first:], 0.0, decided[first:])
        if rules.terms_accepted > 0:
            decided = np.where(hours >= calendar["terms_h"][0], 1.0, 0.0)
        school = next(school for school in politics.schools if school.key == name)
        found.append(Outcome(school, scenario.calendar.h_hour, hours, decided, _announced(hours, decided, rules)))
    return found


def _grid(politics: Politics, scenario: Scenario) -> np.ndarray:
    """Hours from H-hour, from before the first day on which the decision may fall to a year after it."""
    start = (politics.counted_from - scenario.calendar.h_hour).total_seconds() / 3600.0
    return start + np.arange(-BEFORE_D * 24, AFTER_D * 24, GRID_H)


def _convolved(mass: np.ndarray, delay: np.ndarray) -> np.ndarray:
    """The first len(mass) values of the convolution of two rows of one length, by way of their spectra."""
    length = 2 ** (2 * len(mass)).bit_length()
    return np.fft.irfft(np.fft.rfft(mass, length) * np.fft.rfft(delay, length), length)[: len(mass)]


def _announced(hours: np.ndarray, decided: np.ndarray, rules: PoliticsRules) -> np.ndarray:
    """The decision put off by a veto with its chance, and by the days to the broadcast: a convolution on the grid."""
    mass = np.diff(decided, prepend=0.0)
    late = np.arange(len(hours)) * GRID_H / 24.0
    delay = ndtr(np.log(np.maximum(late, 1e-9) / rules.veto_days) / rules.veto_log_sd)
    held_up = np.maximum.accumulate(_convolved(mass, delay))
    accepted = (1.0 - rules.veto) * decided + rules.veto * held_up
    return np.interp(hours - 24.0 * rules.broadcast_days, hours, accepted, left=0.0)
