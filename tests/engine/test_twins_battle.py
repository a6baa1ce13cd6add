"""Slow twins of the kernels of battle: power, losses, luck, ends, sieges, landings, aircraft, engineers."""

import numpy as np
import plain
import plain_battle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import War, gather, luck, strip, war

from khingan.engine.air import raid_columns
from khingan.engine.breaking import break_off, hazards, way_back
from khingan.engine.combat import weigh
from khingan.engine.engineers import engineers_at_work, hand_out_tasks
from khingan.engine.fighting import battle_noise, fight
from khingan.engine.landing import beach_power, land, unload
from khingan.engine.siege import besiege, garrison_power, post_masks, shell_works
from khingan.engine.state import AT_SEA, GARRISON, LANDING, ON_BEACH

CALM = {"combat.day_sd": 0.0, "combat.engagement_sd": 0.0, "combat.exchange_sd": 0.0}
SHARE = st.floats(0.0, 1.0)
STATE = st.fixed_dictionaries({
    "men": st.floats(100, 20_000), "tanks": st.floats(0, 200), "guns": st.floats(0, 300), "tied": st.floats(0, 3000),
    "combat_days": st.floats(0, 40), "prepared_days": st.floats(0, 90), "cohesion": SHARE,
    "ammunition": st.floats(0, 3),
})  # fmt: skip


def battle(states: list[dict], works: bool = False, river: int = 0, sorties: float = 0.0, **rules: float) -> War:
    """Formations around the centre attack the last two of the list, who hold it."""
    attackers = len(states) - 2
    places = [1 + n % 6 for n in range(attackers)] + [0, 0]
    units = [{"start": place, "side": int(place == 0), "quality": 0.3 + 0.2 * n} for n, place in enumerate(places)]
    built = [{"cell": 0, "strength": 2, "side": 1}] if works else []
    named = {name.replace("__", "."): value for name, value in rules.items()}
    result = war(units, east=[0], works=built, river=river, sorties=sorties, rules=CALM | named)
    for n, state in enumerate(states):
        for name, value in state.items():
            result.forces[name][n] = value
    result.forces.target[:attackers] = 0
    assert gather(result) == 1
    return result


def weighed(given: War, now: float = 0.0) -> tuple[float, float]:
    r, s = given.rules, given.state
    weigh(given.world, given.reading, s, r.combat, r.air, r.weather, 1, now)
    return float(s.battles[0].attack), float(s.battles[0].defence)


@settings(max_examples=40)
@given(st.lists(STATE, min_size=3, max_size=9), st.booleans(), st.integers(0, 4), st.floats(0, 500), st.booleans())
def test_both_powers_of_a_battle_equal_their_sums_by_column(states, works, river, sorties, wet):
    found = battle(states, works, river, sorties)
    found.state.regions.wet, found.forces.first_hit_h[-2] = wet, 6.0
    expected = plain_battle.attack(found, 0, 30.0), plain_battle.defence(found, 0, 1)
    assert weighed(found, 30.0) == pytest.approx(expected, rel=1e-6)


@settings(max_examples=20)
@given(st.lists(STATE, min_size=3, max_size=6))
def test_losses_of_a_battle_are_those_of_the_integrated_law(states):
    # The centre is ringed by the attackers' cells, so its defenders bleed at `hold_losses` times the rate.
    found = battle([state | {"men": 9000.0, "ammunition": 1.0} for state in states])
    attack, defence = weighed(found)
    men, r = found.forces.men.copy(), found.rules
    fight(found.world, found.reading, found.state, r.combat, r.cohesion, r.movement, r.weather, 1, found.luck, 0, 0.0)
    ground = r.combat.ground_losses[found.world.land.ground[0]] ** r.combat.terrain_exponent
    a, b = r.combat.loss_attacker * ground, r.combat.loss_defender * ground
    left = plain.fight(attack, defence, a, b, r.combat.helmbold, 0.25)[0] / attack
    held = plain.fight(attack, defence, a, b * r.combat.hold_losses, r.combat.helmbold, 0.25)[1] / defence
    share = np.where(found.world.roster.side == 0, 1 - (1 - left) * found.state.battles[0].engaged, held)
    assert found.forces.men == pytest.approx(men * share, rel=1e-7)


@pytest.mark.parametrize(("step_days", "steps"), [(0.25, 12), (0.05, 40), (1.0, 3)])
def test_noise_is_the_weighted_sum_of_its_draws(step_days, steps):
    found = war([], rules={"combat.engagement_sd": 0.0, "combat.exchange_sd": 0.0})
    rules = found.rules.combat
    for step in range(steps):
        battle_noise(found.state.ground, rules, luck(3), 5, step, step_days)
    expected = plain_battle.noise(step_days, steps, 5, 3, rules.day_sd, rules.day_memory)
    assert found.ground[5].noise == pytest.approx(expected, rel=1e-6)


@settings(max_examples=30)
@given(st.lists(STATE, min_size=3, max_size=7), st.floats(0.1, 10))
def test_hazards_equal_their_averages_over_men(states, ratio):
    found = battle(states)
    found.state.battles[0].attack, found.state.battles[0].defence = ratio, 1.0
    w, s = found.world, found.state
    risks = hazards(w.edges, w.roster, w.works, s.forces, s.ground, s.battles, found.rules.breaking, 0)
    assert risks == pytest.approx(plain_battle.hazards(found, 0, ratio, 6), rel=1e-9)


def test_battles_end_as_two_random_clocks_say():
    ends = []
    for run in range(100):
        found = war([{"start": 1}, {"side": 1, "start": 0, "fallback": 6}], east=[0, 4, 5, 6])
        found.forces.target[0] = 0
        w, s, r = found.world, found.state, found.rules
        gather(found)
        s.battles[0].attack, s.battles[0].defence = 1.5, 1.0
        risks = plain_battle.hazards(found, 0, 1.5, 3)
        break_off(w, s, r.breaking, r.cohesion, 1, luck(run), 7, 42.0)
        who = "attacker" if s.forces[0].pause_until_h > 42.0 else "defender" if s.forces[1].place != 0 else ""
        ends.append(who)
        assert who == plain_battle.who_breaks(*risks, 0.25, run, 7, 0)
    assert set(ends) == {"", "attacker", "defender"}


@settings(max_examples=30)
@given(st.sets(st.integers(1, 18), min_size=1), st.integers(1, 18), st.sets(st.integers(1, 6), max_size=3))
def test_the_way_back_is_the_shortest_of_all_that_are_open(own, goal, barred):
    found = war([{"side": 1, "start": 0, "fallback": goal}, *({"start": cell} for cell in barred)], east=[0, *own])
    w, s = found.world, found.state
    cell = way_back(w.edges, w.objectives, w.hours, w.roster, s.forces, s.ground, 0)
    expected = plain_battle.ways_back(found, 0, goal)
    field = w.objectives.route[w.roster.fallback[0], 0]
    assert (cell < 0) == (not expected)
    assert not expected or w.hours[field, cell] == pytest.approx(expected[0], rel=1e-5, abs=1e-4)


def siege(*besiegers: dict, km: float = 0.0, step_hours: float = 6.0, **rules: float) -> War:
    """Besiegers own the cell in which a garrison of 3,000 holds concrete works, `km` from their depot."""
    units = [*besiegers, {"side": 1, "role": GARRISON, "works": 0, "men": 3000.0}]
    named = {f"siege.{name}": value for name, value in rules.items()}
    found = war(units, works=[{"cell": 0, "strength": 2, "side": 1}], armies=({"support_guns": 400.0}, {}),
                step_hours=step_hours, rules=CALM | named)  # fmt: skip
    found.state.supply_km[:], found.state.armies.sieges = km, 1.0
    return found


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(200, 9000)), min_size=1, max_size=6), SHARE)
@settings(max_examples=30)
def test_masks_are_those_whose_points_added_up_reach_the_need(besiegers, share):
    found = siege(*({"mobility": m, "men": men} for m, men in besiegers), mask_share=share)
    w, s, r = found.world, found.state, found.rules
    post_masks(w, found.reading, s, r.combat, r.siege)
    garrison = plain_battle.defence(found, 0, 1)  # a full unit of fire, so the same as for a battle
    assert garrison_power(w, found.reading, s, r.combat, 0) == pytest.approx(garrison)
    points = plain_battle.worth(found, 0)[:-1].tolist()
    expected = plain_battle.masks(share * garrison, [m for m, _ in besiegers], points)
    assert np.flatnonzero(s.forces.masking).tolist() == expected


@pytest.mark.parametrize("step_hours", [1.0, 6.0, 12.0])
@pytest.mark.parametrize("km", [0.0, 90.0, 400.0])
def test_siege_guns_fire_once_they_are_up(step_hours, km):
    found = siege({"men": 9000.0}, km=km, step_hours=step_hours, heavy_share=0.05, mask_share=1.0)
    r = found.rules
    post_masks(found.world, found.reading, found.state, r.combat, r.siege)
    for step in range(round(5 * 24 / step_hours)):
        shell_works(found.world, found.reading, found.state, r.siege, step)
    expected = plain_battle.gun_days(20.0, km, 5.0, r.siege.bring_up_days, r.siege.heavy_km_per_day)
    assert found.state.works[0].gun_days == pytest.approx(expected, rel=1e-9)


def test_a_siege_bleeds_both_sides_by_the_integrated_law():
    found = siege({"men": 2000.0}, mask_share=9.0)
    w, s, r = found.world, found.state, found.rules
    post_masks(w, found.reading, s, r.combat, r.siege)
    attack, defence = float(plain_battle.worth(found, 0)[0]), plain_battle.defence(found, 0, 1)
    besiege(w, found.reading, s, r.combat, r.cohesion, r.siege, r.engineers, found.luck, 0)
    a, b = (rate * r.siege.intensity for rate in (r.combat.loss_attacker, r.combat.loss_defender))
    left = plain.fight(attack, defence, a, b * r.combat.sealed_losses, r.combat.helmbold, 0.25)
    assert s.forces.men == pytest.approx([2000 * left[0] / attack, 3000 * left[1] / defence], rel=1e-7)


def test_waves_are_thrown_back_as_often_as_the_logistic_of_the_ratio_says():
    outcomes = set()
    for run in range(30):
        lift = {"formation": 0, "destination": 0, "wave": 0.7, "passage_h": 5.0, "interval_h": 3.0}
        found = war([{"start": 1, "role": LANDING}, {"side": 1, "start": 0}], east=[0], orders=[{"kind": 3}],
                    lifts=[lift], run=run)  # fmt: skip
        w, s, r = found.world, found.state, found.rules
        s.forces[0].status, s.forces[0].place, s.lifts[0].due_h = AT_SEA, -1, 5.0
        wave = 0.7 * plain_battle.worth(found, 0)[0]
        assert beach_power(w, found.reading, s, r.combat, r.landing, 0, 0.0) == pytest.approx(wave)
        odds = (
            2 * r.landing.repulse_exponent * np.log(wave / plain_battle.defence(found, 0, 1) / r.combat.beach_assault)
        )
        ashore = plain.uniform(1945, run, 0, 0, 31) >= 0.5 * (1 - np.tanh(odds / 2))
        land(w, found.reading, s, r.landing, r.combat, r.cohesion, r.control, r.flotilla, found.luck, 0, 0.0)
        assert (s.forces[0].status == ON_BEACH) == ashore
        outcomes.add(bool(ashore))
    assert outcomes == {True, False}


@given(st.floats(0.05, 1.0), st.floats(0.5, 24.0), st.floats(0.0, 100.0))
def test_waves_come_in_on_a_straight_line(wave, interval, hours):
    lift = {"formation": 0, "destination": 0, "wave": wave, "interval_h": interval}
    found = war([{"role": LANDING}], orders=[{"kind": 3}], lifts=[lift])
    found.state.lifts.beach_h = 0.0
    unload(found.world, found.reading, found.state, found.rules.landing, 0, hours)
    wave = float(found.world.lifts.wave[0])  # as the table keeps it
    expected = np.interp(hours, [0.0, max(1e-9, (1 / wave - 1) * interval)], [1 - wave, 0.0])
    assert found.forces[0].afloat == pytest.approx(expected, abs=1e-9)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(-1, 0), st.integers(0, 1)), min_size=1, max_size=9),
       st.floats(0, 2000), st.booleans())  # fmt: skip
def test_raids_equal_their_tables(units, sorties, wet):
    # (side, plan, passive) of each formation.
    found = war([{"side": side, "plan": plan} for side, plan, _ in units], plans=[[1]], sorties=sorties,
                rules={"air.raid_share": 0.6})  # fmt: skip
    found.forces.passive, found.state.regions.wet = [passive for _, _, passive in units], wet
    raid_columns(found.world, found.reading, found.state, found.rules.air, found.rules.weather)
    assert found.state.regions.hindered == pytest.approx(plain_battle.raids(found), abs=1e-12)


@settings(max_examples=30)
@given(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 1)), min_size=1, max_size=8), st.floats(0, 5e4))
def test_tasks_of_engineers_are_the_attacked_cells_over_a_river_or_with_works(attacks, men):
    # From cell n of a strip towards n + 1; every second edge is a river, works lie at 1 and 6.
    rivers = np.zeros((11, 6), np.uint8)
    for cell in range(0, 10, 2):
        rivers[cell, 0] = rivers[cell + 1, 3] = 2
    places = [{"cell": 1, "strength": 1, "side": 1}, {"cell": 6, "strength": 1, "side": 1}]
    found = war([{"start": cell, "army": army} for cell, army in attacks], strip(11), works=places, river=rivers,
                armies=({"support_men": men, "side": 0}, {"side": 0}), rules={"engineers.share": 0.1})  # fmt: skip
    found.forces.target = [cell + 1 for cell, _ in attacks]
    w, s = found.world, found.state
    count = gather(found)
    hand_out_tasks(w, s, count)
    wanted = {cell + 1 for cell, _ in attacks if cell % 2 == 0 or cell + 1 in (1, 6)}
    assert s.armies.tasks.sum() == len(wanted)
    each = 0.1 * men / max(1.0, s.armies.tasks[0])
    expected = 1 - 1500 / (each + 1500)
    assert engineers_at_work(found.reading, s, found.rules.engineers, 0) == pytest.approx(expected, abs=1e-12)
