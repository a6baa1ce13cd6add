"""Clearing: who was told to destroy goes on to whom he finds, the weakest first, and stays off closed ground."""

import numpy as np
import pytest
from small_world import War, hexagon, strip, war

from khingan.engine.clearing import edge_to_clear
from khingan.engine.movement import march
from khingan.engine.occupation import take_stock
from khingan.engine.state import CLEAR

CELLS = hexagon(2)


def clearer(*enemies: dict, cells=None) -> War:
    """Formation 0 stands in cell 0 at the end of its plan with orders to clear; the others are of side 1."""
    others = [{"side": 1} | enemy for enemy in enemies]
    given = war([{"plan": 0}, *others], cells or CELLS, plans=[[0]], east=[enemy["start"] for enemy in enemies])
    given.forces[0].clears = 1
    take_stock(given.world.roster, given.state.forces, given.state.ground)
    return given


def chosen(given: War) -> int:
    """The cell beyond the edge that the clearer takes, -1 none."""
    edge = edge_to_clear(given.world, given.state, 0)
    return -1 if edge < 0 else int(given.world.edges[0, edge].neighbour)


def goes(given: War) -> None:
    r = given.rules
    march(given.world, given.state, r.movement, r.weather, r.control, r.roads, r.turning, r.wear, 0.0)


def test_the_weakest_neighbour_is_attacked_first():
    assert chosen(clearer({"start": 1, "men": 900.0}, {"start": 4, "men": 300.0})) == 4


def test_nobody_within_two_cells_is_nothing_to_do():
    assert chosen(clearer({"start": 3}, cells=strip(4))) == -1


def test_an_enemy_two_cells_away_is_come_up_to():
    assert chosen(clearer({"start": 2}, cells=strip(4))) == 1


def test_closed_ground_is_not_entered():
    given = clearer({"start": 1, "men": 100.0}, {"start": 4, "men": 300.0})
    given.world.land[1].closed[0] = 1
    assert chosen(given) == 4
    given.world.land[4].closed[0] = 1
    assert chosen(given) == -1


@pytest.mark.parametrize(("clears", "target"), [(1, 1), (0, -1)])
def test_only_who_was_told_so_attacks_beyond_the_end_of_his_plan(clears, target):
    given = clearer({"start": 1})
    given.forces[0].clears = clears
    goes(given)
    assert given.forces[0].target == target


def test_the_order_gives_a_plan_and_the_mission():
    from khingan.engine.command import deliver_orders

    order = {"kind": CLEAR, "plan": 1, "start_h": 0.0, "addressees": [0]}
    rules = {"command.delay_h": 0.01, "command.delay_log_sd": 0.0}
    given = war([{"plan": 0}], plans=[[5], [1]], orders=[order], conditions=[[]], rules=rules)
    deliver_orders(given.world, given.reading, given.state, given.rules.command, given.luck, 0.0)
    assert (given.forces[0].plan, given.forces[0].clears) == (1, 1)


def reckoned(enemies: dict[int, float], closed: set[int], own: set[int]) -> set[int]:
    """The cells it may go for, by scanning: the weakest neighbour, else empty ones beside an enemy; {-1} for none.

    `enemies` are men by cell; axial coordinates tell who touches whom.
    """

    def touch(a: int, b: int) -> bool:
        q, r = CELLS[a][0] - CELLS[b][0], CELLS[a][1] - CELLS[b][1]
        return max(abs(q), abs(r), abs(q + r)) == 1

    there = {cell: men for cell, men in enemies.items() if cell not in closed}
    beside = {cell: men for cell, men in there.items() if touch(0, cell)}
    if beside:
        return {cell for cell, men in beside.items() if men == min(beside.values())}
    empty = [cell for cell in range(len(CELLS)) if touch(0, cell) and cell not in closed | own]
    return {cell for cell in empty if any(touch(cell, enemy) for enemy in there)} or {-1}


@pytest.mark.parametrize("seed", range(12))
def test_whom_it_goes_for_is_whom_a_scan_of_the_map_finds(seed):
    chance = np.random.default_rng(seed)
    cells = chance.permutation(np.arange(1, len(CELLS)))
    enemies = {int(cell): float(men) for cell, men in zip(cells[:3], chance.permutation([200, 400, 600]), strict=True)}
    closed, own = {int(cell) for cell in cells[2:5]}, {int(cells[5])}
    given = clearer(*({"start": cell, "men": men} for cell, men in enemies.items()), {"side": 0, "start": cells[5]})
    given.world.land.closed[sorted(closed), 0] = 1
    assert chosen(given) in reckoned(enemies, closed, own)
