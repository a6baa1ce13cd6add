"""Supply: how far the trucks have to drive, what they bring, and who goes without."""

from typing import NamedTuple

import numpy as np

from khingan.engine.compiled import kernel
from khingan.engine.railways import CAPTURED, FULL_GAUGE
from khingan.engine.state import NONE, Array, State, World


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
def truck_km(edges: Array, land: Array, ground: Array, rules: SupplyRules, side: int, cell: int, edge: int) -> float:
    """Road-equivalent km of one edge between cells of `side`; a railway counts where its trains run."""
    km = edges[cell, edge].distance_km
    beyond = edges[cell, edge].neighbour
    if edges[cell, edge].rail >= FULL_GAUGE and ground[cell].line and ground[beyond].line:
        if ground[cell].owner == side and ground[beyond].owner == side:
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
def push(queue: Array, size: int, cell: int, cost: float) -> int:
    """Add to a binary heap ordered by cost; the new size."""
    i = size
    while i > 0:
        parent = (i - 1) // 2
        if queue[parent].cost <= cost:
            break
        queue[i].cell, queue[i].cost = queue[parent].cell, queue[parent].cost
        i = parent
    queue[i].cell, queue[i].cost = cell, cost
    return size + 1


@kernel
def pop(queue: Array, size: int) -> int:
    """Drop the cheapest of a binary heap (index 0); the new size."""
    size -= 1
    cell, cost = queue[size].cell, queue[size].cost
    i = 0
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        if child + 1 < size and queue[child + 1].cost < queue[child].cost:
            child += 1
        if queue[child].cost >= cost:
            break
        queue[i].cell, queue[i].cost = queue[child].cell, queue[child].cost
        i = child
    queue[i].cell, queue[i].cost = cell, cost
    return size


@kernel
def measure_supply(world: World, state: State, rules: SupplyRules) -> None:
    """Bring ground.supply_km of both sides up to date after what changed hands since the last time."""
    for side in range(2):
        count = doubt(world.edges, state.ground, state.changes, state.doubtful, side)
        size = reach_again(
            world.edges, world.land, world.sources, state.ground, state.queue, state.doubtful, rules, side, count
        )
        spread_supply(world.edges, world.land, state.ground, state.queue, rules, side, size)
    cells = state.ground.shape[0]
    for i in range(state.changes[cells]):
        state.ground[state.changes[i]].changed = 0
    state.changes[cells] = 0


@kernel
def doubt(edges: Array, ground: Array, changes: Array, doubtful: Array, side: int) -> int:
    """List the cells whose shortest way may be gone: those that changed hands and all that hung below them.

    The field is a tree of shortest ways, so what hung below a cell are its neighbours that are supplied through it.
    """
    count = 0
    for i in range(changes[ground.shape[0]]):
        cell = changes[i]
        ground[cell].supply_mark = 1
        doubtful[count] = cell
        count += 1
    i = 0
    while i < count:
        cell = doubtful[i]
        ground[cell].supply_km[side], ground[cell].supply_from[side] = np.inf, NONE
        for edge in range(6):
            beyond = edges[cell, edge].neighbour
            if beyond >= 0 and ground[beyond].supply_from[side] == cell and not ground[beyond].supply_mark:
                ground[beyond].supply_mark = 1
                doubtful[count] = beyond
                count += 1
        i += 1
    for i in range(count):
        ground[doubtful[i]].supply_mark = 0
    return count


@kernel
def reach_again(
    edges: Array,
    land: Array,
    sources: Array,
    ground: Array,
    queue: Array,
    doubtful: Array,
    rules: SupplyRules,
    side: int,
    count: int,
) -> int:
    """Measure doubtful cells from sources and from neighbours still supplied, and queue them; the queue's size."""
    ground, queue, size = ground, queue, 0
    for s in range(sources.shape[0]):
        cell = sources[s].cell
        if sources[s].side == side and ground[cell].owner == side and ground[cell].supply_km[side] > 0.0:
            ground[cell].supply_km[side], ground[cell].supply_from[side] = 0.0, NONE
            size = push(queue, size, cell, 0.0)
    for i in range(count):
        cell = doubtful[i]
        if ground[cell].owner == side and ground[cell].supply_km[side] > 0.0:
            size = reach_from_neighbours(edges, land, ground, queue, rules, side, cell, size)
    return size


@kernel
def reach_from_neighbours(
    edges: Array, land: Array, ground: Array, queue: Array, rules: SupplyRules, side: int, cell: int, size: int
) -> int:
    """Measure one cell from its neighbours, and queue it when one of them is supplied; the queue's new size."""
    for edge in range(6):
        before = edges[cell, edge].neighbour
        if before < 0 or ground[before].owner != side or np.isinf(ground[before].supply_km[side]):
            continue
        for back in range(6):
            if edges[before, back].neighbour == cell:
                through = ground[before].supply_km[side] + truck_km(edges, land, ground, rules, side, before, back)
                if through < ground[cell].supply_km[side] - 1e-9:
                    ground[cell].supply_km[side], ground[cell].supply_from[side] = through, before
    if np.isinf(ground[cell].supply_km[side]):
        return size
    return push(queue, size, cell, ground[cell].supply_km[side])


@kernel
def spread_supply(
    edges: Array, land: Array, ground: Array, queue: Array, rules: SupplyRules, side: int, size: int
) -> None:
    """Carry the queued distances outward over the side's own cells (Dijkstra)."""
    while size > 0:
        cell, km = queue[0].cell, queue[0].cost
        size = pop(queue, size)
        if km > ground[cell].supply_km[side]:
            continue
        for edge in range(6):
            beyond = edges[cell, edge].neighbour
            if beyond < 0 or ground[beyond].owner != side:
                continue
            through = km + truck_km(edges, land, ground, rules, side, cell, edge)
            if through < ground[beyond].supply_km[side] - 1e-9:
                ground[beyond].supply_km[side], ground[beyond].supply_from[side] = through, cell
                size = push(queue, size, beyond, through)


@kernel
def way_to(edges: Array, ground: Array, side: int, cell: int) -> tuple[int, float]:
    """(cell of the source that supplies `cell`, km of captured railway on the way); -1 where it is cut off."""
    if np.isinf(ground[cell].supply_km[side]):
        return NONE, 0.0
    captured = 0.0
    before = ground[cell].supply_from[side]
    while before >= 0:
        if min(ground[cell].line, ground[before].line) == CAPTURED:
            captured += railway_km(edges, cell, before)
        cell = before
        before = ground[cell].supply_from[side]
    return cell, captured


@kernel
def railway_km(edges: Array, cell: int, other: int) -> float:
    """Km of railway from a cell to one beside it, 0 where there is none."""
    for edge in range(6):
        if edges[cell, edge].neighbour == other and edges[cell, edge].rail >= FULL_GAUGE:
            return edges[cell, edge].distance_km
    return 0.0
