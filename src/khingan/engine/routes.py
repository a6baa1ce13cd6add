"""Routes: how many hours of march still lie between every cell and an objective, at planning rates."""

import numpy as np

from khingan.engine.buckets import clear_buckets, put
from khingan.engine.compiled import kernel
from khingan.engine.distances import spread_ways
from khingan.engine.movement import MovementRules, pace_over, set_pace
from khingan.engine.occupation import edge_towards
from khingan.engine.state import Array, World


@kernel
def plan_hours(world: World, rules: MovementRules, mobility: int, pace: Array, hours: Array) -> None:
    """Fill hours (cell, edge): dry march over each edge as a staff would reckon it, inf where there is no way.

    `pace` (mobility, road, ground) is room for the rates.
    """
    set_pace(rules, pace)
    for cell in range(hours.shape[0]):
        for edge in range(6):
            if world.edges[cell, edge].neighbour < 0:
                hours[cell, edge] = np.inf
                continue
            rate = pace_over(world.edges, world.land, rules, pace, mobility, cell, edge)
            crossing = rules.crossing_h[world.edges[cell, edge].river]
            hours[cell, edge] = world.edges[cell, edge].distance_km / rate * 24.0 + crossing


@kernel
def turn_round(edges: Array, hours: Array, coming: Array) -> None:
    """Fill coming (cell, edge): hours over an edge towards the cell, from hours (cell, edge) away from it."""
    for cell in range(hours.shape[0]):
        for edge in range(6):
            coming[cell, edge] = np.inf
            before = edges[cell, edge].neighbour
            if before >= 0:
                back = edge_towards(edges, before, cell)
                if back >= 0:
                    coming[cell, edge] = hours[before, back]


@kernel
def march_field(
    neighbours: Array, coming: Array, goal: int, field: Array, came: Array, line: Array, heads: Array
) -> None:
    """Fill field (cell,): least hours from each cell to `goal`, going backwards from the goal.

    coming (cell, edge) from `turn_round`; came (cell,) int32, line and heads room to work in; the rest, and the way of
    doing it, as in distances.py, an hour to a bucket.
    """
    clear_buckets(heads)
    field[:] = np.inf
    field[goal] = 0.0
    spread_ways(neighbours, coming, field, came, line, heads, put(line, heads, 0, goal, 0.0, 0.0), 1.0)


@kernel
def mark_nearer(near: Array, field: Array, nearer: Array) -> None:
    """Fill nearer (cell,) uint8: bit `edge` is set where the cell beyond lies nearer the goal of field (cell,)."""
    for cell in range(field.shape[0]):
        bits = np.int64(0)
        for edge in range(6):
            beyond = np.int64(near[cell, edge])
            if beyond >= 0 and field[beyond] < field[cell]:
                bits |= np.int64(1) << edge
        nearer[cell] = bits
