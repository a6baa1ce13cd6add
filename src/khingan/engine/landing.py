"""Landings: men carried by sea, river or air, waves on a beach, and what becomes of them."""

from typing import NamedTuple

from khingan.engine.chance import PASSAGE, RECEPTION, REPULSE, draw, lognormal
from khingan.engine.cohesion import CohesionRules
from khingan.engine.combat import CombatRules, defence_of, lose, points
from khingan.engine.compiled import kernel
from khingan.engine.control import ControlRules, occupy
from khingan.engine.movement import is_barred
from khingan.engine.occupation import count_in, count_out
from khingan.engine.repair import lose_all_tanks
from khingan.engine.state import AT_SEA, BY_AIR, DESTROYED, NEVER, NONE, ON_BEACH, PRESENT, Array, Reading, State, World


class LandingRules(NamedTuple):
    """Parameters of parameters/landing.yaml."""

    passage_log_sd: float
    repulse_exponent: float
    repulse_losses: float
    accepted_after_order: float
    accepted_before: float
    refused_lost: float


@kernel
def embark(world: World, reading: Reading, state: State, rules: LandingRules, luck: int) -> None:
    """Load every formation whose landing has been ordered; it leaves the map until the ships or aircraft arrive."""
    forces = state.forces
    for lift in range(world.lifts.shape[0]):
        u, order = world.lifts[lift].formation, world.lifts[lift].order
        if state.lifts[lift].due_h != NEVER or state.lifts[lift].landed_h != NEVER:
            continue
        if state.orders[order].in_force_h == NEVER or forces[u].status > PRESENT or forces[u].passive:
            continue
        passage = lognormal(draw(luck, 0, lift, PASSAGE), reading.lifts[lift].passage_h, rules.passage_log_sd)
        state.lifts[lift].due_h = state.orders[order].in_force_h + passage
        count_out(world.roster, state.forces, state.ground, u)
        forces[u].status = AT_SEA
        forces[u].place = NONE
        forces[u].plan_from_h = state.lifts[lift].due_h


@kernel
def land(
    world: World, reading: Reading, state: State, rules: LandingRules, combat: CombatRules, cohesion: CohesionRules,
    control: ControlRules, luck: int, step: int, now: float,
) -> None:  # fmt: skip
    """Every lift that arrives within the step puts its men down; men on a beach press inland.

    Leaves out: mines, surf, fog, losses of ships, ports that shorten the unloading.
    """
    for lift in range(world.lifts.shape[0]):
        u = world.lifts[lift].formation
        due = state.lifts[lift].due_h
        if state.forces[u].status == AT_SEA and due < now + world.step_hours:
            if world.lifts[lift].mode == BY_AIR:
                set_down(world, reading, state, rules, control, lift, luck, step)
            else:
                come_in(world, reading, state, rules, combat, cohesion, control, lift, luck, step)
        if state.forces[u].status == ON_BEACH and state.lifts[lift].landed_h != NEVER:
            press_inland(
                world.roster,
                world.lifts,
                world.control_side,
                state.forces,
                state.ground,
                state.changes,
                control,
                lift,
                now,
            )


@kernel
def come_in(
    world: World, reading: Reading, state: State, rules: LandingRules, combat: CombatRules, cohesion: CohesionRules,
    control: ControlRules, lift: int, luck: int, step: int,
) -> None:  # fmt: skip
    """The first wave reaches the shore; a defence may throw it back: 1 / (1 + ratio^2g), by its own power."""
    u, cell = world.lifts[lift].formation, world.lifts[lift].destination
    side = world.roster[u].side
    due = state.lifts[lift].due_h
    if is_barred(state.ground, side, cell):
        wave = (
            points(world.land, world.roster, world.control_side, reading.formations, state.forces, combat, u, cell)
            * world.lifts[lift].wave
        )
        ratio = wave / max(1e-9, defence_of(world, reading, state, combat, cell, 1 - side) * combat.beach_assault)
        if draw(luck, step, lift, REPULSE) < 1.0 / (1.0 + ratio ** (2.0 * rules.repulse_exponent)):
            lose(state.forces, combat, cohesion, u, rules.repulse_losses * world.lifts[lift].wave)
            state.lifts[lift].due_h = due + max(world.step_hours, reading.lifts[lift].interval_h)
            return
        state.forces[u].status = ON_BEACH
        state.lifts[lift].landed_h = due
        return
    state.lifts[lift].landed_h = due
    go_ashore(world.roster, world.control_side, state.forces, state.ground, state.changes, control, u, cell, due)


@kernel
def go_ashore(
    roster: Array,
    control_side: int,
    forces: Array,
    ground: Array,
    changes: Array,
    control: ControlRules,
    u: int,
    cell: int,
    hour: float,
) -> None:
    """Formation u stands in the cell, free to march."""
    forces[u].status = PRESENT
    forces[u].place = cell
    forces[u].leg = 0
    forces[u].prepared_days = 0.0
    count_in(roster, forces, ground, u)
    occupy(roster, control_side, forces, ground, changes, control, u, hour)


@kernel
def press_inland(
    roster: Array,
    lift_table: Array,
    control_side: int,
    forces: Array,
    ground: Array,
    changes: Array,
    control: ControlRules,
    lift: int,
    now: float,
) -> None:
    """Men on a beach attack the cell behind it until nobody bars the way."""
    u, cell = lift_table[lift].formation, lift_table[lift].destination
    if not is_barred(ground, roster[u].side, cell):
        go_ashore(roster, control_side, forces, ground, changes, control, u, cell, now)
    elif now >= forces[u].pause_until_h:
        forces[u].target = cell


@kernel
def set_down(
    world: World, reading: Reading, state: State, rules: LandingRules, control: ControlRules, lift: int, luck: int,
    step: int,
) -> None:  # fmt: skip
    """An air-landed party asks a garrison to yield: accepted or not by whether the garrison has its order."""
    u, cell = world.lifts[lift].formation, world.lifts[lift].destination
    barred = is_barred(state.ground, world.roster[u].side, cell)
    chance = rules.accepted_before if barred else rules.accepted_after_order
    fate = draw(luck, step, lift, RECEPTION)
    if fate < chance:
        state.lifts[lift].landed_h = state.lifts[lift].due_h
        go_ashore(
            world.roster,
            world.control_side,
            state.forces,
            state.ground,
            state.changes,
            control,
            u,
            cell,
            state.lifts[lift].due_h,
        )
    elif fate < chance + (1.0 - chance) * rules.refused_lost:
        state.forces[u].killed += state.forces[u].men
        lose_all_tanks(state.forces, u)
        state.forces[u].men = 0.0
        state.forces[u].status = DESTROYED
    else:
        state.lifts[lift].due_h += max(world.step_hours, reading.lifts[lift].interval_h)
