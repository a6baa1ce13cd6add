"""The ensemble beside history: one row a target or published total, summed up by phase, operation, axis and measure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import nan
from typing import Any

import numpy as np

from khingan.history.nulls import NULLS
from khingan.history.score import meets, skill
from khingan.units import HOURS_PER_DAY

GROUPINGS = ("all", "phase", "group", "axis", "measure", "fitted")
MEASURE_WORDS = {
    "control": "taken",
    "works_fall": "works fall",
    "disarmed": "disarmed",
    "landing": "landing",
    "air_landing": "landing by air",
}


@dataclass(frozen=True)
class ComparisonRow:
    """One line: times in hours from H-hour, losses in men; `rank` is the share of runs at least as early as history."""

    target: str
    group: str
    phase: str
    measure: str
    fitted: bool
    unit: str
    observed_low: float
    observed: float
    observed_high: float
    q05: float
    median: float
    q95: float
    rank: float
    crps: float
    null_crps: dict[str, float | None]
    never: float
    inside: bool
    axis: str
    place: str
    grade: str
    why: str = ""
    q25: float = nan
    q75: float = nan
    of_ships: bool = False  # a published loss of ships and their crews, of whom the model tells only those ashore

    PUBLISHED = (
        "target", "group", "phase", "measure", "fitted", "unit", "observed_low", "observed", "observed_high",
        "q05", "median", "q95", "rank", "crps", "null_crps",
    )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """The row as the documented JSON object."""
        return {name: getattr(self, name) for name in self.PUBLISHED}

    @property
    def timed(self) -> bool:
        """Whether the row is a date rather than a total of men."""
        return self.unit == "h"

    @property
    def inside_half(self) -> bool:
        """Whether the observed interval meets the 25-75 % interval of the runs."""
        return meets(self.observed_low, self.observed_high, self.q25, self.q75)

    @property
    def late_h(self) -> float:
        """Hours by which the ensemble's median lies after history; negative where it is early."""
        return self.median - self.observed


@dataclass(frozen=True)
class SummaryLine:
    """Dated rows that share a phase, operation, axis or measure. Widths and scores are means; skill is by null."""

    by: str
    key: str
    targets: int
    inside: int
    axes: int
    axis_coverage: float
    width_days: float
    crps_h: float
    median_late_days: float
    never: float
    skill: dict[str, float | None]

    @property
    def coverage(self) -> float:
        """Share of the rows whose observed interval meets the 5-95 % interval."""
        return self.inside / self.targets


@dataclass(frozen=True)
class Comparison:
    """Every row, and what the runs were conditioned on; `not_compared` says which published figures have no like."""

    rows: tuple[ComparisonRow, ...]
    h_hour: datetime
    horizon_h: float
    never_at_h: float
    runs: int
    seed: int
    conditioned_on: str = "the historical calendar of the surrender"
    not_compared: tuple[str, ...] = ()

    def as_dict(self) -> list[dict[str, Any]]:
        """The documented JSON: a list of rows, worst first within each operation."""
        return [row.as_dict() for row in self.rows]

    @property
    def dated(self) -> tuple[ComparisonRow, ...]:
        """The rows that are dates."""
        return tuple(row for row in self.rows if row.timed)

    def worst(self, count: int = 8) -> tuple[ComparisonRow, ...]:
        """The dated rows farthest from history: outside the interval before inside, then by score."""
        return tuple(sorted(self.dated, key=badness)[:count])

    def summary(self) -> tuple[SummaryLine, ...]:
        """All dated rows, then by phase, operation, axis, measure, and fitted or held out."""
        lines = []
        for by in GROUPINGS:
            for key in dict.fromkeys(_key(row, by) for row in self.dated):
                lines.append(_line(by, key, [row for row in self.dated if _key(row, by) == key]))
        return tuple(lines)

    def explain_worst(self, count: int = 5) -> list[str]:
        """What the model does worst, one sentence a row, with direction and size."""
        return [self.explain(row) for row in self.worst(count)]

    def explain(self, row: ComparisonRow) -> str:
        """How the ensemble misses one dated row."""
        days = abs(row.late_h) / HOURS_PER_DAY
        direction = "late" if row.late_h > 0 else "early"
        missing = f"; {row.never:.0%} of runs never get there" if row.never >= 0.005 else ""
        inside = "still inside" if row.inside else "outside"
        return (
            f"{row.place}, {MEASURE_WORDS[row.measure]}: the median is {days:.1f} days {direction} "
            f"({self.date(row.median)} for {self.date(row.observed)}), history {inside} the 5-95 % interval{missing}."
            + (f" {row.why}" if row.why else "")
        )

    def finding(self) -> str:
        """The comparison in two sentences."""
        line = next((line for line in self.summary() if line.key == "combat"), None) or self.summary()[0]
        phase = "combat phase" if line.key == "combat" else "campaign"
        direction = "late" if line.median_late_days > 0 else "early"
        worst = self.worst(1)[0]
        miss = f"{abs(worst.late_h) / HOURS_PER_DAY:.1f} days {'late' if worst.late_h > 0 else 'early'}"
        return (
            f"Of {line.targets} dated events of the {phase}, {line.inside} lie inside the 5-95 % interval, "
            f"which is {line.width_days:.1f} days wide on average; the typical median is "
            f"{abs(line.median_late_days):.1f} days {direction}. "
            f"Farthest from history: {worst.place}, {MEASURE_WORDS[worst.measure]} {miss}."
        )

    def date(self, hours: float) -> str:
        """A time as day and month, with the hour for the campaign's own clock; never where it is past the horizon."""
        if hours > self.horizon_h:
            return "never"
        moment = self.h_hour + timedelta(hours=hours)
        return f"{moment.day} {moment:%b}"


def badness(row: ComparisonRow) -> tuple[bool, float]:
    """Sorting key that puts the worst row first."""
    return row.inside, -row.crps


def _key(row: ComparisonRow, by: str) -> str:
    if by == "all":
        return "all"
    if by == "fitted":
        return "fitted" if row.fitted else "held out"
    return str(getattr(row, by))


def _line(by: str, key: str, rows: list[ComparisonRow]) -> SummaryLine:
    axes: dict[str, list[bool]] = {}
    for row in rows:
        axes.setdefault(row.axis, []).append(row.inside)
    score = mean(row.crps for row in rows)
    return SummaryLine(
        by=by,
        key=key,
        targets=len(rows),
        inside=sum(row.inside for row in rows),
        axes=len(axes),
        axis_coverage=mean(mean(inside) for inside in axes.values()),
        width_days=mean(row.q95 - row.q05 for row in rows) / HOURS_PER_DAY,
        crps_h=score,
        median_late_days=float(np.median([row.late_h for row in rows])) / HOURS_PER_DAY,
        never=mean(row.never for row in rows),
        skill={null: mean_skill(rows, null) for null in NULLS},
    )


def mean_skill(rows: Sequence[ComparisonRow], null: str) -> float | None:
    """Skill over the rows for which the null had something to say."""
    pairs = [(row.crps, other) for row in rows if (other := row.null_crps[null]) is not None]
    return skill(mean(own for own, _ in pairs), mean(other for _, other in pairs)) if pairs else None


def mean(values: Iterable[float]) -> float:
    """Arithmetic mean; NaN of nothing."""
    found = list(values)
    return float(np.mean(found)) if found else float("nan")
