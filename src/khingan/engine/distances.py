"""Distances over a side's own ground, kept true while cells change hands.

A field is the least cost from the nearest source over the side's cells: a forest of shortest ways. When cells change
hands, only what hung below them is measured again (Ramalingam and Reps 1996).

Arrays: near (cell, edge) int32 cell beyond, -1 none; back (cell, edge) the edge of the cell beyond that leads back;
cost (cell, edge) float32 of leaving over an edge; km (cell,) float32, inf where the side is cut off, BARRED where the
cell is not its own; came (cell,) int32 the cell before on the way, -1 at a source; line and heads the queue of
buckets.py.
"""

import numpy as np

from khingan.engine.buckets import BUCKETS, put, take
from khingan.engine.compiled import kernel
from khingan.engine.state import NONE, Array

BARRED = np.float32(-1.0)


@kernel
def is_cut_off(km: Array, cell: int) -> bool:
    """True where no way of the side's own leads to the cell."""
    return km[cell] < 0.0 or np.isinf(km[cell])


@kernel
def lose_ways(near: Array, km: Array, came: Array, doubtful: Array, count: int) -> int:
    """Cut off all that hung below the `count` cells in `doubtful`, and list it there too; how many are listed.

    The listed cells' own km and came are already those of cells without a way.
    """
    i = 0
    while i < count:
        cell = doubtful[i]
        for edge in range(6):
            beyond = np.int64(near[cell, edge])
            if beyond >= 0 and came[beyond] == cell:
                km[beyond], came[beyond] = np.inf, NONE
                doubtful[count] = beyond
                count += 1
        i += 1
    return count


@kernel
def find_ways(
    near: Array, back: Array, cost: Array, km: Array, came: Array, doubtful: Array, count: int, line: Array,
    heads: Array,
) -> int:  # fmt: skip
    """Measure each doubtful cell from those beside it that still have a way, and queue it; the queue's length."""
    waiting = 0
    for i in range(count):
        cell = doubtful[i]
        if km[cell] == BARRED:
            continue
        for edge in range(6):
            before = np.int64(near[cell, edge])
            if before >= 0 and km[before] >= 0.0:
                through = km[before] + cost[before, back[cell, edge]]
                if through < km[cell]:
                    km[cell], came[cell] = through, before
        if km[cell] < np.inf:
            waiting += put(line, heads, cell, km[cell])
    return waiting


@kernel
def spread_ways(near: Array, cost: Array, km: Array, came: Array, line: Array, heads: Array, waiting: int) -> None:
    """Carry the queued distances outward until nobody waits, a kilometre to a bucket."""
    bucket = 0
    while waiting > 0:
        cell = np.int64(heads[bucket])
        if cell < 0:
            bucket = (bucket + 1) & (BUCKETS - 1)
            continue
        waiting -= take(line, heads, cell)
        for edge in range(6):
            beyond = np.int64(near[cell, edge])
            if beyond < 0:
                continue
            through = km[cell] + cost[cell, edge]
            if through < km[beyond]:
                km[beyond], came[beyond] = through, cell
                waiting += put(line, heads, beyond, through)
