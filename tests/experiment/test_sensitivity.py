"""Sensitivity: functions whose indices are known, with and without luck, by design and by emulator."""

import numpy as np
import pytest

from khingan.experiment.axis import Axis
from khingan.experiment.design import factorial, latin_hypercube, saltelli
from khingan.experiment.emulator import columns, emulate, products
from khingan.experiment.indices import between, saltelli_indices
from khingan.experiment.ranks import rank_regression
from khingan.experiment.sensitivity import halves_of

# Ishigami and Homma 1990 with a = 7, b = 0.1; V1 = (1 + b pi^4 / 5)^2 / 2, V2 = a^2 / 8, V13 = 8 b^2 pi^8 / 225.
FIRST, TOTAL, VARIANCE = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437), 13.8446
THREE = [Axis(name, "parameter") for name in "abc"]


def ishigami(cube):
    x = np.pi * (2 * cube - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def twice(values):
    """Halves without luck."""
    return np.stack([values, values])


def test_saltelli_and_jansen_find_ishigami():
    cube = saltelli(1024, 3, seed=1)
    found = saltelli_indices(twice(ishigami(cube)), 3)
    assert found.first == pytest.approx(FIRST, abs=0.02)
    assert found.total == pytest.approx(TOTAL, abs=0.02)
    assert (found.first_low <= found.first).all()
    assert (found.first <= found.first_high).all()


def test_an_emulator_finds_ishigami_and_says_how_well():
    cube = latin_hypercube(1000, 3, seed=1)
    found = emulate(THREE, cube, twice(ishigami(cube)))
    assert found.q2 > 0.98
    assert found.indices.first == pytest.approx(FIRST, abs=0.03)
    assert found.indices.total == pytest.approx(TOTAL, abs=0.03)


def test_luck_is_in_no_index():
    # Luck of twice the variance of the function, 4 runs: means would carry half the variance as noise.
    cube = saltelli(4096, 3, seed=1)
    luck = np.random.default_rng(2).normal(0, np.sqrt(2 * VARIANCE), (4, len(cube)))
    halves = ishigami(cube) + np.stack([luck[::2].mean(axis=0), luck[1::2].mean(axis=0)])
    assert between(halves) == pytest.approx(VARIANCE, rel=0.05)
    found = saltelli_indices(halves, 3)
    assert found.first == pytest.approx(FIRST, abs=0.06)
    assert found.total == pytest.approx(TOTAL, abs=0.06)


def test_luck_that_all_points_share_is_in_no_index():
    cube = saltelli(1024, 3, seed=1)
    halves = ishigami(cube) + np.array([[30.0], [-20.0]])  # run 0 was lucky everywhere, run 1 was not
    assert between(halves) == pytest.approx(VARIANCE, rel=0.05)
    assert saltelli_indices(halves, 3).total == pytest.approx(TOTAL, abs=0.02)


def test_a_linear_function_by_hand():
    # y = 2a + b over unit intervals: variances 4/12 and 1/12, no interaction.
    cube = latin_hypercube(200, 2, seed=3)
    found = emulate(THREE[:2], cube, twice(2 * cube[:, 0] + cube[:, 1])).indices
    assert found.first == pytest.approx([0.8, 0.2], abs=0.01)
    assert found.total == pytest.approx(found.first, abs=1e-6)


def test_changes_and_their_interaction_by_hand():
    # y = one + 3 one two for two yes-or-no axes: variances 25/16 (one), 9/16 (two), 9/16 (both), each times 1.
    axes = [Axis("one", "change", ("no", "yes")), Axis("two", "change", ("no", "yes"))]
    cube = np.tile(factorial(axes), (4, 1))
    one, two = (cube > 0.5).astype(float).T
    found = emulate(axes, cube, twice(one + 3 * one * two)).indices
    assert found.first == pytest.approx([25 / 43, 9 / 43])
    assert found.total == pytest.approx([34 / 43, 18 / 43])


def test_products_are_orthonormal_over_ranges_and_levels():
    # Over a fine grid the mean of two products is 1 for the same and 0 for others.
    axes = [Axis("a", "parameter"), Axis("b", "change", ("x", "y", "z"))]
    grid = (np.arange(300) + 0.5) / 300
    cube = np.stack([column.ravel() for column in np.meshgrid(grid, grid)], axis=1)
    matrix = columns(axes, cube, list(products(axes, 3)))
    assert matrix.T @ matrix / len(cube) == pytest.approx(np.eye(matrix.shape[1]), abs=1e-3)


def test_what_nothing_moves_has_no_indices():
    # A tenth is no number of a computer's: its mean over points is off by rounding, which is no variance.
    assert np.isnan(saltelli_indices(np.full((2, 20), 0.1), 3).total).all()
    assert np.isnan(emulate(THREE, latin_hypercube(30, 3, 1), np.full((2, 30), 0.1)).indices.first).all()


def test_too_few_points_for_an_emulator_say_so():
    found = emulate(THREE, latin_hypercube(5, 3, 1), np.ones((2, 5)))
    assert np.isnan(found.q2)


def test_partial_ranks_of_a_monotone_function_are_one_and_of_a_stranger_none():
    cube = latin_hypercube(300, 3, seed=5)
    found = rank_regression(cube, np.exp(5 * cube[:, 0]) - 0.0 * cube[:, 1])
    assert found.partial[0] == pytest.approx(1.0, abs=1e-3)
    assert found.low[1] < 0 < found.high[1]


def test_partial_ranks_hold_the_other_axes_still():
    # b goes with y only because it goes with a, so given a it says nothing.
    draws = np.random.default_rng(7).normal(size=(4000, 3))
    inputs = np.stack([draws[:, 0], draws[:, 0] + draws[:, 1]], axis=1)
    found = rank_regression(inputs, inputs[:, 0] + 0.5 * draws[:, 2])
    assert found.partial[0] > 0.8
    assert abs(found.partial[1]) < 0.05


def test_rows_become_halves_and_a_variance_within():
    # Point 0: runs 1, 2, 3; point 1: runs 10, 10, 10. Even runs are the first and third.
    point, run = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 1, 2, 0, 1, 2])
    halves, within = halves_of(point, run, np.array([1.0, 2, 3, 10, 10, 10]), 2)
    assert halves.tolist() == [[2.0, 10.0], [2.0, 10.0]]
    assert within == pytest.approx([1.0, 0.0])
