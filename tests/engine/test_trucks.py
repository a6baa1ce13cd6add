"""Trucks: on a steady way a fleet brings what T24 says; on a new one the first loads take their time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import rules_with

from khingan.engine.supply import delivered_t_per_day
from khingan.engine.trucks import fleet_t, kept_share, may_load_t, under_way_share

FIGURES = {"supply.truck_load_t": 2.0, "supply.truck_burn_t_per_km": 0.0}


def a_fleet(km: float, days: int, trucks: float = 2000.0, length: float = 1.0) -> list[float]:
    """Tonnes arriving each day over a steady way, by the kernels, the army taking in everything."""
    rules = rules_with(FIGURES).supply
    fleet, out, back, arrived = fleet_t(rules, trucks), 0.0, 0.0, []
    for _ in range(days):
        load = may_load_t(rules, fleet, out, back, km, 1.0, length)
        still = under_way_share(rules, km, 1.0, length)
        come = (out + load) * (1.0 - still)
        out, back = (out + load) * still, (back + come) * still
        arrived.append(come)
    return arrived


@pytest.mark.parametrize(("km", "tonnes"), [(50, 3375), (150, 1500), (300, 818), (500, 509), (700, 370)])
def test_in_the_long_run_a_fleet_brings_what_the_turn_round_formula_says(km, tonnes):
    # T24: the circulation and the formula have the same steady state.
    assert a_fleet(float(km), 400)[-1] == pytest.approx(tonnes, abs=0.6)


def test_loads_take_their_time_and_no_more_arrives_than_trucks_hold():
    come = a_fleet(700.0, 400)
    assert come[0] < come[1]
    # All trucks start at home, so a wave of them arrives before the steady state; never more than they hold.
    assert max(come) <= fleet_t(rules_with(FIGURES).supply, 2000.0)


@given(st.floats(0, 1e5), st.floats(0, 3e3), st.floats(0, 1), st.floats(0, 1), st.floats(0.3, 1))
def test_a_fleet_never_loads_more_than_it_has(trucks, km, out, back, pace):
    rules = rules_with().supply
    fleet = fleet_t(rules, trucks)
    out, back = out * fleet / 2, back * fleet / 2
    load = may_load_t(rules, fleet, out, back, km, pace, 1.0)
    still = under_way_share(rules, km, pace, 1.0)
    assert 0.0 <= load <= rules.trips_per_day * fleet + 1e-9
    assert (out + load) * still <= fleet * (1 + 1e-9)


def test_what_is_kept_of_a_load():
    # 300 km out and back at 0.001 t a km is 0.6 of 2 t.
    rules = rules_with(FIGURES | {"supply.truck_burn_t_per_km": 0.001}).supply
    assert kept_share(rules, 300.0) == pytest.approx(0.7)
    assert kept_share(rules, 5000.0) == 0.0
    assert delivered_t_per_day(rules, 2000.0, 300.0) == pytest.approx(818.18 * 0.7, abs=0.1)
