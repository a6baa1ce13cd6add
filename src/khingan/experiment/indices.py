"""Sobol indices from pairs of halves, so that luck is not taken for an effect.

Every point has two independent means of an outcome, over its even and its odd runs. A product of an even and an odd
difference is on average the square of the true difference; the square of one mean would add its noise.
"""

from dataclasses import dataclass

import numpy as np

RESAMPLES = 500


@dataclass(frozen=True)
class Indices:
    """Shares of the variance between points, each (axis,), with 95 % intervals; NaN where nothing varies."""

    first: np.ndarray
    first_low: np.ndarray
    first_high: np.ndarray
    total: np.ndarray
    total_low: np.ndarray
    total_high: np.ndarray


def between(halves: np.ndarray) -> float:
    """Variance between points of halves (2, point) without the luck inside them."""
    even, odd = halves - halves.mean(axis=1, keepdims=True)
    return float((even * odd).mean())


def rounding(halves: np.ndarray) -> float:
    """A variance of halves that is no more than rounding."""
    return 1e-12 * float((halves**2).mean())


def saltelli_indices(halves: np.ndarray, axes: int) -> Indices:
    """From halves (2, point) at the points of a Saltelli design.

    First order: mean of f(B) (f(AB_i) - f(A)) over the variance, f centred; Saltelli et al. 2010, table 2 b.
    Total: mean of (f(A) - f(AB_i))^2 / 2 over the variance; Jansen 1999. Intervals resample base points.
    """
    blocks = halves.reshape(2, -1, axes + 2)
    blocks = blocks - blocks[:, :, :2].mean(axis=(1, 2), keepdims=True)
    (a, b), mixed = (blocks[:, :, 0], blocks[:, :, 1]), blocks[:, :, 2:]
    step = mixed - a[:, :, None]
    first = (b[0][:, None] * step[1] + b[1][:, None] * step[0]) / 2
    total = step[0] * step[1] / 2
    variance = (a[0] * a[1] + b[0] * b[1]) / 2
    return _resampled(first, total, variance, rounding(halves))


def _resampled(first: np.ndarray, total: np.ndarray, variance: np.ndarray, nothing: float) -> Indices:
    """Ratios of means of terms (base point, axis) to the mean of `variance` (base point,), with their intervals."""
    count = len(variance)
    if variance.mean() <= nothing:
        return Indices(*[np.full(first.shape[1], np.nan)] * 6)
    generator = np.random.Generator(np.random.Philox(0))
    weights = generator.multinomial(count, np.full(count, 1 / count), size=RESAMPLES) / count
    below = np.maximum(weights @ variance, np.finfo(float).tiny)[:, None]
    low_1, high_1 = np.quantile(weights @ first / below, (0.025, 0.975), axis=0)
    low_t, high_t = np.quantile(weights @ total / below, (0.025, 0.975), axis=0)
    whole = variance.mean()
    return Indices(first.mean(axis=0) / whole, low_1, high_1, total.mean(axis=0) / whole, low_t, high_t)
