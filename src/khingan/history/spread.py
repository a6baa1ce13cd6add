"""Where the width of the intervals comes from: luck, parameters, or the readings of the evidence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from khingan.history.score import Array
from khingan.history.targets import Target
from khingan.units import HOURS_PER_DAY

# Times (run, target) in hours from H-hour, never already counted as a time, of an ensemble played with these settings.
Play = Callable[[str, str], Array]


@dataclass(frozen=True)
class Share:
    """Shares of the variance of the dates of one operation or phase; they add up to one unless nothing varies."""

    by: str
    key: str
    targets: int
    sd_days: float
    luck: float
    claims: float
    parameters: float


def spread(play: Play, targets: Sequence[Target]) -> tuple[Share, ...]:
    """Variance shares from three ensembles: all drawn, parameters at their medians, and claims at their best too.

    `play(parameters, claims)` is called with the settings' own words. What parameters and claims do only together is
    counted with the parameters; a share that sampling noise would make negative is zero.
    """
    everything = play("prior", "prior").var(axis=0)
    without_parameters = np.minimum(play("median", "prior").var(axis=0), everything)
    luck = np.minimum(play("median", "best").var(axis=0), without_parameters)
    shares = []
    for by in ("all", "phase", "group"):
        for key in dict.fromkeys(_key(target, by) for target in targets):
            chosen = [k for k, target in enumerate(targets) if _key(target, by) == key]
            whole, middle, least = (values[chosen].sum() for values in (everything, without_parameters, luck))
            shares.append(_share(by, key, len(chosen), whole, middle, least))
    return tuple(shares)


def _share(by: str, key: str, count: int, whole: float, middle: float, least: float) -> Share:
    scale = whole if whole > 0 else 1.0
    return Share(
        by=by,
        key=key,
        targets=count,
        sd_days=float(np.sqrt(whole / count)) / HOURS_PER_DAY,
        luck=float(least / scale),
        claims=float((middle - least) / scale),
        parameters=float((whole - middle) / scale),
    )


def _key(target: Target, by: str) -> str:
    return "all" if by == "all" else str(getattr(target, by))
