"""The outcomes of many arms on disk: one small array a chunk of an arm, so that a stop loses one chunk."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np

from khingan.calibration.reference_table import differences, put
from khingan.errors import KhinganError
from khingan.experiment.arm import CHUNK, Ground, in_threads
from khingan.experiment.change import Change
from khingan.simulation.run import Progress


class Cells:
    """Reads and writes what each cell of an experiment came to; a folder belongs to one experiment only."""

    def __init__(self, folder: Path, identity: Mapping[str, Any], kind: str = "attribution") -> None:
        self.folder = folder
        record = folder / f"{kind}.json"
        text = json.dumps(identity, indent=2, sort_keys=True)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not any(folder.iterdir()):
                put(record, text.encode())
            found = record.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise KhinganError(
                str(folder), f"not empty and no {kind}", "name an empty or new folder with --out"
            ) from None
        except OSError as error:
            remedy = "name another folder with --out"
            raise KhinganError(str(folder), f"cannot be written: {error.strerror}", remedy) from error
        if found != text:
            raise KhinganError(
                str(folder), f"holds another {kind}: {differences(found, identity)}", "use another --out"
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


def play_grid(
    ground: Ground, cells: Cells, changes: Callable[[int], Sequence[Change]], wanted: Sequence[int], runs: int,
    seed: int, workers: int | None, progress: Progress,
) -> np.ndarray:  # fmt: skip
    """(cell, run, measure) of the cells wanted, each under its changes; what lies on disk is not played again.

    An arm is built when its cell is played and forgotten after.
    """
    pieces = [(first, min(CHUNK, runs - first)) for first in range(0, runs, CHUNK)]
    stop = Event()

    def fill(cell: int) -> None:
        missing = [piece for piece in pieces if not cells.has(cell, *piece)]
        arm = ground.arm(changes(cell)) if missing else None
        for first, size in missing:
            if arm is None or stop.is_set():
                return
            cells.write(cell, first, arm.play(seed, first, size))

    progress("runs", 0, len(wanted) * runs)
    tasks = [partial(fill, cell) for cell in wanted]
    for done, _ in enumerate(in_threads(tasks, workers, stop), start=1):
        progress("runs", done * runs, len(wanted) * runs)
    return np.stack([np.concatenate([cells.read(cell, *piece) for piece in pieces]) for cell in wanted])


def default_folder(kind: str, campaign: str, seed: int) -> Path:
    """A new folder's name: kind, campaign, seed and time (UTC)."""
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")[:-3]
    return Path("studies") / f"{kind}-{campaign}-seed{seed}-{now}Z"
