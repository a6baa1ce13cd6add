"""What if: the campaign as it was and under changes, played with the same luck."""

from collections.abc import Sequence

from khingan.experiment.arm import Ground, play_arms
from khingan.experiment.change import Change, Measure
from khingan.experiment.effect import Effect, effect
from khingan.experiment.gauge import unit_of
from khingan.experiment.political import shares_of
from khingan.scenario.schema import Scenario
from khingan.simulation.run import Progress, quiet
from khingan.simulation.settings import DRAWN, Settings


def what_if(
    scenario: Scenario,
    changes: Sequence[Change],
    measures: Sequence[Measure],
    runs: int = 200,
    seed: int = 1945,
    settings: Settings = DRAWN,
    workers: int | None = None,
    progress: Progress = quiet,
) -> list[Effect]:
    """The effect of all changes together on each measure; without changes exactly zero.

    Where the schools of the war's end take turns, each is told apart, and their plain mean behind them. Plans
    stay as they are unless a change rewrites them: nobody on the map foresees the change (a reflex effect).
    """
    ground = Ground.of(scenario, settings, measures)
    arms = [ground.arm(()), ground.arm(changes)]
    ground.warm(progress)
    shares = shares_of(settings, runs)
    values = play_arms(arms, runs, seed, workers, progress)
    return [
        effect(measure.name, unit_of(measure), values[0, chosen, k], values[1, chosen, k], politics)
        for k, measure in enumerate(measures)
        for politics, chosen in shares.items()
    ]
