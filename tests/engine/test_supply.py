"""Supply: truck lift by the published figures, and distances against a recount."""

import numpy as np
import plain
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import War, hexagon, rules_with, strip, war

from khingan.engine.control import note_change, take_cell
from khingan.engine.state import NONE, width_of
from khingan.engine.supply import delivered_t_per_day, measure_supply, truck_km, way_to

FIGURES = {"supply.truck_load_t": 2.0, "supply.truck_burn_t_per_km": 0.0}


@pytest.mark.parametrize(("km", "tonnes"), [(50, 3375), (150, 1500), (300, 818), (500, 509), (700, 370)])
def test_two_thousand_trucks_at_five_distances(km, tonnes):
    # T24.
    assert delivered_t_per_day(rules_with(FIGURES).supply, 2000.0, float(km)) == pytest.approx(tonnes, abs=0.5)


def test_near_the_depot_the_number_of_trips_binds():
    # 2.5 loads of 2 t from 1,500 trucks.
    assert delivered_t_per_day(rules_with(FIGURES).supply, 2000.0, 1.0) == pytest.approx(7500.0)


def test_trucks_burn_what_they_carry():
    # 300 km out and back at 0.001 t a km is 0.6 of 2 t; beyond 1,000 km nothing is left.
    rules = rules_with(FIGURES | {"supply.truck_burn_t_per_km": 0.001}).supply
    assert delivered_t_per_day(rules, 2000.0, 300.0) == pytest.approx(818.18 * 0.7, abs=0.1)
    assert delivered_t_per_day(rules, 2000.0, 1000.0) == delivered_t_per_day(rules, 2000.0, 5000.0) == 0.0


@given(st.floats(0, 1e5), st.floats(0, 1e4), st.floats(1, 2), st.floats(0, 500))
def test_more_trucks_never_bring_less_and_more_distance_never_more(trucks, km, more, further):
    rules = rules_with().supply
    given = delivered_t_per_day(rules, trucks, km)
    assert delivered_t_per_day(rules, trucks * more, km) >= given
    assert delivered_t_per_day(rules, trucks, km + further) <= given


def land_of_war(seed: int) -> War:
    """A patch with random roads and rails, two sources a side, and a random border."""
    dice = np.random.default_rng(seed)
    cells = hexagon(4)
    sources = [{"cell": int(dice.integers(len(cells))), "side": n % 2} for n in range(4)]
    given = war([], cells, sources=sources, east=np.flatnonzero(dice.random(len(cells)) < 0.5))
    shape = given.world.edges.shape
    given.world.edges.road, given.world.edges.rail = dice.integers(0, 4, shape), 3 * (dice.random(shape) < 0.2)
    given.ground.line = dice.integers(0, 3, len(cells))
    given.world.edges.distance_km = dice.uniform(5, 20, shape)
    return given


def recounted(given: War, side: int) -> np.ndarray:
    """The field from scratch by the slow twin."""
    world, rules = given.world, given.rules.supply
    neighbours = world.edges.neighbour
    km = np.zeros(neighbours.shape)
    for cell, edge in np.ndindex(neighbours.shape):
        if neighbours[cell, edge] >= 0:
            km[cell, edge] = truck_km(world.edges, world.land, given.ground, rules, cell, edge)
    sources = [int(source.cell) for source in world.sources if source.side == side]
    return plain.supply_km(neighbours, km, given.ground.owner, side, sources)


def run_trains(given: War, cell: int, line: int) -> None:
    """Trains of this kind run in the cell from now on."""
    given.ground[cell].line = line
    note_change(given.state.ground, given.state.changes, cell)


@given(st.integers(0, 10_000), st.lists(st.lists(st.integers(0, 60), max_size=8), min_size=1, max_size=4))
def test_distances_kept_up_to_date_equal_those_measured_anew(seed, days):
    given = land_of_war(seed)
    for changed in [[], *days]:
        for cell in changed:
            take_cell(
                given.world.control_side,
                given.state.ground,
                given.state.changes,
                cell,
                1 - int(given.ground[cell].owner),
                1.0,
            )
        for cell in changed[1::2]:
            run_trains(given, (cell + 1) % len(given.ground), seed % 3)
        measure_supply(given.world, given.state, given.rules.supply)
        for side in (0, 1):
            found = given.state.supply_km[side]
            assert np.allclose(np.where(found < 0, np.inf, found), recounted(given, side), atol=1e-6, rtol=1e-6)
    assert not given.ground.changed.any()
    assert given.state.changes[-1] == 0


def test_a_kilometre_by_road_track_rail_and_ground():
    given = war([], strip(2))
    km = []
    given.ground.line = 2
    for road, rail in ((2, 0), (1, 0), (0, 0), (0, 1), (0, 2)):
        given.world.edges.road, given.world.edges.rail = road, rail
        km.append(truck_km(given.world.edges, given.world.land, given.ground, given.rules.supply, 0, 0))
    # A narrow line is no through railway.
    assert km == pytest.approx([10.0, 14.0, 14.0, 14.0, 1.0])
    # Nor is one on which nobody's trains run.
    given.ground.line = [2, 0]
    km = truck_km(given.world.edges, given.world.land, given.ground, given.rules.supply, 0, 0)
    assert km == pytest.approx(14.0)


def test_a_pass_costs_as_much_as_the_way_round_by_twice_the_distance():
    given = war([], strip(2), road=2, mountain_pass=1)
    km = truck_km(given.world.edges, given.world.land, given.ground, given.rules.supply, 0, 0)
    assert km == pytest.approx(20.0)


def test_the_way_back_to_the_source_and_the_captured_railway_on_it():
    # A source in the west, three cells of railway on, of which the last two run with captured trains.
    given = war([], strip(4), sources=[{"cell": 0, "side": 0}], rail=2)
    given.ground.line = [2, 1, 1, 0]
    measure_supply(given.world, given.state, given.rules.supply)
    world, state = given.world, given.state
    way_to(world.edges, given.ground, world.sources, state.supply_from[0], state.ways, 0, 0, 3)
    assert [float(way.line_km) for way in given.state.ways] == pytest.approx([0.0, 10.0, 20.0, 20.0])
    assert [int(way.source) for way in given.state.ways] == [0, 0, 0, 0]
    assert (given.state.supply_km[1] < 0).all()  # none of it is the other side's


@pytest.mark.parametrize("cells", [1, 13_558, 32_767, 32_768, 60_000])
def test_the_numbers_of_neighbours_hold_every_cell_and_none(cells):
    # The last cell and "none" come back as they were put in, whatever the map's size.
    kept = np.array([cells - 1, NONE]).astype(width_of(cells))
    assert kept.tolist() == [cells - 1, NONE]
