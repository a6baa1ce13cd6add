"""An ensemble read back by the rules of zarr's format: to load xarray takes as long as to play forty runs.

Every array lies in chunks of some runs each, or whole in one chunk if it names a dimension. `intact` makes one clear
error of whatever damaged files raise.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numcodecs.vlen import VLenUTF8
from numcodecs.zstd import Zstd

from khingan.errors import KhinganError

METADATA = "zarr.json"
WORDS, NUMBERS = ["vlen-utf8", "zstd"], ["bytes", "zstd"]  # how the arrays are encoded

Convert = Callable[[np.ndarray], np.ndarray]


@contextmanager
def intact(folder: Path) -> Iterator[None]:
    """While an ensemble is read: what codecs, JSON and xarray raise over damaged files becomes one clear error."""
    try:
        yield
    except (ValueError, KeyError, RuntimeError) as error:
        what = f"damaged: {(str(error).splitlines() or [type(error).__name__])[0][:120]}"
        raise KhinganError(str(folder), what, "remove this folder and play the study again") from error


class Ensemble:
    """The arrays in a folder, by name; what is not there raises ValueError."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._said: dict[str, dict[str, Any]] = {}

    def __contains__(self, name: str) -> bool:
        return (self.folder / name / METADATA).is_file()

    @cached_property
    def attributes(self) -> dict[str, Any]:
        """What the ensemble says about itself."""
        return dict(self.said("")["attributes"])

    def said(self, name: str) -> dict[str, Any]:
        """The metadata of an array, of the ensemble itself without a name."""
        if name not in self._said:
            self._said[name] = dict(json.loads(contents(self.folder / name / METADATA)))
        return self._said[name]

    def dims(self, name: str) -> tuple[str, ...]:
        """The dimensions of an array."""
        return tuple(self.said(name)["dimension_names"])

    def whole(self, name: str) -> np.ndarray:
        """An array that lies in one chunk: the names along a dimension, or its numbers."""
        said = self.said(name)
        empty = np.zeros(said["shape"], said["data_type"] if said["data_type"] != "string" else np.str_)
        return self.chunk(name, 0) if empty.size else empty

    def runs(self, name: str, numbers: np.ndarray, convert: Convert | None = None) -> np.ndarray:
        """A variable of the runs in `numbers`, which ascend.

        `convert` makes of each chunk (run, ...) what is kept of it: a large variable need not be in memory whole.
        """
        said = self.said(name)
        size, shape = said["chunk_grid"]["configuration"]["chunk_shape"][0], said["shape"][1:]
        array = None
        done = 0
        for chunk in np.unique(numbers // size).tolist() if np.prod(shape) else ():
            rows = numbers[numbers // size == chunk] - chunk * size
            part = self.chunk(name, chunk)[rows[0] : rows[-1] + 1]
            part = part if len(part) == len(rows) else part[rows - rows[0]]
            part = convert(part) if convert else part
            array = np.empty((len(numbers), *part.shape[1:]), part.dtype) if array is None else array
            array[done : done + len(rows)] = part
            done += len(rows)
        return np.empty((len(numbers), *shape), said["data_type"]) if array is None else array

    def complete(self) -> np.ndarray:
        """(run,) 1 where the run is complete."""
        said = self.said("played")
        size, played = said["chunk_grid"]["configuration"]["chunk_shape"][0], np.zeros(said["shape"][0], np.uint8)
        for first in range(0, len(played), size):
            if self.path("played", first // size).exists():
                played[first : first + size] = self.chunk("played", first // size)[: len(played) - first]
        return played

    def chunk(self, name: str, number: int) -> np.ndarray:
        """One chunk of an array."""
        said = self.said(name)
        plain, codecs = contents(self.path(name, number)), [codec["name"] for codec in said["codecs"]]
        if codecs == WORDS:
            return np.asarray(VLenUTF8().decode(Zstd().decode(plain)), dtype=np.str_)
        if codecs != NUMBERS:
            raise ValueError(f"{name} is encoded by {' and '.join(codecs)}")
        shape = said["chunk_grid"]["configuration"]["chunk_shape"]
        return np.frombuffer(Zstd().decode(plain), np.dtype(said["data_type"]).newbyteorder("<")).reshape(shape)

    def path(self, name: str, number: int) -> Path:
        """The file of a chunk."""
        said = self.said(name)
        zeros = ["0"] * (len(said["shape"]) - 1)
        return (
            self.folder
            / name
            / said["chunk_key_encoding"]["configuration"]["separator"].join(["c", str(number), *zeros])
        )


def contents(path: Path) -> bytes:
    """A file; one that is gone is damage like any other."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path.parent.name}/{path.name}: {error.strerror}") from error
