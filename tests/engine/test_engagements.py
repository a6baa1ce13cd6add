"""Engagements as small worlds: the draws of a break and the hazards say the same, and no row touches another."""

from functools import cache

import numpy as np
import pytest

from khingan.calibration.engagement_plays import defaults
from khingan.engine.engagements import ATTACKER, DEFENDER, play_for_days, play_to_the_end
from khingan.evidence.parameters import read_parameters
from khingan.world.engagements import FIRST_STEP, Engagement, Side, compile_engagements, engagement_rules
from khingan.world.rules import read_tables


@cache
def values() -> dict[str, float]:
    return defaults()


def given(men: float = 15_000.0, posture: str = "HD", wet: bool = False, tanks: float = 0.0) -> Engagement:
    attacker, defender = Side(("A",), men, tanks, 100.0), Side(("B",), 10_000.0, 0.0, 60.0)
    return Engagement("toy", attacker, defender, 8.0, "rolling-mixed", posture, wet, 0.0)


def rules(**changes: float):
    named = {key.replace("__", "."): value for key, value in changes.items()}
    return engagement_rules(values() | named, read_tables(read_parameters()))


def ends(world, rules_, runs: int) -> np.ndarray:
    """(run, engagement) OUTCOME."""
    found = []
    for run in range(runs):
        play_to_the_end(
            world.arrays, world.reading, rules_, world.state, world.tactics, world.outcomes, run, FIRST_STEP, 200
        )
        found.append(world.outcomes.copy())
    return np.array(found)


def courses(world, rules_, runs: int, steps: int = 8) -> np.ndarray:
    length = np.full(len(world.tactics), steps, np.int64)
    found = []
    for run in range(runs):
        play_for_days(
            world.arrays, world.reading, rules_, world.state, world.tactics, length, world.courses, run, FIRST_STEP, 80
        )
        found.append(world.courses.copy())
    return np.array(found)


def test_drawn_ends_have_the_chance_that_the_hazards_say():
    # Two ways to the same number: 600 drawn ends (standard error 0.02) and the mean of the hazards' own sums.
    world = compile_engagements([given(), given(9_000.0), given(30_000.0, "FD")], values())
    winner = ends(world, rules(), 600)["winner"]
    assert np.isin(winner, (ATTACKER, DEFENDER)).mean() > 0.99
    said = courses(world, rules(), 60)["wins"].mean(axis=0)
    np.testing.assert_allclose((winner == ATTACKER).mean(axis=0), said, atol=0.06)


def test_without_luck_and_wear_the_chance_is_the_logistic_of_the_ratio():
    # T20: 1 / (1 + rho^-2g); nothing spread, no cohesion lost, nobody dug in, no ground gained.
    still = rules(
        combat__day_sd=0.0, combat__engagement_sd=0.0, combat__exchange_sd=0.0, breaking__cohesion_weight=0.0,
        breaking__field_works_weight=0.0, combat__advance_from_ratio=1e6, combat__loss_attacker=1e-9,
        combat__loss_defender=1e-9, combat__fatigue_per_day=0.0,
    )  # fmt: skip
    world = compile_engagements([given(men) for men in (5_000.0, 10_000.0, 20_000.0)], values())
    found = courses(world, still, 1)[0]
    g = values()["breaking.ratio_exponent"]
    np.testing.assert_allclose(found["wins"], 1.0 / (1.0 + found["ratio"] ** (-2.0 * g)), rtol=1e-6)


def test_an_engagement_ends_alike_whatever_stands_beside_it():
    # Luck is keyed by cell, and nothing passes between rows: the first row's ends are those of the row alone.
    alone = ends(compile_engagements([given()], values()), rules(), 20)
    beside = ends(compile_engagements([given(), given(40_000.0, tanks=500.0)], values()), rules(), 20)
    np.testing.assert_array_equal(alone[:, 0], beside[:, 0])


def test_more_men_digging_and_worth_move_the_chance_as_they_should():
    world = compile_engagements([given(), given(25_000.0), given(posture="FD"), given()], values())
    world.set_quality(np.array([0.0, 0.0, 0.0, 0.3]))
    even, more, dug, better = courses(world, rules(), 40)["wins"].mean(axis=0)
    assert dug < even < more
    assert even < better


def test_nobody_is_surprised_and_no_pair_of_armies_counts():
    # Hindsight and the campaign's own ratio of quality are switched off whatever the parameters say.
    world = compile_engagements([given()], values())
    plain = courses(world, rules(), 3)
    loud = courses(world, rules(combat__surprise_peak=5.0, combat__quality_ratio=3.0), 3)
    np.testing.assert_array_equal(plain["loss"], loud["loss"])


def test_who_no_longer_fights_rests():
    # A battle of one step, then none: combat days grow by a quarter and are forgotten again.
    from khingan.engine.chance import luck_of
    from khingan.engine.cohesion import recover
    from khingan.engine.engagements import battle_step, begin

    world, chosen = compile_engagements([given()], values()), rules()
    begin(world.arrays, world.reading, chosen, world.state, world.tactics)
    forces, days = world.state.forces, []
    for target in (1, -1):
        forces[0].target = target
        battle_step(world.arrays, world.reading, chosen, world.state, luck_of(1, 0), FIRST_STEP, 2400.0)
        recover(6.0, forces, chosen.cohesion, 2400.0)
        days.append(float(forces[0].combat_days))
    assert days == pytest.approx([0.25, 0.0])
