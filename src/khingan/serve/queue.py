"""One queue: jobs wait, one plays, all are kept on disk."""

import re
import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Condition, Event, Thread
from time import monotonic
from typing import Any, Protocol

from khingan.errors import KhinganError
from khingan.serve.job import WAITING, Job, keep_own, new_name
from khingan.serve.player import Hear
from khingan.serve.process import RunError
from khingan.serve.question import MOST_PLAYED, Question
from khingan.serve.told import RefusedError, Told, told

MOST_WAITING, MOST_KEPT = 8, 200
NAME = re.compile(r"[0-9]{8}T[0-9]{6}-[0-9a-f]{8}")
CLOSE_S = 5.0


class Plays(Protocol):
    """Answers the question in a job's folder."""

    def play(self, folder: Path, hear: Hear) -> None: ...
    def ready(self, campaign: str, hear: Hear) -> None: ...
    def halt(self) -> None: ...
    def close(self) -> None: ...


class Queue:
    """The jobs of a folder of studies; every method may be called from any thread."""

    def __init__(self, folder: Path, player: Plays, campaign: str = "") -> None:
        self.folder, self.player, self.campaign = folder, player, campaign
        self.mark = secrets.token_hex(4)  # of this start of the server: numbers of another start mean nothing
        self.number = 0
        self.changed = Condition()
        self.closed = Event()
        folder.mkdir(parents=True, exist_ok=True)
        self.jobs: dict[str, Job] = {}
        for path in sorted(folder.iterdir()):
            if path.is_dir() and NAME.fullmatch(path.name):
                self.jobs[path.name] = Job.read(path)
        for job in self.jobs.values():
            self.touch(job, keep=False)
        self.worker = Thread(target=self.work, name="khingan-queue", daemon=True)
        self.worker.start()

    def add(self, question: Question, look: Callable[[Question, Path], list[str]]) -> Job:
        """A new job at the end of the queue; `look` checks the question and says what it changes."""
        with self.changed:
            self.room()
        name = new_name()
        folder = self.folder / name
        keep_own(folder, question)
        try:
            sentences = look(question, folder)
            with self.changed:
                self.room()
                job = self.jobs[name] = Job.new(self.campaign, question, sentences, name)
                self.touch(job)
                return job
        except KhinganError:
            shutil.rmtree(folder)
            raise

    def room(self) -> None:
        """Refuse more work, and more answers kept, than is bounded."""
        self.bounded()
        if len(self.jobs) >= MOST_KEPT:
            raise RefusedError(429, "the queue", f"{MOST_KEPT} answers are kept", "delete some first")

    def bounded(self) -> None:
        """Refuse a longer queue."""
        if sum(job.state in WAITING for job in self.jobs.values()) >= MOST_WAITING:
            raise RefusedError(429, "the queue", f"{MOST_WAITING} questions wait already", "wait, or cancel one")

    def job(self, name: str) -> Job:
        """The job of this name."""
        if name not in self.jobs:
            raise RefusedError(404, f"what-if {name[:40]}", "no question of this name", "reload the page")
        return self.jobs[name]

    def cancel(self, name: str) -> Job:
        """Stop a job that waits or plays; figures found so far stay."""
        with self.changed:
            job = self.job(name)
            if job.state == "queued":
                job.state = "stopped"
            elif job.state == "running" and not job.cancelled:
                job.cancelled, job.phase = True, "stopping"
                self.player.halt()
            self.touch(job)
            return job

    def again(self, name: str, pairs: int | None) -> Job:
        """Go on with a job that ended, to more pairs if asked; what was played is not played again."""
        with self.changed:
            job = self.job(name)
            if job.state in WAITING or not job.campaign:
                raise RefusedError(409, f"what-if {name}", f"is {job.state}", "only what ended can go on")
            self.bounded()
            if pairs is not None:
                job.question = more(job.question, pairs)
            job.state, job.errors, job.cancelled = "queued", [], False
            job.done = min(job.done, job.question.pairs)
            self.jobs[name] = self.jobs.pop(name)  # to the end of the queue
            self.touch(job)
            return job

    def rename(self, name: str, title: str) -> Job:
        """Give a job a title."""
        with self.changed:
            job = self.job(name)
            job.question = job.question.model_copy(update={"name": title})
            self.touch(job)
            return job

    def delete(self, name: str) -> None:
        """Forget a job that does not play."""
        with self.changed:
            if self.job(name).state == "running":
                raise RefusedError(409, f"what-if {name}", "is playing", "cancel it first")
            del self.jobs[name]
            shutil.rmtree(self.folder / name)

    def touch(self, job: Job, keep: bool = True) -> None:
        """Count a change of a job, and keep it on disk; a disk that refuses is told on the card."""
        with self.changed:
            self.number += 1
            job.number = self.number
            try:
                if keep:
                    job.write(self.folder / job.id)
            except OSError as error:
                what = f"cannot be written: {error.strerror}"
                job.errors = [{"where": str(self.folder / job.id), "what": what, "remedy": "free space and repeat it"}]
            self.changed.notify_all()

    def since(self, number: int) -> list[tuple[int, dict[str, Any]]]:
        """(number, card) of every job that changed after a number, in that order."""
        with self.changed:
            changed = sorted((job for job in self.jobs.values() if job.number > number), key=lambda job: job.number)
            return [(job.number, job.card(self.folder / job.id)) for job in changed]

    def idle(self) -> bool:
        """Whether nothing waits or plays, or nothing more will."""
        with self.changed:
            return self.closed.is_set() or not any(job.state in WAITING for job in self.jobs.values())

    def work(self) -> None:
        """Play job after job until the server closes; a job that fails is told on its card."""
        if self.campaign:
            self.prepare()
        while (job := self.next()) is not None:
            self.attempt(job, partial(self.hear, job, monotonic()))

    def prepare(self) -> None:
        """Get the campaign ready before the first question; what is wrong with it is told on its card."""
        with suppress(KhinganError, OSError):
            self.player.ready(self.campaign, lambda said: None)

    def next(self) -> Job | None:
        """The job that has waited longest, now playing; nothing once the server closes."""
        with self.changed:
            while not self.closed.is_set():
                job = next((job for job in self.jobs.values() if job.state == "queued"), None)
                if job is not None:
                    job.state, job.seconds, job.first_seconds = "running", 0.0, None
                    self.touch(job)
                    return job
                self.changed.wait()
        return None

    def attempt(self, job: Job, hear: Hear) -> None:
        """Play one job to its end, whatever that is.

        What a run may do is not known beforehand (memory that runs out, a garbled answer, a mistake of ours), and an
        error that got past here would end the thread of the queue: every later question would wait for ever.
        """
        errors: list[Told] = []
        try:
            self.player.play(self.folder / job.id, hear)
        except RunError as error:
            errors = error.errors
        except KhinganError as error:
            errors = told(error)
        except Exception as crash:  # noqa: BLE001 - the one thread that plays must outlive whatever a run does
            errors = [{"where": "the run", "what": f"{type(crash).__name__}: {crash}", "remedy": "repeat it"}]
        with self.changed:
            if self.closed.is_set():
                return  # on disk it still plays: the next start tells it as stopped
            job.phase = ""
            job.errors = [] if job.cancelled else errors
            job.state = "stopped" if job.cancelled else "failed" if errors else "done"
            self.touch(job)

    def hear(self, job: Job, began: float, said: dict[str, Any]) -> None:
        """Take in what a run says of itself."""
        with self.changed:
            job.seconds = monotonic() - began
            job.played = said.get("played", job.played)
            if "done" in said:
                job.done, job.effects, job.shares = said["done"], said.get("effects", []), said.get("shares", [])
                job.mapped = said.get("mapped", 0)
                job.first_seconds = job.seconds if job.first_seconds is None else job.first_seconds
            job.phase = job.phase if job.cancelled else said.get("phase", job.phase)
            if job.cancelled:
                self.player.halt()  # it was cancelled before its process had begun
            self.touch(job, keep="done" in said)

    def close(self) -> None:
        """Stop playing; jobs that waited or played are on disk."""
        with self.changed:
            self.closed.set()
            self.changed.notify_all()
        self.player.close()
        self.worker.join(CLOSE_S)


def more(question: Question, pairs: int) -> Question:
    """The question with other pairs; what plays too long is refused."""
    wanted = question.model_copy(update={"pairs": pairs})
    if wanted.factors and wanted.played > MOST_PLAYED:
        what = f"{wanted.played} runs of all combinations are more than {MOST_PLAYED}"
        raise RefusedError(400, "pairs", what, "ask for fewer")
    return wanted
