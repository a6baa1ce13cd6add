"""Distances over a side's own ground, kept true while cells change hands.

A field is the least cost from the nearest source over the side's cells: a forest of shortest ways. When cells change
hands, only what hung below them is measured again (Ramalingam and Reps 1996).

Arrays: near (cell, edge) integer cell beyond, each of them once, -1 none; back (cell, edge) the edge of the cell beyond
that leads back; cost (cell, edge) float32 of leaving over an edge, inf where there is none; km (cell,) float32, inf
where the side is cut off, BARRED where the cell is not its own; came (cell,) integer the cell before on the way, -1 at
a source; line and heads the queue of buckets.py, entries how many of its entries are taken; buckets how many of these a
unit of cost fills: the fewer, the fewer stay empty, while hardly an edge costs less than a bucket's width.
"""

import numpy as np

from khingan.engine.bits import lowest
from khingan.engine.buckets import BUCKETS, clear_buckets, is_full, put
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
    heads: Array, entries: int, buckets: float,
) -> int:  # fmt: skip
    """Measure each doubtful cell from those beside it that are not in doubt, and queue it; the queue's entries.

    Until all are measured those that found a way bear the sign of cells that have none. `doubtful` then begins with
    those that are queued.
    """
    queued = 0
    for i in range(count):
        cell = doubtful[i]
        fetch_rows(near, back, doubtful[min(i + AHEAD, count - 1)])
        if km[cell] == BARRED:
            continue
        least, first = km[cell], np.int64(came[cell])
        known = known_around(near, km, cell)
        while known:  # seldom, in the midst of what was lost
            edge = lowest(known)
            known &= known - 1
            before = np.int64(near[cell, edge])
            through = km[before] + cost[before, np.uint64(back[cell, edge])]
            nearer = through < least
            least = through if nearer else least
            first = before if nearer else first
        doubtful[queued] = cell
        queued += least < np.inf
        if least < km[cell]:
            km[cell], came[cell] = -least, first
    for i in range(queued):
        cell = doubtful[i]
        km[cell] = abs(km[cell])
        entries = put(line, heads, entries, cell, km[cell], buckets * km[cell])
    return entries


@kernel
def known_around(near: Array, km: Array, cell: int) -> int:
    """One bit for each edge beyond which a way is known. Without a branch, for no machine guesses where that is."""
    known = np.int64(0)
    for edge in range(6):
        before = np.int64(near[cell, edge])
        away = km[max(before, 0)]
        known |= np.int64((before >= 0) & (away >= np.float32(0.0)) & (away < np.float32(np.inf))) << edge
    return int(known)


@kernel
def fetch_rows(near: Array, back: Array, cell: int) -> None:
    """Have the rows of a cell brought near that measuring it will read."""
    fetch(near, cell)
    fetch(back, cell)


@kernel
def spread_ways(
    near: Array, cost: Array, km: Array, came: Array, line: Array, heads: Array, entries: int, buckets: float
) -> None:
    """Carry the queued distances outward until nobody waits."""
    bucket, taken = 0, 0
    while taken < entries:
        entry = heads[bucket]
        if entry == 0:
            bucket = (bucket + 1) & (BUCKETS - 1)
            continue
        taken += 1
        heads[bucket] = line[entry].following
        following = line[heads[bucket]].cell
        fetch(near, following)
        fetch(cost, following)
        cell = np.int64(line[entry].cell)
        here = km[cell]
        if here < line[entry].cost:
            continue  # it came nearer since, and waits or waited elsewhere
        better = better_over(near, cost, km, cell)
        while better:
            edge = lowest(better)
            better &= better - 1
            beyond, through = np.int64(near[cell, edge]), here + cost[cell, edge]
            km[beyond], came[beyond] = through, cell
            if is_full(line, entries):
                spread_without_queue(near, cost, km, came)
                clear_buckets(heads)
                return
            entries = put(line, heads, entries, beyond, through, buckets * through)


@kernel
def spread_without_queue(near: Array, cost: Array, km: Array, came: Array) -> None:
    """The same, from all that have a way, again and again until nobody comes nearer (Bellman 1958): slow, but sure."""
    going = True
    while going:
        going = False
        for cell in range(km.shape[0]):
            if is_cut_off(km, cell):
                continue
            for edge in range(6):
                beyond, through = np.int64(near[cell, edge]), km[cell] + cost[cell, edge]
                if beyond >= 0 and through < km[beyond]:
                    km[beyond], came[beyond], going = through, cell, True


@kernel
def better_over(near: Array, cost: Array, km: Array, cell: int) -> int:
    """One bit for each edge over which the cell beyond comes nearer; without a branch, as in `known_around`."""
    better, here = np.int64(0), km[cell]
    for edge in range(6):
        better |= np.int64(here + cost[cell, edge] < km[max(np.int64(near[cell, edge]), 0)]) << edge
    return int(better)
