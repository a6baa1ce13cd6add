"""Command: orders take effect in their hour, on their conditions, and not otherwise."""

import numpy as np
import pytest
from small_world import War, war

from khingan.engine.command import choose_to_fall_back, deliver_orders, has_ceased, release_reserves, weigh_stands
from khingan.engine.state import (
    ATTACK,
    CEASE,
    GARRISON,
    GARRISON_CEASED,
    HOLD,
    LAND,
    NEVER,
    NO_EFFECT,
    ORDER_IN_FORCE,
    PLACE_HELD,
    WITHDRAW,
)  # fmt: skip

SURE = {"command.delay_h": 1e-9}


def deliver(given: War, *hours: float) -> np.ndarray:
    """Hours from which the orders are in force after steps that begin at these hours."""
    for now in hours:
        deliver_orders(given.world, given.reading, given.state, given.rules.command, given.luck, now)
    return given.state.orders.in_force_h


def one(kind: int, start: float = 0.0, terms: list | None = None, **order) -> War:
    """A war with one order to its only formation."""
    orders = [{"kind": kind, "start_h": start, "addressees": [0]} | order]
    units = [{"plan": 0}, {"side": 1, "start": 2}]
    return war(units, plans=[[5], [1]], orders=orders, conditions=[terms or []], east=[2], rules=SURE)


def test_the_delay_has_its_median_and_no_order_is_early():
    # 2,000 orders that may start after 10 h: lognormal with median 3 h and log-sd 0.6, known to 0.017 and 0.01.
    given = war([], orders=[{"kind": HOLD, "start_h": 10.0}] * 2000)
    delays = deliver(given, *np.arange(0.0, 300.0, 6.0)) - 10.0
    assert (delays > 0).all()
    assert np.log(delays).mean() == pytest.approx(np.log(3.0), abs=0.06)
    assert np.log(delays).std() == pytest.approx(0.6, abs=0.04)


def test_an_order_comes_into_force_in_the_step_in_which_it_falls_due():
    given = one(HOLD, start=14.0)
    assert deliver(given, 0.0, 6.0)[0] == NEVER
    assert deliver(given, 12.0)[0] == pytest.approx(14.0)


def test_an_order_whose_condition_never_comes_true_never_takes_effect():
    given = one(HOLD, terms=[(PLACE_HELD, 2, 0)])
    assert deliver(given, *np.arange(0.0, 600.0, 6.0))[0] == NEVER


def test_a_condition_met_late_releases_from_then():
    given = one(HOLD, terms=[(PLACE_HELD, 2, 0)])
    deliver(given, 0.0, 6.0)
    given.ground[2].owner = 0
    assert deliver(given, 12.0)[0] == 12.0


def test_all_conditions_must_hold():
    given = one(HOLD, terms=[(PLACE_HELD, 1, 0), (PLACE_HELD, 2, 0)])
    assert deliver(given, 0.0)[0] == NEVER


def test_an_order_may_wait_for_another():
    orders = [{"kind": HOLD, "start_h": 0.0}, {"kind": HOLD, "start_h": 20.0}]
    given = war([], orders=orders, conditions=[[(ORDER_IN_FORCE, 1, 0)], []], rules=SURE)
    assert (deliver(given, 0.0, 6.0, 12.0) == NEVER).all()
    assert deliver(given, 18.0, 24.0) == pytest.approx([24.0, 20.0])


def test_a_garrison_has_ceased_when_headquarters_spoke_and_nobody_would_fight():
    orders = [{"kind": HOLD, "start_h": 0.0}]
    given = war([{"side": 1}], orders=orders, conditions=[[(GARRISON_CEASED, 0, 0)]], headquarters=[{"order_h": 50.0}])
    assert not has_ceased(
        given.world.roster, given.world.control_side, given.state.forces, given.state.headquarters, 0, 60.0
    )
    given.forces[0].passive = 1
    assert not has_ceased(
        given.world.roster, given.world.control_side, given.state.forces, given.state.headquarters, 0, 40.0
    )
    assert has_ceased(
        given.world.roster, given.world.control_side, given.state.forces, given.state.headquarters, 0, 60.0
    )


@pytest.mark.parametrize(
    ("kind", "plan", "expected"),
    [(ATTACK, 1, (1, 0)), (WITHDRAW, 1, (1, 1)), (HOLD, -1, (-1, 0)), (CEASE, -1, (0, 0)), (LAND, -1, (0, 0)),
     (NO_EFFECT, 1, (0, 0))],
)  # fmt: skip
def test_what_each_kind_of_order_does(kind, plan, expected):
    # A cease-fire travels by its own way (capitulation); landings wait for the ships.
    given = one(kind, plan=plan)
    deliver(given, 0.0)
    assert (given.forces[0].plan, given.forces[0].withdrawing) == expected
    assert given.forces[1].plan == -1


def test_a_new_attack_begins_at_once_from_its_first_leg():
    given = one(ATTACK, plan=1, start=9.0)
    given.forces[0].leg, given.forces[0].progress, given.forces[0].pause_until_h = 3, 0.7, 99.0
    deliver(given, 6.0)
    unit = given.forces[0]
    assert (unit.leg, unit.progress, unit.heading, unit.pause_until_h) == (0, 0.0, -1, 0.0)
    assert unit.plan_from_h == pytest.approx(9.0)


def test_each_formation_hears_after_its_own_relay():
    # 2,000 addressees of one order in force at 0 h: median 2 h more with log-sd 0.6, known to 0.017.
    units, orders = [{"plan": 0}] * 2000, [{"kind": ATTACK, "plan": 1, "start_h": 0.0, "addressees": range(2000)}]
    given = war(units, plans=[[5], [1]], orders=orders, rules=SURE | {"command.relay_h": 2.0})
    deliver(given, 0.0)
    assert np.log(given.forces.plan_from_h).mean() == pytest.approx(np.log(2.0), abs=0.06)
    assert np.log(given.forces.plan_from_h).std() == pytest.approx(0.6, abs=0.04)


def second_echelon(breaches: tuple[float, float], second: int = 0, **unit) -> float:
    """The hour from which a formation of the second echelon may set out, planned for hour 48, after breaches of its
    army and its front; three are wanted and the order takes no time."""
    given = war([{"plan": 0} | unit], plans=[[3]], armies=({"second": second}, {}),
                rules={"command.reserve_breaches": 3.0, "command.delay_h": 0.0})  # fmt: skip
    given.world.plans.echelon[:] = 2
    given.forces.plan_from_h = 48.0
    given.state.armies[0].breaches, given.state.fronts[0].breaches = breaches
    release_reserves(given.world, given.state, given.rules.command, given.luck, 12.0)
    return float(given.forces[0].plan_from_h)


@pytest.mark.parametrize(
    ("breaches", "second", "hour"), [((3, 3), 0, 12.0), ((2, 9), 0, 48.0), ((0, 9), 1, 12.0), ((9, 2), 1, 48.0)]
)
def test_a_second_echelon_is_released_by_the_line_that_stands_before_it(breaches, second, hour):
    # Before it stands its army's first echelon, or its front's where the army has none.
    assert second_echelon(breaches, second) == hour


def beset(ratio: float = 5.0, lost: tuple[int, ...] = (), step_hours: float = 6.0, units: int = 2000, **unit):
    """Share of 2,000 defenders of the middle cell that fall back to cell 12 within a day of an attack at `ratio`."""
    defenders = [{"side": 1, "fallback": 12} | unit] * units
    rules = {"command.fall_back_per_day": 0.5, "command.stand_ratio": 3.0, "command.hold_factor": 2.0}
    given = war([{"start": 1}, *defenders], east=[0, *range(2, 19)], step_hours=step_hours, rules=rules)
    given.ground.owner[list(lost)], given.ground.taken_h[list(lost)] = 0, 0.0
    given.ground[0].attack_head = 0
    given.state.battles[0].cell, given.state.battles[0].attack, given.state.battles[0].defence = 0, ratio, 1.0
    for step in range(round(24 / step_hours)):
        weigh_stands(given.world.roster, given.state.forces, given.state.ground, given.state.battles,
                     given.rules.command, 1)  # fmt: skip
        choose_to_fall_back(given.world, given.state, given.rules.command, given.luck, step, step * step_hours)
    gone = given.forces[1:]
    assert ((gone.errand >= 0) == (gone.withdrawing == 1)).all()
    return gone.withdrawing.mean()


@pytest.mark.parametrize("step_hours", [2.0, 6.0, 24.0])
@pytest.mark.parametrize(("stands", "rate"), [(0, 0.5), (1, 0.25)])
def test_the_pressed_fall_back_at_their_rate_at_any_step(step_hours, stands, rate):
    # 1 - exp(-rate) in a day; half the rate for a mission to hold; 2,000 defenders know it to 0.011.
    assert beset(step_hours=step_hours, stands=stands) == pytest.approx(1 - np.exp(-rate), abs=0.04)


def test_who_is_neither_pressed_nor_turned_stands():
    assert beset(ratio=2.9, lost=(1, 2)) == 0.0
    assert beset(ratio=2.9, lost=(1, 2, 3)) > 0.3


@pytest.mark.parametrize("unit", [{"works": 0}, {"role": GARRISON}, {"fallback": 0}])
def test_works_garrisons_and_the_end_of_the_way_hold_a_formation(unit):
    assert beset(units=50, **unit) == 0.0


def test_a_formation_back_at_its_fallback_is_no_rearguard_any_more():
    given = war([{"side": 1, "fallback": 5}], east=range(19))
    given.forces[0].errand, given.forces[0].withdrawing = 0, 1
    for place, withdrawing in ((4, 1), (5, 0)):
        given.forces[0].place = place
        choose_to_fall_back(given.world, given.state, given.rules.command, given.luck, 0, 0.0)
        assert given.forces[0].withdrawing == withdrawing
