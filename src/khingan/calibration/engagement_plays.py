"""Engagements played many times by the engine: forecasts of winner, losses and advance, and what a fit learns from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from khingan.calibration.engagement_table import Row
from khingan.engine.engagements import ATTACKER, DEFENDER, play_for_days, play_to_the_end
from khingan.evidence.parameters import Parameter, read_parameters
from khingan.world.engagements import (
    FIRST_STEP,
    STEP_HOURS,
    Engagement,
    EngagementWorld,
    compile_engagements,
    engagement_rules,
)
from khingan.world.rules import read_tables

STEPS_PER_DAY = round(24 / STEP_HOURS)
MOST_STEPS = 40 * STEPS_PER_DAY  # a longer battle counts as undecided
LONGEST_DAYS = 30  # losses of longer ones are those of this many days, carried on at the same daily rate
HAZARD_STEPS = 5 * STEPS_PER_DAY  # beyond which the chance to win is that of the last step
SMALLEST_LOSS = 1e-6
LONG_OPERATIONS = 0.05  # share of rows that are chains of engagements, of any length up to the longest


@dataclass(frozen=True)
class Forecasts:
    """What the plays say of each row: (row,) arrays."""

    win: np.ndarray  # chance that the attackers win
    ln_loss: np.ndarray  # (row, 2) logarithm of the share of men lost over the days given, attacker and defender
    advance: np.ndarray  # km for each calendar day with fighting, the middle play

    def casualties(self, rows: Sequence[Row]) -> np.ndarray:
        """(row, 2) casualties in men."""
        men = [(row.engagement.attacker.men, row.engagement.defender.men) for row in rows]
        return np.exp(self.ln_loss) * np.array(men)


class Draw(NamedTuple):
    """One opinion of the world: parameters by full name and fighting worth by nation."""

    values: Mapping[str, float]
    quality: Mapping[str, float]


@dataclass(frozen=True)
class Plays:
    """What came of every row in every play, fought to its end and, for losses, over its known days."""

    winner: np.ndarray  # (play, row)
    days: np.ndarray  # (play, row) fought until it ended
    advance_km: np.ndarray  # (play, row) depth when it ended
    ln_loss: np.ndarray  # (play, row, 2)
    weight: np.ndarray  # (play, row) chance of an end on the last of the known days

    def km_per_day(self) -> np.ndarray:
        """(play, row) advance for each calendar day with fighting, begun ones in full, as tables count them."""
        return self.advance_km / np.ceil(self.days)


def defaults(parameters: Mapping[str, Parameter] | None = None) -> dict[str, float]:
    """The values of the parameters in the package."""
    chosen = read_parameters() if parameters is None else parameters
    return {key: parameter.value for key, parameter in chosen.items() if parameter.value is not None}


def known_days(rows: Sequence[Row]) -> np.ndarray:
    """Days each row was fought, the usual length where it is not known."""
    usual = defaults()["engagements.usual_days"]
    days = np.array([row.duration_days for row in rows])
    return np.where(np.isfinite(days) & (days >= 1.0), days, np.where(np.isfinite(days), 1.0, usual))


def world_of(rows: Sequence[Row], values: Mapping[str, float]) -> EngagementWorld:
    """The small world of a table's rows."""
    return compile_engagements([row.engagement for row in rows], values)


def log_quality(engagements: Sequence[Engagement], quality: Mapping[str, float]) -> np.ndarray:
    """Logarithm of the attackers' worth over the defenders'; several nations count alike, unknown ones as 1."""

    def of(nations: tuple[str, ...]) -> float:
        return float(np.mean([np.log(quality.get(nation, 1.0)) for nation in nations] or [0.0]))

    return np.array([of(given.attacker.nations) - of(given.defender.nations) for given in engagements])


def values_at(parameters: Mapping[str, Parameter], keys: Sequence[str], z: np.ndarray) -> dict[str, float]:
    """Parameters at z by their priors' quantiles."""
    return {key: float(parameters[key].prior.quantile(ndtr(u))) for key, u in zip(keys, z, strict=True)}


def forecast(rows: Sequence[Row], draws: Sequence[Draw], seed: int = 1945) -> Forecasts:
    """The forecast of plays, one for each draw: chances and medians carry luck and the width of what is believed."""
    plays = play_rows(rows, draws, seed)
    won, lost = (plays.winner == ATTACKER).sum(0), (plays.winner == DEFENDER).sum(0)
    # One play more on either side: no chance is quite 0 or 1.
    win = (won + 0.5) / (won + lost + 1.0)
    # Each play counts by how likely it was to last as long as it did.
    ln_loss = (plays.weight[:, :, None] * plays.ln_loss).sum(0) / plays.weight.sum(0)[:, None]
    beaten = np.mean([np.log(draw.values["engagements.beaten_losses"]) for draw in draws])
    return Forecasts(win, ln_loss + np.outer(win, [0.0, beaten]), np.median(plays.km_per_day(), axis=0))


def play_rows(rows: Sequence[Row], draws: Sequence[Draw], seed: int) -> Plays:
    """Play every row once for each draw to its end, and once for its known days."""
    tables, days, engagements = read_tables(read_parameters()), known_days(rows), [row.engagement for row in rows]
    # No parameter that is drawn enters the world itself.
    world, room = world_of(rows, draws[0].values), np.empty((3, len(draws), len(rows)))
    weight, ln_loss = np.empty((len(draws), len(rows))), np.empty((len(draws), len(rows), 2))
    for play, draw in enumerate(draws):
        rules, luck = engagement_rules(draw.values, tables), luck_number(seed, play)
        world.set_quality(log_quality(engagements, draw.quality))
        play_to_the_end(world.arrays, world.reading, rules, world.state, world.tactics, world.outcomes, luck,
                        FIRST_STEP, MOST_STEPS)  # fmt: skip
        room[:, play] = world.outcomes.winner, world.outcomes.days, world.outcomes.advance_km
        course = play_days(world, rules, days, luck, least=0)
        weight[play], ln_loss[play] = length_likelihood(course), np.log(np.maximum(course.loss, SMALLEST_LOSS))
    return Plays(room[0], room[1], room[2], ln_loss + carried_on(days)[:, None], weight)


def luck_number(seed: int, play: int) -> int:
    """The seed of one play."""
    return seed * 1_000_000 + play


def carried_on(days: np.ndarray) -> np.ndarray:
    """Logarithm of what the losses of the longest battle played are multiplied by for one that was longer still."""
    return np.log(np.maximum(1.0, days / LONGEST_DAYS))


def play_days(
    world: EngagementWorld, rules: object, days: np.ndarray, seed: int, least: int = HAZARD_STEPS
) -> np.recarray:
    """One play of every engagement for its days; chances to win want `least` steps of all of them."""
    steps = np.round(np.minimum(days, LONGEST_DAYS) * STEPS_PER_DAY).astype(np.int64)
    play_for_days(world.arrays, world.reading, rules, world.state, world.tactics, steps, world.courses, seed,
                  FIRST_STEP, least)  # fmt: skip
    return world.courses


def days_fought(days: np.ndarray) -> np.ndarray:
    """Days of battle, in the mean, in so many calendar days with fighting: the last may end with any of its steps."""
    return days - 0.5 + 0.5 / STEPS_PER_DAY


def length_likelihood(course: np.recarray) -> np.ndarray:
    """(row,) chance of an end on the day of the play that was the last in truth."""
    chain = LONG_OPERATIONS / LONGEST_DAYS
    return (1.0 - LONG_OPERATIONS) * course.weight + chain
