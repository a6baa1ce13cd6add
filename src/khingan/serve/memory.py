"""The runs of the campaign as it was, remembered between questions: with the same luck they are the same runs."""

from collections import OrderedDict
from dataclasses import dataclass, field

import numpy as np

from khingan.experiment.arm import Arm

MOST_KEPT = 4  # settings, seeds and choices of measures together


@dataclass(frozen=True)
class Remembered(Arm):
    """An arm that plays no run twice; `known` holds the measures of every run played before."""

    known: dict[int, np.ndarray] = field(default_factory=dict)

    def play(self, seed: int, first_run: int, count: int) -> np.ndarray:
        """(run, measure) as the arm itself would play them; a part that is not known whole is played."""
        runs = range(first_run, first_run + count)
        if not all(run in self.known for run in runs):
            self.known.update(zip(runs, super().play(seed, first_run, count), strict=True))
        return np.array([self.known[run] for run in runs])


class Memory:
    """Of a few ways to ask, the runs of the campaign as it was."""

    def __init__(self) -> None:
        self.kept: OrderedDict[str, dict[int, np.ndarray]] = OrderedDict()

    def of(self, arm: Arm, identity: str) -> Remembered:
        """The arm with what was played of it before; `identity` names all that its values rest on."""
        known = self.kept.setdefault(identity, {})
        self.kept.move_to_end(identity)
        while len(self.kept) > MOST_KEPT:
            self.kept.popitem(last=False)
        return Remembered(arm.settings, arm.world, arm.gauges, arm.later_h, known)
