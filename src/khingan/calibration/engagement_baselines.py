"""Forecasts that know no engine: what any simulation of engagements has to beat, fitted on the same folds."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from khingan.calibration.engagement_plays import Forecasts, defaults, known_days
from khingan.calibration.engagement_table import Row
from khingan.errors import KhinganError
from khingan.evidence.parameters import read_parameters
from khingan.world.names import GROUNDS
from khingan.world.rules import read_tables

Forecaster = Callable[[Sequence[Row], Sequence[Row]], Forecasts]
# Dupuy's standard daily losses of a division, attacker and defender, and the logit of the Dupuy Institute's table of
# 672 engagements by ratio of men; neither is fitted here.
DUPUY_DAILY = (0.028, 0.015)
TDI_LOGIT = (0.005, 0.78)
AIR_FACTOR = {-1.0: 0.9, 0.0: 1.0, 1.0: 1.1}  # QJM air superiority
SEED = 1945


def require_scikit_learn() -> None:
    """Say how to get the library of the learned baselines where it is missing."""
    try:
        import sklearn  # noqa: F401
    except ImportError:
        raise KhinganError(
            "khingan validate engagements", "scikit-learn, which fits the baselines, is not installed",
            "pip install 'khingan[validate]', or score with --parameters shipped",
        ) from None  # fmt: skip


def majority(train: Sequence[Row], test: Sequence[Row]) -> Forecasts:
    """The share of attackers who won, the middle daily losses, the middle advance."""
    share = np.mean([row.won for row in train if row.won is not None])
    daily = np.nanmedian(ln_losses(train) - np.log(known_days(train))[:, None], axis=0)
    pace = np.nanmedian([row.advance_km_per_day for row in train])
    count = len(test)
    return Forecasts(np.full(count, share), daily + np.log(known_days(test))[:, None], np.full(count, pace))


def force_ratio(train: Sequence[Row], test: Sequence[Row]) -> Forecasts:
    """A logit and a line on the logarithm of the ratio of men; losses by the square law times days."""
    from_, to = (ln_men_ratio(rows)[:, None] for rows in (train, test))
    ahead = np.array([-1.0, 1.0])
    daily = np.nanmedian(ln_losses(train) - np.log(known_days(train))[:, None] - from_ * ahead, axis=0)
    return Forecasts(
        logit(from_, train, to, 1e3), daily + to * ahead + np.log(known_days(test))[:, None], line(from_, train, to)
    )


def power_ratio(train: Sequence[Row], test: Sequence[Row]) -> Forecasts:
    """The same on a power ratio with the QJM's factors; losses by a generalised Lanchester law with its factors."""
    from_, to = (ln_power_ratio(rows)[:, None] for rows in (train, test))
    given = ln_losses(train) - (np.log(known_days(train)) + ln_casualty_factor(train))[:, None]
    told = np.column_stack([least_squares(from_, given[:, side], to) for side in (0, 1)])
    ln_loss = told + (np.log(known_days(test)) + ln_casualty_factor(test))[:, None]
    return Forecasts(logit(from_, train, to, 1e3), ln_loss, line(from_, train, to))


def ridge(train: Sequence[Row], test: Sequence[Row], nations: bool = False) -> Forecasts:
    """Penalised logit and linear regressions on everything that was known beforehand; losses also on their length."""
    from sklearn.linear_model import Ridge

    from_, to = standard(columns(train, train, nations), columns(test, train, nations))
    days, later = (np.log(known_days(rows))[:, None] for rows in (train, test))
    given, told = ln_losses(train), []
    for side in (0, 1):
        some = np.isfinite(given[:, side])
        model = Ridge(alpha=30.0).fit(np.hstack([from_, 3.0 * days])[some], given[some, side])
        told.append(model.predict(np.hstack([to, 3.0 * later])))
    pace = np.arcsinh([row.advance_km_per_day for row in train])
    some = np.isfinite(pace)
    model = Ridge(alpha=100.0).fit(from_[some], pace[some])
    return Forecasts(logit(from_, train, to, 0.02), np.column_stack(told), np.sinh(model.predict(to)))


def boosting(train: Sequence[Row], test: Sequence[Row], nations: bool = False) -> Forecasts:
    """Boosted trees on the same columns, losses and advance for their medians."""
    from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor

    shape: dict[str, Any] = {"n_estimators": 80, "learning_rate": 0.05, "max_depth": 2, "subsample": 0.7,
                             "min_samples_leaf": 8, "random_state": SEED}  # fmt: skip
    from_, to = columns(train, train, nations), columns(test, train, nations)
    some, won = decided(train)
    win = GradientBoostingClassifier(**shape).fit(from_[some], won).predict_proba(to)[:, 1]
    middle = {**shape, "loss": "absolute_error"}
    days, later = (np.log(known_days(rows)) for rows in (train, test))
    told = []
    for side in (0, 1):
        daily = ln_losses(train)[:, side] - days
        some = np.isfinite(daily)
        model = GradientBoostingRegressor(**middle).fit(np.column_stack([from_, days])[some], daily[some])
        told.append(model.predict(np.column_stack([to, later])) + later)
    pace = np.array([row.advance_km_per_day for row in train])
    some = np.isfinite(pace)
    model = GradientBoostingRegressor(**middle).fit(from_[some], pace[some])
    return Forecasts(win, np.column_stack(told), model.predict(to))


BASELINES: Mapping[str, Forecaster] = {
    "majority": majority,
    "force_ratio_and_square_law": force_ratio,
    "qjm_like_power_ratio": power_ratio,
    "ridge": ridge,
    "ridge_with_nation": lambda train, test: ridge(train, test, True),
    "boosting": boosting,
    "boosting_with_nation": lambda train, test: boosting(train, test, True),
}


def published(rows: Sequence[Row]) -> Forecasts:
    """Rules from print, fitted to nothing here: chances by ratio of men, standard daily losses; no advance."""
    chance = 1.0 / (1.0 + np.exp(-TDI_LOGIT[0] - TDI_LOGIT[1] * ln_men_ratio(rows)))
    daily = np.log(DUPUY_DAILY)[None, :] + np.log(known_days(rows))[:, None]
    return Forecasts(chance, daily, np.full(len(rows), np.nan))


def ln_losses(rows: Sequence[Row]) -> np.ndarray:
    """(row, 2) logarithm of the share of men lost, NaN where unknown."""
    men = np.array([(row.engagement.attacker.men, row.engagement.defender.men) for row in rows])
    return np.log(np.array([row.casualties for row in rows]) / men)


def ln_men_ratio(rows: Sequence[Row]) -> np.ndarray:
    """Logarithm of attackers over defenders in men."""
    return np.array([np.log(row.engagement.attacker.men / row.engagement.defender.men) for row in rows])


def ln_power_ratio(rows: Sequence[Row]) -> np.ndarray:
    """Logarithm of a power ratio with the QJM's factors of posture, ground and air; no factor fitted."""
    values, tables = defaults(), read_tables(read_parameters())
    posture = {"HD": "combat.hasty", "PD": "combat.prepared", "FD": "combat.fortified", "DL": "combat.withdrawing",
               "WD": "combat.withdrawing"}  # fmt: skip
    told = []
    for row in rows:
        given = row.engagement
        attack, defence = (
            0.6 * side.men / 1000.0 + 0.07 * side.tanks
            + 0.03 * (values["engagements.guns_per_1000_men"] * side.men / 1000.0 if side.guns is None else side.guns)
            for side in (given.attacker, given.defender)
        )  # fmt: skip
        defence *= values[posture.get(given.posture, "combat.hasty")]
        defence *= tables["combat.ground_defence"][GROUNDS.index(given.ground)]
        told.append(np.log(attack / defence * AIR_FACTOR.get(row.air_superiority, 1.0)))
    return np.array(told)


def ln_casualty_factor(rows: Sequence[Row]) -> np.ndarray:
    """Logarithm of the QJM's factors of ground and light rain for losses."""
    ground = read_tables(read_parameters())["combat.ground_losses"]
    return np.array([
        np.log(ground[GROUNDS.index(row.engagement.ground)] * (0.7 if row.engagement.wet else 1.0)) for row in rows
    ])  # fmt: skip


def columns(rows: Sequence[Row], known: Sequence[Row], nations: bool) -> np.ndarray:
    """What was known beforehand, (row, column); nations are those of at least five rows of `known`."""
    common = [n for n in sorted({n for row in known for n in names(row)}) if sum(n in names(r) for r in known) >= 5]
    return np.array([_columns(row, common if nations else []) for row in rows], float)


def names(row: Row) -> tuple[str, ...]:
    """The nations of both sides."""
    return row.engagement.attacker.nations + row.engagement.defender.nations


def _columns(row: Row, nations: Sequence[str]) -> list[float]:
    given, cells = row.engagement, []
    for side, flown in zip((given.attacker, given.defender), row.sorties, strict=True):
        guns = 6e-3 * side.men if side.guns is None else side.guns
        cells += [np.log(side.men), np.log1p(side.tanks), np.log1p(guns), np.log1p(flown)]
        cells += [float(name in side.nations) for name in nations]
    cells += [np.log(given.attacker.men / given.defender.men), np.log(given.front_km or given.attacker.men / 2900.0)]
    cells += [float(given.posture == word) for word in ("HD", "PD", "FD")] + [float(given.posture in ("DL", "WD"))]
    cells += [float(given.ground.startswith(word)) for word in ("rugged", "flat")]
    cells += [float(given.ground.endswith(word)) for word in ("wooded", "mixed")]
    return [*cells, float(given.wet), row.air_superiority, row.year if np.isfinite(row.year) else 1944.0]


def standard(train: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both in units of the training columns' spread about their means."""
    centre, spread = train.mean(0), train.std(0)
    spread[spread == 0.0] = 1.0
    return (train - centre) / spread, (test - centre) / spread


def decided(rows: Sequence[Row]) -> tuple[np.ndarray, np.ndarray]:
    """(rows with a winner, whether the attackers won in these)."""
    some = np.array([row.won is not None for row in rows])
    return some, np.array([bool(row.won) for row in rows])[some]


def logit(from_: np.ndarray, train: Sequence[Row], to: np.ndarray, weight: float) -> np.ndarray:
    """Chances by a logistic regression; `weight` of the data against the penalty."""
    from sklearn.linear_model import LogisticRegression

    some, won = decided(train)
    model = LogisticRegression(C=weight, max_iter=2000).fit(from_[some], won)
    return model.predict_proba(to)[:, 1]


def line(from_: np.ndarray, train: Sequence[Row], to: np.ndarray) -> np.ndarray:
    """The advance by least squares of its inverse hyperbolic sine: a few breakthroughs do not draw the line."""
    return np.sinh(least_squares(from_, np.arcsinh([row.advance_km_per_day for row in train]), to))


def least_squares(from_: np.ndarray, given: np.ndarray, to: np.ndarray) -> np.ndarray:
    """A line through the known values, read at other places."""
    some = np.isfinite(given)
    slope = np.linalg.lstsq(np.column_stack([np.ones(some.sum()), from_[some]]), given[some], rcond=None)[0]
    return np.column_stack([np.ones(len(to)), to]) @ slope
