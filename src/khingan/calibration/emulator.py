"""A quadratic stand-in for the engine: each row's answers as polynomials of the parameters in units of their priors."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

# Variance of a play's noise over that of a slope and of a bend. Without it noise in the slopes would pass for
# information: posteriors too narrow and drawn towards the prior.
PENALTY = (1.0, 40.0)
SOFTER = 0.1  # the same for chances, whose noise counts in units of p (1 - p)
NEWTON_STEPS = 5


@dataclass(frozen=True)
class Quadratic:
    """c + b.x + x.A.x for every row; x is (row, dimension)."""

    constant: np.ndarray  # (row,)
    slope: np.ndarray  # (row, dimension)
    bend: np.ndarray  # (row, dimension, dimension), symmetric
    error: np.ndarray  # (row,) standard deviation of what is left of the design

    def at(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(values (row,), gradients (row, dimension)) at x."""
        bent = np.einsum("rij,rj->ri", self.bend, x)
        values = self.constant + np.einsum("ri,ri->r", self.slope + bent, x)
        return values, self.slope + 2.0 * bent

    def only(self, chosen: np.ndarray) -> "Quadratic":
        """The same for some of the rows."""
        return Quadratic(self.constant[chosen], self.slope[chosen], self.bend[chosen], self.error[chosen])


def fit_quadratics(x: np.ndarray, answers: np.ndarray, penalty: tuple[float, float] = PENALTY) -> list[Quadratic]:
    """Least squares of each of answers (answer, design, row) on 1, x, x x'; penalties of slopes and of bends.

    x is (design, row, dimension).
    """
    made = [_room(x) for _ in answers]
    for row in range(x.shape[1]):
        features, weight = _features(x[:, row], penalty)
        found = np.linalg.solve(features.T @ features + weight, features.T @ answers[:, :, row].T)
        for number, quadratic in enumerate(made):
            _put(quadratic, row, found[:, number], np.std(answers[number, :, row] - features @ found[:, number]))
    return made


def fit_chances(x: np.ndarray, chances: np.ndarray, penalty: tuple[float, float] = PENALTY) -> Quadratic:
    """Quadratic of the logit whose chances come nearest to chances (design, row), by likelihood and Newton's steps.

    The logit of a chance averaged over few plays lies too far out in the mean; the chance itself does not.
    """
    made = _room(x)
    for row in range(x.shape[1]):
        features, weight = _features(x[:, row], penalty)
        found = np.zeros(features.shape[1])
        for _ in range(NEWTON_STEPS):
            chance = expit(features @ found)
            curve = (features.T * (chance * (1.0 - chance))) @ features + SOFTER * weight
            slope = features.T @ (chances[:, row] - chance) - SOFTER * weight @ found
            found += np.linalg.solve(curve + 1e-9 * np.eye(len(found)), slope)
        _put(made, row, found, np.std(chances[:, row] - expit(features @ found)))
    return made


def _room(x: np.ndarray) -> Quadratic:
    _, rows, width = x.shape
    return Quadratic(np.empty(rows), np.empty((rows, width)), np.zeros((rows, width, width)), np.empty(rows))


def _features(x: np.ndarray, penalty: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """(features (design, feature), penalty matrix) of one row."""
    design, width = x.shape
    first, second = np.triu_indices(width)
    features = np.hstack([np.ones((design, 1)), x, x[:, first] * x[:, second]])
    return features, np.diag(np.concatenate([[0.0], np.full(width, penalty[0]), np.full(first.size, penalty[1])]))


def _put(made: Quadratic, row: int, found: np.ndarray, error: float) -> None:
    width = made.slope.shape[1]
    first, second = np.triu_indices(width)
    made.constant[row], made.slope[row], made.error[row] = found[0], found[1 : width + 1], error
    made.bend[row, first, second] = found[width + 1 :] / 2.0
    made.bend[row] += made.bend[row].T
