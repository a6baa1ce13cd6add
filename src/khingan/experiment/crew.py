"""Who plays chunks: threads or processes of this machine. A cluster's crews stand in cluster.py."""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import Protocol

import numpy as np

from khingan.errors import KhinganError
from khingan.experiment.chunk import Refusal, play
from khingan.experiment.sweep_plan import Piece

Answer = np.ndarray | Refusal
Say = Callable[[str], None]
ATTEMPTS = 3  # workers that may die of one chunk before it is taken for the cause


class Crew(Protocol):
    """Plays chunks somewhere; the numbers are the same everywhere."""

    window: int  # chunks in hand at once
    lost: tuple[type[BaseException], ...]  # what a chunk raises that no worker could finish

    def submit(self, job: bytes, pieces: tuple[Piece, ...]) -> "Future[Answer]":
        """Begin a chunk."""
        ...

    def watch(self) -> None:
        """Raises KhinganError when nobody is left who could finish what is in hand."""
        ...

    def close(self) -> None:
        """Leave; what is in hand is lost."""
        ...


class Threads:
    """Threads of this process: nothing to start, but Python holds up all but one of them part of the time."""

    lost: tuple[type[BaseException], ...] = ()

    def __init__(self, workers: int) -> None:
        self.pool = ThreadPoolExecutor(workers, thread_name_prefix="khingan")
        self.window = workers + 1

    def submit(self, job: bytes, pieces: tuple[Piece, ...]) -> "Future[Answer]":
        """Begin a chunk."""
        return self.pool.submit(play, job, pieces)

    def watch(self) -> None:
        """Threads do not die."""

    def close(self) -> None:
        """Wait for what is being played, and forget it."""
        self.pool.shutdown(cancel_futures=True)


class Processes:
    """Processes of this machine. One that is killed is replaced, and its chunk is played again."""

    lost: tuple[type[BaseException], ...] = ()

    def __init__(self, workers: int, say: Say) -> None:
        self.pool = ThreadPoolExecutor(workers, thread_name_prefix="khingan")
        self.window = workers + 1
        self.say, self.closed = say, False
        self.idle: SimpleQueue[Worker] = SimpleQueue()
        self.all = [Worker() for _ in range(workers)]
        for worker in self.all:
            self.idle.put(worker)

    def submit(self, job: bytes, pieces: tuple[Piece, ...]) -> "Future[Answer]":
        """Begin a chunk, in a thread that waits for the process."""
        return self.pool.submit(self.play, job, pieces)

    def play(self, job: bytes, pieces: tuple[Piece, ...]) -> Answer:
        """Have a process play the chunk, and another one if that dies."""
        worker = self.idle.get()
        try:
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    return worker.ask(job, pieces)
                except (EOFError, OSError, pickle.UnpicklingError):
                    how = worker.death()
                if self.closed:
                    raise CancelledError
                self.say(f"a worker ended with {how}: its chunk is played again ({attempt} of {ATTEMPTS})")
            remedy = "give it more memory, or fewer --workers; then repeat the command with --resume"
            raise KhinganError("a worker", f"ended with {how}, {ATTEMPTS} times in the same chunk", remedy)
        finally:
            self.idle.put(worker)

    def watch(self) -> None:
        """Dead processes are seen where they are asked."""

    def close(self) -> None:
        """Kill the processes; the threads that wait for them then end."""
        self.closed = True
        for worker in self.all:
            worker.kill()
        self.pool.shutdown(cancel_futures=True)
        for worker in self.all:
            worker.kill()


class Worker:
    """One process that answers one question at a time; started when it is first asked, and after each death."""

    def __init__(self) -> None:
        self.child: subprocess.Popen[bytes] | None = None

    def ask(self, job: bytes, pieces: tuple[Piece, ...]) -> Answer:
        """Its answer; EOFError or OSError if it dies."""
        if self.child is None:
            self.child = started()
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        pickle.dump((job, pieces), self.child.stdin)
        self.child.stdin.flush()
        answer: Answer = pickle.load(self.child.stdout)
        return answer

    def death(self) -> str:
        """How it ended."""
        child, self.child = self.child, None
        if child is None:
            return "no start"
        child.kill()
        code = child.wait()
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"status {code}"

    def kill(self) -> None:
        """End it now."""
        if self.child is not None:
            self.child.kill()
            self.child.wait()


def started() -> "subprocess.Popen[bytes]":
    """A new process that serves chunks; deaf to Ctrl-C, which is for this one."""
    words = [sys.executable, "-m", "khingan.experiment.serve_chunks"]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
