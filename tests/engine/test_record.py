"""Record: what a run leaves behind is what the state said at that hour."""

import numpy as np
import pytest
from small_world import War, hexagon, rules_with, strip, war

from khingan.engine.distances import BARRED
from khingan.engine.record import (
    credit_prisoners,
    day_trip_km,
    nearest_in_the_field,
    record_day,
    record_end,
    record_reach,
    record_step,
    told,
)
from khingan.engine.state import GARRISON, NEVER, SUPPORT, Record
from khingan.simulation.variables import VARIABLES


def room(given: War, days: int = 2) -> Record:
    """An empty record of a run, as the studies make it."""
    lengths = {
        "cell": len(given.ground), "formation": len(given.forces), "army": 2, "works": len(given.world.works),
        "lift": 0, "day": days, "stage": 2, "step": round(24 * days / given.world.step_hours),
    }  # fmt: skip
    made = {
        name: np.full([lengths[d] for d in VARIABLES[name].dims], 9, VARIABLES[name].dtype) for name in Record._fields
    }
    return Record(**made)


def test_every_field_of_a_record_is_a_variable_of_the_ensemble():
    assert set(Record._fields) <= set(VARIABLES)


@pytest.mark.parametrize(("hour", "end", "expected"), [(5.0, 10.0, 5.0), (11.0, 10.0, None), (NEVER, 1e10, None)])
def test_what_did_not_happen_by_the_end_is_not_told(hour, end, expected):
    found = told(hour, end)
    assert np.isnan(found) if expected is None else found == expected


@pytest.mark.parametrize("step_hours", [3.0, 6.0, 24.0])
def test_strengths_are_written_at_the_end_of_each_day(step_hours):
    given = war([{}], step_hours=step_hours)
    record = room(given)
    for step in range(round(48 / step_hours)):
        given.forces[0].men = 100.0 * (step + 1)
        record_step(
            given.world.globe,
            given.world.roster,
            given.world.step_hours,
            given.state.forces,
            given.state.regions,
            given.state.armies,
            record,
            step,
        )
    per_day = round(24 / step_hours)
    assert record.men[:, 0].tolist() == [100.0 * per_day, 200.0 * per_day]
    assert (record.place == 0).all()


def test_losses_are_summed_by_army():
    given = war([{}, {}, {"side": 1}])
    given.forces.killed, given.forces.captured = [1.0, 2.0, 4.0], [10.0, 20.0, 40.0]
    record = room(given)
    record_day(given.world.roster, given.state.forces, given.state.regions, given.state.armies, record, 1)
    assert record.killed[1].tolist() == [3.0, 4.0]
    assert record.captured[1].tolist() == [30.0, 40.0]


def credit(given: War, places: list[list[int]]) -> list[float]:
    """Prisoners of the armies once the captured so far are credited."""
    credit_prisoners(given.world.globe, given.world.roster, given.forces, given.state.armies, np.array(places))
    return given.state.armies.prisoners.tolist()


def test_prisoners_are_those_of_the_nearest_army_in_the_field():
    # Two armies of side 0 at both ends of ten cells; a division of side 1 gave up two cells from the second.
    given = war([{}, {"army": 2, "start": 9}, {"side": 1, "start": 7}], strip(10), armies=[{"side": 0}] * 3)
    given.forces[2].captured, given.forces[2].place = 800.0, -1
    assert credit(given, [[0, 9, 7], [0, 9, -1]]) == [0.0, 0.0, 800.0]
    # Nobody is credited twice; those who follow are his who is near by then.
    given.forces[2].captured, given.forces[1].place = 1_000.0, 0
    assert credit(given, [[0, 9, 7], [0, 9, -1], [0, 0, -1]]) == [200.0, 0.0, 800.0]


def test_prisoners_of_an_army_far_from_any_enemy_in_the_field_are_nobodys():
    given = war([{"role": SUPPORT}, {"side": 1, "start": 5}], strip(10))
    given.forces[1].captured = 800.0
    assert credit(given, [[0, 5]]) == [0.0, 0.0]


@pytest.mark.parametrize("field", ["role", "passive", "status"])
def test_only_who_is_in_the_field_takes_prisoners(field):
    given = war([{"start": 3}, {"start": 4, **({"role": GARRISON} if field == "role" else {})}], strip(6))
    if field != "role":
        given.forces[field][1] = 1 if field == "passive" else 0
    assert nearest_in_the_field(given.world.globe, given.world.roster, given.forces, 5, 0) == 0


def test_whose_the_nearest_is_agrees_with_the_distances():
    # The twin: straight lines on the plane, of which the patch is a part.
    rng = np.random.default_rng(5)
    for _ in range(20):
        cells = rng.choice(len(hexagon(4)), 9, replace=False)
        given = war([{"start": int(cell)} for cell in cells[:8]], hexagon(4))
        flat = np.array([(q + 0.5 * r, np.sqrt(0.75) * r) for q, r in hexagon(4)])
        km = np.linalg.norm(flat[cells[:8]] - flat[cells[8]], axis=1)
        found = nearest_in_the_field(given.world.globe, given.world.roster, given.forces, int(cells[8]), 0)
        assert km[found] == pytest.approx(km.min())


def test_the_end_of_a_run():
    given = war([{}, {"side": 1}], strip(3), east=[1, 2], works=[{"cell": 1, "strength": 1, "side": 1}])
    given.ground[1].first_h, given.ground[1].owner = 7.0, 0
    given.state.works[0].fall_h = 500.0
    given.forces.order_h = [NEVER, 20.0]
    record = room(given)
    record_end(
        given.world.control_side,
        given.state.forces,
        given.state.ground,
        given.state.lifts,
        given.state.works,
        given.state.armies,
        given.state.politics,
        record,
        48.0,
    )
    assert record.first_control[:2].tolist() == [0.0, 7.0]
    assert np.isnan(record.first_control[2])
    assert record.held_at_end.tolist() == [1, 1, 0]
    # After the horizon counts as never.
    assert np.isnan(record.works_fall[0])
    assert np.isnan(record.order_arrival[0])
    assert record.order_arrival[1] == 20.0


def truck(driving_h, loading_h):
    """Supply by trucks that drive so long a day at 15 km/h."""
    given = {"driving_h": driving_h, "loading_h": loading_h, "truck_km_per_h": 15.0}
    return rules_with({f"supply.{name}": value for name, value in given.items()}).supply


def test_reach_is_a_day_of_driving_there_and_back():
    """T24 with one trip a day: 2 d / v + loading = driving, d = (12 - 4) / 2 * 15 = 60 km; no driving, no reach."""
    assert day_trip_km(truck(12.0, 4.0)) == 60.0
    assert day_trip_km(truck(4.0, 5.0)) == 0.0


def test_the_first_day_in_reach_stays_and_the_last_is_moved():
    """Reach of 60 km: one cell on both days, one from the second; ground of the other side is in nobody's reach."""
    record = room(war([{}], cells=strip(3)))
    record.reach_from[:], record.reach_to[:] = 0, 0
    cells, far = len(record.reach_from), np.float32(np.inf)
    for day, second in enumerate((61.0, 60.0)):
        km = np.full((2, cells), far, np.float32)
        km[0, :3], km[1, :3] = (0.0, second, BARRED), (BARRED, second, 10.0)
        record_reach(0, km, truck(12.0, 4.0), record, day)
    assert record.reach_from[:3].tolist() == [1, 2, 0]
    assert record.reach_to[:3].tolist() == [0, 2, 2]
