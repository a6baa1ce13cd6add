"""Close support: diminishing, bounded, and less in rain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import War, war

from khingan.engine.air import support_from_the_air
from khingan.engine.combat import gather_battles


def battle(sorties: float, battles: int = 1) -> War:
    """`battles` formations of side 0 each attack a cell of their own from the centre."""
    cells = range(1, battles + 1)
    result = war([{"start": 0} for _ in cells], sorties=sorties, east=cells)
    result.forces.target = list(cells)
    gather_battles(
        result.world.roster,
        result.world.armies,
        result.state.forces,
        result.state.ground,
        result.state.fronts,
        result.state.battles,
    )
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
