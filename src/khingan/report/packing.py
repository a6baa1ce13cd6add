"""Arrays packed small for the page: byte planes, deflated, as text that may stand inside a script element."""

import base64
import json
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

PER_KM = 10  # coordinates are whole tenths of a km; they fit 16 bits to 3,276 km from the origin
COARSE = 5  # resolution of H3 down to which that is fine enough


class Pack:
    """Collects arrays by name; `as_json` is what the page's own script unpacks.

    Bytes of equal weight stand together, and `steps=True` keeps each value as its difference from the one before along
    the last axis (16 and 8 bit arithmetic wraps, so nothing is lost): both make deflate find more.
    """

    def __init__(self) -> None:
        self.parts: dict[str, tuple[NDArray, bool]] = {}

    def add(self, name: str, array: NDArray, steps: bool = False) -> None:
        """Take one array in; 8, 16 and 32 bit integers and 32 bit floats are known to the page."""
        if array.dtype.name not in ("uint8", "int16", "uint16", "int32", "float32"):
            raise TypeError(f"{name}: {array.dtype.name} is not known to the page")
        self.parts[name] = (array, steps)

    def take(self, other: "Pack") -> None:
        """Take in what another one collected, after what is here."""
        self.parts |= other.parts

    def as_json(self) -> dict[str, Any]:
        """`arrays`: name, type, shape and whether differences are kept, in the order of `blob`."""
        head = [[name, array.dtype.name, list(array.shape), int(steps)] for name, (array, steps) in self.parts.items()]
        raw = b"".join(planes(differences(array) if steps else array) for array, steps in self.parts.values())
        return {"arrays": head, "blob": base64.b64encode(zlib.compress(raw, 6)).decode("ascii")}


def differences(array: NDArray) -> NDArray:
    """Each value less the one before it along the last axis; the first stays."""
    if not array.size:
        return array
    made = array.copy()
    made[..., 1:] = array[..., 1:] - array[..., :-1]
    return made


def planes(array: NDArray) -> bytes:
    """All lowest bytes, then all next ones."""
    flat = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("<"))).ravel()
    return flat.view(np.uint8).reshape(-1, array.dtype.itemsize).T.tobytes()


def units_per_km(resolution: int) -> int:
    """Units of the page's map in a km: tenths, and more on finer maps, so that a cell is as wide as on coarse ones."""
    return round(PER_KM * max(1.0, 7 ** ((resolution - COARSE) / 2)))


def tenths(x: NDArray, y: NDArray, per_km: int = PER_KM) -> NDArray[np.int16]:
    """(point, 2) in whole units, tenths of a km, x eastward and y southward, kept within 16 bits."""
    limits = np.iinfo(np.int16)
    points = np.rint(np.stack([np.asarray(x), -np.asarray(y)], axis=-1) * per_km)
    return np.clip(points, limits.min, limits.max).astype(np.int16)


def joined(lines: Sequence[NDArray]) -> NDArray[np.int16]:
    """Lines (point, 2) one after another as x differences then y differences, each line from its own first point."""
    if not lines:
        return np.zeros((2, 0), dtype=np.int16)
    return np.concatenate([differences(np.ascontiguousarray(line.T)) for line in lines], axis=1)


def island(data: Any) -> str:
    """The JSON as it may stand inside a script element."""
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")
