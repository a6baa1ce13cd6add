"""Scores of forecasts of engagements; standard errors and paired differences by bootstrap over campaign groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from khingan.calibration.engagement_baselines import ln_losses
from khingan.calibration.engagement_plays import Forecasts
from khingan.calibration.engagement_table import Row

MEASURES = ("brier", "log_score", "auc", "accuracy", "attacker_ln_mae", "defender_ln_mae", "mae_km_per_day")
HIGHER_IS_BETTER = ("auc", "accuracy")
BLOCKS = {
    "winner": ("brier", "log_score", "auc", "accuracy"),
    "casualties": ("attacker_ln_mae", "defender_ln_mae"),
    "advance": ("mae_km_per_day",),
}
LEAST_CHANCE = 0.01  # of the log score
DRAWS = 400
BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True)
class Truth:
    """What came of the rows; NaN where it is not scored."""

    won: np.ndarray  # (row,)
    ln_loss: np.ndarray  # (row, 2)
    advance: np.ndarray  # (row,)
    groups: tuple[str, ...]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "Truth":
        """From the rows of a table."""
        won = np.array([np.nan if row.won is None else float(row.won) for row in rows])
        pace = np.array([row.advance_km_per_day for row in rows])
        return cls(won, ln_losses(rows) if rows else np.empty((0, 2)), pace, tuple(row.group for row in rows))

    def counts(self) -> dict[str, int]:
        """How many rows each block scores."""
        sides = np.isfinite(self.ln_loss)
        return {
            "winner": int(np.isfinite(self.won).sum()),
            "casualties": int(sides.all(axis=1).sum()),
            "advance": int(np.isfinite(self.advance).sum()),
        }


def measures(truth: Truth, given: Sequence[Forecasts], chosen: np.ndarray) -> np.ndarray:
    """(measure,) means over forecasts (one for each assignment of folds) of the chosen rows."""
    found = np.array([_one(truth, forecast, chosen) for forecast in given])
    return np.array([mean(values) for values in found.T])


def _one(truth: Truth, forecast: Forecasts, chosen: np.ndarray) -> list[float]:
    won, chance = truth.won[chosen], forecast.win[chosen]
    known = np.isfinite(won)
    won, chance = won[known], chance[known]
    cut = np.clip(chance, LEAST_CHANCE, 1.0 - LEAST_CHANCE)
    off = np.abs(truth.ln_loss[chosen] - forecast.ln_loss[chosen])
    return [
        mean((chance - won) ** 2),
        mean(-np.log(np.where(won == 1.0, cut, 1.0 - cut))),
        auc(won, chance),
        mean((chance > 0.5) == (won == 1.0)),
        mean(off[:, 0]),
        mean(off[:, 1]),
        mean(np.abs(truth.advance[chosen] - forecast.advance[chosen])),
    ]


def mean(values: np.ndarray) -> float:
    """The mean of the finite values, NaN where there is none."""
    values = np.asarray(values, float)
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if finite.size else float("nan")


def spread(draws: np.ndarray) -> np.ndarray:
    """Standard deviation of each column's finite values; NaN where there is none."""
    return np.array(
        [np.std(column[np.isfinite(column)]) if np.isfinite(column).any() else np.nan for column in draws.T]
    )


def interval(draws: np.ndarray) -> tuple[float, float]:
    """The middle nine tenths of the finite values; NaN where there is none."""
    finite = draws[np.isfinite(draws)]
    return (float(np.quantile(finite, 0.05)), float(np.quantile(finite, 0.95))) if finite.size else (np.nan, np.nan)


def auc(won: np.ndarray, chance: np.ndarray) -> float:
    """Chance that a row the attackers won was given more than one they lost; ties count half."""
    above, below = chance[won == 1.0], chance[won == 0.0]
    if not above.size or not below.size:
        return float("nan")
    return float(np.mean((above[:, None] > below) + 0.5 * (above[:, None] == below)))


def resamples(groups: Sequence[str], seed: int = 1945, draws: int = DRAWS) -> list[np.ndarray]:
    """Rows of `draws` samples of whole groups with replacement."""
    rng = np.random.default_rng(seed)
    names = sorted(set(groups))
    members = [np.flatnonzero(np.array(groups) == name) for name in names]
    return [np.concatenate([members[i] for i in rng.integers(len(names), size=len(names))]) for _ in range(draws)]


def score(
    truth: Truth, ours: Sequence[Forecasts], others: Mapping[str, Sequence[Forecasts]], draws: int = DRAWS
) -> dict[str, Any]:
    """Scores of a model and of baselines with standard errors, and differences (ours less theirs), 90 % intervals."""
    everyone = np.arange(len(truth.won))
    samples = resamples(truth.groups, draws=draws)
    own = np.array([measures(truth, ours, sample) for sample in samples])
    result = blocks(measures(truth, ours, everyone), spread(own))
    result["winner"]["calibration"] = calibration(truth, ours)
    result["baselines"] = {}
    for name, forecasts in others.items():
        theirs = np.array([measures(truth, forecasts, sample) for sample in samples])
        found = blocks(measures(truth, forecasts, everyone), spread(theirs))
        away = measures(truth, ours, everyone) - measures(truth, forecasts, everyone)
        low, high = np.array([interval(column) for column in (own - theirs).T]).T
        found["difference"] = {
            measure: {"mean": float(away[n]), "low": float(low[n]), "high": float(high[n])}
            for n, measure in enumerate(MEASURES)
        }
        result["baselines"][name] = found
    return result


def blocks(values: np.ndarray, errors: np.ndarray) -> dict[str, Any]:
    """Measures by block, with their standard errors beside them."""
    found = {name: (float(values[n]), float(errors[n])) for n, name in enumerate(MEASURES)}
    return {
        block: {name: found[name][0] for name in names} | {"standard_errors": {name: found[name][1] for name in names}}
        for block, names in BLOCKS.items()
    }


def calibration(truth: Truth, given: Sequence[Forecasts]) -> list[dict[str, float]]:
    """By fifths of the chance: how many rows, the mean chance, the share the attackers won."""
    known = np.isfinite(truth.won)
    chance = np.mean([forecast.win for forecast in given], axis=0)[known]
    won, found = truth.won[known], []
    for low, high in pairwise(BINS):
        inside = (chance >= low) & ((chance < high) | (high == 1.0))
        found.append({"from": low, "to": high, "rows": int(inside.sum()), "forecast": mean(chance[inside]),
                      "observed": mean(won[inside])})  # fmt: skip
    return found
