"""Detachment: a formation sends its mobile part ahead on its own route, to take what nobody defends."""

from typing import NamedTuple

import numpy as np

from khingan.engine.bits import lowest
from khingan.engine.compiled import kernel
from khingan.engine.control import ControlRules, hold
from khingan.engine.movement import (
    AHEAD,
    MovementRules,
    fetch_around,
    fetch_beyond,
    head_and_tail,
    hours_on_the_road,
    is_barred,
    may_march,
    refills_over,
)
from khingan.engine.roads import RoadsRules, column_of, queue_hours
from khingan.engine.state import MOTOR, NONE, Array, State, World
from khingan.engine.weather import WeatherRules


class DetachmentRules(NamedTuple):
    """Parameters of parameters/detachment.yaml."""

    mobile_share: Array  # (type,)
    lead_km: float
    fuel_carried: float


@kernel
def send_ahead(
    world: World, state: State, movement: MovementRules, weather: WeatherRules, control: ControlRules,
    roads: RoadsRules, rules: DetachmentRules, now: float,
) -> None:  # fmt: skip
    """Before the main bodies march, every formation that may sends its detachment on, or calls it back.

    The men stay in the counts of the main body, so a detachment neither fights nor dies: on contact it rejoins, and
    then the whole formation attacks. Leaves out: fights of the detachment, bridges seized, its own air and guns.
    """
    if rules.lead_km <= 0.0:
        return
    leading = list_leading(world, state, rules, now)
    for i in range(leading):
        if i + AHEAD < leading:
            v = state.doubtful[i + AHEAD]
            objective = lead_objective(world.plans, world.legs, world.objectives, state.forces, v)
            fetch_beyond(world, state, world.roster[v].mobility, state.forces[v].lead_place, objective)
        u = state.doubtful[i]
        hours = hours_on_the_road(world, state, u, state.forces[u].lead_place, now)
        lead_on(world, state, movement, weather, control, roads, rules, u, now + world.step_hours - hours, hours)


@kernel
def list_leading(world: World, state: State, rules: DetachmentRules, now: float) -> int:
    """List in `doubtful` the formations whose detachment goes on, and call the others back; how many are listed."""
    forces, leading = state.forces, 0
    for u in range(forces.shape[0]):
        if rules.mobile_share[world.roster[u].kind] <= 0.0:
            continue
        if not may_lead(world.roster, forces, state.ground, world.step_hours, u, now):
            if forces[u].lead_place != NONE:
                rejoin(forces, u)
            continue
        if is_caught_up(forces, u):
            rejoin(forces, u)
        if forces[u].lead_place == NONE and not set_out(world.roster, forces, u):
            continue
        objective = lead_objective(world.plans, world.legs, world.objectives, forces, u)
        if objective != NONE:
            fetch_around(world, state, world.roster[u].mobility, forces[u].lead_place, objective)
            state.doubtful[leading] = u
            leading += 1
    return leading


@kernel
def may_lead(roster: Array, forces: Array, ground: Array, step_hours: float, u: int, now: float) -> bool:
    """True when the main body is on the march under the plan of its detachment, and neither of them is in contact."""
    if not may_march(roster, step_hours, forces, u, now):
        return False
    if forces[u].withdrawing or forces[u].retreats_km > 0.0 or forces[u].fought or forces[u].target != NONE:
        return False
    if forces[u].lead_place == NONE:
        return True
    if forces[u].lead_plan != forces[u].plan:
        return False
    return ground[forces[u].lead_place].defenders[1 - roster[u].side] == 0


@kernel
def is_caught_up(forces: Array, u: int) -> bool:
    """True when the main body has come up with its detachment, or passed it."""
    return forces[u].lead_place != NONE and forces[u].lead_km <= 1e-6


@kernel
def set_out(roster: Array, forces: Array, u: int) -> bool:
    """Let a detachment leave the main body: where that walks or rides, or stands for want of fuel; True if it did."""
    if roster[u].mobility >= MOTOR and not forces[u].halted:
        return False
    forces[u].lead_place, forces[u].lead_heading = forces[u].place, forces[u].heading
    forces[u].lead_plan, forces[u].lead_leg = forces[u].plan, forces[u].leg
    forces[u].lead_progress, forces[u].lead_km = forces[u].progress, 0.0
    return True


@kernel
def rejoin(forces: Array, u: int) -> None:
    """The detachment is with the main body again, and may load anew from its stock."""
    forces[u].lead_place, forces[u].lead_spent = NONE, 0.0


@kernel
def lead_objective(plans: Array, legs: Array, objectives: Array, forces: Array, u: int) -> int:
    """The objective the detachment marches to, having dropped legs it has reached; -1 when the plan is done."""
    plan = forces[u].plan
    if plan < 0:  # on an errand
        return NONE
    forces[u].lead_leg = max(forces[u].lead_leg, forces[u].leg)
    while plans[plan].first + forces[u].lead_leg < plans[plan + 1].first:
        objective = legs[plans[plan].first + forces[u].lead_leg]
        if objectives[objective].cell != forces[u].lead_place:
            return objective
        forces[u].lead_leg += 1
    return NONE


@kernel
def lead_hours(
    world: World, state: State, movement: MovementRules, weather: WeatherRules, roads: RoadsRules,
    u: int, vehicles: float, cell: int, edge: int, hour: float,
) -> float:  # fmt: skip
    """Hours the detachment needs over an edge at the pace of its vehicles."""
    side, mobility = world.roster[u].side, max(MOTOR, world.roster[u].mobility)
    need, passage = head_and_tail(world, state, movement, weather, roads, mobility, side, cell, edge, vehicles, hour)
    return max(need, roads.closed_up * passage)


@kernel
def lead_edge(
    world: World, state: State, movement: MovementRules, weather: WeatherRules, roads: RoadsRules,
    u: int, vehicles: float, objective: int, hour: float,
) -> tuple[int, float]:  # fmt: skip
    """The edge that promises the soonest arrival on the main body's route, -1 none, and its hours.

    An enemy ahead costs an assault.
    """
    cell, side = state.forces[u].lead_place, world.roster[u].side
    field = world.objectives[objective].route[world.roster[u].mobility]
    nearer = np.int64(world.nearer[field, cell])
    alone = nearer & (nearer - 1) == 0  # as in movement.choose_edge
    best, best_hours, best_need = NONE, np.inf, 0.0
    while nearer:
        edge = lowest(nearer)
        nearer &= nearer - 1
        beyond = world.edges[cell, edge].neighbour
        hours = need = lead_hours(world, state, movement, weather, roads, u, vehicles, cell, edge, hour)
        if not alone:
            hours += world.hours[field, beyond]
        if is_barred(state.ground, side, beyond):
            hours += movement.assault_h
        if hours < best_hours:
            best, best_hours, best_need = edge, hours, need
    return best, best_need


@kernel
def is_far_enough(world: World, forces: Array, rules: DetachmentRules, u: int, objective: int) -> bool:
    """True when whichever cell comes next lies further from the main body than a detachment goes.

    Asked before its ways are weighed, for most that are out have gone as far as they may.
    """
    if forces[u].lead_progress != 0.0:
        return False
    cell = forces[u].lead_place
    nearer = np.int64(world.nearer[world.objectives[objective].route[world.roster[u].mobility], cell])
    while nearer:
        edge = lowest(nearer)
        nearer &= nearer - 1
        if forces[u].lead_km + world.edges[cell, edge].distance_km <= rules.lead_km:
            return False
    return True


@kernel
def refills_left(roster: Array, forces: Array, rules: DetachmentRules, u: int) -> float:
    """Fuel at the detachment's call: all that the formation has left, on foot no more than its vehicles loaded."""
    stock = max(0.0, forces[u].fuel) / rules.mobile_share[roster[u].kind]
    if roster[u].mobility >= MOTOR:
        return stock
    return min(stock, max(0.0, rules.fuel_carried - forces[u].lead_spent))


@kernel
def burn(roster: Array, forces: Array, rules: DetachmentRules, u: int, refills: float) -> None:
    """Take what the detachment's vehicles have burnt out of the formation's stock."""
    forces[u].fuel = max(0.0, forces[u].fuel - refills * rules.mobile_share[roster[u].kind])
    forces[u].lead_spent += refills


@kernel
def lead_on(
    world: World, state: State, movement: MovementRules, weather: WeatherRules, control: ControlRules,
    roads: RoadsRules, rules: DetachmentRules, u: int, hour: float, hours: float,
) -> None:  # fmt: skip
    """The detachment of formation u goes on, cell by cell, until time, fuel, distance or the enemy stops it."""
    forces, side = state.forces, world.roster[u].side
    share = rules.mobile_share[world.roster[u].kind]
    vehicles = share * column_of(world.roster, forces, roads, u)
    for _ in range(64):
        objective = lead_objective(world.plans, world.legs, world.objectives, forces, u)
        if objective == NONE or hours <= 0.0 or is_far_enough(world, state.forces, rules, u, objective):
            return
        edge, need = lead_edge(world, state, movement, weather, roads, u, vehicles, objective, hour)
        if edge == NONE:
            return
        cell = forces[u].lead_place
        beyond = world.edges[cell, edge].neighbour
        km = world.edges[cell, edge].distance_km
        if is_barred(state.ground, side, beyond):
            return
        if forces[u].lead_heading != beyond:
            forces[u].lead_km -= forces[u].lead_progress * km
            forces[u].lead_heading, forces[u].lead_progress = beyond, 0.0
        if forces[u].lead_km + (1.0 - forces[u].lead_progress) * km > rules.lead_km:
            return
        if forces[u].lead_progress == 0.0:
            wait = min(hours, queue_hours(state.roads, cell, edge, vehicles, hour))
            if wait > 0.0:
                hour, hours = hour + wait, hours - wait
                need = lead_hours(world, state, movement, weather, roads, u, vehicles, cell, edge, hour)
        refills = refills_over(world.edges, movement, max(MOTOR, world.roster[u].mobility), cell, edge)
        part = min(1.0 - forces[u].lead_progress, hours / need)
        if refills > 0.0:
            part = min(part, refills_left(world.roster, forces, rules, u) / refills)
        burn(world.roster, forces, rules, u, part * refills)
        forces[u].lead_progress += part
        forces[u].lead_km += part * km
        hour, hours = hour + part * need, hours - part * need
        if forces[u].lead_progress < 1.0 - 1e-9:
            return
        forces[u].lead_place, forces[u].lead_heading, forces[u].lead_progress = beyond, NONE, 0.0
        hold(
            world.roster, world.control_side, forces, state.ground, state.changes, control, side, beyond,
            share * forces[u].men, hour,
        )  # fmt: skip
