"""When a point changed hands."""

from types import SimpleNamespace

import numpy as np

import toy_history
from khingan.history.when import when


def test_when_gives_every_run_and_null_for_never(scenario: SimpleNamespace) -> None:
    """Of four runs one never gets there: the median is the second, the 95 % quantile lies past the third."""
    hours = np.full((4, 4), 5.0)
    hours[:, 1] = [30, 10, np.nan, 20]
    found = when(toy_history.result(runs=4, first_control=hours), scenario, "Middle")
    assert found.values == (30, 10, None, 20)
    assert found.never == 0.25
    assert (found.quantiles["0.5"], found.quantiles["0.95"]) == (20, None)


def test_when_says_which_cell_it_took(scenario: SimpleNamespace) -> None:
    """Coordinates of a known place stand for its cell, as the name does; the keys are the documented ones."""
    named, placed = (when(toy_history.result(), scenario, text) for text in ("Far", "45,128"))
    assert named.cell == placed.cell == scenario.terrain.cells["cell"][2]
    assert list(named.as_dict()) == ["place", "cell", "quantiles", "never", "values"]
