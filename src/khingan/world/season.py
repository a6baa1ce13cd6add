"""The seasons of a campaign as a year of days by region, and how likely rain is on a day that is not the stated one."""

from datetime import datetime, timedelta

import numpy as np

from khingan.engine.state import SEASON
from khingan.scenario.schema import Scenario, Season

YEAR = 365
CHAIN_HOURS = 6.0  # of the steps that the chances of weather.csv are stated for


def lay_seasons(scenario: Scenario) -> np.ndarray:
    """(region, day of the year) SEASON; all zero, the weather as stated, where the campaign has no seasons."""
    result = np.zeros((max(1, len(scenario.weather)), YEAR), SEASON).view(np.recarray)
    for number, region in enumerate(scenario.weather):
        rows = sorted((row for row in scenario.seasons if row.region == region.region), key=_day)
        days = [_day(row) for row in rows]
        for row, first, after in zip(rows, days, [*days[1:], *days[:1]], strict=True):
            result[number, np.arange(first, first + ((after - first) % YEAR or YEAR)) % YEAR] = _values(row)
    return result


def _values(row: Season) -> tuple[float, ...]:
    return 1.0 - row.rain, row.thaw, row.frost, row.snow, row.ice, 1.0 - row.flying, row.sickness - 1.0


def _day(row: Season) -> int:
    month, day = map(int, row.begins.split("-"))
    return day_of_year(datetime(2001, month, min(day, 28) if month == 2 else day))


def day_of_year(moment: datetime) -> int:
    """Days since the first of January, 0 to 364; the last days of a leap year's December count as one."""
    return min(YEAR - 1, (moment - moment.replace(month=1, day=1, hour=0, minute=0)).days)


def season_on(scenario: Scenario, region: str, moment: datetime) -> Season | None:
    """The row in force in a region on a day, None where it has none."""
    rows = sorted((row for row in scenario.seasons if row.region == region), key=_day)
    past = [row for row in rows if _day(row) <= day_of_year(moment)]
    return past[-1] if past else rows[-1] if rows else None


def likely_wet(at_start: np.ndarray, wet_to_wet: np.ndarray, dry_to_wet: np.ndarray, hours: np.ndarray) -> np.ndarray:
    """Chance of rain so many hours from the moment for which `at_start` is stated, before or after it.

    A chain with two states runs backwards as it runs forwards: what was known fades with its memory, and the share of
    wet time in the long run takes its place.
    """
    share = dry_to_wet / np.maximum(1e-9, 1.0 - wet_to_wet + dry_to_wet)
    kept = np.maximum(0.0, wet_to_wet - dry_to_wet) ** (np.abs(hours) / CHAIN_HOURS)
    return at_start * kept + share * (1.0 - kept)


def later(scenario: Scenario, by: timedelta) -> tuple[float, ...]:
    """Chance of rain in each region at an H-hour that is later by so much, or sooner where it is negative."""
    moment, hours = scenario.calendar.h_hour + by, by.total_seconds() / 3600.0
    result = []
    for row in scenario.weather:
        season = season_on(scenario, row.region, moment)
        onset = row.dry_to_wet * (season.rain if season else 1.0)
        result.append(float(likely_wet(*(np.array(x) for x in (row.wet_at_start, row.wet_to_wet, onset, hours)))))
    return tuple(result)
