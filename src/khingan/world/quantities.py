"""Disputable numbers on their way to the engine: best value, range, and whose error they share."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any

import numpy as np

from khingan.evidence.ledger import Ledger

# A ledger range is read as the span that holds nine draws in ten: 1.645 standard deviations either way.
SPAN = 1.6448536269514722


@lru_cache(maxsize=65536)
def key_of(name: str) -> int:
    """A name as an entity of the luck function: 62 bits of its hash."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], "big") >> 2


@dataclass(frozen=True)
class Quantity:
    """Numbers that rest on claims, one an element; `draw` turns standard normals into readings.

    `below` and `above` are the log ratios of low and high to best, or in units of the value where `shift` is set.
    """

    best: np.ndarray  # (n,)
    below: np.ndarray  # (n,) <= 0
    above: np.ndarray  # (n,) >= 0
    claim: np.ndarray  # (n,) int64 key of the claim
    group: np.ndarray  # (n,) int64 key of the army or side whose errors it shares
    shift: bool = False
    bounds: tuple[float, float] = (0.0, np.inf)

    @cached_property
    def errors(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Claim and group of each error that is different, (error,), and which of them each number has, (n,)."""
        both, which = np.unique(np.stack([self.claim, self.group]), axis=1, return_inverse=True)
        return both[0], both[1], which.ravel()

    def draw(self, z: np.ndarray) -> np.ndarray:
        """Readings for standard normals z (run, n)."""
        move = np.where(z < 0, -z * self.below, z * self.above) / SPAN
        value = self.best + move if self.shift else self.best * np.exp(move)
        return np.clip(value, *self.bounds)


def quantity(
    ledger: Ledger, values: Sequence[float], claims: Sequence[str], groups: Sequence[str], **options: Any
) -> Quantity:
    """Values with the ranges of the claims they rest on; a value without a claim is certain."""
    shift = bool(options.get("shift"))
    below, above = np.zeros(len(values)), np.zeros(len(values))
    for i, name in enumerate(claims):
        if not name:
            continue
        claim = ledger.claim(name)
        if shift:
            below[i], above[i] = -claim.shift, claim.shift
        else:
            low, high = claim.ratios
            below[i], above[i] = np.log(max(low, 1e-3)), np.log(max(high, 1e-3))
    return Quantity(
        best=np.asarray(values, float),
        below=below,
        above=above,
        claim=np.array([key_of(name) for name in claims], np.int64),
        group=np.array([key_of(name) for name in groups], np.int64),
        **options,
    )
