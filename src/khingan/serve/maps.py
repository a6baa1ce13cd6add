"""Maps of a what-if: in how many runs of each arm every cell had been held by each day, and the ground they lie on."""

import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self
from zipfile import BadZipFile

import numpy as np

from khingan.report.ground import Ground
from khingan.report.packing import Pack
from khingan.report.people import places
from khingan.scenario.schema import Scenario
from khingan.units import HOURS_PER_DAY

MAPS = "maps.npz"
QUICK = 1  # of deflate: what is remembered is packed while runs are played


class Mapped(Protocol):
    """An arm that knows when its runs first held each cell."""

    def held(self, run: int) -> np.ndarray: ...


def days_held(first_control: np.ndarray, later_h: float, days: int) -> Iterator[bytes]:
    """For each run the day by whose end it first held each cell, packed; `first_control` (run, cell) is in hours.

    Days of 24 h are counted from the H-hour of the campaign as it was, so that both arms are seen on the same date;
    0 is what was held from the beginning, `days` + 1 what was not held within them. As in the record, a cell that is
    lost again still counts as held.
    """
    since = np.where(first_control > 0.0, np.ceil((first_control + later_h) / HOURS_PER_DAY), first_control)
    for run in np.where(since <= days, np.maximum(since, 0.0), days + 1).astype(_kind(days)):  # NaN is not <= days
        yield zlib.compress(run.tobytes(), QUICK)


def read_days(packed: bytes, days: int) -> np.ndarray:
    """(cell,) of one run of `days_held`."""
    return np.frombuffer(zlib.decompress(packed), dtype=_kind(days))


def _kind(days: int) -> type[np.unsignedinteger]:
    return np.uint8 if days + 1 <= np.iinfo(np.uint8).max else np.uint16


@dataclass
class Tally:
    """`counts` (arm, cell, day): in how many of the first `runs` runs each cell was first held on each day."""

    counts: np.ndarray
    runs: int = 0

    @classmethod
    def empty(cls, arms: int, cells: int, days: int) -> Self:
        """Of no run yet; day 0 is what was held from the beginning."""
        return cls(np.zeros((arms, cells, days + 1), dtype=np.uint16))

    def add(self, arms: Sequence[Mapped], runs: int) -> None:
        """Count every arm's runs up to `runs`, those not counted before."""
        for counts, arm in zip(self.counts, arms, strict=True):
            for run in range(self.runs, runs):
                day = arm.held(run)
                (ever,) = np.nonzero(day < counts.shape[1])
                counts[ever, day[ever]] += 1
        self.runs = max(self.runs, runs)

    def keep(self, folder: Path, identity: str) -> None:
        """Put the counts in place by rename."""
        partial = folder / (MAPS + ".partial")
        with partial.open("wb") as file:
            np.savez_compressed(file, counts=self.counts, runs=np.array(self.runs), identity=np.array(identity))
        os.replace(partial, folder / MAPS)

    @classmethod
    def kept(cls, folder: Path, identity: str = "") -> Self | None:
        """What an earlier attempt kept; nothing where there is none, or it answered something else."""
        try:
            with np.load(folder / MAPS, allow_pickle=False) as found:
                same = not identity or str(found["identity"]) == identity
                return cls(found["counts"], int(found["runs"])) if same else None
        except (FileNotFoundError, EOFError, BadZipFile, ValueError, KeyError):
            return None  # nothing kept, or damaged: it is played again

    def page(self) -> dict[str, Any]:
        """The counts as the page unpacks them."""
        pack = Pack()
        pack.add("counts", self.counts)
        return {"runs": self.runs, "days": self.counts.shape[2] - 1, **pack.as_json()}


def ground_page(scenario: Scenario) -> dict[str, Any]:
    """The ground on which the page draws the counts, with names and the area (km2) of every cell."""
    ground, pack = Ground(scenario), Pack()
    drawn = ground.pack(scenario, pack)
    cells, calendar = scenario.terrain.cells, scenario.calendar
    pack.add("home", (cells["owner"] == calendar.control_side).astype(np.uint8))
    pack.add("area", cells["area_km2"].astype(np.float32))
    named = [{key: place[key] for key in ("then", "x", "y", "rank")} for place in places(scenario, ground)[0]]
    return {
        "start": calendar.h_hour.isoformat() + "Z", "days": calendar.days, "places": named, "ground": drawn,
        "side": calendar.sides[calendar.control_side].name, **pack.as_json(),
    }  # fmt: skip
