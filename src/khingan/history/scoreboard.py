"""The scoreboard: how one campaign's ensembles stand against its history, block by block, and which marks are met."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from khingan.history.compare import compare
from khingan.history.comparison import Comparison, ComparisonRow, mean, mean_skill
from khingan.history.nulls import NULLS
from khingan.history.score import meets
from khingan.scenario.schema import Scenario
from khingan.simulation.result import Result
from khingan.units import HOURS_PER_DAY

WORST = 8
# A published figure of grade B without a range of its own is read as an interval a fifth as wide as itself.
B_GRADED = 0.1
LOSSES = ("irrecoverable_losses", "sanitary_losses")
NO_SHIPS = "no mark: ships lost at sea are not modelled"
PHASES = ("combat", "after cease-fire order", "islands")


@dataclass(frozen=True)
class Block:
    """Rows of one kind, fitted or held out. `cover` are shares of history's intervals met by the runs' 50 and 90 %.

    `width`, `crps` and the errors are means in `unit`: days for dates; for published figures shares of the figure, so
    that men and tanks can be told together. `rank` is history's mean place among the runs, 0.5 where the model is fair.
    """

    block: str
    fitted: bool
    unit: str
    rows: int
    cover_50: float
    cover_90: float
    width: float
    crps: float
    skill: dict[str, float | None]
    median_error: float
    bias: float
    rank: float
    axes: int
    axis_cover_90: float


@dataclass(frozen=True)
class Mark:
    """What the campaign's model was to reach; `value` is what it reached, None where nothing could be measured."""

    mark: str
    wanted: str
    value: float | None
    met: bool


@dataclass(frozen=True)
class Beside:
    """What is shown with the marks and is none of them, and why; `value` as of a mark."""

    what: str
    value: float
    why: str


@dataclass(frozen=True)
class Board:
    """One study on the scoreboard."""

    campaign: str
    title: str
    runs: int
    seed: int
    version: str
    parameters: str
    start: str
    conditioned_on: str
    blocks: tuple[Block, ...]
    marks: tuple[Mark, ...]
    beside: tuple[Beside, ...]
    worst: tuple[str, ...]
    ranks: tuple[int, ...]

    def as_dict(self) -> dict[str, Any]:
        """The documented JSON object."""
        return asdict(self)


def board(result: Result, scenario: Scenario) -> Board:
    """A study's line on the scoreboard. Raises KhinganError where the campaign has no history."""
    comparison, study = compare(result, scenario), result.study
    return Board(
        campaign=study.campaign,
        title=scenario.calendar.title,
        runs=result.runs,
        seed=study.seed,
        version=study.version,
        parameters=study.settings.parameters,
        start=study.settings.start,
        conditioned_on=comparison.conditioned_on,
        blocks=blocks_of(comparison),
        marks=marks_of(comparison),
        beside=beside_of(comparison),
        worst=worst_of(comparison),
        ranks=ranks(comparison.dated),
    )


def blocks_of(comparison: Comparison) -> tuple[Block, ...]:
    """Every block of the comparison, fitted and held out apart, in the order of the comparison's phases."""
    named: dict[tuple[str, bool], list[ComparisonRow]] = {}
    for row in comparison.rows:
        named.setdefault((block_of(row), row.fitted), []).append(row)
    order = {name: k for k, name in enumerate(PHASES)}
    keys = sorted(named, key=lambda key: (order.get(key[0].split(":")[0], len(order)), *key))
    return tuple(_block(key[0], key[1], named[key]) for key in keys)


def block_of(row: ComparisonRow) -> str:
    """Dates by phase and measure, published figures by what they count."""
    return f"{row.phase}: {row.measure}" if row.timed else row.measure


def ranks(rows: Iterable[ComparisonRow], bins: int = 10) -> tuple[int, ...]:
    """How many rows have history in each tenth of the runs; even where the ensemble is as wide as it should be."""
    counts = np.histogram([row.rank for row in rows], bins=bins, range=(0, 1))[0]
    return tuple(int(count) for count in counts)


def worst_of(comparison: Comparison, count: int = WORST) -> tuple[str, ...]:
    """The dated rows farthest from history, one sentence each, then the published figures that were missed."""
    figures = [row for row in comparison.rows if not row.timed and not row.inside]
    figures.sort(key=lambda row: -abs(np.log(max(row.median, 1e-9) / max(row.observed, 1e-9))))
    said = [
        f"{row.measure.replace('_', ' ')}, {row.place}: median {row.median:,.0f} {row.unit} for {row.observed:,.0f}, "
        f"history outside {row.q05:,.0f}-{row.q95:,.0f}."
        for row in figures[:count]
    ]
    return (*comparison.explain_worst(count), *said)


def marks_of(comparison: Comparison) -> tuple[Mark, ...]:
    """The marks a calibrated model of a campaign has to reach, on its combat-phase places, losses and halts."""
    places = [row for row in comparison.rows if row.phase == "combat" and row.measure == "control"]
    fronts = [row for row in _parts(comparison) if not row.of_ships]
    halts = [row for row in comparison.rows if row.measure == "halted_for_fuel"]
    distance = mean_skill(places, "distance")
    error = float(np.median([abs(row.late_h) for row in places])) / HOURS_PER_DAY if places else None
    far = max((_ratio(row) for row in fronts), default=float("nan"))
    found = [
        _mark("combat places: CRPS over that of the null by distance", "at most 0.85",
              None if distance is None else 1 - distance, lambda x: x <= 0.85, places),
        _mark("combat places: cover of the 90 % interval", "0.80 to 0.97",
              mean(row.inside for row in places), lambda x: 0.80 <= x <= 0.97, places),
        _mark("combat places: mean width in days", "at most 5",
              mean(row.q95 - row.q05 for row in places) / HOURS_PER_DAY, lambda x: x <= 5, places),
        _mark("combat places: typical error of the median in days", "at most 0.9", error, lambda x: x <= 0.9, places),
        _mark("losses by front: share inside the 90 % interval", "1",
              mean(row.inside for row in fronts), lambda x: x == 1, fronts),
        _mark("losses by front: largest error of a median, as a share", "at most 0.35", far,
              lambda x: x <= 0.35, fronts),
        _mark("fuel halts: share inside the 90 % interval", "1",
              mean(row.inside for row in halts), lambda x: x == 1, halts),
    ]  # fmt: skip
    return tuple(mark for mark in found if mark is not None)


def beside_of(comparison: Comparison) -> tuple[Beside, ...]:
    """Published losses of fleets, beside those of fronts."""
    fleets = [row for row in _parts(comparison) if row.of_ships]
    if not fleets:
        return ()
    return (
        Beside("losses by fleet: share inside the 90 % interval", mean(row.inside for row in fleets), NO_SHIPS),
        Beside("losses by fleet: largest error of a median, as a share", max(map(_ratio, fleets)), NO_SHIPS),
    )


def _parts(comparison: Comparison) -> list[ComparisonRow]:
    """Published losses of the parts of a side, not of the whole."""
    losses = [row for row in comparison.rows if row.measure in LOSSES]
    return [_graded(row) for row in losses if "total" not in row.target]


def _graded(row: ComparisonRow) -> ComparisonRow:
    """A figure of grade B that stands alone, as the interval its grade allows."""
    if row.grade != "B" or row.observed_high > row.observed_low:
        return row
    low, high = row.observed * (1 - B_GRADED), row.observed * (1 + B_GRADED)
    return replace(row, observed_low=low, observed_high=high, inside=meets(low, high, row.q05, row.q95))


def _mark(
    mark: str, wanted: str, value: float | None, met: Callable[[float], bool], rows: Sequence[ComparisonRow]
) -> Mark | None:
    """A mark, unless the campaign has no row of its kind."""
    return Mark(mark, wanted, value, value is not None and met(value)) if rows else None


def _block(name: str, fitted: bool, rows: list[ComparisonRow]) -> Block:
    timed = rows[0].timed
    scale = [HOURS_PER_DAY if timed else max(row.observed, 1e-9) for row in rows]
    axes: dict[str, list[bool]] = {}
    for row in rows:
        axes.setdefault(row.axis or row.target, []).append(row.inside)
    late = [(row.median - row.observed) / by for row, by in zip(rows, scale, strict=True)]
    return Block(
        block=name,
        fitted=fitted,
        unit="days" if timed else "share of the figure",
        rows=len(rows),
        cover_50=mean(row.inside_half for row in rows),
        cover_90=mean(row.inside for row in rows),
        width=mean((row.q95 - row.q05) / by for row, by in zip(rows, scale, strict=True)),
        crps=mean(row.crps / by for row, by in zip(rows, scale, strict=True)),
        skill={null: mean_skill(rows, null) for null in NULLS},
        median_error=mean(map(abs, late)),
        bias=float(np.median(late)),
        rank=mean(row.rank for row in rows),
        axes=len(axes),
        axis_cover_90=mean(mean(inside) for inside in axes.values()),
    )


def _ratio(row: ComparisonRow) -> float:
    """Distance of a median from the nearest end of the published interval, as a share of that end."""
    nearest = float(np.clip(row.median, row.observed_low, row.observed_high))
    return abs(row.median - nearest) / max(nearest, 1e-9)
