"""Close support: diminishing, bounded, and less in rain."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import War, gather, strip, war

from khingan.engine.air import hindrance, raid_columns, support_from_the_air
from khingan.engine.movement import march


def battle(sorties: float, battles: int = 1) -> War:
    """`battles` formations of side 0 each attack a cell of their own from the centre."""
    cells = range(1, battles + 1)
    result = war([{"start": 0} for _ in cells], sorties=sorties, east=cells)
    result.forces.target = list(cells)
    gather(result)
    return result


def gain(given: War, defence: float, wet: bool = False) -> float:
    given.state.regions.wet = wet
    rules = given.rules
    return support_from_the_air(given.world, given.reading, given.state, rules.air, rules.weather, 0, defence) - 1.0


def test_no_sorties_no_gain():
    assert gain(battle(0.0), 10.0) == 0.0


def test_half_effect_gives_half_the_gain():
    # 15 sorties a day for each of 10 points: half of 0.25.
    assert gain(battle(150.0), 10.0) == pytest.approx(0.125)


def test_battles_of_one_front_share_its_sorties():
    # Three battles, so 45 sorties a point in all leave 15 to each.
    assert gain(battle(450.0, battles=3), 10.0) == pytest.approx(0.125)


@given(st.floats(0, 1e6), st.floats(0.01, 100))
def test_the_gain_never_passes_its_limit_and_rain_never_raises_it(sorties, defence):
    dry = gain(battle(sorties), defence)
    assert 0.0 <= gain(battle(sorties), defence, wet=True) <= dry <= 0.25


def test_nothing_to_support_is_no_gain():
    given = battle(100.0)
    assert gain(given, 0.0) == 0.0
    given.state.fronts.battles = 0.0
    assert gain(given, 10.0) == 0.0


@cache
def skies(columns: int) -> War:
    """`columns` formations of side 1 on the march, and one of side 0 in their region."""
    given = war([{"start": 0}, *({"side": 1, "start": 1} for _ in range(columns))], rules={"air.raid_share": 0.5})
    given.forces.plan[1:] = 0
    return given


def hindered(sorties: float, columns: int = 1, wet: bool = False, share: float = 0.5) -> float:
    """What raids take from the march of `columns` formations of side 1."""
    given = skies(columns)
    given.rules.air.raid_share, given.state.regions.wet, given.reading.fronts.sorties = share, wet, sorties
    raid_columns(given.world, given.reading, given.state, given.rules.air, given.rules.weather)
    tables = given.world.land, given.world.roster, given.state.forces, given.state.regions
    found = {float(hindrance(*tables, u)) for u in range(1, columns + 1)}
    assert len(found) == 1
    return found.pop()


def test_raids_by_hand():
    # Half of 240 sorties, two columns, 60 each: 0.35 * (1 - 1/e).
    assert hindered(240.0, columns=2) == pytest.approx(0.35 * (1 - np.exp(-1.0)))
    assert hindered(240.0, share=0.0) == 0.0


@given(st.floats(0, 1e5), st.floats(0, 1e5), st.integers(1, 5))
def test_more_sorties_never_speed_a_column_and_rain_shields_it(sorties, more, columns):
    assert hindered(sorties, columns) <= hindered(sorties + more, columns) <= 0.35
    assert hindered(sorties, columns, wet=True) <= hindered(sorties, columns)
    assert hindered(sorties, columns + 1) <= hindered(sorties, columns)


@pytest.mark.parametrize("step_hours", [1.0, 6.0])
def test_a_raided_column_loses_its_share_of_the_day(step_hours):
    # 27 km a day on foot and bare ground 1.05: 28.35; of that 0.35 is lost.
    def km_of(gain: float) -> float:
        given = war([{"plan": 0, "start": 0}], strip(9), plans=[[8]], step_hours=step_hours)
        for step in range(round(24 / step_hours)):
            given.state.regions.hindered[:] = gain
            r = given.rules
            march(
                given.world,
                given.state,
                r.movement,
                r.weather,
                r.control,
                r.roads,
                r.turning,
                r.wear,
                step * step_hours,
            )
        return 10.0 * (given.forces[0].place + given.forces[0].progress)

    assert km_of(0.0) == pytest.approx(28.35)
    assert km_of(0.35) == pytest.approx(0.65 * 28.35)


def test_close_support_flies_what_raids_leave():
    given = battle(300.0)
    given.rules.air.raid_share = 0.5
    assert gain(given, 10.0) == pytest.approx(0.125)
