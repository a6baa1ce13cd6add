"""Where the points of a study lie: designs in the unit cube, one column an axis."""

from collections.abc import Sequence

import numpy as np
from scipy.stats import qmc

from khingan.experiment.axis import Axis


def latin_hypercube(points: int, axes: int, seed: int) -> np.ndarray:
    """(point, axis): every axis cut into as many slices as there are points, each slice used once; McKay 1979."""
    return qmc.LatinHypercube(axes, rng=seed).random(points)


def saltelli(points: int, axes: int, seed: int) -> np.ndarray:
    """(points * (axes + 2), axis) for first-order and total indices; Saltelli et al. 2010.

    Two independent Sobol samples A and B, and A with one column from B for every axis; the rows of one base point
    stand together: A, B, AB_1, AB_2, ... `points` is a power of two.
    """
    base = qmc.Sobol(2 * axes, rng=seed).random(points)
    a, b = base[:, :axes], base[:, axes:]
    block = np.repeat(a[:, None, :], axes + 2, axis=1)
    block[:, 1] = b
    for axis in range(axes):
        block[:, 2 + axis, axis] = b[:, axis]
    return block.reshape(-1, axes)


def factorial(axes: Sequence[Axis]) -> np.ndarray:
    """(point, axis): every combination of the levels of all axes, the last axis running fastest."""
    middles = [(np.arange(len(axis.levels)) + 0.5) / len(axis.levels) for axis in axes]
    return np.stack([column.ravel() for column in np.meshgrid(*middles, indexing="ij")], axis=1)
