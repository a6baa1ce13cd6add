"""Politics: the hazards of the schools, the levers, and the way from the decision to the headquarters."""

import numpy as np
import pytest
from small_world import War, luck, strip, table, war

from khingan.engine.politics import decide, decision_curve, foretell, hazard_of, open_question, share_lost
from khingan.engine.state import NEVER, POLITICAL_CALENDAR

SCHOOLS = {"bombs": 1, "entry": 2, "both": 3, "exhaustion": 4}
# Hours from the first day on which the decision may fall; the entry on the eighth day, the first bomb on the fifth.
CALENDAR = {
    "from_h": 0.0, "exhausted_h": 92 * 24.0, "terms_h": -80.0, "first_bomb_h": 5 * 24 + 8.25, "entry_h": 8 * 24.0,
    "second_bomb_h": 8 * 24 + 11.03, "assurance_h": 11 * 24.0 + 2,
}  # fmt: skip
HOURS = np.arange(0.0, 92 * 24 + 0.5, 0.5)
# Model reference, section 9.2, by 1 November: no shock, bombs, entry, both; within 10 days of a shock on the first day:
# bombs, entry; the decision on days 9 to 14; and by 30 August (its known-answer test 34).
PUBLISHED = {
    "bombs": (0.25, 1.0, 0.91, 1.0, 0.60, 0.25, 0.42, 0.96),
    "entry": (0.25, 0.76, 1.0, 1.0, 0.15, 0.55, 0.53, 0.95),
    "both": (0.25, 0.61, 0.60, 1.0, 0.10, 0.10, 0.59, 0.97),
    "exhaustion": (0.85, 1.0, 1.0, 1.0, 0.25, 0.25, 0.34, 0.89),
}


def given(school: str, calendar: dict | None = None, **levers: float) -> War:
    """A small world whose decision one school draws."""
    rules = {f"politics.{name}": value for name, value in levers.items()}
    found = war([{"side": 1}], strip(4), east=[2, 3], headquarters=[{}, {}],
                rules={"politics.school": float(SCHOOLS[school])} | rules)  # fmt: skip
    politics = table(POLITICAL_CALENDAR, [CALENDAR | (calendar or {})])
    return War(found.world._replace(politics=politics), found.reading, found.rules, found.state, found.luck)


def curve(school: str, calendar: dict | None = None, lost: float = 0.0, **levers: float) -> np.ndarray:
    """Share decided by each hour."""
    found = given(school, calendar, **levers)
    out = np.empty(len(HOURS))
    decision_curve(found.world.politics, found.rules.politics, HOURS, lost, out)
    return out


def by(shares: np.ndarray, days: float) -> float:
    return float(np.interp(24.0 * days, HOURS, shares))


@pytest.mark.parametrize("school", SCHOOLS)
def test_the_table_of_the_reference_is_met_within_two_hundredths(school):
    both = curve(school)
    bombs_at_once = {"first_bomb_h": 0.0, "second_bomb_h": CALENDAR["second_bomb_h"] - CALENDAR["first_bomb_h"]}
    found = (
        by(curve(school, bombs_used=0.0, enemy_enters=0.0), 92),
        by(curve(school, enemy_enters=0.0), 92),
        by(curve(school, bombs_used=0.0), 92),
        by(both, 92),
        by(curve(school, bombs_at_once, enemy_enters=0.0), 10),
        by(curve(school, {"entry_h": 0.0}, bombs_used=0.0, news_days=0.0), 10),
        by(both, 14) - by(both, 8),
        by(both, 29),
    )
    assert found == pytest.approx(PUBLISHED[school], abs=0.02)


@pytest.mark.parametrize("school", SCHOOLS)
def test_the_known_answer_by_30_august_is_met_within_a_hundredth(school):
    # T34 of the reference, with its own tolerance.
    assert by(curve(school), 29) == pytest.approx(PUBLISHED[school][7], abs=0.01)


def test_a_war_put_off_had_not_ended_when_its_old_day_came():
    # The entry ten days late: the hazard counts from the old day on, so that some wars end before the new one begins.
    calendar = {name: hour - 18 * 24 for name, hour in CALENDAR.items()}
    found = given("bombs", calendar, entry_shift_days=10.0)
    hours = np.array([float(played(found, run, 60).state.politics[0].decided_h) for run in range(200)])
    rate = hazard_of(found.world.politics, found.rules.politics, -100.0, 0.0)
    assert hours.min() >= -10 * 24
    assert (hours < 0).mean() == pytest.approx(1 - np.exp(-rate * 10), abs=0.1)


def test_behind_the_horizon_the_decision_is_foretold_with_the_same_risk():
    calendar = {"from_h": -192.0, "first_bomb_h": NEVER, "second_bomb_h": NEVER, "entry_h": NEVER, "assurance_h": NEVER}
    found, days = given("bombs", calendar), []
    for run in range(300):
        played(found, run, 5)
        foretell(found.world.politics, found.world.land, 0, found.ground, found.state.headquarters,
                 found.state.politics, found.rules.politics, luck(run), 120.0)  # fmt: skip
        days.append(float(found.state.politics[0].decided_h) / 24)
    # A constant risk of 0.0031 a day over 370 days: 1 - exp(-1.147) = 0.68 have decided, 300 runs know it to 0.027.
    assert np.mean(np.array(days) <= 370) == pytest.approx(1 - np.exp(-0.0031 * 370), abs=0.09)


def test_without_shocks_the_chance_is_that_of_a_constant_risk():
    # 1 - exp(-0.0031 * 92) = 0.248.
    assert by(curve("bombs", bombs_used=0.0, enemy_enters=0.0), 92) == pytest.approx(1 - np.exp(-0.0031 * 92), abs=1e-6)


@pytest.mark.parametrize("school", SCHOOLS)
@pytest.mark.parametrize(
    "lever",
    [{"bombs_used": 0.0}, {"bombs_used": 1.0}, {"enemy_enters": 0.0}, {"pact_kept": 1.0}, {"entry_shift_days": 20.0}],
)
def test_a_shock_taken_away_or_put_off_never_hastens_the_decision(school, lever):
    assert (curve(school, **lever) <= curve(school) + 1e-12).all()
    assert by(curve(school, **lever), 20) < by(curve(school), 20)


def test_an_earlier_entry_and_lost_ground_hasten_it():
    assert by(curve("entry", entry_shift_days=-5.0), 10) > by(curve("entry"), 10)
    assert by(curve("entry", lost=0.5), 14) > by(curve("entry"), 14)


def test_a_pact_that_is_kept_is_no_entry():
    np.testing.assert_array_equal(curve("entry", pact_kept=1.0), curve("entry", enemy_enters=0.0))


def test_accepted_terms_decide_at_their_hour():
    assert curve("both", terms_accepted=1.0)[0] == 1.0
    assert by(curve("both", {"terms_h": 48.0}, terms_accepted=1.0), 1.9) == 0.0


def played(found: War, run: int, days: int = 60, step_hours: float = 6.0) -> War:
    """Steps of the decision alone, from the hour of entry."""
    open_question(found.state.headquarters, found.state.politics, found.rules.politics)
    for step in range(round(days * 24 / step_hours)):
        decide(found.world.politics, found.world.land, step_hours, 0, found.ground, found.state.headquarters,
               found.state.politics, found.rules.politics, luck(run), step * step_hours)  # fmt: skip
    return found


@pytest.mark.parametrize("step_hours", [2.0, 6.0, 24.0])
def test_decisions_in_the_run_follow_the_curve_whatever_the_step(step_hours):
    # From an H-hour with every shock known there is one constant risk; 300 runs know a share to 0.03.
    calendar = {"from_h": -192.0, "first_bomb_h": -64.0, "second_bomb_h": -1.0, "entry_h": -6.0, "assurance_h": NEVER}
    found = given("both", calendar)
    rate = hazard_of(found.world.politics, found.rules.politics, 1.0, 0.0)
    hours = [float(played(found, run, 20, step_hours).state.politics[0].decided_h) for run in range(300)]
    for days in (2.0, 5.0):
        share = np.mean([hour <= 24 * days for hour in hours])
        assert share == pytest.approx(1 - np.exp(-rate * days), abs=0.08)


def test_the_same_luck_decides_at_the_same_hour_whatever_the_step():
    calendar = {"from_h": -192.0, "first_bomb_h": -64.0, "second_bomb_h": -1.0, "entry_h": -6.0}
    found = given("entry", calendar)
    six, two = (float(played(found, 3, 20, step).state.politics[0].decided_h) for step in (6.0, 2.0))
    assert six == pytest.approx(two, abs=0.05)


def test_headquarters_hear_after_the_broadcast_and_a_veto_holds_it_up():
    calendar = {"from_h": -192.0, "first_bomb_h": -64.0, "second_bomb_h": -1.0, "entry_h": -6.0}
    prompt, held = (played(given("both", calendar, veto=chance), 1) for chance in (0.0, 1.0))
    one, other = prompt.state.politics[0], held.state.politics[0]
    assert one.decided_h == other.decided_h
    assert one.broadcast_h == one.decided_h + 24.0
    assert other.broadcast_h > one.broadcast_h
    assert (prompt.state.headquarters.order_h > one.broadcast_h).all()


def test_by_the_calendar_nothing_is_drawn():
    found = war([{"side": 1}], headquarters=[{"order_h": 100.0}])
    played(found, 1, 5)
    assert found.state.headquarters[0].order_h == 100.0
    assert found.state.politics[0].decided_h == NEVER


def test_ground_lost_is_the_share_by_area_of_what_the_other_side_held():
    found = given("entry")
    assert share_lost(found.world.land, 0, found.ground) == 0.0
    found.ground[2].owner = 0
    assert share_lost(found.world.land, 0, found.ground) == 0.5
