"""The effect of a change from pairs of runs that share their luck."""

from dataclasses import asdict, dataclass
from math import ceil, inf, isfinite, nan
from typing import Any

import numpy as np
from scipy.special import stdtrit

from khingan.simulation.politics import CALENDAR

LEAST_GAIN = 1.2  # below this gain pairing saves less than a run in six, and is said not to help


@dataclass(frozen=True)
class Effect:
    """Means over runs and their difference, counterfactual less factual, with its 95 % interval.

    `pairing_gain`: how many times more runs independent luck would need for the same interval; NaN where no run
    differs from its twin. `politics` says whose decision to end the war was played: history's `calendar`, a school, or
    `schools`, which is their plain mean, each as often as the other.
    """

    measure: str
    unit: str
    factual: float
    counterfactual: float
    difference: float
    low: float
    high: float
    pairing_gain: float
    runs: int
    politics: str = CALENDAR

    def as_dict(self) -> dict[str, Any]:
        """The documented JSON object."""
        return asdict(self)

    @property
    def pairing_helps(self) -> bool:
        """Whether shared luck made the interval noticeably narrower; true where nothing differs at all."""
        return not self.pairing_gain < LEAST_GAIN

    @property
    def is_felt(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0

    def runs_for(self, width: float) -> float:
        """Paired runs after which the interval would be this wide."""
        if not width > 0:
            return inf
        needed = self.runs * ((self.high - self.low) / width) ** 2
        return max(2, ceil(needed)) if isfinite(needed) else nan


def effect(
    measure: str, unit: str, factual: np.ndarray, counterfactual: np.ndarray, politics: str = CALENDAR
) -> Effect:
    """The effect from two vectors (run,), element k of both played with the luck of run k.

    The interval is Student's for the mean of the paired differences.
    """
    difference = counterfactual - factual
    runs, mean = len(difference), float(difference.mean())
    variance = float(difference.var(ddof=1)) if runs > 1 else nan
    half = float(stdtrit(runs - 1, 0.975)) * (variance / runs) ** 0.5 if runs > 1 else nan
    apart = float(factual.var(ddof=1) + counterfactual.var(ddof=1)) if runs > 1 else nan
    return Effect(
        measure=measure,
        unit=unit,
        factual=float(factual.mean()),
        counterfactual=float(counterfactual.mean()),
        difference=mean,
        low=mean - half,
        high=mean + half,
        pairing_gain=apart / variance if variance > 0 else nan,
        runs=runs,
        politics=politics,
    )
