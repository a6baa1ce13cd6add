"""One thing that a study varies: a parameter over a range, one of several changes, or the date of the attack."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from khingan.evidence.prior import Prior

AS_IT_WAS = "as-it-was"


@dataclass(frozen=True)
class Axis:
    """A way from the unit interval to values.

    Without `levels` the values run evenly from `low` to `high`, which are shares of the prior where one is given.
    """

    name: str
    kind: Literal["parameter", "change", "date"]
    levels: tuple[Any, ...] = ()
    low: float = 0.0
    high: float = 1.0
    prior: Prior | None = None

    def values(self, u: np.ndarray) -> np.ndarray:
        """The values at u (point,), each in 0 to 1: numbers of a parameter, names of changes and dates."""
        if self.levels:
            return np.array(self.levels, dtype=None if self.is_number else object)[self.level(u)]
        at = self.low + u * (self.high - self.low)
        return self.prior.quantile(at) if self.prior else at

    def level(self, u: np.ndarray) -> np.ndarray:
        """The number of the level at u (point,)."""
        return np.minimum((u * len(self.levels)).astype(int), len(self.levels) - 1)

    def stepped(self, count: int) -> "Axis":
        """The axis at `count` values from end to end; one that has levels keeps them."""
        if self.levels:
            return self
        return replace(self, levels=tuple(self.values(np.linspace(0.0, 1.0, count)).tolist()))

    @property
    def is_number(self) -> bool:
        """Whether the values are numbers."""
        return self.kind == "parameter"

    @property
    def is_ordered(self) -> bool:
        """Whether more and less mean something: numbers, dates, and what is either so or not."""
        return self.kind != "change" or len(self.levels) <= 2
