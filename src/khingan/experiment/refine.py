"""Pairs of runs played so that the first figures come early and are then refined."""

from collections.abc import Iterator, Sequence
from functools import partial
from threading import Event

import numpy as np

from khingan.experiment.arm import Arm, in_threads
from khingan.simulation.run import Progress, quiet

FIRST = 10  # pairs of the first batch: a few seconds even where a run is slow
CHUNK = 25  # pairs of every other batch: short enough that a stop is heard soon and no thread waits long for another


def pieces(runs: int, done: int = 0) -> list[tuple[int, int]]:
    """(first run, count) of what is still to play: a small first batch, the rest of its chunk, then whole chunks."""
    ends = sorted({min(end, runs) for end in (FIRST, *range(CHUNK, runs + CHUNK, CHUNK))})
    starts = [0, *ends[:-1]]
    left = [(max(start, done), end) for start, end in zip(starts, ends, strict=True) if end > done]
    return [(start, end - start) for start, end in left]


def refine(
    arms: Sequence[Arm], seed: int, values: np.ndarray, done: int = 0, workers: int | None = None,
    progress: Progress = quiet, stop: Event | None = None,
) -> Iterator[int]:  # fmt: skip
    """Fill `values` (arm, run, measure) from run `done` on; yields in how many runs all arms are whole, more each time.

    The numbers are those of `play_arms`: what is played together never changes a run. `stop` ends it early, once the
    batches in hand are whole.
    """
    left = pieces(values.shape[1], done)
    tasks = [partial(arm.play, seed, first, count) for first, count in left for arm in arms]
    waiting = [len(arms)] * len(left)
    whole, so_far, every = 0, done * len(arms), values.shape[1] * len(arms)
    for number, played in in_threads(tasks, workers):
        piece, arm = divmod(number, len(arms))
        first, count = left[piece]
        values[arm, first : first + count] = played
        waiting[piece] -= 1
        so_far += count
        progress("runs", so_far, every)
        before = whole
        while whole < len(left) and not waiting[whole]:
            whole += 1
        if whole > before:
            yield sum(left[whole - 1])
        if stop is not None and stop.is_set():
            return
