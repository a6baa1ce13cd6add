"""Clearing: formations told to destroy the enemy do not stop at the last place of their plan."""

from khingan.engine.compiled import kernel
from khingan.engine.state import NONE, Array, State, World


@kernel
def edge_to_clear(world: World, state: State, u: int) -> int:
    """The edge by which formation u, its plan done, goes for the nearest enemy that still fights, -1 none.

    First a neighbouring cell in which he stands, the weakest first; else an empty one beside such a cell: it sees two
    cells far. It keeps off ground that is closed to it. Leaves out: agreement on who attacks whom.
    """
    side, cell = world.roster[u].side, state.forces[u].place
    best, fewest = NONE, 0.0
    for edge in range(6):
        beyond = world.edges[cell, edge].neighbour
        if beyond < 0 or world.land[beyond].closed[side]:
            continue
        if is_barred(state.ground, side, beyond):
            men = state.ground[beyond].men[1 - side]
            if best == NONE or men < fewest:
                best, fewest = edge, men
    return best if best != NONE else edge_beside(world, state, side, cell)


@kernel
def edge_beside(world: World, state: State, side: int, cell: int) -> int:
    """The edge over which an empty cell beside the enemy lies, -1 none."""
    for edge in range(6):
        beyond = world.edges[cell, edge].neighbour
        if beyond < 0 or world.land[beyond].closed[side] or state.ground[beyond].men[side] > 0.0:
            continue
        for further in range(6):
            there = world.edges[beyond, further].neighbour
            if there >= 0 and not world.land[there].closed[side] and is_barred(state.ground, side, there):
                return edge
    return NONE


@kernel
def is_barred(ground: Array, side: int, cell: int) -> bool:
    """True where the other side would have to be fought before `side` may enter the cell."""
    other = 1 - side
    if ground[cell].defenders[other] > 0:
        return True
    return ground[cell].garrisons[other] > 0 and ground[cell].owner == other and ground[cell].entered == 0
