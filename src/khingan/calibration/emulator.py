"""A quadratic stand-in for the engine: each row's answers as polynomials of the parameters in units of their priors."""

from dataclasses import dataclass

import numpy as np


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


def fit_quadratics(x: np.ndarray, answers: np.ndarray, penalty: float = 1.0) -> list[Quadratic]:
    """Least squares of each of answers (answer, design, row) on 1, x, x x' with a light penalty.

    x is (design, row, dimension).
    """
    design, rows, width = x.shape
    first, second = np.triu_indices(width)
    weight = np.diag(np.concatenate([[0.0], np.full(width + first.size, penalty)]))
    made = [Quadratic(np.empty(rows), np.empty((rows, width)), np.zeros((rows, width, width)), np.empty(rows))
            for _ in answers]  # fmt: skip
    for row in range(rows):
        features = np.hstack([np.ones((design, 1)), x[:, row], x[:, row][:, first] * x[:, row][:, second]])
        found = np.linalg.solve(features.T @ features + weight, features.T @ answers[:, :, row].T)
        left = np.std(answers[:, :, row].T - features @ found, axis=0)
        for number, quadratic in enumerate(made):
            quadratic.constant[row], quadratic.slope[row] = found[0, number], found[1 : width + 1, number]
            quadratic.bend[row, first, second] = found[width + 1 :, number] / 2.0
            quadratic.bend[row] += quadratic.bend[row].T
            quadratic.error[row] = left[number]
    return made
