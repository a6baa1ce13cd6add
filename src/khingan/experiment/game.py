"""Two-player zero-sum games on a matrix of payoffs: values, mixtures, and what a plan could have been punished by.

Rows are the attacker's strategies, columns the defender's; a payoff is what the attacker gets and the defender loses.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from khingan.errors import KhinganError

Array = np.ndarray
SMALLEST = 1e-9  # a probability below this is the solver's rounding


@dataclass(frozen=True)
class Equilibrium:
    """The value and one pair of optimal mixtures; where several exist, which of them is found says nothing."""

    value: float
    attacker: Array  # (row,) probabilities
    defender: Array  # (column,) probabilities


def equilibrium(payoff: Array) -> Equilibrium:
    """Solve a matrix game (row, column) by linear programme (Dantzig 1951; von Neumann's minimax theorem).

    Raises KhinganError where the matrix is empty or holds a number that is not finite.
    """
    payoff = np.asarray(payoff, np.float64)
    if payoff.ndim != 2 or not payoff.size or not np.isfinite(payoff).all():
        raise KhinganError("payoff", "no matrix of finite numbers", "give each strategy of both sides a payoff")
    rows, columns = payoff.shape
    # Maximise v with every column paying the mixture at least v; a shift by the mean keeps the numbers well scaled.
    middle, scale = float(payoff.mean()), float(np.ptp(payoff)) or 1.0
    scaled = (payoff - middle) / scale
    found = linprog(
        np.append(np.zeros(rows), -1.0),
        A_ub=np.column_stack([-scaled.T, np.ones(columns)]),
        b_ub=np.zeros(columns),
        A_eq=np.append(np.ones(rows), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(0, None)] * rows + [(None, None)],
        method="highs",
    )
    if not found.success:
        raise KhinganError("payoff", f"no equilibrium found: {found.message}", "look at the payoffs")
    return Equilibrium(
        value=float(found.x[-1]) * scale + middle,
        attacker=_mixture(found.x[:rows]),
        defender=_mixture(-found.ineqlin.marginals),
    )


def _mixture(weights: Array) -> Array:
    weights = np.where(weights > SMALLEST, weights, 0.0)
    return weights / weights.sum()


@dataclass(frozen=True)
class Oracle:
    """An equilibrium over all strategies, found from those that became best replies and the entries looked up."""

    equilibrium: Equilibrium
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    asked: frozenset[tuple[int, int]]


def double_oracle(
    payoff: Callable[[int, int], float],
    rows: int,
    columns: int,
    start: tuple[int, int] = (0, 0),
    tolerance: float = 1e-9,
    ahead: Callable[[list[tuple[int, int]]], None] = lambda entries: None,
) -> Oracle:
    """Solve a game of which only some payoffs are looked up (McMahan, Gordon and Blum 2003).

    Each side answers the other's mixture with its best reply until neither gains more than `tolerance`. `ahead` is told
    of the entries that are looked up next, so that they may be played side by side.
    """
    own, other = [start[0]], [start[1]]
    known: dict[tuple[int, int], float] = {}

    def entry(row: int, column: int) -> float:
        if (row, column) not in known:
            known[row, column] = payoff(row, column)
        return known[row, column]

    while True:
        part = equilibrium(np.array([[entry(row, column) for column in other] for row in own]))
        needed = {(row, k) for k, p in zip(other, part.defender, strict=True) if p for row in range(rows)}
        needed |= {(k, column) for k, p in zip(own, part.attacker, strict=True) if p for column in range(columns)}
        ahead(sorted(needed - known.keys()))
        gains = [sum(p * entry(row, k) for p, k in zip(part.defender, other, strict=True) if p) for row in range(rows)]
        costs = [sum(p * entry(k, column) for p, k in zip(part.attacker, own, strict=True) if p)
                 for column in range(columns)]  # fmt: skip
        reply, answer = int(np.argmax(gains)), int(np.argmin(costs))
        if gains[reply] <= part.value + tolerance and costs[answer] >= part.value - tolerance:
            break
        own += [reply] if reply not in own else []
        other += [answer] if answer not in other else []
    attacker, defender = np.zeros(rows), np.zeros(columns)
    attacker[own], defender[other] = part.attacker, part.defender
    return Oracle(Equilibrium(part.value, attacker, defender), tuple(own), tuple(other), frozenset(known))


@dataclass(frozen=True)
class Exploitability:
    """What the other side could gain by the best reply to a plan, against what it had; never below zero."""

    attacker: float  # the defender's gain from answering the attacker's plan best
    defender: float  # the attacker's gain from answering the defender's plan best


def exploitability(payoff: Array, attacker: int, defender: int) -> Exploitability:
    """How far a pair of plans is from answering each other best."""
    there = float(payoff[attacker, defender])
    return Exploitability(there - float(payoff[attacker].min()), float(payoff[:, defender].max()) - there)


def resampled(payoffs: Array, times: int, seed: int) -> Array:
    """(times, row, column) mean payoffs over runs drawn with replacement from `payoffs` (row, column, run).

    The same runs are drawn for every entry: runs share their luck, so entries err together.
    """
    chance = np.random.default_rng(seed)
    runs = payoffs.shape[2]
    weights = chance.multinomial(runs, np.full(runs, 1 / runs), size=times) / runs
    return np.einsum("rck,tk->trc", payoffs, weights)
