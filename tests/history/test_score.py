"""Scores against values worked out elsewhere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from khingan.history.score import crps, crps_normal, meets, rank, skill, with_never


def test_crps_of_three_values_by_hand() -> None:
    """{0, 1, 2} at 1: 2/3 less half of 8/9 is 2/9; without the pairs of a value with itself half of 8/6, so 0."""
    ensemble = np.array([2.0, 0.0, 1.0])
    assert crps(ensemble, 1, fair=False) == pytest.approx(2 / 9)
    assert crps(ensemble, 1, fair=True) == pytest.approx(0)


@pytest.mark.parametrize(("observed", "expected"), [(0, 0.23369), (1, 0.60244)])
def test_crps_of_the_standard_normal(observed: float, expected: float) -> None:
    """T32 of the model reference: the closed form, and an ensemble of quantiles that comes near it."""
    sample = norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    assert crps_normal(0, 1, observed) == pytest.approx(expected, abs=5e-6)
    assert crps(sample, observed) == pytest.approx(expected, abs=1e-4)


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30), st.floats(-1e3, 1e3))
def test_sorted_form_equals_all_pairs(values: list[float], observed: float) -> None:
    """The slow twin takes every pair of the definition."""
    x = np.array(values)
    slow = np.abs(x - observed).mean() - np.abs(x[:, None] - x).mean() / 2
    assert crps(x, observed, fair=False) == pytest.approx(slow, abs=1e-8)


def test_small_ensembles_are_scored_fairly() -> None:
    """Below fifty runs the fair form is the default: three runs around the truth score 0, not 2/9."""
    assert crps(np.array([0.0, 1, 2]), 1) == pytest.approx(0)
    assert crps(np.array([5.0]), 1) == 4


def test_rank_counts_half_of_ties_and_parts_of_the_window() -> None:
    """Exact 2 among 1 to 4: one run and half a tie. In the window 1-3 the runs 1, 2, 3 weigh 1, 1/2, 0."""
    ensemble = np.array([1.0, 2, 3, 4])
    assert rank(ensemble, 2, 2) == 0.375
    assert rank(ensemble, 1, 3) == 0.375


@pytest.mark.parametrize(("low", "expected"), [(10.0, True), (10.5, False)])
def test_an_interval_is_inside_when_it_touches(low: float, expected: bool) -> None:
    """History's window from 10 on meets an ensemble that ends at 10, and does not if it begins later."""
    assert meets(low, 12, 5, 10) is expected


def test_never_comes_last() -> None:
    """A run without the event counts at the hour given, so it sorts behind the others."""
    assert with_never(np.array([np.nan, 7.0, 3.0]), 100).tolist() == [3, 7, 100]


def test_skill_is_relative_to_the_null() -> None:
    """Half the null's score is a skill of a half; a perfect null leaves nothing to gain."""
    assert skill(1, 2) == 0.5
    assert skill(1, 0) is None
