"""Command: orders take effect when their hour has come and what released them has happened; commanders choose."""

from typing import NamedTuple

import numpy as np

from khingan.engine.chance import FALL_BACK, ORDER_DELAY, RELAY, RESERVE, draw, lognormal
from khingan.engine.compiled import kernel
from khingan.engine.state import (
    ATTACK,
    CEASE,
    CLEAR,
    FIELD,
    FOOT,
    GARRISON_CEASED,
    HOLD,
    LAND,
    NEVER,
    NO_EFFECT,
    NONE,
    ORDER_IN_FORCE,
    PLACE_HELD,
    PRESENT,
    WITHDRAW,
    Array,
    Reading,
    State,
    World,
)


class CommandRules(NamedTuple):
    """Parameters of parameters/command.yaml."""

    delay_h: float
    delay_log_sd: float
    relay_h: float
    reserve_breaches: float
    stand_ratio: float
    turned_sides: float
    fall_back_per_day: float
    hold_factor: float


@kernel
def deliver_orders(world: World, reading: Reading, state: State, rules: CommandRules, luck: int, now: float) -> None:
    """Release every order whose condition holds by the end of this step, and give it to its addressees.

    From the addressed headquarters it goes on to each formation, which takes its own time. Leaves out: orders
    misread or not carried out.
    """
    for order in range(state.orders.shape[0]):
        if state.orders[order].in_force_h != NEVER or world.orders[order].kind == NO_EFFECT:
            continue
        if now + world.step_hours < reading.orders[order].start_h:
            continue
        delay = lognormal(draw(luck, 0, order, ORDER_DELAY), rules.delay_h, rules.delay_log_sd)
        if now + world.step_hours < reading.orders[order].start_h + delay or not is_released(world, state, order, now):
            continue
        state.orders[order].in_force_h = max(now, reading.orders[order].start_h + delay)
        for i in range(world.orders[order].addressee_first, world.orders[order + 1].addressee_first):
            u = world.addressees[i]
            relay = lognormal(draw(luck, order, u, RELAY), rules.relay_h, rules.delay_log_sd)
            obey(world.orders, state.forces, u, order, state.orders[order].in_force_h + relay)


@kernel
def is_released(world: World, state: State, order: int, now: float) -> bool:
    """True when every condition of the order holds."""
    for i in range(world.orders[order].condition_first, world.orders[order + 1].condition_first):
        kind, what, side = world.conditions[i, 0], world.conditions[i, 1], world.conditions[i, 2]
        if kind == PLACE_HELD and state.ground[what].owner != side:
            return False
        if kind == ORDER_IN_FORCE and state.orders[what].in_force_h == NEVER:
            return False
        if kind == GARRISON_CEASED and not has_ceased(
            world.roster, world.control_side, state.forces, state.headquarters, what, now
        ):
            return False
    return True


@kernel
def has_ceased(
    roster: Array, control_side: int, forces: Array, headquarters_states: Array, cell: int, now: float
) -> bool:
    """True once some headquarters has spoken and nobody in the cell would still fight the control side."""
    if first_word(headquarters_states) >= now:
        return False
    for u in range(forces.shape[0]):
        if forces[u].place == cell and forces[u].status == PRESENT:
            if roster[u].side != control_side and not forces[u].passive:
                return False
    return True


@kernel
def first_word(headquarters_states: Array) -> float:
    """The hour of the first cease-fire order of any headquarters, NEVER without one."""
    first = NEVER
    for h in range(headquarters_states.shape[0]):
        first = min(first, headquarters_states[h].order_h)
    return first


@kernel
def obey(order_table: Array, forces: Array, u: int, order: int, hour: float) -> None:
    """Formation u takes up the order from `hour`: a plan, a withdrawal, or a halt. Landings are for the ships."""
    kind = order_table[order].kind
    if kind == CEASE or (kind >= LAND and order_table[order].plan == NONE):
        return
    forces[u].leg = 0
    forces[u].progress = 0.0
    forces[u].heading = NONE
    forces[u].errand = NONE
    forces[u].must_hold = kind == HOLD
    forces[u].plan_from_h = hour
    forces[u].plan = NONE if kind == HOLD else order_table[order].plan
    forces[u].withdrawing = kind == WITHDRAW
    forces[u].clears = kind == CLEAR
    if kind == ATTACK or kind == CLEAR:
        forces[u].pause_until_h = 0.0


@kernel
def release_reserves(world: World, state: State, rules: CommandRules, luck: int, now: float) -> None:
    """A second echelon sets out before its planned hour once the line before it has broken in enough places.

    Places are cells whose defence gave way: to its own army, or to its front where its army has no first echelon. The
    order takes its time like any other. Leaves out: reserves sent elsewhere than their plan says.
    """
    for u in range(state.forces.shape[0]):
        plan = state.forces[u].plan
        if plan < 0 or state.forces[u].plan_from_h <= now or world.plans[plan].echelon < 2:
            continue
        army = world.roster[u].army
        breaches = state.armies[army].breaches
        if world.armies[army].second:
            breaches = state.fronts[world.armies[army].front].breaches
        if breaches >= rules.reserve_breaches:
            delay = lognormal(draw(luck, 0, u, RESERVE), rules.delay_h + rules.relay_h, rules.delay_log_sd)
            state.forces[u].plan_from_h = min(state.forces[u].plan_from_h, now + delay)


@kernel
def weigh_stands(
    roster: Array, forces: Array, ground: Array, battle_list: Array, rules: CommandRules, battles: int
) -> None:
    """Mark as pressed the defenders of every cell that is attacked by more than they should stand against."""
    for u in range(forces.shape[0]):
        forces[u].pressed = 0
    for i in range(battles):
        if battle_list[i].attack < rules.stand_ratio * battle_list[i].defence:
            continue
        cell = battle_list[i].cell
        side = 1 - roster[ground[cell].attack_head].side
        u = ground[cell].stand_head
        while u >= 0:
            if roster[u].side == side:
                forces[u].pressed = 1
            u = forces[u].stand_next


@kernel
def choose_to_fall_back(world: World, state: State, rules: CommandRules, luck: int, step: int, now: float) -> None:
    """A field formation that is pressed or turned may choose its line of retreat; one told to hold chooses it less.

    Chance in a step 1 - exp(-fall_back_per_day dt), the rate divided by `hold_factor` for those told to hold. It takes
    the road of its fallback until it is there, as a rearguard. Leaves out: a higher command that sees the whole line.
    """
    forces = state.forces
    days = world.step_hours / 24.0
    for u in range(forces.shape[0]):
        if forces[u].withdrawing:
            end_withdrawal(world.plans, world.objectives, forces, u)
        elif may_choose(world.roster, forces, u):
            if not forces[u].pressed and not is_turned(world.near, world.roster, forces, state.ground, rules, u):
                continue
            rate = rules.fall_back_per_day / (rules.hold_factor if forces[u].must_hold else 1.0)
            back = world.objectives[world.roster[u].fallback]
            if back.cell == forces[u].place or np.isinf(world.hours[back.route[FOOT], forces[u].place]):
                continue
            if draw(luck, step, u, FALL_BACK) < 1.0 - np.exp(-rate * days):
                forces[u].errand, forces[u].withdrawing = world.roster[u].fallback, 1
                forces[u].heading, forces[u].progress = NONE, 0.0
                forces[u].plan_from_h = now


@kernel
def may_choose(roster: Array, forces: Array, u: int) -> bool:
    """True for a field formation that stands on no works, has no plan of its own, and still fights."""
    if forces[u].status != PRESENT or roster[u].role != FIELD or forces[u].place < 0 or roster[u].works >= 0:
        return False
    return forces[u].plan < 0 and forces[u].errand < 0 and not forces[u].passive


@kernel
def is_turned(near: Array, roster: Array, forces: Array, ground: Array, rules: CommandRules, u: int) -> bool:
    """True when the other side has taken, in this run, that many of the cells around formation u."""
    taken = 0
    for edge in range(6):
        beyond = np.int64(near[forces[u].place, edge])
        if beyond >= 0 and ground[beyond].owner != roster[u].side and ground[beyond].taken_h > -NEVER:
            taken += 1
    return taken >= rules.turned_sides


@kernel
def end_withdrawal(plans: Array, objectives: Array, forces: Array, u: int) -> None:
    """A formation that has reached the end of its way back is no rearguard any more."""
    plan, errand = forces[u].plan, forces[u].errand
    if plan >= 0 and plans[plan].first + forces[u].leg < plans[plan + 1].first:
        return
    if errand >= 0 and objectives[errand].cell != forces[u].place:
        return
    forces[u].withdrawing, forces[u].errand = 0, NONE
