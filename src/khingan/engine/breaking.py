"""Breaking off: attacks that stop, defenders who give way, and where they go."""

from typing import NamedTuple

import numpy as np

from khingan.engine.chance import BATTLE_BREAK, BATTLE_WHO, DISSOLVE, PAUSE, draw, lognormal
from khingan.engine.cohesion import CohesionRules
from khingan.engine.combat import is_works_alone
from khingan.engine.compiled import kernel
from khingan.engine.fighting import is_trapped
from khingan.engine.occupation import count_in, count_out, edge_towards, moves_as_a_body, rest_of_way
from khingan.engine.repair import leave_wrecks, lose_all_tanks
from khingan.engine.state import DESTROYED, FOOT, GARRISON, NONE, SUPPORT, Array, State, World


class BreakingRules(NamedTuple):
    """Parameters of parameters/breaking.yaml."""

    hazard: float
    ratio_exponent: float
    cohesion_weight: float
    flank_weight: float
    field_works_weight: float
    concrete_weight: float
    works_depth_km: float
    retreat_km: float
    dug_in_days: float
    broken_cohesion: float
    supply_weight: float
    pause_days: float
    pause_log_sd: float
    captured_in_retreat: float
    guns_left: float
    dissolve_captured: float
    dissolve_killed: float


@kernel
def break_off(
    world: World, state: State, rules: BreakingRules, cohesion: CohesionRules, battles: int, luck: int, step: int,
    now: float,
) -> None:  # fmt: skip
    """Every battle may end: competing hazards of the attacker giving up and of the defender giving way.

    h_D = h0 * ratio^g * ..., h_A = h0 * ratio^-g * ...; chance in a step 1 - exp(-(h_A + h_D) dt), so that no result
    hangs on the step. A defence pressed in to the depth of the cell gives way at once.
    """
    days = world.step_hours / 24.0
    for i in range(battles):
        cell = state.battles[i].cell
        if not is_still_held(world.roster, state.ground, state.battles, i):
            continue
        hazard_a, hazard_d = hazards(
            world.edges, world.roster, world.works, state.forces, state.ground, state.battles, rules, i
        )
        if is_pressed_in(world.land, world.works, state.ground, state.battles, rules, i):
            give_way(world, state, rules, cohesion, i, luck, step)
        elif draw(luck, step, cell, BATTLE_BREAK) < 1.0 - np.exp(-(hazard_a + hazard_d) * days):
            if draw(luck, step, cell, BATTLE_WHO) * (hazard_a + hazard_d) < hazard_d:
                give_way(world, state, rules, cohesion, i, luck, step)
            else:
                stop_attack(state.forces, state.ground, rules, cell, luck, step, now)


@kernel
def is_still_held(roster: Array, ground: Array, battle_list: Array, i: int) -> bool:
    """True while somebody of the other side would still have to be fought for the cell of battle i."""
    cell = battle_list[i].cell
    other = 1 - roster.side[ground[cell].attack_head]
    return ground[cell].defenders[other] > 0 or ground[cell].garrisons[other] > 0


@kernel
def hazards(
    edges: Array,
    roster: Array,
    fortresses: Array,
    forces: Array,
    ground: Array,
    battle_list: Array,
    rules: BreakingRules,
    i: int,
) -> tuple:
    """(attacker's, defender's) hazard of breaking off battle i, per day."""
    cell = battle_list[i].cell
    side = roster.side[ground[cell].attack_head]
    ratio = min(50.0, max(0.02, battle_list[i].attack / max(1e-9, battle_list[i].defence)))
    strain_a, strain_d = 0.0, 0.0
    men_a, men_d, dug = 1e-9, 1e-9, 0.0
    u = ground[cell].attack_head
    while u >= 0:
        strain = rules.cohesion_weight * (1.0 - forces[u].cohesion)
        strain += rules.supply_weight * (1.0 - min(1.0, forces[u].ammunition))
        strain_a, men_a = strain_a + strain * forces[u].men, men_a + forces[u].men
        u = forces[u].attack_next
    u = ground[cell].stand_head
    while u >= 0:
        if roster[u].side != side and forces[u].place == cell and moves_as_a_body(roster[u].role):
            strain = rules.cohesion_weight * (1.0 - forces[u].cohesion)
            strain += rules.supply_weight * (1.0 - min(1.0, forces[u].ammunition))
            strain_d, men_d = strain_d + strain * forces[u].men, men_d + forces[u].men
            dug += forces[u].men * cover(roster, fortresses, forces, rules, u, cell)
        u = forces[u].stand_next
    turned = rules.flank_weight if attacked_sides(edges, roster, ground, cell) >= 3 else 0.0
    hazard_d = ratio**rules.ratio_exponent * np.exp(strain_d / men_d + turned - dug / men_d)
    hazard_a = ratio ** (-rules.ratio_exponent) * np.exp(strain_a / men_a)
    return rules.hazard * hazard_a, rules.hazard * hazard_d


@kernel
def cover(roster: Array, fortresses: Array, forces: Array, rules: BreakingRules, u: int, cell: int) -> float:
    """How much its position lowers the log hazard of formation u: field works it has dug, or concrete it mans."""
    works = roster[u].works
    if works >= 0 and fortresses[works].cell == cell and fortresses[works].strength == 2:
        return rules.concrete_weight
    return rules.field_works_weight * min(1.0, forces[u].prepared_days / rules.dug_in_days)


@kernel
def attacked_sides(edges: Array, roster: Array, ground: Array, cell: int) -> int:
    """Number of neighbouring cells held by the side that attacks the cell."""
    side = roster.side[ground[cell].attack_head]
    sides = 0
    for edge in range(6):
        beyond = edges[cell, edge].neighbour
        if beyond >= 0 and ground[beyond].owner == side:
            sides += 1
    return sides


@kernel
def is_pressed_in(
    land: Array, fortresses: Array, ground: Array, battle_list: Array, rules: BreakingRules, i: int
) -> bool:
    """True when the attack is as deep as the cell, the root of its area, or as the works that alone bar it."""
    cell = battle_list[i].cell
    if is_works_alone(land, fortresses, ground, cell):
        return ground[cell].penetration_km >= rules.works_depth_km
    return ground[cell].penetration_km >= np.sqrt(land[cell].area_km2)


@kernel
def stop_attack(
    forces: Array, ground: Array, rules: BreakingRules, cell: int, luck: int, step: int, now: float
) -> None:
    """The attackers of a cell stop and rest before they try again."""
    u = ground[cell].attack_head
    pause = 24.0 * lognormal(draw(luck, step, cell, PAUSE), rules.pause_days, rules.pause_log_sd)
    while u >= 0:
        forces[u].pause_until_h = now + pause
        u = forces[u].attack_next
    ground[cell].penetration_km = 0.0


@kernel
def give_way(
    world: World, state: State, rules: BreakingRules, cohesion: CohesionRules, i: int, luck: int, step: int
) -> None:
    """Field formations of the beaten side fall back or are broken up; works are passed by, open towns are given up."""
    cell = state.battles[i].cell
    leader = state.ground[cell].attack_head
    side = 1 - world.roster[leader].side
    army = world.roster[leader].army
    state.armies[army].breaches += 1.0
    state.fronts[world.armies[army].front].breaches += 1.0
    pressed = is_pressed_in(world.land, world.works, state.ground, state.battles, rules, i)
    u = state.ground[cell].stand_head
    while u >= 0:
        following = state.forces[u].stand_next
        role = world.roster[u].role
        if world.roster[u].side == side and state.forces[u].place == cell and not state.forces[u].passive:
            if moves_as_a_body(role) or role == SUPPORT:
                retreat(
                    world.edges,
                    world.objectives,
                    world.hours,
                    world.roster,
                    state.forces,
                    state.ground,
                    rules,
                    cohesion,
                    u,
                    pressed,
                    luck,
                    step,
                )
            elif role == GARRISON and world.roster[u].works < 0:
                dissolve(world.roster, state.forces, state.ground, rules, u, luck, step)
        u = following
    follow_up(world.land, state.forces, state.ground, cell)
    if pressed:
        state.ground[cell].entered = 1


@kernel
def follow_up(land: Array, forces: Array, ground: Array, cell: int) -> None:
    """The attackers of a cell whose defence gave way need not march again over the depth that they have gained.

    Penetration is the share of the way into the cell that it is of the cell's depth. Leaves out: fuel burnt on it.
    """
    share = min(1.0, ground[cell].penetration_km / np.sqrt(land[cell].area_km2))
    u = ground[cell].attack_head
    while u >= 0:
        if forces[u].place >= 0 and forces[u].place != cell:
            gone = forces[u].progress if forces[u].heading == cell else 0.0
            forces[u].heading, forces[u].progress = cell, max(gone, share)
        u = forces[u].attack_next


@kernel
def retreat(
    edges: Array,
    objectives: Array,
    march_hours: Array,
    roster: Array,
    forces: Array,
    ground: Array,
    rules: BreakingRules,
    cohesion: CohesionRules,
    u: int,
    pressed: bool,
    luck: int,
    step: int,
) -> None:
    """Formation u falls back towards its line of retreat, or is broken up if there is none.

    It leaves its cell at once and marches the rest of `retreat_km`; pressed in, it goes no further than the cell that
    it has lost, and pays for so much. On an island or in a ring it stands where it is, and only a second break ends it.
    """
    cell = forces[u].place
    target = way_back(edges, objectives, march_hours, roster, forces, ground, u)
    km = edges[cell, edge_towards(edges, cell, target)].distance_km if target != NONE else 0.0
    share = min(1.0, km / rules.retreat_km) if pressed and target != NONE else 1.0
    forces[u].cohesion = max(0.0, forces[u].cohesion - share * cohesion.per_retreat)
    if target == NONE:
        if is_trapped(edges, ground, cell, roster[u].side) and forces[u].cohesion < rules.broken_cohesion:
            dissolve(roster, forces, ground, rules, u, luck, step)
        return
    left = share * forces[u].men * rules.captured_in_retreat * (1.0 - forces[u].cohesion)
    count_out(roster, forces, ground, u)
    forces[u].men -= left
    forces[u].captured += left
    forces[u].guns *= 1.0 - share * rules.guns_left
    leave_wrecks(forces, u)
    forces[u].place = target
    forces[u].prepared_days = 0.0
    forces[u].progress = 0.0
    forces[u].heading = NONE
    there = target == objectives[roster[u].fallback].cell
    forces[u].retreats_km = 0.0 if pressed or there else rest_of_way(rules.retreat_km, km)
    count_in(roster, forces, ground, u)


@kernel
def way_back(
    edges: Array, objectives: Array, march_hours: Array, roster: Array, forces: Array, ground: Array, u: int
) -> int:
    """The neighbouring cell nearest its line of retreat that its own side holds and the enemy does not bar, -1 none."""
    side, cell = roster[u].side, forces[u].place
    field = objectives[roster[u].fallback].route[FOOT]
    best, least = NONE, np.inf
    for edge in range(6):
        beyond = edges[cell, edge].neighbour
        if beyond < 0 or ground[beyond].owner != side or ground[beyond].defenders[1 - side] > 0:
            continue
        if best == NONE or march_hours[field, beyond] < least:
            best, least = beyond, march_hours[field, beyond]
    return best


@kernel
def dissolve(roster: Array, forces: Array, ground: Array, rules: BreakingRules, u: int, luck: int, step: int) -> None:
    """Formation u ceases to exist: some are taken, some are dead, the rest are scattered and count as deserted.

    The share taken is drawn around its mean: hardly any army of the time gave itself up when surrounded.
    """
    count_out(roster, forces, ground, u)
    taken = min(1.0, 2.0 * rules.dissolve_captured * draw(luck, step, u, DISSOLVE))
    dead = min(1.0 - taken, rules.dissolve_killed)
    forces[u].captured += taken * forces[u].men
    forces[u].killed += dead * forces[u].men
    forces[u].deserted += (1.0 - taken - dead) * forces[u].men
    lose_all_tanks(forces, u)
    forces[u].men = 0.0
    forces[u].guns = 0.0
    forces[u].status = DESTROYED
    forces[u].place = NONE
