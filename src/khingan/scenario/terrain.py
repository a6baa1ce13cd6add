"""The map: two Parquet tables as columns, checked before anything relies on them."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from khingan.errors import Problem
from khingan.evidence.parquet import array_of, read_table
from khingan.scenario.schema import Terrain
from khingan.scenario.vocabulary import COVERS, RAILS, RELIEFS, RIVERS, ROADS

CELLS, EDGES = "terrain/cells.parquet", "terrain/edges.parquet"
REMEDY = "build the terrain again"

# Column -> NumPy kind: words, numbers, row numbers, truth values.
CELL_COLUMNS = {
    "cell": "U", "lat": "f", "lon": "f", "area_km2": "f", "land": "f", "elevation_m": "f", "cover": "U", "relief": "U",
    "owner": "U", "border": "b",
}  # fmt: skip
EDGE_COLUMNS = {
    "a": "i", "b": "i", "distance_km": "f", "side_km": "f", "road": "U", "rail": "U", "river": "U",
    "mountain_pass": "b", "blocked": "b",
}  # fmt: skip
OPTIONAL = {"claimed": "U"}  # whose ground a cell is by the claims; where nobody disputes any, the owner's
KINDS = {"U": np.str_, "f": np.float64, "i": np.int64, "b": np.bool_}
CELL_WORDS = {"cover": COVERS, "relief": RELIEFS, "owner": ("SU", "JP"), "claimed": ("SU", "JP", "both")}
EDGE_WORDS = {"road": ROADS, "rail": RAILS, "river": RIVERS}


def read_terrain(folder: Path, problems: list[Problem]) -> Terrain | None:
    """The map; None, and problems noted, where a table is unsound."""
    faults = len(problems)
    cells = _read_columns(folder, CELLS, CELL_COLUMNS, CELL_WORDS, problems)
    edges = _read_columns(folder, EDGES, EDGE_COLUMNS, EDGE_WORDS, problems)
    if cells is None or edges is None:
        return None
    _check_cells(cells, problems)
    _check_edges(edges, len(cells["cell"]), problems)
    return Terrain(cells=cells, edges=edges) if len(problems) == faults else None


def _read_columns(
    folder: Path, file: str, kinds: dict[str, str], words: dict[str, tuple[str, ...]], problems: list[Problem]
) -> dict[str, np.ndarray] | None:  # fmt: skip
    faults = len(problems)
    try:
        table = read_table(folder / file)
    except (OSError, pa.ArrowException) as error:
        what = "the file is missing" if isinstance(error, FileNotFoundError) else "the file is no sound Parquet table"
        problems.append(Problem(file, 0, 0, what, REMEDY))
        return None
    columns = {}
    optional = OPTIONAL if file == CELLS else {}
    for name, kind in {**kinds, **optional}.items():
        if name in optional and name not in table.column_names:
            continue
        if name not in table.column_names:
            problems.append(Problem(file, 0, 0, f"column '{name}' is missing", REMEDY))
            continue
        try:
            columns[name] = _column(table.column(name), kind)
        except (ValueError, TypeError, OverflowError, pa.ArrowException):
            problems.append(Problem(file, 0, 0, f"column '{name}' holds values of another kind or gaps", REMEDY))
            continue
        _check_column(file, name, columns[name], kind, words, problems)
    return columns if len(problems) == faults else None


def _column(values: pa.ChunkedArray, kind: str) -> np.ndarray:
    if values.null_count:
        raise ValueError("gaps")
    return array_of(values).astype(KINDS[kind])


def _check_column(
    file: str, name: str, values: np.ndarray, kind: str, words: dict[str, tuple[str, ...]], problems: list[Problem]
) -> None:  # fmt: skip
    if kind == "f" and not np.isfinite(values).all():
        problems.append(Problem(file, 0, 0, f"column '{name}' holds values that are no numbers", REMEDY))
    strange = sorted(set(values.tolist()) - set(words[name])) if name in words else []
    if strange:
        what = f"column '{name}' holds '{strange[0][:40]}'"
        problems.append(Problem(file, 0, 0, what, "use one of: " + ", ".join(words[name])))


def _check_cells(cells: dict[str, np.ndarray], problems: list[Problem]) -> None:
    names = cells["cell"]
    if len(names) == 0 or not (names[1:] > names[:-1]).all():
        problems.append(Problem(CELLS, 0, 0, "cells are not sorted, each once", REMEDY))
    if not (cells["area_km2"] > 0).all():
        problems.append(Problem(CELLS, 0, 0, "a cell has no area", REMEDY))


def _check_edges(edges: dict[str, np.ndarray], count: int, problems: list[Problem]) -> None:
    a, b = edges["a"], edges["b"]
    if not ((a >= 0) & (a < b) & (b < count)).all():
        problems.append(Problem(EDGES, 0, 0, "an edge joins cells that do not exist, or not a before b", REMEDY))
    elif len(np.unique(a * count + b)) != len(a):
        problems.append(Problem(EDGES, 0, 0, "two edges join the same cells", REMEDY))
    if not (edges["distance_km"] > 0).all():
        problems.append(Problem(EDGES, 0, 0, "an edge has no length", REMEDY))
