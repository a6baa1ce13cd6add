"""A study that can be played: its points, and the chunks they are played in."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, NamedTuple

import numpy as np

from khingan.experiment.axis import AS_IT_WAS, Axis
from khingan.experiment.change import Change, Measure
from khingan.experiment.design import factorial, latin_hypercube, saltelli
from khingan.experiment.study_file import StudyFile
from khingan.scenario.schema import Scenario
from khingan.simulation.settings import Settings
from khingan.simulation.study import Study

LEAST_CHUNK, MOST_CHUNK = 50, 1000  # runs: seconds of work, against milliseconds of sending it
WANTED_CHUNKS = 5000


class Piece(NamedTuple):
    """Some runs of one point; `values` are those of the axes, in their order."""

    point: int
    first_run: int
    runs: int
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Plan:
    """What is asked of a campaign. Every point has the same run numbers, so that all of them share their luck."""

    file: StudyFile
    scenario: Scenario
    settings: Settings
    axes: tuple[Axis, ...]
    changes: dict[str, Change]
    measures: tuple[Measure, ...]

    @property
    def points(self) -> int:
        """Points of the design."""
        design = self.file.design
        if design.kind == "listed":
            return len(self.file.points)
        if design.kind == "factorial":
            return prod(len(axis.levels) for axis in self.axes)
        return (design.points or 0) * (len(self.axes) + 2 if design.kind == "sobol" else 1)

    @cached_property
    def cube(self) -> np.ndarray:
        """(point, axis) in the unit cube."""
        design, axes, seed = self.file.design, len(self.axes), self.file.seed
        if design.kind == "latin_hypercube":
            return latin_hypercube(design.points or 0, axes, seed)
        if design.kind == "sobol":
            return saltelli(design.points or 0, axes, seed)
        return factorial(self.axes) if design.kind == "factorial" else self.listed()

    def listed(self) -> np.ndarray:
        """Where listed points lie: in the middle of their levels."""
        levels = [self.listed_level(axis, number) for number in range(self.points) for axis in self.axes]
        count = np.array([len(axis.levels) for axis in self.axes])
        return (np.array(levels).reshape(self.points, len(self.axes)) + 0.5) / count

    def listed_level(self, axis: Axis, number: int) -> int:
        """The level of an axis at a listed point; a parameter has a level of its own in every point."""
        point = self.file.points[number]
        if axis.kind == "parameter":
            return number
        if axis.kind == "change":
            return int(axis.name in point.changes)
        return axis.levels.index(point.date.isoformat(timespec="minutes")) if point.date else 0

    @cached_property
    def columns(self) -> dict[str, np.ndarray]:
        """The value of every axis (point,)."""
        return {axis.name: axis.values(self.cube[:, k]) for k, axis in enumerate(self.axes)}

    @property
    def runs(self) -> int:
        """Runs of all points together."""
        return self.points * self.file.runs

    @property
    def chunk_runs(self) -> int:
        """Runs of a chunk: the fewest that leave few enough files, and no more than half a minute's."""
        return min(MOST_CHUNK, max(LEAST_CHUNK, -(-self.runs // WANTED_CHUNKS)))

    @property
    def parts(self) -> int:
        """Chunks that one point is cut into; points that are reduced to quantiles stay whole."""
        return 1 if self.file.output == "cells" else -(-self.file.runs // self.chunk_runs)

    @property
    def points_a_chunk(self) -> int:
        """Points that stand together in a chunk."""
        return 1 if self.parts > 1 else max(1, self.chunk_runs // self.file.runs)

    @property
    def chunks(self) -> int:
        """Chunks of the whole study."""
        return self.points * self.parts if self.parts > 1 else -(-self.points // self.points_a_chunk)

    def pieces(self, chunk: int) -> tuple[Piece, ...]:
        """What a chunk holds; the same whoever plays it."""
        runs = self.file.runs
        if self.parts > 1:
            point, part = divmod(chunk, self.parts)
            first = part * self.chunk_runs
            return (Piece(point, first, min(self.chunk_runs, runs - first), self.values(point)),)
        first = chunk * self.points_a_chunk
        points = range(first, min(first + self.points_a_chunk, self.points))
        return tuple(Piece(point, 0, runs, self.values(point)) for point in points)

    def values(self, point: int) -> tuple[Any, ...]:
        """The values of the axes at a point."""
        return tuple(column[point].item() if axis.is_number else column[point]
                     for axis, column in zip(self.axes, self.columns.values(), strict=True))  # fmt: skip

    @cached_property
    def study(self) -> Study:
        """Campaign, code and settings by which a worker knows whether it would play the same."""
        return Study.plan(self.scenario, 0, self.file.seed, self.settings)

    def identity(self) -> dict[str, Any]:
        """What makes two studies the same."""
        own = {"file", "line"}
        digest = hashlib.sha256(json.dumps([values.tolist() for values in self.columns.values()]).encode())
        names = ("campaign", "fingerprint", "code", "parameter_files", "version")
        return {
            **{name: getattr(self.study, name) for name in names},
            **self.file.model_dump(mode="json", exclude={"campaign", "changes", "measures", "points", "changes_file"}),
            "axes": [{"name": axis.name, "kind": axis.kind, "levels": len(axis.levels)} for axis in self.axes],
            "points": digest.hexdigest(),
            "changes": {name: change.model_dump(mode="json", exclude=own) for name, change in self.changes.items()},
            "measures": [measure.model_dump(mode="json", exclude=own) for measure in self.measures],
            "chunk_runs": self.chunk_runs,
            "chunks": self.chunks,
        }

    def combinations(self) -> int:
        """Different sets of changes among the points: worlds that a worker has to lay out."""
        others = [values for axis, values in zip(self.axes, self.columns.values(), strict=True) if not axis.is_number]
        return len(set(zip(*others, strict=True))) if others else 1


def changed(values: tuple[Any, ...]) -> tuple[str, ...]:
    """The names of the changes among values of axes."""
    return tuple(value for value in values if isinstance(value, str) and value != AS_IT_WAS)
