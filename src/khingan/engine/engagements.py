"""Engagements: many separate battles in one small world, played by the kernels of the campaign until they end.

Each engagement has three cells in a row: the attackers', the one attacked, and one to fall back to. Engagement i owns
cells 3i, 3i + 1, 3i + 2, formations 2i (attacks) and 2i + 1 (defends), and army, front and weather region of the same
numbers, so that nothing passes between engagements.
"""

from typing import Any

import numpy as np

from khingan.engine.breaking import break_off, hazards, is_pressed_in
from khingan.engine.chance import luck_of
from khingan.engine.cohesion import recover
from khingan.engine.combat import gather_battles, set_terrain, weigh
from khingan.engine.compiled import kernel
from khingan.engine.fighting import fight
from khingan.engine.movement import set_pace
from khingan.engine.muster import lay_out_ground, muster_forces
from khingan.engine.occupation import take_stock
from khingan.engine.state import NONE, PRESENT, Array, Reading, State, World
from khingan.engine.step import Rules

# Ways in which an engagement may end.
UNDECIDED, ATTACKER, DEFENDER = 0, 1, 2
OUTCOME = np.dtype([
    ("winner", "i8"),
    ("days", "f8"),  # fought until it ended
    ("advance_km", "f8"),  # depth of the attack when it ended
    ("ratio", "f8"),  # attackers' power over the defenders' in the first step
])  # fmt: skip
COURSE = np.dtype([
    ("loss", "f8", (2,)),  # share of the men that the attackers and the defenders lost in the days given
    ("wins", "f8"),  # chance that the attackers win, by the hazards of every step
    ("weight", "f8"),  # chance, by the same hazards, of an end on the last of those days
    ("ratio", "f8"),  # attackers' power over the defenders' in the first step
    ("open", "f8"), ("alive", "f8"), ("turn", "f8"),  # room to work in: not yet ended, with and without a breakthrough
])  # fmt: skip


@kernel
def begin(world: World, reading: Reading, rules: Rules, state: State, tactics: Array) -> None:
    """Both sides of every engagement in place, rested; `tactics` (engagement,) uint8 is 1 for a fighting withdrawal."""
    set_pace(rules.movement, state.pace)
    set_terrain(rules.combat, state.terrain)
    lay_out_ground(world, state)
    muster_forces(world.plans, world.roster, reading.formations, state.forces)
    for i in range(tactics.shape[0]):
        state.forces[2 * i + 1].withdrawing = tactics[i]


@kernel
def battle_step(world: World, reading: Reading, rules: Rules, state: State, luck: Any, step: int, now: float) -> int:
    """One step of battle for whoever has a target: weighed and fought as in a campaign; the number of battles."""
    take_stock(world.roster, state.forces, state.ground)
    battles = gather_battles(world.roster, world.armies, state.forces, state.ground, state.fronts, state.battles)
    weigh(world, reading, state, rules.combat, rules.air, rules.weather, battles, now)
    fight(
        world, reading, state, rules.combat, rules.cohesion, rules.movement, rules.weather, battles, luck, step, now
    )  # fmt: skip
    return battles


@kernel
def play_to_the_end(
    world: World, reading: Reading, rules: Rules, state: State, tactics: Array, outcomes: Array, seed: int, first: int,
    most: int,
) -> None:  # fmt: skip
    """Fill outcomes (engagement,) OUTCOME: every engagement until one side breaks off, at most `most` steps.

    The clock begins at step `first`, long after the war began, so that nobody is surprised that there is one.
    """
    luck = luck_of(seed, 0)
    begin(world, reading, rules, state, tactics)
    for i in range(outcomes.shape[0]):
        outcomes[i].winner, outcomes[i].days, outcomes[i].advance_km = UNDECIDED, 0.0, 0.0
    for step in range(first, first + most):
        now = step * world.step_hours
        for i in range(outcomes.shape[0]):
            state.forces[2 * i].target = 3 * i + 1 if outcomes[i].winner == UNDECIDED else NONE
        battles = battle_step(world, reading, rules, state, luck, step, now)
        if battles == 0:
            return
        for b in range(battles):
            i = state.battles[b].cell // 3
            outcomes[i].days += world.step_hours / 24.0
            outcomes[i].advance_km = state.ground[3 * i + 1].penetration_km
            if step == first:
                outcomes[i].ratio = state.battles[b].attack / max(1e-9, state.battles[b].defence)
        break_off(world, state, rules.breaking, rules.cohesion, battles, luck, step, now)
        for i in range(outcomes.shape[0]):
            if outcomes[i].winner == UNDECIDED:
                outcomes[i].winner = winner_of(state.forces, i, now)
        recover(world.step_hours, state.forces, rules.cohesion, now)


@kernel
def winner_of(forces: Array, i: int, now: float) -> int:
    """Who has won engagement i: the defenders where the attack has stopped, the attackers where they gave way."""
    if forces[2 * i].status != PRESENT or forces[2 * i].pause_until_h > now:
        return DEFENDER
    if forces[2 * i + 1].status != PRESENT or forces[2 * i + 1].place != 3 * i + 1:
        return ATTACKER
    return UNDECIDED


@kernel
def play_for_days(
    world: World, reading: Reading, rules: Rules, state: State, tactics: Array, steps: Array, courses: Array,
    seed: int, first: int, most: int,
) -> None:  # fmt: skip
    """Fill courses (engagement,) COURSE: every engagement fought on whatever happens, and what the hazards say of it.

    Losses are those of the first steps[i] steps. The chance to win adds up, over at least `most` steps, the chance that
    it ends in each times the defenders' share in the hazard: the mean of play_to_the_end without its draws.
    """
    luck = luck_of(seed, 0)
    begin(world, reading, rules, state, tactics)
    last = most
    for i in range(courses.shape[0]):
        courses[i].wins, courses[i].weight, courses[i].open, courses[i].alive = 0.0, 0.0, 1.0, 1.0
        last = max(last, steps[i])
    for step in range(last):
        for i in range(courses.shape[0]):
            state.forces[2 * i].target = 3 * i + 1 if step < max(most, steps[i]) else NONE
        battles = battle_step(world, reading, rules, state, luck, first + step, (first + step) * world.step_hours)
        for b in range(battles):
            follow(world, rules, state, courses, steps, b, step)
        recover(world.step_hours, state.forces, rules.cohesion, (first + step) * world.step_hours)
    for i in range(courses.shape[0]):
        courses[i].wins += courses[i].open * courses[i].turn


@kernel
def follow(world: World, rules: Rules, state: State, courses: Array, steps: Array, b: int, step: int) -> None:
    """Add what the hazards of battle b say of its end in this step, and the losses when its days are over."""
    i = state.battles[b].cell // 3
    hazard_a, hazard_d = hazards(
        world.edges, world.roster, world.works, state.forces, state.ground, state.battles, rules.breaking, b
    )
    end = 1.0 - np.exp(-(hazard_a + hazard_d) * world.step_hours / 24.0)
    courses[i].turn = hazard_d / (hazard_a + hazard_d)
    if is_pressed_in(world.land, world.works, state.ground, state.battles, rules.breaking, b):
        courses[i].turn, courses[i].wins, courses[i].open = 1.0, courses[i].wins + courses[i].open, 0.0
    courses[i].wins += courses[i].open * end * courses[i].turn
    courses[i].open *= 1.0 - end
    steps_per_day = max(1, int(round(24.0 / world.step_hours)))
    if step == 0:
        courses[i].ratio = state.battles[b].attack / max(1e-9, state.battles[b].defence)
    if steps[i] - steps_per_day <= step < steps[i]:
        courses[i].weight += courses[i].alive * end
    if step == steps[i] - 1:
        for side in range(2):
            u = 2 * i + side
            lost = state.forces[u].killed + state.forces[u].wounded
            courses[i].loss[side] = lost / max(1.0, lost + state.forces[u].men)
    courses[i].alive *= 1.0 - end
