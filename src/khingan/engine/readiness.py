"""Readiness: when a defender is alerted, what that is worth at H-hour, and the disposition that his belief chooses."""

from typing import NamedTuple

import numpy as np

from khingan.engine.compiled import kernel
from khingan.engine.state import NEVER, Array

ALERT = np.dtype([("since", "f8"), ("false_alerts", "f8")])  # day of the alert that stands, NEVER; alerts that lapsed


class ReadinessRules(NamedTuple):
    """Parameters of parameters/readiness.yaml."""

    wait_days: float
    warning_h: float
    disposition: float
    alert_level: float
    horizon_days: float
    cry_wolf: float
    unready: float
    ready_days: float
    tiring: float
    leave_share: float
    issue_per_day: float
    training_days: float
    reserve_in_time: float
    axis_doubt: float
    date_doubt: float


@kernel
def watch(alert: Array, o: int, chance: float, now: float, rules: ReadinessRules) -> None:
    """Observer o raises the alert where the chance of an attack soon passes its level, and lets it lapse below.

    Each alert that lapsed raises the level for the next one (cry wolf).
    """
    level = rules.alert_level * (1.0 + rules.cry_wolf * alert[o].false_alerts)
    if chance > level:
        alert[o].since = min(alert[o].since, now)
    elif alert[o].since < NEVER:
        alert[o].since = NEVER
        alert[o].false_alerts += 1.0


@kernel
def readiness(days_alerted: float, rules: ReadinessRules) -> float:
    """Share of its worth a formation has at H-hour, from `unready` towards 1 with time constant `ready_days`.

    An hour of warning counts as an hour of alert. A standing alert wears off what it gained by `tiring` a day.
    """
    days = days_alerted + rules.warning_h / 24.0
    gained = (1.0 - rules.unready) * (1.0 - np.exp(-days / rules.ready_days))
    return rules.unready + gained * max(0.0, 1.0 - rules.tiring * max(0.0, days_alerted - rules.ready_days))


@kernel
def at_posts(days_alerted: float, rules: ReadinessRules) -> float:
    """Share of the men who are at their posts: the rest is on leave, and comes back while an alert stands."""
    days = days_alerted + rules.warning_h / 24.0
    return 1.0 - rules.leave_share * np.exp(-days / rules.ready_days)


@kernel
def issued(days_alerted: float, rules: ReadinessRules) -> float:
    """Units of fire that depots have issued since the alert; the caller caps it at what troops carry."""
    return rules.issue_per_day * days_alerted


@kernel
def training(days_since_raised: float, wait_days: float, rules: ReadinessRules) -> float:
    """Factor on the worth of a new formation when H-hour comes `wait_days` later than its worth was stated for."""
    then = 1.0 - np.exp(-max(1.0, days_since_raised) / rules.training_days)
    now = 1.0 - np.exp(-max(1.0, days_since_raised + wait_days) / rules.training_days)
    return now / then


@kernel
def choose_disposition(belief: Array, guards: Array, weighed: Array, rules: ReadinessRules, main_share: float) -> int:
    """The disposition with the greatest expected worth under a belief (axis, date); guards (disposition, axis).

    A guard is worth the square root of its share of the army (concave: doubling it does not double what it stops); of
    what no axis holds, `reserve_in_time` comes to each. Only those that differ by axis are `weighed` (disposition,);
    one given by number is taken as it is.
    """
    if rules.disposition >= 0.0:
        return min(guards.shape[0] - 1, int(rules.disposition))
    best, best_worth = 0, -1.0
    axes = guards.shape[1]
    for k in range(guards.shape[0]):
        if not weighed[k]:
            continue
        reserve = 1.0
        for a in range(axes):
            reserve -= guards[k, a]
        worth = 0.0
        for main in range(axes):
            chance = 0.0
            for d in range(belief.shape[1]):
                chance += belief[main, d]
            for a in range(axes):
                blow = main_share if a == main else (1.0 - main_share) / (axes - 1)
                worth += chance * blow * np.sqrt(guards[k, a] + rules.reserve_in_time * max(0.0, reserve))
        if worth > best_worth:
            best, best_worth = k, worth
    return best


@kernel
def surprise_level(alerted: bool, chance_of_main: float, chance_soon: float, rules: ReadinessRules) -> float:
    """0 to 3: not alerted, the axis held unlikely, the date held unlikely."""
    level = 0.0 if alerted else 1.0
    level += 1.0 if chance_of_main < rules.axis_doubt else 0.0
    return level + (1.0 if chance_soon < rules.date_doubt else 0.0)
