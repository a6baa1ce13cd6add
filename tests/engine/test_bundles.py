"""Named tuples handed over by address: a kernel reads what Python holds, whatever the fields hold."""

from typing import Any, NamedTuple

import numpy as np
import pytest
from numba.core.errors import TypingError

from khingan.engine import bundles
from khingan.engine.bundles import Packed
from khingan.engine.compiled import kernel

PAIR = np.dtype([("a", "i4"), ("b", "f8", (2,))])


class Inner(NamedTuple):
    """A bundle within a bundle."""

    level: Any
    row: Any


class Outer(NamedTuple):
    """One field of every kind."""

    count: Any
    share: Any
    table: Any
    grid: Any
    inner: Any
    nothing: Any


@kernel
def add_up(given):
    total = given.count + given.share + given.inner.level + given.inner.row.a
    for i in range(given.table.shape[0]):
        total += given.table[i].b[1]
    for i in range(given.grid.shape[0]):
        for j in range(given.grid.shape[1]):
            total += given.grid[i, j] * (10 * i + j)
    given.grid[0, 0] = given.grid.size
    return total


def outer(grid: np.ndarray) -> Outer:
    """A count of 2, a share of 0.5, elements whose b[1] are 1 and 3, and so on."""
    table = np.zeros(2, PAIR).view(np.recarray)
    table["b"] = [[0, 1], [0, 3]]
    row = np.array([(7, (0, 0))], PAIR).view(np.recarray)[0]
    return Outer(2, 0.5, table, grid, Inner(100, row), None)


@pytest.mark.parametrize("lay", [np.ascontiguousarray, np.asfortranarray, lambda a: np.repeat(a, 2, 1)[:, ::2]])
def test_every_kind_of_field_is_read_as_python_holds_it(lay):
    """2 + 0.5 + 100 + 7 + (1 + 3) and the grid's sum of value times place, rows close together or apart."""
    grid = lay(np.arange(6.0).reshape(2, 3))
    expected = 113.5 + sum(grid[i, j] * (10 * i + j) for i in range(2) for j in range(3))
    assert add_up(outer(grid)) == expected
    assert grid[0, 0] == 6


def test_another_dtype_is_another_kernel_and_not_a_false_reading():
    """The words alone do not tell whole numbers from reals: the type does."""
    assert add_up(outer(np.ones((1, 2), np.int64))) == add_up(outer(np.ones((1, 2)))) == 113.5 + 1


def test_a_table_that_must_not_change_is_refused_by_the_compiler():
    """numba tells arrays that may not be written from others, and a bundle keeps that."""
    grid = np.ones((1, 2))
    grid.flags.writeable = False
    with pytest.raises((TypingError, ValueError)):
        add_up(outer(grid))


def test_what_a_bundle_cannot_hold_is_named():
    """A number of four bytes in a word of eight would be misread."""
    with pytest.raises(TypeError, match="float32"):
        Packed(Inner(np.float32(1), None))


def test_the_memory_of_types_does_not_grow_with_the_calls():
    """Equal tables of other calls are answered from it, though a copy of a record array has a dtype of its own."""
    given = outer(np.ones((1, 2)))
    Packed(given)
    before = len(bundles._known)
    for _ in range(3):
        Packed(given._replace(grid=np.zeros((1, 2)), table=given.table.copy()))
    assert len(bundles._known) == before
