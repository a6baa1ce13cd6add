"""The folder of a study: what was asked, its points, and a Parquet file for every chunk that has been played."""

import json
import os
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from khingan.errors import KhinganError
from khingan.experiment.axis import Axis
from khingan.experiment.sweep_plan import Piece, Plan

RECORD, POINTS, ROWS = "sweep.json", "points.parquet", "rows.parquet"
QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
STATISTICS = ("mean", "sd", "even", *QUANTILES)  # `even` is the mean of runs 0, 2, 4, ...
Column = Any


class Rows:
    """Writes and lists the chunks of one study; `rows.parquet` is a folder that every reader of Parquet opens whole."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.folder, self.plan = folder, plan
        record = json.dumps(plan.identity(), indent=2)
        try:
            (folder / ROWS).mkdir(parents=True, exist_ok=True)
            if not (folder / RECORD).exists() and {path.name for path in folder.iterdir()} - {ROWS, POINTS}:
                raise KhinganError(str(folder), "not empty and no study", "name an empty or new folder with --out")
            if not (folder / RECORD).exists():
                put(folder / POINTS, parquet(points_table(plan)))
                put(folder / RECORD, record.encode())
            found = (folder / RECORD).read_text(encoding="utf-8")
            for partial in folder.rglob("*.partial"):
                partial.unlink(missing_ok=True)
        except OSError as error:
            remedy = "free space, or name another folder with --out"
            raise KhinganError(str(folder), f"cannot be written: {error.strerror or error}", remedy) from error
        if found != record:
            raise another(folder, found, plan.identity())
        self.played = {int(path.stem.removeprefix("part-")) for path in (folder / ROWS).glob("part-*.parquet")}
        self.runs = sum(piece.runs for chunk in self.played for piece in plan.pieces(chunk))

    def missing(self) -> list[int]:
        """Chunks that have not been played."""
        return [chunk for chunk in range(self.plan.chunks) if chunk not in self.played]

    def land(self, chunk: int, values: np.ndarray) -> None:
        """Write a chunk by rename, so that it is there whole or not at all."""
        content = parquet(chunk_table(self.plan, self.plan.pieces(chunk), values))
        put(self.folder / ROWS / f"part-{chunk:06d}.parquet", content)
        self.played.add(chunk)
        self.runs += len(values)


def another(folder: Path, found: str, identity: Mapping[str, Any]) -> KhinganError:
    """The folder belongs to another study: by name, and what differs."""
    try:
        there = json.loads(found)
        differing = sorted(key for key in identity if there.get(key) != identity[key])
        what = f"holds another study, '{there.get('name')}': {', '.join(differing)} differ"
    except (ValueError, AttributeError):
        what = "its sweep.json cannot be read"
    return KhinganError(str(folder), what, "name another folder with --out")


def put(path: Path, content: bytes) -> None:
    """Write beside and rename; what could not be written leaves nothing behind."""
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_bytes(content)
        os.replace(partial, path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def parquet(table: pa.Table) -> bytes:
    """The table as the bytes of a file; chunks have few rows, so that what is said of each column weighs."""
    out, words = BytesIO(), [field.name for field in table.schema if pa.types.is_dictionary(field.type)]
    pq.write_table(table, out, compression="zstd", use_dictionary=words, write_statistics=False)
    return out.getvalue()


def points_table(plan: Plan) -> pa.Table:
    """A row for every point: the values of its axes, and under `u NAME` where they lie in the unit interval."""
    places = {f"u {axis.name}": pa.array(plan.cube[:, k]) for k, axis in enumerate(plan.axes)}
    values = {axis.name: column(axis, plan.columns[axis.name]) for axis in plan.axes}
    return pa.table({"point": pa.array(np.arange(plan.points, dtype=np.int32)), **values, **places})


def chunk_table(plan: Plan, pieces: Sequence[Piece], values: np.ndarray) -> pa.Table:
    """The rows of a chunk: one a run, or one a point."""
    if plan.file.output == "cells":
        cells = np.split(values, np.cumsum([piece.runs for piece in pieces])[:-1])
        counts = [1] * len(pieces)
        measured = statistics(plan, np.stack([summary(cell) for cell in cells]))
        own = {"runs": pa.array([piece.runs for piece in pieces], pa.int32())}
    else:
        counts = [piece.runs for piece in pieces]
        measured = {measure.name: pa.array(values[:, k]) for k, measure in enumerate(plan.measures)}
        runs = np.concatenate([np.arange(piece.first_run, piece.first_run + piece.runs) for piece in pieces])
        own = {"run": pa.array(runs.astype(np.int32))}
    points = np.repeat([piece.point for piece in pieces], counts)
    axes = {axis.name: column(axis, plan.columns[axis.name][points]) for axis in plan.axes}
    return pa.table({"point": pa.array(points.astype(np.int32)), **own, **axes, **measured})


def summary(cell: np.ndarray) -> np.ndarray:
    """(statistic, measure) of the runs of a point (run, measure)."""
    sd = cell.std(axis=0, ddof=1) if len(cell) > 1 else np.full(cell.shape[1], np.nan)
    quantiles = np.quantile(cell, list(QUANTILES.values()), axis=0)
    return np.stack([cell.mean(axis=0), sd, cell[::2].mean(axis=0), *quantiles])


def statistics(plan: Plan, summaries: np.ndarray) -> dict[str, Column]:
    """Columns of (point, statistic, measure), named by measure and statistic."""
    return {
        f"{measure.name} {name}": pa.array(summaries[:, s, m])
        for m, measure in enumerate(plan.measures)
        for s, name in enumerate(STATISTICS)
    }


def column(axis: Axis, values: np.ndarray) -> Column:
    """The values of an axis as a column; a parameter left to be drawn is null."""
    if axis.is_number:
        return pa.array(values.astype(float), from_pandas=True)
    return pa.array(values.tolist(), pa.dictionary(pa.int16(), pa.string()))
