"""Regression ABC, its self-check and the emulator on toys whose answers are known in closed form."""

import numpy as np
import pytest
from scipy.stats import norm

from khingan.calibration import hermite
from khingan.calibration.history_matching import match
from khingan.calibration.regression_abc import BOUND, learn_estimates, posterior
from khingan.calibration.self_check import check_self

MIX = np.array([[1.0, 0.4], [0.0, 1.0], [0.5, -0.5]])  # (summary, parameter)
NOISE = 0.7


def linear(rows: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Standard normal parameters and three summaries, linear in them with normal errors."""
    chance = np.random.default_rng(seed)
    z = chance.standard_normal((rows, 2))
    return z, z @ MIX.T + NOISE * chance.standard_normal((rows, 3))


def conjugate(observed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The exact posterior: precision 1 + A'A / s², mean the covariance times A'y / s²."""
    covariance = np.linalg.inv(np.eye(2) + MIX.T @ MIX / NOISE**2)
    return covariance @ MIX.T @ observed / NOISE**2, covariance


@pytest.mark.parametrize("spreads", [False, True])
def test_the_posterior_of_a_linear_toy_is_the_conjugate_one(spreads: bool) -> None:
    z, summaries = linear(20_000)
    observed = np.array([0.8, -0.5, 0.9])
    learned = learn_estimates(summaries, z)
    sample = posterior(learned.of(summaries), z, learned.of(observed[None])[0], spreads=spreads)
    mean, covariance = conjugate(observed)
    np.testing.assert_allclose(sample.mean(), mean, atol=0.06)
    np.testing.assert_allclose(np.cov(sample.z.T, aweights=sample.weights), covariance, atol=0.06)


def test_equal_draws_have_the_mean_of_the_weighted_ones() -> None:
    z, summaries = linear(5000)
    sample = posterior(learn_estimates(summaries, z).of(summaries), z, np.zeros(2))
    # Systematic resampling errs by about the spread over the number of draws.
    np.testing.assert_allclose(sample.draws(4000, 1).mean(axis=0), sample.mean(), atol=0.01)
    assert 0 < sample.effective <= len(sample.weights)


def test_no_draw_leaves_its_bound() -> None:
    """History beyond anything in the table: the regression would go on, the prior does not."""
    z, summaries = linear(5000)
    learned = learn_estimates(summaries, z)
    sample = posterior(learned.of(summaries), z, np.array([9.0, 9.0]))
    assert np.abs(sample.z).max() == BOUND
    assert sample.clipped == 1.0


def test_invented_histories_find_their_parameters() -> None:
    """Ranks are even, 50 and 90 % intervals hold half and nine tenths; R² is what the conjugate posterior leaves."""
    z, summaries = linear(6000)
    check = check_self(summaries, z, seed=4, rows=400)
    assert (check.evenness > 1e-3).all()
    # Four standard errors of a share of 400.
    assert (np.abs(check.cover50 - 0.5) < 0.1).all()
    assert (np.abs(check.cover90 - 0.9) < 0.06).all()
    left = np.diag(conjugate(np.zeros(3))[1])
    np.testing.assert_allclose(check.recovered, 1.0 - left, atol=0.08)
    np.testing.assert_allclose(check.narrowed, 1.0 - left, atol=0.08)


def test_a_parameter_that_does_nothing_is_not_recovered() -> None:
    z, summaries = linear(4000)
    idle = np.random.default_rng(9).standard_normal((4000, 1))
    check = check_self(summaries, np.hstack([z, idle]), seed=4, rows=300)
    assert abs(check.recovered[2]) < 0.1
    assert abs(check.narrowed[2]) < 0.15


def test_sobol_indices_of_a_polynomial() -> None:
    # y = a + 2 b + 0.5 a b + e, e of variance 1: parts of the variance 1, 4 and 0.25 of 6.25.
    chance = np.random.default_rng(2)
    z = chance.standard_normal((20_000, 3))
    y = (z[:, 0] + 2 * z[:, 1] + 0.5 * z[:, 0] * z[:, 1] + chance.standard_normal(20_000))[:, None]
    emulator = hermite.fit(z, y)
    first, total = hermite.sobol(emulator, 3, y.var(axis=0))
    np.testing.assert_allclose(first[:, 0], [0.16, 0.64, 0.0], atol=0.02)
    np.testing.assert_allclose(total[:, 0], [0.2, 0.68, 0.0], atol=0.02)
    assert emulator.left[0] == pytest.approx(1.0, abs=0.05)
    np.testing.assert_allclose(hermite.influence(z, y)[:, 0], [0.16, 0.64, 0.0], atol=0.02)


def test_history_matching_leaves_the_share_that_is_near_enough() -> None:
    """y = z + e with e of spread 0.5: not ruled out is |z - 1| < 1.5, a share of the normal law."""
    chance = np.random.default_rng(3)
    z = chance.standard_normal((20_000, 1))
    emulator = hermite.fit(z, z + 0.5 * chance.standard_normal((20_000, 1)))
    found = match(emulator, 1, np.array([1.0]), seed=5)
    assert found.left == pytest.approx(norm.cdf(2.5) - norm.cdf(-0.5), abs=0.02)
    assert found.least[0] == pytest.approx(0.0, abs=0.01)
