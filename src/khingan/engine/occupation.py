"""Who stands where: counts and lists by cell, rebuilt twice a step and kept true in between."""

from khingan.engine.compiled import kernel
from khingan.engine.state import FIELD, GARRISON, LANDING, NONE, PRESENT, State, World


@kernel
def moves_as_a_body(role: int) -> bool:
    """True for formations that march and hold ground in the field."""
    return role == FIELD or role == LANDING


@kernel
def count(world: World, state: State, u: int, sign: int) -> None:
    """Add (sign 1) formation u to the counts of its cell, or take it away (sign -1), if it would fight."""
    forces, ground = state.forces, state.ground
    cell, side, role = forces[u].place, world.roster[u].side, world.roster[u].role
    if cell < 0 or forces[u].status != PRESENT or forces[u].passive:
        return
    if moves_as_a_body(role):
        ground[cell].defenders[side] += sign
        ground[cell].men[side] = max(0.0, ground[cell].men[side] + sign * forces[u].men)
    elif role == GARRISON:
        ground[cell].garrisons[side] += sign


@kernel
def take_stock(world: World, state: State) -> None:
    """Rebuild the counts, and the list of formations standing in each cell (stand_head, stand_next)."""
    forces, ground = state.forces, state.ground
    for cell in range(ground.shape[0]):
        ground[cell].stand_head = NONE
        for side in range(2):
            ground[cell].defenders[side] = 0
            ground[cell].garrisons[side] = 0
            ground[cell].men[side] = 0.0
    for u in range(state.forces.shape[0] - 1, -1, -1):
        cell = forces[u].place
        if cell >= 0 and forces[u].status == PRESENT:
            state.forces[u].stand_next = state.ground[cell].stand_head
            state.ground[cell].stand_head = u
            count(world, state, u, 1)


@kernel
def edge_towards(world: World, cell: int, other: int) -> int:
    """The edge of `cell` beyond which `other` lies, -1 when they do not touch."""
    for edge in range(6):
        if world.edges[cell, edge].neighbour == other:
            return edge
    return NONE
