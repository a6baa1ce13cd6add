"""Turning: columns on foot do not leave an enemy formation beside their road to those who follow."""

import numpy as np
import pytest
from small_world import War, hexagon, war

from khingan.engine.movement import march
from khingan.engine.occupation import take_stock
from khingan.engine.state import GARRISON, HORSE, MOTOR, TANK
from khingan.engine.turning import edge_to_turn

CELLS = hexagon(2)
RATIO = {"turning.men_ratio": 3.0}
FREE, BESIDE = 1, 2  # the first cell of the way; one that touches the column and lies off its way


def columns(*units: dict, enemy: dict | None = None, ratio: float = 3.0, **more) -> War:
    """Units of 10,000 men in the middle on their way to cell 1, an enemy in cell 2 beside them."""
    bodies = [{"plan": 0, "start": 0} | unit for unit in units]
    other = {"side": 1, "start": BESIDE, "men": 10_000.0} | (enemy or {})
    return war([*bodies, other], CELLS, plans=[[FREE]], east=[BESIDE], rules={"turning.men_ratio": ratio}, **more)


def aims(given: War) -> list[int]:
    """The cell that each unit but the enemy attacks after a step of march, -1 none."""
    r = given.rules
    march(given.world, given.state, r.movement, r.weather, r.control, r.roads, r.turning, r.wear, 0.0)
    return [int(unit.target) for unit in given.forces[:-1]]


def test_a_column_on_foot_turns_on_an_enemy_beside_its_road():
    given = columns({})
    assert aims(given) == [BESIDE]
    assert given.forces[0].progress == 0.0


@pytest.mark.parametrize("mobility", [HORSE, MOTOR, TANK])
def test_mobile_troops_pass_by(mobility):
    assert aims(columns({"mobility": mobility})) == [-1]


def test_three_to_one_turn_and_the_rest_march_on():
    assert aims(columns({}, {}, {}, {}, {})) == [BESIDE] * 3 + [-1] * 2


def test_who_attacks_him_on_his_own_way_counts():
    given = war(
        [{"plan": 1}, {"plan": 1}, {"plan": 0}, {"side": 1, "start": BESIDE}], CELLS, plans=[[FREE], [BESIDE]],
        east=[BESIDE], rules={"turning.men_ratio": 2.0},
    )  # fmt: skip
    assert aims(given) == [BESIDE, BESIDE, -1]


def test_the_count_begins_anew_with_every_step():
    given = columns({}, {}, ratio=1.0)
    assert aims(given) == [BESIDE, -1]
    r = given.rules
    march(given.world, given.state, r.movement, r.weather, r.control, r.roads, r.turning, r.wear, 6.0)
    assert given.forces[0].target == BESIDE


@pytest.mark.parametrize(
    "unit", [{"withdrawing": 1}, {"retreats_km": 20.0}, {"pause_until_h": 12.0}, {"masking": 1}, {"passive": 1}]
)
def test_who_goes_back_rests_masks_or_obeys_does_not_turn(unit):
    given = columns({})
    for name, value in unit.items():
        given.forces[0][name] = value
    assert aims(given) == [-1]


def test_neither_the_obedient_nor_a_garrison_is_turned_upon():
    assert aims(columns({}, enemy={"role": GARRISON})) == [-1]
    given = columns({})
    given.forces[1].passive = 1
    take_stock(given.world.roster, given.state.forces, given.state.ground)
    assert aims(given) == [-1]


def test_nobody_turns_with_the_switch_off_or_onto_closed_ground():
    assert aims(columns({}, ratio=0.0)) == [-1]
    given = columns({})
    given.world.land[BESIDE].closed[0] = 1
    assert aims(given) == [-1]


@pytest.mark.parametrize("seed", range(8))
def test_whom_it_turns_on_is_among_those_whom_a_scan_of_the_map_finds(seed):
    chance = np.random.default_rng(seed)
    cells = chance.permutation(np.arange(1, len(CELLS)))[:4].tolist()
    others = [{"side": 1, "start": cell} for cell in cells]
    given = war([{"plan": 0}, *others], CELLS, plans=[[FREE]], east=cells, rules=RATIO)
    beside = {cell for cell in cells if max(map(abs, (*CELLS[cell], sum(CELLS[cell])))) == 1}
    edge = edge_to_turn(given.world, given.state, given.rules.turning, 0, 0.0, 0.0)
    assert (int(given.world.near[0, edge]) if edge >= 0 else None) in (beside or {None})
