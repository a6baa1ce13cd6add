"""Cohesion: falls with losses and retreats, mends with rest, and fails the weakest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import War, all_men, strip, war

from khingan.engine.cohesion import desert, enemy_is_near, is_on_the_march, recover, shake
from khingan.engine.occupation import take_stock
from khingan.engine.state import DESTROYED


def test_a_tenth_of_the_men_costs_three_tenths():
    given = war([{}])
    shake(given.state.forces, given.rules.cohesion, 0, 0.1)
    assert given.forces[0].cohesion == pytest.approx(0.7)


@given(st.lists(st.tuples(st.floats(0.0, 1.0), st.booleans()), max_size=20))
def test_cohesion_stays_within_bounds(shares):
    given = war([{}])
    for share, fought in shares:
        shake(given.state.forces, given.rules.cohesion, 0, share)
        given.forces[0].fought = fought
        recover(given.world.step_hours, given.state.forces, given.rules.cohesion, 0.0)
        assert 0.0 <= given.forces[0].cohesion <= 1.0


def test_rest_mends_by_hand():
    # 0.5 + 0.5 * 0.25 / 4 after a quarter day; a quarter day of digging; a quarter of fighting forgotten.
    given = war([{}])
    given.forces.cohesion, given.forces.combat_days = 0.5, 1.0
    recover(given.world.step_hours, given.state.forces, given.rules.cohesion, 0.0)
    unit = given.forces[0]
    assert (unit.cohesion, unit.prepared_days, unit.combat_days) == pytest.approx((0.53125, 0.25, 0.75))


def test_battle_neither_mends_nor_digs():
    given = war([{}])
    given.forces.cohesion, given.forces.fought = 0.5, 1
    recover(given.world.step_hours, given.state.forces, given.rules.cohesion, 0.0)
    unit = given.forces[0]
    assert (unit.cohesion, unit.prepared_days, unit.combat_days) == pytest.approx((0.5, 0.0, 0.25))


def test_a_march_tires_by_its_share_and_nobody_digs_on_it():
    # 0.25 days at 0.3 on the march; standing the same time forgets a quarter of a day.
    given = war([{}, {}], rules={"cohesion.march_wear": 0.3})
    given.forces.combat_days, given.forces.heading[0] = 1.0, 1
    recover(given.world.step_hours, given.state.forces, given.rules.cohesion, 0.0)
    assert given.forces.combat_days.tolist() == pytest.approx([1.075, 0.75])
    assert given.forces.prepared_days.tolist() == pytest.approx([0.0, 0.25])


@pytest.mark.parametrize("why", ["fought", "halted", "pause"])
def test_who_fights_stands_without_fuel_or_pauses_is_not_on_the_march(why):
    given = war([{}])
    given.forces.heading = 1
    assert is_on_the_march(given.state.forces, 0, 10.0)
    if why == "pause":
        given.forces.pause_until_h = 11.0
    else:
        given.forces[why] = 1
    assert not is_on_the_march(given.state.forces, 0, 10.0)


def deserted(step_hours: float, quality: float = 0.1, distance: int = 1) -> War:
    """2,000 weak formations after a day, the enemy some cells away."""
    units = [{"start": distance}] + [{"side": 1, "quality": quality} for _ in range(2000)]
    given = war(units, strip(4), step_hours=step_hours)
    for step in range(round(24 / step_hours)):
        desert(
            given.world.near,
            given.world.roster,
            given.world.step_hours,
            given.reading.formations,
            given.state.forces,
            given.state.ground,
            given.rules.cohesion,
            given.luck,
            step,
        )
    return given


@pytest.mark.parametrize("step_hours", [2.0, 6.0, 24.0])
def test_the_chance_of_a_day_holds_at_any_step_length(step_hours):
    # 0.35 a day; 2,000 formations know it to 0.011.
    given = deserted(step_hours)
    assert (given.forces.status == DESTROYED).mean() == pytest.approx(0.35, abs=0.035)


def test_all_who_leave_are_counted_and_leave_wholly():
    given = deserted(6.0)
    gone = given.forces.status == DESTROYED
    assert all_men(given).tolist() == [10_000.0] * 2001
    assert (given.forces.deserted[gone] == 10_000).all()
    assert given.ground[0].defenders[1] == (~gone).sum() - 1


@pytest.mark.parametrize(("quality", "distance"), [(0.12, 1), (0.1, 2)])
def test_the_better_and_the_distant_stay(quality, distance):
    assert (deserted(6.0, quality, distance).forces.status != DESTROYED).all()


def test_the_enemy_is_near_in_the_cell_and_beside_it():
    given = war([{"start": 0}, {"side": 1, "start": 3}], strip(4))
    for place, near in ((3, True), (2, True), (1, False)):
        given.forces[0].place = place
        take_stock(given.world.roster, given.state.forces, given.state.ground)
        assert enemy_is_near(given.world.near, given.world.roster, given.state.forces, given.state.ground, 0) == near
