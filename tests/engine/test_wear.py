"""Wear: breakdowns by hand, and tanks that are neither made nor lost without a name."""

import numpy as np
import pytest
from small_world import War, all_tanks, strip, war

from khingan.engine.movement import march

FOOT, TANK = 0, 3
NONE, TRACK, ROAD = range(3)


def drive(
    road: int = ROAD, mobility: int = TANK, step_hours: float = 6.0, hours: float = 48.0, rate: float = 0.05
) -> War:
    """A hundred tanks on a strip of cells 10 km apart."""
    unit = {"mobility": mobility, "plan": 0, "tanks": 100.0, "fuel_carried": 100.0}
    rules = {"wear.broken_per_100_km": rate}
    given = war([unit], strip(40), plans=[[39]], road=road, step_hours=step_hours, rules=rules)
    r = given.rules
    r.wear.ground_wear[:] = 1.5
    for step in range(round(hours / step_hours)):
        march(given.world, given.state, r.movement, r.weather, r.control, r.roads, r.turning, r.wear, step * step_hours)
    return given


@pytest.mark.parametrize(("road", "factor"), [(NONE, 1.5), (TRACK, 1.25), (ROAD, 1.0)])
def test_breakdowns_by_hand(road, factor):
    # N (1 - exp(-rate * factor * km / 100)) whatever the cells and steps it is cut into.
    given = drive(road)
    km = 10.0 * (given.forces[0].place + given.forces[0].progress)
    assert km > 150
    assert given.forces[0].tanks_broken == pytest.approx(100 * (1 - np.exp(-0.05 * factor * km / 100)))


def test_the_step_does_not_matter():
    assert drive(step_hours=1.0).forces[0].tanks == pytest.approx(drive(step_hours=12.0).forces[0].tanks)


def test_no_tank_is_made_or_lost():
    for mobility in (FOOT, TANK):
        assert all_tanks(drive(mobility=mobility)) == pytest.approx([100.0])


def test_without_wear_every_tank_arrives():
    assert drive(rate=0.0).forces[0].tanks == 100.0
