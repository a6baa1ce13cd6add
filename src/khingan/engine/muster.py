"""Muster: the state of the war at H-hour, and formations that arrive later."""

import numpy as np

from khingan.engine.buckets import clear_buckets
from khingan.engine.compiled import kernel
from khingan.engine.state import ABSENT, NEVER, NONE, PRESENT, Array, State, World


@kernel
def muster_forces(plans: Array, roster: Array, read: Array, forces: Array) -> None:
    """Put every formation where it stands at H-hour, with this reading's strength."""
    for u in range(forces.shape[0]):
        forces[u].status = ABSENT
        forces[u].place = NONE
        forces[u].men = read[u].men
        forces[u].tanks = read[u].tanks
        forces[u].guns = read[u].guns
        forces[u].cohesion = 1.0
        forces[u].prepared_days = roster[u].prepared_days
        forces[u].fuel = read[u].fuel_carried
        forces[u].ammunition = read[u].ammunition_carried
        forces[u].plan = roster[u].plan
        forces[u].plan_from_h = 0.0 if roster[u].plan < 0 else plans[roster[u].plan].start_h
        forces[u].heading, forces[u].errand = NONE, NONE
        forces[u].must_hold = roster[u].stands
        forces[u].target = NONE
        forces[u].first_hit_h = NEVER
        forces[u].order_h = NEVER
        forces[u].ended_h = NEVER
        clear(forces, u)
    arrive(roster, read, forces, 0.0)


@kernel
def clear(forces: Array, u: int) -> None:
    """Formation u has lost nobody, done nothing and been told nothing."""
    forces[u].killed, forces[u].wounded, forces[u].captured, forces[u].deserted = 0.0, 0.0, 0.0, 0.0
    forces[u].sick, forces[u].died, forces[u].tied = 0.0, 0.0, 0.0
    forces[u].tanks_lost, forces[u].combat_days = 0.0, 0.0
    forces[u].tanks_hit, forces[u].tanks_broken, forces[u].tanks_repaired = 0.0, 0.0, 0.0
    forces[u].progress, forces[u].pause_until_h, forces[u].retreats_km = 0.0, 0.0, 0.0
    forces[u].leg = 0
    forces[u].counted, forces[u].listed = NONE, NONE
    forces[u].fought, forces[u].masking, forces[u].halted = 0, 0, 0
    forces[u].lead_place, forces[u].lead_heading, forces[u].strung_h = NONE, NONE, 0.0
    forces[u].lead_plan, forces[u].lead_leg = NONE, 0
    forces[u].lead_progress, forces[u].lead_km, forces[u].lead_spent = 0.0, 0.0, 0.0
    forces[u].withdrawing, forces[u].passive, forces[u].pressed, forces[u].clears = 0, 0, 0, 0
    forces[u].battered, forces[u].afloat, forces[u].unlanded, forces[u].credited = 0.0, 0.0, 0.0, 0.0


@kernel
def arrive(roster: Array, read: Array, forces: Array, now: float) -> None:
    """Bring in the formations whose time has come."""
    for u in range(forces.shape[0]):
        if forces[u].status == ABSENT and read[u].start >= 0 and roster[u].arrives_h <= now:
            forces[u].status = PRESENT
            forces[u].place = read[u].start


@kernel
def lay_out_ground(world: World, state: State) -> None:
    """Reset cells, orders, landings, works, armies and points to H-hour."""
    ground = state.ground
    for cell in range(ground.shape[0]):
        ground[cell].owner = world.land[cell].owner
        ground[cell].first_h = 0.0 if world.land[cell].owner == world.control_side else NEVER
        ground[cell].taken_h, ground[cell].route_km = -NEVER, 0.0
        ground[cell].entered = 0
        ground[cell].aimed_h, ground[cell].aimed_men = -NEVER, 0.0
        ground[cell].penetration_km, ground[cell].noise = 0.0, 0.0
        ground[cell].battle_step, ground[cell].battle_since = -2, -2
        ground[cell].stand_head, ground[cell].noted = NONE, 0
        ground[cell].changed, ground[cell].hauls, ground[cell].in_line = 1, 0, 0
        ground[cell].line, ground[cell].faced = 0, 0
        state.changes[cell], state.ways[cell].day = cell, NONE
        for side in range(2):
            state.supply_km[side, cell], state.supply_from[side, cell] = np.inf, NONE
            ground[cell].defenders[side], ground[cell].garrisons[side], ground[cell].men[side] = 0, 0, 0.0
        for edge in range(6):
            state.roads[cell, edge].free_h, state.roads[cell, edge].opened_h = -NEVER, NEVER
    clear_buckets(state.heads)
    state.changes[ground.shape[0]] = ground.shape[0]
    state.line[ground.shape[0]] = 0
    for order in range(state.orders.shape[0]):
        state.orders[order].in_force_h = NEVER
    for lift in range(state.lifts.shape[0]):
        state.lifts[lift].due_h, state.lifts[lift].landed_h, state.lifts[lift].beach_h = NEVER, NEVER, NEVER
        state.lifts[lift].cell = world.lifts[lift].destination
    for works in range(state.works.shape[0]):
        state.works[works].fall_h, state.works[works].manned_step = NEVER, -2
        state.works[works].brought, state.works[works].gun_days = 0.0, 0.0
    for region in range(state.regions.shape[0]):
        for side in range(2):
            state.regions[region].hindered[side] = 0.0
    for army in range(state.armies.shape[0]):
        state.armies[army].halted_hours, state.armies[army].breaches, state.armies[army].prisoners = 0.0, 0.0, 0.0
        state.armies[army].halt_began_h, state.armies[army].met_h = NEVER, NEVER
    for front in range(state.fronts.shape[0]):
        state.fronts[front].breaches = 0.0
    for point in range(state.points.shape[0]):
        state.points[point].taker = NONE
