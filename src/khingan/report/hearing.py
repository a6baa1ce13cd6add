"""Belief after H-hour, for the page: the front as the defender's headquarters hears of it, and whom it faces."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from khingan.report.front import SHARES, home_cells, in_units, quantile_units, unit_hours
from khingan.report.packing import Pack
from khingan.scenario.schema import Scenario
from khingan.simulation.reporting import Heard, can_be_told, hear
from khingan.simulation.result import Result
from khingan.units import HOURS_PER_DAY

HEARD_RUNS = 100  # quantiles of more runs would not move the believed front by a cell


def pack_hearing(result: Result, scenario: Scenario, pack: Pack) -> dict[str, Any] | None:
    """`believed` (share, cell) in units of time, when each share of runs has told headquarters of the loss, and `known`
    (formation,), when half of them have reported it; returns what the panel draws, None where the study lacks it.
    """
    if not can_be_told(result):
        return None
    heard = hear(result, scenario, HEARD_RUNS)
    horizon, unit = result.horizon_h, unit_hours(result)
    losses = np.where(heard.losses <= horizon, heard.losses, np.inf)
    believed = quantile_units(losses, unit)
    believed[:, home_cells(scenario)] = 255
    pack.add("believed", believed)
    pack.add("known", in_units(np.quantile(heard.enemies, 0.5, axis=0, method="lower")[None], unit)[0])
    hours = HOURS_PER_DAY * result.days().astype(np.float64)
    runs = len(losses)
    return {
        "runs": runs,
        "side": _defender(scenario),
        "lag": [None if np.isnan(lag) else round(float(lag), 1) for lag in _lags(heard, horizon)],
        "ground": _ground(heard, scenario, hours),
        "fronts": _fronts(heard, result, scenario, hours),
    }


def _defender(scenario: Scenario) -> str:
    sides = scenario.calendar.sides
    return sides[sides[scenario.calendar.control_side].adversary].name


def _lags(heard: Heard, horizon: float) -> NDArray[np.float64]:
    """Hours from a loss to its being known, at 10, 50 and 90 % of all losses in all runs."""
    lost = heard.lost <= horizon
    if not lost.any():
        return np.full(len(SHARES), np.nan)
    lags = heard.losses[lost] - heard.lost[lost]
    return np.quantile(lags, SHARES).astype(np.float64)


def _ground(heard: Heard, scenario: Scenario, hours: NDArray) -> dict[str, list[list[float]]]:
    """By day, at 10, 50 and 90 % of runs: thousands of km2 lost, and known to be lost."""
    area = scenario.terrain.cells["area_km2"] / 1000.0
    made = {}
    for key, times in (("true", heard.lost), ("believed", heard.losses)):
        sums = np.stack([_by_day(run, area, hours) for run in times])
        made[key] = np.quantile(sums, SHARES, axis=0).round(1).tolist()
    return made


def _by_day(times: NDArray, area: NDArray, hours: NDArray) -> NDArray[np.float64]:
    """(day,) area of the cells whose time (cell,) has come by each of the hours, which ascend."""
    first = np.searchsorted(hours, times)
    return np.bincount(first, area, len(hours) + 1)[:-1].cumsum()


def _fronts(heard: Heard, result: Result, scenario: Scenario, hours: NDArray) -> list[dict[str, Any]]:
    """By front of the attacker and day, at 10, 50 and 90 % of runs: thousands of men there, and those reported."""
    runs = len(heard.enemies)
    men = np.nan_to_num(result.first_runs("men", runs)) / 1000.0
    per_day = round(HOURS_PER_DAY / scenario.calendar.step_hours)
    there = result.first_runs("place", runs)[:, per_day - 1 :: per_day] >= 0
    men = np.where(there, men, 0.0)
    known = heard.enemies[:, None, :] <= hours[None, :, None]
    made = []
    for front, columns in _columns(result, scenario).items():
        own = men[:, :, columns]
        spread = {"true": own.sum(axis=2), "believed": (own * known[:, :, columns]).sum(axis=2)}
        made.append({"name": front} | {
            key: np.quantile(values, SHARES, axis=0).round(1).tolist() for key, values in spread.items()
        })  # fmt: skip
    return made


def _columns(result: Result, scenario: Scenario) -> dict[str, list[int]]:
    """Columns of the attacker's formations by front."""
    front = {army.army: army.front for army in scenario.armies if army.side == scenario.calendar.control_side}
    army = {formation.formation: formation.army for formation in scenario.formations}
    made: dict[str, list[int]] = {}
    for column, name in enumerate(result.names("formation")):
        if army.get(name) in front:
            made.setdefault(front[army[name]], []).append(column)
    return made
