"""Supply on the page's map: the day from which, and up to which, each share of the runs has a cell within reach."""

import numpy as np

from khingan.report.front import NEVER, SHARES, quantile_units
from khingan.report.packing import Pack
from khingan.simulation.result import Result

NEEDS = ("reach_from", "reach_to")


def pack_reach(result: Result, pack: Pack) -> bool:
    """`reach` (side, share, cell): the attacker's first day in reach, `NEVER` if none; the defender's last, 0 if none.

    Days of the campaign counted from 1, at most 254. False where the study was played without them.
    """
    if not all(name in result.dataset for name in NEEDS):
        return False
    first, last = (result.dataset[name].values.astype(np.float64) for name in NEEDS)
    reached = quantile_units(np.where(first > 0, first, np.inf), unit=1)
    kept = NEVER - quantile_units(NEVER - np.minimum(last, NEVER - 1), unit=1)  # in the order of the days left
    pack.add("reach", np.stack([reached, kept]).reshape(2, len(SHARES), -1))
    return True
