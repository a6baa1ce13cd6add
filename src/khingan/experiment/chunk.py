"""A chunk of a study as a worker plays it, in this process, in another one, or on another machine."""

import fcntl
import pickle
import socket
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

import numba
import numpy as np

from khingan.errors import KhinganError
from khingan.experiment.arm import Arm, Ground
from khingan.experiment.change import Change, Measure
from khingan.experiment.sweep_plan import Piece, Plan, changed
from khingan.scenario.folder import CAMPAIGNS
from khingan.scenario.read import load
from khingan.simulation.run import Progress, quiet
from khingan.simulation.settings import Settings
from khingan.simulation.study import Study, fingerprint

READING = ("evidence", "scenario", "history", "experiment")
ARMS_KEPT = 8  # worlds a worker keeps: some megabytes each


@dataclass(frozen=True)
class Job:
    """All that a worker needs besides the package and the campaign's files; travels as bytes."""

    campaign: str
    study: Study
    axes: tuple[str, ...]
    numbers: tuple[bool, ...]
    changes: dict[str, Change]
    measures: tuple[Measure, ...]
    reading: str  # fingerprint of the code that reads campaigns and makes measures

    @classmethod
    def of(cls, plan: Plan) -> bytes:
        """The job of a study."""
        folder = Path(plan.scenario.folder)
        campaign = folder.name if folder.parent == CAMPAIGNS.absolute() else str(folder)
        names, numbers = tuple(axis.name for axis in plan.axes), tuple(axis.is_number for axis in plan.axes)
        return pickle.dumps(
            cls(campaign, plan.study, names, numbers, plan.changes, plan.measures, fingerprint(*READING))
        )

    @classmethod
    def read(cls, job: bytes) -> "Job":
        """The job in these bytes."""
        found: Job = pickle.loads(job)
        return found


@dataclass(frozen=True)
class Refusal:
    """What a worker says instead of an answer; errors of Python do not all survive the way back."""

    where: str
    what: str
    remedy: str


def play(job: bytes, pieces: tuple[Piece, ...]) -> np.ndarray | Refusal:
    """(run, measure) of all pieces, one below the other."""
    try:
        field = field_of(job)
        return np.concatenate([field.play(piece) for piece in pieces])
    except KhinganError as error:
        return Refusal(f"worker on {socket.gethostname()}: {error.where}", error.what, error.remedy)


class Field:
    """A campaign on a worker: compiled once, with the worlds of the changes played last."""

    def __init__(self, job: Job, progress: Progress = quiet) -> None:
        scenario = load(job.campaign)
        here = Study.plan(scenario, 0, job.study.seed, job.study.settings)
        differences = job.study.differences(here)
        if differences or job.reading != fingerprint(*READING):
            differences = differences or ["the code that reads and measures differs"]
            raise KhinganError(job.campaign, "; ".join(differences), "install the same khingan and campaign everywhere")
        self.job, self.ground, self.lock = job, Ground.of(scenario, job.study.settings, job.measures), Lock()
        self.arms: OrderedDict[tuple[str, ...], Arm] = OrderedDict()
        with alone_in_compiling():
            self.ground.warm(progress)

    def play(self, piece: Piece) -> np.ndarray:
        """(run, measure) of a piece."""
        arm = self.arm(changed(piece.values))
        settings = pinned(arm.settings, self.job, piece)
        return replace(arm, settings=settings).play(self.job.study.seed, piece.first_run, piece.runs)

    def arm(self, names: tuple[str, ...]) -> Arm:
        """The campaign under these changes, laid out once."""
        with self.lock:
            if names not in self.arms:
                self.arms[names] = self.ground.arm([self.job.changes[name] for name in names])
            self.arms.move_to_end(names)
            while len(self.arms) > ARMS_KEPT:
                self.arms.popitem(last=False)
            return self.arms[names]


def pinned(settings: Settings, job: Job, piece: Piece) -> Settings:
    """The settings of a point: its parameters pinned, but for those that it leaves to be drawn."""
    given = zip(job.axes, job.numbers, piece.values, strict=True)
    pins = {name: value for name, is_number, value in given if is_number and not np.isnan(value)}
    return replace(settings, pinned=settings.pinned | pins)


_reading = Lock()


_last: dict[bytes, Field] = {}


def field_of(job: bytes, progress: Progress = quiet) -> Field:
    """The field of a job; threads of one worker share it, and the one before is forgotten."""
    with _reading:
        if job not in _last:
            _last.clear()
            _last[job] = Field(Job.read(job), progress)
        return _last[job]


@contextmanager
def alone_in_compiling() -> Iterator[None]:
    """Only one process of a machine compiles the engine; the others wait for it and find the cache full.

    The folder of the cache is named by the engine's code, so what was once compiled there stays compiled.
    """
    folder = Path(str(numba.config.CACHE_DIR))  # type: ignore[attr-defined]
    done = folder / "compiled"
    if numba.config.DISABLE_JIT or done.is_file():  # type: ignore[attr-defined]
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "compiling.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
        done.touch()
