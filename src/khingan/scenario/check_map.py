"""Checks against the map: formations stand on land, places in use have a cell, plans can be marched."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from khingan.evidence.record import Row
from khingan.scenario.draft import Draft
from khingan.scenario.gazetteer import RINGS, LandCells
from khingan.scenario.schema import Army, Calendar, Formation, Lift, Order, Place, Supply, Terrain, Works

# Bodies that stand in no cell of their own: they fly, sail, or wait in a port or on an airfield to be carried.
OFF_LAND = ("air", "lift")
CARRIED = "landing"


def check_map(draft: Draft) -> None:
    """Note what the map does not bear out."""
    if draft.terrain is None or draft.calendar is None:
        return
    land = LandCells(draft.terrain, draft.calendar.resolution)
    cells = {place.name: land.nearest(place.lat, place.lon) for place in draft.rows(Place)}
    _check_formations_on_land(draft, land, cells)
    _check_places(draft, draft.calendar, cells)
    for works in draft.rows(Works):
        if land.nearest(works.lat, works.lon) is None:
            draft.report(works, "lat", _at_sea(works.name, works), "mend its coordinates, or extend the terrain")
    _check_paths(draft, land, cells)


def _at_sea(name: str, row: Formation | Works) -> str:
    return f"'{name}' at {row.lat:g},{row.lon:g} has no land cell within {RINGS} rings"


def _check_formations_on_land(draft: Draft, land: LandCells, cells: dict[str, tuple[int, int] | None]) -> None:
    for formation in draft.rows(Formation):
        in_port = formation.role == CARRIED and formation.place in cells
        if formation.off_map or formation.role in OFF_LAND or in_port:
            continue
        if land.nearest(formation.lat, formation.lon) is None:
            remedy = "mend its coordinates, or write the reason in off_map"
            draft.report(formation, "lat", _at_sea(formation.formation, formation), remedy)


def _check_places(draft: Draft, calendar: Calendar, cells: dict[str, tuple[int, int] | None]) -> None:
    """A place that the campaign uses lies inside the extent and on land."""
    used: dict[str, Row] = {}
    for name, row in _uses(draft):
        used.setdefault(name, row)
    extent = calendar.extent
    for place in draft.rows(Place):
        if place.name not in used:
            continue
        by = f"used in {used[place.name].file}:{used[place.name].line}"
        if not (extent.south <= place.lat <= extent.north and extent.west <= place.lon <= extent.east):
            what = f"'{place.name}' lies outside the extent of campaign.yaml ({by})"
            draft.report(place, "lat", what, "mend its coordinates or the extent, or use another place")
        elif cells[place.name] is None:
            what = f"'{place.name}' has no land cell within {RINGS} rings ({by})"
            draft.report(place, "lat", what, "mend its coordinates, or extend the terrain")


def _uses(draft: Draft) -> Iterator[tuple[str, Row]]:
    """Names of places on which something in the campaign depends, with the row that does."""
    for plan in draft.plans:
        yield from ((leg, plan) for leg in plan.legs)
    on_map = {formation.army for formation in draft.rows(Formation) if not formation.off_map}
    for army in draft.rows(Army):
        if army.army in on_map:
            yield army.headquarters, army
    for formation in draft.rows(Formation):
        if not formation.off_map:
            yield formation.fallback, formation
    for lift in draft.rows(Lift):
        yield lift.destination, lift
    for order in draft.rows(Order):
        if order.kind != "none":
            yield order.objective, order
        yield from ((term.split(":")[1].strip(), order) for term in order.condition if term.startswith("held:"))
    for supply in draft.rows(Supply):
        yield supply.place, supply


def _check_paths(draft: Draft, land: LandCells, cells: dict[str, tuple[int, int] | None]) -> None:
    """Each leg of a plan can be walked to from the leg before it, the first from where its formations stand."""
    assert draft.terrain
    bodies = _land_bodies(draft.terrain)
    reached = {name: int(bodies[found[0]]) for name, found in cells.items() if found}
    for plan in draft.plans:
        legs = [leg for leg in plan.legs if leg in reached]
        for before, leg in pairwise(legs):
            if reached[before] != reached[leg]:
                what = f"plan '{plan.key}' has no path on foot from {before} to {leg}"
                draft.report(plan, "legs", what, "part the plan at the water, and carry the formation by a lift")
    first_legs = {plan.key: plan.legs[0] for plan in draft.plans}
    landed_at = {lift.formation: lift.destination for lift in draft.rows(Lift)}
    for formation in draft.rows(Formation):
        leg = first_legs.get(formation.plan, "")
        start = _start_body(formation, land, bodies, landed_at, reached)
        if leg in reached and start is not None and start != reached[leg]:
            what = f"'{formation.formation}' has no path on foot to {leg}, the first leg of plan '{formation.plan}'"
            draft.report(formation, "plan", what, "name another plan, or carry the formation by a lift")


def _start_body(
    formation: Formation, land: LandCells, bodies: np.ndarray, landed_at: dict[str, str], reached: dict[str, int]
) -> int | None:  # fmt: skip
    """The land body on which a formation begins to march; None where it does not march."""
    if formation.off_map or formation.role in OFF_LAND:
        return None
    if formation.role == CARRIED and formation.formation in landed_at:
        return reached.get(landed_at[formation.formation])
    found = land.nearest(formation.lat, formation.lon)
    return int(bodies[found[0]]) if found else None


def _land_bodies(terrain: Terrain) -> np.ndarray:
    """The number of the body of land each cell belongs to; straits part bodies."""
    count = len(terrain.cells["cell"])
    open_edges = ~terrain.edges["blocked"]
    a, b = terrain.edges["a"][open_edges], terrain.edges["b"][open_edges]
    graph = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(count, count))
    return connected_components(graph, directed=False)[1]
