"""Landings: who sails, who holds the beach, and where the men are meanwhile."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import War, all_men, all_tanks, luck, war

from khingan.engine.combat import ashore, points
from khingan.engine.landing import beach_power, embark, land, next_try, unload
from khingan.engine.state import (
    AT_SEA,
    BY_AIR,
    BY_RIVER,
    BY_SEA,
    DESTROYED,
    GARRISON,
    LANDING,
    NEVER,
    ON_BEACH,
    PRESENT,
)  # fmt: skip

EVEN = {"landing.passage_log_sd": 0.0, "combat.quality_ratio": 1.0, "combat.beach_assault": 2.0}


def landing(mode: int = BY_SEA, defender: dict | None = None, wave: float = 1.0, rules: dict | None = None) -> War:
    """A landing force at cell 1 and a lift of five hours to the centre, which side 1 owns."""
    units = [{"start": 1, "role": LANDING, "tanks": 10.0}] + ([{"side": 1, "start": 0} | defender] if defender else [])
    lift = {
        "order": 0,
        "formation": 0,
        "destination": 0,
        "mode": mode,
        "wave": wave,
        "passage_h": 5.0,
        "interval_h": 3.0,
    }
    return war(units, east=[0], orders=[{"kind": 3}], lifts=[lift], rules=EVEN | (rules or {}))


def sail(given: War) -> War:
    given.state.orders.in_force_h = 0.0
    embark(given.world, given.reading, given.state, given.rules.landing, given.luck)
    return given


def arrive(given: War, step: int = 0, run: int = 0) -> War:
    """One step of landings."""
    r = given.rules
    now = 6.0 * step
    land(
        given.world, given.reading, given.state, r.landing, r.combat, r.cohesion, r.control, r.flotilla, luck(run),
        step, now,
    )  # fmt: skip
    return given


def test_a_lift_whose_order_never_comes_never_sails():
    given = landing()
    for _ in range(10):
        embark(given.world, given.reading, given.state, given.rules.landing, given.luck)
        arrive(given)
    assert given.forces[0].status == PRESENT
    assert given.state.lifts[0].due_h == NEVER


def test_men_at_sea_are_in_no_cell():
    given = sail(landing())
    assert (given.forces[0].status, given.forces[0].place) == (AT_SEA, -1)
    assert given.ground.defenders[:, 0].sum() == 0
    assert given.state.lifts[0].due_h == pytest.approx(5.0)


@pytest.mark.parametrize("mode", [BY_SEA, BY_RIVER])
def test_an_undefended_shore_is_simply_taken(mode):
    given = arrive(sail(landing(mode)))
    assert (given.forces[0].status, given.forces[0].place) == (PRESENT, 0)
    assert (given.ground[0].owner, given.ground[0].first_h) == (0, pytest.approx(5.0))
    assert given.state.lifts[0].landed_h == pytest.approx(5.0)
    assert given.ground[0].defenders.tolist() == [1, 0]


def test_nobody_lands_before_he_is_due():
    given = sail(landing())
    given.state.lifts[0].due_h = 7.0
    assert arrive(given).forces[0].status == AT_SEA
    assert arrive(given, step=1).forces[0].status == PRESENT


def fates(wave_share: float, runs: int = 1500) -> np.ndarray:
    """Whether the first wave holds against 8,000 men in the open, by run."""
    held = []
    given = landing(defender={"men": 8000.0}, wave=wave_share)
    for run in range(runs):
        unit = given.forces[0]
        unit.status, unit.place, unit.men, unit.cohesion, unit.tanks = AT_SEA, -1, 10_000.0, 1.0, 0.0
        given.state.lifts.due_h, given.state.lifts.landed_h = 5.0, NEVER
        held.append(arrive(given, run=run).forces[0].status == ON_BEACH)
    return np.array(held)


@pytest.mark.parametrize(("ratio", "chance"), [(0.5, 0.2), (1.0, 0.5), (2.0, 0.8)])
def test_the_first_wave_holds_with_the_chance_of_its_ratio(ratio, chance):
    # Ten thousand riflemen 7 points; the defence 0.7 * 8 * 1.05 on flat ground, twice that at the beach.
    given = landing(defender={"men": 8000.0})
    assert points(
        given.world.land,
        given.world.roster,
        given.world.control_side,
        given.reading.formations,
        given.state.forces,
        given.rules.combat,
        1,
        0,
    ) == pytest.approx(5.6)
    share = ratio * 5.6 * 1.05 * 2.0 / 7.0
    # 1,500 landings know the chance to 0.013.
    assert fates(share).mean() == pytest.approx(chance, abs=0.04)


def test_a_repulsed_wave_loses_its_share_and_the_next_comes_later():
    # A wave of a tenth against everything: 0.3 of it, 300 men; the next after one step, longer than the interval.
    given = arrive(sail(landing(defender={"men": 1e9}, wave=0.1)))
    assert given.forces[0].status == AT_SEA
    assert given.forces[0].men == pytest.approx(9700.0)
    assert given.state.lifts[0].due_h == pytest.approx(11.0)


def test_men_on_a_beach_attack_the_cell_behind_it_until_it_is_open():
    given = arrive(sail(landing(defender={"men": 1.0})))
    assert (given.forces[0].status, given.forces[0].place, given.forces[0].target) == (ON_BEACH, -1, 0)
    given.ground[0].defenders[1] = 0
    assert arrive(given, step=1).forces[0].status == PRESENT
    assert given.ground[0].owner == 0


def received(role: int | None, runs: int = 1000) -> np.ndarray:
    """Status of an air-landed party by run."""
    given = landing(BY_AIR, {"role": role, "men": 3000.0} if role is not None else None)
    found = []
    for run in range(runs):
        unit = given.forces[0]
        unit.status, unit.place, unit.men = AT_SEA, -1, 10_000.0
        given.ground[0].owner = 1
        given.ground[0].defenders[0] = 0
        given.state.lifts.due_h, given.state.lifts.landed_h = 5.0, NEVER
        found.append(int(arrive(given, run=run).forces[0].status))
    return np.array(found)


@pytest.mark.parametrize(("role", "accepted"), [(None, 0.92), (GARRISON, 0.2)], ids=["open", "barred"])
def test_air_landed_parties_are_received_lost_or_turned_away(role, accepted):
    # Half of those refused are lost; 1,000 parties know a share to 0.013.
    found = received(role)
    assert (found == PRESENT).mean() == pytest.approx(accepted, abs=0.04)
    assert (found == DESTROYED).mean() == pytest.approx((1 - accepted) / 2, abs=0.045)
    assert (found == AT_SEA).mean() == pytest.approx((1 - accepted) / 2, abs=0.045)


@given(st.integers(0, 1000), st.floats(1.0, 1e5), st.sampled_from([BY_SEA, BY_AIR]), st.floats(0.05, 1.0))
def test_men_and_tanks_are_kept_at_sea_and_ashore(run, men, mode, wave):
    given = landing(mode, {"men": men, "tanks": 3.0}, wave)
    before, tanks = all_men(given), all_tanks(given)
    sail(given)
    for step in range(4):
        arrive(given, step, run)
        assert all_men(given) == pytest.approx(before)
        assert all_tanks(given) == pytest.approx(tanks)


def beach(*others: dict, guns: float = 0.0, rules: dict | None = None, **lift: float) -> War:
    """A landing of 10,000 men at the centre against 8,000, and other landing forces bound for the same shore."""
    units = [{"start": 1, "role": LANDING}, {"side": 1, "start": 0, "men": 8000.0}]
    units += [{"start": 2, "role": LANDING} | other for other in others]
    parties = [0, *range(2, len(units))]
    named = {"order": 0, "destination": 0, "mode": BY_SEA, "wave": 0.5, "passage_h": 5.0, "interval_h": 12.0}
    lifts = [named | {"formation": u} | (lift | {"guns": guns} if u == 0 else {}) for u in parties]
    given = war(units, east=[0], orders=[{"kind": 3}], lifts=lifts, rules=EVEN | (rules or {}))
    given.forces.status[parties], given.forces.place[parties] = AT_SEA, -1
    given.state.lifts.due_h = 5.0
    return given


def strength(given: War) -> float:
    """Points with which lift 0 comes in."""
    r = given.rules
    return beach_power(given.world, given.reading, given.state, r.combat, r.landing, 0, 0.0)


def test_ships_guns_count_for_the_first_wave():
    # Half of 7 points, and 20 guns of 0.027 points half as strong again.
    assert strength(beach()) == pytest.approx(3.5)
    assert strength(beach(guns=20.0)) == pytest.approx(3.5 + 20 * 0.027 * 1.5)
    assert strength(beach(guns=20.0, rules={"landing.ship_gun_weight": 0.0})) == pytest.approx(3.5)


def test_echelons_on_one_shore_help_each_other():
    # Another wave of half of 7 points that comes in at the same hour, and 1.4 points that are ashore already.
    assert strength(beach({})) == pytest.approx(7.0)
    given = beach({"men": 2000.0})
    given.forces[2].status = ON_BEACH
    assert strength(given) == pytest.approx(3.5 + 1.4)
    assert strength(beach({}, rules={"landing.together": 0.0})) == pytest.approx(3.5)


def test_a_wave_thrown_back_waits_for_the_next_echelon_already_at_sea():
    given = beach({})
    given.state.lifts[1].due_h = 40.0
    r = given.rules
    assert next_try(given.world, given.reading, given.state, r.landing, 0, 0.0) == 40.0
    # With nobody behind it, it tries again after its interval.
    assert next_try(given.world, given.reading, given.state, r.landing, 1, 36.0) == 52.0


def test_wave_follows_wave_and_heavy_arms_wait_for_a_pier():
    # Waves of 0.3 every 12 hours: after a day three are ashore. An open beach keeps tanks and guns aboard for 24 hours.
    given = beach(wave=0.3, port=0)
    given.forces[0].status, given.state.lifts[0].beach_h = ON_BEACH, 6.0
    for now, afloat, unlanded in ((6.0, 0.7, 1.0), (18.0, 0.4, 1.0), (30.0, 0.1, 0.0), (54.0, 0.0, 0.0)):
        unload(given.world, given.reading, given.state, given.rules.landing, 0, now)
        assert (given.forces[0].afloat, given.forces[0].unlanded) == pytest.approx((afloat, unlanded))
    given.forces[0].tanks, given.forces[0].afloat, given.forces[0].unlanded = 100.0, 0.5, 1.0
    # Half of 7 of 14 points.
    share = ashore(given.world.land, given.world.roster, given.state.forces, given.rules.combat, 0, 0)
    assert share == pytest.approx(0.25)


@given(st.floats(0, 500), st.floats(0, 500), st.integers(0, 1000))
def test_more_ships_guns_never_throw_a_wave_back(guns, more, run):
    few, many = (arrive(beach(guns=number), run=run).forces[0].status for number in (guns, guns + more))
    assert not (few == ON_BEACH and many == AT_SEA)


def test_a_garrison_that_receives_a_party_has_the_order_a_day_later():
    given = sail(landing(BY_AIR, {"role": GARRISON}, rules={"landing.accepted_before": 1.0}))
    assert given.forces[1].order_h == NEVER
    assert arrive(given).forces[1].order_h == pytest.approx(5.0 + 24.0)
    # One that has it already does not hear later.
    given = sail(landing(BY_AIR, {"role": GARRISON}, rules={"landing.accepted_before": 1.0}))
    given.forces[1].order_h = 3.0
    assert arrive(given).forces[1].order_h == 3.0


def test_a_garrison_that_refuses_a_party_hears_nothing():
    given = sail(landing(BY_AIR, {"role": GARRISON}, rules={"landing.accepted_before": 0.0}))
    assert arrive(given).forces[1].order_h == NEVER
