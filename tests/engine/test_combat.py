"""Combat: the exact law of losses, power, its factors, noise and opposed advance."""

import numpy as np
import plain
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from small_world import AREA_KM2, SIDE_KM, War, all_men, all_tanks, gather, kind_of, luck, war

from khingan.engine.combat import attack_by_edges, defence_of, points, posture, surprise, weigh
from khingan.engine.fighting import battle_noise, fight, helmbold_losses, lose, opening_factor, press, within_ratio
from khingan.engine.state import GARRISON, NEVER
from khingan.evidence.parameters import read_parameters

CALM = {"combat.day_sd": 0.0, "combat.engagement_sd": 0.0, "combat.exchange_sd": 0.0, "combat.advance_sd": 0.0}
# Every factor of power out of the way but those a test names.
BARE = CALM | {
    "combat.surprise_peak": 1.0,
    "combat.quality_ratio": 1.0,
    "combat.frontage": 1e9,
    "air.support_gain": 0.0,
}
POWER = st.floats(0.5, 200.0)
RATE = st.floats(0.001, 0.5)
EXPONENT = st.floats(0.1, 1.0)


def left(attack: float, defence: float, rate_a: float, rate_d: float, w: float, days: float) -> tuple[float, float]:
    """Powers left after a fight."""
    lost_a, lost_d = helmbold_losses(attack, defence, rate_a, rate_d, w, days)
    return attack * (1.0 - lost_a), defence * (1.0 - lost_d)


def battle(*attackers: dict, defender: dict | None = None, rules: dict | None = None, **more) -> War:
    """Attackers in the cells around the centre fight for the centre, which side 1 holds."""
    units = [{"start": 1 + n} | unit for n, unit in enumerate(attackers)] + [{"side": 1, "start": 0} | (defender or {})]
    result = war(units, east=[0], rules=BARE | (rules or {}), **more)
    result.forces.target[:-1] = 0
    assert gather(result) == 1
    return result


def weighed(given: War, now: float = 0.0) -> tuple[float, float]:
    """Attack and defence of the battle."""
    rules = given.rules
    weigh(given.world, given.reading, given.state, rules.combat, rules.air, rules.weather, 1, now)
    return float(given.state.battles[0].attack), float(given.state.battles[0].defence)


def fought(given: War, step: int = 0) -> War:
    """The battle after one step."""
    weighed(given)
    rules = given.rules
    fight(
        given.world, given.reading, given.state, rules.combat, rules.cohesion, rules.movement, rules.weather, 1,
        given.luck, step, 0.0,
    )  # fmt: skip
    return given


# The law of losses; T numbers are those of the model reference, section 14.


def test_square_law_to_the_end():
    # T1: sqrt(1000^2 - 800^2) = 600 survive after atanh(0.8) / 0.1 = 10.986 days.
    assert left(1000.0, 800.0, 0.1, 0.1, 1.0, 100.0) == pytest.approx((600.0, 0.0))
    assert left(1000.0, 800.0, 0.1, 0.1, 1.0, 10.98)[1] > 0.0
    assert left(1000.0, 800.0, 0.1, 0.1, 1.0, 10.987)[1] == 0.0


@given(POWER, POWER, RATE, RATE, st.sampled_from([0.25, 0.5, 1.0]), st.floats(0.01, 3.0))
def test_the_invariant_of_the_law_is_kept(attack, defence, rate_a, rate_d, w, days):
    # T2: b X^2w - a Y^2w along any fight that has not ended.
    after_a, after_d = left(attack, defence, rate_a, rate_d, w, days)
    assume(after_a > 1e-3 * attack and after_d > 1e-3 * defence)
    terms = rate_d * attack ** (2 * w), rate_a * defence ** (2 * w)
    now = rate_d * after_a ** (2 * w) - rate_a * after_d ** (2 * w)
    assert now == pytest.approx(terms[0] - terms[1], abs=1e-10 * sum(terms))


@pytest.mark.parametrize(
    ("w", "expected"), [(1.0, (82.3434, 61.8413)), (0.5, (79.9629, 63.9704)), (0.25, (78.8831, 64.7955))]
)
def test_five_days_at_three_exponents(w, expected):
    # T3.
    assert left(100.0, 80.0, 0.05, 0.04, w, 5.0) == pytest.approx(expected, abs=5e-5)


@given(POWER, POWER, RATE, RATE, EXPONENT)
def test_twenty_short_steps_are_one_long_one(attack, defence, rate_a, rate_d, w):
    # T4.
    whole = left(attack, defence, rate_a, rate_d, w, 5.0)
    assume(min(whole[0] / attack, whole[1] / defence) > 0.01)
    for _ in range(20):
        attack, defence = left(attack, defence, rate_a, rate_d, w, 0.25)
    assert (attack, defence) == pytest.approx(whole, rel=1e-9)


def test_a_vanishing_exponent_is_exponential_loss():
    # T5: power does not count; just above the switch the value has not jumped.
    expected = (1 - np.exp(-0.05 * 3), 1 - np.exp(-0.04 * 3))
    assert helmbold_losses(100.0, 7.0, 0.05, 0.04, 0.0, 3.0) == pytest.approx(expected)
    assert helmbold_losses(100.0, 7.0, 0.05, 0.04, 1e-5, 3.0) == pytest.approx(expected, rel=1e-3)


def test_losses_of_a_day_at_two_ratios_and_two_scales():
    # T6 and T7.
    assert helmbold_losses(10.0, 10.0, 0.02, 0.02, 0.5, 1.0) == pytest.approx((0.0198013, 0.0198013), abs=5e-8)
    for scale in (1.0, 2.0):
        found = helmbold_losses(40.0 * scale, 10.0 * scale, 0.02, 0.018, 0.5, 1.0)
        assert found == pytest.approx((0.0098856, 0.0355881), abs=5e-8)


def test_annihilation_inside_a_step_stops_at_zero():
    # T9: b X - a Y = 15 = b * 30.
    assert left(40.0, 10.0, 0.5, 0.5, 0.5, 50.0) == pytest.approx((30.0, 0.0), abs=1e-12)


@given(POWER, POWER, RATE, RATE, EXPONENT, st.floats(0.01, 100.0))
def test_nobody_turns_negative_or_grows(attack, defence, rate_a, rate_d, w, days):
    for lost in helmbold_losses(attack, defence, rate_a, rate_d, w, days):
        assert 0.0 <= lost <= 1.0


@given(POWER, POWER, RATE, RATE, EXPONENT)
def test_exchanging_the_sides_mirrors_the_losses(attack, defence, rate_a, rate_d, w):
    # T19.
    mirrored = helmbold_losses(defence, attack, rate_d, rate_a, w, 1.0)
    assert helmbold_losses(attack, defence, rate_a, rate_d, w, 1.0) == pytest.approx(mirrored[::-1], abs=1e-12)


@given(POWER, POWER, RATE, RATE, EXPONENT)
def test_twice_the_time_at_half_the_rates_is_the_same_fight(attack, defence, rate_a, rate_d, w):
    # T16.
    slow = helmbold_losses(attack, defence, rate_a / 2, rate_d / 2, w, 4.0)
    assert helmbold_losses(attack, defence, rate_a, rate_d, w, 2.0) == pytest.approx(slow, abs=1e-12)


@given(POWER, POWER, st.floats(0.001, 0.1), st.floats(0.001, 0.1), EXPONENT)
def test_the_exact_step_equals_the_integrated_equations(attack, defence, rate_a, rate_d, w):
    found = left(attack, defence, rate_a, rate_d, w, 1.0)
    assume(min(found[0] / attack, found[1] / defence) > 0.2)
    assert found == pytest.approx(plain.fight(attack, defence, rate_a, rate_d, w, 1.0), rel=1e-8)


@given(POWER, POWER, RATE, RATE, EXPONENT, st.floats(1.0, 3.0))
def test_a_stronger_side_does_not_lose_more(attack, defence, rate_a, rate_d, w, more):
    # T18 for the law itself.
    weak = helmbold_losses(attack, defence, rate_a, rate_d, w, 1.0)
    strong = helmbold_losses(attack * more, defence, rate_a, rate_d, w, 1.0)
    assert strong[0] <= weak[0] + 1e-12
    assert strong[1] >= weak[1] - 1e-12


# Power.


def test_points_by_hand():
    # 10,000 riflemen 7.0, 50 tanks 3.5, 100 guns 2.7 = 13.2; control side 1.3, cohesion 0.5 leaves 0.7, five days 0.9.
    given = war([{"tanks": 50.0, "guns": 100.0}], rules={"combat.quality_ratio": 1.3})
    given.forces.cohesion, given.forces.combat_days = 0.5, 5.0
    found = points(
        given.world.land,
        given.world.roster,
        given.world.control_side,
        given.reading.formations,
        given.state.forces,
        given.rules.combat,
        0,
        0,
    )
    assert found == pytest.approx(13.2 * 1.3 * 0.7 * 0.9)


def test_fatigue_has_a_floor_and_quality_a_ceiling():
    given = war([{"side": 1, "quality": 0.8}], rules={"combat.readiness_scale": 2.0})
    given.forces.combat_days = 1000.0
    # 7.0 points, quality 1.6 cut to 1, fatigue 0.6.
    assert points(
        given.world.land,
        given.world.roster,
        given.world.control_side,
        given.reading.formations,
        given.state.forces,
        given.rules.combat,
        0,
        0,
    ) == pytest.approx(7.0 * 0.6)


@pytest.mark.parametrize(
    ("days", "factor"), [(0, 1.0), (0.25, 1.15), (0.5, 1.3), (3.75, 1.4), (7, 1.5), (14, 1.55), (21, 1.6), (99, 1.6)]
)
def test_digging_by_days(days, factor):
    given = war([{"side": 1, "prepared_days": days}])
    assert posture(
        given.world.land, given.world.roster, given.world.works, given.state.forces, given.rules.combat, 0, 0
    ) == pytest.approx(factor)


@pytest.mark.parametrize(("strength", "owner", "factor"), [(1, 1, 1.6), (2, 1, 2.2), (2, 0, 1.0)])
def test_works_help_the_side_that_built_them(strength, owner, factor):
    given = war([{"side": 1}], works=[{"cell": 0, "strength": strength, "side": owner}])
    assert posture(
        given.world.land, given.world.roster, given.world.works, given.state.forces, given.rules.combat, 0, 0
    ) == pytest.approx(factor)


def test_a_rearguard_has_its_own_factor():
    given = war([{"side": 1, "prepared_days": 30.0}], rules={"combat.posture_exponent": 0.5})
    given.forces.withdrawing = 1
    assert posture(
        given.world.land, given.world.roster, given.world.works, given.state.forces, given.rules.combat, 0, 0
    ) == pytest.approx(1.15**0.5)


def test_both_powers_of_a_battle_by_hand():
    # Attack 7.0 over two sides is 14; defence 7.0 * 1.05 for flat bare ground, undug.
    assert weighed(battle({}, {})) == pytest.approx((14.0, 7.35))


def test_the_front_takes_no_more_than_it_has_room_for():
    # Three full divisions behind one side of 5.77 km at 0.5 points a km: 2.89 of 21 points fight.
    given = battle({"start": 1}, {"start": 1}, {"start": 1}, rules={"combat.frontage": 0.5})
    assert weighed(given)[0] == pytest.approx(0.5 * SIDE_KM, rel=1e-6)
    assert given.state.battles[0].engaged == pytest.approx(0.5 * SIDE_KM / 21.0, rel=1e-6)


def test_a_river_divides_the_attack_over_it():
    # River class 2: factor 1.3.
    assert weighed(battle({}, river=2))[0] == pytest.approx(7.0 / 1.3)


@pytest.mark.parametrize("ice", [0.0, 0.5, 1.0])
def test_a_river_under_ice_defends_nobody(ice):
    # River class 2: factor 1.3, of whose excess the share of open water is left.
    assert weighed(battle({}, river=2, season={"ice": ice}))[0] == pytest.approx(7.0 / (1.0 + 0.3 * (1.0 - ice)))


def test_flanks_count_beyond_the_second_side():
    # Four sides: two beyond the second, 28 * 1.15^2.
    assert weighed(battle({}, {}, {}, {}))[0] == pytest.approx(28.0 * 1.15**2)


def test_empty_magazines_leave_the_stated_shares():
    given = battle({"ammunition_carried": 0.0}, defender={"ammunition_carried": 0.5})
    # Attack 0.4; defence 0.6 + 0.4 * 0.5 = 0.8.
    assert weighed(given) == pytest.approx((7.0 * 0.4, 7.35 * 0.8))


@pytest.mark.parametrize(("hours", "factor"), [(0.0, 1.8), (24.0, 1.8 - 0.8 / 3), (48.0, 1 + 0.8 / 3), (72.0, 1.0)])
def test_surprise_is_used_up_in_three_days(hours, factor):
    # T22: 1.8, 1.533, 1.267, 1 for defenders first hit at H-hour.
    given = battle({}, rules={"combat.surprise_peak": 1.8})
    given.forces[1].first_hit_h = 0.0
    assert surprise(given.state.forces, given.state.ground, given.rules.combat, 0, 1, hours) == pytest.approx(factor)


def test_after_three_days_of_war_nobody_is_surprised():
    # First blow after 36 h: half of 0.8 is left.
    given = battle({}, rules={"combat.surprise_peak": 1.8})
    assert surprise(given.state.forces, given.state.ground, given.rules.combat, 0, 1, 36.0) == pytest.approx(1.4)
    assert surprise(given.state.forces, given.state.ground, given.rules.combat, 0, 1, 100.0) == 1.0


@given(st.data())
def test_more_of_any_factor_never_lowers_the_power_of_either_side(data):
    # T18: every field of a formation that counts as strength, for attacker and defender.
    field = data.draw(st.sampled_from(["men", "tanks", "guns", "cohesion", "ammunition", "prepared_days"]))
    given = battle({"tanks": 40.0, "guns": 50.0}, {}, {}, defender={"guns": 30.0}, rules={"combat.frontage": 1.0})
    for name, most in (("cohesion", 1.0), ("ammunition", 1.0), ("prepared_days", 30.0)):
        given.forces[name] = data.draw(st.lists(st.floats(0.0, most), min_size=4, max_size=4))
    before = weighed(given)
    u = data.draw(st.integers(0, 3))
    given.forces[field][u] += data.draw(st.floats(0.0, 0.5))
    after = weighed(given)
    assert after[0] >= before[0] - 1e-12
    assert after[1] >= before[1] - 1e-12


# Losses among formations.


def test_losses_of_one_step_by_hand():
    # A way out is open. rho = 7 / 7.35, w = 1/2, a quarter day: first order a rho^-w dt, b rho^w dt.
    given = battle({})
    given.ground[6].owner = 1
    fought(given)
    expected = helmbold_losses(7.0, 7.35, 0.015, 0.018, 0.5, 0.25)
    assert expected == pytest.approx((0.00384, 0.00439), abs=1e-5)
    assert 1 - given.forces.men / 10_000 == pytest.approx(expected)


@pytest.mark.parametrize("men", [4_000.0, 40.0])
def test_superiority_changes_losses_as_far_as_the_law_was_seen(men):
    # 7 points against 7.35 for 10,000 men: at most 2 to 1 either way.
    given = battle({}, defender={"men": men}, rules={"combat.losses_most_ratio": 2.0})
    given.ground[6].owner = 1
    fought(given)
    attack, defence = 7.0, 7.35 * men / 10_000
    expected = helmbold_losses(min(attack, 2 * defence), defence, 0.015, 0.018, 0.5, 0.25)
    assert attack > 2 * defence
    assert 1 - given.forces.men / np.array([10_000, men]) == pytest.approx(expected)


def test_either_side_can_be_too_many():
    assert within_ratio(30.0, 2.0, 10.0) == (20.0, 2.0)
    assert within_ratio(2.0, 30.0, 10.0) == (2.0, 20.0)
    assert within_ratio(2.0, 3.0, 10.0) == (2.0, 3.0)


def test_killed_and_wounded_share_the_losses():
    given = war([{"tanks": 100.0, "guns": 100.0}])
    lose(given.state.forces, given.rules.combat, given.rules.cohesion, 0, 0.1)
    unit = given.forces[0]
    # 1,000 men, 0.3 of them killed; tanks 4.5 times the share, guns half of it; cohesion 3 times.
    assert (unit.men, unit.killed, unit.wounded) == pytest.approx((9000.0, 300.0, 700.0))
    assert (unit.tanks, unit.tanks_hit, unit.guns, unit.cohesion) == pytest.approx((55.0, 45.0, 95.0, 0.7))


def test_woods_multiply_the_losses_and_nothing_else():
    plain_ground, woods = (war([], rules={"combat.woods_losses": factor}).state.terrain for factor in (1.0, 1.7))
    names = read_parameters()["combat.wooded"].rows
    assert woods[0] == pytest.approx(plain_ground[0])
    assert woods[1] / plain_ground[1] == pytest.approx([1.7 if name.endswith("wooded") else 1.0 for name in names])


@given(st.integers(1, 5), st.floats(0.1, 3.0))
def test_splitting_a_formation_changes_no_total(parts, frontage):
    # T8, with the cap of the front binding or not.
    rules = {"combat.frontage": frontage}
    one = fought(battle({"start": 1, "tanks": 60.0}, rules=rules))
    piece = {"start": 1, "men": 10_000.0 / parts, "tanks": 60.0 / parts}
    many = fought(battle(*[piece] * parts, rules=rules))
    assert many.forces.men[:-1].sum() == pytest.approx(one.forces.men[0])
    assert many.forces.men[-1] == pytest.approx(one.forces.men[-1])


@given(st.integers(0, 1000), st.integers(0, 40), st.floats(100, 30_000), st.floats(100, 30_000))
def test_men_and_tanks_are_kept_in_battle(run, step, attackers, defenders):
    # T10.
    given = battle({"men": attackers, "tanks": 20.0}, {}, defender={"men": defenders, "tanks": 5.0}, run=run)
    men, tanks = all_men(given), all_tanks(given)
    fought(given, step)
    assert all_men(given) == pytest.approx(men)
    assert all_tanks(given) == pytest.approx(tanks)
    assert (given.forces.men > 0).all()


def test_those_who_cannot_leave_lose_twice_as_much():
    # Trapped: no neighbour of the centre is held by its side; open: cell 6 is.
    trapped, open_ = battle({}), battle({})
    open_.ground[6].owner = 1
    share = [1 - fought(given).forces.men[1] / 10_000 for given in (open_, trapped)]
    assert share[1] / share[0] == pytest.approx(2.0, rel=0.01)


def test_works_that_stand_alone_are_assaulted_on_a_narrow_front():
    # Six divisions and one garrison: 0.5 points a km on 3 km; a field formation beside it widens the front again.
    rules = {"combat.frontage": 0.5, "combat.works_km": 3.0, "combat.flank_gain": 1.0}
    works = {"works": [{"cell": 0, "strength": 2, "side": 1}]}
    alone = battle(*[{}] * 6, defender={"role": GARRISON, "works": 0}, rules=rules, **works)
    assert weighed(alone)[0] == pytest.approx(1.5)
    assert alone.state.battles[0].engaged == pytest.approx(1.5 / 42)
    alone.ground[0].defenders[1] = 1
    assert weighed(alone)[0] == pytest.approx(6 * 0.5 * SIDE_KM, rel=1e-6)


def test_a_battle_spends_ammunition():
    # 0.6 units of fire a day.
    given = fought(battle({}, {"ammunition_carried": 0.1}))
    assert given.forces.ammunition.tolist() == pytest.approx([0.85, 0.0, 0.85])


def test_only_the_first_blow_is_remembered():
    given = fought(battle({}))
    assert given.forces.first_hit_h.tolist() == [NEVER, 0.0]


# Luck of battles.


def noises(step_days: float, steps: int) -> np.ndarray:
    """The day-to-day part of one long battle."""
    given = battle({}, rules={"combat.day_sd": 0.4, "combat.day_memory": 1.0})
    values = np.empty(steps)
    for step in range(steps):
        battle_noise(given.state.ground, given.rules.combat, given.luck, 0, step, step_days)
        values[step] = given.ground[0].noise
    return values


@pytest.mark.parametrize(("step_days", "steps"), [(0.25, 12_000), (0.125, 24_000)])
def test_day_to_day_noise_does_not_hang_on_the_step(step_days, steps):
    # T15: 3,000 days of a process with one day's memory; sd known to 2 %, correlation to about 0.015.
    values, day = noises(step_days, steps), round(1 / step_days)
    assert values.std() == pytest.approx(0.4, rel=0.05)
    assert np.corrcoef(values[day:], values[:-day])[0, 1] == pytest.approx(np.exp(-1), abs=0.05)


def test_mean_intensity_is_one_and_median_exchange_is_one():
    # T14: sd of J is 0.71 at the default spreads, so 10,000 battles know the mean to 0.007; the median of E to 0.009.
    spreads = {"combat.day_sd": 0.4, "combat.engagement_sd": 0.5, "combat.exchange_sd": 0.7}
    given = battle({}, rules=spreads)
    drawn = np.empty((10_000, 2))
    for run in range(len(drawn)):
        given.ground[0].battle_step = -2
        drawn[run] = battle_noise(given.state.ground, given.rules.combat, luck(run), 0, 0, 0.25)
    assert drawn[:, 0].mean() == pytest.approx(1.0, abs=0.025)
    assert np.median(drawn[:, 1]) == pytest.approx(1.0, abs=0.035)
    assert np.log(drawn[:, 1]).std() == pytest.approx(0.7, rel=0.03)


def test_an_engagement_keeps_its_exchange_until_a_pause():
    given = battle({}, rules={"combat.exchange_sd": 0.7})

    def exchange(step: int) -> float:
        return battle_noise(given.state.ground, given.rules.combat, given.luck, 0, step, 0.25)[1]

    first = exchange(3)
    assert exchange(4) == first == exchange(5)
    # No fighting in step 6: the battle of step 7 is another.
    assert exchange(7) != first


# The first day.


@pytest.mark.parametrize("step_days", [0.125, 0.25, 0.4, 1.0, 2.0])
def test_the_first_day_counts_thrice_however_it_is_cut(step_days):
    # 3 for a day and 1 for another day of a battle that began in step 7: 4 days' worth, in steps of any length.
    given = battle({}, rules={"combat.opening": 3.0})
    given.ground[0].battle_since = 7
    steps = range(7, 7 + round(2 / step_days))
    factors = [opening_factor(given.state.ground, given.rules.combat, 0, step, step_days) for step in steps]
    assert sum(factors) * step_days == pytest.approx(4.0)


def test_only_those_who_attack_pay_for_the_opening():
    # With the logarithmic law a share of exp(-rate t) is left: three times the exponent in the attack, the same behind.
    rates = []
    for opening in (1.0, 3.0):
        given = fought(battle({}, rules={"combat.opening": opening, "combat.helmbold": 0.0}))
        rates.append(np.log(given.forces.men / 10_000))
    assert rates[1] / rates[0] == pytest.approx([3.0, 1.0])


# Opposed advance.


def depth(ratio: float, days: float, prepared: float, armoured: bool) -> float:
    """Kilometres gained."""
    arm = {"mobility": 3, "kind": kind_of("tank")} if armoured else {}
    given = battle(arm, defender={"prepared_days": prepared})
    given.state.battles[0].attack, given.state.battles[0].defence = ratio, 1.0
    press(
        given.world, given.state, given.rules.combat, given.rules.movement, given.rules.weather, 0, given.luck, days, 0
    )
    return float(given.ground[0].penetration_km)


@pytest.mark.parametrize(
    ("armoured", "expected"), [(True, (22.9, 11.0, 6.4)), (False, (12.6, 6.0, 3.5))], ids=["armour", "infantry"]
)
def test_advance_at_three_to_one(armoured, expected):
    # T23: hasty, prepared, fortified, km a day; the QJM table's own regression.
    found = [depth(3.0, 1.0, prepared, armoured) for prepared in (0.0, 7.0, 21.0)]
    assert found == pytest.approx(expected, abs=0.06)


def test_no_advance_below_equal_power_and_none_faster_beyond_six_to_one():
    assert depth(0.99, 1.0, 0.0, False) == 0.0
    assert depth(6.0, 1.0, 0.0, True) == depth(60.0, 1.0, 0.0, True) == pytest.approx(4.5 * 6**1.48)


def test_nobody_fights_his_way_on_faster_than_he_could_march():
    # Six to one would give men on foot 25.2 km a day; off the road they march 27 * 1.05, in the enemy's country 0.85.
    assert depth(6.0, 1.0, 0.0, False) == pytest.approx(27 * 1.05 * 0.85)


def test_the_mean_advance_is_kept_by_its_spread():
    # exp(s z - s^2 / 2) has mean 1: 2,000 battles at s = 0.6 know it to 0.015.
    given = battle({}, rules={"combat.advance_sd": 0.6})
    given.state.battles[0].attack, given.state.battles[0].defence = 2.0, 1.0
    for run in range(2000):
        press(
            given.world,
            given.state,
            given.rules.combat,
            given.rules.movement,
            given.rules.weather,
            0,
            luck(run),
            1.0,
            0,
        )
    assert given.ground[0].penetration_km / 2000 == pytest.approx(8.4, rel=0.05)


def test_every_attacked_cell_is_one_battle():
    given = war([{"start": 1}, {"start": 2}, {"start": 3}, {"side": 1, "start": 0}], east=[0])
    given.forces.target = [0, 0, 4, -1]
    assert gather(given) == 2
    assert given.state.battles.cell[:2].tolist() == [0, 4]
    assert given.state.fronts.battles.tolist() == [2.0, 0.0]


def test_power_before_the_cap_and_sides_used():
    given = battle({"start": 1}, {"start": 1}, {"start": 2})
    found = attack_by_edges(
        given.world, given.reading, given.state, given.rules.combat, given.rules.weather, 0, 0.0, 0.0
    )
    assert found == pytest.approx((21.0, 21.0, 2))
    assert defence_of(given.world, given.reading, given.state, given.rules.combat, 0, 0) == 0.0
    assert given.world.land.area_km2[0] == pytest.approx(AREA_KM2)
