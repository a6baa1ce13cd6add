"""Supply: how far the trucks have to drive, what they bring, and who goes without."""

from typing import Any, NamedTuple

import numpy as np

from khingan.engine.buckets import put
from khingan.engine.compiled import kernel
from khingan.engine.distances import AHEAD, BARRED, find_ways, is_cut_off, lose_ways, spread_ways
from khingan.engine.fetching import fetch
from khingan.engine.railways import CAPTURED, FULL_GAUGE
from khingan.engine.state import NONE, Array, State, World

BUCKETS_PER_KM = 0.125  # of road; from cell to cell it is twenty and more, less by rail
STOPPED, BEGAN = 2, 3  # what the trains of a changed cell did


class SupplyRules(NamedTuple):
    """Parameters of parameters/supply.yaml."""

    truck_load_t: float
    truck_available: float
    truck_km_per_h: float
    driving_h: float
    loading_h: float
    trips_per_day: float
    truck_burn_t_per_km: float
    off_road_km: Array  # (ground,) road-equivalent km of a km without a road
    track_km: float
    rail_km: float
    pass_km: float
    sent_ahead: float
    foremost_share: float
    depot_days: float
    mixed_fuel: float
    mixed_ammunition: float
    depot_scale: float
    truck_scale: float


@kernel
def delivered_t_per_day(rules: SupplyRules, trucks: float, distance_km: float) -> float:
    """Tonnes a day that `trucks` bring over `distance_km`, less what they burn themselves.

    Turn-round: trips a day = min(limit, driving hours / (2 d / v + loading)); T24 of the model reference.
    """
    trips = min(rules.trips_per_day, rules.driving_h / (2.0 * distance_km / rules.truck_km_per_h + rules.loading_h))
    net = 1.0 - 2.0 * distance_km * rules.truck_burn_t_per_km / rules.truck_load_t
    return trucks * rules.truck_load_t * rules.truck_available * trips * max(0.0, net)


@kernel
def truck_km(edges: Array, land: Array, ground: Array, rules: SupplyRules, cell: int, edge: int) -> float:
    """Road-equivalent km of one edge between cells of one side; a railway counts where its trains run."""
    km = edges[cell, edge].distance_km
    beyond = edges[cell, edge].neighbour
    if edges[cell, edge].rail >= FULL_GAUGE and ground[cell].line and ground[beyond].line:
        return km * rules.rail_km
    road = edges[cell, edge].road
    if edges[cell, edge].mountain_pass:
        km *= rules.pass_km
    if road >= 2:
        return km
    if road == 1:
        return km * rules.track_km
    return km * rules.off_road_km[land[beyond].ground]


@kernel
def measure_supply(world: World, state: State, rules: SupplyRules) -> None:
    """Bring supply_km and supply_from of both sides up to date after what changed since the last time."""
    cells = state.ground.shape[0]
    whole = state.changes[cells] == cells
    if whole:
        begin_fields(world, state, rules)
    else:
        lay_new_costs(world, state, rules)
    for side in range(2):
        measure_side(world, state, side, whole)
    if not whole:
        for i in range(state.changes[cells]):
            state.ground[state.changes[i]].changed = 0
    state.changes[cells] = 0


@kernel
def begin_fields(world: World, state: State, rules: SupplyRules) -> None:
    """Reckon truck_km over all edges, as at H-hour, and cut off every cell of both sides' fields."""
    for cell in range(state.ground.shape[0]):
        for edge in range(6):
            lay_cost(world, state, rules, cell, edge)
        own = state.ground[cell].owner
        for side in range(2):
            state.supply_km[side, cell] = np.inf if side == own else BARRED
            state.supply_from[side, cell] = NONE
        state.ground[cell].hauls, state.ground[cell].changed = state.ground[cell].line > 0, 0


@kernel
def lay_new_costs(world: World, state: State, rules: SupplyRules) -> None:
    """Reckon truck_km over the edges on which trains began to run or stopped, and mark the cells by which it was."""
    count = state.changes[state.ground.shape[0]]
    for i in range(count):
        cell = state.changes[i]
        fetch(state.ground, state.changes[min(i + AHEAD, count - 1)])
        hauls = state.ground[cell].line > 0
        if hauls != state.ground[cell].hauls:
            lay_rails(world, state, rules, cell)
            state.ground[cell].hauls = hauls
            state.ground[cell].changed = BEGAN if hauls else STOPPED


@kernel
def lay_rails(world: World, state: State, rules: SupplyRules, cell: int) -> None:
    """Reckon truck_km anew over the railways of a cell, in both directions."""
    for edge in range(6):
        beyond = np.int64(world.near[cell, edge])
        if beyond < 0:
            continue
        back = np.int64(world.back[cell, edge])
        if max(world.edges[cell, edge].rail, world.edges[beyond, back].rail) >= FULL_GAUGE:
            lay_cost(world, state, rules, cell, edge)
            lay_cost(world, state, rules, beyond, back)


@kernel
def lay_cost(world: World, state: State, rules: SupplyRules, cell: int, edge: int) -> None:
    """Reckon truck_km over one edge, inf where it leads nowhere."""
    if world.near[cell, edge] >= 0:
        state.truck_km[cell, edge] = truck_km(world.edges, world.land, state.ground, rules, cell, edge)
    else:
        state.truck_km[cell, edge] = np.inf


@kernel
def measure_side(world: World, state: State, side: int, whole: bool) -> None:
    """Bring one side's field up to date: what hung below a cell that was lost is measured anew; all if it is `whole`.

    A cell whose trains stopped counts as lost and won again; one whose trains began only brings nearer what lies
    beyond it.
    """
    km, came, count = state.supply_km[side], state.supply_from[side], 0
    if not whole:
        count = lose_cells(state.ground, state.changes, km, came, side, state.doubtful)
        count = lose_ways(world.near, km, came, state.doubtful, count)
        count = gain_cells(state.ground, state.changes, km, side, state.doubtful, count)
    entries = 0
    for s in range(world.sources.shape[0]):
        cell = world.sources[s].cell
        if world.sources[s].side == side and km[cell] > 0.0:
            km[cell], came[cell] = 0.0, NONE
            entries = put(state.waiting, state.heads, entries, cell, km[cell], 0.0)
    entries = find_ways(
        world.near, world.back, state.truck_km, km, came, state.doubtful, count, state.waiting, state.heads,
        entries, BUCKETS_PER_KM,
    )  # fmt: skip
    spread_ways(world.near, state.truck_km, km, came, state.waiting, state.heads, entries, BUCKETS_PER_KM)


@kernel
def lose_cells(ground: Array, changes: Array, km: Array, came: Array, side: int, doubtful: Array) -> int:
    """Bar the cells that a side lost, cut off those of its own whose trains stopped, and list both; how many."""
    count = 0
    for i in range(changes[ground.shape[0]]):
        cell = changes[i]
        own = ground[cell].owner == side
        if own and ground[cell].changed != STOPPED:
            continue
        if not is_cut_off(km, cell):
            doubtful[count] = cell
            count += 1
        if km[cell] != BARRED:
            km[cell], came[cell] = np.inf if own else BARRED, NONE
    return count


@kernel
def gain_cells(ground: Array, changes: Array, km: Array, side: int, doubtful: Array, count: int) -> int:
    """Open the cells that a side won, and list them with those of its own whose trains began; how many are listed."""
    for i in range(changes[ground.shape[0]]):
        cell = changes[i]
        if ground[cell].owner == side:
            won, nearer = km[cell] == BARRED, ground[cell].changed == BEGAN and km[cell] < np.inf
            if won:
                km[cell] = np.inf
            if won or nearer:
                doubtful[count] = cell
                count += 1
    return count


@kernel
def way_to(
    edges: Array, ground: Array, sources: Array, came: Array, ways: Array, day: int, side: int, cell: Any
) -> None:
    """Fill ways[cell] for `day`: the source that supplies it, and km of captured railway on the way.

    came (cell,) is the row of supply_from of `side`; the cell must not be cut off. Every cell on the way is filled too,
    so that the next formation on the same road need not go all of it again.
    """
    here, captured = cell, 0.0
    while ways[here].day != day and came[here] >= 0:
        captured += captured_km(edges, ground, here, np.int64(came[here]))
        here = np.int64(came[here])
    if ways[here].day != day:
        ways[here].day, ways[here].source, ways[here].line_km = day, source_at(sources, side, here), 0.0
    source, captured = ways[here].source, captured + ways[here].line_km
    here = cell
    while ways[here].day != day:
        ways[here].day, ways[here].source, ways[here].line_km = day, source, captured
        if captured > 0.0:
            captured -= captured_km(edges, ground, here, np.int64(came[here]))
        here = np.int64(came[here])


@kernel
def source_at(sources: Array, side: int, cell: int) -> int:
    """The first source of a side in a cell, -1 none."""
    for s in range(sources.shape[0]):
        if sources[s].cell == cell and sources[s].side == side:
            return s
    return NONE


@kernel
def captured_km(edges: Array, ground: Array, cell: int, before: int) -> float:
    """Km of railway between two cells beside each other on which captured trains run."""
    if ground[cell].line < CAPTURED or min(ground[cell].line, ground[before].line) != CAPTURED:
        return 0.0
    return railway_km(edges, cell, before)


@kernel
def railway_km(edges: Array, cell: int, other: int) -> float:
    """Km of railway from a cell to one beside it, 0 where there is none."""
    for edge in range(6):
        if edges[cell, edge].neighbour == other and edges[cell, edge].rail >= FULL_GAUGE:
            return edges[cell, edge].distance_km
    return 0.0
