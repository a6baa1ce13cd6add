"""Why: an outcome shared among its causes, by playing every combination of them with the same luck."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from khingan.errors import KhinganError
from khingan.experiment.arm import CHUNK, Ground
from khingan.experiment.cells import Cells, default_folder, play_grid
from khingan.experiment.change import Change, Factor, Measure, Repertoire
from khingan.experiment.gauge import unit_of
from khingan.experiment.political import shares_of
from khingan.experiment.reply import ADAPTING, FROZEN, Replies, Reply, no_replies
from khingan.experiment.shapley import Causation, bootstrap, causation, interaction_weights, shapley_weights
from khingan.scenario.schema import Scenario
from khingan.simulation.politics import CALENDAR
from khingan.simulation.run import Progress, Stopped, quiet
from khingan.simulation.settings import DRAWN, Settings
from khingan.simulation.study import Study

MOST_FACTORS = 10
ROUNDING = 1e-12
WANTED_WIDTH = 0.05  # of the difference: the interval of the leading share that ends the growth of runs


@dataclass(frozen=True)
class Share:
    """A factor's part of the difference with its 95 % interval; `causation` for outcomes that happen or not."""

    factor: str
    share: float
    low: float
    high: float
    causation: Causation | None = None


@dataclass(frozen=True)
class Interaction:
    """What two factors do together beyond what each does alone, averaged over the others."""

    factors: tuple[str, str]
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Attribution:
    """`factual` has every factor as it was, `counterfactual` none; the shares add up to factual less counterfactual.

    `reached` says whether the leading share's interval became narrower than 5 % of the difference.
    """

    measure: str
    unit: str
    factual: float
    counterfactual: float
    difference: float
    runs: int
    reached: bool
    shares: tuple[Share, ...]
    interactions: tuple[Interaction, ...]
    politics: str = CALENDAR
    attacker: str = FROZEN
    replies: tuple[Reply, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The documented JSON object."""
        return {
            "measure": self.measure,
            "unit": self.unit,
            "factual": self.factual,
            "counterfactual": self.counterfactual,
            "difference": self.difference,
            "runs": self.runs,
            "reached": self.reached,
            "shares": [_share_dict(share) for share in self.shares],
            "interactions": [
                {"factors": list(pair.factors), "value": pair.value, "low": pair.low, "high": pair.high}
                for pair in self.interactions
            ],
            "politics": self.politics,
            "attacker": self.attacker,
            "replies": [{"off": list(reply.off), "option": reply.option} for reply in self.replies],
        }


def _share_dict(share: Share) -> dict[str, Any]:
    found = share.causation
    return {
        "factor": share.factor,
        "share": share.share,
        "low": share.low,
        "high": share.high,
        "necessity": list(found.necessity_bounds) if found else None,
        "sufficiency": list(found.sufficiency_bounds) if found else None,
        "both": list(found.both_bounds) if found else None,
    }


def attribute_values(
    names: Sequence[str], measure: str, unit: str, values: np.ndarray, seed: int = 0, politics: str = CALENDAR
) -> Attribution:
    """Shares from values (combination, run); bit i of a combination's number is set where factor i is as it was."""
    factors = len(names)
    phi = settled(shapley_weights(factors) @ values, values)
    low, high = bootstrap(phi, seed=seed)
    mean, difference = phi.mean(axis=1), float((values[-1] - values[0]).mean())
    chances = values.mean(axis=1)
    shares = [
        Share(
            factor=name,
            share=float(mean[i]),
            low=float(low[i]),
            high=float(high[i]),
            causation=causation(float(chances[-1]), float(chances[-1 - 2**i])) if is_yes_or_no(values) else None,
        )
        for i, name in enumerate(names)
    ]
    pairs, weights = interaction_weights(factors)
    joint = settled(weights @ values, values)
    below, above = bootstrap(joint, seed=seed) if pairs else (np.empty(0), np.empty(0))
    interactions = [
        Interaction((names[i], names[j]), float(joint[k].mean()), float(below[k]), float(above[k]))
        for k, (i, j) in enumerate(pairs)
    ]
    return Attribution(
        measure=measure,
        unit=unit,
        factual=float(chances[-1]),
        counterfactual=float(chances[0]),
        difference=difference,
        runs=values.shape[1],
        reached=leading_width(shares) <= WANTED_WIDTH * abs(difference),
        shares=tuple(shares),
        interactions=tuple(interactions),
        politics=politics,
    )


def settled(parts: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Parts with what is only rounding of the values set to zero, so that no interval seems to leave zero out."""
    return np.where(np.abs(parts) > ROUNDING * np.abs(values).max(initial=0.0), parts, 0.0)


def is_yes_or_no(values: np.ndarray) -> bool:
    """Whether the outcome happens or does not."""
    return bool(np.isin(values, (0.0, 1.0)).all())


def leading_width(shares: Sequence[Share]) -> float:
    """Width of the interval of the largest share."""
    leader = max(shares, key=lambda share: abs(share.share))
    return leader.high - leader.low


def grown(attributions: Sequence[Attribution], most: int) -> int:
    """Runs a combination after which every leading share should be narrow enough; grows at most fourfold at once."""
    needed = runs = attributions[0].runs
    for found in attributions:
        if not found.reached and found.difference:
            ratio = leading_width(found.shares) / (WANTED_WIDTH * abs(found.difference))
            needed = max(needed, ceil(runs * min(4.0, 1.1 * ratio**2)))
    return min(most, CHUNK * ceil(needed / CHUNK)) if needed > runs else runs


@dataclass(frozen=True)
class Question:
    """What is asked of a campaign: the factors, and the measures to be shared among them."""

    scenario: Scenario
    repertoire: Repertoire
    factors: tuple[Factor, ...]
    measures: tuple[Measure, ...]
    seed: int = 1945
    settings: Settings = DRAWN
    replies: Replies = field(default_factory=no_replies)
    off: tuple[tuple[Change, ...], ...] = field(init=False)

    def __post_init__(self) -> None:
        names = [factor.name for factor in self.factors]
        if not 1 <= len(names) <= MOST_FACTORS or len(set(names)) < len(names):
            what = f"{len(names)} factors, or one named twice"
            raise KhinganError("--factors", what, f"name 1 to {MOST_FACTORS} different factors")
        if not self.measures:
            raise KhinganError("--measure", "nothing is measured", "name a measure")
        object.__setattr__(self, "off", tuple(self.repertoire.chosen(factor.off) for factor in self.factors))

    def changes(self, cell: int) -> tuple[Change, ...]:
        """The changes of a combination: those of every factor that it lacks, each once."""
        lacking = (off for i, off in enumerate(self.off) if not cell >> i & 1)
        return tuple({change.name: change for off in lacking for change in off}.values())

    def is_answered(self, cell: int) -> bool:
        """Whether a factor is away that the attacker answers, where he may."""
        lacking = [factor for i, factor in enumerate(self.factors) if not cell >> i & 1]
        return len(self.replies.options) > 1 and any(factor.answered for factor in lacking)

    def answered(self, cell: int, option: int) -> tuple[Change, ...]:
        """The changes of a combination, and those of the attacker's answer to it."""
        reply = self.repertoire.chosen(self.replies.options[option].changes)
        return tuple({change.name: change for change in (*self.changes(cell), *reply)}.values())

    def identity(self) -> dict[str, Any]:
        """What makes two attributions the same."""
        study = Study.plan(self.scenario, 0, self.seed, self.settings)
        return {
            "campaign": study.campaign,
            "fingerprint": study.fingerprint,
            "code": study.code,
            "parameter_files": study.parameter_files,
            "seed": self.seed,
            "settings": self.settings.as_dict(),
            "factors": {
                factor.name: [change.model_dump(mode="json", exclude={"file", "line"}) for change in off]
                for factor, off in zip(self.factors, self.off, strict=True)
            },
            "measures": [measure.model_dump(mode="json", exclude={"file", "line"}) for measure in self.measures],
            **self.replies.identity(),
        }

    def default_folder(self) -> Path:
        """A new folder's name: campaign, seed and time (UTC)."""
        return default_folder("attribution", self.scenario.calendar.name, self.seed)


def attribute(
    question: Question,
    out: Path,
    least: int = 100,
    most: int = 1000,
    workers: int | None = None,
    progress: Progress = quiet,
) -> list[Attribution]:
    """Play every combination, and more runs of all until each leading share is known well enough, or `most`.

    What stands in `out` from an earlier call of the same question is not played again.
    """
    cells = Cells(out, question.identity())
    ground = Ground.of(question.scenario, question.settings, (*question.measures, *question.replies.measures))
    for option in range(len(question.replies.options)):
        ground.arm(question.answered(0, option))  # all changes at once: contradictions show before anything is played
    runs = min(least, most)
    shares_of(question.settings, runs)  # too few runs for the schools show now
    try:
        ground.warm(progress)
        while True:
            values, replies = play_cells(question, ground, cells, runs, workers, progress)
            found = shared(question, values, replies)
            more = grown([share for share in found if share.runs == runs], most)
            if more <= runs:
                return found
            runs = more
    except KeyboardInterrupt:
        raise Stopped(f"{out} | stopped: finished chunks are kept | repeat the command with --out {out}") from None


def shared(question: Question, values: np.ndarray, replies: tuple[Reply, ...] = ()) -> list[Attribution]:
    """The shares of every measure, and of every school in turn, from values (combination, run, measure)."""
    names = [factor.name for factor in question.factors]
    shares = shares_of(question.settings, values.shape[1])
    attacker = ADAPTING if question.replies.measures else FROZEN
    found = [
        attribute_values(names, measure.name, unit_of(measure), values[:, chosen, k], question.seed, politics)
        for k, measure in enumerate(question.measures)
        for politics, chosen in shares.items()
    ]
    return [replace(part, attacker=attacker, replies=replies) for part in found]


def play_cells(
    question: Question, ground: Ground, cells: Cells, runs: int, workers: int | None, progress: Progress
) -> tuple[np.ndarray, tuple[Reply, ...]]:
    """(combination, run, measure), and what the attacker answered where he adapts."""
    count = len(question.replies.options)
    entries = [
        cell * count + option
        for cell in range(2 ** len(question.factors))
        for option in (range(count) if question.is_answered(cell) else (question.replies.historical,))
    ]
    found = play_grid(
        ground, cells, lambda entry: question.answered(*divmod(entry, count)), entries, runs, question.seed, workers,
        progress,
    )  # fmt: skip
    played = {divmod(entry, count): values for entry, values in zip(entries, found, strict=True)}
    best, replies = [], []
    for cell in range(2 ** len(question.factors)):
        option = question.replies.best({k: values for (of, k), values in played.items() if of == cell})
        best.append(played[cell, option][:, : len(question.measures)])
        if question.is_answered(cell):
            lacking = tuple(factor.name for i, factor in enumerate(question.factors) if not cell >> i & 1)
            replies.append(Reply(lacking, question.replies.options[option].name))
    return np.stack(best), tuple(replies)
