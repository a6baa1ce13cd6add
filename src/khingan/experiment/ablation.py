"""What each mechanism is worth: every switch alone against the campaign as it is, with the same luck."""

from collections.abc import Sequence

import numpy as np

from khingan.experiment.arm import Ground, play_arms
from khingan.experiment.change import Change, Measure
from khingan.experiment.effect import Effect, effect
from khingan.experiment.gauge import unit_of
from khingan.scenario.schema import Scenario
from khingan.simulation.run import Progress, quiet
from khingan.simulation.settings import DRAWN, Settings


def ablate(
    scenario: Scenario,
    switches: Sequence[Change],
    measures: Sequence[Measure],
    runs: int = 200,
    seed: int = 1945,
    settings: Settings = DRAWN,
    workers: int | None = None,
    progress: Progress = quiet,
) -> dict[str, list[Effect]]:
    """The effect of each switch on every measure; the campaign as it is is played once for all of them."""
    ground = Ground.of(scenario, settings, measures)
    ground.warm(progress)
    arms = [ground.arm(()), *(ground.arm((switch,)) for switch in switches)]
    values = play_arms(arms, runs, seed, workers, progress)
    return {switch.name: _effects(measures, values[0], values[k]) for k, switch in enumerate(switches, start=1)}


def _effects(measures: Sequence[Measure], factual: np.ndarray, counterfactual: np.ndarray) -> list[Effect]:
    return [
        effect(measure.name, unit_of(measure), factual[:, k], counterfactual[:, k])
        for k, measure in enumerate(measures)
    ]
