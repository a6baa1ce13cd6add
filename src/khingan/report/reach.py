"""Supply on the page's map: the day from which, and up to which, each share of the runs has a cell within reach."""

import numpy as np
from numpy.typing import NDArray

from khingan.report.front import NEVER, SHARES, quantiles_of
from khingan.report.packing import Pack
from khingan.simulation.result import Result

REACH = ("reach_from", "reach_to")


def pack_reach(result: Result, pack: Pack) -> bool:
    """`reach` (side, share, cell): the attacker's first day in reach, `NEVER` if none; the defender's last, 0 if none.

    Days of the campaign counted from 1, at most 254. False where the study was played without them.
    """
    if not all(name in result.ensemble for name in REACH):
        return False
    reached = quantiles_of(result.first_runs("reach_from", result.runs, _from))
    kept = NEVER - quantiles_of(result.first_runs("reach_to", result.runs, _left))  # in the order of the days left
    pack.add("reach", np.stack([reached, kept]).reshape(2, len(SHARES), -1))
    return True


def _from(day: NDArray) -> NDArray[np.uint8]:
    """The first day in reach, `NEVER` if none."""
    return np.where(day > 0, np.minimum(day, NEVER), NEVER).astype(np.uint8)


def _left(day: NDArray) -> NDArray[np.uint8]:
    """Days left after the last one in reach."""
    return NEVER - np.minimum(day, NEVER - 1).astype(np.uint8)
