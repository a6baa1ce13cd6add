"""Fit of combat and breaking to engagements: prior and likelihood, the engine's kernels behind a quadratic emulator.

Coordinates are standard normal under the prior: z of a parameter is the normal quantile of its prior's distribution
function. The emulator is made once from plays at draws of the prior; outcomes never enter it, so that folds can share
it. Posterior: its mode and the curvature there (Laplace).
"""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, ndtr, ndtri
from scipy.stats import qmc

from khingan.calibration.emulator import Quadratic, fit_chances, fit_quadratics
from khingan.calibration.engagement_advance import ADVANCE, BOUND, TAILS, campaigns, clustered, fit_advance
from khingan.calibration.engagement_plays import (
    SMALLEST_LOSS,
    carried_on,
    defaults,
    known_days,
    length_likelihood,
    luck_number,
    play_days,
    values_at,
    world_of,
)
from khingan.calibration.engagement_table import Row
from khingan.evidence.parameters import Parameter
from khingan.world.engagements import engagement_rules
from khingan.world.rules import read_tables

FITTED = (
    "combat.loss_attacker", "combat.loss_defender", "combat.opening", "combat.helmbold", "combat.points_per_tank",
    "combat.points_per_gun", "combat.woods_losses", "combat.terrain_exponent", "combat.posture_exponent",
    "combat.frontage", "combat.engagement_sd", "combat.exchange_sd", "breaking.hazard", "breaking.ratio_exponent",
    "breaking.cohesion_weight", "breaking.field_works_weight", "air.support_gain", "weather.wet_casualties",
    "engagements.beaten_losses",
)  # fmt: skip
DESIGN, PLAYS = 4096, 4
DATA_ERROR = 0.15  # of a side's ln casualties: the least that the table's keepers and readers allow


@dataclass(frozen=True)
class Evidence:
    """Rows to fit, with the emulators of their forecasts; x of a row is the parameters' z and its ln quality ratio."""

    rows: tuple[Row, ...]
    nations: tuple[str, ...]
    shares: np.ndarray  # (row, nation) +1 in the attack, -1 in the defence, in parts where several fought
    win: Quadratic  # logit
    loss: tuple[Quadratic, Quadratic]
    length: Quadratic  # logit of the chance to end on the day on which it did
    ratio: Quadratic  # ln power ratio
    quality_sd: float

    def only(self, chosen: np.ndarray) -> "Evidence":
        """The same for some of the rows (indices)."""
        return Evidence(
            tuple(self.rows[i] for i in chosen), self.nations, self.shares[chosen], self.win.only(chosen),
            (self.loss[0].only(chosen), self.loss[1].only(chosen)), self.length.only(chosen), self.ratio.only(chosen),
            self.quality_sd,
        )  # fmt: skip


@dataclass(frozen=True)
class Fit:
    """A posterior: its mode by full name, worth by nation, and both in units of the prior with their errors.

    `covariance` is the posterior's (Laplace) for rows that are independent witnesses; `sway` is how the mode moves when
    other campaigns are drawn.
    """

    values: dict[str, float]
    quality: dict[str, float]
    keys: tuple[str, ...]
    nations: tuple[str, ...]
    mode: np.ndarray  # (coordinate,) z of the keys, then of the nations' ln worth
    covariance: np.ndarray  # (coordinate, coordinate)
    sway: np.ndarray  # (coordinate, coordinate)
    prior_quality_sd: float


def gather_evidence(
    rows: Sequence[Row], parameters: Mapping[str, Parameter], seed: int = 1945, design: int = DESIGN, plays: int = PLAYS
) -> Evidence:
    """Play the rows at `design` draws of the prior and put emulators through the answers."""
    values = defaults(parameters)
    nations = tuple(sorted({n for row in rows for side in _sides(row) for n in side.nations}))
    quality_sd = values["engagements.quality_log_sd"]
    z = ndtri(np.clip(qmc.Sobol(len(FITTED), seed=seed).random(design), 1e-4, 1 - 1e-4))
    worth = 2.0 * quality_sd * np.random.default_rng(seed).standard_normal((design, len(rows)))
    answers = _play_design(rows, parameters, z, worth, seed, plays)
    x = np.concatenate([np.repeat(z[:, None, :], len(rows), axis=1), worth[:, :, None]], axis=2)
    win = fit_chances(x, answers[0])
    length = fit_chances(x, answers[3])
    attacker, defender, ratio = fit_quadratics(x, answers[[1, 2, 4]])
    shares = np.array([[_share(row, nation) for nation in nations] for row in rows]).reshape(len(rows), len(nations))
    return Evidence(tuple(rows), nations, shares, win, (attacker, defender), length, ratio, quality_sd)


def _sides(row: Row) -> tuple:
    return row.engagement.attacker, row.engagement.defender


def _share(row: Row, nation: str) -> float:
    attacker, defender = (side.nations.count(nation) / max(1, len(side.nations)) for side in _sides(row))
    return attacker - defender


def _play_design(
    rows: Sequence[Row], parameters: Mapping[str, Parameter], z: np.ndarray, worth: np.ndarray, seed: int, plays: int
) -> np.ndarray:
    """(answer, design, row): chance to win, ln losses of both, chance of the length, ln ratio."""
    answers = np.empty((5, len(z), len(rows)))

    def play(points: range) -> None:
        _play_points(rows, parameters, z, worth, seed, plays, points, answers)

    workers = min(2, os.cpu_count() or 1)
    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(play, range(first, len(z), workers)) for first in range(workers)]:
            done.result()
    return answers


def _play_points(
    rows: Sequence[Row], parameters: Mapping[str, Parameter], z: np.ndarray, worth: np.ndarray, seed: int, plays: int,
    points: range, answers: np.ndarray,
) -> None:  # fmt: skip
    """Fill the answers at some points of the design; the luck of a point does not hang on who plays it."""
    values, tables, days = defaults(parameters), read_tables(dict(parameters)), known_days(rows)
    world = world_of(rows, values)
    for point in points:
        chosen = values | values_at(parameters, FITTED, z[point])
        rules = engagement_rules(chosen, tables)
        world.set_quality(worth[point])
        win, weight, loss = np.zeros(len(rows)), np.zeros(len(rows)), np.zeros((len(rows), 2))
        for play in range(plays):
            course = play_days(world, rules, days, luck_number(seed, point * plays + play))
            win += course.wins / plays
            likely = length_likelihood(course)
            weight += likely / plays
            loss += likely[:, None] * np.log(np.maximum(course.loss, SMALLEST_LOSS)) / plays
        answers[0, point] = win
        answers[1:3, point] = (loss / weight[:, None]).T + carried_on(days)
        answers[3, point] = weight
        answers[4, point] = np.log(world.courses.ratio)


def fit(evidence: Evidence, parameters: Mapping[str, Parameter]) -> Fit:
    """The posterior's mode and covariance given rows, and how the mode moves with the campaigns."""
    width, nations = len(FITTED), evidence.nations
    count = width + len(nations)
    objective = _Objective(evidence, parameters)
    found = minimize(objective, np.zeros(count), jac=True, method="L-BFGS-B", bounds=[BOUND] * count).x
    covariance = np.linalg.inv(_curvature(objective, found))
    sway = covariance @ clustered(_pulls(evidence, parameters, found)) @ covariance
    ln_ratio = evidence.ratio.at(objective.place(found))[0]
    pace, pace_covariance, pace_sway = fit_advance(evidence.rows, ln_ratio, parameters)
    keys, mode = FITTED + ADVANCE, np.concatenate([found[:width], pace, found[width:]])
    return Fit(
        values=values_at(parameters, keys, mode[: len(keys)]),
        quality={n: float(np.exp(w * evidence.quality_sd)) for n, w in zip(nations, found[width:], strict=True)},
        keys=keys,
        nations=nations,
        mode=mode,
        covariance=_joined(covariance, pace_covariance),
        sway=_joined(sway, pace_sway),
        prior_quality_sd=evidence.quality_sd,
    )


def _pulls(evidence: Evidence, parameters: Mapping[str, Parameter], at: np.ndarray) -> np.ndarray:
    """(campaign, coordinate) gradient of what each campaign group adds to minus the log likelihood."""
    return np.array([_Objective(evidence.only(some), parameters)(at)[1] - at for some in campaigns(evidence.rows)])


def _joined(own: np.ndarray, pace: np.ndarray) -> np.ndarray:
    """One covariance in the order of FITTED, ADVANCE, nations; the advance is fitted given the rest, and apart."""
    joint = np.zeros((len(own) + len(pace),) * 2)
    first = np.r_[: len(FITTED), len(FITTED) + len(pace) : len(joint)]
    joint[np.ix_(first, first)] = own
    joint[len(FITTED) : len(FITTED) + len(pace), len(FITTED) : len(FITTED) + len(pace)] = pace
    return joint


class _Objective:
    """Minus the log posterior and its gradient in z and in units of the prior of each nation's ln worth."""

    def __init__(self, evidence: Evidence, parameters: Mapping[str, Parameter]) -> None:
        self.evidence, self.parameters = evidence, parameters
        rows = evidence.rows
        self.decided = np.array([row.won is not None for row in rows])
        self.won = np.array([bool(row.won) for row in rows], float)
        self.ln_loss = np.log([
            (row.casualties[0] / row.engagement.attacker.men, row.casualties[1] / row.engagement.defender.men)
            for row in rows
        ]).reshape(len(rows), 2)  # fmt: skip
        self.counted = np.isfinite(self.ln_loss).all(axis=1)
        self.days = known_days(rows)
        self.day_sd = defaults(parameters)["combat.day_sd"]

    def place(self, free: np.ndarray) -> np.ndarray:
        """Each row's x."""
        width = len(FITTED)
        worth = self.evidence.shares @ free[width:] * self.evidence.quality_sd
        return np.column_stack([np.tile(free[:width], (len(worth), 1)), worth])

    def __call__(self, free: np.ndarray) -> tuple[float, np.ndarray]:
        x, width = self.place(free), len(FITTED)
        gradient = np.zeros_like(x)
        logit, slope = self.evidence.win.at(x)
        total = -np.sum(self.decided * (self.won * logit - np.logaddexp(0.0, logit)))
        gradient -= (self.decided * (self.won - expit(logit)))[:, None] * slope
        likely, slope = self.evidence.length.at(x)
        total += np.sum(self.decided * np.logaddexp(0.0, -likely))
        gradient -= (self.decided * expit(-likely))[:, None] * slope
        losses, of_x, of_sd = self._losses(free, x)
        total, gradient = total + losses, gradient + of_x
        whole = np.concatenate(
            [gradient[:, :width].sum(0), self.evidence.shares.T @ gradient[:, width] * self.evidence.quality_sd]
        )
        return float(total + 0.5 * free @ free), whole + of_sd + free

    def _losses(self, free: np.ndarray, x: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Minus the log likelihood of the losses: Student's t about the forecast, for intensity and for exchange."""
        counted = self.counted
        (a, slope_a), (d, slope_d) = (emulator.at(x) for emulator in self.evidence.loss)
        off_a, off_d = np.where(counted, self.ln_loss[:, 0] - a, 0.0), np.where(counted, self.ln_loss[:, 1] - d, 0.0)
        total, of_x, of_sd = 0.0, np.zeros_like(x), np.zeros_like(free)
        beaten = FITTED.index("engagements.beaten_losses")
        more, more_slope = self._number("engagements.beaten_losses", free[beaten])
        off_d = off_d - counted * self.won * np.log(more)
        slope_d = slope_d.copy()
        slope_d[:, beaten] += self.won * more_slope / more
        for key, off, slope, extra in (
            ("combat.engagement_sd", (off_a + off_d) / 2.0, (slope_a + slope_d) / 2.0,
             DATA_ERROR**2 / 2.0 + self.day_sd**2 / np.maximum(1.0, self.days)),
            ("combat.exchange_sd", off_a - off_d, slope_a - slope_d, np.full(len(off_a), 2.0 * DATA_ERROR**2)),
        ):  # fmt: skip
            place = FITTED.index(key)
            sd, sd_slope = self._number(key, free[place])
            variance = sd**2 + extra
            wide = (TAILS - 2.0) * variance  # Student's t of this variance
            t = 1.0 + off**2 / wide
            total += np.sum(counted * (0.5 * np.log(variance) + (TAILS + 1.0) / 2.0 * np.log(t)))
            pull = counted * (TAILS + 1.0) * off / (wide * t)
            of_x -= pull[:, None] * slope
            of_sd[place] += np.sum(counted * (0.5 / variance - pull * off / (2.0 * variance))) * 2.0 * sd * sd_slope
        return float(total), of_x, of_sd

    def _number(self, key: str, z: float) -> tuple[float, float]:
        """(value, derivative by z) of a parameter."""
        prior = self.parameters[key].prior
        value, beyond = (float(prior.quantile(ndtr(u))) for u in (z, z + 1e-4))
        return value, (beyond - value) / 1e-4


def _curvature(objective: _Objective, at: np.ndarray) -> np.ndarray:
    """Second derivatives of the objective, made positive definite by dropping what the emulator's noise turns over."""
    step = 1e-3
    rows = [(objective(at + step * unit)[1] - objective(at - step * unit)[1]) / (2 * step) for unit in np.eye(len(at))]
    symmetric = (np.array(rows) + np.array(rows).T) / 2.0
    levels, directions = np.linalg.eigh(symmetric)
    # No direction can be known less well than the prior knows it.
    return (directions * np.maximum(levels, 1.0)) @ directions.T
