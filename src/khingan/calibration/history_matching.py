"""History matching: which parameters cannot be ruled out (Craig, Goldstein and others 1997)."""

from dataclasses import dataclass

import numpy as np

from khingan.calibration.hermite import Emulator

CUTOFF = 3.0  # standard deviations; holds 95 % of any distribution with one peak (Pukelsheim 1994)
POINTS = 20_000


@dataclass(frozen=True)
class Matching:
    """`left` is the share of the prior that is not ruled out; `worst` the share in which each summary is beyond."""

    left: float
    worst: np.ndarray  # (summary,) share of the prior in which it is beyond the cutoff
    least: np.ndarray  # (summary,) smallest implausibility anywhere


def implausibility(emulator: Emulator, z: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """(point, summary): distance of history from the emulator's mean, in standard deviations.

    The variance holds what the emulator leaves: luck, claims, parameters that are not fitted, the errors of model and
    record that the table's rows carry, and the emulator's own error.
    """
    return np.abs(observed - emulator.at(z)) / np.sqrt(emulator.left + emulator.error)


def match(emulator: Emulator, dimensions: int, observed: np.ndarray, seed: int) -> Matching:
    """Rule out by the second largest implausibility, so that one bad summary alone condemns nothing."""
    z = np.random.default_rng(seed).standard_normal((POINTS, dimensions))
    found = implausibility(emulator, z, observed)
    second = np.sort(found, axis=1)[:, -2] if found.shape[1] > 1 else found[:, 0]
    return Matching(float((second < CUTOFF).mean()), (found >= CUTOFF).mean(axis=0), found.min(axis=0))
