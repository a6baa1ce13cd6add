"""A battle by day: the second half of a table of daily losses forecast from the first, beside yesterday's losses.

Each law has one rate for each side, the median of the first half; it knows the strengths of every day, which a true
forecast would not, and still it need not beat a rule that only repeats the last losses.
"""

from pathlib import Path
from typing import Any

import numpy as np

from khingan.calibration.engagement_plays import defaults
from khingan.errors import CampaignError, KhinganError, Problem
from khingan.evidence.csv_table import read_csv, read_header
from khingan.evidence.parameters import read_parameters
from khingan.world.engagements import BODY
from khingan.world.rules import read_tables

SIDES = ("allied", "german")
FIELDS = ("combat_manpower", "combat_casualties", "tanks", "artillery")
LEAST_DAYS = 8


def forecast_by_day(path: Path) -> dict[str, Any]:
    """Mean absolute errors of ln daily losses in the second half, by rule and side; CampaignError for a faulty table.

    Laws: fractional loss of a side = rate * (own power / enemy's)^(-p), p = 1 the square law, 1/2 the linear one, 0 the
    logarithmic one, and the engine's own exponent; power in points of men, tanks and guns.
    """
    power, share, men = read_days(path)
    half = len(men) // 2
    values = defaults()
    laws = {"square law": 1.0, "linear law": 0.5, "logarithmic law": 0.0, "khingan": values["combat.helmbold"]}
    told = {name: _law(power, share, half, exponent) for name, exponent in laws.items()}
    told["mean of the first half"] = np.tile(share[:half].mean(0), (len(men), 1))
    told["yesterday's losses"] = np.vstack([share[:1], share[:-1] * men[:-1] / men[1:]])
    errors = {name: np.abs(np.log(share[half:]) - np.log(rates[half:])).mean(0) for name, rates in told.items()}
    return {
        "days": len(men),
        "forecast_days": len(men) - half,
        "ln_mae": {name: dict(zip(SIDES, found.tolist(), strict=True)) for name, found in errors.items()},
    }


def _law(power: np.ndarray, share: np.ndarray, half: int, exponent: float) -> np.ndarray:
    """(day, side) shares lost by one law, its two rates from the first half."""
    pull = (power / power[:, ::-1]) ** -exponent
    return np.median(share[:half] / pull[:half], axis=0) * pull


def read_days(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(power in points, share of the men lost, men), each (day, side); days on which a side was not yet there go."""
    problems: list[Problem] = []
    header = read_header(path.parent, path.name, problems)
    names = [f"{side}_{field}" for side in SIDES for field in FIELDS]
    for name in [name for name in names if header and name not in header]:
        problems.append(Problem(path.name, 1, 0, f"column '{name}' is missing", f"add the column {name}"))
    if problems:
        raise CampaignError(str(path), problems)
    table = read_csv(path.parent, path.name, header, problems)
    numbers = np.full((len(table.rows), len(names)), np.nan)
    for day, row in enumerate(table.rows):
        for column, name in enumerate(names):
            try:
                numbers[day, column] = float(row.cells[name])
            except ValueError:
                what = f"{name} '{row.cells[name][:40]}' is not a number"
                problems.append(table.problem(row.line, name, what, "write a number"))
    if problems:
        raise CampaignError(str(path), problems)
    return _quantities(path, numbers.reshape(len(numbers), len(SIDES), len(FIELDS)))


def _quantities(path: Path, given: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    men, lost, tanks, guns = np.moveaxis(given, 2, 0)
    share = np.divide(lost, men, out=np.zeros_like(lost), where=men > 0.0)
    there = np.isfinite(given).all(axis=(1, 2)) & (men > 0.0).all(axis=1) & (lost > 0.0).all(axis=1)
    if there.sum() < LEAST_DAYS:
        raise KhinganError(str(path), f"{there.sum()} days with losses on both sides", f"give {LEAST_DAYS} or more")
    values = defaults()
    body = read_tables(read_parameters())["combat.points_per_1000_men"][BODY]
    points = body * men / 1000.0 + values["combat.points_per_tank"] * tanks + values["combat.points_per_gun"] * guns
    return points[there], share[there], men[there]
