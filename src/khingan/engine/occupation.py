"""Who stands where: counts and lists by cell, rebuilt twice a step and kept true in between."""

from khingan.engine.compiled import kernel
from khingan.engine.fetching import fetch
from khingan.engine.state import FIELD, GARRISON, LANDING, NONE, PRESENT, Array

AHEAD = 6  # formations further on whose cells are brought near


@kernel
def moves_as_a_body(role: int) -> bool:
    """True for formations that march and hold ground in the field."""
    return role == FIELD or role == LANDING


@kernel
def count_in(roster: Array, forces: Array, ground: Array, u: int) -> None:
    """Add formation u to the counts of its cell if it would fight for it."""
    cell, side, role = forces[u].place, roster[u].side, roster[u].role
    if cell < 0 or forces[u].status != PRESENT or forces[u].passive:
        return
    if moves_as_a_body(role):
        ground[cell].defenders[side] += 1
        ground[cell].men[side] += forces[u].men
    elif role == GARRISON:
        ground[cell].garrisons[side] += 1
    else:
        return
    forces[u].counted = cell
    forces[u].counted_men = forces[u].men


@kernel
def count_out(roster: Array, forces: Array, ground: Array, u: int) -> None:
    """Take formation u out of the counts of the cell it was counted in."""
    cell, side = forces[u].counted, roster[u].side
    if cell < 0:
        return
    forces[u].counted = NONE
    if roster[u].role == GARRISON:
        ground[cell].garrisons[side] -= 1
        return
    ground[cell].defenders[side] -= 1
    # Sums of men are rounded; an empty cell holds exactly nobody.
    left = ground[cell].men[side] - forces[u].counted_men
    ground[cell].men[side] = left if ground[cell].defenders[side] > 0 else 0.0


@kernel
def take_stock(roster: Array, forces: Array, ground: Array) -> None:
    """Count every formation anew and list those that stand in each cell (stand_head, stand_next).

    Only cells in which somebody is counted or listed are touched; the rest of the map is empty already.
    """
    last = forces.shape[0] - 1
    for u in range(last + 1):
        fetch(ground, forces[min(u + AHEAD, last)].listed)
        if forces[u].counted >= 0:
            empty(ground, forces[u].counted)
        if forces[u].listed >= 0:
            ground[forces[u].listed].stand_head = NONE
    for u in range(last, -1, -1):
        cell = forces[u].place
        fetch(ground, forces[max(u - AHEAD, 0)].place)
        forces[u].counted, forces[u].listed = NONE, NONE
        if cell >= 0 and forces[u].status == PRESENT:
            forces[u].listed = cell
            forces[u].stand_next = ground[cell].stand_head
            ground[cell].stand_head = u
            count_in(roster, forces, ground, u)


@kernel
def empty(ground: Array, cell: int) -> None:
    """Nobody is counted in the cell."""
    for side in range(2):
        ground[cell].defenders[side], ground[cell].garrisons[side], ground[cell].men[side] = 0, 0, 0.0


@kernel
def rest_of_way(left_km: float, km: float) -> float:
    """What is left of a retreat after a cell of so many km; nothing when one more like it would overshoot by more."""
    left = left_km - km
    return left if left > 0.5 * km else 0.0


@kernel
def edge_towards(edges: Array, cell: int, other: int) -> int:
    """The edge of `cell` beyond which `other` lies, -1 when they do not touch."""
    for edge in range(6):
        if edges[cell, edge].neighbour == other:
            return edge
    return NONE
