"""Clearing: who was told to destroy goes on to whom he finds, the weakest first, and stays off closed ground."""

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
    march(given.world, given.state, r.movement, r.weather, r.control, r.roads, r.wear, 0.0)


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
