"""What an outcome hangs on: indices of the axes of a study that has been played, luck kept apart."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from khingan.errors import KhinganError, suggestion
from khingan.experiment.axis import Axis
from khingan.experiment.emulator import emulate
from khingan.experiment.gauge import UNITS
from khingan.experiment.indices import Indices, between, saltelli_indices
from khingan.experiment.ranks import Ranks, rank_regression
from khingan.experiment.rows import POINTS, RECORD, ROWS


@dataclass(frozen=True)
class Influence:
    """What one axis does to a measure; NaN where it cannot be known. `rank`: by how much more goes with more."""

    axis: str
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float
    partial_rank: float
    partial_rank_low: float
    partial_rank_high: float
    rank: float


@dataclass(frozen=True)
class Sensitivity:
    """A measure of a study. Variances are those between points, without luck, and of the runs within a point.

    `q2` is how well an emulator foretells points it has not seen; NaN where the design needs none.
    """

    measure: str
    unit: str
    method: str
    points: int
    runs: int
    mean: float
    variance_between: float
    variance_luck: float
    share_luck: float
    q2: float
    influences: tuple[Influence, ...]


@dataclass(frozen=True)
class Played:
    """A study on disk, all of its chunks played."""

    folder: Path
    record: dict[str, Any]
    axes: tuple[Axis, ...]
    cube: np.ndarray

    @classmethod
    def open(cls, folder: Path) -> "Played":
        """The study of a folder; raises KhinganError where there is none, or only a part of it."""
        try:
            record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
            axes = tuple(Axis(a["name"], a["kind"], tuple(range(a["levels"]))) for a in record["axes"])
            points = pq.read_table(folder / POINTS)
            cube = np.stack([points[f"u {axis.name}"].to_numpy() for axis in axes], axis=1)
            chunks, kept = record["chunks"], len(list((folder / ROWS).glob("part-*.parquet")))
        except (FileNotFoundError, NotADirectoryError):
            raise KhinganError(
                str(folder), f"no sweep here: {RECORD} is missing", "name the folder of a sweep"
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise KhinganError(str(folder), f"not a sweep that can be read: {error}", "play it again") from None
        if kept < chunks:
            remedy = f"khingan sweep STUDY.yaml --out {folder} --resume"
            raise KhinganError(str(folder), f"{kept} of {chunks} chunks have been played", remedy)
        return cls(folder, record, axes, cube)

    def measures(self, names: Sequence[str]) -> list[dict[str, Any]]:
        """The measures of these names, or all."""
        there = {measure["name"]: measure for measure in self.record["measures"]}
        for name in names:
            if name not in there:
                raise KhinganError(f"--measure {name}", "not measured in this sweep", suggestion(name, there))
        return [there[name] for name in names] or list(there.values())

    def table(self, columns: Sequence[str]) -> pa.Table:
        """Columns of all rows."""
        try:
            return pq.read_table(self.folder / ROWS, columns=list(columns))
        except (OSError, pa.ArrowException) as error:
            what = f"cannot be read: {str(error).splitlines()[0]}"
            remedy = "delete the broken part, and repeat the sweep with --resume"
            raise KhinganError(str(self.folder / ROWS), what, remedy) from None

    def cells(self, measure: str) -> tuple[np.ndarray, np.ndarray]:
        """Means of the even and the odd runs (2, point), and the variance within each point (point,)."""
        runs = self.record["runs"]
        if self.record["output"] == "cells":
            table = self.table(["point", f"{measure} mean", f"{measure} sd", f"{measure} even"])
            order = np.argsort(table["point"].to_numpy())
            mean, sd, even = (table[f"{measure} {name}"].to_numpy()[order] for name in ("mean", "sd", "even"))
            evens = (runs + 1) // 2
            odd = (mean * runs - even * evens) / (runs - evens) if runs > 1 else even
            return np.stack([even, odd]), sd**2
        table = self.table(["point", "run", measure])
        point, run, value = (table[name].to_numpy() for name in ("point", "run", measure))
        return halves_of(point, run, value, len(self.cube))


def halves_of(
    point: np.ndarray, run: np.ndarray, value: np.ndarray, points: int
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Means of even and odd runs (2, point) and the variance within points, from rows (row,)."""
    level = value.mean()
    cell = np.bincount(2 * point + run % 2, value - level, minlength=2 * points).reshape(points, 2).T
    count = np.bincount(2 * point + run % 2, minlength=2 * points).reshape(points, 2).T
    squares = np.bincount(point, (value - level) ** 2, minlength=points)
    runs, total = count.sum(axis=0), cell.sum(axis=0)
    variance = (squares - total**2 / runs) / np.maximum(runs - 1, 1)
    if runs.max() < 2:
        return np.stack([total + level] * 2), np.full(points, nan)
    return cell / count + level, variance


def sensitivity(folder: Path, measures: Sequence[str] = ()) -> list[Sensitivity]:
    """What every measure of a study hangs on; raises KhinganError for listed designs and unfinished studies."""
    played = Played.open(folder)
    if played.record["design"]["kind"] == "listed":
        remedy = "use a latin_hypercube, sobol or factorial design"
        raise KhinganError(str(folder), "listed points are no sample of anything: they have no indices", remedy)
    return [_of_measure(played, measure) for measure in played.measures(measures)]


def _of_measure(played: Played, measure: dict[str, Any]) -> Sensitivity:
    halves, within = played.cells(measure["name"])
    is_sobol = played.record["design"]["kind"] == "sobol"
    cube, drawn = played.cube, halves
    q2 = nan
    if is_sobol:
        indices = saltelli_indices(halves, len(played.axes))
        independent = np.arange(len(cube)) % (len(played.axes) + 2) < 2
        cube, drawn = cube[independent], halves[:, independent]
    else:
        found = emulate(played.axes, cube, halves)
        indices, q2 = found.indices, found.q2
    apart, luck = max(0.0, between(drawn)), float(within.mean())
    return Sensitivity(
        measure=measure["name"],
        unit=UNITS[measure["kind"]],
        method="saltelli-jansen" if is_sobol else "emulator",
        points=len(played.cube),
        runs=played.record["runs"],
        mean=float(drawn.mean()),
        variance_between=apart,
        variance_luck=luck,
        share_luck=luck / (luck + apart) if luck + apart > 0 else nan,
        q2=q2,
        influences=_influences(played.axes, indices, _ranks(played.axes, cube, drawn.mean(axis=0))),
    )


def _ranks(axes: Sequence[Axis], cube: np.ndarray, outcome: np.ndarray) -> Ranks:
    """Rank regression on levels and places; an unordered axis has no more and less, and stays NaN."""
    inputs = np.stack([axis.level(cube[:, k]) if axis.levels else cube[:, k] for k, axis in enumerate(axes)], axis=1)
    found = rank_regression(inputs, outcome)
    unordered = [not axis.is_ordered for axis in axes]
    for values in (found.coefficient, found.partial, found.low, found.high):
        values[unordered] = nan
    return found


def _influences(axes: Sequence[Axis], indices: Indices, ranks: Ranks) -> tuple[Influence, ...]:
    columns = (
        indices.first, indices.first_low, indices.first_high, indices.total, indices.total_low, indices.total_high,
        ranks.partial, ranks.low, ranks.high, ranks.coefficient,
    )  # fmt: skip
    return tuple(
        Influence(axis.name, *(float(column[k]) for column in columns)) for k, axis in enumerate(axes)
    )  # fmt: skip
