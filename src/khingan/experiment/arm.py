"""Arms: one campaign under different changes, played with the same luck and reduced to measures as they go."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import TypeVar

import numpy as np

from khingan.experiment.apply import change_scenario
from khingan.experiment.change import Change, Measure
from khingan.experiment.gauge import LATER, Gauge, gauge_all, gauges
from khingan.history.measure import Chunk
from khingan.scenario.schema import Scenario
from khingan.simulation.play import play_chunk
from khingan.simulation.run import Progress, quiet, warm
from khingan.simulation.settings import Settings
from khingan.world.compile import World, compile_world

CHUNK = 50
T = TypeVar("T")


@dataclass(frozen=True)
class Arm:
    """A campaign under some changes, ready to play."""

    settings: Settings
    world: World
    gauges: Sequence[Gauge]
    later_h: float = 0.0  # of its H-hour than that of the campaign as it was

    def play(self, seed: int, first_run: int, count: int) -> np.ndarray:
        """(run, measure) of runs first_run..; run k of every arm has the luck of run k."""
        return self.measured(play_chunk(self.world, self.settings, seed, first_run, count), first_run)

    def measured(self, chunk: Chunk, first_run: int) -> np.ndarray:
        """(run, measure) of a chunk that was just played, whose first run is `first_run`."""
        count = len(chunk["first_control"])
        return gauge_all({**chunk, LATER: np.full(count, self.later_h)}, self.gauges)


@dataclass(frozen=True)
class Ground:
    """What all arms of an experiment share: the campaign as it was, compiled once, and what is measured."""

    scenario: Scenario
    settings: Settings
    world: World
    gauges: Sequence[Gauge]

    @classmethod
    def of(cls, scenario: Scenario, settings: Settings, measures: Sequence[Measure]) -> "Ground":
        """Compile the factual world."""
        return cls(scenario, settings, compile_world(scenario), gauges(scenario, measures))

    def arm(self, changes: Sequence[Change]) -> Arm:
        """The campaign under these changes."""
        return self.laid(*change_scenario(self.scenario, self.settings, changes), changes)

    def laid(self, scenario: Scenario, settings: Settings, changes: Sequence[Change]) -> Arm:
        """The campaign as these changes have made it; what rests on the map alone is not compiled again."""
        same = all(not (c.edit or c.add or c.remove or c.h_hour) for c in changes)
        world = self.world if same else compile_world(scenario, like=self.world)
        later = scenario.calendar.h_hour - self.scenario.calendar.h_hour
        return Arm(settings, world, self.gauges, later.total_seconds() / 3600.0)

    def warm(self, progress: Progress = quiet) -> None:
        """Compile the engine before threads would do it side by side."""
        warm(self.world, progress, self.settings)


def in_threads(
    tasks: Sequence[Callable[[], T]], workers: int | None = None, stop: Event | None = None
) -> Iterator[tuple[int, T]]:
    """(number, result) of every task as it finishes; few are in hand at once.

    `stop` is set when no more is wanted, so that a long task in hand may end early.
    """
    count = workers or os.cpu_count() or 1
    pool = ThreadPoolExecutor(count, thread_name_prefix="khingan")
    running: dict[Future[T], int] = {}
    ahead = iter(enumerate(tasks))
    try:
        while True:
            while len(running) <= count and (task := next(ahead, None)) is not None:
                running[pool.submit(task[1])] = task[0]
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), future.result()
    finally:
        if stop is not None:
            stop.set()
        pool.shutdown(cancel_futures=True)


def chunks(runs: int, first: int = 0) -> list[tuple[int, int]]:
    """(first run, count) of the chunks from `first` to `runs`."""
    return [(start, min(CHUNK, runs - start)) for start in range(first, runs, CHUNK)]


def play_arms(
    arms: Sequence[Arm], runs: int, seed: int, workers: int | None = None, progress: Progress = quiet
) -> np.ndarray:
    """(arm, run, measure); the same luck in every arm, the same numbers on any number of threads."""
    pieces = [(number, first, count) for first, count in chunks(runs) for number in range(len(arms))]
    tasks = [partial(arms[number].play, seed, first, count) for number, first, count in pieces]
    out = np.full((len(arms), runs, len(arms[0].gauges)), np.nan)
    done = 0
    progress("runs", 0, len(arms) * runs)
    for task, values in in_threads(tasks, workers):
        number, first, count = pieces[task]
        out[number, first : first + count] = values
        done += count
        progress("runs", done, len(arms) * runs)
    return out
