"""The runs that were played, remembered between questions: with the same luck they are the same runs."""

import os
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from khingan.experiment.arm import Arm
from khingan.history.measure import Chunk
from khingan.serve.maps import days_held, read_days

MOST_RUNS = 200_000  # of all arms together, some hundred bytes each
MOST_DAYS = 40_000  # runs of which also the ground is remembered, some four thousand bytes each
AHEAD = 5  # runs a core plays at a stretch while nobody asks: as long may a question have to wait


@dataclass(frozen=True)
class Remembered(Arm):
    """An arm that plays no run twice.

    `known` holds every measure of the runs played before; `columns` are the numbers of those asked for. Where a map is
    wanted `days` is the number of its days, and `ground` holds on which of them each run first held each cell.
    """

    known: dict[int, np.ndarray] = field(default_factory=dict)
    columns: Sequence[int] = ()
    days: int = 0
    ground: dict[int, bytes] = field(default_factory=dict)

    def play(self, seed: int, first_run: int, count: int) -> np.ndarray:
        """(run, measure asked for) as the arm itself would play them; only what is not known is played."""
        runs = range(first_run, first_run + count)
        lacking = [run for run in runs if self.lacks(run)]
        if lacking:
            first, last = lacking[0], lacking[-1]
            self.known.update(zip(range(first, last + 1), super().play(seed, first, last + 1 - first), strict=True))
        return np.array([self.known[run] for run in runs])[:, list(self.columns)]

    def lacks(self, run: int) -> bool:
        """Whether a run has to be played."""
        return run not in self.known or (self.days > 0 and run not in self.ground)

    def measured(self, chunk: Chunk, first_run: int) -> np.ndarray:
        """As the arm itself measures them; where a map is wanted the ground of every run is kept."""
        if self.days:
            kept = days_held(chunk["first_control"], self.later_h, self.days)
            self.ground.update(enumerate(kept, first_run))
        return super().measured(chunk, first_run)

    def keep(self, path: Path, identity: str) -> None:
        """Put on disk, by rename, the runs of which all is known; `identity` names what they rest on."""
        runs = sorted(self.known.keys() & self.ground.keys())
        partial = path.with_suffix(".partial")
        with partial.open("wb") as file:
            np.savez(
                file, identity=np.array(identity), runs=np.array(runs),
                known=np.array([self.known[run] for run in runs]),
                ends=np.cumsum([len(self.ground[run]) for run in runs]),
                ground=np.frombuffer(b"".join(self.ground[run] for run in runs), np.uint8),
            )  # fmt: skip
        os.replace(partial, path)

    def recall(self, path: Path, identity: str) -> None:
        """Know the runs that an earlier server kept; none where it kept none, others, or they are damaged."""
        try:
            with np.load(path, allow_pickle=False) as found:
                if str(found["identity"]) != identity:
                    return
                runs, known = found["runs"].tolist(), found["known"]
                ground = np.split(found["ground"], found["ends"][:-1])
        except (OSError, EOFError, BadZipFile, ValueError, KeyError):
            return  # they are played again
        self.known.update(zip(runs, known, strict=True))
        self.ground.update(zip(runs, (part.tobytes() for part in ground), strict=True))

    def held(self, run: int) -> np.ndarray:
        """(cell,) the day on which a run that was played first held each cell, as `days_held` counts."""
        return read_days(self.ground[run], self.days)


class Memory:
    """Of the arms asked for last, the runs that were played; the one asked for longest ago is forgotten first."""

    def __init__(self) -> None:
        self.kept: OrderedDict[str, dict[int, np.ndarray]] = OrderedDict()
        self.ground: OrderedDict[str, dict[int, bytes]] = OrderedDict()

    def of(self, arm: Arm, identity: str, columns: Sequence[int], days: int = 0) -> Remembered:
        """The arm with what was played of it before; `identity` names all that its values rest on.

        With `days` its ground is remembered too, for a map of so many days.
        """
        known = self.kept.setdefault(identity, {})
        self.kept.move_to_end(identity)
        ground: dict[int, bytes] = {}
        if days:
            ground = self.ground.setdefault(identity, ground)
            self.ground.move_to_end(identity)
        self.forget()
        return Remembered(arm.settings, arm.world, arm.gauges, arm.later_h, known, columns, days, ground)

    def forget(self) -> None:
        """Keep no more than is bounded; the arm asked for last stays in any case."""
        for kept, most in ((self.kept, MOST_RUNS), (self.ground, MOST_DAYS)):
            held = sum(map(len, kept.values()))
            while held > most and len(kept) > 1:
                held -= len(kept.popitem(last=False)[1])
