"""Landings: men carried by sea, river or air, waves on a beach, and what becomes of them."""

from typing import NamedTuple

from khingan.engine.chance import AIR_WORD, PASSAGE, RECEPTION, REPULSE, draw, lognormal
from khingan.engine.cohesion import CohesionRules
from khingan.engine.combat import CombatRules, ashore, defence_of, points
from khingan.engine.compiled import kernel
from khingan.engine.control import ControlRules, occupy
from khingan.engine.fighting import lose
from khingan.engine.flotilla import FlotillaRules, awaits_ships
from khingan.engine.movement import is_barred
from khingan.engine.occupation import count_in, count_out
from khingan.engine.repair import lose_all_tanks
from khingan.engine.state import AT_SEA, BY_AIR, DESTROYED, NEVER, NONE, ON_BEACH, PRESENT, Array, Reading, State, World


class LandingRules(NamedTuple):
    """Parameters of parameters/landing.yaml."""

    passage_log_sd: float
    ship_gun_weight: float
    together: float
    pier_h: float
    repulse_exponent: float
    repulse_losses: float
    accepted_after_order: float
    accepted_before: float
    refused_lost: float
    word_days: float
    word_log_sd: float


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
    control: ControlRules, flotilla: FlotillaRules, luck: int, step: int, now: float,
) -> None:  # fmt: skip
    """Every lift that arrives within the step puts its men down; men on a beach press inland.

    A party bound up a river arrives no earlier than the ships that carry it. Leaves out: mines, surf, fog, ships and
    boats sunk, shore batteries against ships.
    """
    for lift in range(world.lifts.shape[0]):
        u = world.lifts[lift].formation
        due = state.lifts[lift].due_h
        if state.forces[u].status == AT_SEA and due < now + world.step_hours:
            if awaits_ships(world, state, flotilla, lift):
                state.lifts[lift].due_h = now + world.step_hours
            elif world.lifts[lift].mode == BY_AIR:
                set_down(world, reading, state, rules, control, lift, luck, step)
            else:
                come_in(world, reading, state, rules, combat, cohesion, control, lift, luck, step, now)
        if state.forces[u].status == ON_BEACH and state.lifts[lift].landed_h != NEVER:
            unload(world, reading, state, rules, lift, now)
            press_inland(
                world.roster,
                world.lifts,
                world.control_side,
                state.forces,
                state.ground,
                state.lifts,
                state.changes,
                control,
                lift,
                now,
            )


@kernel
def come_in(
    world: World, reading: Reading, state: State, rules: LandingRules, combat: CombatRules, cohesion: CohesionRules,
    control: ControlRules, lift: int, luck: int, step: int, now: float,
) -> None:  # fmt: skip
    """The first wave reaches the shore; a defence may throw it back: 1 / (1 + ratio^2g).

    The ratio is that of the wave, the guns of its ships, and all who land or fight on the same beach. A wave thrown
    back tries again with the next echelon bound for the same shore.
    """
    u, cell = world.lifts[lift].formation, state.lifts[lift].cell
    side = world.roster[u].side
    due = state.lifts[lift].due_h
    if is_barred(state.ground, side, cell):
        wave = beach_power(world, reading, state, combat, rules, lift, now)
        ratio = wave / max(1e-9, defence_of(world, reading, state, combat, cell, 1 - side) * combat.beach_assault)
        if draw(luck, step, lift, REPULSE) < 1.0 / (1.0 + ratio ** (2.0 * rules.repulse_exponent)):
            lose(state.forces, combat, cohesion, u, rules.repulse_losses * world.lifts[lift].wave)
            state.lifts[lift].due_h = next_try(world, reading, state, rules, lift, now)
            return
        state.forces[u].status = ON_BEACH
        state.forces[u].afloat = 1.0 - world.lifts[lift].wave
        state.lifts[lift].beach_h = due
        state.lifts[lift].landed_h = min(due, state.lifts[lift].landed_h)
        return
    state.lifts[lift].landed_h = min(due, state.lifts[lift].landed_h)
    go_ashore(world.roster, world.control_side, state.forces, state.ground, state.changes, control, u, cell, due)


@kernel
def beach_power(
    world: World, reading: Reading, state: State, combat: CombatRules, rules: LandingRules, lift: int, now: float
) -> float:
    """Points of a first wave with its ships' guns and with the others of its side who land or fight on its shore."""
    cell, side = state.lifts[lift].cell, world.roster[world.lifts[lift].formation].side
    total = naval_fire(world, reading, state, combat, rules, cell, side, now)
    for other in range(world.lifts.shape[0]):
        u = world.lifts[other].formation
        if state.lifts[other].cell != cell or world.roster[u].side != side:
            continue
        share = world.lifts[other].wave if is_coming_in(world, state, other, now) else 0.0
        if state.forces[u].status == ON_BEACH:
            share = ashore(world.land, world.roster, state.forces, combat, u, cell)
        if share > 0.0:
            total += (
                (1.0 if other == lift else rules.together)
                * share
                * points(
                    world.land, world.roster, world.control_side, reading.formations, state.forces, combat, u, cell
                )
            )
    return total


@kernel
def is_coming_in(world: World, state: State, lift: int, now: float) -> bool:
    """True for a lift by water that reaches its shore within this step."""
    due = state.lifts[lift].due_h
    at_sea = state.forces[world.lifts[lift].formation].status == AT_SEA
    return world.lifts[lift].mode != BY_AIR and at_sea and due < now + world.step_hours


@kernel
def naval_fire(
    world: World, reading: Reading, state: State, combat: CombatRules, rules: LandingRules, cell: int, side: int,
    now: float,
) -> float:  # fmt: skip
    """Points that the guns of ships add to those who land on a shore or fight for it from its beach.

    Leaves out: range, shells that run short, spotters who do not get ashore, guns that fire at other ships.
    """
    guns = 0.0
    for lift in range(world.lifts.shape[0]):
        u = world.lifts[lift].formation
        if state.lifts[lift].cell == cell and world.roster[u].side == side and reading.lifts[lift].guns > 0.0:
            if state.forces[u].status == ON_BEACH or is_coming_in(world, state, lift, now):
                guns += reading.lifts[lift].guns
    return guns * combat.points_per_gun * rules.ship_gun_weight * combat.ground_guns[world.land[cell].ground]


@kernel
def next_try(world: World, reading: Reading, state: State, rules: LandingRules, lift: int, now: float) -> float:
    """When a wave that was thrown back tries again: after its interval, or with the next echelon already at sea."""
    side, cell = world.roster[world.lifts[lift].formation].side, state.lifts[lift].cell
    soonest = state.lifts[lift].due_h + max(world.step_hours, reading.lifts[lift].interval_h)
    next_echelon = NEVER
    for other in range(world.lifts.shape[0]):
        u, due = world.lifts[other].formation, state.lifts[other].due_h
        if state.lifts[other].cell == cell and world.roster[u].side == side and state.forces[u].status == AT_SEA:
            if due >= now + world.step_hours:
                next_echelon = min(next_echelon, due)
    return max(soonest, next_echelon) if next_echelon < NEVER and rules.together > 0.0 else soonest


@kernel
def unload(world: World, reading: Reading, state: State, rules: LandingRules, lift: int, now: float) -> None:
    """Wave follows wave at the interval of the lift; tanks and guns need a pier, built or found, on an open beach."""
    u = world.lifts[lift].formation
    hours = max(0.0, now - state.lifts[lift].beach_h)
    waves = hours / max(1e-9, reading.lifts[lift].interval_h)
    state.forces[u].afloat = max(0.0, 1.0 - world.lifts[lift].wave * (1.0 + waves))
    open_beach = world.lifts[lift].port == 0 and hours < rules.pier_h
    state.forces[u].unlanded = 1.0 if open_beach else 0.0


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
    """Formation u stands in the cell with all it has, free to march."""
    forces[u].afloat, forces[u].unlanded = 0.0, 0.0
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
    lift_states: Array,
    changes: Array,
    control: ControlRules,
    lift: int,
    now: float,
) -> None:
    """Men on a beach attack the cell behind it until nobody bars the way."""
    u, cell = lift_table[lift].formation, lift_states[lift].cell
    if not is_barred(ground, roster[u].side, cell):
        go_ashore(roster, control_side, forces, ground, changes, control, u, cell, now)
    elif now >= forces[u].pause_until_h:
        forces[u].target = cell


@kernel
def set_down(
    world: World, reading: Reading, state: State, rules: LandingRules, control: ControlRules, lift: int, luck: int,
    step: int,
) -> None:  # fmt: skip
    """An air-landed party asks a garrison to yield: accepted or not by whether the garrison has its order.

    A garrison that accepts it hears from it what it has not yet heard from its own headquarters.
    """
    u, cell = world.lifts[lift].formation, world.lifts[lift].destination
    barred = is_barred(state.ground, world.roster[u].side, cell)
    chance = rules.accepted_before if barred else rules.accepted_after_order
    fate = draw(luck, step, lift, RECEPTION)
    if fate < chance:
        state.lifts[lift].landed_h = state.lifts[lift].due_h
        bring_word(world, state, rules, lift, luck)
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


@kernel
def bring_word(world: World, state: State, rules: LandingRules, lift: int, luck: int) -> None:
    """Everybody in the garrison that received the party hears the order to stop within a lognormal time, if not before.

    Leaves out: garrisons elsewhere that the same headquarters commands.
    """
    side = world.roster[world.lifts[lift].formation].side
    hour = state.lifts[lift].due_h
    hour += 24.0 * lognormal(draw(luck, 0, lift, AIR_WORD), rules.word_days, rules.word_log_sd)
    u = state.ground[state.lifts[lift].cell].stand_head
    while u >= 0:
        if world.roster[u].side != side and state.forces[u].order_h > hour:
            state.forces[u].order_h = hour
        u = state.forces[u].stand_next
