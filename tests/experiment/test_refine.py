"""Refining: the figures of a stopped and continued question are those of one played at a stretch."""

import numpy as np

from khingan.experiment.arm import play_arms
from khingan.experiment.refine import FIRST, pieces, refine


class Luck:
    """An arm whose measure is its run's number and its own shift."""

    gauges = (None,)

    def __init__(self, shift):
        self.shift, self.played = shift, []

    def play(self, seed, first_run, count):
        self.played += range(first_run, first_run + count)
        return (np.arange(first_run, first_run + count, dtype=float) + self.shift + seed)[:, None]


def test_the_first_batch_is_small_and_every_run_is_played_once():
    for runs in (2, 9, 10, 11, 50, 51, 120):
        played = [run for first, count in pieces(runs) for run in range(first, first + count)]
        assert played == list(range(runs))
        assert pieces(runs)[0] == (0, min(FIRST, runs))


def test_what_is_done_is_not_played_again():
    arm, values = Luck(0), np.full((1, 120, 1), np.nan)
    assert list(refine([arm], 7, values, done=60, workers=2))[-1] == 120
    assert sorted(arm.played) == list(range(60, 120))


def test_refined_figures_are_those_of_one_stretch():
    arms, values = [Luck(0), Luck(0.5)], np.full((2, 120, 1), np.nan)
    wholes = []
    for whole in refine(arms, 7, values, workers=2):
        assert np.isfinite(values[:, :whole]).all()
        wholes.append(whole)
    assert wholes == sorted(set(wholes))
    assert np.array_equal(values, play_arms(arms, 120, 7, workers=1))
