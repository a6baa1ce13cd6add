"""Answers to a campaign's questions: ranges over runs, and changes ranked by what they do, all with shared luck."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from khingan.experiment.arm import Ground, play_arms
from khingan.experiment.change import Measure, Repertoire
from khingan.experiment.effect import Effect, effect
from khingan.experiment.gauge import unit_of
from khingan.experiment.question import Question
from khingan.experiment.window import quantiles, window
from khingan.scenario.schema import Scenario
from khingan.simulation.run import Progress, quiet
from khingan.simulation.settings import DRAWN

GRADE = "C"  # of every answer: the model's word, which no outcome can check


@dataclass(frozen=True)
class Beside:
    """Changes laid beside the plan: their effect on each measure, and the share of runs that come out as wanted."""

    changes: tuple[str, ...]
    effects: tuple[Effect, ...]
    success: float | None

    def as_dict(self) -> dict[str, Any]:
        """The documented JSON object."""
        effects = [found.as_dict() for found in self.effects]
        return {"changes": list(self.changes), "effects": effects, "success": self.success}


@dataclass(frozen=True)
class Answer:
    """What the model says to one question."""

    question: Question
    window: dict[str, Any] | None
    measures: tuple[Measure, ...]
    values: np.ndarray  # (run, measure) of the plan as it stands
    success: float | None
    beside: tuple[Beside, ...]
    runs: int
    seed: int

    def as_dict(self) -> dict[str, Any]:
        """The documented JSON object."""
        wanted = self.question.wanted
        return {
            "question": self.question.name,
            "asks": self.question.asks,
            "note": self.question.note,
            "grade": GRADE,
            "runs": self.runs,
            "seed": self.seed,
            "window": self.window,
            "measures": [
                {"measure": measure.name, "what": measure.what, "unit": unit_of(measure),
                 "mean": float(self.values[:, k].mean())} | quantiles(self.values[:, k])
                for k, measure in enumerate(self.measures)
            ],
            "wanted": wanted and wanted.model_dump() | {"success": self.success},
            "changes": [found.as_dict() for found in self.beside],
        }  # fmt: skip


def answer(
    scenario: Scenario, repertoire: Repertoire, questions: Sequence[Question], runs: int = 200, seed: int = 1945,
    workers: int | None = None, progress: Progress = quiet,
) -> list[Answer]:  # fmt: skip
    """Answer several questions; what they ask in common is played once. Nobody on the map foresees a change."""
    measures = repertoire.measured(dict.fromkeys(name for question in questions for name in question.measures))
    combinations = dict.fromkeys(found for question in questions for found in question.combinations())
    values = np.zeros((1, runs, 0))
    number: dict[tuple[str, ...], int] = {(): 0}
    if any(question.measures for question in questions):
        ground = Ground.of(scenario, DRAWN, measures)
        arms = [ground.arm(repertoire.chosen(names)) for names in ((), *combinations)]
        number |= {names: place for place, names in enumerate(combinations, 1)}
        ground.warm(progress)
        values = play_arms(arms, runs, seed, workers, progress)
    return [_answer(scenario, question, measures, values, number, runs, seed) for question in questions]


def _answer(
    scenario: Scenario, question: Question, measures: Sequence[Measure], values: np.ndarray,
    number: dict[tuple[str, ...], int], runs: int, seed: int,
) -> Answer:  # fmt: skip
    """One question from the values (arm, run, measure) of all that was played."""
    asked = [[measure.name for measure in measures].index(name) for name in question.measures]
    own = values[:, :, asked]
    named = tuple(measures[k] for k in asked)
    beside = [
        Beside(
            names,
            tuple(
                effect(measure.name, unit_of(measure), own[0, :, k], own[number[names], :, k])
                for k, measure in enumerate(named)
            ),
            success(question, own[number[names]]),
        )
        for names in question.combinations()
    ]
    beside.sort(key=lambda found: found.effects[0].difference * (1 if question.worst_first else -1))
    asks_days = question.assembly or question.season or question.levels
    days = window(scenario, question, runs, seed).as_dict() if asks_days else None
    return Answer(question, days, named, own[0], success(question, own[0]), tuple(beside), runs, seed)


def success(question: Question, values: np.ndarray) -> float | None:
    """The share of runs (run, measure) in which the wanted measure keeps its bound."""
    if question.wanted is None:
        return None
    column = question.measures.index(question.wanted.measure)
    return float((values[:, column] >= question.wanted.at_least).mean())
