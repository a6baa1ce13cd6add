"""Fortified regions: garrisons that are masked, passed by, and ground down in their works."""

from typing import NamedTuple

import numpy as np

from khingan.engine.chance import SIEGE_EXCHANGE, SIEGE_INTENSITY, draw, normal
from khingan.engine.cohesion import CohesionRules
from khingan.engine.combat import CombatRules, points, posture
from khingan.engine.compiled import kernel
from khingan.engine.distances import is_cut_off
from khingan.engine.engineers import EngineersRules, besieger_of, engineers_at_work
from khingan.engine.fighting import helmbold_losses, lose
from khingan.engine.occupation import count_out, moves_as_a_body
from khingan.engine.repair import lose_all_tanks
from khingan.engine.state import DESTROYED, FOOT, GARRISON, NEVER, NONE, PRESENT, Array, Reading, State, World


class SiegeRules(NamedTuple):
    """Parameters of parameters/siege.yaml."""

    mask_share: float
    heavy_share: float
    bring_up_days: float
    heavy_km_per_day: float
    battering: float
    intensity: float
    broken_below: float
    taken_alive: float


@kernel
def holds_works(roster: Array, fortresses: Array, forces: Array, u: int, works: int) -> bool:
    """True when formation u mans these works and stands in them, whether or not it would still fight."""
    return roster[u].works == works and forces[u].status == PRESENT and forces[u].place == fortresses[works].cell


@kernel
def garrison_power(world: World, reading: Reading, state: State, combat: CombatRules, works: int) -> float:
    """Points of the garrison that would still fight for these works, with their cover."""
    cell = world.works[works].cell
    total = 0.0
    u = state.ground[cell].stand_head
    while u >= 0:
        if (
            holds_works(world.roster, world.works, state.forces, u, works)
            and world.roster[u].role == GARRISON
            and not state.forces[u].passive
        ):
            total += points(
                world.land, world.roster, world.control_side, reading.formations, state.forces, combat, u, cell
            ) * posture(world.land, world.roster, world.works, state.forces, combat, u, cell)
        u = state.forces[u].stand_next
    if total <= 0.0:
        return 0.0
    return total * state.terrain[0, world.land[cell].ground]


@kernel
def post_masks(world: World, reading: Reading, state: State, combat: CombatRules, rules: SiegeRules) -> None:
    """Hold back enough of the besiegers to mask each garrison, infantry first; everybody else may march on."""
    for u in range(state.forces.shape[0]):
        state.forces[u].masking = 0
    for works in range(world.works.shape[0]):
        cell = world.works[works].cell
        if state.ground[cell].owner == world.works[works].side:
            continue
        need = rules.mask_share * garrison_power(world, reading, state, combat, works)
        for mobility in range(FOOT, 4):
            u = state.ground[cell].stand_head
            while u >= 0 and need > 0.0:
                if is_besieger(world.roster, world.works, u, works) and world.roster[u].mobility == mobility:
                    state.forces[u].masking = 1
                    need -= points(
                        world.land, world.roster, world.control_side, reading.formations, state.forces, combat, u, cell
                    )
                u = state.forces[u].stand_next


@kernel
def is_besieger(roster: Array, fortresses: Array, u: int, works: int) -> bool:
    """True for a field formation of the other side that stands where the works are."""
    return roster[u].side != fortresses[works].side and moves_as_a_body(roster[u].role)


@kernel
def besiege(
    world: World, reading: Reading, state: State, combat: CombatRules, cohesion: CohesionRules, rules: SiegeRules,
    engineers: EngineersRules, luck: int, step: int,
) -> None:  # fmt: skip
    """The masking force assaults each garrison by detachments; nobody breaks off, the sealed garrison bleeds fastest.

    Engineers add to the detachments. Leaves out: gas and flame, thirst, tunnels.
    """
    days = world.step_hours / 24.0
    for works in range(world.works.shape[0]):
        attack = masking_power(world, reading, state, combat, works)
        if attack <= 0.0:
            continue
        lead = besieger_of(world.roster, world.works, state.forces, state.ground, works)
        if lead >= 0:
            army = world.roster[lead].army
            attack *= 1.0 + engineers.works_gain * engineers_at_work(reading, state, engineers, army)
        defence = garrison_power(world, reading, state, combat, works)
        if defence <= 0.0:
            continue
        # The engagement's own luck is keyed by the works and lasts for the siege.
        spread = combat.engagement_sd * normal(draw(luck, 0, works, SIEGE_INTENSITY))
        intensity = rules.intensity * np.exp(spread - 0.5 * combat.engagement_sd**2)
        exchange = np.exp(0.5 * combat.exchange_sd * normal(draw(luck, 0, works, SIEGE_EXCHANGE)))
        rate_a = combat.loss_attacker * intensity * exchange
        rate_d = combat.loss_defender * intensity / exchange * combat.sealed_losses
        loss_a, loss_d = helmbold_losses(attack, defence, rate_a, rate_d, combat.helmbold, days)
        share_losses(
            world.roster, world.works, state.forces, state.ground, combat, cohesion, rules, works, loss_a, loss_d
        )


@kernel
def shell_works(world: World, reading: Reading, state: State, rules: SiegeRules, step: int) -> None:
    """Heavy guns come up to works that are masked or attacked, and take their cover: exp(-battering * gun-days / 100).

    They come from the besieger's railhead or depot at the pace of heavy tractors, after some days to form up, and turn
    back with a besieger who leaves. An army shares them evenly among its sieges. Leaves out: shells that run short,
    guns of the field formations, which count as points.
    """
    if rules.heavy_share <= 0.0:
        return
    days = world.step_hours / 24.0
    for works in range(world.works.shape[0]):
        batter(world, state, rules, works)
        lead = opponent_of(world, state, works, step)
        if lead < 0:
            state.works[works].brought = 0.0
            continue
        km, place = state.supply_km[world.roster[lead].side], state.forces[lead].place
        if is_cut_off(km, place):
            continue
        needed = rules.bring_up_days + km[place] / rules.heavy_km_per_day
        firing = days - max(0.0, 1.0 - state.works[works].brought) * needed
        state.works[works].brought = min(1.0, state.works[works].brought + days / max(1e-9, needed))
        if firing > 0.0:
            army = world.roster[lead].army
            guns = rules.heavy_share * reading.armies[army].support_guns / max(1.0, state.armies[army].sieges)
            state.works[works].gun_days += guns * min(days, firing)


@kernel
def opponent_of(world: World, state: State, works: int, step: int) -> int:
    """A formation that masks these works or attacked their cell in this step from the land beside it, -1 none."""
    lead = besieger_of(world.roster, world.works, state.forces, state.ground, works)
    cell = world.works[works].cell
    if lead >= 0 or state.ground[cell].battle_step != step or state.ground[cell].owner != world.works[works].side:
        return lead
    u = state.ground[cell].attack_head
    while u >= 0:
        if state.forces[u].place >= 0 and state.forces[u].place != cell:
            return u
        u = state.forces[u].attack_next
    return NONE


@kernel
def batter(world: World, state: State, rules: SiegeRules, works: int) -> None:
    """Tell everybody whom these works cover what their shelling has left of the cover.

    They cover their own garrison, and others of their side in the cell when they are its strongest works.
    """
    share = 1.0 - np.exp(-rules.battering * state.works[works].gun_days / 100.0)
    cell = world.works[works].cell
    u = state.ground[cell].stand_head
    while u >= 0:
        own = world.roster[u].works
        elsewhere = own < 0 or world.works[own].cell != cell
        if own == works or (elsewhere and world.land[cell].works == works):
            state.forces[u].battered = share
        u = state.forces[u].stand_next


@kernel
def masking_power(world: World, reading: Reading, state: State, combat: CombatRules, works: int) -> float:
    """Points of the formations that mask these works, as far as the front of the works gives them room."""
    cell = world.works[works].cell
    total = 0.0
    u = state.ground[cell].stand_head
    while u >= 0:
        if state.forces[u].masking and state.forces[u].place == cell:
            total += points(
                world.land, world.roster, world.control_side, reading.formations, state.forces, combat, u, cell
            )
        u = state.forces[u].stand_next
    return min(total, combat.frontage * combat.works_km)


@kernel
def share_losses(
    roster: Array,
    fortresses: Array,
    forces: Array,
    ground: Array,
    combat: CombatRules,
    cohesion: CohesionRules,
    rules: SiegeRules,
    works: int,
    loss_a: float,
    loss_d: float,
) -> None:
    """Besiegers and garrison take their shares of the losses."""
    cell = fortresses[works].cell
    u = ground[cell].stand_head
    while u >= 0:
        following = forces[u].stand_next
        if forces[u].masking and forces[u].place == cell:
            lose(forces, combat, cohesion, u, loss_a)
            forces[u].fought = 1
        elif holds_works(roster, fortresses, forces, u, works) and roster[u].role == GARRISON and not forces[u].passive:
            lose(forces, combat, cohesion, u, loss_d)
            forces[u].fought = 1
        u = following


@kernel
def end_garrisons(roster: Array, read: Array, forces: Array, ground: Array, rules: SiegeRules) -> None:
    """Garrisons worn down to their last part, in a siege or in the first assault, are gone."""
    for u in range(forces.shape[0]):
        if roster[u].role == GARRISON and forces[u].fought and forces[u].status == PRESENT:
            if forces[u].men < rules.broken_below * read[u].men:
                count_out(roster, forces, ground, u)
                end_garrison(forces, rules, u)


@kernel
def end_garrison(forces: Array, rules: SiegeRules, u: int) -> None:
    """The last of a garrison: a few are taken alive."""
    forces[u].captured += rules.taken_alive * forces[u].men
    forces[u].killed += (1.0 - rules.taken_alive) * forces[u].men
    lose_all_tanks(forces, u)
    forces[u].men = 0.0
    forces[u].status = DESTROYED
    forces[u].place = NONE


@kernel
def watch_works(
    roster: Array, fortresses: Array, step_hours: float, forces: Array, works_states: Array, step: int, now: float
) -> None:
    """Note the fall of works that were manned when the step began and are not when it ends."""
    for u in range(forces.shape[0]):
        works = roster[u].works
        if works >= 0 and holds_works(roster, fortresses, forces, u, works):
            works_states[works].manned_step = step
    for works in range(fortresses.shape[0]):
        if works_states[works].fall_h == NEVER and works_states[works].manned_step == step - 1 and step > 0:
            works_states[works].fall_h = now + step_hours
