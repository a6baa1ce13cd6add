"""Combat: power on both sides of a cell. What each loses by it: fighting.py."""

from typing import NamedTuple

from khingan.engine.air import AirRules, support_from_the_air
from khingan.engine.compiled import kernel
from khingan.engine.occupation import edge_towards, moves_as_a_body
from khingan.engine.state import BEACH, GARRISON, NEVER, NONE, Array, Reading, State, World
from khingan.engine.weather import WeatherRules


class CombatRules(NamedTuple):
    """Parameters of parameters/combat.yaml."""

    loss_attacker: float
    loss_defender: float
    opening: float
    helmbold: float
    losses_most_ratio: float
    points_per_1000_men: Array  # (type,)
    points_per_tank: float
    points_per_gun: float
    ground_defence: Array  # (ground,)
    ground_tanks: Array  # (ground,)
    ground_guns: Array  # (ground,)
    ground_losses: Array  # (ground,)
    wooded: Array  # (ground,) 1 where woods stand
    woods_losses: float
    terrain_exponent: float
    posture_exponent: float
    hasty: float
    prepared: float
    fortified: float
    hasty_days: float
    prepared_days: float
    fortified_days: float
    withdrawing: float
    concrete: float
    river_assault: Array  # (river,) defender's factor against an assault over such a river
    beach_assault: float
    beach_later: float
    beach_hours: float
    quality_ratio: float
    readiness_scale: float
    surprise_peak: float
    surprise_days: float
    surprise_alert_days: float
    frontage: float
    beach_km: float
    works_km: float
    flank_gain: float
    hold_losses: float
    sealed_losses: float
    holding: float
    behind_losses: float
    day_sd: float
    day_memory: float
    engagement_sd: float
    exchange_sd: float
    killed_share: float
    tank_losses: float
    gun_losses: float
    advance_infantry: float
    advance_armour: float
    advance_exponent_infantry: float
    advance_exponent_armour: float
    advance_prepared: float
    advance_fortified: float
    advance_sd: float
    advance_from_ratio: float
    advance_most_ratio: float
    units_of_fire_per_day: float
    attack_without: float
    defence_without: float
    fatigue_per_day: float
    fatigue_floor: float
    cohesion_floor: float


@kernel
def set_terrain(rules: CombatRules, terrain: Array) -> None:
    """Fill terrain (2, ground): this run's factors of the ground for the defender's power and for losses."""
    for ground in range(terrain.shape[1]):
        terrain[0, ground] = rules.ground_defence[ground] ** rules.terrain_exponent
        terrain[1, ground] = rules.ground_losses[ground] ** rules.terrain_exponent
        if rules.wooded[ground] > 0.0:
            terrain[1, ground] *= rules.woods_losses


@kernel
def points(
    land: Array, roster: Array, control_side: int, read: Array, forces: Array, rules: CombatRules, u: int, cell: int
) -> float:
    """Power of formation u on the ground of `cell`, in points: men, tanks and guns by quality, cohesion and fatigue.

    One point is a full rifle battalion. Tanks and guns count as the ground lets them, men as far as no rear ties them.
    """
    ground = land[cell].ground
    raw = max(0.0, forces[u].men - forces[u].tied) / 1000.0 * rules.points_per_1000_men[roster[u].kind]
    raw += forces[u].tanks * rules.points_per_tank * rules.ground_tanks[ground]
    raw += forces[u].guns * rules.points_per_gun * rules.ground_guns[ground]
    quality = read[u].quality
    if quality < 1.0:
        quality = min(1.0, quality * rules.readiness_scale)
    if roster[u].side == control_side:
        quality *= rules.quality_ratio
    fatigue = max(rules.fatigue_floor, 1.0 - rules.fatigue_per_day * forces[u].combat_days)
    will = rules.cohesion_floor + (1.0 - rules.cohesion_floor) * forces[u].cohesion
    return raw * quality * will * fatigue


@kernel
def posture(
    land: Array, roster: Array, fortresses: Array, forces: Array, rules: CombatRules, u: int, cell: int
) -> float:
    """Defender's multiplier of formation u: what it has dug, or the works it stands in (QJM posture table)."""
    if forces[u].withdrawing:
        return rules.withdrawing**rules.posture_exponent
    days = forces[u].prepared_days
    if days < rules.hasty_days:
        factor = 1.0 + (rules.hasty - 1.0) * days / rules.hasty_days
    elif days < rules.prepared_days:
        share = (days - rules.hasty_days) / (rules.prepared_days - rules.hasty_days)
        factor = rules.hasty + (rules.prepared - rules.hasty) * share
    else:
        share = (days - rules.prepared_days) / (rules.fortified_days - rules.prepared_days)
        factor = rules.prepared + (rules.fortified - rules.prepared) * min(1.0, share)
    works = land[cell].works
    if works >= 0 and fortresses[works].side == roster[u].side:
        built = rules.concrete if fortresses[works].strength == 2 else rules.fortified
        factor = max(factor, 1.0 + (built - 1.0) * (1.0 - forces[u].battered))
    return factor**rules.posture_exponent


@kernel
def defends(roster: Array, forces: Array, u: int) -> bool:
    """True when formation u, standing in an attacked cell, takes part in its defence."""
    role = roster[u].role
    return not forces[u].passive and (moves_as_a_body(role) or role == GARRISON)


@kernel
def gather_battles(
    roster: Array, army_table: Array, forces: Array, ground: Array, fronts: Array, battle_list: Array
) -> int:
    """List the attacked cells (battle_list) and each one's attackers; nobody has fought yet. The number of battles."""
    battles = 0
    for front in range(fronts.shape[0]):
        fronts[front].battles = 0.0
    for u in range(forces.shape[0]):
        forces[u].fought = 0
        cell = forces[u].target
        if cell < 0:
            continue
        fresh = True
        for i in range(battles):
            if battle_list[i].cell == cell:
                fresh = False
        if fresh:
            battle_list[battles].cell = cell
            battle_list[battles].fire, battle_list[battles].bridged, battle_list[battles].sapped = 0.0, 0.0, 0.0
            battle_list[battles].lost = 0.0
            ground[cell].attack_head = NONE
            battles += 1
            fronts[army_table[roster[u].army].front].battles += 1.0
        forces[u].attack_next = ground[cell].attack_head
        ground[cell].attack_head = u
    return battles


@kernel
def surprise(forces: Array, ground: Array, rules: CombatRules, cell: int, side: int, now: float) -> float:
    """Attacker's multiplier while the defence of the cell is surprised.

    It decays with the days since the defenders were first hit (QJM: gone after three), and with the days since the
    war began, after which nobody is surprised that there is one.
    """
    first = NEVER
    u = ground[cell].stand_head
    while u >= 0:
        first = min(first, forces[u].first_hit_h)
        u = forces[u].stand_next
    hit_days = max(0.0, (now - min(first, now)) / 24.0)
    left = max(0.0, 1.0 - hit_days / rules.surprise_days)
    left *= max(0.0, 1.0 - min(first, now) / 24.0 / rules.surprise_alert_days)
    return 1.0 + (rules.surprise_peak - 1.0) * left


@kernel
def defence_of(world: World, reading: Reading, state: State, rules: CombatRules, cell: int, side: int) -> float:
    """Points with which `side` defends the cell, on its ground and in its posture."""
    total = 0.0
    u = state.ground[cell].stand_head
    while u >= 0:
        if world.roster[u].side == side and state.forces[u].place == cell and defends(world.roster, state.forces, u):
            supplied = min(1.0, state.forces[u].ammunition)
            power = points(
                world.land, world.roster, world.control_side, reading.formations, state.forces, rules, u, cell
            ) * posture(world.land, world.roster, world.works, state.forces, rules, u, cell)
            total += power * (rules.defence_without + (1.0 - rules.defence_without) * supplied)
        u = state.forces[u].stand_next
    return total * state.terrain[0, world.land[cell].ground]


@kernel
def attack_by_edges(
    world: World, reading: Reading, state: State, rules: CombatRules, weather: WeatherRules, cell: int, now: float,
    bridged: float,
) -> tuple:  # fmt: skip
    """(power before, power after the frontage cap, edges used) of the attack on a cell.

    Each side of the cell holds `frontage` points a km; a river on it, or the beach, helps the defender. Engineers and
    ships take the share `bridged` of what a river gives him. From the sea only what is ashore counts.
    """
    edge_power = state.edge_power
    edge_power[:] = 0.0
    open_water = 1.0 - state.regions[world.land[cell].region].ice
    wet = weather.wet_attack if state.regions[world.land[cell].region].wet else 1.0
    u = state.ground[cell].attack_head
    while u >= 0:
        place = state.forces[u].place
        edge = NONE if place < 0 else edge_towards(world.edges, cell, place)
        power = (
            points(world.land, world.roster, world.control_side, reading.formations, state.forces, rules, u, cell) * wet
        )
        supplied = min(1.0, state.forces[u].ammunition)
        power *= rules.attack_without + (1.0 - rules.attack_without) * supplied
        if edge == NONE:
            power *= ashore(world.land, world.roster, state.forces, rules, u, cell)
        edge_power[BEACH if edge == NONE else edge] += power
        u = state.forces[u].attack_next
    raw, power, edges = 0.0, 0.0, 0
    for edge in range(7):
        if edge_power[edge] <= 0.0:
            continue
        raw += edge_power[edge]
        edges += 1
        if edge == BEACH:
            power += min(edge_power[edge], rules.frontage * rules.beach_km) / beach_factor(
                state.forces, state.ground, rules, cell, now
            )
        else:
            room = rules.frontage * world.edges[cell, edge].side_km
            river = rules.river_assault[world.edges[cell, edge].river] ** rules.posture_exponent
            power += min(edge_power[edge], room) / (1.0 + (river - 1.0) * (1.0 - bridged) * open_water)
    if is_works_alone(world.land, world.works, state.ground, cell):
        power = min(power, rules.frontage * rules.works_km)
    return raw, power, edges


@kernel
def ashore(land: Array, roster: Array, forces: Array, rules: CombatRules, u: int, cell: int) -> float:
    """Share of formation u's points that is ashore; waves afloat, and tanks and guns that await a pier, are not."""
    ground = land[cell].ground
    light = forces[u].men / 1000.0 * rules.points_per_1000_men[roster[u].kind]
    heavy = forces[u].tanks * rules.points_per_tank * rules.ground_tanks[ground]
    heavy += forces[u].guns * rules.points_per_gun * rules.ground_guns[ground]
    return (1.0 - forces[u].afloat) * (light + heavy * (1.0 - forces[u].unlanded)) / max(1e-9, light + heavy)


@kernel
def is_works_alone(land: Array, fortresses: Array, ground: Array, cell: int) -> bool:
    """True when only a garrison in its works bars the cell: detachments assault it, on a narrow front."""
    works = land[cell].works
    if works == NONE:
        return False
    side = fortresses[works].side
    return ground[cell].defenders[side] == 0 and ground[cell].garrisons[side] > 0


@kernel
def beach_factor(forces: Array, ground: Array, rules: CombatRules, cell: int, now: float) -> float:
    """Defender's multiplier against men coming ashore: high for half a day, lower once a beachhead is dug."""
    first = NEVER
    u = ground[cell].stand_head
    while u >= 0:
        first = min(first, forces[u].first_hit_h)
        u = forces[u].stand_next
    return rules.beach_assault if now - min(first, now) < rules.beach_hours else rules.beach_later


@kernel
def weigh(
    world: World, reading: Reading, state: State, rules: CombatRules, air: AirRules, weather: WeatherRules,
    battles: int, now: float,
) -> None:  # fmt: skip
    """Fill attack, defence and engaged of every battle from the state as the step found it."""
    for i in range(battles):
        cell = state.battles[i].cell
        leader = state.ground[cell].attack_head
        side = world.roster[leader].side
        defence = defence_of(world, reading, state, rules, cell, 1 - side)
        raw, power, edges = attack_by_edges(world, reading, state, rules, weather, cell, now, state.battles[i].bridged)
        state.battles[i].engaged = capped_share(
            world.edges, world.land, world.works, state.ground, state.edge_power, rules, cell, raw
        )
        if is_works_alone(world.land, world.works, state.ground, cell):
            power *= 1.0 + state.battles[i].sapped
        power = (power + state.battles[i].fire) * surprise(state.forces, state.ground, rules, cell, 1 - side, now)
        power *= support_from_the_air(world, reading, state, air, weather, leader, defence)
        power *= rules.flank_gain ** max(0, min(edges, 6) - 2)
        state.battles[i].attack = power
        state.battles[i].defence = defence


@kernel
def capped_share(
    edges: Array,
    land: Array,
    fortresses: Array,
    ground: Array,
    edge_power: Array,
    rules: CombatRules,
    cell: int,
    raw: float,
) -> float:
    """Share of the attackers' points that found room at the front (edge_power as attack_by_edges left it)."""
    if raw <= 0.0:
        return 0.0
    used = 0.0
    for edge in range(7):
        side_km = rules.beach_km if edge == BEACH else edges[cell, edge].side_km
        used += min(edge_power[edge], rules.frontage * side_km)
    if is_works_alone(land, fortresses, ground, cell):
        used = min(used, rules.frontage * rules.works_km)
    return min(1.0, used / raw)
