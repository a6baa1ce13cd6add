"""Movement: march times by hand, and what stops a column."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import War, kind_of, strip, war

from khingan.engine.movement import edge_hours, fuel_for, is_barred, march
from khingan.engine.occupation import take_stock
from khingan.engine.state import GARRISON

FOOT, HORSE, MOTOR, TANK = range(4)
NONE, TRACK, ROAD, MAIN = range(4)


def column(mobility: int = FOOT, length: int = 8, **more) -> War:
    """One formation at the western end of a strip marches to the eastern end."""
    unit = {"mobility": mobility, "plan": 0, "fuel_carried": 100.0} | more.pop("unit", {})
    others = more.pop("others", [])
    return war([unit, *others], strip(length), plans=[[length - 1]], **more)


def advance(given: War, hours: float) -> War:
    """March for some hours, step by step."""
    r = given.rules
    for step in range(round(hours / given.world.step_hours)):
        march(
            given.world,
            given.state,
            r.movement,
            r.weather,
            r.control,
            r.roads,
            r.turning,
            r.wear,
            step * given.world.step_hours,
        )
    return given


def way(given: War) -> float:
    """Cells behind the column, with what it has done of the next."""
    return float(given.forces[0].place + given.forces[0].progress)


@pytest.mark.parametrize(
    ("mobility", "road", "rate"),
    [
        (FOOT, NONE, 27 * 1.05), (FOOT, ROAD, 32), (HORSE, MAIN, 55), (MOTOR, MAIN, 180), (MOTOR, NONE, 90),
        (TANK, TRACK, 95),
    ],
)  # fmt: skip
def test_march_of_a_day_is_the_table_s(mobility, road, rate):
    # Own ground, cells of 10 km; flat bare ground gives foot and horse 1.05 of the open rate, wheels and tracks 1.
    assert way(advance(column(mobility, 22, road=road), 24.0)) == pytest.approx(rate / 10, rel=1e-5)


def test_one_edge_over_road_pass_and_river_by_hand():
    given = column(road=TRACK, river=3, mountain_pass=1)
    rules = given.rules
    hours = edge_hours(
        given.world.edges,
        given.world.land,
        given.state.ground,
        given.state.regions,
        given.state.pace,
        rules.movement,
        rules.weather,
        FOOT,
        0,
        0,
        0,
    )
    # 10 km at half of 30 * 1.05^0.45 km a day, and 14 hours for a large river.
    assert hours == pytest.approx(10 / (15 * 1.05**0.45) * 24 + 14)


@pytest.mark.parametrize(("owner", "road", "crossing"), [(0, ROAD, 0.9), (0, TRACK, 6.0), (1, ROAD, 6.0)])
def test_bridges_stand_where_a_road_crosses_own_ground(owner, road, crossing):
    given = column(river=2, road=road, east=[1] if owner else [])
    rules = given.rules
    hours = edge_hours(
        given.world.edges,
        given.world.land,
        given.state.ground,
        given.state.regions,
        given.state.pace,
        rules.movement,
        rules.weather,
        FOOT,
        0,
        0,
        0,
    )
    rate = (32.0 if road == ROAD else 30 * 1.05**0.45) * (0.85 if owner else 1.0)
    assert hours == pytest.approx(10 / rate * 24 + crossing, rel=1e-6)


def test_full_mud_leaves_the_stated_share():
    given = column(MOTOR, road=ROAD)
    given.state.regions.mud = 1.0
    # 150 km a day halved.
    assert way(advance(given, 12.0)) == pytest.approx(3.75)


@pytest.mark.parametrize("step_hours", [1.0, 3.0, 6.0, 12.0])
def test_the_march_arrives_at_the_same_hour_at_any_step(step_hours):
    # Enemy ground, undefended: 32 * 0.85 km a day, so cell n at n * 10 / 27.2 * 24 h.
    given = advance(column(road=ROAD, east=range(1, 8), step_hours=step_hours), 60.0)
    expected = np.arange(1, 7) * 10 / 27.2 * 24
    assert given.ground.first_h[1:7] == pytest.approx(expected)


@given(st.lists(st.sampled_from([1.0, 2.0, 3.0, 6.0]), min_size=1, max_size=12), st.sampled_from([FOOT, MOTOR, TANK]))
def test_many_short_marches_are_one_long_one(parts, mobility):
    whole = column(mobility, 30, step_hours=sum(parts))
    advance(whole, sum(parts))
    pieces = column(mobility, 30)
    r = pieces.rules
    now = 0.0
    for part in parts:
        pieces.world = pieces.world._replace(step_hours=part)
        march(pieces.world, pieces.state, r.movement, r.weather, r.control, r.roads, r.turning, r.wear, now)
        now += part
    assert way(pieces) == pytest.approx(way(whole), abs=1e-6)


def test_without_fuel_no_motor_marches_and_no_foot_stands():
    # T41.
    for mobility, moves in ((FOOT, True), (HORSE, True), (MOTOR, False), (TANK, False)):
        given = advance(column(mobility, unit={"fuel_carried": 0.0}), 24.0)
        assert (way(given) > 0.5) == moves
        assert given.forces[0].halted == (not moves)


def test_fuel_burnt_by_hand():
    # Tanks off the road: 10 km * 1.8 / 220 km a refill; on a road without the stress.
    for road, stress in ((NONE, 1.8), (ROAD, 1.0)):
        given = column(TANK, road=road)
        assert fuel_for(given.world.edges, given.world.roster, given.rules.movement, 0, 0, 0) == pytest.approx(
            10 * stress / 220
        )


def test_a_column_halts_at_its_reserve_and_goes_on_only_with_the_stated_stock():
    given = column(MOTOR, 40, road=MAIN, unit={"fuel_carried": 0.5})
    advance(given, 48.0)
    # It stops at the first cell at which less than 0.1 is left: 13 cells cost 0.433.
    assert given.forces[0].place == 13
    for fuel, halted in ((0.29, 1), (0.31, 0)):
        given.forces[0].fuel = fuel
        advance(given, 6.0)
        assert given.forces[0].halted == halted


@given(st.floats(0.0, 3.0), st.sampled_from([MOTOR, TANK]), st.sampled_from([NONE, ROAD]))
def test_fuel_burnt_is_the_distance_marched(fuel, mobility, road):
    given = advance(column(mobility, 60, road=road, unit={"fuel_carried": fuel}), 48.0)
    cell = fuel_for(given.world.edges, given.world.roster, given.rules.movement, 0, 0, 0)
    assert fuel - given.forces[0].fuel == pytest.approx(way(given) * cell, abs=1e-6)
    assert given.forces[0].fuel >= 0.0


def test_two_columns_cannot_fill_one_cell_beyond_its_room():
    # 250 men a km2 on 86.6 km2: 21,650 men; two divisions of 10,000 fit beside the marching one's limit, three do not.
    full = column(others=[{"start": 1}, {"start": 1}])
    assert way(advance(full, 24.0)) == 0.0
    assert way(advance(column(others=[{"start": 1}]), 24.0)) > 1.0


@given(st.lists(st.floats(1000, 15_000), min_size=2, max_size=6))
def test_no_cell_ever_holds_more_than_its_room(strengths):
    units = [{"start": 0, "men": men, "plan": 0} for men in strengths]
    given = war(units, strip(6), plans=[[5]])
    r = given.rules
    for step in range(20):
        march(given.world, given.state, r.movement, r.weather, r.control, r.roads, r.turning, r.wear, 6.0 * step)
        men = np.bincount(given.forces.place, given.forces.men, 6)
        # A formation alone may always enter; nobody joins where the room would not do.
        crowded = np.bincount(given.forces.place, minlength=6) > 1
        assert (men[1:][crowded[1:]] <= 250 * given.world.land.area_km2[0] + 1e-6).all()


def test_a_defended_cell_is_attacked_and_not_entered():
    given = advance(column(east=[2], others=[{"side": 1, "start": 2}]), 24.0)
    assert (given.forces[0].place, given.forces[0].target) == (1, 2)


def test_a_withdrawing_formation_never_enters_or_attacks_a_barred_cell():
    given = column(east=[2], others=[{"side": 1, "start": 2}])
    given.forces[0].withdrawing = 1
    advance(given, 48.0)
    assert (given.forces[0].place, given.forces[0].target) == (1, -1)


def test_a_column_goes_round_when_that_is_quicker():
    # On the patch from (-2, 0) to (2, 0): the enemy in the centre costs 30 h, the way round two cells of 8.5 h.
    units = [{"start": 9, "plan": 0}, {"side": 1, "start": 0}]
    cells = [(q, r) for q in range(-3, 4) for r in range(-1, 2)]
    units[0]["start"], units[1]["start"] = cells.index((-2, 0)), cells.index((0, 0))
    given = war(units, cells, plans=[[cells.index((3, -1))]], east=[cells.index((0, 0))])
    advance(given, 72.0)
    assert given.forces[0].place == cells.index((3, -1))
    assert given.forces[0].target == -1


@pytest.mark.parametrize("barred_behind", [True, False])
def test_a_step_aside_that_leads_to_the_enemy_is_no_way_round(barred_behind):
    # He stands before the column; beside him is a way, an hour longer. Barred behind, it saves no assault.
    cells = [(q, r) for q in range(-3, 4) for r in range(-1, 2)]
    here, before, beside, behind, goal = map(cells.index, [(-1, 0), (0, 0), (0, -1), (1, -1), (3, -1)])
    enemies = [{"side": 1, "start": cell} for cell in (before, behind)[: 1 + barred_behind]]
    given = war([{"start": here, "plan": 0}, *enemies], cells, plans=[[goal]], east=[before, beside, behind])
    given.world.hours[:, beside] += 1.0
    advance(given, 48.0)
    assert (given.forces[0].place, given.forces[0].target) == ((here, before) if barred_behind else (goal, -1))


def test_who_masks_obeys_or_waits_stands():
    for field, value in (("masking", 1), ("passive", 1), ("plan", -1), ("plan_from_h", 1000.0), ("status", 0)):
        given = column()
        given.forces[0][field] = value
        assert way(advance(given, 24.0)) == 0.0


def test_a_plan_starts_in_its_hour():
    # 20 of 24 hours at 28.35 km a day.
    given = column()
    given.forces[0].plan_from_h = 4.0
    assert way(advance(given, 24.0)) == pytest.approx(28.35 / 10 * 20 / 24, rel=1e-5)


def test_a_pause_delays_the_attack_and_not_the_march():
    given = column(east=[2], others=[{"side": 1, "start": 2}])
    given.forces[0].pause_until_h = 100.0
    advance(given, 24.0)
    assert (given.forces[0].place, given.forces[0].target) == (1, -1)


def test_works_that_were_entered_bar_no_more():
    given = war([{}, {"side": 1, "start": 1, "role": GARRISON}], strip(3), east=[1, 2])
    assert is_barred(given.ground, 0, 1)
    given.ground[1].entered = 1
    assert not is_barred(given.ground, 0, 1)
    given.ground[1].entered, given.ground[1].owner = 0, 0
    assert not is_barred(given.ground, 0, 1)
    take_stock(given.world.roster, given.state.forces, given.state.ground)
    assert not is_barred(given.ground, 1, 1)
    assert kind_of("rifle") == 0


@pytest.mark.parametrize("ice", [0.0, 0.4, 1.0])
def test_a_river_that_bears_is_crossed_as_a_field(ice):
    # 10 km at 27 * 1.05 km a day, and of the 14 hours of a large river the share that ice does not spare.
    given = column(river=3, season={"ice": ice})
    w, s, r = given.world, given.state, given.rules
    hours = edge_hours(w.edges, w.land, s.ground, s.regions, s.pace, r.movement, r.weather, FOOT, 0, 0, 0)
    assert hours == pytest.approx(240 / (27 * 1.05) + 14.0 * (1.0 - ice), rel=1e-5)
