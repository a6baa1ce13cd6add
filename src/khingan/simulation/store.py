"""The ensemble on disk: one zarr array a variable, filled chunk by chunk, readable at every moment.

Chunk files land by rename. `played` is written last of each chunk, so that a chunk counts only when every variable has
landed. Files are written and read here, by the rules of the format: a chunk of an array is the file of its encoded
bytes, and `zarr.json` says what they mean. zarr itself takes as long over a chunk as half a dozen runs, and over an
empty ensemble as long as fifteen; it takes it from the threads that play.
"""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numcodecs.vlen import VLenUTF8
from numcodecs.zstd import Zstd

from khingan.simulation.ensemble import METADATA, Ensemble
from khingan.simulation.variables import VARIABLES, Variable

# Fixed, because the chunk is the unit of playing and resuming: results must not depend on who played it.
CHUNK = 50
LEVEL = -7  # of compression: a third more on disk than level 1, in half of its time

PLAYED = Variable((), "uint8", "1", "1 where the run is complete")
# Coordinates that are not named like their dimension: (dimension, unit). The parameters' names cannot stand under
# "parameter", because a variable has that name and xarray would take it for the index.
COORDINATES = {
    "lat": ("cell", "degrees_north"),
    "lon": ("cell", "degrees_east"),
    "step_end_h": ("step", "h"),
}

# A float never reached is NaN; a place off the map is -1; flags start at 0.
FILL = {"float32": np.nan, "int16": -1, "uint8": 0}

SEPARATOR = "."  # in the names of chunks; folders would take longer than the files

Packed = Mapping[str, bytes]  # by variable, `played` last


def pack(arrays: Mapping[str, np.ndarray]) -> Packed:
    """A chunk's files: the arrays (run, ...) as they stand on disk, runs beyond the last one filled up."""
    whole = {**{name: arrays[name] for name in VARIABLES}, "played": np.ones(len(arrays["draw"]), np.uint8)}
    table = {**VARIABLES, "played": PLAYED}
    return {name: encoded(array, table[name].dtype) for name, array in whole.items() if array.size}


def encoded(array: np.ndarray, dtype: str) -> bytes:
    """One array of a chunk as `create` says that it is kept; the interpreter is free meanwhile."""
    room = np.ascontiguousarray(array, np.dtype(dtype).newbyteorder("<"))
    if len(array) < CHUNK:
        room = np.full((CHUNK, *array.shape[1:]), FILL[dtype], room.dtype)
        room[: len(array)] = array
    return bytes(Zstd(LEVEL).encode(room))


def chunk_path(folder: Path, name: str, first: int) -> Path:
    """The file of the chunk of a variable that begins with run `first`."""
    dims = () if name == "played" else VARIABLES[name].dims
    return folder / name / SEPARATOR.join(["c", str(first // CHUNK), *["0"] * len(dims)])


class Store:
    """Writes an ensemble; `xarray.open_zarr(folder, consolidated=False)` reads it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.played = Ensemble(folder).complete()

    def missing(self, runs: int) -> list[int]:
        """First run of every chunk not yet whole among the first `runs`."""
        return [first for first in range(0, runs, CHUNK) if not self.played[first : min(first + CHUNK, runs)].all()]

    def kept(self) -> int:
        """Runs that are complete."""
        return int(self.played.sum())

    def write(self, first: int, count: int, packed: Packed) -> None:
        """Land the chunk that begins with run `first` and holds `count` runs, `played` last."""
        for name, content in packed.items():
            path = chunk_path(self.folder, name, first)
            partial = path.with_name(path.name + ".partial")
            partial.write_bytes(content)
            os.replace(partial, path)
        self.played[first : first + count] = 1


def open_store(folder: Path, axes: Mapping[str, Sequence[Any]], attributes: Mapping[str, Any], runs: int) -> Store:
    """The ensemble in `folder` with room for `runs`, made where there is none."""
    if not folder.exists():
        partial = folder.with_name(folder.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        create(partial, axes, attributes, runs)
        os.replace(partial, folder)
    else:
        sweep(folder)
        extend(folder, runs)
    return Store(folder)


def create(folder: Path, axes: Mapping[str, Sequence[Any]], attributes: Mapping[str, Any], runs: int) -> None:
    """An empty ensemble with its coordinates."""
    group = {"attributes": {**attributes, "coordinates": " ".join(COORDINATES)}, "zarr_format": 3, "node_type": "group"}
    say(folder, group)
    for name, values in axes.items():
        dimension, unit = COORDINATES.get(name, (name, ""))
        array = np.array(values)
        words = array.dtype.kind == "U"
        kind = "string" if words else str(array.dtype)
        said = described(
            array.shape, array.shape, kind, "" if words else 0, (dimension,), {"units": unit} if unit else {}
        )
        say(folder / name, said)
        if array.size:
            plain = VLenUTF8().encode(array.astype(object)) if words else array.astype(array.dtype.newbyteorder("<"))
            (folder / name / SEPARATOR.join("c0")).write_bytes(Zstd(LEVEL).encode(plain))
    lengths = {COORDINATES.get(name, (name, ""))[0]: len(values) for name, values in axes.items()}
    for name, variable in {**VARIABLES, "played": PLAYED}.items():
        shape = tuple(lengths[dimension] for dimension in variable.dims)
        fill = "NaN" if variable.dtype == "float32" else FILL[variable.dtype]
        told = {"units": variable.unit, "long_name": variable.meaning}
        said = described((runs, *shape), (CHUNK, *shape), variable.dtype, fill, ("run", *variable.dims), told)
        say(folder / name, said)


def described(
    shape: Sequence[int], chunk: Sequence[int], kind: str, fill: Any, dims: Sequence[str], attributes: Mapping[str, str]
) -> dict[str, Any]:
    """The metadata of an array (zarr's format, version 3)."""
    plain = {"name": "bytes", "configuration": {"endian": "little"}}
    return {
        "shape": list(shape),
        "data_type": kind,
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [max(length, 1) for length in chunk]}},
        "chunk_key_encoding": {"name": "default", "configuration": {"separator": SEPARATOR}},
        "fill_value": fill,
        "codecs": [
            {"name": "vlen-utf8", "configuration": {}} if kind == "string" else plain,
            {"name": "zstd", "configuration": {"level": LEVEL, "checksum": False}},
        ],
        "attributes": dict(attributes),
        "dimension_names": list(dims),
        "zarr_format": 3,
        "node_type": "array",
        "storage_transformers": [],
    }


def say(folder: Path, metadata: Mapping[str, Any]) -> None:
    """Write the metadata of a group or an array."""
    folder.mkdir(parents=True)
    (folder / METADATA).write_text(json.dumps(metadata, indent=2), encoding="utf-8")


def extend(folder: Path, runs: int) -> None:
    """Room for more runs; new metadata is first written beside the old everywhere, so a full disk changes nothing."""
    renames = []
    for name in (*VARIABLES, "played"):
        path = folder / name / METADATA
        metadata = json.loads(path.read_text(encoding="utf-8"))
        if metadata["shape"][0] < runs:
            metadata["shape"][0] = runs
            partial = path.with_suffix(".partial")
            partial.write_text(json.dumps(metadata, indent=2), encoding="utf-8")
            renames.append((partial, path))
    for partial, path in renames:
        os.replace(partial, path)


def sweep(folder: Path) -> None:
    """Remove what a killed process left half written."""
    for partial in folder.rglob("*.partial"):
        partial.unlink(missing_ok=True)
