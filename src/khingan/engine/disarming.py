"""Disarming: once the other side has the order to stop, idle formations go on to what nobody holds yet."""

from typing import NamedTuple

from khingan.engine.command import first_word
from khingan.engine.compiled import kernel
from khingan.engine.control import yielding
from khingan.engine.occupation import moves_as_a_body
from khingan.engine.state import FOOT, NONE, PRESENT, Array, State, World


class DisarmingRules(NamedTuple):
    """Parameters of parameters/disarming.yaml."""

    start_days: float
    reach_days: float


@kernel
def occupy_zone(world: World, state: State, rules: DisarmingRules, step: int, now: float) -> None:
    """Send the nearest idle formation to every point of the zone not yet held; once a day.

    Points are taken in the order of the gazetteer; nearest by planned hours on foot, scaled to the formation's own
    rate. A formation has first to finish its plan. Leaves out: detachments that split off, zones agreed among allies
    beyond the list of points, civil administration.
    """
    per_day = max(1, int(round(24.0 / world.step_hours)))
    if step % per_day != 0 or world.points[0] == NONE or now < first_word(state.headquarters) + 24.0 * rules.start_days:
        return
    idle = list_idle(world, state)
    for point in range(world.points.shape[0]):
        objective = world.points[point]
        taker = state.points[point].taker
        if taker >= 0 and state.forces[taker].status == PRESENT and state.forces[taker].errand == objective:
            continue
        state.points[point].taker = NONE
        cell = world.objectives[objective].cell
        # Asked first: hours lie scattered in memory, and most points are held before long.
        if idle == 0 or not is_open(world.roster, state.forces, state.ground, cell, state.doubtful[0]):
            continue
        taken = nearest_idle(world, state, rules, objective, idle)
        if taken >= 0:
            u = state.doubtful[taken]
            state.forces[u].errand = objective
            state.forces[u].heading, state.forces[u].progress = NONE, 0.0
            state.points[point].taker = u
            idle -= 1
            state.doubtful[taken] = state.doubtful[idle]


@kernel
def list_idle(world: World, state: State) -> int:
    """List in `doubtful` the formations with nothing left to do, and let go those whose errand is done; how many."""
    count = 0
    for u in range(state.forces.shape[0]):
        if not may_be_sent(world.plans, world.roster, state.forces, world.control_side, u):
            continue
        errand = state.forces[u].errand
        if errand >= 0 and is_open(world.roster, state.forces, state.ground, world.objectives[errand].cell, u):
            continue
        side, place = world.roster[u].side, state.forces[u].place
        if yielding(world.roster, state.forces, state.ground, side, place) > 0.0:
            continue
        state.forces[u].errand = NONE
        state.doubtful[count] = u
        count += 1
    return count


@kernel
def may_be_sent(plans: Array, roster: Array, forces: Array, control_side: int, u: int) -> bool:
    """True for a field formation of the control side that no order to stop is meant for and that has done its plan."""
    if forces[u].status != PRESENT or forces[u].place < 0 or not moves_as_a_body(roster[u].role):
        return False
    if (
        roster[u].side != control_side
        or roster[u].headquarters >= 0
        or forces[u].masking
        or forces[u].withdrawing
        or forces[u].plan < 0
    ):
        return False
    plan = forces[u].plan
    return plans[plan].first + forces[u].leg >= plans[plan + 1].first


@kernel
def is_open(roster: Array, forces: Array, ground: Array, cell: int, u: int) -> bool:
    """True while the cell is not u's side's, or men of the other side stand in it with their arms."""
    side = roster[u].side
    if ground[cell].owner != side:
        return True
    v = ground[cell].stand_head
    while v >= 0:
        if roster[v].side != side and forces[v].place == cell and forces[v].men > 0.0:
            return True
        v = forces[v].stand_next
    return False


@kernel
def nearest_idle(world: World, state: State, rules: DisarmingRules, objective: int, idle: int) -> int:
    """Position in the list of the idle formation that is soonest at a point it finds open, -1 none within reach."""
    cell = world.objectives[objective].cell
    field = world.objectives[objective].route[FOOT]
    best, soonest = NONE, 24.0 * rules.reach_days
    for i in range(idle):
        u = state.doubtful[i]
        mobility = world.roster[u].mobility
        hours = world.hours[field, state.forces[u].place] * state.pace[FOOT, 2, 0] / state.pace[mobility, 2, 0]
        if hours < soonest and is_open(world.roster, state.forces, state.ground, cell, u):
            best, soonest = i, hours
    return best
