"""Each target is laid beside its own measure."""

from types import SimpleNamespace

import numpy as np
import pytest

import toy_history
from khingan.errors import KhinganError
from khingan.history.measure import hours

CASES = {
    "control": ("first_control", 2, "Far"),
    "disarmed": ("capitulated", 1, "Far"),
    "landing": ("landed", 0, "Isle"),
    "air_landing": ("landed", 1, "Isle"),
}


@pytest.mark.parametrize("measure", CASES)
def test_a_target_reads_its_own_variable(scenario: SimpleNamespace, measure: str) -> None:
    """Far is the third cell, jp-1 the second formation, ship and plane the lifts by sea and air."""
    variable, column, place = CASES[measure]
    lat, lon = toy_history.POINTS[place]
    target = toy_history.target(measure=measure, place=place, lat=lat, lon=lon, formation="jp-1")
    played = toy_history.result()
    assert hours(played, scenario, [target])[:, 0].tolist() == played.values(variable)[:, column].tolist()


def test_works_fall_with_the_last_of_them(scenario: SimpleNamespace) -> None:
    """Two works stand at Far: they fall with the later one, and never if one of them holds out."""
    fall = np.array([[30.0, 50.0], [60.0, np.nan]])
    target = toy_history.target(measure="works_fall", place="Far")
    times = hours(toy_history.result(runs=2, works_fall=fall), scenario, [target])[:, 0]
    assert times[0] == 50
    assert np.isnan(times[1])


@pytest.mark.parametrize("measure", ["works_fall", "landing"])
def test_a_target_without_its_like_is_named(scenario: SimpleNamespace, measure: str) -> None:
    """Nothing stands at Near and nothing lands there: the message points at the row."""
    with pytest.raises(KhinganError, match=r"history/targets.csv:2 near"):
        hours(toy_history.result(), scenario, [toy_history.target(measure=measure)])
