"""Roads: columns have a length, and a road, a pass or a crossing lets only so much of it through in a day."""

from typing import NamedTuple

from khingan.engine.compiled import kernel
from khingan.engine.state import NEVER, Array


class RoadsRules(NamedTuple):
    """Parameters of parameters/roads.yaml."""

    column: float
    closed_up: float
    vehicles_per_1000_men: Array  # (type,)
    vehicles_per_tank: float
    road_vehicles: Array  # (road,) a day
    beside_road: Array  # (ground,) a day
    mud_road: Array  # (road,) share left in deep mud
    pass_vehicles: float
    mud_pass: float
    crossing: float
    ferry_vehicles: Array  # (river,) a day
    bridging_h: Array  # (river,)
    pontoon_vehicles: float


@kernel
def column_of(roster: Array, forces: Array, rules: RoadsRules, u: int) -> float:
    """Vehicles to which formation u's column amounts: what takes as long to pass by as one lorry counts as one."""
    men = forces[u].men * 0.001 * rules.vehicles_per_1000_men[roster[u].kind]
    return rules.column * (men + forces[u].tanks * rules.vehicles_per_tank)


@kernel
def vehicles_per_day(
    edges: Array, land: Array, ground: Array, regions: Array, roads: Array, rules: RoadsRules,
    side: int, cell: int, edge: int, hour: float,
) -> float:  # fmt: skip
    """Vehicles that the edge lets through in 24 hours, on the road and beside it, less in mud.

    A pass has no room beside it. A river lets through what ferries and fords carry, or the road where a bridge stands
    (as in `movement.edge_hours`); some time after the first column came over, what a pontoon bridge carries.
    """
    road, beyond = edges[cell, edge].road, edges[cell, edge].neighbour
    mud = regions[land[beyond].region].mud
    if edges[cell, edge].mountain_pass:
        return rules.pass_vehicles * (1.0 - (1.0 - rules.mud_pass) * mud)
    on_road = rules.road_vehicles[road] * (1.0 - (1.0 - rules.mud_road[road]) * mud)
    beside = rules.beside_road[land[beyond].ground] * (1.0 - (1.0 - rules.mud_road[0]) * mud)
    river = edges[cell, edge].river
    if river == 0:
        return on_road + beside
    over = rules.crossing * rules.ferry_vehicles[river]
    if hour - roads[cell, edge].opened_h >= rules.bridging_h[river]:
        over = max(over, rules.crossing * rules.pontoon_vehicles)
    if road >= 2 and ground[beyond].owner == side:
        over = max(over, on_road)
    if regions[land[beyond].region].ice > 0.0:  # ice that bears is a bridge of any width
        over = max(over, regions[land[beyond].region].ice * (on_road + beside))
    return min(over, on_road + beside)


@kernel
def passage_hours(
    edges: Array, land: Array, ground: Array, regions: Array, roads: Array, rules: RoadsRules,
    side: int, cell: int, edge: int, vehicles: float, hour: float,
) -> float:  # fmt: skip
    """Hours until a column of so many vehicles has gone by the beginning of the edge.

    The formation itself counts as over when the share `closed_up` of it is: fighting troops march before their trains.
    """
    if vehicles <= 0.0:
        return 0.0
    return (
        24.0 * vehicles / vehicles_per_day(edges, land, ground, regions, roads, rules, side, cell, edge, hour)
    )  # fmt: skip


@kernel
def edge_time(need: float, rules: RoadsRules, passage: float, strung_h: float) -> float:
    """Hours until a formation counts as over an edge that its head needs `need` hours for.

    The longer of the march and the passage of its fighting part, less what its column is strung out already: a chain of
    narrow edges holds a column up once, at the narrowest.
    """
    return max(need, rules.closed_up * passage - strung_h)


@kernel
def queue_hours(roads: Array, cell: int, edge: int, vehicles: float, hour: float) -> float:
    """Hours that a column which is ready at `hour` waits for those that came before it."""
    if vehicles <= 0.0:
        return 0.0
    return max(0.0, roads[cell, edge].free_h - hour)


@kernel
def enter_road(roads: Array, cell: int, edge: int, hour: float, passage: float) -> None:
    """A column begins to move out over the edge at `hour`; nobody else follows until it has gone by."""
    roads[cell, edge].free_h = max(roads[cell, edge].free_h, hour + passage)
    if roads[cell, edge].opened_h >= NEVER:
        roads[cell, edge].opened_h = hour
