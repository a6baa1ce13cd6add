"""Rank regression: does more of an axis go with more of an outcome, the other axes held still?"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

RESAMPLES = 500


@dataclass(frozen=True)
class Ranks:
    """Per axis (axis,): standardised coefficient, partial correlation of ranks and its 95 % interval."""

    coefficient: np.ndarray
    partial: np.ndarray
    low: np.ndarray
    high: np.ndarray


def rank_regression(inputs: np.ndarray, outcome: np.ndarray) -> Ranks:
    """From inputs (point, axis) and an outcome (point,); NaN where there are too few points or nothing varies.

    Both follow from the inverse of the correlations of ranks; Iman and Conover 1979. Intervals resample points.
    """
    points, axes = inputs.shape
    coefficient, partial = _coefficients(inputs, outcome)
    generator = np.random.Generator(np.random.Philox(0))
    again = np.full((RESAMPLES, axes), np.nan)
    if np.isfinite(partial).all():
        for row in again:
            chosen = generator.integers(points, size=points)
            row[:] = _coefficients(inputs[chosen], outcome[chosen])[1]
    if np.isnan(again).any():
        return Ranks(coefficient, partial, *[np.full(axes, np.nan)] * 2)
    low, high = np.quantile(again, (0.025, 0.975), axis=0)
    return Ranks(coefficient, partial, low, high)


def _coefficients(inputs: np.ndarray, outcome: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    ranks = rankdata(np.column_stack([inputs, outcome]), axis=0)
    axes = inputs.shape[1]
    if len(ranks) < axes + 3 or (np.ptp(ranks, axis=0) == 0).any():
        return np.full(axes, np.nan), np.full(axes, np.nan)
    # A perfect correlation has no inverse; so little on the diagonal gives it one and moves no figure that is shown.
    inverse = np.linalg.inv(np.corrcoef(ranks, rowvar=False) + 1e-9 * np.eye(axes + 1))
    to_outcome, diagonal = inverse[:-1, -1], np.diag(inverse)
    partial = -to_outcome / np.sqrt(diagonal[:-1] * diagonal[-1])
    return -to_outcome / diagonal[-1], np.clip(partial, -1.0, 1.0)
