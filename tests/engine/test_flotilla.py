"""Flotillas: how far ships go, whom they carry, and what their guns and boats are worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import War, all_men, strip, war, weigh_all

from khingan.engine.fighting import fight
from khingan.engine.flotilla import awaits_ships, hit_ships, river_fire, sail
from khingan.engine.landing import land
from khingan.engine.state import AT_SEA, BY_RIVER, LANDING, LIFT, NEVER

LENGTH = 12


def river(*units: dict, east: range = range(0), towns: tuple = (), lifts: tuple = (), **rules: float) -> War:
    """Ships with 40 guns at the west end of a river that runs along a strip of cells 10 km apart."""
    ships = {"formation": 0, "fairway": range(LENGTH), "towns": towns}
    named = {name.replace("__", "."): value for name, value in rules.items()}
    orders = [{"kind": 3} for _ in lifts]
    return war([{"start": 0, "role": LIFT, "guns": 40.0, "men": 2000.0}, *units], strip(LENGTH), east=east,
               flotillas=[ships], lifts=lifts, orders=orders, rules=named)  # fmt: skip


def steps(given: War, count: int, first: int = 0) -> War:
    r = given.rules
    for step in range(first, first + count):
        now = given.world.step_hours * step
        sail(given.world, given.reading, given.state, r.flotilla, r.combat, now)
        land(given.world, given.reading, given.state, r.landing, r.combat, r.cohesion, r.control, r.flotilla,
             given.luck, step, now)  # fmt: skip
    return given


def test_ships_go_at_their_pace_slower_between_hostile_banks():
    # 120 km a day on their own river: 30 km in a step; 60 a day between hostile banks: 15.
    assert steps(river(), 1).forces[0].place == 3
    given = steps(river(east=range(1, LENGTH)), 1)
    assert given.forces[0].place == 1
    assert given.state.flotillas[0].gone_km == pytest.approx(5.0)


def test_ships_stop_below_a_defended_bank():
    assert steps(river({"side": 1, "start": 5}, east=range(5, LENGTH)), 20).forces[0].place == 4


def test_ships_run_no_further_ahead_than_they_dare():
    # The last bank held is cell 0; 45 km ahead is cell 4.
    assert steps(river(east=range(1, LENGTH), flotilla__ahead_km=45.0), 20).forces[0].place == 4


def test_ice_holds_ships_and_the_thaw_frees_them():
    # Three cells in a step of open water, as above; none while any ice bears where they lie.
    given = river()
    given.state.regions.ice = 0.2
    assert steps(given, 4).forces[0].place == 0
    given.state.regions.ice = 0.0
    assert steps(given, 1, first=4).forces[0].place == 3


@pytest.mark.parametrize("hours", [1.0, 3.0, 6.0, 12.0])
def test_where_the_ships_are_does_not_hang_on_the_step(hours):
    # Two days at 60 km a day: 120 km of hostile banks would take them to the end of the 110.
    given = river(east=range(1, LENGTH), flotilla__ahead_km=1e3)
    given = War(given.world._replace(step_hours=hours), given.reading, given.rules, given.state, given.luck)
    steps(given, round(36 / hours))
    assert given.forces[0].place == 9


def party(destination: int, **fields: float) -> dict:
    return {"order": 0, "formation": 1, "destination": destination, "mode": BY_RIVER, "wave": 0.5, "passage_h": 1.0,
            "interval_h": 3.0, **fields}  # fmt: skip


def aboard(given: War) -> War:
    """The party of lift 0 is at sea and due."""
    given.forces[1].status, given.forces[1].place, given.state.lifts[0].due_h = AT_SEA, -1, 1.0
    given.ground.defenders[:] = 0
    return given


UNIT = {"start": 0, "role": LANDING, "men": 800.0}


def test_a_party_bound_upstream_arrives_with_its_ships():
    given = aboard(river(UNIT, east=range(1, LENGTH), lifts=(party(8),)))
    assert awaits_ships(given.world, given.state, given.rules.flotilla, 0)
    # The ships lie beside cell 8 when they reach cell 7, 70 km of hostile banks: 28 hours, in the fifth step.
    assert steps(given, 4).forces[1].status == AT_SEA
    assert steps(given, 1, first=4).forces[1].place == 8
    assert given.ground[8].owner == 0


def test_without_ships_a_party_comes_by_its_own_clock():
    given = aboard(river(UNIT, east=range(1, LENGTH), lifts=(party(8),), flotilla__capacity_men=0.0))
    assert steps(given, 1).forces[1].place == 8
    assert given.forces[0].place == 0


def test_ships_take_the_party_from_town_to_town():
    # It lands at 3, nobody is near, it is taken up again and lands at 9, each time where the plan has a town.
    given = aboard(river(UNIT, east=range(1, LENGTH), towns=(3, 9), lifts=(party(3),)))
    steps(given, 16)
    assert (given.ground[3].owner, given.ground[9].owner) == (0, 0)
    assert given.forces[1].place == 9
    assert given.state.lifts[0].landed_h < 24.0
    assert all_men(given)[1] == 800.0


def test_a_party_on_an_errand_is_left_to_it():
    # It was sent on to lay hands on arms elsewhere before the ships came for it.
    given = aboard(river(UNIT, east=range(1, LENGTH), towns=(3, 9), lifts=(party(3),)))
    given.forces[1].errand = 0
    assert steps(given, 16).forces[1].place == 3


def test_a_party_too_large_for_the_ships_stays():
    given = aboard(river(UNIT | {"men": 5000.0}, east=range(1, LENGTH), towns=(3, 9), lifts=(party(3),)))
    assert steps(given, 16).forces[1].place == 3


def test_a_party_is_not_put_ashore_against_the_odds():
    units = UNIT, {"side": 1, "start": 9}
    given = aboard(river(*units, east=range(1, LENGTH), towns=(3, 9), lifts=(party(3),)))
    given.ground[9].defenders[1] = 1
    steps(given, 16)
    assert (given.forces[1].status, given.state.flotillas[0].aboard) == (AT_SEA, 0)
    assert given.forces[0].place == 8
    assert given.state.lifts[0].due_h == NEVER


def test_guns_of_ships_beside_a_cell_count_there_and_no_further():
    # 40 guns of 0.027 points.
    given = river()
    fire = [river_fire(given.world, given.state, given.rules.combat, given.rules.flotilla, c, 0) for c in range(3)]
    assert fire == pytest.approx([1.08, 1.08, 0.0])
    assert river_fire(given.world, given.state, given.rules.combat, given.rules.flotilla, 1, 1) == 0.0


def attack(guns: float, capacity: float = 1300.0) -> float:
    """Power of a division that attacks cell 1 from cell 0, where the ships lie."""
    given = river({"start": 0}, {"side": 1, "start": 1}, east=range(1, LENGTH), flotilla__capacity_men=capacity)
    given.forces[0].guns, given.forces.target = guns, [-1, 1, -1]
    weigh_all(given)
    return float(given.state.battles[0].attack)


@given(st.floats(0, 500), st.floats(0, 500))
def test_more_guns_never_help_the_defender(guns, more):
    assert attack(guns) <= attack(guns + more)


def test_capacity_zero_switches_flotillas_off():
    assert attack(500.0, capacity=0.0) == attack(0.0)


def hit(lost: float, at: int = 1, **rules: float) -> War:
    """Ships at cell 0 after a battle for cell `at` that cost the attackers a share of their men."""
    units = {"start": at - 1}, {"side": 1, "start": at}
    given = river(*units, east=range(at, LENGTH), **({"combat__behind_losses": 0.4} | rules))
    given.forces.target = [-1, at, -1]
    weigh_all(given)
    given.state.battles[0].lost = lost
    hit_ships(given.world, given.state, given.rules.flotilla, given.rules.combat, given.rules.cohesion, 1)
    return given


def test_ships_that_fire_lose_their_part_of_what_the_attackers_lose():
    # 0.4 of 5 % of 2,000 men, three in ten of them killed; guns by the part that goes with the men.
    given = hit(0.05)
    assert given.forces[0].men == pytest.approx(2000 - 40)
    assert given.forces[0].killed == pytest.approx(0.3 * 40)
    assert given.forces[0].guns < 40.0
    assert given.forces.men[1:].tolist() == [10_000, 10_000]


@pytest.mark.parametrize("still", ["far", "off", "no part"])
def test_ships_that_do_not_fire_lose_nobody(still):
    off = {"flotilla__capacity_men": 0.0} if still == "off" else {"combat__behind_losses": 0.0}
    assert hit(0.05, 4 if still == "far" else 1, **({} if still == "far" else off)).forces[0].men == 2000


def test_a_battle_says_what_share_its_attackers_lost():
    given = river({"start": 0}, {"side": 1, "start": 1}, east=range(1, LENGTH))
    given.forces.target = [-1, 1, -1]
    weigh_all(given)
    r = given.rules
    fight(given.world, given.reading, given.state, r.combat, r.cohesion, r.movement, r.weather, 1, given.luck, 0, 0.0)
    assert given.state.battles[0].lost == pytest.approx(1 - given.forces[1].men / 10_000)
    assert given.state.battles[0].lost > 0.0
