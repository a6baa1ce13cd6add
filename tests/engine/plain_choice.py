"""Slow twins of what commanders and staffs choose and believe: sets, whole columns, distributions of the library."""

import numpy as np
import plain
from plain_ranks import delay
from scipy.integrate import solve_ivp
from scipy.stats import nbinom, norm


def released(
    units: list[dict], breaches: dict[str, float], wanted: float, median: float, log_sd: float, purpose: int, run: int,
    now: float,
) -> list[float]:  # fmt: skip
    """Hours from which reserves may set out: each waits for the line before it, found by its name."""
    hours = [unit["planned"] for unit in units]
    for u, unit in enumerate(units):
        if unit["echelon"] >= 2 and unit["planned"] > now and breaches[unit["behind"]] >= wanted:
            hours[u] = min(unit["planned"], now + delay(run, 0, u, purpose, median, log_sd))
    return hours


def fallen_back(rates: list[float], run: int, steps: list[int], days: float, purpose: int) -> list[bool]:
    """Who has chosen to go, each by the sum of its hazard against the exponential time of each step."""
    gone = []
    for u, rate in enumerate(rates):
        waits = [-np.log1p(-plain.uniform(1945, run, step, u, purpose)) for step in steps]
        gone.append(any(wait < rate * days for wait in waits))
    return gone


def dates_believed(
    days: np.ndarray, winter: np.ndarray, over: np.ndarray, treaty: float, centre: float, sd: float, season: float,
    halved: float, never: float,
) -> np.ndarray:  # fmt: skip
    """Belief in each week and, last, in never: a mixture of a thinned normal and an even spread."""
    broken = norm.pdf(days + 3.5, centre, sd) * sd * np.sqrt(2 * np.pi)
    broken = np.where(over, 0.0, np.maximum(1e-12, broken) * np.where(winter, season, 1.0))
    odds = treaty / (1 - treaty) / halved
    kept = odds / (1 + odds)
    weeks = (1 - kept) * broken / broken.sum() + kept * (1 - never) * over / over.sum()
    return np.append(weeks, kept * never)


def told(belief: np.ndarray, means: np.ndarray, seen: int, doubt: float, weight: float) -> np.ndarray:
    """Belief (date, axis) after a count whose mean is `means`, by the library's negative binomial."""
    size = 1 / doubt**2
    posterior = belief * nbinom.pmf(seen, size, size / (size + means)) ** weight
    return posterior / posterior.sum()


def men_at_posts(days: float, away: float, days_to_come: float) -> float:
    """Those on leave come back at a constant rate of those still away."""
    left = solve_ivp(lambda _, y: -y / days_to_come, (0, days), [away], rtol=1e-9, atol=1e-12).y[0, -1]
    return 1 - float(left)


def best_guard(belief: np.ndarray, guards: np.ndarray, in_time: float, main: float) -> int:
    """The disposition of greatest expected worth: one matrix of blows, one of worths, and their product."""
    axes = guards.shape[1]
    blows = np.full((axes, axes), (1 - main) / (axes - 1)) + np.eye(axes) * (main - (1 - main) / (axes - 1))
    worth = np.sqrt(guards + in_time * np.maximum(0, 1 - guards.sum(axis=1))[:, None])
    return int((worth @ blows.T @ belief.sum(axis=0)).argmax())


def advance(ratio: float, motor: float, foot: float, arm: dict[str, tuple[float, float]], least: float, most: float):
    """Kilometres a day as a mean of two straight lines in logarithms, by weight of the arms; 0 below the least."""
    x = np.log(np.clip(ratio, least, most))
    lines = {name: np.exp(np.log(base) + slope * x) for name, (base, slope) in arm.items()}
    return (ratio >= least) * (motor * lines["armour"] + foot * lines["infantry"]) / (motor + foot)
