"""The outcomes of a factorial on disk: one small array a chunk of a combination, so that a stop loses one chunk."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from khingan.errors import KhinganError

ATTRIBUTION = "attribution.json"


class Cells:
    """Reads and writes what each combination of factors came to; a folder belongs to one experiment only."""

    def __init__(self, folder: Path, identity: Mapping[str, Any]) -> None:
        self.folder = folder
        text = json.dumps(identity, indent=2, sort_keys=True)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not any(folder.iterdir()):
                _put(folder / ATTRIBUTION, text.encode())
            found = (folder / ATTRIBUTION).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise KhinganError(
                str(folder), "not empty and no attribution", "name an empty or new folder with --out"
            ) from None
        except OSError as error:
            remedy = "name another folder with --out"
            raise KhinganError(str(folder), f"cannot be written: {error.strerror}", remedy) from error
        if found != text:
            raise KhinganError(
                str(folder), f"holds another attribution: {_differences(found, identity)}", "use another --out"
            )

    def path(self, cell: int, first: int, count: int) -> Path:
        """Where runs first.. of a combination stand."""
        return self.folder / f"cell-{cell:04d}-runs-{first:06d}-{count:03d}.npy"

    def has(self, cell: int, first: int, count: int) -> bool:
        """Whether the chunk has been played."""
        return self.path(cell, first, count).is_file()

    def read(self, cell: int, first: int, count: int) -> np.ndarray:
        """(run, measure) of a chunk."""
        return np.load(self.path(cell, first, count))

    def write(self, cell: int, first: int, values: np.ndarray) -> None:
        """Land a chunk by rename, so that it is never found half written."""
        path = self.path(cell, first, len(values))
        partial = path.with_suffix(".partial")
        with partial.open("wb") as file:
            np.save(file, values)
        os.replace(partial, path)


def _put(path: Path, content: bytes) -> None:
    partial = path.with_suffix(".partial")
    partial.write_bytes(content)
    os.replace(partial, path)


def _differences(found: str, identity: Mapping[str, Any]) -> str:
    """The fields in which two experiments differ."""
    try:
        there = json.loads(found)
    except ValueError:
        return "its record cannot be read"
    return ", ".join(sorted(key for key in identity if there.get(key) != identity[key])) + " differ"
