"""Supply on the page: days by share of runs."""

from typing import Any

import numpy as np
import xarray

import toy_history
from khingan.report.packing import Pack
from khingan.report.reach import NEVER, pack_reach
from toy_ensemble import result_of


def packed(first: list[int], last: list[int]) -> Any:
    """Ten runs of one cell."""
    days = {"reach_from": first, "reach_to": last}
    arrays = {name: (("run", "cell"), np.array(values, np.int16)[:, None]) for name, values in days.items()}
    pack = Pack()
    dataset = xarray.Dataset(arrays, {"run": np.arange(len(first))})
    assert pack_reach(result_of(toy_history.result().study, dataset), pack)
    return pack.parts["reach"][0][:, :, 0].tolist()


def test_gained_by_the_earliest_and_kept_by_the_last_of_the_runs():
    """Of ten runs one has it on day 1, five by day 5, nine by day 9; nine still have it on day 2, one on day 10."""
    assert packed(list(range(1, 11)), list(range(1, 11))) == [[1, 5, 9], [10, 6, 2]]


def test_what_most_runs_never_reach_has_no_day():
    """0 in the record is never: gained NEVER, kept to day 0."""
    assert packed([3, 3] + [0] * 8, [3, 3] + [0] * 8) == [[3, NEVER, NEVER], [3, 0, 0]]


def test_an_older_study_has_none():
    none = xarray.Dataset(coords={"run": [0]})
    assert not pack_reach(result_of(toy_history.result().study, none), Pack())
