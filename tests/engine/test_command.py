"""Command: orders take effect in their hour, on their conditions, and not otherwise."""

import numpy as np
import pytest
from small_world import War, war

from khingan.engine.command import deliver_orders, has_ceased
from khingan.engine.state import (
    ATTACK,
    CEASE,
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
