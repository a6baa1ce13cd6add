"""Slow twins of reserves, the choice to fall back, opposed advance, belief before H-hour and readiness."""

import numpy as np
import plain_choice
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import kind_of, luck, war

from khingan.engine import intelligence
from khingan.engine.chance import FALL_BACK, RESERVE
from khingan.engine.command import choose_to_fall_back, release_reserves
from khingan.engine.fighting import press
from khingan.engine.intelligence import (
    IntelligenceRules,
    look_ahead,
    prior_of_dates,
    rule_out,
    temper,
    weigh_sighting,
)
from khingan.engine.readiness import ReadinessRules, at_posts, choose_disposition
from khingan.evidence.parameters import read_parameters


def parameters(rules, name):
    known = read_parameters()
    return rules(**{field: known[f"{name}.{field}"].value for field in rules._fields})


KNOWN, READY = parameters(IntelligenceRules, "intelligence"), parameters(ReadinessRules, "readiness")
SHARE = st.floats(0.05, 0.95)


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 1), st.floats(0, 72)), min_size=1, max_size=12),
       st.tuples(*[st.integers(0, 6)] * 3), st.integers(0, 500))  # fmt: skip
def test_reserves_set_out_when_the_line_before_them_has_broken_in(rows, breaches, run):
    """Army 0 has a first echelon of its own; army 1 has none and stands behind its front's."""
    units = [{"echelon": e, "behind": ("own", "front")[army], "planned": planned} for e, army, planned in rows]
    found = war([{"plan": u, "army": army} for u, (_, army, _) in enumerate(rows)], plans=[[3]] * len(rows),
                armies=({}, {"second": 1}), run=run)  # fmt: skip
    s, r = found.state, found.rules.command
    found.world.plans.echelon[:-1] = [e for e, _, _ in rows]
    s.forces.plan_from_h = [planned for _, _, planned in rows]
    s.armies.breaches[:2], s.fronts.breaches[:] = breaches[:2], breaches[2]
    release_reserves(found.world, s, r, luck(run), 12.0)
    named = {"own": breaches[0], "front": breaches[2]}
    expected = plain_choice.released(
        units, named, r.reserve_breaches, r.delay_h + r.relay_h, r.delay_log_sd, int(RESERVE), run, 12.0
    )
    assert s.forces.plan_from_h == pytest.approx(expected, rel=1e-6)


@settings(max_examples=20)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=20), st.floats(0.05, 3.0),
       st.floats(1.0, 5.0), st.integers(0, 500))  # fmt: skip
def test_the_pressed_go_when_their_hazard_has_run_out(rows, rate, hold, run):
    """A hazard used up before an exponential time: who holds uses it slower, who is not pressed does not use it."""
    rules = {"command.fall_back_per_day": rate, "command.hold_factor": hold}
    found = war(
        [{"side": 1, "fallback": 12, "stands": holds} for _, holds in rows], east=range(19), rules=rules, run=run
    )
    for step in range(3):
        found.forces.pressed = [pressed for pressed, _ in rows]
        choose_to_fall_back(found.world, found.state, found.rules.command, luck(run), step, 6.0 * step)
    rates = [pressed * rate / (hold if holds else 1.0) for pressed, holds in rows]
    expected = plain_choice.fallen_back(rates, run, [0, 1, 2], 0.25, int(FALL_BACK))
    assert found.forces.withdrawing.astype(bool).tolist() == expected


@settings(max_examples=25)
@given(st.floats(0.3, 12.0), st.integers(0, 4), st.integers(0, 4), st.sampled_from([0.25, 0.5, 1.0]))
def test_an_advance_is_a_mean_of_two_lines_in_logarithms(ratio, motor, foot, days):
    motor, foot = (motor, foot) if motor + foot else (1, 0)
    arms = [{"mobility": 3, "kind": kind_of("tank"), "men": 1000.0, "tanks": 0.0}] * motor
    arms += [{"men": 1000.0, "tanks": 0.0}] * foot
    found = war([{"start": 1} | arm for arm in arms], rules={"combat.advance_sd": 0.0})
    found.forces.attack_next[:] = [*range(1, len(arms)), -1]
    found.ground[0].attack_head, found.ground[0].stand_head = 0, -1
    battle = found.state.battles[0]
    battle.cell, battle.attack, battle.defence = 0, ratio, 1.0
    r = found.rules.combat
    press(found.world, found.state, r, found.rules.movement, found.rules.weather, 0, found.luck, days, 0)
    arm = {"infantry": (r.advance_infantry, r.advance_exponent_infantry),
           "armour": (r.advance_armour, r.advance_exponent_armour)}  # fmt: skip
    tanks = float(r.ground_tanks[found.world.land[0].ground])
    weights = motor * tanks, foot + motor * (1 - tanks)
    expected = plain_choice.advance(ratio, *weights, arm, r.advance_from_ratio, r.advance_most_ratio)
    march = 85 if motor else 27 * 1.05  # nobody gets on faster than he could march off the road in hostile country
    expected = min(expected, march * found.rules.movement.hostile_pace) * days
    assert found.ground[0].penetration_km == pytest.approx(expected, rel=1e-5)


def weeks(count: int, closed: tuple[int, int], over: int) -> np.ndarray:
    dates = np.zeros(count + 1, intelligence.DATE).view(np.recarray)
    dates.day[:-1], dates.day[-1] = 7.0 * np.arange(count), np.inf
    dates.winter[slice(*closed)], dates.treaty_over[over:-1] = 1, 1
    return dates


@settings(max_examples=25)
@given(SHARE, st.floats(0.5, 9.0), st.floats(20.0, 150.0), st.floats(10.0, 60.0), st.booleans())
def test_what_is_believed_of_dates_is_a_mixture_in_whole_columns(treaty, months, release, sd, denounced):
    dates, out = weeks(60, (30, 45), 50), np.zeros(61)
    observer = np.zeros(1, intelligence.READ_OBSERVER).view(np.recarray)
    observer.months, observer.treaty = months, treaty
    prior_of_dates(dates, observer[0], KNOWN, release, sd, denounced, out)
    expected = plain_choice.dates_believed(
        dates.day[:-1], dates.winter[:-1] > 0, dates.treaty_over[:-1] > 0, treaty,
        release + months * intelligence.DAYS_PER_MONTH, sd, KNOWN.season_weight,
        KNOWN.denunciation if denounced else 1.0, KNOWN.never_share,
    )  # fmt: skip
    assert out == pytest.approx(expected, rel=1e-9, abs=1e-15)


@settings(max_examples=25)
@given(st.integers(0, 80), st.floats(60.0, 250.0), st.floats(0.1, 1.0), SHARE, st.floats(0.1, 1.0))
def test_a_count_is_weighed_by_the_librarys_negative_binomial(seen, now, assumed, east, weight):
    """Three axes, two of which the channel cannot tell apart; weeks that are over stay impossible."""
    dates, shares, release = weeks(60, (30, 45), 50), np.array([east, (1 - east) / 2, (1 - east) / 2]), 40.0
    belief, likelihood, (ahead, pace, gain) = np.full((3, 61), 1 / 183), np.zeros((3, 61)), np.zeros((3, 61))
    first = look_ahead(dates, now, release, KNOWN, ahead, pace)
    rule_out(first, belief)
    open_weeks = np.append(dates.day[:-1] + 7 > now, True)
    before = np.repeat(open_weeks[:, None], 3, axis=1) / (3 * open_weeks.sum())
    assert belief == pytest.approx(before.T)
    weigh_sighting(first, ahead, pace, shares, float(seen), assumed, now - release, KNOWN, gain, likelihood)
    temper(first, belief, likelihood, weight)
    to_go = np.append(np.maximum(now, dates.day[:-1]) + 3.5 - release, KNOWN.never_days)
    needed = assumed * KNOWN.need_divisions * KNOWN.trains_per_division
    means = (now - release) / to_go[:, None] * needed * shares
    assert belief == pytest.approx(plain_choice.told(before, means, seen, KNOWN.doubt, weight).T, rel=1e-6, abs=1e-12)


@settings(max_examples=25)
@given(st.lists(st.floats(0.01, 1.0), min_size=3, max_size=3), st.lists(st.lists(st.floats(0.0, 0.5), min_size=3,
       max_size=3), min_size=2, max_size=5), SHARE)  # fmt: skip
def test_the_guard_chosen_is_the_greatest_of_a_product_of_matrices(axes, guards, main):
    belief = np.outer([0.3, 0.7], np.array(axes) / sum(axes))
    table = np.array(guards) / np.maximum(1.0, np.sum(guards, axis=1))[:, None]
    rules = READY._replace(disposition=-1.0)
    found = choose_disposition(belief.T.copy(), table, np.ones(len(table), np.uint8), rules, main)
    expected = plain_choice.best_guard(belief, table, rules.reserve_in_time, main)
    assert found == expected or np.allclose(table[found], table[expected])


@settings(max_examples=15)
@given(st.floats(0.0, 40.0))
def test_men_come_back_from_leave_as_a_differential_equation_says(days):
    rules = READY._replace(warning_h=0.0)
    expected = plain_choice.men_at_posts(days, rules.leave_share, rules.ready_days) if days else 1 - rules.leave_share
    assert at_posts(days, rules) == pytest.approx(expected, rel=1e-6)
