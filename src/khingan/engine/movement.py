"""Movement: columns march their legs over roads and open ground, past rivers and passes, at their own pace."""

from typing import NamedTuple

import numpy as np

from khingan.engine.air import hindrance_at
from khingan.engine.bits import lowest
from khingan.engine.clearing import edge_to_clear, is_barred
from khingan.engine.compiled import kernel
from khingan.engine.control import ControlRules, occupy
from khingan.engine.fetching import fetch
from khingan.engine.occupation import count_in, count_out, moves_as_a_body, rest_of_way
from khingan.engine.roads import RoadsRules, column_of, edge_time, enter_road, passage_hours, queue_hours
from khingan.engine.state import MOTOR, NONE, PRESENT, Array, State, World
from khingan.engine.turning import TurningRules, aim_at, edge_to_turn
from khingan.engine.wear import WearRules, wear_out
from khingan.engine.weather import WeatherRules

AHEAD = 3  # columns for which rows are fetched while others march


class MovementRules(NamedTuple):
    """Parameters of parameters/movement.yaml."""

    march_km_per_day: Array  # (mobility, road)
    off_road: Array  # (ground, mobility)
    track_share: float
    pace: float
    pass_pace: float
    crossing_h: Array  # (river,)
    bridge_share: float
    hostile_pace: float
    assault_h: float
    stacking_men_per_km2: float
    range_km: Array  # (mobility,) 0 where no fuel is needed
    fuel_stress: float
    fuel_burn: float
    fuel_reserve: float
    fuel_restart: float


@kernel
def set_pace(rules: MovementRules, pace: Array) -> None:
    """Fill pace (mobility, road, ground): this run's dry march rates in km a day, passes apart.

    Off the road the ground takes its share of the open rate; a track is slowed by part of that, a road not at all.
    """
    for mobility in range(pace.shape[0]):
        for road in range(pace.shape[1]):
            for ground in range(pace.shape[2]):
                share = rules.off_road[ground, mobility]
                share = 1.0 if road > 1 else share if road == 0 else share**rules.track_share
                pace[mobility, road, ground] = rules.march_km_per_day[mobility, road] * rules.pace * share


@kernel
def pace_over(
    edges: Array, land: Array, rules: MovementRules, pace: Array, mobility: int, cell: int, edge: int
) -> float:
    """Dry march rate over one edge, km a day; a pass slows it further."""
    rate = pace[mobility, edges[cell, edge].road, land[edges[cell, edge].neighbour].ground]
    return rate * rules.pass_pace if edges[cell, edge].mountain_pass else rate


@kernel
def edge_hours(
    edges: Array,
    land: Array,
    ground: Array,
    regions: Array,
    pace: Array,
    rules: MovementRules,
    weather: WeatherRules,
    mobility: int,
    side: int,
    cell: int,
    edge: int,
) -> float:
    """Hours that a column of `mobility` needs from `cell` over `edge`, in this weather, against no resistance."""
    beyond = edges[cell, edge].neighbour
    rate = pace_over(edges, land, rules, pace, mobility, cell, edge)
    rate *= 1.0 - (1.0 - weather.mud_pace[mobility]) * regions[land[beyond].region].mud
    hours = rules.crossing_h[edges[cell, edge].river] * (1.0 - regions[land[beyond].region].ice)
    if ground[beyond].owner != side:
        rate *= rules.hostile_pace
    elif edges[cell, edge].road >= 2:
        hours *= rules.bridge_share
    return edges[cell, edge].distance_km / rate * 24.0 + hours


@kernel
def head_and_tail(
    world: World, state: State, rules: MovementRules, weather: WeatherRules, roads: RoadsRules,
    mobility: int, side: int, cell: int, edge: int, vehicles: float, hour: float,
) -> tuple[float, float]:  # fmt: skip
    """Hours that the head of a column needs over the edge, and hours until the column has gone by its beginning."""
    need = edge_hours(
        world.edges, world.land, state.ground, state.regions, state.pace, rules, weather, mobility, side, cell, edge
    )
    passage = passage_hours(
        world.edges, world.land, state.ground, state.regions, state.roads, roads, side, cell, edge, vehicles, hour
    )
    return need, passage


@kernel
def next_objective(plans: Array, legs: Array, objectives: Array, forces: Array, u: int) -> int:
    """The objective formation u marches to, legs reached dropped; then its errand; -1 when all is done."""
    plan = forces[u].plan
    while plan >= 0 and plans[plan].first + forces[u].leg < plans[plan + 1].first:
        objective = legs[plans[plan].first + forces[u].leg]
        if objectives[objective].cell != forces[u].place:
            return objective
        forces[u].leg += 1
    errand = forces[u].errand
    return errand if errand >= 0 and objectives[errand].cell != forces[u].place else NONE


@kernel
def bound_for(world: World, forces: Array, u: int) -> int:
    """The objective formation u marches to: its line of retreat while it falls back, then that of its orders."""
    if forces[u].retreats_km > 0.0:
        return world.roster[u].fallback
    return next_objective(world.plans, world.legs, world.objectives, forces, u)


@kernel
def choose_edge(
    world: World, state: State, rules: MovementRules, weather: WeatherRules, roads: RoadsRules,
    u: int, objective: int, vehicles: float, hour: float,
) -> tuple[int, float, float]:  # fmt: skip
    """The edge that promises the soonest arrival among those that lead nearer the objective, -1 none.

    With it come the hours that the head needs over it, and those that the column needs to pass.

    An edge behind which the enemy stands costs the hours of an assault, and so does a step aside from him to a cell
    from which he bars every way on: a column goes round when that is quicker, not to put the assault off.
    A formation that withdraws never attacks; a full cell takes no more men. A queue, and a passage slower than the
    march, count with their hours.
    """
    forces, ground = state.forces, state.ground
    side, mobility, cell = world.roster[u].side, world.roster[u].mobility, forces[u].place
    field = world.objectives[objective].route[mobility]
    nearer = np.int64(world.nearer[field, cell])
    alone = nearer & (nearer - 1) == 0  # no other way to compare with
    best, best_hours, best_need, best_passage = NONE, np.inf, 0.0, 0.0
    avoids = forces[u].withdrawing != 0 or forces[u].retreats_km > 0.0
    weighs = not alone and not avoids and ways_barred(world, ground, field, side, cell)[0] > 0
    while nearer:
        edge = lowest(nearer)
        nearer &= nearer - 1
        beyond = world.edges[cell, edge].neighbour
        need, passage = head_and_tail(world, state, rules, weather, roads, mobility, side, cell, edge, vehicles, hour)
        hours = edge_time(need, roads, passage, forces[u].strung_h)
        if not alone:  # the table is long, and lies far away in memory
            hours += world.hours[field, beyond]
        if forces[u].heading != beyond or forces[u].progress == 0.0:  # its own column is no queue before it
            hours += queue_hours(state.roads, cell, edge, vehicles, hour)
        if is_barred(ground, side, beyond):
            hours += np.inf if avoids else rules.assault_h
        elif weighs and leads_to_the_enemy(world, ground, field, side, beyond):
            hours += rules.assault_h
        if not is_barred(ground, side, beyond) and ground[beyond].men[side] > 0.0:
            room = rules.stacking_men_per_km2 * world.land[beyond].area_km2
            if ground[beyond].men[side] + forces[u].men > room:
                continue
        if hours < best_hours:
            best, best_hours, best_need, best_passage = edge, hours, need, passage
    return best, best_need, best_passage


@kernel
def ways_barred(world: World, ground: Array, field: int, side: int, cell: int) -> tuple[int, int]:
    """(barred by the enemy, all) ways from the cell that lead nearer the objective."""
    nearer, ways, barred = np.int64(world.nearer[field, cell]), 0, 0
    while nearer:
        edge = lowest(nearer)
        nearer &= nearer - 1
        ways += 1
        if is_barred(ground, side, world.edges[cell, edge].neighbour):
            barred += 1
    return barred, ways


@kernel
def leads_to_the_enemy(world: World, ground: Array, field: int, side: int, cell: int) -> bool:
    """True when the enemy bars every way on from the cell: who steps aside into it has not gone round him."""
    barred, ways = ways_barred(world, ground, field, side, cell)
    return ways > 0 and barred == ways


@kernel
def fuel_for(edges: Array, roster: Array, rules: MovementRules, u: int, cell: int, edge: int) -> float:
    """Refills that formation u burns over one edge."""
    return refills_over(edges, rules, roster[u].mobility, cell, edge)


@kernel
def refills_over(edges: Array, rules: MovementRules, mobility: int, cell: int, edge: int) -> float:
    """Refills that vehicles of `mobility` burn over one edge; off good roads the measured stress is added."""
    if rules.range_km[mobility] <= 0.0:
        return 0.0
    stress = rules.fuel_stress if edges[cell, edge].road < 2 else 1.0
    return edges[cell, edge].distance_km * stress * rules.fuel_burn / rules.range_km[mobility]


@kernel
def lacks_fuel(roster: Array, forces: Array, rules: MovementRules, u: int) -> bool:
    """True when the formation must stand: below its reserve, or halted and not yet refilled enough to go on."""
    if roster[u].mobility < MOTOR:
        return False
    level = rules.fuel_restart if forces[u].halted else rules.fuel_reserve
    forces[u].halted = forces[u].fuel < level
    return forces[u].fuel < level


@kernel
def may_march(roster: Array, step_hours: float, forces: Array, u: int, now: float) -> bool:
    """True for a formation in the field with a plan whose hour has come, held by nothing."""
    if forces[u].status != PRESENT or forces[u].place < 0 or not moves_as_a_body(roster[u].role):
        return False
    if forces[u].masking or forces[u].passive:
        return False
    if forces[u].retreats_km > 0.0:
        return True
    if forces[u].plan < 0 and forces[u].errand < 0:
        return False
    return now + step_hours > forces[u].plan_from_h


@kernel
def march(
    world: World, state: State, rules: MovementRules, weather: WeatherRules, control: ControlRules,
    roads: RoadsRules, turning: TurningRules, wear: WearRules, now: float,
) -> None:  # fmt: skip
    """Every formation marches for the hours of the step, or names the cell it attacks.

    Progress towards the next cell carries over; a fast column may enter several cells in a step. The state is read as
    the march goes on, formation by formation in the order of the roster: two columns cannot fill one place.
    Leaves out: supply columns on the same roads, traffic by night.
    """
    marching = list_marching(world, state, now)
    for i in range(marching):
        if i + AHEAD < marching:
            v = state.doubtful[i + AHEAD]
            objective = bound_for(world, state.forces, v)
            fetch_beyond(world, state, world.roster[v].mobility, state.forces[v].place, objective)
        u = state.doubtful[i]
        hours = hours_on_the_road(world, state, u, state.forces[u].place, now)
        hour = now + world.step_hours - hours
        idle = march_one(world, state, rules, weather, control, roads, turning, wear, u, now, hour, hours)
        close_up(state.forces, u, idle)


@kernel
def list_marching(world: World, state: State, now: float) -> int:
    """List in `doubtful` the formations that have somewhere to march; how many. The others close up."""
    forces, marching = state.forces, 0
    for u in range(forces.shape[0]):
        forces[u].target = NONE
        idle = world.step_hours
        if may_march(world.roster, world.step_hours, forces, u, now):
            objective = bound_for(world, forces, u)
            if objective != NONE or forces[u].clears:
                fetch_around(world, state, world.roster[u].mobility, forces[u].place, objective)
                state.doubtful[marching] = u
                marching += 1
                continue
            if forces[u].strung_h > 0.0:
                idle = hours_on_the_road(world, state, u, forces[u].place, now)
        close_up(forces, u, idle)
    return marching


@kernel
def hours_on_the_road(world: World, state: State, u: int, cell: int, now: float) -> float:
    """Hours of the step in which formation u's column in the cell moves: from its plan's hour, less what raids take."""
    late = 0.0 if state.forces[u].retreats_km > 0.0 else max(0.0, state.forces[u].plan_from_h - now)
    hours = world.step_hours - late
    return hours * (1.0 - hindrance_at(world.land, state.regions, cell, world.roster[u].side))


@kernel
def close_up(forces: Array, u: int, idle: float) -> None:
    """While the head stands, its column closes up."""
    if forces[u].strung_h > 0.0:
        forces[u].strung_h = max(0.0, forces[u].strung_h - idle)


@kernel
def fetch_around(world: World, state: State, mobility: int, cell: int, objective: int) -> None:
    """Have the rows brought near by which a column in the cell will choose its way."""
    fetch(world.edges, cell)
    fetch(world.edges, cell + 1)
    fetch(state.roads, cell)
    fetch(state.roads, cell + 1)
    fetch(world.land, cell)
    if objective != NONE:
        fetch(world.nearer[world.objectives[objective].route[mobility]], cell)


@kernel
def fetch_beyond(world: World, state: State, mobility: int, cell: int, objective: int) -> None:
    """Have the rows brought near that a column will read of the cells between which it chooses."""
    if objective == NONE:
        return
    field = world.objectives[objective].route[mobility]
    nearer = np.int64(world.nearer[field, cell])
    alone = nearer & (nearer - 1) == 0
    while nearer:
        edge = lowest(nearer)
        nearer &= nearer - 1
        beyond = world.edges[cell, edge].neighbour
        fetch(state.ground, beyond)
        fetch(world.land, beyond)
        if not alone:
            fetch(world.hours[field], beyond)


@kernel
def march_one(
    world: World, state: State, rules: MovementRules, weather: WeatherRules, control: ControlRules,
    roads: RoadsRules, turning: TurningRules, wear: WearRules, u: int, now: float, hour: float, hours: float,
) -> float:  # fmt: skip
    """Formation u marches from `hour` for `hours`, cell by cell, until time, fuel or the enemy stops it.

    It waits until the columns before it have entered the edge, and is over when the head of its own has closed up. An
    enemy on its way it attacks, one beside it too where it turns on him. The hours left when it stopped come back.
    """
    forces = state.forces
    mobility, side = world.roster[u].mobility, world.roster[u].side
    vehicles = column_of(world.roster, state.forces, roads, u)
    for _ in range(64):
        objective = bound_for(world, forces, u)
        if hours <= 0.0:
            return hours
        edge, need, passage = NONE, 0.0, 0.0
        if objective != NONE:
            edge, need, passage = choose_edge(world, state, rules, weather, roads, u, objective, vehicles, hour)
        elif forces[u].clears:
            edge = edge_to_clear(world, state, u)
        if edge == NONE:
            forces[u].retreats_km = 0.0
            return hours
        cell = forces[u].place
        beyond = world.edges[cell, edge].neighbour
        if is_barred(state.ground, side, beyond):
            if hour >= forces[u].pause_until_h:
                aim_at(forces, state.ground, u, beyond, now)
            return hours
        aside = edge_to_turn(world, state, turning, u, hour, now)
        if aside != NONE:
            if hours >= 0.5 * world.step_hours:  # a battle lasts the whole step: who comes late begins with the next
                aim_at(forces, state.ground, u, world.edges[cell, aside].neighbour, now)
            return hours
        if lacks_fuel(world.roster, state.forces, rules, u):
            return hours
        if forces[u].heading != beyond:
            forces[u].heading = beyond
            forces[u].progress = 0.0
        wait = queue_hours(state.roads, cell, edge, vehicles, hour) if forces[u].progress == 0.0 else 0.0
        if wait >= hours:
            return hours
        hour, hours = hour + wait, hours - wait
        if objective == NONE or wait > 0.0:
            need, passage = head_and_tail(
                world, state, rules, weather, roads, mobility, side, cell, edge, vehicles, hour
            )  # fmt: skip
        need = edge_time(need, roads, passage, forces[u].strung_h)
        burn = fuel_for(world.edges, world.roster, rules, u, cell, edge)
        share = min(1.0 - forces[u].progress, hours / need)
        if burn > 0.0:
            if mobility >= MOTOR:
                share = min(share, max(0.0, forces[u].fuel) / burn)
            forces[u].fuel = max(0.0, forces[u].fuel - share * burn)
        if forces[u].progress == 0.0 and share > 0.0 and passage > 0.0:
            enter_road(state.roads, cell, edge, hour, passage)
        km = share * world.edges[cell, edge].distance_km
        wear_out(world.edges, world.land, state.forces, wear, u, cell, edge, km)
        forces[u].lead_km -= km
        forces[u].progress += share
        hours -= share * need
        hour += share * need
        if forces[u].progress < 1.0 - 1e-9:
            if hours <= 0.0 or share <= 1e-12:
                return hours
            continue
        count_out(world.roster, state.forces, state.ground, u)
        beaten = forces[u].retreats_km > 0.0
        forces[u].retreats_km = rest_of_way(forces[u].retreats_km, world.edges[cell, edge].distance_km)
        if beaten and beyond == world.objectives[objective].cell:
            forces[u].retreats_km = 0.0
        forces[u].place = beyond
        forces[u].progress = 0.0
        forces[u].heading = NONE
        forces[u].strung_h = max(forces[u].strung_h, roads.closed_up * passage)
        forces[u].prepared_days = 0.0
        count_in(world.roster, state.forces, state.ground, u)
        occupy(world.roster, world.control_side, state.forces, state.ground, state.changes, control, u, hour)
        if beaten and forces[u].retreats_km == 0.0:
            return hours
    return hours
