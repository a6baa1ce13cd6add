"""Slow twins of the kernels that move men, ships, trains and detachments."""

from fractions import Fraction
from itertools import accumulate

import numpy as np
import plain_march
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import War, kind_of, strip, war

from khingan.engine.control import take_cell
from khingan.engine.detachment import send_ahead
from khingan.engine.disarming import occupy_zone
from khingan.engine.flotilla import sail
from khingan.engine.movement import edge_hours, march
from khingan.engine.railways import run_railways
from khingan.engine.roads import vehicles_per_day
from khingan.engine.state import LIFT

FOOT, MOTOR = 0, 2
STEPS = st.sampled_from([1.0, 3.0, 6.0])
EDGE = st.tuples(st.integers(0, 3), st.integers(0, 4), st.booleans(), st.floats(4, 18))


def way(unit: dict, laid: list[tuple], others: tuple = (), **more) -> War:
    """A formation at the western end of a strip; edge n of the way has (road, river, pass, km) laid[n]."""
    length = len(laid) + 1
    fields = {name: np.zeros((length, 6)) for name in ("road", "river", "mountain_pass", "distance_km")}
    for n, values in enumerate(laid):
        for field, value in zip(fields.values(), values, strict=True):
            field[n, 0] = field[n + 1, 3] = value
    fields["distance_km"][fields["distance_km"] == 0] = 10.0
    unit = {"plan": 0, "fuel_carried": 1000.0} | unit
    return war([unit, *others], strip(length), plans=[[length - 1]], **fields, **more)


def play(given: War, hours: float, begin: float = 0.0) -> np.ndarray:
    """Cells behind each formation, with its share of the next."""
    r, step = given.rules, given.world.step_hours
    for n in range(round(hours / step)):
        march(given.world, given.state, r.movement, r.weather, r.control, r.roads, r.turning, r.wear, begin + n * step)
    return given.forces.place + given.forces.progress


@settings(max_examples=30)
@given(st.lists(EDGE, min_size=1, max_size=8), st.integers(0, 3), st.floats(0, 1), st.sets(st.integers(1, 8)))
def test_hours_and_capacity_of_every_edge_equal_those_of_the_whole_map_at_once(laid, mobility, mud, east):
    found = way({}, laid, east=[cell for cell in east if cell <= len(laid)])
    found.state.regions.mud, found.state.roads.opened_h[::2] = mud, 0.0
    w, s, r = found.world, found.state, found.rules
    hours, through = plain_march.hours_over(found, mobility, 0), plain_march.let_through(found, 0, 30.0)
    for cell, edge in np.argwhere(w.edges.neighbour >= 0).tolist():
        need = edge_hours(
            w.edges, w.land, s.ground, s.regions, s.pace, r.movement, r.weather, mobility, 0, cell, edge
        )  # fmt: skip
        assert need == pytest.approx(hours[cell, edge], rel=1e-6)
        vehicles = vehicles_per_day(w.edges, w.land, s.ground, s.regions, s.roads, r.roads, 0, cell, edge, 30.0)
        assert vehicles == pytest.approx(through[cell, edge], rel=1e-6)


@settings(max_examples=30)
@given(st.lists(EDGE, min_size=2, max_size=10), st.sampled_from([FOOT, MOTOR]), STEPS, st.integers(1, 10))
def test_a_march_is_its_list_of_hours(laid, mobility, step_hours, steps):
    found = way({"mobility": mobility}, laid, step_hours=step_hours)
    hours = [plain_march.hours_over(found, mobility, 0)[cell, 0] for cell in range(len(laid))]
    assert play(found, steps * step_hours)[0] == pytest.approx(plain_march.where(hours, steps * step_hours), abs=1e-6)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(0, 20), st.floats(200, 9000)), min_size=1, max_size=6), STEPS)
def test_a_queue_is_a_list_of_bookings(columns, step_hours):
    # (hours after the one before, men): all on one road of 3,600 vehicles a day, 180 a thousand men.
    ready, men = list(accumulate(after for after, _ in columns)), [men for _, men in columns]
    rules = {"roads.column": 1.0, "roads.closed_up": 0.0, "movement.stacking_men_per_km2": 1e9}
    found = way({"men": men[0]}, [(2, 0, 0, 10.0)] * 2, tuple({"plan": 0, "men": each} for each in men[1:]),
                step_hours=step_hours, rules=rules)  # fmt: skip
    found.rules.roads.beside_road[:], found.rules.roads.vehicles_per_1000_men[:] = 0.0, 180.0
    found.rules.roads.road_vehicles[:] = 3600.0
    found.forces.plan_from_h = ready
    passages = [24 * 0.18 * each / 3600 for each in men]
    free = plain_march.bookings(ready, passages)
    play(found, step_hours * (1 + (free[-1] - passages[-1]) // step_hours))
    assert found.state.roads[0, 0].free_h == pytest.approx(free[-1], rel=1e-5)


@settings(max_examples=30)
@given(st.lists(st.floats(4, 18), min_size=2, max_size=12), st.floats(5, 120), STEPS, st.integers(1, 8))
def test_a_detachment_is_as_far_ahead_as_its_list_of_hours_and_its_limit_say(kms, limit, step_hours, steps):
    found = way({"kind": kind_of("rifle")}, [(2, 0, 0, km) for km in kms], step_hours=step_hours,
                rules={"detachment.lead_km": limit, "detachment.fuel_carried": 1e3})  # fmt: skip
    found.rules.detachment.mobile_share[:] = 0.25
    r = found.rules
    hours = [plain_march.hours_over(found, MOTOR, 0)[cell, 0] for cell in range(len(kms))]
    for n in range(steps):
        send_ahead(found.world, found.state, r.movement, r.weather, r.control, r.roads, r.detachment, n * step_hours)
    unit, kms = found.forces[0], [float(np.float32(km)) for km in kms]  # as the table keeps them
    cell, km = plain_march.lead(hours, kms, limit, steps * step_hours)
    beyond = kms[unit.lead_place] * unit.lead_progress if unit.lead_progress > 0 else 0.0
    assert unit.lead_km == pytest.approx(km, abs=1e-4)
    assert sum(kms[: unit.lead_place]) + beyond == pytest.approx(km, abs=1e-4)
    assert abs(unit.lead_place - cell) <= (abs(km - sum(kms[:cell])) < 1e-4)


@settings(max_examples=20)
@given(st.lists(st.integers(3, 40), min_size=2, max_size=7), st.integers(2, 30))
def test_track_is_laid_in_whole_days_from_cell_to_cell(kms, rate):
    found = way({}, [(0, 0, 0, float(km)) for km in [10, *kms]], east=range(2, len(kms) + 2), rail=2,
                rules={"railways.laid_km_per_day": float(rate), "railways.captured_t_per_day": 0.0})  # fmt: skip
    for cell in range(2, len(kms) + 2):
        take_cell(0, found.state.ground, found.state.changes, cell, 0, 0.0)
    expected = plain_march.relaid_on(kms, Fraction(rate))
    for day in range(1, expected[-1] + 1):
        run_railways(found.world, found.state, found.rules.railways, 24.0 * day, 1.0)
        assert (found.ground.line[2:] == 2).tolist() == [on <= day for on in expected]


@settings(max_examples=30)
@given(st.sets(st.integers(1, 11)), st.floats(20, 400), st.floats(20, 400), STEPS, st.integers(1, 12))
def test_ships_are_where_their_reaches_say(hostile, own_rate, hostile_rate, step_hours, steps):
    rules = {"flotilla.km_per_day": own_rate, "flotilla.hostile_km_per_day": hostile_rate, "flotilla.ahead_km": 1e4}
    ships = {"formation": 0, "fairway": range(12), "towns": ()}
    found = war([{"start": 0, "role": LIFT}], strip(12), east=hostile, flotillas=[ships], step_hours=step_hours,
                rules=rules)  # fmt: skip
    for n in range(steps):
        sail(found.world, found.reading, found.state, found.rules.flotilla, found.rules.combat, n * step_hours)
    rates = [hostile_rate if cell in hostile else own_rate for cell in range(1, 12)]
    at, beyond = plain_march.sailed(rates, 10.0, steps * step_hours)
    ship = found.state.flotillas[0]
    assert 10 * ship.at + ship.gone_km == pytest.approx(10 * at + beyond, abs=1e-6)


@settings(max_examples=30)
@given(st.sets(st.integers(1, 18), min_size=1, max_size=6),
       st.lists(st.integers(1, 18), min_size=1, max_size=5, unique=True), st.floats(0.2, 3.0))  # fmt: skip
def test_points_are_taken_as_by_a_table_of_all_hours(starts, points, reach_days):
    # No two ways are equally long: a strip whose edges grow.
    points = [point for point in points if point not in starts]
    found = way({}, [(0, 0, 0, 4.0 + 0.37 * n**1.3) for n in range(18)], tuple({"plan": 0, "start": s} for s in starts),
                east=range(1, 19), points=points, headquarters=[{"order_h": 0.0}],
                rules={"disarming.start_days": 0.0, "disarming.reach_days": reach_days})  # fmt: skip
    found.forces.leg, found.forces[0].plan = 1, -1
    occupy_zone(found.world, found.state, found.rules.disarming, 40, 240.0)
    expected = plain_march.sent(found, points, list(range(1, len(starts) + 1)), 24 * reach_days)
    takers = found.state.points.taker[: len(points)].tolist()
    hours = [plain_march.plain_hours(found, point)[found.forces.place[u]] if u >= 0 else -1.0
             for point, u in zip(points, takers, strict=True)]  # fmt: skip
    assert hours == pytest.approx(expected, rel=1e-6)


@given(st.floats(0.001, 0.3), st.floats(1, 3))
@settings(max_examples=10)
def test_breakdowns_are_those_of_many_short_marches(rate, ground):
    found = war([{"mobility": 3, "plan": 0, "tanks": 80.0, "fuel_carried": 100.0}], strip(30), plans=[[29]],
                rules={"wear.broken_per_100_km": rate})  # fmt: skip
    found.rules.wear.ground_wear[:] = ground
    km = 10 * float(play(found, 48.0)[0])
    expected = plain_march.tanks_left(80.0, rate * ground / 100, km)
    assert found.forces[0].tanks == pytest.approx(expected, rel=1e-5)
