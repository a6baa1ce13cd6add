"""A sweep: every point of a design played with the same luck, chunk by chunk, wherever there are workers."""

import signal
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Self

import numpy as np

from khingan.errors import KhinganError
from khingan.experiment.chunk import Field, Job, Refusal, field_of
from khingan.experiment.crew import Answer, Crew, Processes, Say, Threads, cores
from khingan.experiment.rows import Rows, chunk_table, parquet
from khingan.experiment.sweep_plan import Piece, Plan
from khingan.simulation.run import Progress, Stopped, quiet

GLANCE = 1.0  # seconds between two looks at the crew
TIMED_POINTS, TIMED_RUNS = 4, 10


def silent(message: str) -> None:
    """Messages that nobody reads."""


@dataclass(frozen=True)
class Estimate:
    """What a study would cost: one core's seconds a run, the hours on `workers`, bytes on disk at the end."""

    name: str
    design: str
    points: int
    runs: int
    chunks: int
    chunk_runs: int
    combinations: int
    rows: int
    seconds_a_run: float
    workers: int
    hours: float
    bytes: int


def estimate(plan: Plan, workers: int | None = None, progress: Progress = quiet) -> Estimate:
    """The cost of a study, from playing some runs of some of its points here."""
    field = Field(Job.read(Job.of(plan)), progress)
    runs = min(TIMED_RUNS, plan.file.runs)
    points = np.unique(np.linspace(0, plan.points - 1, TIMED_POINTS).astype(int)).tolist()
    pieces = [Piece(point, 0, runs, plan.values(point)) for point in points]
    began = time.perf_counter()
    values = [field.play(piece) for piece in pieces]
    seconds = (time.perf_counter() - began) / (runs * len(pieces))
    rows = plan.points if plan.file.output == "cells" else plan.runs
    played = len(pieces) if plan.file.output == "cells" else runs * len(pieces)
    content = parquet(chunk_table(plan, pieces, np.concatenate(values)))
    workers = workers or cores()
    return Estimate(
        name=plan.file.name,
        design=plan.file.design.kind,
        points=plan.points,
        runs=plan.runs,
        chunks=plan.chunks,
        chunk_runs=plan.chunk_runs,
        combinations=plan.combinations(),
        rows=rows,
        seconds_a_run=seconds,
        workers=workers,
        hours=seconds * plan.runs / workers / 3600,
        bytes=round(len(content) / played * rows),
    )


def open_crew(executor: str, workers: int | None, address: str | None, say: Say) -> Crew:
    """The workers of an executor; raises KhinganError where they cannot be had."""
    if executor == "threads":
        return Threads(workers or cores())
    if executor == "processes":
        return Processes(workers or cores(), say)
    from khingan.experiment.cluster import Dask, Ray

    option = "--scheduler" if executor == "dask" else "--address"
    if not address:
        raise KhinganError(f"--executor {executor}", f"needs {option}", f"say where the cluster is with {option}")
    return Dask(address, say) if executor == "dask" else Ray(address, say)


def sweep(
    plan: Plan,
    out: Path,
    executor: str = "threads",
    workers: int | None = None,
    address: str | None = None,
    progress: Progress = quiet,
    say: Say = silent,
) -> Rows:
    """Play what `out` lacks of a study; the same numbers with any executor, any workers and any interruptions.

    Raises Stopped after Ctrl-C, and KhinganError where a disk, a worker or a cluster fails; every chunk that has
    landed stays.
    """
    rows = Rows(out, plan)
    job, missing = Job.of(plan), rows.missing()
    if not missing:
        return rows
    if executor in ("threads", "processes"):
        field_of(job, progress)  # compiled once, before workers would do it side by side
    crew = open_crew(executor, workers, address, say)
    progress("runs", rows.runs, plan.runs)
    try:
        with Brake() as brake:
            for chunk, values in played(crew, job, plan, missing, brake, say):
                land(rows, chunk, values)
                progress("runs", rows.runs, plan.runs)
    except KeyboardInterrupt:
        raise Stopped(f"{out} | stopped: {kept(rows)} | {again(out)}") from None
    finally:
        crew.close()
    if rows.missing():
        raise Stopped(f"{out} | stopped: {kept(rows)} | {again(out)}")
    return rows


class Brake:
    """The first Ctrl-C lets the chunks in hand finish; the second one does not wait for them."""

    def __init__(self) -> None:
        self.pressed = False
        self.before: Any = None

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self.before = signal.signal(signal.SIGINT, self.press)
        return self

    def press(self, number: int, frame: FrameType | None) -> None:
        """Ctrl-C."""
        if self.pressed:
            raise KeyboardInterrupt
        self.pressed = True

    def __exit__(self, *error: object) -> None:
        if self.before is not None:
            signal.signal(signal.SIGINT, self.before)


def played(
    crew: Crew, job: bytes, plan: Plan, chunks: Sequence[int], brake: Brake, say: Say
) -> Iterator[tuple[int, np.ndarray]]:
    """Chunks as they finish. Few are in hand at once: memory does not grow with the study."""
    ahead = iter(chunks)
    running: dict[Future[Answer], int] = {}
    told, looked = False, time.monotonic()
    while True:
        while len(running) < crew.window and not brake.pressed and (chunk := next(ahead, None)) is not None:
            running[crew.submit(job, plan.pieces(chunk))] = chunk
        if brake.pressed and not told:
            told = True
            say(f"stopping: {len(running)} chunks in hand are finished first; Ctrl-C again leaves them")
        if not running:
            return
        finished = wait(running, timeout=GLANCE, return_when=FIRST_COMPLETED).done
        if time.monotonic() - looked > GLANCE:
            crew.watch()
            looked = time.monotonic()
        for future in sorted(finished, key=running.__getitem__):
            yield running.pop(future), answer(crew, future)


def answer(crew: Crew, future: "Future[Answer]") -> np.ndarray:
    """The values of a finished chunk; raises KhinganError with what a worker refused."""
    try:
        found = future.result()
    except crew.lost as error:
        why = str(error).splitlines()[:1] or ["the scheduler is gone"]
        remedy = "mend the cluster, or give its workers more memory; then repeat the command with --resume"
        raise KhinganError("the cluster", f"cannot finish a chunk: {why[0]}", remedy) from None
    if isinstance(found, Refusal):
        raise KhinganError(found.where, found.what, found.remedy)
    return found


def land(rows: Rows, chunk: int, values: np.ndarray) -> None:
    """Write one chunk; a disk that refuses it ends the study with what it holds."""
    try:
        rows.land(chunk, values)
    except OSError as error:
        what = f"cannot be written ({error.strerror or error}): {kept(rows)}"
        raise KhinganError(str(rows.folder), what, "free space, then " + again(rows.folder)) from error


def kept(rows: Rows) -> str:
    """How much of a stopped study there is."""
    return f"{len(rows.played):,} of {rows.plan.chunks:,} chunks kept"


def again(folder: Path) -> str:
    """How to go on."""
    return f"repeat the command with --out {folder} --resume"
