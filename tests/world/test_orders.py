"""Orders and their conditions as arrays."""

from pathlib import Path

import numpy as np

from khingan.engine.state import GARRISON_CEASED, ORDER_IN_FORCE, PLACE_HELD
from khingan.scenario.gazetteer import resolve
from khingan.scenario.read import load
from khingan.scenario.vocabulary import LIFT_MODES, ORDER_KINDS
from khingan.world.compile import compile_world
from toy import change, write_toy_campaign
from worlds import far_east, far_east_world, toy_scenario


def test_conditions_are_compiled_term_by_term(tmp_path: Path) -> None:
    # o2 waits for order 0 and for side 0 in Bridge; o1 for side 0 in Post.
    scenario = toy_scenario(tmp_path)
    arrays = compile_world(scenario).arrays
    post, bridge = (resolve(scenario, name).cell for name in ("Post", "Bridge"))
    assert arrays.orders.condition_first.tolist() == [0, 1, 3]
    assert arrays.conditions.tolist() == [[PLACE_HELD, post, 0], [ORDER_IN_FORCE, 0, 0], [PLACE_HELD, bridge, 0]]


def test_a_ceased_garrison_is_a_condition_of_its_place(tmp_path: Path) -> None:
    change(write_toy_campaign(tmp_path), "orders.csv", "held:Post:SU", "ceased:Post")
    scenario = load(tmp_path)
    assert compile_world(scenario).arrays.conditions[0].tolist() == [
        GARRISON_CEASED, resolve(scenario, "Post").cell, 0
    ]  # fmt: skip


def test_an_army_stands_for_its_formations_in_the_field(tmp_path: Path) -> None:
    change(write_toy_campaign(tmp_path), "orders.csv", "jp-division,withdraw", "jp-army,withdraw")
    world = compile_world(load(tmp_path))
    # The garrison of the works is no field formation: it does not march off with its army.
    addressees = world.arrays.addressees[world.arrays.orders[1].addressee_first :]
    assert [world.names.formations[u] for u in addressees] == ["jp-division"]


def test_every_order_keeps_its_kind_plan_and_number_of_conditions() -> None:
    scenario, world = far_east(), far_east_world()
    orders = world.arrays.orders
    for number, order in enumerate(scenario.orders):
        assert ORDER_KINDS[orders[number].kind] == order.kind
        assert orders[number].plan == world.names.number("plans", order.plan)
        assert orders[number + 1].condition_first - orders[number].condition_first == len(order.condition)


def test_every_order_that_commands_reaches_somebody() -> None:
    """Kind none aside: an order whose addressees resolve to no formation would silently do nothing."""
    scenario, orders = far_east(), far_east_world().arrays.orders
    count = np.diff(orders.addressee_first)
    assert [o.order for o, n in zip(scenario.orders, count, strict=True) if n == 0 and o.kind != "none"] == []


def test_an_order_starts_at_its_hour_and_not_before_its_issue() -> None:
    scenario, world = far_east(), far_east_world()
    for order, hour in zip(scenario.orders, world.start_h.best, strict=True):
        issued = (order.issued - scenario.calendar.h_hour).total_seconds() / 3600
        assert hour >= issued, order.order


def test_a_lift_carries_its_own_formation_by_its_own_order() -> None:
    scenario, world = far_east(), far_east_world()
    for lift, compiled, hours in zip(scenario.lifts, world.arrays.lifts, world.passage_h.best, strict=True):
        assert world.names.orders[compiled.order] == lift.order
        assert world.names.formations[compiled.formation] == lift.formation
        assert LIFT_MODES[compiled.mode] == lift.mode
        assert hours == lift.load_h + lift.distance_km / lift.speed_kmh
