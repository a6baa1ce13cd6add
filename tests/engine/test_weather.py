"""Weather: spells of rain with the length and share that the chances give, and mud that follows them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import luck, war

from khingan.engine.state import SEASON
from khingan.engine.weather import begin_weather, change_weather, turn_season

CHANCES = {"wet_to_wet": 0.85, "dry_to_wet": 0.12, "wet_at_start": 0.12 / 0.27}


def sky(
    step_hours: float, days: float, run: int = 0, season: dict[str, float] | None = None, **chances: float
) -> tuple[np.ndarray, np.ndarray]:
    """(wet, mud) of one region by step."""
    given = war([], season=season)
    for name, value in (CHANCES | chances).items():
        given.reading.regions[name] = value
    turn_season(given.world.season, given.world.season_day, given.state.regions, given.rules.weather, 0.0)
    begin_weather(given.reading.regions, given.state.regions, given.rules.weather, luck(run))
    wet, mud = [], []
    for step in range(round(days * 24 / step_hours)):
        change_weather(given.reading.regions, given.state.regions, given.rules.weather, luck(run), step, step_hours)
        wet.append(bool(given.state.regions.wet[0]))
        mud.append(float(given.state.regions.mud[0]))
    return np.array(wet), np.array(mud)


def mean_spell_hours(wet: np.ndarray, step_hours: float) -> float:
    """Mean length of a wet spell."""
    beginnings = np.count_nonzero(wet[1:] & ~wet[:-1])
    return wet.sum() * step_hours / beginnings


def test_the_wet_share_is_that_of_the_chain():
    # p01 / (p01 + 1 - p11) = 0.12 / 0.27; 20,000 steps of a chain with memory 0.73 know it to about 0.009.
    wet, _ = sky(6.0, 5000)
    assert wet.mean() == pytest.approx(0.12 / 0.27, abs=0.03)


def test_spells_keep_their_length_when_the_step_is_halved():
    # A spell of the 6-hour chain lasts 6 / 0.15 = 40 h.
    whole, half = (mean_spell_hours(sky(hours, 4000)[0], hours) for hours in (6.0, 3.0))
    assert whole == pytest.approx(40.0, rel=0.07)
    assert half == pytest.approx(whole, rel=0.1)


@given(st.integers(0, 10_000), st.sampled_from([1.0, 3.0, 6.0, 12.0]))
def test_mud_stays_in_bounds_rises_in_rain_and_dries_after(run, step_hours):
    wet, mud = sky(step_hours, 10, run)
    assert ((mud >= 0) & (mud <= 1)).all()
    change = np.diff(mud)
    assert (change[wet[1:]] >= 0).all()
    assert (change[~wet[1:]] <= 0).all()


def test_mud_by_hand():
    # Always wet from the start: half mud, then 0.7 a day; 0.5 + 0.175 after six hours, full after 18.
    _, mud = sky(6.0, 1, wet_at_start=1.0, wet_to_wet=1.0)
    assert mud.tolist() == pytest.approx([0.675, 0.85, 1.0, 1.0])


def test_a_dry_climate_stays_dry():
    wet, mud = sky(6.0, 20, wet_at_start=0.0, dry_to_wet=0.0)
    assert not wet.any()
    assert not mud.any()


def test_a_wet_start_has_its_chance():
    # 2,000 runs, sd 0.011.
    starts = []
    given = war([])
    given.reading.regions.wet_at_start = 0.4
    for run in range(2000):
        begin_weather(given.reading.regions, given.state.regions, given.rules.weather, luck(run))
        starts.append(given.state.regions.wet[0])
    assert np.mean(starts) == pytest.approx(0.4, abs=0.035)


def test_a_drier_season_halves_the_onset_of_rain():
    # With half the onset the chain's share is 0.06 / (0.06 + 0.15).
    wet, _ = sky(6.0, 5000, season={"drier": 0.5})
    assert wet.mean() == pytest.approx(0.06 / 0.21, abs=0.03)


def test_on_frozen_ground_rain_makes_no_mud_and_old_mud_hardens():
    _, mud = sky(6.0, 4, season={"frost": 1.0}, wet_at_start=1.0, wet_to_wet=1.0)
    assert not mud.any()


def test_a_thaw_makes_mud_without_rain_and_snow_lies():
    # A third of 0.7 a day against 0.5 a day of drying: no mud stays. With all of it, 0.2 a day are left.
    assert not sky(6.0, 4, season={"thaw": 1 / 3}, wet_at_start=0.0, dry_to_wet=0.0)[1].any()
    _, mud = sky(6.0, 2, season={"thaw": 1.0}, wet_at_start=0.0, dry_to_wet=0.0)
    assert mud[-1] == pytest.approx(0.4)
    assert (sky(6.0, 2, season={"snow": 0.3}, wet_at_start=0.0, dry_to_wet=0.0)[1] == 0.3).all()


def test_the_year_turns_and_may_be_late():
    given = war([])
    season = np.zeros((1, 365), SEASON).view(np.recarray)
    season.ice[0, 300:] = 1.0
    for day, shift, ice in ((299.9, 0.0, 0.0), (300.0, 0.0, 1.0), (300.0, 1.0, 0.0), (365.0 + 300.0, 0.0, 1.0)):
        rules = given.rules.weather.copy()
        rules.season_shift = shift
        turn_season(season, 0.0, given.state.regions, rules, 24.0 * day)
        assert given.state.regions.ice[0] == ice
