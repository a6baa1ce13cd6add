"""Contact: losses apart from attacks, along facing lines and behind battles (docs/mechanisms/combat.md)."""

import numpy as np

from khingan.engine.cohesion import CohesionRules
from khingan.engine.combat import CombatRules, defence_of, defends
from khingan.engine.compiled import kernel
from khingan.engine.fighting import helmbold_losses, lose, within_ratio
from khingan.engine.state import NEVER, PRESENT, SUPPORT, Array, Reading, State, World


@kernel
def hold_the_line(world: World, reading: Reading, state: State, rules: CombatRules, cohesion: CohesionRules) -> None:
    """Neighbouring cells of both sides exchange fire, patrols and snipers: a battle of intensity `holding`.

    Each cell's power, on its own ground and in its own posture, is shared evenly among the enemy cells that it touches,
    and counts as far as the common side gives it room; both sides lose at the mean of the rates of attack and defence.
    Who fought in this step has had his losses. Nobody fires before the first attack of the campaign. Leaves out: luck,
    ammunition spent.
    """
    if rules.holding <= 0.0 or not is_war(state.forces):
        return
    side = world.control_side
    faced = list_faced(world.near, world.roster, state.forces, state.ground, state.doubtful, side)
    for u in range(state.forces.shape[0]):
        cell = state.forces[u].place
        if world.roster[u].side != side or cell < 0 or not state.ground[cell].faced:
            continue
        if not is_first(world.roster, state.forces, state.ground, u):
            continue
        touched = enemy_sides(world.near, state.ground, cell, side)
        if touched == 0:
            continue
        power = defence_of(world, reading, state, rules, cell, side) / touched
        for edge in range(6):
            if is_held_by(state.ground, np.int64(world.near[cell, edge]), 1 - side):
                face(world, reading, state, rules, cohesion, cell, edge, power, touched)
    for i in range(faced):
        state.ground[state.doubtful[i]].faced = 0


@kernel
def list_faced(near: Array, roster: Array, forces: Array, ground: Array, faced: Array, side: int) -> int:
    """List in `faced`, and mark, the cells beside those that the enemy of `side` would fight for; how many there are.

    He is the smaller number, and most of one's own are far from him.
    """
    count = 0
    for u in range(forces.shape[0]):
        cell = forces[u].counted
        if cell < 0 or roster[u].side == side:
            continue
        for edge in range(6):
            beyond = np.int64(near[cell, edge])
            if beyond >= 0 and not ground[beyond].faced:
                ground[beyond].faced = 1
                faced[count] = beyond
                count += 1
    return count


@kernel
def is_war(forces: Array) -> bool:
    """True once anybody has been attacked: until then lines that face each other keep the peace."""
    u = 0
    while u < forces.shape[0] and forces[u].first_hit_h >= NEVER:
        u += 1
    return bool(u < forces.shape[0])


@kernel
def face(
    world: World, reading: Reading, state: State, rules: CombatRules, cohesion: CohesionRules, cell: int, edge: int,
    power: float, touched: int,
) -> None:  # fmt: skip
    """The losses of a step over one side of a cell: `power` is what the control side has there."""
    side, beyond = world.control_side, world.edges[cell, edge].neighbour
    facing = enemy_sides(world.near, state.ground, beyond, 1 - side)
    other = defence_of(world, reading, state, rules, beyond, 1 - side) / max(1, facing)
    if power <= 0.0 or other <= 0.0:
        return
    room = rules.frontage * world.edges[cell, edge].side_km
    here, there = min(1.0, room / power), min(1.0, room / other)
    ground = state.terrain[1, world.land[cell].ground] * state.terrain[1, world.land[beyond].ground]
    rate = rules.holding * np.sqrt(rules.loss_attacker * rules.loss_defender * ground)
    near, far = within_ratio(power * here, other * there, rules.losses_most_ratio)
    mine, theirs = helmbold_losses(near, far, rate, rate, rules.helmbold, world.step_hours / 24.0)
    wear_down(world.roster, state.forces, state.ground, rules, cohesion, cell, side, mine * here / touched)
    wear_down(
        world.roster, state.forces, state.ground, rules, cohesion, beyond, 1 - side, theirs * there / max(1, facing)
    )


@kernel
def wear_down(
    roster: Array, forces: Array, ground: Array, rules: CombatRules, cohesion: CohesionRules, cell: int, side: int,
    share: float,
) -> None:  # fmt: skip
    """Everybody of a side who holds the cell, and has not fought in this step, loses `share` of his men."""
    u = ground[cell].stand_head
    while u >= 0:
        if roster[u].side == side and forces[u].place == cell and forces[u].fought == 0:
            if is_in_line(roster, forces, u):
                lose(forces, rules, cohesion, u, share)
        u = forces[u].stand_next


@kernel
def is_in_line(roster: Array, forces: Array, u: int) -> bool:
    """True for a formation on the map that would defend its cell."""
    return forces[u].status == PRESENT and forces[u].place >= 0 and defends(roster, forces, u)


@kernel
def is_first(roster: Array, forces: Array, ground: Array, u: int) -> bool:
    """True when u is the first of its side in the list of its cell that would defend it: one visit to every cell."""
    other = ground[forces[u].place].stand_head
    while other >= 0 and other != u:
        if roster[other].side == roster[u].side and is_in_line(roster, forces, other):
            return False
        other = forces[other].stand_next
    return other == u and is_in_line(roster, forces, u)


@kernel
def is_held_by(ground: Array, cell: int, side: int) -> bool:
    """True for a cell on the map that somebody of `side` would fight for."""
    return cell >= 0 and (ground[cell].defenders[side] > 0 or ground[cell].garrisons[side] > 0)


@kernel
def enemy_sides(near: Array, ground: Array, cell: int, side: int) -> int:
    """Number of sides of a cell beyond which the enemy of `side` would fight."""
    sides = 0
    for edge in range(6):
        if is_held_by(ground, np.int64(near[cell, edge]), 1 - side):
            sides += 1
    return sides


@kernel
def begin_account(roster: Array, forces: Array, armies: Array) -> None:
    """Begin a step's account of every army: its men, those behind the line apart, and its wounded so far."""
    for army in range(armies.shape[0]):
        armies[army].in_line, armies[army].wounded = 0.0, 0.0
    for u in range(forces.shape[0]):
        if roster[u].role != SUPPORT:
            armies[roster[u].army].in_line += forces[u].men
            armies[roster[u].army].wounded -= forces[u].wounded


@kernel
def lose_behind(roster: Array, forces: Array, armies: Array, rules: CombatRules, cohesion: CohesionRules) -> None:
    """Troops behind the line lose `behind_losses` of the share that the rest of their army lost in this step's battles.

    Gunners, sappers and signallers of the army are hit with those whom they serve, but less often. Only battles wound,
    so the wounded tell the battles' losses. Leaves out: who of them is near, raids on the rear.
    """
    if rules.behind_losses <= 0.0:
        return
    for u in range(forces.shape[0]):
        if roster[u].role != SUPPORT:
            armies[roster[u].army].wounded += forces[u].wounded
    for u in range(forces.shape[0]):
        army = roster[u].army
        if roster[u].role == SUPPORT and forces[u].status == PRESENT and armies[army].wounded > 0.0:
            lost = armies[army].wounded / max(1e-9, 1.0 - rules.killed_share)
            lose(forces, rules, cohesion, u, rules.behind_losses * min(1.0, lost / armies[army].in_line))
