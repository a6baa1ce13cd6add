"""A polynomial in the axes that stands for the campaign: Sobol indices from points that lie anyhow.

Sudret 2008: over independent axes an outcome is a sum of products of orthonormal functions; the square of a product's
coefficient is its share of the variance.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import eval_legendre

from khingan.experiment.axis import Axis
from khingan.experiment.indices import Indices, rounding

HIGHEST = 12  # degree
POINTS_A_TERM = 3
GROUPS = 20  # of points left out in turn, for the intervals

Term = tuple[tuple[int, int], ...]  # (axis, function of the axis), axes ascending


@dataclass(frozen=True)
class Emulated:
    """Indices; `q2` is the share of variance that the polynomial foretells at points it was not fitted to."""

    indices: Indices
    q2: float
    degree: int


def emulate(axes: Sequence[Axis], cube: np.ndarray, halves: np.ndarray) -> Emulated:
    """Fit the degree that foretells best; cube (point, axis), halves (2, point)."""
    points = len(cube)
    best: tuple[float, int, list[Term], np.ndarray] = (-np.inf, 0, [()], np.ones((points, 1)))
    for degree in range(1, HIGHEST + 1):
        terms = list(products(axes, degree))
        if len(terms) * POINTS_A_TERM > points:
            break
        matrix = columns(axes, cube, terms)
        q2 = foretold(matrix, halves.mean(axis=0))
        best = max(best, (q2, degree, terms, matrix), key=lambda found: found[0])
    q2, degree, terms, matrix = best
    if degree == 0:
        return Emulated(Indices(*[np.full(len(axes), np.nan)] * 6), float("nan"), 0)
    return Emulated(jackknifed(len(axes), terms, matrix, halves), q2, degree)


def products(axes: Sequence[Axis], degree: int) -> Iterator[Term]:
    """Every product of functions of different axes up to this degree, the constant first."""

    def grow(term: Term, axis: int, left: int) -> Iterator[Term]:
        yield term
        for other in range(axis, len(axes)):
            steps = len(axes[other].levels)
            for number in range(1, (steps if steps else left + 1)):
                cost = 1 if steps else number
                if cost <= left:
                    yield from grow((*term, (other, number)), other + 1, left - cost)

    return grow((), 0, degree)


def columns(axes: Sequence[Axis], cube: np.ndarray, terms: Sequence[Term]) -> np.ndarray:
    """(point, term) values of the products."""
    known = {pair: function(axes[pair[0]], cube[:, pair[0]], pair[1]) for term in terms for pair in term}
    ones = np.ones(len(cube))
    return np.stack([np.prod([ones, *(known[pair] for pair in term)], axis=0) for term in terms], axis=1)


def function(axis: Axis, u: np.ndarray, number: int) -> np.ndarray:
    """One of an axis's functions with mean 0 and variance 1: Legendre's, or Helmert's contrast of levels."""
    if not axis.levels:
        return np.sqrt(2 * number + 1) * eval_legendre(number, 2 * u - 1)
    level, steps = axis.level(u), len(axis.levels)
    contrast = np.where(level < number, -1.0, np.where(level == number, float(number), 0.0))
    return contrast * np.sqrt(steps / (number * (number + 1)))


def foretold(matrix: np.ndarray, outcome: np.ndarray) -> float:
    """1 less the squared errors of leaving each point out, over the squared deviations; no better than 0 is nothing."""
    q, _ = np.linalg.qr(matrix)
    leverage = np.minimum((q**2).sum(axis=1), 1 - 1e-9)
    errors = (outcome - q @ (q.T @ outcome)) / (1 - leverage)
    spread = ((outcome - outcome.mean()) ** 2).sum()
    return float(1 - (errors**2).sum() / spread) if spread > 0 else 0.0


def jackknifed(axes: int, terms: Sequence[Term], matrix: np.ndarray, halves: np.ndarray) -> Indices:
    """First-order and total indices with intervals from leaving out groups of points in turn."""
    whole = shares(axes, terms, matrix, halves)
    groups = np.arange(len(matrix)) % GROUPS
    parts = np.stack([shares(axes, terms, matrix[groups != g], halves[:, groups != g]) for g in range(GROUPS)])
    error = 1.96 * np.sqrt((GROUPS - 1) * parts.var(axis=0))
    first, total = whole
    return Indices(first, first - error[0], first + error[0], total, total - error[1], total + error[1])


def shares(axes: int, terms: Sequence[Term], matrix: np.ndarray, halves: np.ndarray) -> np.ndarray:
    """(first and total, axis) shares of the variance without luck, which is that of all products and of the rest."""
    fitted = np.linalg.lstsq(matrix.T @ matrix, matrix.T @ halves.T, rcond=None)[0]
    rest = halves.T - matrix @ fitted
    unexplained = rest.prod(axis=1).sum() / max(1, len(matrix) - len(terms))
    parts = fitted.prod(axis=1)
    variance = parts[1:].sum() + unexplained
    if variance <= rounding(halves):
        return np.full((2, axes), np.nan)
    found = np.zeros((2, axes))
    for term, part in zip(terms, parts / variance, strict=True):
        for axis, _ in term:
            found[1, axis] += part
            found[0, axis] += part if len(term) == 1 else 0.0
    return found
