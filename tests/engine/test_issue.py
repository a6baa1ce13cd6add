"""Issue: depots bind, stocks run out, nothing is lost on the way, and those who lead fill up first."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import War, strip, war

from khingan.engine.issue import fly_fuel, issue_supplies, mark_foremost
from khingan.engine.record import count_halts
from khingan.engine.supply import measure_supply

FIGURES = {"supply.truck_load_t": 2.0, "supply.truck_burn_t_per_km": 0.0}
MOTOR, TANK = 2, 3


def supplied(
    *units: dict, trucks: object = 1000.0, airlift: float = 0.0, pools: tuple = (), rules: dict | None = None,
    cells: int = 3, **source: float,
) -> War:  # fmt: skip
    """Formations of one army beside a source of their side in the western cell, 10 km of road a cell."""
    return war(
        list(units), strip(cells), armies=({"trucks": trucks, "airlift_t": airlift, "pool": len(pools) - 1}, {}),
        sources=[{"cell": 0, "side": 0, "pool": len(pools) - 1} | source], pools=pools, road=2,
        rules=FIGURES | (rules or {}),
    )  # fmt: skip


def issue(given: War, days: int = 1) -> War:
    for day in range(days):
        given.state.ways.day = -1  # nothing is remembered from the day before
        measure_supply(given.world, given.state, given.rules.supply)
        issue_supplies(
            given.world, given.reading, given.state, given.rules.supply, given.rules.railways, given.rules.weather, day,
            1.0,
        )  # fmt: skip
    return given


def in_hand_t(given: War) -> float:
    """Tonnes with the troops: every refill and unit of fire of the tests weighs 100 t."""
    return 100.0 * float(given.forces.fuel.sum() + given.forces.ammunition.sum())


def books_t(given: War) -> float:
    """Tonnes anywhere: in stock, on trucks, with the troops, burnt by the trucks."""
    armies = given.state.armies
    return float(
        given.state.pools.fuel_t.sum() + given.state.pools.ammunition_t.sum() + armies.fuel_load_t.sum()
        + armies.ammunition_load_t.sum() + armies.fuel_burnt_t.sum() + in_hand_t(given)
    )  # fmt: skip


def test_a_depot_issues_no_more_than_it_can():
    # 40 t a day for 200 t wanted: 40 t leave, whatever the trucks.
    given = issue(supplied({"mobility": TANK, "fuel_carried": 2.0}, issue_t=40.0))
    given.forces.fuel = 0.0
    issue(given)
    assert given.state.armies[0].fuel_issued_t == pytest.approx(40.0)


def test_a_railhead_that_brings_less_than_the_depot_issues_empties_it():
    # Three days of 40 t lie there; 10 t a day come: 40 a day until 120 are gone, then 10 a day.
    given = supplied({"mobility": TANK, "fuel_carried": 9.0}, issue_t=40.0, rail_t=10.0)
    given.forces.fuel = 0.0
    before, issued = 0.0, []
    for _ in range(6):
        issue(given)
        issued.append(float(given.state.armies[0].fuel_issued_t) - before)
        before = float(given.state.armies[0].fuel_issued_t)
    assert issued == pytest.approx([40.0, 40.0, 40.0, 30.0, 10.0, 10.0])


def test_a_stock_runs_out_and_then_nothing_comes():
    given = supplied({"mobility": TANK, "fuel_carried": 9.0}, pools=({"fuel_t": 50.0, "ammunition_t": 0.0},))
    given.forces.fuel, given.forces.ammunition = 0.0, 1.0
    issue(given, 20)
    assert given.state.armies[0].fuel_issued_t == pytest.approx(50.0)
    assert given.forces[0].fuel == pytest.approx(0.5, abs=1e-6)
    assert given.state.pools[0].fuel_t == pytest.approx(0.0, abs=1e-9)


def test_two_armies_share_a_depot_by_what_they_order():
    units = [{"mobility": TANK, "fuel_carried": 1.0}, {"mobility": TANK, "fuel_carried": 3.0, "army": 1}]
    given = war(
        units, strip(3), armies=({"trucks": 1000.0}, {"trucks": 1000.0}), road=2, rules=FIGURES,
        sources=[{"cell": 0, "side": 0, "issue_t": 40.0}],
    )  # fmt: skip
    given.forces.fuel, given.forces.ammunition = 0.0, 1.0
    issue(given)
    assert given.state.armies.fuel_issued_t.tolist() == pytest.approx([10.0, 30.0])


def test_trucks_of_the_front_load_at_their_base_and_drive_from_there():
    # The depot issues nothing worth mention; the base 300 km further back does: the first day brings few of 200 t.
    sources = [{"cell": 0, "side": 0, "issue_t": 0.001, "home": 1, "home_km": 300.0}, {"cell": 2, "side": 1, "home": 1}]
    given = war(
        [{"mobility": TANK, "fuel_carried": 2.0}], strip(3), armies=({"trucks": (10.0, 1000.0)}, {}), sources=sources,
        road=2, east=[2], rules=FIGURES,
    )  # fmt: skip
    given.forces.fuel = 0.0
    issue(given)
    assert given.state.armies[0].km.tolist() == pytest.approx([0.0, 300.0])
    assert given.state.armies[0].fuel_issued_t == pytest.approx(200.0, abs=0.1)
    # v 15 km/h for 12 h is 180 km a day: of 300 km, 0.6 / 1.6 of the load has arrived after a day.
    assert given.forces[0].fuel == pytest.approx(2.0 * 0.6 / 1.6, abs=0.01)


@given(
    st.floats(0, 300), st.floats(0, 300), st.floats(1, 1e4), st.floats(0, 0.002),
    st.lists(st.floats(0, 3), min_size=3, max_size=3),
)  # fmt: skip
def test_tonnes_are_kept(trucks, front_trucks, stock, burn, stocks):
    # T10: what leaves the stocks is on trucks, with the troops or burnt on the way.
    pools = ({"fuel_t": stock, "ammunition_t": stock / 2},)
    given = supplied(
        {"mobility": TANK, "fuel_carried": 3.0, "start": 2}, {"mobility": MOTOR, "start": 1}, {"start": 2},
        trucks=(trucks, front_trucks), pools=pools, issue_t=80.0, rules={"supply.truck_burn_t_per_km": burn},
    )  # fmt: skip
    given.forces.fuel, given.forces.ammunition = np.minimum(stocks, 0.9), np.minimum(stocks[::-1], 0.9)
    kept = books_t(given)
    for _ in range(4):
        issue(given)
        assert books_t(given) == pytest.approx(kept, rel=1e-9)
        given.forces.fuel *= 0.5
        kept = books_t(given)
    assert (given.state.pools.fuel_t >= 0).all()
    assert (given.forces.fuel <= given.reading.formations.fuel_carried + 1e-9).all()


def test_what_trucks_burn_comes_out_of_the_stock():
    # 10 km out and back at 0.01 t a km is 0.2 of 2 t: for 90 t to arrive 100 leave the stock, 10 are burnt.
    given = supplied({"mobility": TANK, "start": 1}, rules={"supply.truck_burn_t_per_km": 0.01})
    given.forces.fuel, given.forces.ammunition = 0.1, 1.0
    issue(given)
    army = given.state.armies[0]
    assert (army.fuel_issued_t, army.fuel_burnt_t) == pytest.approx((100.0, 10.0))


def test_nothing_reaches_those_cut_off():
    given = supplied({"mobility": TANK, "start": 2})
    given.ground.owner[1] = 1
    given.forces.fuel, given.forces.ammunition = 0.0, 0.0
    issue(given, 5)
    assert (given.forces[0].fuel, given.forces[0].ammunition) == (0.0, 0.0)


def test_fuel_goes_before_ammunition():
    given = supplied({"mobility": TANK}, issue_t=60.0)
    given.forces.fuel, given.forces.ammunition = 0.5, 0.0
    issue(given)
    army = given.state.armies[0]
    assert (army.fuel_issued_t, army.ammunition_issued_t) == pytest.approx((50.0, 10.0))


def test_the_foremost_fill_up_first_then_motors_then_those_on_foot():
    # Four motor formations of like size and one on foot; a quarter of the motors is one formation, the furthest east.
    units = [{"mobility": MOTOR, "plan": 0, "start": cell} for cell in (0, 1, 2, 3)] + [{"plan": 0, "start": 0}]
    given = war(
        units, strip(5), plans=[[4]], armies=({"trucks": 1e5}, {}), road=2, rules=FIGURES,
        sources=[{"cell": 0, "side": 0, "issue_t": 160.0}],
    )  # fmt: skip
    given.forces.fuel, given.forces.ammunition = 0.0, 1.0
    issue(given)
    fuel = given.forces.fuel
    assert fuel[3] == pytest.approx(1.0)
    assert fuel[0] == pytest.approx(fuel[1]) == pytest.approx(fuel[2])
    assert 0.0 < fuel[0] < 1.0
    assert fuel[4] == 0.0


def test_the_foremost_are_a_share_of_the_vehicles():
    units = [{"mobility": TANK, "plan": 0, "start": cell} for cell in (0, 1, 2, 3)]
    given = war(units, strip(5), plans=[[4]], armies=({}, {}), road=2, sources=[{"cell": 0, "side": 0}])
    issue(given)
    mark_foremost(
        given.world.roster, given.reading.formations, given.forces, given.state.served, given.state.armies, 0, 0.5
    )
    assert given.state.served.ahead.tolist() == [0, 0, 1, 1]


def test_what_captured_trains_cannot_take_drives_beside_the_line():
    # A fifth of a day's order by train: the army reckons four fifths of the line as a drive.
    given = supplied(
        {"mobility": TANK, "start": 2, "fuel_carried": 75.0}, rules={"railways.captured_t_per_day": 1500.0}
    )
    given.world.edges.rail, given.ground.line = 2, 1
    given.forces.fuel, given.forces.ammunition = 0.0, 1.0
    issue(given)
    # Two cells of 10 km at a tenth, and 0.8 of the 18 road kilometres that trains would have spared.
    assert given.state.armies[0].km[0] == pytest.approx(2.0 + 0.8 * 18.0)


def test_aircraft_bring_fuel_to_those_who_stand_out_of_the_stock():
    # 25 t for the halted formation's 100: a quarter of a refill; nothing for the one that drives.
    pools = ({"fuel_t": 60.0, "ammunition_t": 0.0},)
    given = supplied({"mobility": TANK}, {"mobility": TANK}, airlift=25.0, pools=pools)
    given.forces.fuel, given.forces.halted = 0.0, [1, 0]
    fly_fuel(given.world, given.reading, given.state, given.rules.weather, 1.0)
    assert given.forces.fuel.tolist() == pytest.approx([0.25, 0.0])
    assert given.state.pools[0].fuel_t == pytest.approx(35.0)


def test_hours_of_halt_are_a_mean_over_the_motor_formations_with_a_plan():
    given = war([{"mobility": TANK, "plan": 0}, {"mobility": MOTOR, "plan": 0}, {"plan": 0}], strip(3), plans=[[2]])
    given.forces.halted = [1, 0, 0]
    count_halts(given.world.roster, given.world.step_hours, given.state.forces, given.state.armies, 12.0)
    assert given.state.armies.halted_hours.tolist() == [3.0, 0.0]
    assert given.state.armies[0].halt_began_h == 12.0
