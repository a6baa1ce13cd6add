"""Luck as a function: the same five integers always give the same number, and nothing is remembered between calls.

A change in one place therefore moves no luck but its own, on any number of threads, and factual and counterfactual
share every draw whose five integers agree.
"""

from typing import Any

import numba
import numpy as np

from khingan.engine.compiled import kernel
from khingan.engine.state import Array

# What a draw is for; each number is used by one mechanism alone and never changes its meaning.
PARAMETER, CLAIM, CLAIM_ARMY, WEATHER, ORDER_DELAY = (np.int64(n) for n in (1, 2, 3, 4, 5))
BATTLE_DAY, BATTLE_INTENSITY, BATTLE_EXCHANGE, BATTLE_BREAK, BATTLE_WHO = (np.int64(n) for n in range(10, 15))
BATTLE_ADVANCE, PAUSE, DISSOLVE = np.int64(15), np.int64(16), np.int64(17)
SIEGE_INTENSITY, SIEGE_EXCHANGE = np.int64(18), np.int64(19)
HEADQUARTERS, WORD, ISOLATED, SECOND_CHANNEL, COMPLIANCE, PARLEY = (np.int64(n) for n in range(20, 26))
DECISION, VETO, VETO_DELAY, IMPERIAL_ORDER, HANDOVER = (np.int64(n) for n in range(60, 65))
ARMY_WORD, UNREACHED = np.int64(65), np.int64(66)
PASSAGE, REPULSE, RECEPTION, DESERTION = (np.int64(n) for n in range(30, 34))
RELAY, RESERVE, FALL_BACK = (np.int64(n) for n in range(40, 43))
AIR_WORD = np.int64(34)
RELEASE, JUNCTION, ASSEMBLY, SIGHTING = (np.int64(n) for n in range(70, 74))
REPORT = np.int64(74)

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)

_config: Any = numba.config
if _config.DISABLE_JIT:
    # Wrapping products are what the hash wants; plain numpy scalars would report each of them.
    np.seterr(over="ignore")


@kernel
def scramble(x: Any) -> Any:
    """Finaliser of splitmix64 (Steele, Lea, Flood 2014): a bijection of 64-bit words, (uint64) -> uint64."""
    x = (x ^ (x >> _S30)) * _FIRST
    x = (x ^ (x >> _S27)) * _SECOND
    return x ^ (x >> _S31)


@kernel
def luck_of(seed: int, run: int) -> Any:
    """The run's own luck, a 64-bit word that stands for (seed, run)."""
    return scramble(scramble(np.uint64(seed) + _GOLDEN) ^ (np.uint64(run) * _GOLDEN + _FIRST))


@kernel
def draw(luck: Any, step: int, entity: int, purpose: Any) -> float:
    """A number in (0, 1) for one decision of one run; `luck` from luck_of, the rest non-negative integers."""
    x = scramble(luck ^ (np.uint64(step) * _GOLDEN + _SECOND))
    x = scramble(x ^ (np.uint64(entity) * _GOLDEN + _FIRST))
    x = scramble(x ^ (np.uint64(purpose) * _GOLDEN))
    return (np.float64(x >> _S11) + 0.5) * 1.1102230246251565e-16


@kernel
def uniform(seed: int, run: int, step: int, entity: int, purpose: int) -> float:
    """A number in (0, 1), the same for the same five non-negative integers."""
    return draw(luck_of(seed, run), step, entity, purpose)


@kernel
def normal(u: float) -> float:
    """Standard normal quantile of u in (0, 1); rational approximation of Acklam (2003), relative error 1.2e-9."""
    if u < 0.02425:
        q = np.sqrt(-2.0 * np.log(u))
        return _tail(q)
    if u > 0.97575:
        q = np.sqrt(-2.0 * np.log(1.0 - u))
        return -_tail(q)
    q = u - 0.5
    r = q * q
    above = ((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.3577518672690) * r
             - 30.66479806614716) * r + 2.506628277459239  # fmt: skip
    below = ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r
             - 13.28068155288572) * r + 1.0  # fmt: skip
    return above * q / below


@kernel
def _tail(q: float) -> float:
    above = ((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q
             + 4.374664141464968) * q + 2.938163982698783  # fmt: skip
    below = (
        ((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416
    ) * q + 1.0
    return above / below


@kernel
def lognormal(u: float, median: float, log_sd: float) -> float:
    """Quantile u of a lognormal distribution with this median and standard deviation of the logarithm."""
    return median * np.exp(log_sd * normal(u))


@kernel
def fill_uniforms(seed: int, first_run: int, entities: Array, purpose: Any, out: Array) -> None:
    """Draws for runs first_run.. and every entity at step 0: fills out (run, entity)."""
    for run in range(out.shape[0]):
        luck = luck_of(seed, first_run + run)
        for e in range(out.shape[1]):
            out[run, e] = draw(luck, 0, entities[e], purpose)
