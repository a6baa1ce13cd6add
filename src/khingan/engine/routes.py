"""Routes: how many hours of march still lie between every cell and an objective, at planning rates."""

import numpy as np

from khingan.engine.buckets import BUCKETS, clear_buckets, put, take
from khingan.engine.compiled import kernel
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
def march_field(neighbours: Array, coming: Array, goal: int, field: Array, line: Array, heads: Array) -> None:
    """Fill field (cell,): least hours from each cell to `goal`, going backwards from the goal.

    neighbours (cell, edge) cell beyond, -1 none; coming (cell, edge) from `turn_round`; line and heads room for the
    queue. Shortest ways after Dijkstra (1959), an hour to a bucket.
    """
    clear_buckets(line, heads)
    field[:] = np.inf
    field[goal] = 0.0
    waiting, bucket = put(line, heads, goal, 0.0), 0
    while waiting > 0:
        cell = np.int64(heads[bucket])
        if cell < 0:
            bucket = (bucket + 1) & (BUCKETS - 1)
            continue
        waiting -= take(line, heads, cell)
        for edge in range(6):
            before = np.int64(neighbours[cell, edge])
            if before < 0:
                continue
            through = field[cell] + coming[cell, edge]
            if through < field[before]:
                field[before] = through
                waiting += put(line, heads, before, through)
