"""Command: orders take effect when their hour has come and what released them has happened."""

from typing import NamedTuple

from khingan.engine.chance import ORDER_DELAY, draw, lognormal
from khingan.engine.compiled import kernel
from khingan.engine.state import (
    ATTACK,
    CEASE,
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


@kernel
def deliver_orders(world: World, reading: Reading, state: State, rules: CommandRules, luck: int, now: float) -> None:
    """Release every order whose condition holds by the end of this step, and give it to its addressees.

    Leaves out: orders misread, late by echelon, or not carried out.
    """
    for order in range(state.orders.shape[0]):
        if state.orders[order].in_force_h != NEVER or world.orders[order].kind == NO_EFFECT:
            continue
        delay = lognormal(draw(luck, 0, order, ORDER_DELAY), rules.delay_h, rules.delay_log_sd)
        if now + world.step_hours < reading.orders[order].start_h + delay or not is_released(world, state, order, now):
            continue
        state.orders[order].in_force_h = max(now, reading.orders[order].start_h + delay)
        for i in range(world.orders[order].addressee_first, world.orders[order + 1].addressee_first):
            obey(world.orders, state.forces, state.orders, world.addressees[i], order)


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
    spoken = False
    for h in range(headquarters_states.shape[0]):
        if headquarters_states[h].order_h < now:
            spoken = True
    for u in range(forces.shape[0]):
        if forces[u].place == cell and forces[u].status == PRESENT:
            if roster[u].side != control_side and not forces[u].passive:
                return False
    return spoken


@kernel
def obey(order_table: Array, forces: Array, order_states: Array, u: int, order: int) -> None:
    """Formation u takes up the order: a new plan, a withdrawal, or a halt. Landings are for the ships."""
    kind = order_table[order].kind
    if kind == CEASE or (kind >= LAND and order_table[order].plan == NONE):
        return
    forces[u].leg = 0
    forces[u].progress = 0.0
    forces[u].heading = NONE
    forces[u].plan_from_h = order_states[order].in_force_h
    forces[u].plan = NONE if kind == HOLD else order_table[order].plan
    forces[u].withdrawing = kind == WITHDRAW
    if kind == ATTACK:
        forces[u].pause_until_h = 0.0
