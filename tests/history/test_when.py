"""When a point changed hands."""

from types import SimpleNamespace

import numpy as np

import toy_history
from khingan.history.measure import hours as measured
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


def test_a_place_is_read_where_each_run_finds_it_and_a_point_where_it_is(scenario: SimpleNamespace) -> None:
    """Of two runs one finds Middle in its own cell, held at 10 h, the other in Far's, held at 70 h."""
    hours = np.array([[5.0, 10, 70, 90], [5.0, 10, 70, 90]])
    result = toy_history.result(runs=2, first_control=hours, place_cell=np.array([[0, 1, 2, 3], [0, 2, 2, 3]]))
    assert when(result, scenario, "Middle").values == (10, 70)
    assert when(result, scenario, "45,129").values == (10, 10)
    target = toy_history.target(place="Middle", lon=129.0)
    assert measured(result, scenario, [target])[:, 0].tolist() == [10, 70]
