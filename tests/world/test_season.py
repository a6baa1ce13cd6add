"""Seasons: rows by day of the year, and the chance of rain on another day than the stated one."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from khingan.world.season import day_of_year, later, lay_seasons, likely_wet
from worlds import far_east


def test_august_is_the_weather_as_stated_and_january_is_not():
    season = lay_seasons(far_east())
    august = season[:, day_of_year(datetime(1945, 8, 1)) : day_of_year(datetime(1945, 9, 1))]
    assert all((august[name] == 0.0).all() for name in august.dtype.names)
    amur = [row.region for row in far_east().weather].index("amur")
    january = season[amur, 14]
    assert (january.ice, january.frost) == (1.0, 1.0)
    assert january.drier > 0.5


def test_rows_hold_to_the_next_across_new_year():
    # The Amur bears from December; weather.csv has lorries on it from early December, and it opens in late April.
    season = lay_seasons(far_east())
    amur = [row.region for row in far_east().weather].index("amur")
    ice = season[amur].ice
    assert ice[day_of_year(datetime(1945, 12, 31))] == ice[0] == 1.0
    assert ice[day_of_year(datetime(1946, 5, 10))] == 0.0
    assert ice[day_of_year(datetime(1945, 11, 10))] == 0.0


def test_what_is_known_of_the_rain_fades_on_either_side():
    # Memory 0.73 a step: after one step it is raining with p11; long before or after with the chain's share.
    known, wet, dry = np.array(1.0), np.array(0.85), np.array(0.12)
    assert likely_wet(known, wet, dry, np.array(0.0)) == 1.0
    assert likely_wet(known, wet, dry, np.array(6.0)) == pytest.approx(0.85)
    assert likely_wet(known, wet, dry, np.array(-6.0)) == pytest.approx(0.85)
    assert likely_wet(known, wet, dry, np.array(2400.0)) == pytest.approx(0.12 / 0.27)


def test_without_a_shift_the_stated_chances_stay():
    assert later(far_east(), timedelta(0)) == tuple(row.wet_at_start for row in far_east().weather)
