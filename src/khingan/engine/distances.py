"""Distances over a side's own ground, kept true while cells change hands.

A field is the least cost from the nearest source over the side's cells: a forest of shortest ways. When cells change
hands, only what hung below them is measured again (Ramalingam and Reps 1996).

Arrays: near (cell, edge) integer cell beyond, -1 none; back (cell, edge) the edge of the cell beyond that leads back;
cost (cell, edge) float32 of leaving over an edge; km (cell,) float32, inf where the side is cut off, BARRED where the
cell is not its own; came (cell,) integer the cell before on the way, -1 at a source; line and heads the queue of
buckets.py.
"""

import numpy as np

from khingan.engine.buckets import BUCKETS, put, take_first
from khingan.engine.compiled import kernel
from khingan.engine.fetching import fetch
from khingan.engine.state import NONE, Array

BARRED = np.float32(-1.0)
AHEAD = 6  # cells further on in a list whose rows are brought near


@kernel
def is_cut_off(km: Array, cell: int) -> bool:
    """True where no way of the side's own leads to the cell."""
    return km[cell] < 0.0 or np.isinf(km[cell])


@kernel
def lose_ways(near: Array, km: Array, came: Array, doubtful: Array, count: int) -> int:
    """Cut off all that hung below the `count` cells in `doubtful`, and list it there too; how many are listed.

    The listed cells' own km and came are already those of cells without a way.
    """
    i, given = 0, count
    while i < count:
        cell = doubtful[i]
        fetch(near, doubtful[min(i + AHEAD, count - 1)])
        if i >= given:
            km[cell], came[cell] = np.inf, NONE
        last = doubtful[count - 1]
        for edge in range(6):  # without a branch, for no machine guesses which way a tree grows
            beyond = np.int64(near[cell, edge])
            if beyond < 0:
                continue
            hangs = came[beyond] == cell
            last = beyond if hangs else last
            count += hangs
            doubtful[count - 1] = last
        i += 1
    return count


@kernel
def find_ways(
    near: Array, back: Array, cost: Array, km: Array, came: Array, doubtful: Array, count: int, line: Array,
    heads: Array,
) -> int:  # fmt: skip
    """Measure each doubtful cell from those beside it that are not in doubt, and queue it; the queue's length.

    Until all are measured those that found a way bear the sign of cells that have none.
    """
    waiting = 0
    for i in range(count):
        cell = doubtful[i]
        fetch_rows(near, back, line, doubtful[min(i + AHEAD, count - 1)])
        if km[cell] == BARRED:
            continue
        least, first = km[cell], np.int64(came[cell])
        for edge in range(6):
            before = np.int64(near[cell, edge])
            if before < 0 or is_cut_off(km, before):  # as most are, in the midst of what was lost
                continue
            through = km[before] + cost[before, np.uint64(back[cell, edge])]
            nearer = through < least
            least = through if nearer else least
            first = before if nearer else first
        if least < km[cell]:
            km[cell], came[cell] = -least, first
    for i in range(count):
        cell = doubtful[i]
        if km[cell] < 0.0 and came[cell] >= 0:
            km[cell] = -km[cell]
        if km[cell] >= 0.0 and km[cell] < np.inf:
            waiting += put(line, heads, cell, km[cell])
    return waiting


@kernel
def fetch_rows(near: Array, back: Array, line: Array, cell: int) -> None:
    """Have the rows of a cell brought near that measuring and queuing it will read."""
    fetch(near, cell)
    fetch(back, cell)
    fetch(line, cell)


@kernel
def spread_ways(near: Array, cost: Array, km: Array, came: Array, line: Array, heads: Array, waiting: int) -> None:
    """Carry the queued distances outward until nobody waits, a kilometre to a bucket."""
    bucket = 0
    while waiting > 0:
        if heads[bucket] < 0:
            bucket = (bucket + 1) & (BUCKETS - 1)
            continue
        cell = take_first(line, heads, bucket)
        waiting -= 1
        here = km[cell]
        for edge in range(6):
            beyond = np.int64(near[cell, edge])
            if beyond < 0:
                continue
            through = here + cost[cell, edge]
            if through < km[beyond]:
                km[beyond], came[beyond] = through, cell
                waiting += put(line, heads, beyond, through)
