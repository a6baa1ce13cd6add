"""Disarming: after the other side's order the nearest idle formation goes to each point, and nobody before."""

import pytest
from small_world import War, strip, war

from khingan.engine.disarming import first_word, occupy_zone
from khingan.engine.state import NEVER

DONE = {"plan": 0, "leg": 1}


def zone(
    *units: dict, points: tuple[int, ...] = (4, 9), now: float = 240.0, spoke: float = 100.0, **rules: float
) -> War:
    """A road of ten cells, all beyond the first the enemy's, whose headquarters spoke at hour 100."""
    numbers = {"disarming.start_days": 1.0, "disarming.reach_days": 60.0}
    numbers |= {f"disarming.{name}": value for name, value in rules.items()}
    given = war([*units, {"side": 1, "start": 4, "headquarters": 0}], strip(10), east=range(1, 10), plans=[[0]],
                points=points, headquarters=[{"order_h": spoke}], rules=numbers)  # fmt: skip
    given.forces.leg[: len(units)] = 1
    occupy_zone(given.world, given.state, given.rules.disarming, 40, now)
    return given


def errands(given: War) -> list[int]:
    """The cells to which formations are sent, -1 nowhere."""
    return [int(given.world.objectives[e].cell) if e >= 0 else -1 for e in given.forces.errand[:-1]]


def test_each_point_gets_the_nearest_who_is_free():
    assert errands(zone({"plan": 0, "start": 3}, {"plan": 0, "start": 1})) == [4, 9]


@pytest.mark.parametrize(("now", "spoke"), [(120.0, 100.0), (240.0, NEVER)])
def test_nobody_goes_before_the_order_and_its_time(now, spoke):
    # A day after hour 100 is hour 124.
    assert errands(zone({"plan": 0, "start": 3}, now=now, spoke=spoke)) == [-1]


@pytest.mark.parametrize("unit", [{"plan": -1}, {"headquarters": 0}, {"side": 1, "headquarters": 0}])
def test_who_has_no_plan_or_is_to_lay_down_arms_himself_stays(unit):
    assert errands(zone({"plan": 0, "start": 3} | unit)) == [-1]


def test_nobody_is_sent_beyond_his_reach():
    # On foot off the road 28.35 km a day at most: 60 km to cell 9 take more than two days, 10 km to cell 4 less.
    assert errands(zone({"plan": 0, "start": 3}, points=(9,), reach_days=2.0)) == [-1]
    assert errands(zone({"plan": 0, "start": 3}, points=(4,), reach_days=2.0)) == [4]


def test_who_has_arrived_stays_while_men_with_arms_are_there_and_then_goes_on():
    given = zone({"plan": 0, "start": 3}, points=(4, 9))
    given.forces.place[0], given.forces.passive[1] = 4, 1
    given.ground.owner[4] = 0
    given.ground.stand_head[4], given.forces.stand_next[1] = 1, -1
    for step, expected in ((44, 4), (48, 9)):
        occupy_zone(given.world, given.state, given.rules.disarming, step, 240.0)
        assert errands(given) == [expected]
        given.forces.men[1] = 0.0


def test_the_first_word_of_any_headquarters_counts():
    given = zone({"plan": 0, "start": 3}, spoke=70.0)
    assert first_word(given.state.headquarters) == 70.0
    assert first_word(given.state.headquarters[:0]) == NEVER
