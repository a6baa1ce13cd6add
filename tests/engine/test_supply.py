"""Supply: truck lift by the published figures, distances against a recount, and shares that never exceed the want."""

import numpy as np
import plain
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import War, hexagon, rules_with, strip, war

from khingan.engine.control import take_cell
from khingan.engine.state import QUEUED
from khingan.engine.supply import (
    count_halts,
    delivered_t_per_day,
    fly_fuel,
    issue_supplies,
    measure_supply,
    pop,
    push,
    truck_km,
)  # fmt: skip

FIGURES = {"supply.truck_load_t": 2.0, "supply.truck_burn_t_per_km": 0.0}
MOTOR, TANK = 2, 3


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


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=60))
def test_the_heap_gives_back_in_order(costs):
    queue, size = np.zeros(len(costs), QUEUED).view(np.recarray), 0
    for number, cost in enumerate(costs):
        size = push(queue, size, number, cost)
    found = []
    while size > 0:
        found.append(float(queue[0].cost))
        size = pop(queue, size)
    assert found == sorted(costs)


def land_of_war(seed: int) -> War:
    """A patch with random roads and rails, two sources a side, and a random border."""
    dice = np.random.default_rng(seed)
    cells = hexagon(4)
    sources = [{"cell": int(dice.integers(len(cells))), "side": n % 2} for n in range(4)]
    given = war([], cells, sources=sources, east=np.flatnonzero(dice.random(len(cells)) < 0.5))
    shape = given.world.edges.shape
    given.world.edges.road, given.world.edges.rail = dice.integers(0, 4, shape), dice.random(shape) < 0.2
    given.world.edges.distance_km = dice.uniform(5, 20, shape)
    return given


def recounted(given: War, side: int) -> np.ndarray:
    """The field from scratch by the slow twin."""
    world, rules = given.world, given.rules.supply
    neighbours = world.edges.neighbour
    km = np.zeros(neighbours.shape)
    for cell, edge in np.ndindex(neighbours.shape):
        if neighbours[cell, edge] >= 0:
            km[cell, edge] = truck_km(world.edges, world.land, rules, side, cell, edge)
    sources = [int(source.cell) for source in world.sources if source.side == side]
    return plain.supply_km(neighbours, km, given.ground.owner, side, sources)


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
        measure_supply(given.world, given.state, given.rules.supply)
        for side in (0, 1):
            assert np.allclose(given.ground.supply_km[:, side], recounted(given, side), atol=1e-6, rtol=0)
    assert not given.ground.changed.any()
    assert given.state.changes[-1] == 0


def test_a_kilometre_by_road_track_rail_and_ground():
    given = war([], strip(2))
    km = []
    for road, rail in ((2, 0), (1, 0), (0, 0), (0, 1)):
        given.world.edges.road, given.world.edges.rail = road, rail
        km.append(truck_km(given.world.edges, given.world.land, given.rules.supply, 0, 0, 0))
    assert km == pytest.approx([10.0, 14.0, 14.0, 1.0])
    # The railway of a side that did not own it at H-hour is no help: back to flat bare ground.
    assert truck_km(given.world.edges, given.world.land, given.rules.supply, 1, 0, 0) == pytest.approx(14.0)


def supplied(*units: dict, trucks: float = 1000.0, airlift: float = 0.0, km: float = 50.0) -> War:
    """Formations of one army in the western cell, `km` from their source."""
    given = war(list(units), strip(3), armies=({"trucks": trucks, "airlift_t": airlift}, {}), rules=FIGURES)
    given.ground.supply_km = km
    return given


def issue(given: War, days: float = 1.0) -> War:
    issue_supplies(given.world, given.reading, given.state, given.rules.supply, given.rules.weather, days)
    return given


def test_fuel_comes_first_then_ammunition_by_what_each_lacks():
    # 100 trucks bring 168.75 t over 50 km: 150 t of fuel wanted, then 18.75 of 300 t of ammunition.
    given = supplied({"mobility": TANK}, {"mobility": MOTOR}, {}, trucks=100.0)
    given.forces.fuel, given.forces.ammunition = [0.0, 0.5, 0.0], 0.0
    issue(given)
    assert given.forces.fuel.tolist() == pytest.approx([1.0, 1.0, 0.0])
    assert given.forces.ammunition.tolist() == pytest.approx([18.75 / 300] * 3)


def test_scarce_fuel_is_shared_by_want():
    # 20 trucks bring 33.75 t for 150 t: 22.5 % of each want.
    given = supplied({"mobility": TANK}, {"mobility": MOTOR}, trucks=20.0)
    given.forces.fuel = [0.0, 0.5]
    issue(given)
    assert given.forces.fuel.tolist() == pytest.approx([0.225, 0.5 + 0.225 * 0.5])


@given(st.floats(0, 1e5), st.floats(0, 500), st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_what_arrives_is_at_most_what_trucks_bring_and_what_is_wanted(trucks, km, stocks):
    given = supplied({"mobility": TANK}, {"mobility": MOTOR}, {}, trucks=trucks, km=km)
    given.forces.fuel, given.forces.ammunition = stocks, stocks[::-1]
    fuel, ammunition = given.forces.fuel.copy(), given.forces.ammunition.copy()
    issue(given)
    brought = 100 * (given.forces.fuel - fuel).sum() + 100 * (given.forces.ammunition - ammunition).sum()
    assert brought <= delivered_t_per_day(given.rules.supply, trucks, km) + 1e-6
    assert (given.forces.fuel <= 1 + 1e-9).all()
    assert (given.forces.ammunition <= 1 + 1e-9).all()
    assert (given.forces.fuel >= fuel).all()


def test_nothing_reaches_those_cut_off():
    given = supplied({"mobility": TANK}, km=np.inf)
    given.forces.fuel, given.forces.ammunition = 0.0, 0.0
    issue(given)
    assert (given.forces[0].fuel, given.forces[0].ammunition) == (0.0, 0.0)


def test_aircraft_bring_fuel_to_those_who_stand():
    # 25 t for the halted formation's 100: a quarter of a refill; nothing for the one that drives.
    given = supplied({"mobility": TANK}, {"mobility": TANK}, airlift=25.0)
    given.forces.fuel, given.forces.halted = 0.0, [1, 0]
    fly_fuel(
        given.world.roster,
        given.reading.formations,
        given.reading.armies,
        given.state.forces,
        given.state.regions,
        given.rules.weather,
        1.0,
    )
    assert given.forces.fuel.tolist() == pytest.approx([0.25, 0.0])


def test_hours_of_halt_are_a_mean_over_the_motor_formations_with_a_plan():
    given = war([{"mobility": TANK, "plan": 0}, {"mobility": MOTOR, "plan": 0}, {"plan": 0}], strip(3), plans=[[2]])
    given.forces.halted = [1, 0, 0]
    count_halts(given.world.roster, given.world.step_hours, given.state.forces, given.state.armies)
    assert given.state.armies.halted_hours.tolist() == [3.0, 0.0]
