"""Hints where to read next leave every table as it is."""

import numpy as np

from khingan.engine.compiled import kernel
from khingan.engine.fetching import fetch

ROW = np.dtype([("first", "i8"), ("second", "f4")])


@kernel
def add_up(rows, matrix):
    """The sum of a table and of a matrix, each row asked for before it is read."""
    total = 0.0
    for i in range(rows.shape[0]):
        fetch(rows, i + 3)
        fetch(matrix, i + 1_000_000)
        fetch(matrix, -1)
        total += rows[i].first + rows[i].second + matrix[i, 0]
    return total


def test_asking_for_rows_that_are_there_or_not_changes_nothing_and_does_no_harm():
    rows, matrix = np.zeros(5, ROW).view(np.recarray), np.ones((5, 6), np.uint8)
    rows.first, rows.second = 3, 0.5
    assert add_up(rows, matrix) == 5 * (3 + 0.5 + 1)
    assert (rows.first == 3).all()
    assert (matrix == 1).all()
