"""Supply on the page's map: the day from which, and up to which, each share of the runs has a cell within reach."""

import numpy as np

from khingan.report.front import NEVER, SHARES, quantiles_of
from khingan.report.packing import Pack
from khingan.simulation.result import Result

NEEDS = ("reach_from", "reach_to")


def pack_reach(result: Result, pack: Pack) -> bool:
    """`reach` (side, share, cell): the attacker's first day in reach, `NEVER` if none; the defender's last, 0 if none.

    Days of the campaign counted from 1, at most 254. False where the study was played without them.
    """
    if not all(name in result.dataset for name in NEEDS):
        return False
    first, last = (result.dataset[name].values for name in NEEDS)
    reached = quantiles_of(
        first.shape,
        lambda part: np.where(first[:, part] > 0, np.minimum(first[:, part], NEVER), NEVER).astype(np.uint8),
    )
    left = quantiles_of(last.shape, lambda part: NEVER - np.minimum(last[:, part], NEVER - 1).astype(np.uint8))
    kept = NEVER - left  # in the order of the days left
    pack.add("reach", np.stack([reached, kept]).reshape(2, len(SHARES), -1))
    return True
