"""Control: which side holds a cell, and when it passed."""

from typing import NamedTuple

import numpy as np

from khingan.engine.bits import lowest
from khingan.engine.compiled import kernel
from khingan.engine.distances import is_cut_off
from khingan.engine.fetching import fetch
from khingan.engine.occupation import AHEAD, moves_as_a_body
from khingan.engine.state import NEVER, PRESENT, Array, State, World


class ControlRules(NamedTuple):
    """Parameters of parameters/control.yaml."""

    holding_men: float
    holding_share: float
    beside_route_h: float
    cut_off_h: float
    reach_km: float


@kernel
def note_change(ground: Array, changes: Array, cell: int) -> None:
    """Put the cell on the list of those that changed since supply was last measured, once."""
    if not ground[cell].changed:
        ground[cell].changed = 1
        changes[changes[ground.shape[0]]] = cell
        changes[ground.shape[0]] += 1


@kernel
def take_cell(control_side: int, ground: Array, changes: Array, cell: int, side: int, hour: float) -> None:
    """The cell passes to `side` at `hour`; the first time for the control side is kept.

    Ground that was its own at H-hour counts from when it was won back.
    """
    if ground[cell].owner == side:
        return
    ground[cell].owner = side
    note_change(ground, changes, cell)
    ground[cell].entered = 0
    ground[cell].penetration_km = 0.0
    if side == control_side and hour < ground[cell].first_h:
        ground[cell].first_h = hour
    elif side != control_side and ground[cell].first_h == 0.0:
        ground[cell].first_h = NEVER


@kernel
def occupy(
    roster: Array,
    control_side: int,
    forces: Array,
    ground: Array,
    changes: Array,
    rules: ControlRules,
    u: int,
    hour: float,
) -> None:
    """Formation u takes the cell it stands in, if it is strong enough to hold it and nobody bars the way."""
    hold(roster, control_side, forces, ground, changes, rules, roster[u].side, forces[u].place, forces[u].men, hour)


@kernel
def hold(
    roster: Array, control_side: int, forces: Array, ground: Array, changes: Array, rules: ControlRules,
    side: int, cell: int, men: float, hour: float,
) -> None:  # fmt: skip
    """A party of `men` takes the cell, if it is strong enough to hold it and nobody bars the way.

    A masked garrison keeps its works, not the cell. Enemies who obey a cease-fire do not bar the way, but a small
    party among many of them holds nothing until they have laid down their arms.
    """
    if men < rules.holding_men or ground[cell].defenders[1 - side] > 0:
        return
    if ground[cell].owner == side:
        if ground[cell].route_km > 0.0:
            ground[cell].route_km = 0.0
            note_change(ground, changes, cell)
    elif men >= rules.holding_share * yielding(roster, forces, ground, side, cell):
        take_cell(control_side, ground, changes, cell, side, hour)
        ground[cell].taken_h, ground[cell].route_km = hour, 0.0


@kernel
def yielding(roster: Array, forces: Array, ground: Array, side: int, cell: int) -> float:
    """Men of the other side in the cell who would not fight and still bear arms."""
    men = 0.0
    v = ground[cell].stand_head
    while v >= 0:
        if roster[v].side != side and forces[v].passive and forces[v].place == cell:
            men += forces[v].men
        v = forces[v].stand_next
    return men


@kernel
def pass_control(world: World, state: State, rules: ControlRules, now: float) -> None:
    """Cells pass to whoever stands in them alone; empty ones beside a route of march or cut off follow later.

    From cell to cell it takes as long again, and no further from the route than patrols reach, so that control does
    not creep over the whole map on its own. The daily sweep over empty cells is read before it is written.
    Leaves out: partisans, police, and the administration's own will to stay.
    """
    forces = state.forces
    for u in range(forces.shape[0]):
        fetch(state.ground, forces[min(u + AHEAD, forces.shape[0] - 1)].place)
        if forces[u].place >= 0 and forces[u].status == PRESENT and not forces[u].passive:
            if moves_as_a_body(world.roster[u].role):
                occupy(world.roster, world.control_side, state.forces, state.ground, state.changes, rules, u, now)
    if int(round(now / world.step_hours)) % max(1, int(round(24.0 / world.step_hours))) != 0:
        return
    extend_line(world.near, state.ground, state.changes, state.line)
    passing = 0
    for i in range(list_beside(world, state.ground, state.line, state.passing, rules, now)):
        passing += pass_empty_cell(world, state.ground, state.supply_km, state.passing, rules, i, now, passing)
    for i in range(passing):
        cell, hour = state.passing[i].cell, state.passing[i].hour
        take_cell(world.control_side, state.ground, state.changes, cell, 1 - state.ground[cell].owner, hour)
        state.ground[cell].taken_h, state.ground[cell].route_km = hour, state.passing[i].route_km
        join_around(world.near, state.ground, state.line, cell)


@kernel
def extend_line(near: Array, ground: Array, changes: Array, line: Array) -> None:
    """Bring into the line all that passed of late, and what had passed before beside it."""
    for i in range(changes[ground.shape[0]]):
        join_around(near, ground, line, changes[i])


@kernel
def join_around(near: Array, ground: Array, line: Array, cell: int) -> None:
    """Bring into the line a cell and those beside it, as far as they passed in this run."""
    join_line(ground, line, cell)
    for edge in range(6):
        beyond = np.int64(near[cell, edge])
        if beyond >= 0:
            join_line(ground, line, beyond)


@kernel
def join_line(ground: Array, line: Array, cell: int) -> None:
    """Put a cell that passed in this run into the line, once."""
    if ground[cell].taken_h > -NEVER and not ground[cell].in_line:
        ground[cell].in_line = 1
        line[line[ground.shape[0]]] = cell
        line[ground.shape[0]] += 1


@kernel
def list_beside(world: World, ground: Array, line: Array, beside: Array, rules: ControlRules, now: float) -> int:
    """List in `beside` the cells beside one that passed to the other side long enough ago; how many there are.

    Cells of the line from which patrols reach nobody on the other side leave it.
    """
    count, i = 0, 0
    soonest = min(rules.cut_off_h, rules.beside_route_h)
    while i < line[ground.shape[0]]:
        cell = line[i]
        fetch_front(world, ground, line, i)
        if now - ground[cell].taken_h < soonest:
            i += 1
            continue
        touches = False
        others = others_around(world.near, ground, cell)
        while others:
            edge = lowest(others)
            others &= others - 1
            beyond = np.int64(world.near[cell, edge])
            km = ground[cell].route_km + world.edges[cell, edge].distance_km
            if km <= rules.reach_km:
                touches = True
                count = note_beside(ground, beside, beyond, ground[cell].taken_h, km, count)
        if touches:
            i += 1
        else:
            ground[cell].in_line = 0
            line[ground.shape[0]] -= 1
            line[i] = line[line[ground.shape[0]]]
    return count


@kernel
def others_around(near: Array, ground: Array, cell: int) -> int:
    """One bit for each edge beyond which the ground is not of the cell's owner, gathered without a branch."""
    others, owner = np.int64(0), ground[cell].owner
    for edge in range(6):
        beyond = np.int64(near[cell, edge])
        others |= np.int64((beyond >= 0) & (ground[max(beyond, 0)].owner != owner)) << edge
    return int(others)


@kernel
def fetch_front(world: World, ground: Array, line: Array, i: int) -> None:
    """Have the rows brought near that cells further on in the line will read."""
    last = line[ground.shape[0]] - 1
    cell = line[min(last, i + 8)]
    fetch(world.near, cell)
    fetch(ground, cell)
    fetch(world.edges, cell)
    fetch(world.edges, cell + 1)
    cell = line[min(last, i + 4)]
    for edge in range(6):
        fetch(ground, np.int64(world.near[cell, edge]))


@kernel
def note_beside(ground: Array, beside: Array, cell: int, taken: float, km: float, count: int) -> int:
    """Note that a neighbour of the cell passed at `taken`, `km` from its route of march; the length of the list.

    Of several the first to pass counts, and of those of one hour the nearest to its route.
    """
    row = ground[cell].noted - 1
    if row < 0:
        row, count = count, count + 1
        beside[row].cell, ground[cell].noted = cell, count
    elif taken > beside[row].hour or (taken == beside[row].hour and km >= beside[row].route_km):
        return count
    beside[row].hour, beside[row].route_km = taken, km
    return count


@kernel
def pass_empty_cell(
    world: World, ground: Array, supply_km: Array, beside: Array, rules: ControlRules, row: int, now: float,
    passing: int,
) -> int:  # fmt: skip
    """1 when the cell in this row of `beside`, unguarded, passes now; it then stands in row `passing`. Else 0.

    It passes when its first neighbour passed long enough ago, sooner when it is cut off from supply; never to a side
    that has orders not to set foot there.
    """
    cell, taken, reach = beside[row].cell, beside[row].hour, beside[row].route_km
    owner = ground[cell].owner
    ground[cell].noted = 0
    wait = rules.cut_off_h if is_cut_off(supply_km[owner], cell) else rules.beside_route_h
    if now - taken < wait or world.land[cell].closed[1 - owner] or is_guarded(world.near, ground, cell, owner):
        return 0
    beside[passing].cell, beside[passing].route_km = cell, reach
    beside[passing].hour = max(taken + wait, now - 24.0)
    return 1


@kernel
def is_guarded(near: Array, ground: Array, cell: int, side: int) -> bool:
    """True when somebody of `side` who would fight stands in the cell or in one of its own beside it."""
    if ground[cell].defenders[side] > 0 or ground[cell].garrisons[side] > 0:
        return True
    for edge in range(6):
        beyond = np.int64(near[cell, edge])
        if beyond >= 0 and ground[beyond].owner == side:
            if ground[beyond].defenders[side] > 0 or ground[beyond].garrisons[side] > 0:
                return True
    return False
