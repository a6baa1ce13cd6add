"""Engagements played many times by the engine: forecasts of winner, losses and advance, and what a fit learns from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

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
    advance: np.ndarray  # km a day, the middle play

    def casualties(self, rows: Sequence[Row]) -> np.ndarray:
        """(row, 2) casualties in men."""
        men = [(row.engagement.attacker.men, row.engagement.defender.men) for row in rows]
        return np.exp(self.ln_loss) * np.array(men)


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


def forecast(
    rows: Sequence[Row], values: Mapping[str, float], quality: Mapping[str, float], plays: int = 400, seed: int = 1945
) -> Forecasts:
    """Play every row `plays` times to its end, and as often for its known days."""
    world, rules = world_of(rows, values), engagement_rules(values, read_tables(read_parameters()))
    world.set_quality(log_quality([row.engagement for row in rows], quality))
    won, lost = np.zeros(len(rows)), np.zeros(len(rows))
    speed = np.empty((plays, len(rows)))
    for play in range(plays):
        play_to_the_end(world.arrays, world.reading, rules, world.state, world.tactics, world.outcomes,
                        luck_number(seed, play), FIRST_STEP, MOST_STEPS)  # fmt: skip
        won += world.outcomes.winner == ATTACKER
        lost += world.outcomes.winner == DEFENDER
        speed[play] = world.outcomes.advance_km / world.outcomes.days
    # One play more on either side: no chance is quite 0 or 1.
    win = (won + 0.5) / (won + lost + 1.0)
    ln_loss = _losses(rows, world, rules, plays, seed)
    ln_loss[:, 1] += win * np.log(values["engagements.beaten_losses"])
    return Forecasts(win, ln_loss, np.median(speed, axis=0))


def luck_number(seed: int, play: int) -> int:
    """The seed of one play."""
    return seed * 1_000_000 + play


def _losses(rows: Sequence[Row], world: EngagementWorld, rules: object, plays: int, seed: int) -> np.ndarray:
    """Mean logarithm of the loss, each play weighted by how likely it was to last as long as it did."""
    days = known_days(rows)
    total, weights = np.zeros((len(rows), 2)), np.zeros(len(rows))
    for play in range(plays):
        course = play_days(world, rules, days, luck_number(seed, play), least=0)
        weight = length_likelihood(course)
        total += weight[:, None] * np.log(np.maximum(course.loss, SMALLEST_LOSS))
        weights += weight
    return total / weights[:, None] + carried_on(days)[:, None]


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


def length_likelihood(course: np.recarray) -> np.ndarray:
    """(row,) chance of an end on the day of the play that was the last in truth."""
    chain = LONG_OPERATIONS / LONGEST_DAYS
    return (1.0 - LONG_OPERATIONS) * course.weight + chain
