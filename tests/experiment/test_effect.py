"""The effect of a change: arithmetic by hand, and what shared luck is worth."""

import numpy as np
import pytest

from khingan.experiment.effect import effect


def test_mean_difference_and_interval_by_hand():
    # Differences 1, 2, 3: mean 2, standard deviation 1, Student's t at 2 degrees 4.3027, half width 4.3027 / sqrt 3.
    found = effect("m", "days", np.array([1.0, 2, 3]), np.array([2.0, 4, 6]))
    assert (found.factual, found.counterfactual, found.difference) == (2.0, 4.0, 2.0)
    assert found.high - found.difference == pytest.approx(4.302653 / 3**0.5, rel=1e-6)
    # Variances 1 and 4 unpaired, 1 paired.
    assert found.pairing_gain == pytest.approx(5.0)


def test_equal_runs_differ_by_nothing_and_have_no_gain():
    found = effect("m", "men", np.array([3.0, 5.0]), np.array([3.0, 5.0]))
    assert (found.difference, found.low, found.high) == (0.0, 0.0, 0.0)
    assert np.isnan(found.pairing_gain)
    assert found.pairing_helps


def test_independent_luck_gains_nothing():
    generator = np.random.default_rng(1)
    found = effect("m", "men", generator.normal(size=4000), generator.normal(size=4000))
    assert found.pairing_gain == pytest.approx(1.0, abs=0.1)
    assert not found.pairing_helps


def test_half_the_width_needs_four_times_the_runs():
    found = effect("m", "days", np.zeros(100), np.tile([1.0, 3.0], 50))
    assert found.runs_for((found.high - found.low) / 2) == 400
    assert found.is_felt
