"""Approximate Bayesian computation with regression (Beaumont, Zhang and Balding 2002), on one table of prior draws.

Summaries are first turned into one estimate a parameter, the posterior mean a regression gives (Fearnhead and Prangle
2012); the rows nearest to the observed estimates are kept and moved along a local regression. Parameters are normal
coordinates of their priors, so that no draw leaves its prior. For linear answers with normal errors it is exact.
"""

from dataclasses import dataclass

import numpy as np

REACH = 3.0  # a summary farther out than this many standard deviations of the table counts as this far
BOUND = 3.0  # farther from its prior a number would hide a law that is wrong
ACCEPTED, LEAST = 0.02, 20  # share of the table that is kept; rows a parameter at the least
RIDGE = 1.0  # rows


@dataclass(frozen=True)
class Estimates:
    """The map from summaries (summary,) to one estimate a parameter."""

    centre: np.ndarray
    scale: np.ndarray
    weights: np.ndarray  # (feature, parameter)

    def of(self, summaries: np.ndarray) -> np.ndarray:
        """(row, parameter) from summaries (row, summary)."""
        return _features(summaries, self.centre, self.scale) @ self.weights


@dataclass(frozen=True)
class Sample:
    """Weighted draws z (draw, parameter) of a posterior; weights add up to one. `clipped` is the share moved back."""

    z: np.ndarray
    weights: np.ndarray
    rows: np.ndarray  # (draw,) of the table
    clipped: float

    @property
    def effective(self) -> float:
        """Draws of equal weight that would be worth as much."""
        return float(1.0 / (self.weights**2).sum())

    def below(self, z: np.ndarray) -> np.ndarray:
        """(parameter,) weight of the draws below z."""
        return self.weights @ (self.z < z)

    def mean(self) -> np.ndarray:
        """(parameter,) weighted mean."""
        return self.weights @ self.z

    def variance(self) -> np.ndarray:
        """(parameter,) weighted variance."""
        return self.weights @ (self.z - self.mean()) ** 2

    def draws(self, count: int, seed: int) -> np.ndarray:
        """(count, parameter) draws of equal weight, by systematic resampling."""
        at = (np.arange(count) + np.random.default_rng(seed).uniform()) / count
        chosen = np.searchsorted(np.cumsum(self.weights), at).clip(max=len(self.weights) - 1)
        return self.z[chosen]


def learn_estimates(summaries: np.ndarray, z: np.ndarray) -> Estimates:
    """Ridge regression of z (row, parameter) on summaries (row, summary) and their squares."""
    centre, scale = summaries.mean(axis=0), np.maximum(summaries.std(axis=0), 1e-9)
    made = _features(summaries, centre, scale)
    penalty = RIDGE * np.eye(made.shape[1])
    penalty[0, 0] = 0.0
    return Estimates(centre, scale, np.linalg.solve(made.T @ made + penalty, made.T @ z))


def _features(summaries: np.ndarray, centre: np.ndarray, scale: np.ndarray) -> np.ndarray:
    x = np.clip((summaries - centre) / scale, -REACH, REACH)
    return np.hstack([np.ones((len(x), 1)), x, x * x - 1.0])


def posterior(
    estimates: np.ndarray, z: np.ndarray, observed: np.ndarray, share: float = ACCEPTED, spreads: bool = False
) -> Sample:
    """The posterior given observed estimates (parameter,), from estimates and z (row, parameter) of the table.

    Kept rows weigh by Epanechnikov's kernel. `spreads` also lets the regression's error change with the estimates
    (Blum and Francois 2010).
    """
    kept = min(len(z), max(int(share * len(z)), LEAST * (z.shape[1] + 1)))
    offset = estimates - observed
    distance = np.linalg.norm(offset / np.maximum(estimates.std(axis=0), 1e-9), axis=1)
    rows = np.argpartition(distance, kept - 1)[:kept]
    near = distance[rows] / max(distance[rows].max(), 1e-300)
    weights = np.maximum(1.0 - near**2, 1e-6)
    made = np.hstack([np.ones((kept, 1)), offset[rows]])
    slope = _solve(made, weights, z[rows])
    errors = z[rows] - made @ slope
    if spreads:
        size = _solve(made, weights, np.log(errors**2 + 1e-12))
        errors *= np.exp(0.5 * (size[0] - made @ size))
    moved = slope[0] + errors
    inside = np.clip(moved, -BOUND, BOUND)
    return Sample(inside, weights / weights.sum(), rows, float((inside != moved).any(axis=1).mean()))


def _solve(made: np.ndarray, weights: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """Weighted least squares with a touch of ridge."""
    weighted = made * weights[:, None]
    return np.linalg.solve(weighted.T @ made + 1e-6 * np.eye(made.shape[1]), weighted.T @ answers)
