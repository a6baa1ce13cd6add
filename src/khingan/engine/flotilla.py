"""Flotilla: river ships that move with the operation, carry parties ahead of the front, and lend it their guns."""

from typing import NamedTuple

from khingan.engine.cohesion import CohesionRules
from khingan.engine.combat import CombatRules, defence_of, points
from khingan.engine.compiled import kernel
from khingan.engine.fighting import lose
from khingan.engine.movement import is_barred
from khingan.engine.occupation import count_out, edge_towards
from khingan.engine.state import AT_SEA, BY_RIVER, NEVER, NONE, PRESENT, Array, Reading, State, World


class FlotillaRules(NamedTuple):
    """Parameters of parameters/flotilla.yaml."""

    km_per_day: float
    hostile_km_per_day: float
    ahead_km: float
    capacity_men: float
    odds: float
    gun_weight: float
    crossing_gain: float


@kernel
def moor(world: World, state: State) -> None:
    """Every flotilla lies at the beginning of its fairway, with nobody aboard."""
    for f in range(state.flotillas.shape[0]):
        state.flotillas[f].at = world.flotillas[f].first
        state.flotillas[f].gone_km = 0.0
        state.flotillas[f].aboard = NONE
        state.forces[world.flotillas[f].formation].place = world.fairways[world.flotillas[f].first].cell


@kernel
def sail(
    world: World, reading: Reading, state: State, rules: FlotillaRules, combat: CombatRules, now: float
) -> None:  # fmt: skip
    """Every flotilla follows its fairway as far as the operation lets it, and takes up or lands its party.

    Leaves out: mines and booms, low water, shore batteries, and river trains of barges.
    """
    if rules.capacity_men <= 0.0:
        return
    for f in range(state.flotillas.shape[0]):
        u = world.flotillas[f].formation
        if state.forces[u].status != PRESENT or state.forces[u].passive or is_icebound(world, state, f):
            continue
        steam(world, state, rules, f, world.step_hours)
        if state.flotillas[f].aboard == NONE:
            take_aboard(world, state, rules, f)
        else:
            put_ashore(world, reading, state, rules, combat, f, now)


@kernel
def is_icebound(world: World, state: State, f: int) -> bool:
    """Whether ice holds a flotilla where it lies."""
    return state.regions[world.land[world.fairways[state.flotillas[f].at].cell].region].ice > 0.0


@kernel
def steam(world: World, state: State, rules: FlotillaRules, f: int, hours: float) -> None:
    """Go up the fairway for some hours: past empty banks, no further than `ahead_km` beyond the last one held.

    A reach whose bank somebody would defend stops the ships below it. Between hostile banks they go slower.
    """
    side = world.roster[world.flotillas[f].formation].side
    for _ in range(256):
        at = state.flotillas[f].at
        if hours <= 0.0 or at + 1 >= world.flotillas[f + 1].first:
            return
        beyond = world.fairways[at + 1].cell
        if is_barred(state.ground, side, beyond) or is_too_far(world, state, rules, f, side):
            state.flotillas[f].gone_km = 0.0
            return
        rate = rules.km_per_day if state.ground[beyond].owner == side else rules.hostile_km_per_day
        left = world.fairways[at + 1].km - world.fairways[at].km - state.flotillas[f].gone_km
        run = min(left, rate * hours / 24.0)
        hours -= run / rate * 24.0
        state.flotillas[f].gone_km += run
        if run < left:
            return
        state.flotillas[f].at, state.flotillas[f].gone_km = at + 1, 0.0
        state.forces[world.flotillas[f].formation].place = beyond


@kernel
def is_too_far(world: World, state: State, rules: FlotillaRules, f: int, side: int) -> bool:
    """True when the next reach lies further than `ahead_km` beyond the last bank that the ships' side holds."""
    ahead = state.flotillas[f].at + 1
    last = ahead
    while last > world.flotillas[f].first and state.ground[world.fairways[last].cell].owner != side:
        last -= 1
    return world.fairways[ahead].km - world.fairways[last].km > rules.ahead_km


@kernel
def next_town(world: World, state: State, f: int) -> int:
    """The next place of the flotilla's plan, where it lies or ahead, that its side does not hold; fairway row or -1."""
    side = world.roster[world.flotillas[f].formation].side
    for i in range(state.flotillas[f].at, world.flotillas[f + 1].first):
        if world.fairways[i].town and state.ground[world.fairways[i].cell].owner != side:
            return i
    return NONE


@kernel
def take_aboard(world: World, state: State, rules: FlotillaRules, f: int) -> None:
    """Take up again a party that came by river and has no errand, once its landing place is safe, with a town ahead."""
    if next_town(world, state, f) == NONE:
        return
    ship = world.flotillas[f].formation
    for lift in range(world.lifts.shape[0]):
        u = world.lifts[lift].formation
        if world.lifts[lift].mode != BY_RIVER or world.roster[u].side != world.roster[ship].side:
            continue
        if state.forces[u].status != PRESENT or state.forces[u].passive or state.lifts[lift].landed_h == NEVER:
            continue
        if state.forces[u].men > rules.capacity_men or state.forces[u].errand >= 0 or not is_relieved(world, state, u):
            continue
        if lies_at(world.edges, state.forces[ship].place, state.forces[u].place):
            count_out(world.roster, state.forces, state.ground, u)
            state.forces[u].status, state.forces[u].place, state.forces[u].target = AT_SEA, NONE, NONE
            state.lifts[lift].due_h = NEVER
            state.flotillas[f].aboard = lift
            return


@kernel
def is_relieved(world: World, state: State, u: int) -> bool:
    """True when others of its side hold the party's cell with it, or nobody of the enemy's stands beside it."""
    cell, side = state.forces[u].place, world.roster[u].side
    if cell < 0 or state.ground[cell].owner != side:
        return False
    if state.ground[cell].defenders[side] > 1:
        return True
    for edge in range(6):
        beyond = world.edges[cell, edge].neighbour
        if beyond >= 0 and is_barred(state.ground, side, beyond):
            return False
    return True


@kernel
def put_ashore(
    world: World, reading: Reading, state: State, rules: FlotillaRules, combat: CombatRules, f: int, now: float
) -> None:  # fmt: skip
    """Order the party ashore at the next town once the ships lie at it, if the odds on the beach allow it."""
    lift, town = state.flotillas[f].aboard, next_town(world, state, f)
    u = world.lifts[lift].formation
    side, place = world.roster[u].side, state.forces[world.flotillas[f].formation].place
    if town == NONE:
        # Nothing is left to take ahead: the party goes ashore where the ships lie.
        state.lifts[lift].cell, state.lifts[lift].due_h = place, now
        state.flotillas[f].aboard = NONE
        return
    cell = world.fairways[town].cell
    if not lies_at(world.edges, place, cell):
        return
    if is_barred(state.ground, side, cell):
        power = points(
            world.land, world.roster, world.control_side, reading.formations, state.forces, combat, u, cell
        ) * world.lifts[lift].wave + river_fire(world, state, combat, rules, cell, side)
        if power < rules.odds * combat.beach_assault * defence_of(world, reading, state, combat, cell, 1 - side):
            return
    state.lifts[lift].cell, state.lifts[lift].due_h = cell, now
    state.flotillas[f].aboard = NONE


@kernel
def lies_at(edges: Array, place: int, cell: int) -> bool:
    """True when ships in cell `place` lie in the other cell or beside it."""
    return place >= 0 and cell >= 0 and (place == cell or edge_towards(edges, place, cell) != NONE)


@kernel
def awaits_ships(world: World, state: State, rules: FlotillaRules, lift: int) -> bool:
    """True when a party bound up the river must wait: ships of its side will pass its landing place later."""
    if world.lifts[lift].mode != BY_RIVER or rules.capacity_men <= 0.0:
        return False
    cell, side = state.lifts[lift].cell, world.roster[world.lifts[lift].formation].side
    passed = False
    for f in range(state.flotillas.shape[0]):
        ship = world.flotillas[f].formation
        if world.roster[ship].side != side or state.forces[ship].status != PRESENT:
            continue
        if lies_at(world.edges, state.forces[ship].place, cell):
            return False
        for i in range(state.flotillas[f].at, world.flotillas[f + 1].first):
            passed = passed or lies_at(world.edges, world.fairways[i].cell, cell)
    return passed


@kernel
def lends_its_guns(world: World, state: State, f: int, cell: int, side: int) -> bool:
    """True for a flotilla of the side that lies at the cell, in the war."""
    u = world.flotillas[f].formation
    if world.roster[u].side != side or state.forces[u].status != PRESENT or state.forces[u].passive:
        return False
    return lies_at(world.edges, state.forces[u].place, cell)


@kernel
def river_fire(world: World, state: State, combat: CombatRules, rules: FlotillaRules, cell: int, side: int) -> float:
    """Points that the guns of the side's river ships add to an attack on a cell at which they lie."""
    total = 0.0
    if rules.capacity_men <= 0.0:
        return total
    for f in range(state.flotillas.shape[0]):
        if lends_its_guns(world, state, f, cell, side):
            total += state.forces[world.flotillas[f].formation].guns
    return total * combat.points_per_gun * rules.gun_weight * combat.ground_guns[world.land[cell].ground]


@kernel
def has_ships(world: World, state: State, rules: FlotillaRules, cell: int, side: int) -> bool:
    """True when river ships of the side lie at the cell and the mechanism is on."""
    if rules.capacity_men <= 0.0:
        return False
    ships = 0
    for f in range(state.flotillas.shape[0]):
        ships += lends_its_guns(world, state, f, cell, side)
    return ships > 0


@kernel
def hit_ships(
    world: World, state: State, rules: FlotillaRules, combat: CombatRules, cohesion: CohesionRules, battles: int
) -> None:  # fmt: skip
    """Ships that lent an attack their guns lose `combat.behind_losses` of the share that the attackers lost.

    They stand to those ashore as an army's gunners do. Leaves out: mines, aircraft, ships sunk with all hands.
    """
    if rules.capacity_men <= 0.0:
        return
    for i in range(battles):
        side = world.roster[state.ground[state.battles[i].cell].attack_head].side
        for f in range(state.flotillas.shape[0]):
            if lends_its_guns(world, state, f, state.battles[i].cell, side):
                lost = combat.behind_losses * state.battles[i].lost
                lose(state.forces, combat, cohesion, world.flotillas[f].formation, lost)
