"""Routes: how many hours of march still lie between every cell and an objective, at planning rates."""

import numpy as np

from khingan.engine.compiled import kernel
from khingan.engine.movement import MovementRules, pace_over, set_pace
from khingan.engine.state import Array, World
from khingan.engine.supply import pop, push


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
def march_field(edges: Array, hours: Array, goal: int, field: Array, queue: Array) -> None:
    """Fill field (cell,): least hours from each cell to `goal` (Dijkstra, from the goal backwards)."""
    field[:] = np.inf
    field[goal] = 0.0
    size = push(queue, 0, goal, 0.0)
    while size > 0:
        cell, left = queue[0].cell, queue[0].cost
        size = pop(queue, size)
        if left > field[cell] + 1e-4:
            continue
        for edge in range(6):
            before = edges[cell, edge].neighbour
            if before < 0:
                continue
            for back in range(6):
                if edges[before, back].neighbour == cell:
                    through = left + hours[before, back]
                    if through < field[before] - 1e-4:
                        field[before] = through
                        size = push(queue, size, before, through)
