"""The three forecasts that know nothing of war."""

import numpy as np
import pytest

import toy_history
from khingan.history.nulls import Known, calendar, distance, forecasts, plan


def known(**changes: object) -> Known:
    """Four places on one road at 50, 100, 200 and 400 km, taken after a day for every 50 km."""
    km = np.array([50.0, 100, 200, 400])
    targets = [
        toy_history.target(target=name, place=name, planned_days=days)
        for name, days in zip("abcd", (2, *[None] * 3), strict=True)
    ]
    fields = {
        "targets": targets,
        "observed_h": km / 50 * 24,
        "distance_km": km,
        "norms": [],
        "log_sd": 0.6,
        "route_factor": 1.25,
    }
    return Known(**{**fields, **changes})


def test_the_plan_is_lognormal_around_the_planned_day() -> None:
    """Planned for the second day: median 48 h, and ln(time) spread by 0.6."""
    samples = plan(known(), 0)
    assert np.median(samples) == pytest.approx(48, rel=1e-3)
    assert np.log(samples).std() == pytest.approx(0.6, rel=0.01)


def test_a_place_without_a_plan_takes_the_pace_of_its_axis() -> None:
    """50 km planned in 2 days is 25 km a day, so 200 km are planned in 8."""
    assert np.median(plan(known(), 2)) == pytest.approx(8 * 24, rel=1e-3)


def test_without_a_planned_axis_the_front_sets_the_pace() -> None:
    """100 km of 1.25 km road at the front's 25 km a day are 5 days; the other front's 70 does not count."""
    targets = [toy_history.target(place=name, front="First") for name in "abcd"]
    other = known(targets=targets, norms=[("First", 25.0), ("Second", 70.0)])
    assert np.median(plan(other, 1)) == pytest.approx(5 * 24, rel=1e-3)
    assert plan(known(targets=targets), 1) is None


def test_the_calendar_leaves_the_target_out() -> None:
    """The others of its phase were taken on days 1, 2 and 8."""
    assert (calendar(known(), 2) / 24).tolist() == [1, 2, 8]


def test_the_distance_finds_an_exact_power_law() -> None:
    """Time grows with distance alone here, so the forecast for the left-out place is its own date without spread."""
    assert distance(known(), 2) == pytest.approx(np.full(400, 96.0), rel=1e-6)


def test_a_place_is_left_out_with_all_its_measures() -> None:
    """Moving the second date of the place itself must not move its forecast."""
    targets = [toy_history.target(place=name) for name in "abccd"]
    km, hours = np.array([50.0, 100, 200, 200, 400]), np.array([20.0, 50, 90, 90, 200])
    early = known(targets=targets, distance_km=km, observed_h=hours)
    late = known(targets=targets, distance_km=km, observed_h=hours + np.array([0, 0, 0, 300, 0]))
    assert distance(early, 2).tolist() == distance(late, 2).tolist()


def test_too_few_places_leave_a_null_silent() -> None:
    """One place alone has no other dates, and no pace to go by."""
    one = known(targets=[toy_history.target()], observed_h=np.array([24.0]), distance_km=np.array([50.0]))
    assert forecasts(one, 0) == {"plan": None, "calendar": None, "distance": None}
