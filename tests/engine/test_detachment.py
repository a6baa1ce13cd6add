"""Detachments: how far ahead they go, what they take, and what calls them back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import War, kind_of, strip, war

from khingan.engine.detachment import send_ahead
from khingan.engine.movement import march

FOOT, MOTOR = 0, 2
ROAD = 2
RIFLE = {"kind": kind_of("rifle"), "mobility": FOOT, "plan": 0}
MECH = {"kind": kind_of("mech"), "mobility": MOTOR, "plan": 0}


def column(unit: dict, length: int = 20, others: tuple = (), lead_km: float = 40.0, **more) -> War:
    """A formation at the western end of a road into empty country of the other side."""
    rules = {"detachment.lead_km": lead_km, "detachment.fuel_carried": 1.5} | more.pop("rules", {})
    east = range(1, length)
    given = war([unit, *others], strip(length), plans=[[length - 1]], east=east, road=ROAD, rules=rules, **more)
    given.rules.detachment.mobile_share[:] = 0.25
    return given


def ahead(given: War, hours: float) -> War:
    """Detachments go on while all main bodies stand."""
    r, step = given.rules, given.world.step_hours
    for number in range(round(hours / step)):
        send_ahead(
            given.world, given.state, r.movement, r.weather, r.control, r.roads, r.detachment, number * step
        )  # fmt: skip
    return given


def advance(given: War, hours: float, begin: float = 0.0) -> War:
    """Detachments go on, then main bodies march."""
    r, step = given.rules, given.world.step_hours
    for number in range(round(hours / step)):
        now = begin + number * step
        send_ahead(given.world, given.state, r.movement, r.weather, r.control, r.roads, r.detachment, now)
        march(given.world, given.state, r.movement, r.weather, r.control, r.roads, r.turning, r.wear, now)
    return given


def test_a_detachment_marches_at_the_pace_of_its_vehicles_and_takes_what_it_enters():
    # 150 km a day at 0.85 into enemy ground: 6 h are 31.9 km, three cells of 10 km.
    given = advance(column(RIFLE), 6.0)
    assert (given.forces[0].place, given.forces[0].lead_place) == (0, 3)
    assert list(given.ground.owner[:6]) == [0, 0, 0, 0, 1, 1]
    assert given.ground.first_h[3] == pytest.approx(30 / (150 * 0.85) * 24)


@given(st.floats(10, 80), st.sampled_from([1.0, 3.0, 6.0]))
def test_it_never_goes_further_ahead_than_it_may(lead_km, step_hours):
    given = column(RIFLE, 40, lead_km=lead_km, step_hours=step_hours)
    for step in range(12):
        advance(given, step_hours, step * step_hours)
        unit = given.forces[0]
        assert 10 * (unit.lead_place - unit.place - unit.progress) <= lead_km + 1e-6
        assert unit.men == 10_000


def test_it_stops_before_a_defended_cell():
    given = advance(column(RIFLE, others=({"side": 1, "start": 3},)), 12.0)
    assert given.forces[0].lead_place == 2
    assert given.ground.owner[3] == 1


def test_contact_of_the_main_body_or_an_enemy_in_its_cell_calls_it_back():
    given = advance(column(RIFLE), 6.0)
    given.ground[given.forces[0].lead_place].defenders[1] = 1
    send_ahead(
        given.world, given.state, given.rules.movement, given.rules.weather, given.rules.control, given.rules.roads,
        given.rules.detachment, 6.0,
    )  # fmt: skip
    assert given.forces[0].lead_place == -1
    given = advance(column(RIFLE), 6.0)
    given.forces[0].fought = 1
    assert advance(given, 6.0, 6.0).forces[0].lead_place == -1


def test_a_new_plan_calls_it_back():
    given = advance(column(RIFLE), 6.0)
    given.forces[0].lead_plan = 7
    assert advance(given, 6.0, 6.0).forces[0].lead_place == -1


def test_a_party_too_small_to_hold_a_cell_takes_none():
    # A quarter of 1,600 men is less than the 500 that hold a cell.
    given = advance(column(RIFLE | {"men": 1600.0}), 6.0)
    assert given.forces[0].lead_place == 3
    assert given.ground.owner[1] == 1


def test_on_foot_it_goes_as_far_as_the_fuel_it_loaded():
    # 0.1 refills of 300 km: 30 km, out of supply.
    given = advance(column(RIFLE, lead_km=1000.0, rules={"detachment.fuel_carried": 0.1}), 12.0)
    assert given.forces[0].lead_place == 3
    assert given.forces[0].lead_spent == pytest.approx(0.1)


def test_when_fuel_is_short_a_quarter_of_a_motor_formation_goes_on_with_the_rest():
    # The whole stands at its reserve of 0.1; a quarter drives 0.05 / 0.25 * 300 = 60 km with half of that.
    given = advance(column(MECH | {"fuel_carried": 0.05}, lead_km=1000.0), 24.0)
    assert (given.forces[0].place, given.forces[0].halted, given.forces[0].lead_place) == (0, 1, 6)
    assert given.forces[0].fuel == pytest.approx(0.0, abs=1e-9)
    # With fuel it goes as one body.
    assert advance(column(MECH | {"fuel_carried": 5.0}), 6.0).forces[0].lead_place == -1


@pytest.mark.parametrize(("unit", "burnt"), [(RIFLE, 0.2 * 30 / 300), (MECH | {"fuel_carried": 0.05}, 0.25 * 30 / 300)])
def test_what_it_burns_comes_out_of_the_stock_of_the_formation(unit, burnt):
    # 30 km of 300 on its own share of the vehicles; the main body stands, so nobody else burns anything.
    given = column(unit, lead_km=30.0)
    given.rules.detachment.mobile_share[kind_of("rifle")] = 0.2
    given.forces.halted = 1
    before = float(given.forces[0].fuel)
    ahead(given, 12.0)
    assert given.forces[0].lead_place == 3
    assert before - given.forces[0].fuel == pytest.approx(burnt)


def test_where_no_march_burns_fuel_a_detachment_burns_none():
    given = ahead(column(RIFLE | {"fuel_carried": 0.0}, rules={"movement.fuel_burn": 0.0}), 24.0)
    assert (given.forces[0].lead_place, given.forces[0].fuel) == (4, 0.0)


def test_raids_slow_it_as_they_slow_main_bodies():
    # A third of the day is lost: 6 h bring it two thirds of 31.9 km.
    given = column(RIFLE)
    given.state.regions.hindered[:] = 1 / 3
    ahead(given, 6.0)
    assert given.forces[0].lead_km == pytest.approx(2 / 3 * 6 / 24 * 150 * 0.85)


def test_without_distance_nobody_is_sent():
    given = advance(column(RIFLE, lead_km=0.0), 24.0)
    assert given.forces[0].lead_place == -1
    assert np.flatnonzero(given.ground.owner == 0).max() == given.forces[0].place


def test_without_a_plan_nobody_goes_ahead():
    # On an errand after the plan the body goes alone, and so does one that falls back.
    given = column(RIFLE)
    given.forces[0].plan, given.forces[0].errand = -1, 0
    assert ahead(given, 6.0).forces[0].lead_place in (-1, given.forces[0].place)
    given = column(RIFLE)
    given.forces[0].retreats_km = 30.0
    assert ahead(given, 6.0).forces[0].lead_place == -1
