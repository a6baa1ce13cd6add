"""Measures of a chunk: dates, ground and totals counted by hand."""

import numpy as np
import pytest

from khingan.experiment.change import Measure
from khingan.experiment.gauge import LATER, gauges
from khingan.history.measure import Runs
from khingan.scenario.gazetteer import resolve
from khingan.units import great_circle_km


def measured(scenario, chunk, **fields):
    measure = Measure(**{"name": "m", "file": "", "line": 0, "what": "x."} | fields)
    return gauges(scenario, [measure])[0](chunk)


@pytest.fixture
def chunk(scenario):
    """Two runs: in the first the bridge falls after a day and Easton after two, in the second Easton never."""
    first = np.full((2, len(scenario.terrain.cells["cell"])), np.nan, np.float32)
    first[:, scenario.terrain.cells["owner"] == "SU"] = 0.0
    first[:, resolve(scenario, "Bridge").cell] = 24.0
    first[0, resolve(scenario, "Easton").cell] = 48.0
    killed = np.arange(2 * 3 * 2, dtype=np.float32).reshape(2, 3, 2)
    return {"first_control": first, "killed": killed, "halted_hours": np.array([[6.0, 0.0], [12.0, 1.0]])}


def test_days_until_all_places_are_held(scenario, chunk):
    # Never counts as the horizon of three days and the six days of history.never_after_h.
    days = measured(scenario, chunk, kind="days_until_held", places=["Bridge", "Easton"])
    assert days.tolist() == [2.0, 9.0]
    held = measured(scenario, chunk, kind="held", places=["Bridge", "Easton"], day=2)
    assert held.tolist() == [1.0, 0.0]


def test_territory_is_the_share_of_the_other_sides_land(scenario, chunk):
    cells = scenario.terrain.cells
    theirs = cells["area_km2"][cells["owner"] == "JP"].sum()
    bridge, easton = (cells["area_km2"][resolve(scenario, name).cell] for name in ("Bridge", "Easton"))
    share = measured(scenario, chunk, kind="territory", day=1)
    assert share == pytest.approx([bridge / theirs] * 2)
    assert measured(scenario, chunk, kind="territory") == pytest.approx([(bridge + easton) / theirs, bridge / theirs])


def test_totals_by_side_army_and_day(scenario, chunk):
    # killed[run, day, army] counts 0, 1, 2, ...; the attacker's army comes first.
    assert measured(scenario, chunk, kind="killed", side="SU", day=1).tolist() == [0.0, 6.0]
    assert measured(scenario, chunk, kind="killed", armies=["jp-army"], day=2).tolist() == [3.0, 9.0]
    assert measured(scenario, chunk, kind="killed", side="JP").tolist() == [5.0, 11.0]
    assert measured(scenario, chunk, kind="halted_hours", side="SU").tolist() == [6.0, 12.0]


def test_a_chunk_answers_like_a_result(scenario):
    chunk = {"first_control": np.zeros((2, 5)), "works_fall": np.array([[7.0], [8.0]]),
             "capitulated": np.arange(8.0).reshape(2, 4), "landed": np.array([[np.nan], [3.0]])}  # fmt: skip
    runs = Runs(scenario, chunk)
    assert runs.runs == 2
    assert runs.works_fall("post-works").tolist() == [7.0, 8.0]
    assert runs.capitulated("jp-division").tolist() == [2.0, 6.0]
    assert np.array_equal(runs.landed(["ferry-1"]), [np.nan, 3.0], equal_nan=True)


def test_a_date_stays_where_it_is_when_h_hour_moves(scenario, chunk):
    # Bridge falls after a day; H-hour is 9 August, so by the 10th it is held, and not in a war that begins at noon.
    asked = {"kind": "held", "places": ["Bridge"], "by": "1945-08-10T00:00"}
    assert measured(scenario, chunk, **asked).tolist() == [1.0, 1.0]
    assert measured(scenario, chunk | {LATER: np.full(2, 12.0)}, **asked).tolist() == [0.0, 0.0]


def test_what_never_came_was_not_held_by_a_day_beyond_the_horizon(scenario, chunk):
    # The toy plays three days; never counts as the ninth, and day 30 asks for no more than the horizon.
    assert measured(scenario, chunk, kind="held", places=["Easton"], day=30).tolist() == [1.0, 0.0]


def test_kept_is_held_at_the_end(scenario, chunk):
    held = np.zeros((2, len(scenario.terrain.cells["cell"])), bool)
    held[1, resolve(scenario, "Bridge").cell] = True
    assert measured(scenario, chunk | {"held_at_end": held}, kind="kept", places=["Bridge"]).tolist() == [0.0, 1.0]


def test_the_distance_left_is_measured_from_the_nearest_ground_held(scenario, chunk):
    """To Easton itself: nothing where its cell is held, and the way from the bridge where it is not."""
    cells, easton, bridge = scenario.terrain.cells, resolve(scenario, "Easton").cell, resolve(scenario, "Bridge").cell
    point = (float(cells["lat"][easton]), float(cells["lon"][easton]))
    left = measured(scenario, chunk, kind="distance_left", point=point)
    way = great_circle_km(*point, float(cells["lat"][bridge]), float(cells["lon"][bridge]))
    assert left == pytest.approx([0.0, way], abs=0.01)
