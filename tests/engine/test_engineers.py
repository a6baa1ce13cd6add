"""Engineers: shared among the tasks of the day, worth something against works and over rivers, and bounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import War, war, weigh_all

from khingan.engine.engineers import engineers_at_work, hand_out_tasks
from khingan.engine.siege import besiege, post_masks
from khingan.engine.state import GARRISON


def river_battle(support_men: float, share: float = 0.1, river: int = 4, run: int = 0) -> War:
    """A division attacks another over a river."""
    units = [{"start": 1}, {"side": 1, "start": 0}]
    armies = ({"support_men": support_men}, {})
    given = war(units, east=[0], armies=armies, river=river, rules={"engineers.share": share}, run=run)
    given.forces.target = [0, -1]
    return begin_battle(given)


def begin_battle(given: War) -> War:
    weigh_all(given)
    return given


def test_half_men_a_task_do_half_and_tasks_share_them():
    # 15,000 support troops, a tenth engineers: 1,500 for one task do half; for three tasks 500 do a quarter.
    given = river_battle(15_000.0)
    assert engineers_at_work(given.reading, given.state, given.rules.engineers, 0) == pytest.approx(0.5)
    given.state.armies.tasks = 3.0
    assert engineers_at_work(given.reading, given.state, given.rules.engineers, 0) == pytest.approx(0.25)


def test_they_take_their_part_of_what_a_river_gives():
    # Factor 1.5 on a great river; half of half of the excess goes: 1 + 0.5 * 0.75 = 1.375.
    assert river_battle(15_000.0).state.battles[0].bridged == pytest.approx(0.25)
    with_them, without = river_battle(15_000.0).state.battles[0].attack, river_battle(0.0).state.battles[0].attack
    assert with_them / without == pytest.approx(1.5 / 1.375)


def test_a_river_between_them_is_a_task_and_dry_ground_is_none():
    assert river_battle(15_000.0).state.armies[0].tasks == 1.0
    assert river_battle(15_000.0, river=0).state.armies[0].tasks == 0.0


def test_share_zero_switches_them_off():
    given = river_battle(1e9, share=0.0)
    assert given.state.battles[0].bridged == 0.0
    assert given.state.battles[0].attack == river_battle(0.0).state.battles[0].attack


@given(st.floats(0.0, 1e6), st.floats(1.0, 10.0))
def test_more_engineers_never_weaken_an_attack_and_never_make_a_river_an_advantage(men, more):
    few, many = river_battle(men).state.battles[0].attack, river_battle(men * more).state.battles[0].attack
    assert few <= many <= river_battle(men, river=0).state.battles[0].attack


def men_left(support_men: float) -> float:
    """Men of a besieged garrison after a day."""
    units = [{}, {"side": 1, "role": GARRISON, "works": 0, "men": 5000.0}]
    works = [{"cell": 0, "strength": 2, "side": 1}]
    given = war(units, works=works, armies=({"support_men": support_men}, {}), rules={"engineers.share": 0.1})
    r, s = given.rules, given.state
    post_masks(given.world, given.reading, s, r.combat, r.siege)
    hand_out_tasks(given.world, s, 0)
    assert s.armies[0].sieges == 1.0
    besiege(given.world, given.reading, s, r.combat, r.cohesion, r.siege, r.engineers, given.luck, 0)
    return float(s.forces[1].men)


def test_engineers_shorten_a_siege():
    assert men_left(50_000.0) < men_left(5_000.0) < men_left(0.0) < 5000.0
