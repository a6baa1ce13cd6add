"""Fit of the opposed advance to engagements, given their power ratios, and how campaigns sway a mode."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from scipy.optimize import minimize
from scipy.stats import t as student

from khingan.calibration.engagement_plays import days_fought, defaults, known_days, values_at
from khingan.calibration.engagement_table import Row
from khingan.evidence.parameters import Parameter
from khingan.world.engagements import is_armour
from khingan.world.names import GROUNDS
from khingan.world.rules import read_tables

ADVANCE = (
    "combat.advance_infantry", "combat.advance_armour", "combat.advance_exponent_infantry",
    "combat.advance_exponent_armour", "combat.advance_sd",
)  # fmt: skip
BOUND = (-3.0, 3.0)  # farther from its prior a number would hide a law that is wrong
TAILS = 10.0  # degrees of freedom of the errors: captures and mistakes of record reach far out
ADVANCE_ERROR = 0.5  # of ln advance: records of several formations, fronts and days under one figure
LEAST_ADVANCE = 0.1  # km a day; less is not told from none
Costs = Callable[[np.ndarray], np.ndarray]


def campaigns(rows: Sequence[Row]) -> list[np.ndarray]:
    """The rows (indices) of each campaign group."""
    names = np.array([row.group for row in rows])
    return [np.flatnonzero(names == name) for name in sorted(set(names.tolist()))]


def clustered(pulls: np.ndarray) -> np.ndarray:
    """Covariance of the sum of the campaigns' gradients (campaign, coordinate): the middle of a sandwich."""
    count = len(pulls)
    away = pulls - pulls.mean(axis=0)
    return count / max(1, count - 1) * away.T @ away


def fit_advance(
    rows: Sequence[Row], ln_ratio: np.ndarray, parameters: Mapping[str, Parameter]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(z, covariance, its sway by campaigns) of the opposed advance's parameters, given each row's power ratio."""
    costs = advance_costs(rows, ln_ratio, parameters)
    found = minimize(
        lambda z: 0.5 * z @ z + costs(z).sum(), np.zeros(len(ADVANCE)), method="L-BFGS-B", bounds=[BOUND] * len(ADVANCE)
    ).x
    unit = 1e-2 * np.eye(len(ADVANCE))
    slopes = np.array([(costs(found + a) - costs(found - a)) / 2e-2 for a in unit])
    curve = np.eye(len(ADVANCE)) + np.array([
        [(costs(found + a + b) - costs(found + a - b) - costs(found - a + b) + costs(found - a - b)).sum() / 4e-4
         for b in unit]
        for a in unit
    ])  # fmt: skip
    levels, directions = np.linalg.eigh((curve + curve.T) / 2.0)
    covariance = np.linalg.inv((directions * np.maximum(levels, 1.0)) @ directions.T)
    pulls = np.array([slopes[:, some].sum(axis=1) for some in campaigns(rows)])
    return found, covariance, covariance @ clustered(pulls) @ covariance


def advance_costs(rows: Sequence[Row], ln_ratio: np.ndarray, parameters: Mapping[str, Parameter]) -> Costs:
    """Minus the log likelihood of each row's advance as a function of z.

    The kernel `press` says of the middle attack at a sufficient ratio: v0 ratio^chi posture ground exp(-sd^2/2) a day
    of battle; a table divides by calendar days, the last of which was not fought through. Rows below that ratio say
    nothing of these parameters; an advance too small to be told from none is censored there. Leaves out the march as a
    bound, which the middle attack stays far below.
    """
    values, tables = defaults(parameters), read_tables(dict(parameters))
    seen = np.array([r.advance_km_per_day for r in rows])
    counted = np.isfinite(seen) & (ln_ratio >= np.log(values["combat.advance_from_ratio"]))
    ratio = np.minimum(np.exp(ln_ratio), values["combat.advance_most_ratio"])
    share = np.array([armour_share(row, values, tables) for row in rows])
    days = known_days(rows)
    held = np.array([hold_back(row, values, tables) for row in rows]) * days_fought(days) / days
    moved = seen > LEAST_ADVANCE
    ln_seen = np.log(np.where(moved, seen, LEAST_ADVANCE))

    def costs(z: np.ndarray) -> np.ndarray:
        foot, tank, foot_power, tank_power, sd = values_at(parameters, ADVANCE, z).values()
        speed = ((1 - share) * foot * ratio**foot_power + share * tank * ratio**tank_power) * held
        spread = np.sqrt(sd**2 + ADVANCE_ERROR**2)
        away = (ln_seen - np.log(speed) + sd**2 / 2.0) / spread
        told = np.where(moved, student.logpdf(away, TAILS) - np.log(spread), student.logcdf(away, TAILS))
        return np.where(counted, -told, 0.0)

    return costs


def armour_share(row: Row, values: Mapping[str, float], tables: Mapping[str, np.ndarray]) -> float:
    """The kernel's share of armour in an attack by one body."""
    armour = is_armour(row.engagement.attacker, values)
    return float(armour * tables["combat.ground_tanks"][GROUNDS.index(row.engagement.ground)])


def hold_back(row: Row, values: Mapping[str, float], tables: Mapping[str, np.ndarray]) -> float:
    """What posture and mud leave of the pace of an attack."""
    given = row.engagement
    pace = {"PD": values["combat.advance_prepared"], "FD": values["combat.advance_fortified"]}.get(given.posture, 1.0)
    mud = values["weather.mud_at_start"] if given.wet else 0.0
    return pace * (1.0 - (1.0 - float(tables["weather.mud_pace"][0])) * mud)
