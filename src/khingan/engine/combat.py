"""Combat: power on both sides of a cell, and what each loses by it."""

from typing import NamedTuple

import numpy as np

from khingan.engine.air import AirRules, support_from_the_air
from khingan.engine.chance import BATTLE_ADVANCE, BATTLE_DAY, BATTLE_EXCHANGE, BATTLE_INTENSITY, draw, normal
from khingan.engine.cohesion import CohesionRules, shake
from khingan.engine.compiled import kernel
from khingan.engine.occupation import edge_towards, moves_as_a_body
from khingan.engine.state import BEACH, GARRISON, MOTOR, NEVER, NONE, Array, Reading, State, World
from khingan.engine.weather import WeatherRules


class CombatRules(NamedTuple):
    """Parameters of parameters/combat.yaml."""

    loss_attacker: float
    loss_defender: float
    helmbold: float
    points_per_1000_men: Array  # (type,)
    points_per_tank: float
    points_per_gun: float
    ground_defence: Array  # (ground,)
    ground_tanks: Array  # (ground,)
    ground_guns: Array  # (ground,)
    ground_losses: Array  # (ground,)
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
def helmbold_losses(attack: float, defence: float, rate_a: float, rate_d: float, w: float, days: float) -> tuple:
    """Fractional losses of both sides over `days`: the exact solution of Helmbold's generalised Lanchester law.

    dX/dt = -a (X/Y)^(1-w) Y and its mirror, powers X and Y in points, rates a and b per day; with U = X^w, V = Y^w it
    is a square law with rates wa, wb (Helmbold 1965; Weiss 1966). w -> 0 gives exponential losses, 1/2 the linear
    exchange, 1 the square law. Stops at annihilation, so that no strength turns negative.
    """
    if w < 1e-6:
        return 1.0 - np.exp(-rate_a * days), 1.0 - np.exp(-rate_d * days)
    u, v = attack**w, defence**w
    pace, r = w * np.sqrt(rate_a * rate_d), np.sqrt(rate_a / rate_d)
    least = min(r * v / u, u / (r * v))
    if least < 1.0 and np.arctanh(least) / pace < days:
        days = np.arctanh(least) / pace
    c, s = np.cosh(pace * days), np.sinh(pace * days)
    left_u, left_v = max(0.0, u * c - r * v * s), max(0.0, v * c - u / r * s)
    # Rounding leaves the loser a trace at the very moment of annihilation.
    left_u, left_v = left_u * (left_u > 1e-9 * u), left_v * (left_v > 1e-9 * v)
    return 1.0 - (left_u / u) ** (1.0 / w), 1.0 - (left_v / v) ** (1.0 / w)


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
    return total * rules.ground_defence[world.land[cell].ground] ** rules.terrain_exponent


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
            power += min(edge_power[edge], room) / (1.0 + (river - 1.0) * (1.0 - bridged))
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


@kernel
def battle_noise(ground: Array, rules: CombatRules, luck: int, cell: int, step: int, days: float) -> tuple:
    """(intensity J with mean 1, exchange E with median 1) of the battle for a cell in this step.

    The day-to-day part is an Ornstein-Uhlenbeck process, so results do not hang on the step; the rest is drawn once
    for the engagement, which lasts while no step passes without fighting.
    """
    z = normal(draw(luck, step, cell, BATTLE_DAY))
    if ground[cell].battle_step != step - 1:
        ground[cell].battle_since = step
        ground[cell].noise = rules.day_sd * z
    else:
        memory = np.exp(-days / rules.day_memory)
        ground[cell].noise = memory * ground[cell].noise + np.sqrt(1.0 - memory * memory) * rules.day_sd * z
    ground[cell].battle_step = step
    since = ground[cell].battle_since
    intensity = ground[cell].noise + rules.engagement_sd * normal(draw(luck, since, cell, BATTLE_INTENSITY))
    intensity -= 0.5 * (rules.day_sd**2 + rules.engagement_sd**2)
    return np.exp(intensity), np.exp(rules.exchange_sd * normal(draw(luck, since, cell, BATTLE_EXCHANGE)))


@kernel
def lose(forces: Array, rules: CombatRules, cohesion: CohesionRules, u: int, share: float) -> None:
    """Formation u loses `share` of its men in battle, and guns; its tanks that are hit go to repair."""
    share = min(1.0, share)
    lost = forces[u].men * share
    forces[u].men -= lost
    forces[u].killed += lost * rules.killed_share
    forces[u].wounded += lost * (1.0 - rules.killed_share)
    tanks = forces[u].tanks * min(1.0, share * rules.tank_losses)
    forces[u].tanks -= tanks
    forces[u].tanks_hit += tanks
    forces[u].guns *= 1.0 - min(1.0, share * rules.gun_losses)
    shake(forces, cohesion, u, share)


@kernel
def is_trapped(edges: Array, ground: Array, cell: int, side: int) -> bool:
    """True when no neighbouring cell is held by `side`."""
    for edge in range(6):
        beyond = edges[cell, edge].neighbour
        if beyond >= 0 and ground[beyond].owner == side:
            return False
    return True


@kernel
def fight(
    world: World, reading: Reading, state: State, rules: CombatRules, cohesion: CohesionRules, weather: WeatherRules,
    battles: int, luck: int, step: int, now: float,
) -> None:  # fmt: skip
    """Both sides of every battle take their losses, and the attack presses in."""
    days = world.step_hours / 24.0
    for i in range(battles):
        cell = state.battles[i].cell
        side = world.roster.side[state.ground[cell].attack_head]
        intensity, exchange = battle_noise(state.ground, rules, luck, cell, step, days)
        intensity *= rules.ground_losses[world.land[cell].ground] ** rules.terrain_exponent
        if state.regions[world.land[cell].region].wet:
            intensity *= weather.wet_casualties
        rate_a = rules.loss_attacker * intensity * np.sqrt(exchange)
        rate_d = rules.loss_defender * intensity / np.sqrt(exchange)
        if state.battles[i].defence > 0.0 and state.battles[i].attack > 0.0:
            exchange_losses(
                world.edges,
                world.roster,
                state.forces,
                state.ground,
                state.battles,
                rules,
                cohesion,
                i,
                rate_a,
                rate_d,
                days,
                now,
            )
        press(world, state, rules, weather, i, luck, days, side)
        spend_ammunition(state.forces, state.ground, rules, cell, days)


@kernel
def exchange_losses(
    edges: Array, roster: Array, forces: Array, ground: Array, battle_list: Array, rules: CombatRules,
    cohesion: CohesionRules, i: int, rate_a: float, rate_d: float, days: float, now: float,
) -> None:  # fmt: skip
    """Share the exact losses of battle i among its attackers and defenders."""
    cell = battle_list[i].cell
    side = roster.side[ground[cell].attack_head]
    trapped = is_trapped(edges, ground, cell, 1 - side)
    u = ground[cell].stand_head
    while u >= 0:
        if roster[u].side != side and forces[u].place == cell and defends(roster, forces, u):
            rate = rate_d * (rules.hold_losses if trapped else 1.0)
            share = helmbold_losses(battle_list[i].attack, battle_list[i].defence, rate_a, rate, rules.helmbold, days)[
                1
            ]
            lose(forces, rules, cohesion, u, share)
            forces[u].fought = 1
            if forces[u].first_hit_h == NEVER:
                forces[u].first_hit_h = now
        u = forces[u].stand_next
    share = helmbold_losses(battle_list[i].attack, battle_list[i].defence, rate_a, rate_d, rules.helmbold, days)[0]
    u = ground[cell].attack_head
    while u >= 0:
        lose(forces, rules, cohesion, u, share * battle_list[i].engaged * (1.0 - forces[u].afloat))
        forces[u].fought = 1
        u = forces[u].attack_next


@kernel
def spend_ammunition(forces: Array, ground: Array, rules: CombatRules, cell: int, days: float) -> None:
    """Everyone in the battle for a cell fires off his share of a unit of fire."""
    spent = rules.units_of_fire_per_day * days
    u = ground[cell].attack_head
    while u >= 0:
        forces[u].ammunition = max(0.0, forces[u].ammunition - spent)
        u = forces[u].attack_next
    u = ground[cell].stand_head
    while u >= 0:
        if forces[u].fought:
            forces[u].ammunition = max(0.0, forces[u].ammunition - spent)
        u = forces[u].stand_next


@kernel
def press(
    world: World, state: State, rules: CombatRules, weather: WeatherRules, i: int, luck: int, days: float, side: int
) -> None:
    """The attack of battle i gains depth: v = v0 * posture * ground * ratio^chi km a day, nothing below a least ratio.

    v0 and chi are regressed on the QJM table of opposed advance, arm by arm; the mix of arms is that of the attackers.
    """
    cell = state.battles[i].cell
    ratio = state.battles[i].attack / max(1e-9, state.battles[i].defence)
    if ratio < rules.advance_from_ratio:
        return
    ratio = min(rules.advance_most_ratio, ratio)
    armour = share_of_armour(world.land, world.roster, state.forces, state.ground, rules, cell)
    speed = (1.0 - armour) * rules.advance_infantry * ratio**rules.advance_exponent_infantry
    speed += armour * rules.advance_armour * ratio**rules.advance_exponent_armour
    speed *= posture_pace(world.land, world.roster, world.works, state.forces, state.ground, rules, cell, 1 - side)
    speed *= 1.0 - (1.0 - weather.mud_pace[0]) * state.regions[world.land[cell].region].mud
    z = normal(draw(luck, state.ground[cell].battle_since, cell, BATTLE_ADVANCE))
    speed *= np.exp(rules.advance_sd * z - 0.5 * rules.advance_sd**2)
    state.ground[cell].penetration_km += speed * days


@kernel
def share_of_armour(land: Array, roster: Array, forces: Array, ground: Array, rules: CombatRules, cell: int) -> float:
    """Share of motorised and tank formations in the attackers' men, ground permitting."""
    motor, men = 0.0, 0.0
    u = ground[cell].attack_head
    while u >= 0:
        weight = forces[u].men + 100.0 * forces[u].tanks
        men += weight
        if roster[u].mobility >= MOTOR:
            motor += weight
        u = forces[u].attack_next
    return motor / max(1.0, men) * rules.ground_tanks[land[cell].ground]


@kernel
def posture_pace(
    land: Array,
    roster: Array,
    fortresses: Array,
    forces: Array,
    ground: Array,
    rules: CombatRules,
    cell: int,
    side: int,
) -> float:
    """How far the best-prepared defender of a cell slows the advance: hasty 1, prepared, fortified."""
    pace = 1.0
    u = ground[cell].stand_head
    while u >= 0:
        if roster[u].side == side and forces[u].place == cell and defends(roster, forces, u):
            days = forces[u].prepared_days
            works = land[cell].works
            if (works >= 0 and fortresses[works].side == side) or days >= rules.fortified_days:
                pace = min(pace, rules.advance_fortified)
            elif days >= rules.prepared_days:
                pace = min(pace, rules.advance_prepared)
        u = forces[u].stand_next
    return pace
