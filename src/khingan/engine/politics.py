"""Politics: the decision to end the war as a hazard that shocks raise, and the way from it to the headquarters."""

from typing import NamedTuple

import numpy as np

from khingan.engine.chance import DECISION, IMPERIAL_ORDER, VETO, VETO_DELAY, draw, lognormal
from khingan.engine.compiled import kernel
from khingan.engine.state import NEVER, Array

# Columns of the table of schools.
BASE, EXHAUSTION, FIRST_BOMB, SECOND_BOMB, ENTRY, BOTH, ASSURANCE, GROUND_LOST = 0, 1, 2, 3, 4, 5, 6, 7

DAYS_FORETOLD = 365  # behind the horizon


class PoliticsRules(NamedTuple):
    """Parameters of parameters/politics.yaml."""

    school: float
    schools: Array
    bombs_used: float
    enemy_enters: float
    entry_shift_days: float
    terms_accepted: float
    pact_kept: float
    news_days: float
    veto: float
    veto_days: float
    veto_log_sd: float
    broadcast_days: float
    headquarters_days: float
    headquarters_log_sd: float


@kernel
def hazard_of(calendar: Array, rules: PoliticsRules, hour: float, lost: float) -> float:
    """Chance a day that the decision falls, at an hour from H-hour, with a share `lost` (0..1) of its ground overrun.

    h0 exp(kC C + bA A + bN N + bS S + bAS A S + bK K): proportional hazards after Cox 1972. A, N, S, K are 0 before
    the first bomb, the second, the entry and the assurance; S grows with the ground lost; C runs from 0 to 1 between
    two dates of the calendar. Leaves out factions, terms and persons: a formal caricature of each school.
    """
    row = int(rules.school) - 1
    c = (hour - calendar[0].from_h) / (calendar[0].exhausted_h - calendar[0].from_h)
    a = 1.0 if rules.bombs_used >= 1.0 and hour >= calendar[0].first_bomb_h else 0.0
    n = 1.0 if rules.bombs_used >= 2.0 and hour >= calendar[0].second_bomb_h else 0.0
    k = 1.0 if hour >= calendar[0].assurance_h else 0.0
    s = 0.0
    if rules.enemy_enters > 0.0 and rules.pact_kept <= 0.0:
        if hour >= calendar[0].entry_h + 24.0 * (rules.entry_shift_days + rules.news_days):
            s = 1.0 + rules.schools[row, GROUND_LOST] * lost
    logarithm = rules.schools[row, EXHAUSTION] * c + rules.schools[row, FIRST_BOMB] * a
    logarithm += rules.schools[row, SECOND_BOMB] * n + rules.schools[row, ENTRY] * s
    logarithm += rules.schools[row, BOTH] * a * s + rules.schools[row, ASSURANCE] * k
    return rules.schools[row, BASE] * np.exp(logarithm)


@kernel
def decision_curve(calendar: Array, rules: PoliticsRules, hours: Array, lost: float, out: Array) -> None:
    """Share that has decided by each hour of a rising grid, with the hazard of the middle of each interval: fills out.

    An accepted offer decides at its own hour. `lost` is the share of ground overrun, the same at all hours.
    """
    total = 0.0
    for i in range(hours.shape[0]):
        if i > 0:
            middle = 0.5 * (hours[i - 1] + hours[i])
            total += hazard_of(calendar, rules, middle, lost) * (hours[i] - hours[i - 1]) / 24.0
        out[i] = 1.0 - np.exp(-total)
        if rules.terms_accepted > 0.0:
            out[i] = 1.0 if hours[i] >= calendar[0].terms_h else 0.0


@kernel
def open_question(headquarters_states: Array, politics: Array, rules: PoliticsRules) -> None:
    """No decision yet; where one is to be drawn, no headquarters has an hour before it is."""
    politics[0].hazard = 0.0
    politics[0].decided_h = NEVER
    politics[0].broadcast_h = NEVER
    if rules.school >= 1.0:
        for h in range(headquarters_states.shape[0]):
            headquarters_states[h].order_h = NEVER


@kernel
def decide(
    calendar: Array,
    land: Array,
    step_hours: float,
    control_side: int,
    ground: Array,
    headquarters_states: Array,
    politics: Array,
    rules: PoliticsRules,
    luck: int,
    now: float,
) -> None:
    """Draw the decision of the step; then the veto, the broadcast and each headquarters' hour follow from their luck.

    A war that is played had not ended when it began, so the hazard counts from H-hour; where a change puts H-hour off,
    from the entry's own day, since what came before is known. An accepted offer alone may lie before that.
    """
    if rules.school < 1.0 or politics[0].decided_h != NEVER:
        return
    if rules.terms_accepted > 0.0:
        politics[0].decided_h = calendar[0].terms_h
    else:
        lost = share_lost(land, control_side, ground)
        first = min(now, calendar[0].entry_h) if now <= 0.0 else now
        pieces = max(1, int(np.ceil(now + step_hours - first)))
        length = (now + step_hours - first) / pieces
        limit = -np.log(draw(luck, 0, 0, DECISION))
        for i in range(pieces):
            rate = hazard_of(calendar, rules, first + (i + 0.5) * length, lost) / 24.0
            if politics[0].hazard + rate * length >= limit:
                politics[0].decided_h = first + i * length + (limit - politics[0].hazard) / rate
                break
            politics[0].hazard += rate * length
    if politics[0].decided_h != NEVER:
        announce(headquarters_states, politics, rules, luck)


@kernel
def foretell(
    calendar: Array,
    land: Array,
    control_side: int,
    ground: Array,
    headquarters_states: Array,
    politics: Array,
    rules: PoliticsRules,
    luck: int,
    end: float,
) -> None:
    """A decision that has not fallen by the horizon falls in the year behind it, or never, the ground as it lies."""
    for day in range(DAYS_FORETOLD):
        if rules.school < 1.0 or politics[0].decided_h != NEVER:
            return
        now = end + 24.0 * day
        decide(calendar, land, 24.0, control_side, ground, headquarters_states, politics, rules, luck, now)


@kernel
def announce(headquarters_states: Array, politics: Array, rules: PoliticsRules, luck: int) -> None:
    """From the decision over a possible veto to the broadcast, and from there to each headquarters."""
    delay = 24.0 * rules.broadcast_days
    if draw(luck, 0, 0, VETO) < rules.veto:
        delay += 24.0 * lognormal(draw(luck, 0, 0, VETO_DELAY), rules.veto_days, rules.veto_log_sd)
    politics[0].broadcast_h = politics[0].decided_h + delay
    for h in range(headquarters_states.shape[0]):
        days = lognormal(draw(luck, 0, h, IMPERIAL_ORDER), rules.headquarters_days, rules.headquarters_log_sd)
        headquarters_states[h].order_h = politics[0].broadcast_h + 24.0 * days


@kernel
def share_lost(land: Array, control_side: int, ground: Array) -> float:
    """Share (0..1) by area of what the other side held at H-hour and the control side holds now."""
    held, lost = 0.0, 0.0
    for cell in range(land.shape[0]):
        if land[cell].owner != control_side:
            held += land[cell].area_km2
            if ground[cell].owner == control_side:
                lost += land[cell].area_km2
    return lost / held if held > 0.0 else 0.0
