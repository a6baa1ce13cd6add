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
from scipy.stats import t as student

from khingan.calibration.emulator import Quadratic, fit_chances, fit_quadratics
from khingan.calibration.engagement_plays import (
    SMALLEST_LOSS,
    carried_on,
    defaults,
    known_days,
    length_likelihood,
    luck_number,
    play_days,
    world_of,
)
from khingan.calibration.engagement_table import Row
from khingan.evidence.parameters import Parameter
from khingan.world.engagements import engagement_rules, is_armour
from khingan.world.names import GROUNDS
from khingan.world.rules import read_tables

FITTED = (
    "combat.loss_attacker", "combat.loss_defender", "combat.opening", "combat.helmbold", "combat.points_per_tank",
    "combat.points_per_gun", "combat.terrain_exponent", "combat.posture_exponent", "combat.frontage",
    "combat.engagement_sd", "combat.exchange_sd", "breaking.hazard", "breaking.ratio_exponent",
    "breaking.cohesion_weight", "breaking.field_works_weight", "air.support_gain", "weather.wet_casualties",
    "engagements.beaten_losses",
)  # fmt: skip
ADVANCE = (
    "combat.advance_infantry", "combat.advance_armour", "combat.advance_exponent_infantry",
    "combat.advance_exponent_armour", "combat.advance_sd",
)  # fmt: skip
DESIGN, PLAYS = 512, 4
BOUND = (-3.0, 3.0)  # farther from its prior a number would hide a law that is wrong
DATA_ERROR = 0.15  # of a side's ln casualties: the least that the table's keepers and readers allow
TAILS = 10.0  # degrees of freedom of the errors: captures and mistakes of record reach far out
ADVANCE_ERROR = 0.5  # of ln advance: records of several formations, fronts and days under one figure
LEAST_ADVANCE = 0.1  # km a day; less is not told from none


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
    """A posterior: its mode by full name, the mode in z with its covariance, and worth by nation."""

    values: dict[str, float]
    quality: dict[str, float]
    keys: tuple[str, ...]
    mode: np.ndarray  # (key,) z
    covariance: np.ndarray  # (key, key)
    quality_sd: dict[str, float]


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


def values_at(parameters: Mapping[str, Parameter], keys: Sequence[str], z: np.ndarray) -> dict[str, float]:
    """Parameters at z by their priors' quantiles."""
    return {key: float(parameters[key].prior.quantile(ndtr(u))) for key, u in zip(keys, z, strict=True)}


def fit(evidence: Evidence, parameters: Mapping[str, Parameter]) -> Fit:
    """The posterior's mode and covariance given rows."""
    width, nations = len(FITTED), len(evidence.nations)
    objective = _Objective(evidence, parameters)
    found = minimize(
        objective, np.zeros(width + nations), jac=True, method="L-BFGS-B", bounds=[BOUND] * (width + nations)
    )
    z, worth = found.x[:width], found.x[width:] * evidence.quality_sd
    covariance = np.linalg.inv(_curvature(objective, found.x))
    ln_ratio = evidence.ratio.at(objective.place(found.x))[0]
    pace, pace_covariance = fit_advance(evidence.rows, ln_ratio, parameters)
    joint = np.zeros((width + len(ADVANCE),) * 2)
    joint[:width, :width], joint[width:, width:] = covariance[:width, :width], pace_covariance
    keys, mode = FITTED + ADVANCE, np.concatenate([z, pace])
    return Fit(
        values=values_at(parameters, keys, mode),
        quality={nation: float(np.exp(w)) for nation, w in zip(evidence.nations, worth, strict=True)},
        keys=keys,
        mode=mode,
        covariance=joint,
        quality_sd={
            nation: float(evidence.quality_sd * np.sqrt(covariance[width + n, width + n]))
            for n, nation in enumerate(evidence.nations)
        },
    )


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


def fit_advance(
    rows: Sequence[Row], ln_ratio: np.ndarray, parameters: Mapping[str, Parameter]
) -> tuple[np.ndarray, np.ndarray]:
    """(z, covariance) of the parameters of the opposed advance, given each row's power ratio.

    The kernel `press` says of the middle attack at a sufficient ratio: v0 ratio^chi posture ground exp(-sd^2/2). Rows
    below that say nothing of these parameters; an advance too small to be told from none is censored there. Leaves out
    the march as a bound, which the middle attack stays far below.
    """
    values, tables = defaults(parameters), read_tables(dict(parameters))
    seen = np.array([r.advance_km_per_day for r in rows])
    chosen = np.isfinite(seen) & (ln_ratio >= np.log(values["combat.advance_from_ratio"]))
    seen, ratio = seen[chosen], np.minimum(np.exp(ln_ratio[chosen]), values["combat.advance_most_ratio"])
    some = [row for row, use in zip(rows, chosen, strict=True) if use]
    share = np.array([armour_share(row, values, tables) for row in some])
    held = np.array([hold_back(row, values, tables) for row in some])
    moved = seen > LEAST_ADVANCE
    ln_seen = np.log(np.maximum(seen, LEAST_ADVANCE))

    def objective(z: np.ndarray) -> float:
        foot, tank, foot_power, tank_power, sd = values_at(parameters, ADVANCE, z).values()
        speed = ((1 - share) * foot * ratio**foot_power + share * tank * ratio**tank_power) * held
        spread = np.sqrt(sd**2 + ADVANCE_ERROR**2)
        away = (ln_seen - np.log(speed) + sd**2 / 2.0) / spread
        told = np.where(moved, student.logpdf(away, TAILS) - np.log(spread), student.logcdf(away, TAILS))
        return float(0.5 * z @ z - told.sum())

    found = minimize(objective, np.zeros(len(ADVANCE)), method="L-BFGS-B", bounds=[BOUND] * len(ADVANCE))
    step = 1e-2
    unit = np.eye(len(ADVANCE)) * step
    curve = np.array([
        [(objective(found.x + a + b) - objective(found.x + a - b) - objective(found.x - a + b)
          + objective(found.x - a - b)) / (4 * step**2) for b in unit]
        for a in unit
    ])  # fmt: skip
    levels, directions = np.linalg.eigh((curve + curve.T) / 2.0)
    return found.x, np.linalg.inv((directions * np.maximum(levels, 1.0)) @ directions.T)


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
