"""How near an ensemble of times lies to what happened; every function takes one value per run, all in one unit."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Array = NDArray[np.float64]

# Below this many runs the mean over pairs leaves out the pairs of a run with itself (Ferro 2014).
FAIR_BELOW = 50


def with_never(values: Array, never_at: float) -> Array:
    """Times in hours with every NaN (it never happened) put at `never_at`, sorted ascending."""
    return np.sort(np.where(np.isnan(values), never_at, values).astype(np.float64))


def crps(ensemble: Array, observed: float, fair: bool | None = None) -> float:
    """Continuous ranked probability score: mean |x - z| less half the mean |x - x'|, in the unit of the values.

    The second mean comes from the sorted values, so the cost is n log n. `fair` divides by n(n-1) in place of n²;
    None takes the fair form for small ensembles.
    """
    values = np.sort(np.asarray(ensemble, dtype=np.float64))
    n = len(values)
    fair = n < FAIR_BELOW if fair is None else fair
    pairs = n * (n - 1) if fair and n > 1 else n * n
    weights = 2 * np.arange(1, n + 1) - n - 1
    return float(np.abs(values - observed).mean() - (weights * values).sum() / pairs)


def crps_normal(mean: float, sd: float, observed: float) -> float:
    """CRPS of a normal distribution in closed form (Gneiting and Raftery 2007, equation 21)."""
    z = (observed - mean) / sd
    return float(sd * (z * (2 * ndtr(z) - 1) + np.sqrt(2 / np.pi) * np.exp(-0.5 * z * z) - 1 / np.sqrt(np.pi)))


def rank(ensemble: Array, low: float, high: float) -> float:
    """Share of runs at least as early as history, when history lies evenly somewhere in [low, high].

    A run inside the interval counts by the part of it that lies later; a run equal to an exact date counts half.
    """
    if high > low:
        return float(np.clip((high - ensemble) / (high - low), 0, 1).mean())
    return float(0.5 * ((ensemble < low).mean() + (ensemble <= low).mean()))


def meets(low: float, high: float, q05: float, q95: float) -> bool:
    """Whether the observed interval [low, high] and the ensemble's [q05, q95] have a moment in common."""
    return low <= q95 and high >= q05


def skill(score: float, null_score: float) -> float | None:
    """1 - S / S_null: 1 is perfect, 0 no better than the null; None where the null's own score is zero."""
    return 1 - score / null_score if null_score > 0 else None
