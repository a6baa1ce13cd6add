"""Sickness and accidents: shares of the men a day, by country, march and battle, and every one of them counted."""

import numpy as np
import pytest
from small_world import War, all_men, war

from khingan.engine.sickness import fall_ill
from khingan.engine.state import CAPITULATED, NONE
from khingan.world.names import GROUNDS

RULES = {"sickness.per_day": 0.001, "sickness.marching": 1.5, "sickness.deaths": 0.05}


def ten_days(
    step_hours: float = 6.0, marching: bool = False, ground: str = "flat-bare", fought: bool = False, **rules: float
) -> War:
    """A division of 10,000 after ten days, none of which costs it anybody by the enemy's hand."""
    given = war([{}], step_hours=step_hours, rules=RULES | {f"sickness.{key}": value for key, value in rules.items()})
    given.world.land.ground[0] = GROUNDS.index(ground)
    given.reading.formations.start = NONE  # it has come here from elsewhere
    given.forces.heading = 1 if marching else -1
    given.forces.fought = fought
    for step in range(round(240 / step_hours)):
        now = step * step_hours
        fall_ill(
            given.world.land,
            given.state.regions,
            step_hours,
            given.reading.formations,
            given.state.forces,
            given.rules.sickness,
            now,
        )
    return given


@pytest.mark.parametrize("step_hours", [1.0, 6.0, 24.0])
def test_ten_days_at_one_in_a_thousand_at_any_step(step_hours):
    # 10,000 (1 - exp(-0.01)) leave the ranks, one in twenty of them for good.
    given, out = ten_days(step_hours), 10_000 * (1 - np.exp(-0.01))
    assert given.forces[0].sick == pytest.approx(0.95 * out)
    assert given.forces[0].died == pytest.approx(0.05 * out)
    assert all_men(given)[0] == pytest.approx(10_000, rel=1e-12)


def test_the_march_and_the_desert_multiply_the_rate():
    # The files give the desert twice the rate of easy country; 1.5 on the march.
    given = ten_days(marching=True, ground="desert")
    assert given.forces[0].men == pytest.approx(10_000 * np.exp(-0.03))


@pytest.mark.parametrize("step_hours", [1.0, 6.0, 24.0])
def test_in_battle_accidents_kill_at_their_own_rate_at_any_step(step_hours):
    # 10,000 (1 - exp(-0.02)) die in ten days at two in a thousand, and not one of them is sick.
    given = ten_days(step_hours, fought=True, per_day=0.0, accidents=0.002)
    assert given.forces[0].died == pytest.approx(10_000 * (1 - np.exp(-0.02)))
    assert given.forces[0].sick == 0.0
    assert all_men(given)[0] == pytest.approx(10_000, rel=1e-12)


def test_out_of_battle_nobody_dies_of_accidents():
    assert ten_days(marching=True, per_day=0.0, accidents=0.002).forces[0].men == 10_000


def test_the_sick_and_the_dead_of_accidents_are_all_counted():
    given = ten_days(fought=True, accidents=0.002)
    assert given.forces[0].men == pytest.approx(10_000 * np.exp(-0.01 - 0.02))
    assert all_men(given)[0] == pytest.approx(10_000, rel=1e-12)


def test_pinned_to_nothing_nobody_falls_ill_and_the_gone_no_more():
    assert ten_days(per_day=0.0).forces[0].men == 10_000
    given = ten_days(per_day=0.0)
    given.forces.status = CAPITULATED
    fall_ill(
        given.world.land,
        given.state.regions,
        6.0,
        given.reading.formations,
        given.state.forces,
        ten_days().rules.sickness,
        0.0,
    )
    assert given.forces[0].sick == 0.0


@pytest.mark.parametrize(
    ("start", "fought", "combat_days", "stay"),
    [(0, 0, 0.0, True), (NONE, 0, 0.0, False), (0, 1, 0.0, False), (0, 0, 0.5, False)],
)
def test_troops_in_quarters_keep_their_sick(start, fought, combat_days, stay):
    given = war([{}], rules=RULES)
    given.reading.formations.start = start
    given.forces.fought, given.forces.combat_days = fought, combat_days
    given.forces.killed = 5.0  # of fire across a border or losses behind the line: it has been in no battle
    fall_ill(
        given.world.land,
        given.state.regions,
        24.0,
        given.reading.formations,
        given.state.forces,
        given.rules.sickness,
        0.0,
    )
    assert (given.forces[0].men == 10_000) == stay
