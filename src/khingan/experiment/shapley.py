"""Sharing an outcome among causes: pure arithmetic over the outcomes of all combinations of factors.

A combination is a number whose bit i is set where factor i is as it was; outcomes stand in an array whose first axis
runs over all combinations. Shapley values are an accounting rule, not a proof of cause: interactions are shown beside.
"""

from dataclasses import dataclass
from math import factorial

import numpy as np


def shapley_weights(factors: int) -> np.ndarray:
    """(factor, combination) weights W with W @ outcomes the Shapley values.

    phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! (v(S + i) - v(S)); Shapley 1953.
    """
    weights = np.zeros((factors, 2**factors))
    for i in range(factors):
        for without in (s for s in range(2**factors) if not s >> i & 1):
            size = without.bit_count()
            weight = factorial(size) * factorial(factors - size - 1) / factorial(factors)
            weights[i, without | 1 << i] += weight
            weights[i, without] -= weight
    return weights


def interaction_weights(factors: int) -> tuple[list[tuple[int, int]], np.ndarray]:
    """Pairs of factors, and (pair, combination) weights whose product with the outcomes is their interaction index.

    I_ij = sum over S without i, j of |S|! (n - |S| - 2)! / (n - 1)! (v(S+i+j) - v(S+i) - v(S+j) + v(S)); Grabisch and
    Roubens 1999. Above zero the two do more together than each alone.
    """
    pairs = [(i, j) for i in range(factors) for j in range(i + 1, factors)]
    weights = np.zeros((len(pairs), 2**factors))
    for row, (i, j) in enumerate(pairs):
        for without in (s for s in range(2**factors) if not (s >> i & 1 or s >> j & 1)):
            size = without.bit_count()
            weight = factorial(size) * factorial(factors - size - 2) / factorial(factors - 1)
            weights[row, without | 1 << i | 1 << j] += weight
            weights[row, without] += weight
            weights[row, without | 1 << i] -= weight
            weights[row, without | 1 << j] -= weight
    return pairs, weights


def bootstrap(values: np.ndarray, resamples: int = 1000, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """(low, high), each (quantity,): 95 % percentile interval of the mean over runs of values (quantity, run).

    Whole runs are drawn again, so that what their combinations share stays shared.
    """
    generator = np.random.Generator(np.random.Philox(seed))
    runs = values.shape[1]
    counts = generator.multinomial(runs, np.full(runs, 1 / runs), size=resamples)
    low, high = np.quantile(counts @ values.T / runs, (0.025, 0.975), axis=0)
    return low, high


@dataclass(frozen=True)
class Causation:
    """How far a cause was necessary and sufficient for an outcome that happens or not; Pearl 2000, chapter 9.

    `necessity`, `sufficiency` and `both` hold where the cause never prevents the outcome; the pairs (low, high) hold
    without that, and are the finding.
    """

    necessity: float
    sufficiency: float
    both: float
    necessity_bounds: tuple[float, float]
    sufficiency_bounds: tuple[float, float]
    both_bounds: tuple[float, float]


def causation(with_cause: float, without: float) -> Causation:
    """From the chances of the outcome with the cause and without it; NaN where a chance leaves nothing to ask."""
    gain = max(0.0, with_cause - without)
    failing = 1.0 - without
    return Causation(
        necessity=_ratio(gain, with_cause),
        sufficiency=_ratio(gain, failing),
        both=gain,
        necessity_bounds=(_ratio(gain, with_cause), min(1.0, _ratio(failing, with_cause))),
        sufficiency_bounds=(_ratio(gain, failing), min(1.0, _ratio(with_cause, failing))),
        both_bounds=(gain, min(with_cause, failing)),
    )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")
