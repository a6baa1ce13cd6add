"""Supply on the page's map: the day from which, and up to which, each share of the runs has a cell within reach."""

import numpy as np

from khingan.report.front import SHARES, quantile_hours
from khingan.report.packing import Pack
from khingan.simulation.result import Result

NEEDS = ("reach_from", "reach_to")
NEVER = 255


def pack_reach(result: Result, pack: Pack) -> bool:
    """`reach` (side, share, cell): the attacker's first day in reach, `NEVER` if none; the defender's last, 0 if none.

    Days of the campaign counted from 1, at most 254. False where the study was played without them.
    """
    if not all(name in result.dataset for name in NEEDS):
        return False
    first, last = (result.dataset[name].values.astype(np.float64) for name in NEEDS)
    reached = quantile_hours(np.where(first > 0, first, np.inf))
    kept = -quantile_hours(np.where(last > 0, -last, 0.0))
    days = [np.where(np.isfinite(reached), np.minimum(reached, NEVER - 1), NEVER), np.minimum(kept, NEVER - 1)]
    pack.add("reach", np.stack(days).reshape(2, len(SHARES), -1).astype(np.uint8))
    return True
