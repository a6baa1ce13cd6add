"""Buckets: a queue of cells by cost (Dial 1969), for shortest ways over the map.

Costs that differ by less than a bucket's width wait together; a cell waits in one bucket at a time. Exact whatever the
width: a cell whose cost falls after it was taken waits again. Quick where no edge costs less than a bucket's width.
"""

from typing import Any

import numpy as np

from khingan.engine.compiled import kernel
from khingan.engine.state import NONE, Array

BUCKETS = 2048  # a ring; a power of two
WAITING = np.dtype([
    ("following", "i4"), ("before", "i4"),  # its neighbours in the bucket, -1 none
    ("bucket", "i4"),  # -1 when it does not wait
])  # fmt: skip


@kernel
def put(line: Array, heads: Array, cell: int, cost: float) -> int:
    """Let `cell` wait at `cost`, in bucket widths; 1 when it did not wait before, else 0.

    line (cell,) WAITING, heads (BUCKETS,) int32 the first cell of each bucket.
    """
    fresh = 1 - take(line, heads, cell)
    bucket = np.int64(cost) & (BUCKETS - 1)
    first = heads[bucket]
    line[cell].following, line[cell].before, line[cell].bucket = first, NONE, bucket
    if first >= 0:
        line[first].before = cell
    heads[bucket] = cell
    return fresh


@kernel
def take(line: Array, heads: Array, cell: int) -> int:
    """Take `cell` out of its bucket; 1 when it waited, else 0."""
    bucket = line[cell].bucket
    if bucket < 0:
        return 0
    before, following = line[cell].before, line[cell].following
    if before >= 0:
        line[before].following = following
    else:
        heads[bucket] = following
    if following >= 0:
        line[following].before = before
    line[cell].bucket = NONE
    return 1


@kernel
def take_first(line: Array, heads: Array, bucket: int) -> Any:
    """Take the first cell out of a bucket in which somebody waits; the cell."""
    cell = np.int64(heads[bucket])
    following = line[cell].following
    heads[bucket], line[cell].bucket = following, NONE
    if following >= 0:
        line[following].before = NONE
    return cell


@kernel
def clear_buckets(line: Array, heads: Array) -> None:
    """Nobody waits."""
    for bucket in range(heads.shape[0]):
        heads[bucket] = NONE
    for cell in range(line.shape[0]):
        line[cell].bucket = NONE
