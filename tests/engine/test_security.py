"""Rear security: who is tied does not fight, and is still there."""

import numpy as np
import pytest
from small_world import War, war

from khingan.engine.combat import points
from khingan.engine.security import guard_rear
from khingan.engine.state import GARRISON


def guarded(km: float = 300.0, east: tuple[int, ...] = (), **rules: float) -> War:
    """A division of side 0 and a garrison; its army has a tenth tied at home, and drives its supply `km`."""
    units = [{"men": 10_000.0}, {"men": 10_000.0, "role": GARRISON}]
    numbers = {"abroad_per_100_km": 0.02, "weight": 1.0, "most": 0.25} | rules
    given = war(units, east=east, armies=({"tied": 0.1}, {}), rules={f"security.{k}": v for k, v in numbers.items()})
    given.state.supply_km[0] = km
    guard_rear(given.world.land, given.world.roster, given.reading.armies, given.state.forces, given.state.supply_km,
               given.rules.security)  # fmt: skip
    return given


def test_at_home_the_claim_ties_a_tenth_and_garrisons_are_left_alone():
    assert guarded().forces.tied.tolist() == pytest.approx([1000.0, 0.0])


@pytest.mark.parametrize(("km", "men"), [(0.0, 0.0), (300.0, 600.0), (5000.0, 2500.0), (np.inf, 0.0)])
def test_abroad_the_road_ties_two_in_a_hundred_each_100_km_up_to_a_quarter(km, men):
    assert guarded(km, east=(0,)).forces[0].tied == pytest.approx(men)


def test_power_falls_by_those_tied_and_by_nobody_at_weight_0():
    # A rifle division of 10,000 is worth 7 points by the textbook: 6.3 with a tenth tied.
    for weight, power in ((1.0, 6.3), (0.0, 7.0)):
        given = guarded(weight=weight)
        worth = points(given.world.land, given.world.roster, 1, given.reading.formations, given.state.forces,
                       given.rules.combat, 0, 0)  # fmt: skip
        assert worth == pytest.approx(power)
        assert given.forces[0].men == 10_000
