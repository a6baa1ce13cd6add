"""An emulator in Hermite polynomials of normal coordinates, and what it says of influence.

Coordinates are standard normal under the prior, so the polynomials are orthonormal and a squared coefficient is a share
of variance (polynomial chaos; Sudret 2008). What luck, claims and all other parameters do is left over, with the
emulator's own error: the two cannot be told apart without playing a draw twice.
"""

from dataclasses import dataclass

import numpy as np

BLOCK = 4096  # rows at a time
RIDGE = 1e-3  # of a row's weight, so that few rows or a flat column leave no hole


@dataclass(frozen=True)
class Emulator:
    """Means of answers (answer) by slopes, bends and products of coordinates (dimension)."""

    coefficients: np.ndarray  # (feature, answer)
    left: np.ndarray  # (answer,) variance that is not explained
    rows: int

    def at(self, z: np.ndarray) -> np.ndarray:
        """(row, answer) at coordinates z (row, dimension)."""
        return np.concatenate([features(part) @ self.coefficients for part in _blocks(z)])

    @property
    def error(self) -> np.ndarray:
        """(answer,) variance of the emulator's mean over the rows: features over rows of what is not explained."""
        return self.left * self.coefficients.shape[0] / self.rows


def features(z: np.ndarray) -> np.ndarray:
    """(row, feature): 1, slopes, bends, products of pairs; orthonormal for standard normal z."""
    first, second = np.triu_indices(z.shape[1], 1)
    bends = (z * z - 1.0) / np.sqrt(2.0)
    return np.hstack([np.ones((len(z), 1)), z, bends, z[:, first] * z[:, second]])


def fit(z: np.ndarray, answers: np.ndarray) -> Emulator:
    """Least squares of answers (row, answer) on the features of z (row, dimension)."""
    width = features(z[:1]).shape[1]
    square, product = RIDGE * np.eye(width), np.zeros((width, answers.shape[1]))
    for part, given in zip(_blocks(z), _blocks(answers), strict=True):
        made = features(part)
        square += made.T @ made
        product += made.T @ given
    coefficients = np.linalg.solve(square, product)
    off = answers - Emulator(coefficients, np.zeros(answers.shape[1]), len(z)).at(z)
    return Emulator(coefficients, (off**2).sum(axis=0) / max(1, len(z) - width), len(z))


def _blocks(table: np.ndarray) -> list[np.ndarray]:
    return [table[first : first + BLOCK] for first in range(0, len(table), BLOCK)]


def sobol(emulator: Emulator, dimensions: int, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First-order and total indices (dimension, answer), as shares of the whole variance, luck and claims counted.

    What a coefficient would have by chance alone is taken off each square.
    """
    parts = emulator.coefficients**2 - emulator.left / emulator.rows
    slopes, bends = parts[1 : dimensions + 1], parts[dimensions + 1 : 2 * dimensions + 1]
    first = slopes + bends
    total = first.copy()
    for number, pair in enumerate(zip(*np.triu_indices(dimensions, 1), strict=True)):
        for one in pair:
            total[one] += parts[2 * dimensions + 1 + number]
    return np.clip(first / variance, 0.0, 1.0), np.clip(total / variance, 0.0, 1.0)


def influence(z: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """(dimension, answer) first-order indices of every coordinate by itself, to the third power, less chance.

    z (row, dimension); a table needs many more rows than the square of 1 / the index that is to be seen.
    """
    scaled = (answers - answers.mean(axis=0)) / np.maximum(answers.std(axis=0), 1e-300)
    powers = 3
    sums = np.zeros((powers, z.shape[1], answers.shape[1]))
    for part, given in zip(_blocks(z), _blocks(scaled), strict=True):
        sums[0] += part.T @ given
        sums[1] += ((part * part - 1.0) / np.sqrt(2.0)).T @ given
        sums[2] += ((part**3 - 3.0 * part) / np.sqrt(6.0)).T @ given
    found = ((sums / len(z)) ** 2).sum(axis=0) - powers / len(z)
    return np.clip(found, 0.0, 1.0)
