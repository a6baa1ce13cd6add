"""Fighting: what both sides of a battle lose, and how deep the attack gets (equations: docs/mechanisms/combat.md)."""

import numpy as np

from khingan.engine.chance import BATTLE_ADVANCE, BATTLE_DAY, BATTLE_EXCHANGE, BATTLE_INTENSITY, draw, normal
from khingan.engine.cohesion import CohesionRules, shake
from khingan.engine.combat import CombatRules, defends
from khingan.engine.compiled import kernel
from khingan.engine.movement import MovementRules
from khingan.engine.occupation import edge_towards
from khingan.engine.state import MOTOR, NEVER, NONE, Array, Reading, State, World
from khingan.engine.weather import WeatherRules

OPENING_DAYS = 1.0  # the tables of engagements count by the day


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
    if least < min(1.0, 1.01 * pace * days):  # seldom: arctanh, never less than its argument, need not be reckoned
        days = min(days, np.arctanh(least) / pace)
    c, s = np.cosh(pace * days), np.sinh(pace * days)
    left_u, left_v = max(0.0, u * c - r * v * s), max(0.0, v * c - u / r * s)
    # Rounding leaves the loser a trace at the very moment of annihilation.
    left_u, left_v = left_u * (left_u > 1e-9 * u), left_v * (left_v > 1e-9 * v)
    return 1.0 - (left_u / u) ** (1.0 / w), 1.0 - (left_v / v) ** (1.0 / w)


@kernel
def within_ratio(attack: float, defence: float, most: float) -> tuple:
    """Both powers, the larger cut to `most` times the smaller: beyond it there is nobody left to fire at."""
    return min(attack, most * defence), min(defence, most * attack)


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
def opening_factor(ground: Array, rules: CombatRules, cell: int, step: int, days: float) -> float:
    """Factor on the attackers' losses over this step of the battle for a cell: `opening` in its first day, 1 after it.

    A step that holds the end of the first day takes the mean; steps of any length then add up to the same. The day is
    counted from the step in which the battle began. Leaves out: sieges, lines at rest.
    """
    fought = (step - ground[cell].battle_since) * days
    first = min(days, max(0.0, OPENING_DAYS - fought)) / days
    return 1.0 + (rules.opening - 1.0) * first


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
    world: World, reading: Reading, state: State, rules: CombatRules, cohesion: CohesionRules, movement: MovementRules,
    weather: WeatherRules, battles: int, luck: int, step: int, now: float,
) -> None:  # fmt: skip
    """Both sides of every battle take their losses, and the attack presses in."""
    days = world.step_hours / 24.0
    for i in range(battles):
        cell = state.battles[i].cell
        side = world.roster.side[state.ground[cell].attack_head]
        intensity, exchange = battle_noise(state.ground, rules, luck, cell, step, days)
        intensity *= state.terrain[1, world.land[cell].ground]
        if state.regions[world.land[cell].region].wet:
            intensity *= weather.wet_casualties
        rate_a = rules.loss_attacker * intensity * np.sqrt(exchange)
        rate_a *= opening_factor(state.ground, rules, cell, step, days)
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
        press(world, state, rules, movement, weather, i, luck, days, side)
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
    attack, defence = within_ratio(battle_list[i].attack, battle_list[i].defence, rules.losses_most_ratio)
    u = ground[cell].stand_head
    while u >= 0:
        if roster[u].side != side and forces[u].place == cell and defends(roster, forces, u):
            rate = rate_d * (rules.hold_losses if trapped else 1.0)
            share = helmbold_losses(attack, defence, rate_a, rate, rules.helmbold, days)[1]
            lose(forces, rules, cohesion, u, share)
            forces[u].fought = 1
            if forces[u].first_hit_h == NEVER:
                forces[u].first_hit_h = now
        u = forces[u].stand_next
    share = helmbold_losses(attack, defence, rate_a, rate_d, rules.helmbold, days)[0]
    battle_list[i].lost = share * battle_list[i].engaged
    u = ground[cell].attack_head
    while u >= 0:
        lose(forces, rules, cohesion, u, battle_list[i].lost * (1.0 - forces[u].afloat))
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
    world: World, state: State, rules: CombatRules, movement: MovementRules, weather: WeatherRules, i: int, luck: int,
    days: float, side: int,
) -> None:  # fmt: skip
    """The attack of battle i gains depth: v = v0 * posture * ground * ratio^chi km a day, nothing below a least ratio.

    v0 and chi are regressed on the QJM table of opposed advance, arm by arm; the mix of arms is that of the attackers.
    Nobody gets on faster against an enemy than he could march.
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
    z = normal(draw(luck, state.ground[cell].battle_since, cell, BATTLE_ADVANCE))
    speed *= np.exp(rules.advance_sd * z - 0.5 * rules.advance_sd**2)
    speed = min(speed, march_pace(world.edges, world.land, world.roster, state, movement, cell))
    speed *= 1.0 - (1.0 - weather.mud_pace[0]) * state.regions[world.land[cell].region].mud
    state.ground[cell].penetration_km += speed * days


@kernel
def march_pace(edges: Array, land: Array, roster: Array, state: State, movement: MovementRules, cell: int) -> float:
    """Dry pace of the fastest attacker of a cell if nobody resisted, km a day: his march into the enemy's country.

    From the sea he goes where there is no road. Leaves out: columns that block one another.
    """
    fastest = 0.0
    u = state.ground[cell].attack_head
    while u >= 0:
        place = state.forces[u].place
        edge = NONE if place < 0 else edge_towards(edges, cell, place)
        road = 0 if edge == NONE else edges[cell, edge].road
        pace = state.pace[roster[u].mobility, road, land[cell].ground]
        if edge != NONE and edges[cell, edge].mountain_pass:
            pace *= movement.pass_pace
        fastest = max(fastest, pace)
        u = state.forces[u].attack_next
    return fastest * movement.hostile_pace


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
