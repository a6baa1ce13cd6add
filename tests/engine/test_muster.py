"""Muster: the state at H-hour, whatever was played before, and formations that come later."""

import numpy as np
import pytest
from small_world import begin, room_for, war

from khingan.engine.muster import arrive
from khingan.engine.state import ABSENT, NEVER, PRESENT


def test_formations_stand_where_the_reading_says_with_what_it_gives():
    given = war([{"start": 3, "men": 1234.0, "tanks": 5.0, "guns": 6.0, "fuel_carried": 2.0, "plan": 0}], plans=[[1]])
    unit = given.forces[0]
    assert (unit.place, unit.status, unit.men, unit.tanks, unit.guns, unit.fuel) == (3, PRESENT, 1234, 5, 6, 2)
    assert (unit.cohesion, unit.plan, unit.order_h, unit.first_hit_h) == (1.0, 0, NEVER, NEVER)


@pytest.mark.parametrize(("start", "arrives", "comes"), [(0, 30.0, 30.0), (0, 31.0, 36.0), (-1, 0.0, None)])
def test_a_formation_arrives_in_the_first_step_after_its_hour(start, arrives, comes):
    given = war([{"start": start, "arrives_h": arrives}])
    assert given.forces[0].status == ABSENT
    found = None
    for now in np.arange(0.0, 60.0, 6.0):
        arrive(given.world.roster, given.reading.formations, given.state.forces, now)
        if found is None and given.forces[0].status == PRESENT:
            found = now
    assert found == comes


def test_a_formation_that_was_destroyed_does_not_arrive_again():
    given = war([{}])
    given.forces[0].status, given.forces[0].place = 5, -1
    arrive(given.world.roster, given.reading.formations, given.state.forces, 12.0)
    assert given.forces[0].place == -1


def test_h_hour_after_another_run_is_h_hour_as_new():
    # Every field that a run could read is set again; the rest is room to work in.
    units = [{"start": 1, "plan": 0}, {"side": 1, "start": 2}]
    given = war(units, plans=[[3]], east=[2], orders=[{"kind": 2}], works=[{"cell": 2, "strength": 1, "side": 1}])
    new = {name: table.copy() for name, table in given.state._asdict().items()}
    used = room_for(given.world, given.reading)
    for name in ("forces", "ground", "orders", "lifts", "works", "armies", "regions", "roads", "points", "flotillas"):
        table = getattr(used, name)
        for field in table.dtype.names:
            table[field] = 3
    # As any run leaves it: nobody is counted or listed outside the map.
    used.forces.counted, used.forces.listed = -1, -1
    given.state = used
    begin(given)
    skipped = {"attack_next", "stand_next", "counted_men", "attack_head", "raids", "columns", "spare"}
    skipped |= {"sick_at", "sick_share"}  # an exponent and its own share, true in every run
    for name in ("forces", "ground", "orders", "works", "regions", "roads", "points", "flotillas"):
        for field in set(new[name].dtype.names) - skipped:
            assert (getattr(used, name)[field] == new[name][field]).all(), f"{name}.{field}"
    assert (used.armies.halted_hours == 0).all()
