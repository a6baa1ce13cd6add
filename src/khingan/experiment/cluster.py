"""Crews of a cluster: Dask and Ray. Neither is needed, or imported, unless it is asked for."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any
from urllib.parse import urlsplit

from khingan.errors import KhinganError
from khingan.experiment.chunk import play
from khingan.experiment.crew import ATTEMPTS, Answer, Say
from khingan.experiment.sweep_plan import Piece

PATIENCE = 10.0  # seconds to reach a scheduler
FEWEST_IN_HAND = 4  # chunks
LONELY = 60.0  # seconds without any worker before the study stops; a cluster may still be starting


class Company:
    """Counts the workers of a cluster, and gives up when there have been none for long."""

    def __init__(self, where: str, count: Callable[[], int], say: Say) -> None:
        self.where, self.count, self.say = where, count, say
        self.last, self.seen = count(), time.monotonic()

    def watch(self) -> None:
        """Says when workers leave; raises KhinganError when none has been there for long."""
        now = self.count()
        if now < self.last:
            self.say(f"{self.where}: {self.last - now} of {self.last} workers left; their chunks are played again")
        self.last = now
        if now:
            self.seen = time.monotonic()
        elif time.monotonic() - self.seen > LONELY:
            what = f"no worker for {LONELY:.0f} seconds"
            raise KhinganError(self.where, what, "start workers, then repeat the command with --resume")


class Dask:
    """The workers of a Dask scheduler."""

    def __init__(self, scheduler: str, say: Say) -> None:
        try:
            import distributed
        except ImportError:
            raise missing("dask", "khingan[cluster]") from None
        require_listener(scheduler, "--scheduler", "tcp://host:8786", 8786)
        try:
            self.client = in_time(lambda: distributed.Client(scheduler, timeout=PATIENCE, set_as_default=False))
        except (OSError, ValueError) as error:
            raise unreachable("--scheduler", scheduler, str(error)) from None
        self.pool = self.client.get_executor(pure=False, retries=ATTEMPTS)
        self.lost: tuple[type[BaseException], ...] = (distributed.KilledWorker, CancelledError, OSError)
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what goes wrong is told once, by us
        self.window = FEWEST_IN_HAND
        self.company = Company(f"--scheduler {scheduler}", self.count, say)

    def count(self) -> int:
        """Workers that the scheduler knows; none once it is gone itself. As many chunks as fit them are in hand."""
        try:
            threads = self.client.nthreads() if self.client.status == "running" else {}
        except OSError:
            threads = {}
        self.window = max(FEWEST_IN_HAND, 2 * sum(threads.values()))
        return len(threads)

    def submit(self, job: bytes, pieces: tuple[Piece, ...]) -> "Future[Answer]":
        """Begin a chunk."""
        future: Future[Answer] = self.pool.submit(play, job, pieces)
        return future

    def watch(self) -> None:
        """Whether anybody is left."""
        self.company.watch()

    def close(self) -> None:
        """Leave the cluster as it was."""
        self.pool.shutdown(wait=False)
        self.client.close(timeout=PATIENCE)


class Ray:
    """The workers of a Ray cluster."""

    def __init__(self, address: str, say: Say) -> None:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        try:
            import ray
        except ImportError:
            raise missing("ray", "khingan[ray]") from None
        if address != "auto":
            require_listener(address, "--address", "host:6379", 6379)
        try:
            ray.init(address=address, log_to_driver=False, logging_level="ERROR")
        except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
            raise unreachable("--address", address, str(error)) from None
        self.ray: Any = ray
        self.remote = ray.remote(max_retries=ATTEMPTS)(play)
        self.lost: tuple[type[BaseException], ...] = (ray.exceptions.WorkerCrashedError, ray.exceptions.NodeDiedError)
        self.window = FEWEST_IN_HAND
        self.company = Company(f"--address {address}", self.count, say)

    def count(self) -> int:
        """Machines that are alive. As many chunks as fit their cores are in hand."""
        self.window = max(FEWEST_IN_HAND, 2 * int(self.ray.cluster_resources().get("CPU", 0)))
        return sum(node["Alive"] for node in self.ray.nodes())

    def submit(self, job: bytes, pieces: tuple[Piece, ...]) -> "Future[Answer]":
        """Begin a chunk."""
        future: Future[Answer] = self.remote.remote(job, pieces).future()
        return future

    def watch(self) -> None:
        """Whether anybody is left."""
        self.company.watch()

    def close(self) -> None:
        """Leave the cluster as it was."""
        self.ray.shutdown()


def require_listener(address: str, option: str, example: str, port: int) -> None:
    """Refuse an address at which nobody answers, before a library tries for minutes."""
    try:
        parts = urlsplit(address if "://" in address else f"tcp://{address}")
        host, number = parts.hostname, parts.port or port
    except ValueError:
        host, number = None, port
    if not host:
        raise KhinganError(f"{option} {address}", "no address", f"write it like {example}")
    try:
        socket.create_connection((host, number), timeout=PATIENCE).close()
    except OSError as error:
        raise unreachable(option, address, str(error)) from None


def in_time(connect: Callable[[], Any]) -> Any:
    """What `connect` gives; TimeoutError where what answers is no scheduler, for which Dask would wait for ever."""
    made: Future[Any] = Future()

    def run() -> None:
        try:
            made.set_result(connect())
        except (OSError, ValueError) as error:
            made.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        return made.result(timeout=2 * PATIENCE)
    except TimeoutError:
        raise TimeoutError("what answers there is no scheduler, or hears nobody") from None


def unreachable(option: str, address: str, why: str) -> KhinganError:
    """Nobody answers there."""
    what = f"nobody can be reached: {why.splitlines()[0] if why else 'no answer'}"
    return KhinganError(f"{option} {address}", what, "start the cluster, or mend the address")


def missing(package: str, extra: str) -> KhinganError:
    """An optional package that is not installed."""
    return KhinganError(f"--executor {package}", f"{package} is not installed", f"python -m pip install '{extra}'")
