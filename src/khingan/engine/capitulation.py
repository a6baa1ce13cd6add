"""Capitulation: the cease-fire order spreads from headquarters, and arms are laid down to whoever comes."""

from typing import NamedTuple

import numpy as np

from khingan.engine.chance import (
    ARMY_WORD,
    COMPLIANCE,
    HANDOVER,
    HEADQUARTERS,
    ISOLATED,
    PARLEY,
    SECOND_CHANNEL,
    UNREACHED,
    WORD,
    draw,
    lognormal,
    normal,
)  # fmt: skip
from khingan.engine.cohesion import enemy_is_near
from khingan.engine.compiled import kernel
from khingan.engine.distances import is_cut_off
from khingan.engine.occupation import count_out
from khingan.engine.repair import lose_all_tanks
from khingan.engine.state import CAPITULATED, GARRISON, NEVER, NONE, PRESENT, Array


class CapitulationRules(NamedTuple):
    """Parameters of parameters/capitulation.yaml."""

    word_days: float
    word_log_sd: float
    word_common: float
    word_by_distance: float
    usual_relays: float
    usual_km: float
    isolated_days: float
    isolated_log_sd: float
    isolated_base: float
    isolated_cut_off: float
    isolated_off_road: float
    isolated_most: float
    unreached: float
    refusal: float
    disbelief: float
    parley_per_day: float
    handover_days: float
    handover_log_sd: float


@kernel
def begin_calendar(headquarters: Array, headquarters_states: Array, luck: int) -> None:
    """Draw the hour at which each headquarters gives its cease-fire order, evenly within its stated spread."""
    for h in range(headquarters.shape[0]):
        u = draw(luck, 0, h, HEADQUARTERS)
        centre, spread = headquarters[h].order_h, headquarters[h].spread_h
        headquarters_states[h].order_h = centre + spread * (2.0 * u - 1.0)


@kernel
def spread_word(
    edges: Array,
    roster: Array,
    step_hours: float,
    forces: Array,
    supply_km: Array,
    headquarters_states: Array,
    rules: CapitulationRules,
    luck: int,
    now: float,
) -> None:
    """Once its headquarters has spoken, fix when each formation hears: its word's own time, and a second if isolated.

    Isolation is more likely for a formation cut off from supply or off the roads at that hour. Of those both cut off
    and out of touch some are found by nobody while the line stays cut: they are asked about again every step. A few
    refuse until a second messenger, and so do more of those who sit in works and do not believe the first.
    """
    for u in range(forces.shape[0]):
        h = roster[u].headquarters
        if h < 0 or forces[u].order_h != NEVER or now + step_hours <= headquarters_states[h].order_h:
            continue
        lost = draw(luck, 0, u, ISOLATED) < isolation(edges, roster, forces, supply_km, rules, u)
        cut_off = forces[u].place >= 0 and is_cut_off(supply_km[roster[u].side], forces[u].place)
        if lost and cut_off and draw(luck, 0, u, UNREACHED) < rules.unreached:
            continue
        delay = time_of_word(roster, rules, luck, u)
        refusal = rules.disbelief if roster[u].role == GARRISON and roster[u].works >= 0 else rules.refusal
        if lost or draw(luck, 0, u, COMPLIANCE) < refusal:
            second = draw(luck, 0, u, SECOND_CHANNEL)
            delay += lognormal(second, rules.isolated_days, rules.isolated_log_sd)
        forces[u].order_h = headquarters_states[h].order_h + 24.0 * delay


@kernel
def time_of_word(roster: Array, rules: CapitulationRules, luck: int, u: int) -> float:
    """Days from the headquarters that spoke to formation u over its line of command, when nothing cuts it.

    Lognormal around `word_days` for the usual chain, in proportion to its relays and, by the share `word_by_distance`,
    to the root of its kilometres: the longer a line, the more of it is wire, wireless or aircraft. `word_common` of the
    variance is its army's, so that an army's formations hear near each other.
    """
    chain = roster[u].relays / rules.usual_relays
    way = np.sqrt(roster[u].word_km / rules.usual_km)
    median = rules.word_days * ((1.0 - rules.word_by_distance) * chain + rules.word_by_distance * way)
    own = np.sqrt(1.0 - rules.word_common) * normal(draw(luck, 0, u, WORD))
    army = np.sqrt(rules.word_common) * normal(draw(luck, 0, roster[u].army, ARMY_WORD))
    return median * np.exp(rules.word_log_sd * (own + army))


@kernel
def isolation(edges: Array, roster: Array, forces: Array, supply_km: Array, rules: CapitulationRules, u: int) -> float:
    """Chance (0..1) that formation u is out of touch: more when cut off, and in the field away from roads and rails."""
    place = forces[u].place
    alone = rules.isolated_base
    if place < 0:
        return alone
    if is_cut_off(supply_km[roster[u].side], place):
        alone += rules.isolated_cut_off
    on_road = roster[u].role == GARRISON
    for edge in range(6):
        if edges[place, edge].road > 0 or edges[place, edge].rail > 0:
            on_road = True
    if not on_road:
        alone += rules.isolated_off_road
    return min(alone, rules.isolated_most)


@kernel
def capitulate(
    near: Array,
    roster: Array,
    step_hours: float,
    forces: Array,
    ground: Array,
    rules: CapitulationRules,
    luck: int,
    step: int,
    now: float,
) -> None:
    """A formation that has the order stops fighting; once the enemy is beside it, it lays down arms in its turn."""
    chance = 1.0 - np.exp(-rules.parley_per_day * step_hours / 24.0)
    for u in range(forces.shape[0]):
        if forces[u].order_h >= now + step_hours or forces[u].status != PRESENT or forces[u].place < 0:
            continue
        if not forces[u].passive:
            count_out(roster, forces, ground, u)
            forces[u].passive = 1
            forces[u].plan, forces[u].errand = NONE, NONE
        if enemy_is_near(near, roster, forces, ground, u) and draw(luck, step, u, PARLEY) < chance:
            lay_down_arms(forces, u, max(forces[u].order_h, now + 0.5 * step_hours))


@kernel
def hand_over(
    roster: Array, step_hours: float, forces: Array, armies: Array, rules: CapitulationRules, luck: int, now: float
) -> None:
    """A formation that nobody comes for lays down arms by arrangement, once its army has met the enemy.

    It then gathers, counts its arms and waits under its own guards: a lognormal time after the later of its order and
    that meeting. An army that never met the enemy keeps its arms for whoever comes after the war.
    """
    for u in range(forces.shape[0]):
        army = roster[u].army
        if forces[u].first_hit_h < armies[army].met_h:
            armies[army].met_h = forces[u].first_hit_h
        if forces[u].status == CAPITULATED and forces[u].ended_h < armies[army].met_h:
            armies[army].met_h = forces[u].ended_h
    for u in range(forces.shape[0]):
        if not forces[u].passive or forces[u].status != PRESENT or armies[roster[u].army].met_h == NEVER:
            continue
        days = lognormal(draw(luck, 0, u, HANDOVER), rules.handover_days, rules.handover_log_sd)
        hour = max(forces[u].order_h, armies[roster[u].army].met_h) + 24.0 * days
        if hour < now + step_hours:
            lay_down_arms(forces, u, max(hour, now))


@kernel
def lay_down_arms(forces: Array, u: int, hour: float) -> None:
    """Formation u goes into captivity, whole."""
    forces[u].captured += forces[u].men
    lose_all_tanks(forces, u)
    forces[u].men = 0.0
    forces[u].guns = 0.0
    forces[u].status = CAPITULATED
    forces[u].place = NONE
    forces[u].ended_h = hour
