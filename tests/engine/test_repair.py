"""Repair: tanks come back in time, are written off, or stay on the field; none appears from nowhere."""

import numpy as np
import pytest
from small_world import War, all_tanks, war

from khingan.engine.repair import leave_wrecks, lose_all_tanks, repair


def workshop(step_hours: float, days: float, **rules: float) -> War:
    """100 tanks hit and 40 broken down after some days of repair."""
    given = war([{}], step_hours=step_hours, rules={f"repair.{name}": value for name, value in rules.items()})
    given.forces.tanks_hit, given.forces.tanks_broken = 100.0, 40.0
    for _ in range(round(24 * days / step_hours)):
        repair(step_hours, given.state.forces, given.rules.repair)
    return given


@pytest.mark.parametrize("step_hours", [1.0, 6.0, 24.0])
def test_a_mean_of_four_days_at_any_step(step_hours):
    # After four days 1 - 1/e have left the workshop: half of those hit, and all that broke down, run again.
    unit, gone = workshop(step_hours, 4.0).forces[0], 1 - np.exp(-1)
    assert unit.tanks == pytest.approx((50 + 40) * gone)
    assert unit.tanks_lost == pytest.approx(50 * gone)
    assert unit.tanks_repaired == unit.tanks


def test_tanks_are_kept_and_in_the_end_all_have_left():
    given = workshop(6.0, 100.0, share=0.3)
    assert all_tanks(given)[0] == pytest.approx(140.0, rel=1e-12)
    assert given.forces[0].tanks == pytest.approx(70.0)


def test_without_a_share_nothing_that_was_hit_comes_back():
    assert workshop(6.0, 100.0, share=0.0).forces[0].tanks == pytest.approx(40.0)


def test_who_leaves_the_field_leaves_what_does_not_run():
    given = workshop(6.0, 0.0)
    given.forces.tanks = 10.0
    leave_wrecks(given.state.forces, 0)
    assert (given.forces[0].tanks, given.forces[0].tanks_lost) == (10.0, 140.0)
    lose_all_tanks(given.state.forces, 0)
    assert (given.forces[0].tanks, given.forces[0].tanks_lost) == (0.0, 150.0)
