"""Roads: columns queue, passes and rivers let so much through; known answer T25 of the model reference."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import War, hexagon, strip, war

from khingan.engine.movement import march
from khingan.engine.roads import vehicles_per_day

TRACK, ROAD, MAIN = 1, 2, 3
LARGE, GREAT = 3, 4
DIVISION = 10_000.0  # men, 1,800 vehicles: half a day on a road of 3,600 a day


def columns(men: list[float], step_hours: float = 1.0, length: int = 4, **edge) -> War:
    """Rifle divisions at the western end of one road through ground that has no room beside it."""
    units = [{"plan": 0, "men": each} for each in men]
    rules = {"roads.column": 1.0, "roads.closed_up": 1.0, "movement.stacking_men_per_km2": 1e6} | edge.pop("rules", {})
    given = war(units, strip(length), plans=[[length - 1]], step_hours=step_hours, rules=rules, **{"road": ROAD} | edge)
    given.rules.roads.beside_road[:] = 0.0
    given.rules.roads.vehicles_per_1000_men[:] = 180.0
    given.rules.roads.road_vehicles[:] = 0.0, 1800.0, 3600.0, 7200.0
    return given


def play(given: War, hours: float) -> np.ndarray:
    """March, and note by the end of which step each formation has come to cell 1."""
    r, step = given.rules, given.world.step_hours
    arrived = np.full(len(given.forces), np.inf)
    for number in range(round(hours / step)):
        march(given.world, given.state, r.movement, r.weather, r.control, r.roads, r.turning, r.wear, number * step)
        arrived[(given.forces.place >= 1) & np.isinf(arrived)] = (number + 1) * step
    return arrived


def capacity(given: War, hour: float = 0.0) -> float:
    """What the first edge lets through in a day."""
    w, s = given.world, given.state
    return vehicles_per_day(w.edges, w.land, s.ground, s.regions, s.roads, given.rules.roads, 0, 0, 0, hour)


def test_two_divisions_of_twelve_hours_arrive_half_a_day_apart():
    # T25: the march of 7.5 h is quicker than the passage of 12 h, so the second has come over after 24 h.
    assert play(columns([DIVISION, DIVISION]), 30.0) == pytest.approx([12.0, 24.0])


@given(st.lists(st.floats(500, 12_000), min_size=1, max_size=8), st.sampled_from([1.0, 3.0, 6.0]))
def test_the_throughput_is_never_above_the_capacity(men, step_hours):
    arrived = play(columns(men, step_hours), 72.0)
    for hour in np.unique(arrived[np.isfinite(arrived)]):
        assert 0.18 * np.sum(np.array(men)[arrived <= hour]) <= 3600.0 * hour / 24.0 * (1 + 1e-6)


@pytest.mark.parametrize("step_hours", [1.0, 3.0, 6.0, 12.0])
def test_the_queue_is_the_same_at_any_step(step_hours):
    # Four columns of 12, 6, 3 and 12 hours, all ready at once: the road is free after 33.
    given = columns([DIVISION, DIVISION / 2, DIVISION / 4, DIVISION], step_hours)
    play(given, 48.0)
    assert given.state.roads[0, 0].free_h == pytest.approx(33.0)


def test_fighting_troops_are_over_before_their_trains_and_the_next_waits_for_both():
    # Half of 12 h is less than the march of 7.5 h; the second sets out after 12.
    given = columns([DIVISION, DIVISION], 0.5, rules={"roads.closed_up": 0.5})
    assert play(given, 24.0) == pytest.approx([7.5, 19.5])


def test_without_length_columns_do_not_queue():
    # 10 km at 32 km a day: 7.5 h for each.
    assert play(columns([DIVISION, DIVISION], 0.5, rules={"roads.column": 0.0}), 12.0) == pytest.approx([7.5, 7.5])


def test_a_main_road_takes_two_divisions_where_a_road_takes_one():
    assert capacity(columns([DIVISION], road=MAIN)) == 2 * capacity(columns([DIVISION], road=ROAD))


def test_a_pass_lets_fewer_through_and_fewest_in_mud():
    # 1,500 a day dry, a third of it in deep mud, whatever stands beside it.
    given = columns([DIVISION], road=TRACK, mountain_pass=1, rules={"roads.mud_pass": 1 / 3})
    given.rules.roads.beside_road[:] = 20_000.0
    assert capacity(given) == pytest.approx(1500.0)
    given.state.regions.mud = 1.0
    assert capacity(given) == pytest.approx(500.0)


def test_a_division_stands_in_line_at_a_wet_pass():
    # 1,800 vehicles at 480 a day: 90 h a division.
    given = columns([DIVISION, DIVISION], road=TRACK, mountain_pass=1, rules={"roads.mud_pass": 0.32})
    given.state.regions.mud = 1.0
    assert play(given, 190.0) == pytest.approx([90.0, 180.0])


def test_a_river_without_a_bridge_passes_what_its_ferries_carry():
    given = columns([DIVISION], river=GREAT, road=TRACK)
    assert capacity(given) == given.rules.roads.ferry_vehicles[GREAT]
    # Where the side owns the far bank a road has its bridge; over the enemy's bank it has none.
    assert capacity(columns([DIVISION], river=GREAT)) == 3600.0
    assert capacity(columns([DIVISION], river=GREAT, east=[1, 2, 3])) == given.rules.roads.ferry_vehicles[GREAT]


def test_a_pontoon_bridge_stands_some_time_after_the_first_column_came_over():
    given = columns([1000.0], river=LARGE, road=TRACK)
    given.rules.roads.road_vehicles[TRACK] = 10_000.0
    play(given, 12.0)
    hours = given.rules.roads.bridging_h[LARGE]
    assert capacity(given, hours - 0.1) == given.rules.roads.ferry_vehicles[LARGE]
    assert capacity(given, hours + 0.1) == given.rules.roads.pontoon_vehicles


def test_a_column_takes_another_way_round_a_queue():
    # Two ways are equally short; the first column fills one of them for three days.
    cells = hexagon(2)
    units = [{"start": cells.index((-2, 1)), "plan": 0} for _ in range(2)]
    given = war(units, cells, plans=[[cells.index((2, -1))]], step_hours=1.0, rules={"roads.column": 1.0})
    given.rules.roads.beside_road[:] = 600.0
    play(given, 20.0)
    ways = {cells.index((-1, 1)), cells.index((-1, 0))}
    assert set(given.forces.heading) == ways


@pytest.mark.parametrize("ice", [0.0, 0.5, 1.0])
def test_ice_that_bears_is_a_bridge_as_wide_as_the_road(ice):
    # A road of 3,600 vehicles a day and nothing beside it; the ferries of a great river where they carry more.
    given = columns([DIVISION], river=GREAT, season={"ice": ice}, east=[1])
    ferries = given.rules.roads.crossing * given.rules.roads.ferry_vehicles[GREAT]
    assert ferries < 1800.0
    assert capacity(given) == pytest.approx(max(ferries, ice * 3600.0))
