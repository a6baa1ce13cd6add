"""Buckets: a queue of cells by cost (Dial 1969), for shortest ways over the map.

Costs that differ by less than a bucket's width wait together. A cell whose cost falls while it waits begins to wait
anew, and whoever comes to its old entry passes it over: to take it out would need the entry before it. Exact whatever
the width: a cell whose cost falls after it was taken waits again. Quick where no edge costs less than a bucket's width.
"""

import numpy as np

from khingan.engine.compiled import kernel
from khingan.engine.state import Array

BUCKETS = 2048  # a ring; a power of two
ENTRIES = 4  # room for so many a cell; on a map of 13,558 cells a field takes fewer than one
WAITING = np.dtype([
    ("following", "i4"),  # the next entry in the bucket, 0 none
    ("cell", "i4"),
    ("cost", "f8"),  # of the cell when it began to wait
])  # fmt: skip


@kernel
def put(line: Array, heads: Array, entries: int, cell: int, cost: float, bucket: float) -> int:
    """Let `cell` wait, in `bucket`; how many `entries` there are now. There must be room, see `is_full`.

    line (entry,) WAITING, of which the first is never used; heads (BUCKETS,) int32 the first entry of each bucket.
    """
    entry, place = entries + 1, np.int64(bucket) & (BUCKETS - 1)
    line[entry].following, line[entry].cell, line[entry].cost = heads[place], cell, cost
    heads[place] = entry
    return entry


@kernel
def is_full(line: Array, entries: int) -> bool:
    """True where nobody more can wait."""
    return entries + 1 >= line.shape[0]


@kernel
def clear_buckets(heads: Array) -> None:
    """Nobody waits."""
    for bucket in range(heads.shape[0]):
        heads[bucket] = 0
