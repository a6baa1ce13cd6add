"""Readiness: alerts that cry wolf, what an hour of warning is worth, and a disposition chosen by belief."""

import numpy as np
import pytest

from khingan.engine import readiness as mechanism
from khingan.engine.readiness import (
    ReadinessRules,
    at_posts,
    choose_disposition,
    issued,
    readiness,
    surprise_level,
    training,
    watch,
)
from khingan.engine.state import NEVER
from khingan.evidence.parameters import read_parameters

RULES = ReadinessRules(**{name: read_parameters()[f"readiness.{name}"].value for name in ReadinessRules._fields})
GUARDS = np.array([[0.6, 0.2], [0.2, 0.6]])
BOTH = np.ones(2, np.uint8)


def test_an_alert_stands_lapses_and_raises_the_level():
    rules = RULES._replace(alert_level=0.3, cry_wolf=0.25)
    alert = np.zeros(1, mechanism.ALERT).view(np.recarray)
    alert.since = NEVER
    for chance, day in ((0.2, 0.0), (0.4, 7.0), (0.5, 14.0), (0.1, 21.0)):
        watch(alert, 0, chance, day, rules)
    assert (alert.since[0], alert.false_alerts[0]) == (NEVER, 1.0)
    watch(alert, 0, 0.35, 28.0, rules)  # above 0.3, below 0.3 * 1.25
    assert alert.since[0] == NEVER
    watch(alert, 0, 0.4, 35.0, rules)
    assert alert.since[0] == 35.0


def test_readiness_by_hand():
    # 0.8 without alert; five days with time constant five leave 1/e of the gap.
    rules = RULES._replace(unready=0.8, ready_days=5.0, tiring=0.0)
    assert readiness(0.0, rules) == pytest.approx(0.8)
    assert readiness(5.0, rules) == pytest.approx(1 - 0.2 * np.exp(-1))


def test_warning_helps_and_a_day_of_it_is_a_day_of_alert():
    hours = [readiness(0.0, RULES._replace(warning_h=h)) for h in (0.0, 1.0, 6.0, 24.0, 48.0)]
    assert hours == sorted(hours)
    assert hours[3] == pytest.approx(readiness(1.0, RULES))


def test_an_alert_brings_men_back_and_opens_the_depots():
    # Five days with time constant five leave 1/e of those on leave away; 0.05 a day are 0.25 units of fire.
    rules = RULES._replace(leave_share=0.1, ready_days=5.0, issue_per_day=0.05)
    assert at_posts(0.0, rules) == pytest.approx(0.9)
    assert at_posts(5.0, rules) == pytest.approx(1 - 0.1 * np.exp(-1))
    assert issued(5.0, rules) == pytest.approx(0.25)


def test_a_long_alert_tires_and_never_leaves_less_than_none():
    values = [readiness(days, RULES) for days in (5.0, 10.0, 30.0, 90.0)]
    assert values[1] > values[2]
    assert min(values) >= RULES.unready


def test_new_formations_gain_with_time_and_stand_as_stated_when_nothing_waits():
    assert training(30.0, 0.0, RULES) == 1.0
    gains = [training(30.0, wait, RULES) for wait in (-10.0, 0.0, 30.0, 60.0)]
    assert gains == sorted(gains)
    # (1 - e^-1) / (1 - e^-1/2) with a time constant of 60 days.
    assert gains[2] == pytest.approx((1 - np.exp(-1)) / (1 - np.exp(-0.5)))


@pytest.mark.parametrize(("chance", "chosen"), [(0.9, 0), (0.1, 1)])
def test_the_defender_guards_where_he_expects_the_blow(chance, chosen):
    belief = np.array([[chance], [1 - chance]])
    assert choose_disposition(belief, GUARDS, BOTH, RULES, 0.6) == chosen


def test_a_disposition_given_by_number_is_taken():
    belief = np.array([[0.9], [0.1]])
    assert choose_disposition(belief, GUARDS, BOTH, RULES._replace(disposition=1.0), 0.6) == 1


def test_what_is_not_weighed_is_not_chosen():
    belief = np.array([[0.9], [0.1]])
    assert choose_disposition(belief, GUARDS, np.array([0, 1], np.uint8), RULES, 0.6) == 1


def test_surprise_has_three_parts():
    rules = RULES._replace(axis_doubt=0.25, date_doubt=0.1)
    assert surprise_level(False, 0.1, 0.05, rules) == 3.0
    assert surprise_level(True, 0.5, 0.5, rules) == 0.0
    assert surprise_level(True, 0.5, 0.05, rules) == 1.0
