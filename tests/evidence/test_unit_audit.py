"""T17: an audit of units. Every parameter has a known unit, and no name says another."""

import pytest

from khingan.evidence.parameters import read_parameters
from khingan.evidence.unit_names import UNITS

PARAMETERS = read_parameters()
# What the end of a name says, longer ends first.
ENDS = {
    "km_per_day": "km/day", "t_per_day": "t/day", "km_per_h": "km/h", "men_per_km2": "men/km2", "men_per_km": "men/km",
    "per_100_km": "1/100 km", "per_day": "1/day", "per_tank": "1/tank", "per_gun": "1/gun",
    "per_1000_men": "1/1000 men", "h": "h", "hours": "h", "days": "days", "km": "km", "t": "t", "men": "men",
    "share": "share", "sd": "1", "exponent": "1",
}  # fmt: skip
# Names that say what is counted, and a unit that says of what; or a km, a share for each km, a thousand men.
OTHERWISE = {
    "cohesion.desertion_per_day": "probability", "combat.points_per_1000_men": "points",
    "combat.points_per_tank": "points/tank", "combat.points_per_gun": "points/gun",
    "engagements.guns_per_1000_men": "guns", "engagements.armour_tanks_per_1000_men": "tanks",
    "intelligence.release_sd": "days", "intelligence.planning_sd": "days", "readiness.issue_per_day": "loads/day",
    "movement.range_km": "km/refill", "reading.tank_refill_t": "t/tank", "reading.man_refill_t": "t/man",
    "roads.vehicles_per_1000_men": "vehicles/1000 men", "roads.vehicles_per_tank": "vehicles/tank",
    "security.abroad_per_100_km": "share", "supply.truck_load_t": "t/truck", "supply.trips_per_day": "loads/day",
    "supply.truck_burn_t_per_km": "t", "supply.off_road_km": "1", "supply.track_km": "1", "supply.rail_km": "1",
    "supply.pass_km": "1",
}  # fmt: skip


def told_by(key: str) -> str:
    """The unit that a parameter's name tells, "" when it tells none."""
    name = "_" + key.split(".")[1]
    return next((unit for end, unit in ENDS.items() if name.endswith("_" + end)), "")


def test_every_unit_in_use_is_a_known_one():
    assert {parameter.unit for parameter in PARAMETERS.values()} <= set(UNITS)


@pytest.mark.parametrize("key", [key for key in PARAMETERS if told_by(key) or key in OTHERWISE])
def test_a_name_that_tells_its_unit_tells_the_truth(key):
    # A share is a plain number that lies between 0 and 1.
    expected = OTHERWISE.get(key, told_by(key))
    assert PARAMETERS[key].unit in ((expected, "1") if expected == "share" else (expected,))


def test_no_exception_outlives_its_parameter():
    assert [key for key in OTHERWISE if key not in PARAMETERS] == []
