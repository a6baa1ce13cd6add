"""March hours to every objective of a plan or a retreat."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from khingan.scenario.gazetteer import resolve
from khingan.scenario.read import load
from khingan.scenario.vocabulary import MOBILITIES
from khingan.world.compile import World, compile_world
from toy import write_toy_campaign
from worlds import far_east, far_east_world, toy_world


def first_leg_hours(world: World, formation: int, plan: int) -> np.ndarray:
    """March hours of a formation to the first leg of a plan, by cell."""
    arrays = world.arrays
    objective = arrays.legs[arrays.plans[plan].first]
    row = arrays.objectives[objective].route[world.muster.roster[formation].mobility]
    assert row >= 0, world.names.formations[formation]
    return arrays.hours[row]


def test_from_every_cell_with_a_way_some_neighbour_is_nearer() -> None:
    """Else a column would stand still short of its objective; 0 at the objective itself, and only there."""
    arrays = far_east_world().arrays
    neighbour = np.where(arrays.edges.neighbour >= 0, arrays.edges.neighbour, 0)
    for objective in arrays.objectives:
        for row in objective.route[objective.route >= 0]:
            hours = arrays.hours[row]
            beyond = np.where(arrays.edges.neighbour >= 0, hours[neighbour], np.inf).min(axis=1)
            assert np.flatnonzero(hours == 0).tolist() == [objective.cell]
            assert (beyond < hours)[np.isfinite(hours) & (hours > 0)].all()


def test_what_no_road_leads_to_is_infinitely_far(tmp_path: Path) -> None:
    # With every crossing of the river blocked, Easton (131.55 E) cannot be marched to from west of 131.3 E.
    path = write_toy_campaign(tmp_path) / "terrain" / "edges.parquet"
    edges = pq.read_table(path)
    crosses = [river == "small" for river in edges["river"].to_pylist()]
    pq.write_table(edges.set_column(edges.column_names.index("blocked"), "blocked", [crosses]), path)
    for file, old, new in (("plans.yaml", "Post, Bridge, Easton", "Post"), ("places.csv", "45.0,131.37", "45.0,131.2")):
        text = (tmp_path / file).read_text()
        (tmp_path / file).write_text(text.replace(old, new))
    scenario = load(tmp_path)
    arrays = compile_world(scenario).arrays
    easton = resolve(scenario, "Easton").cell
    row = next(o.route[0] for o in arrays.objectives if o.cell == easton)
    west = scenario.terrain.cells["lon"] < 131.3
    assert np.isinf(arrays.hours[row][west]).all()
    assert np.isfinite(arrays.hours[row][~west]).all()


def test_a_kilometre_of_road_costs_less_than_a_kilometre_of_field(tmp_path: Path) -> None:
    """The toy is flat farmland throughout, so the road alone can make the difference."""
    world = toy_world(tmp_path)
    hours, edges = first_leg_hours(world, world.names.number("formations", "su-division"), 0), world.arrays.edges
    dearest = {}
    for road in (0, 2):  # none, road
        here, edge = np.nonzero((edges.neighbour >= 0) & (edges.road == road) & (edges.river == 0))
        step = np.abs(hours[here] - hours[edges.neighbour[here, edge]])
        dearest[road] = np.max(step / edges.distance_km[here, edge])
    assert dearest[2] < dearest[0]


def test_every_formation_with_a_plan_can_reach_its_first_leg() -> None:
    """From every cell where a reading may put it; landing parties from where their lift sets them ashore.

    River ships follow fairways, which are laid whole or not at all.
    """
    world = far_east_world()
    arrays, muster = world.arrays, world.muster
    ashore = {lift.formation: lift.destination for lift in arrays.lifts}
    for u, body in enumerate(far_east().formations):
        if muster.roster[u].plan < 0 or body.off_map or body.role == "lift":
            continue
        cells = [ashore[u]] if body.role == "landing" else [muster.start[u], *muster.start_choices[u]]
        hours = first_leg_hours(world, u, muster.roster[u].plan)
        assert np.isfinite(hours[cells]).all(), (body.formation, body.plan)


def test_every_plan_that_an_order_hands_out_has_a_route_for_its_addressees() -> None:
    """An addressee without march hours of its mobility would stand still for ever."""
    world = far_east_world()
    arrays = world.arrays
    for order, after in zip(arrays.orders[:-1], arrays.orders[1:], strict=True):
        for u in arrays.addressees[order.addressee_first : after.addressee_first] if order.plan >= 0 else ():
            assert np.isfinite(first_leg_hours(world, u, order.plan)).any()
    assert MOBILITIES[0] == "foot"  # lines of retreat are laid for foot alone
    assert (arrays.objectives.route[world.muster.roster.fallback, 0] >= 0).all()
