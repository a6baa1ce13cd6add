"""Supply: how far the trucks have to drive, what they bring, and who goes without."""

from typing import NamedTuple

import numpy as np

from khingan.engine.air import hindrance
from khingan.engine.compiled import kernel
from khingan.engine.state import MOTOR, NONE, PRESENT, Array, Reading, State, World
from khingan.engine.weather import WeatherRules


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


@kernel
def delivered_t_per_day(rules: SupplyRules, trucks: float, distance_km: float) -> float:
    """Tonnes a day that `trucks` bring over `distance_km`, less what they burn themselves.

    Turn-round: trips a day = min(limit, driving hours / (2 d / v + loading)); T24 of the model reference.
    """
    trips = min(rules.trips_per_day, rules.driving_h / (2.0 * distance_km / rules.truck_km_per_h + rules.loading_h))
    net = 1.0 - 2.0 * distance_km * rules.truck_burn_t_per_km / rules.truck_load_t
    return trucks * rules.truck_load_t * rules.truck_available * trips * max(0.0, net)


@kernel
def truck_km(edges: Array, land: Array, rules: SupplyRules, side: int, cell: int, edge: int) -> float:
    """Road-equivalent km of one edge; railways count where they are the side's own from the beginning."""
    km = edges[cell, edge].distance_km
    beyond = edges[cell, edge].neighbour
    if edges[cell, edge].rail and land[cell].owner == side and land[beyond].owner == side:
        return km * rules.rail_km
    road = edges[cell, edge].road
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
                through = ground[before].supply_km[side] + truck_km(edges, land, rules, side, before, back)
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
            through = km + truck_km(edges, land, rules, side, cell, edge)
            if through < ground[beyond].supply_km[side] - 1e-9:
                ground[beyond].supply_km[side], ground[beyond].supply_from[side] = through, cell
                size = push(queue, size, beyond, through)


@kernel
def wants(read: Array, forces: Array, roster: Array, u: int, what: int) -> float:
    """Tonnes of fuel (what 0) or ammunition (1) that formation u lacks of its full load."""
    if forces[u].status != PRESENT or forces[u].place < 0:
        return 0.0
    if what == 0:
        if roster[u].mobility < MOTOR:
            return 0.0
        return max(0.0, read[u].fuel_carried - forces[u].fuel) * read[u].refill_t
    return max(0.0, read[u].ammunition_carried - forces[u].ammunition) * read[u].unit_of_fire_t


@kernel
def add_up_needs(roster: Array, read: Array, forces: Array, ground: Array, armies: Array) -> None:
    """Fill each army's fuel_t, ammunition_t and tonne_km: what is asked for where it can still be reached."""
    for army in range(armies.shape[0]):
        armies[army].fuel_t, armies[army].ammunition_t, armies[army].tonne_km = 0.0, 0.0, 0.0
    for u in range(forces.shape[0]):
        place = forces[u].place
        if place < 0:
            continue
        km = ground[place].supply_km[roster[u].side]
        if np.isinf(km):
            continue
        fuel = wants(read, forces, roster, u, 0)
        ammunition = wants(read, forces, roster, u, 1)
        army = roster[u].army
        armies[army].fuel_t += fuel
        armies[army].ammunition_t += ammunition
        armies[army].tonne_km += km * (fuel + ammunition)


@kernel
def issue_supplies(
    world: World, reading: Reading, state: State, rules: SupplyRules, weather: WeatherRules, days: float
) -> None:
    """The army's trucks bring fuel first, then ammunition, each formation its share of what it lacks.

    Mud and raids from the air slow the columns. Leaves out: rations and water, depots that run dry, rail restored
    behind the front.
    """
    add_up_needs(world.roster, reading.formations, state.forces, state.ground, state.armies)
    mud = mean_mud(state.regions)
    for u in range(state.forces.shape[0]):
        place = state.forces[u].place
        if place < 0 or np.isinf(state.ground[place].supply_km[world.roster[u].side]):
            continue
        army = world.roster[u].army
        asked = state.armies[army].fuel_t + state.armies[army].ammunition_t
        if asked <= 0.0:
            continue
        trucks = reading.armies[army].trucks * (1.0 - (1.0 - weather.mud_trucks) * mud)
        lift = delivered_t_per_day(rules, trucks, state.armies[army].tonne_km / asked) * days
        lift *= 1.0 - hindrance(world.land, world.roster, state.forces, state.regions, u)
        fuel_share = min(1.0, lift / max(1e-9, state.armies[army].fuel_t))
        left = max(0.0, lift - state.armies[army].fuel_t)
        ammunition_share = min(1.0, left / max(1e-9, state.armies[army].ammunition_t))
        fuel = wants(reading.formations, state.forces, world.roster, u, 0)
        if fuel > 0.0:
            state.forces[u].fuel += fuel_share * fuel / reading.formations[u].refill_t
        ammunition = wants(reading.formations, state.forces, world.roster, u, 1)
        if ammunition > 0.0:
            state.forces[u].ammunition += ammunition_share * ammunition / reading.formations[u].unit_of_fire_t


@kernel
def mean_mud(regions: Array) -> float:
    """Mud averaged over the regions, 0..1."""
    total = 0.0
    for region in range(regions.shape[0]):
        total += regions[region].mud
    return total / max(1, regions.shape[0])


@kernel
def fly_fuel(
    roster: Array, read: Array, read_armies: Array, forces: Array, regions: Array, weather: WeatherRules, days: float
) -> None:
    """Transport aircraft bring an army's daily tonnage to its formations that stand without fuel, by what they lack."""
    for army in range(read_armies.shape[0]):
        if read_armies[army].airlift_t <= 0.0:
            continue
        asked = 0.0
        for u in range(forces.shape[0]):
            if roster[u].army == army and forces[u].halted:
                asked += wants(read, forces, roster, u, 0)
        if asked <= 0.0:
            continue
        flown = read_armies[army].airlift_t * days * (1.0 - (1.0 - weather.wet_air) * mean_mud(regions))
        share = min(1.0, flown / asked)
        for u in range(forces.shape[0]):
            if roster[u].army == army and forces[u].halted:
                lacking = wants(read, forces, roster, u, 0)
                if lacking > 0.0:
                    forces[u].fuel += share * lacking / read[u].refill_t


@kernel
def count_halts(roster: Array, step_hours: float, forces: Array, armies: Array) -> None:
    """Add to each army's halted_hours the share of its motor formations that stood without fuel in this step."""
    for army in range(armies.shape[0]):
        armies[army].motor, armies[army].halted = 0.0, 0.0
    for u in range(forces.shape[0]):
        if roster[u].mobility >= MOTOR and is_on_the_road(forces, u):
            armies[roster[u].army].motor += 1.0
            armies[roster[u].army].halted += forces[u].halted
    for army in range(armies.shape[0]):
        if armies[army].motor > 0.0:
            armies[army].halted_hours += step_hours * armies[army].halted / armies[army].motor


@kernel
def is_on_the_road(forces: Array, u: int) -> bool:
    """True for a formation on the map that has a plan to follow."""
    return forces[u].status == PRESENT and forces[u].place >= 0 and forces[u].plan != NONE
