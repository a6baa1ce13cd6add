"""Record: what a run leaves behind, written as it goes."""

import numpy as np

from khingan.engine.compiled import apart, in_vectors, kernel
from khingan.engine.issue import is_on_the_road
from khingan.engine.occupation import moves_as_a_body
from khingan.engine.state import MOTOR, NEVER, NONE, PRESENT, Array, Record
from khingan.engine.supply import SupplyRules


@kernel
def record_step(
    globe: Array, roster: Array, step_hours: float, forces: Array, regions: Array, armies: Array, record: Record,
    step: int,
) -> None:  # fmt: skip
    """Write every formation's cell at the end of a step, and the day's strengths and losses at the end of a day."""
    for u in range(forces.shape[0]):
        record.place[step, u] = forces[u].place
    hours = (step + 1) * step_hours
    day = int(round(hours / 24.0)) - 1
    if day >= 0 and abs(hours - 24.0 * (day + 1)) < 0.5 * step_hours and day < record.men.shape[0]:
        credit_prisoners(globe, roster, forces, armies, record.place[: step + 1])
        record_day(roster, forces, regions, armies, record, day)


@kernel
def record_day(roster: Array, forces: Array, regions: Array, armies: Array, record: Record, day: int) -> None:
    """Strengths by formation and losses by army at the end of a day."""
    for army in range(armies.shape[0]):
        record.killed[day, army], record.wounded[day, army], record.captured[day, army] = 0.0, 0.0, 0.0
        record.sick[day, army], record.died[day, army], record.deserted[day, army] = 0.0, 0.0, 0.0
        record.tanks_lost[day, army], record.tanks_out[day, army], record.tanks_repaired[day, army] = 0.0, 0.0, 0.0
        record.prisoners[day, army] = armies[army].prisoners
    for u in range(forces.shape[0]):
        army = roster[u].army
        record.men[day, u] = forces[u].men
        record.tanks[day, u] = forces[u].tanks
        record.fuel[day, u] = forces[u].fuel
        record.killed[day, army] += forces[u].killed
        record.wounded[day, army] += forces[u].wounded
        record.captured[day, army] += forces[u].captured
        record.sick[day, army] += forces[u].sick
        record.died[day, army] += forces[u].died
        record.tanks_lost[day, army] += forces[u].tanks_lost
        record.tanks_out[day, army] += forces[u].tanks_hit + forces[u].tanks_broken
        record.tanks_repaired[day, army] += forces[u].tanks_repaired
        record.deserted[day, army] += forces[u].deserted
    wet = 0.0
    for region in range(regions.shape[0]):
        wet += regions[region].wet
    record.wet_share[day] = wet / max(1, regions.shape[0])


@kernel
def credit_prisoners(globe: Array, roster: Array, forces: Array, armies: Array, places: Array) -> None:
    """Credit those taken since yesterday to the army of the other side's formation that is nearest to where they stood.

    places (step, formation) are the cells so far. Leaves out: who marched them off, camps that one army kept for
    another, and formations that came and were taken within one step.
    """
    for u in range(forces.shape[0]):
        if forces[u].captured <= forces[u].credited:
            continue
        step = places.shape[0] - 1
        while step >= 0 and places[step, u] < 0:
            step -= 1
        taker = NONE if step < 0 else nearest_in_the_field(globe, roster, forces, places[step, u], 1 - roster[u].side)
        if taker >= 0:
            armies[roster[taker].army].prisoners += forces[u].captured - forces[u].credited
        forces[u].credited = forces[u].captured


@kernel
def nearest_in_the_field(globe: Array, roster: Array, forces: Array, cell: int, side: int) -> int:
    """The formation of a side that moves as a body and stands nearest to a cell, the first of equals; -1 none."""
    best, nearness = NONE, -2.0
    for v in range(forces.shape[0]):
        place = forces[v].place
        if roster[v].side != side or place < 0 or forces[v].status != PRESENT or forces[v].passive:
            continue
        if not moves_as_a_body(roster[v].role):
            continue
        cosine = 0.0
        for axis in range(3):
            cosine += globe[place, axis] * globe[cell, axis]
        if cosine > nearness:
            best, nearness = v, cosine
    return best


@kernel
def count_halts(roster: Array, step_hours: float, forces: Array, armies: Array, now: float) -> None:
    """Add to each army's halted_hours the share of its motor formations that stood without fuel in this step.

    `halt_began_h` keeps the first hour in which that was half of them.
    """
    for army in range(armies.shape[0]):
        armies[army].motor, armies[army].halted = 0.0, 0.0
    for u in range(forces.shape[0]):
        if roster[u].mobility >= MOTOR and is_on_the_road(forces, u):
            armies[roster[u].army].motor += 1.0
            armies[roster[u].army].halted += forces[u].halted
    for army in range(armies.shape[0]):
        if armies[army].motor > 0.0:
            share = armies[army].halted / armies[army].motor
            armies[army].halted_hours += step_hours * share
            if share >= 0.5 and armies[army].halt_began_h == NEVER:
                armies[army].halt_began_h = now


@kernel
def day_trip_km(rules: SupplyRules) -> float:
    """Road-equivalent km at which a truck still goes there and back once in a day's driving (T24, one trip a day)."""
    return 0.5 * max(0.0, rules.driving_h - rules.loading_h) * rules.truck_km_per_h


@kernel
def record_reach(control_side: int, supply_km: Array, rules: SupplyRules, record: Record, day: int) -> None:
    """Note for every cell the first day within the control side's reach and the last within the other side's.

    supply_km (side, cell) as measured on `day`, from 0. Leaves out: reach lost and won again in between.
    """
    far = np.float32(day_trip_km(rules))
    note_reach(supply_km[control_side], supply_km[1 - control_side], far, day + 1, record.reach_from, record.reach_to)


@in_vectors
@kernel
def note_reach(own: Array, other: Array, far: float, today: int, reach_from: Array, reach_to: Array) -> None:
    """Write `today` for the cells that are within `far` km: to reach_from of its own while that is 0, to reach_to.

    Apart and without a choice of ways, so that the machine looks at many cells at once.
    """
    day = np.int16(today)
    for cell in range(own.shape[0]):
        first, last = reach_from[cell], reach_to[cell]
        begins = (own[cell] >= np.float32(0.0)) & (own[cell] <= far) & (first == 0)
        lasts = (other[cell] >= np.float32(0.0)) & (other[cell] <= far)
        reach_from[cell] = day if begins else first
        reach_to[cell] = day if lasts else last


apart(note_reach)


@kernel
def told(hour: float, end: float) -> float:
    """An hour for the record: NaN for what did not happen by `end`."""
    return hour if hour < NEVER and hour <= end else np.nan


@kernel
def record_end(
    control_side: int,
    forces: Array,
    ground: Array,
    lift_states: Array,
    works_states: Array,
    armies: Array,
    politics: Array,
    record: Record,
    end: float,
) -> None:
    """Write what is known only at the end of a run."""
    record.surrender[0] = told(politics[0].decided_h, NEVER)
    record.surrender[1] = told(politics[0].broadcast_h, NEVER)
    for cell in range(ground.shape[0]):
        record.first_control[cell] = told(ground[cell].first_h, end)
        record.held_at_end[cell] = ground[cell].owner == control_side
    for works in range(works_states.shape[0]):
        record.works_fall[works] = told(works_states[works].fall_h, end)
    for lift in range(lift_states.shape[0]):
        record.landed[lift] = told(lift_states[lift].landed_h, end)
    for u in range(forces.shape[0]):
        record.order_arrival[u] = told(forces[u].order_h, end)
        record.capitulated[u] = told(forces[u].ended_h, end)
    for army in range(armies.shape[0]):
        record.halted_hours[army] = armies[army].halted_hours
        record.halt_began[army] = told(armies[army].halt_began_h, end)
