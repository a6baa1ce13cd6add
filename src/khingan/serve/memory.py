"""The runs that were played, remembered between questions: with the same luck they are the same runs."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from khingan.experiment.arm import Arm

MOST_RUNS = 200_000  # of all arms together, some hundred bytes each
AHEAD = 5  # runs played at a stretch while nobody asks: as long may a question have to wait


@dataclass(frozen=True)
class Remembered(Arm):
    """An arm that plays no run twice.

    `known` holds every measure of the runs played before; `columns` are the numbers of those asked for.
    """

    known: dict[int, np.ndarray] = field(default_factory=dict)
    columns: Sequence[int] = ()

    def play(self, seed: int, first_run: int, count: int) -> np.ndarray:
        """(run, measure asked for) as the arm itself would play them; only what is not known is played."""
        runs = range(first_run, first_run + count)
        lacking = [run for run in runs if run not in self.known]
        if lacking:
            first, last = lacking[0], lacking[-1]
            self.known.update(zip(range(first, last + 1), super().play(seed, first, last + 1 - first), strict=True))
        return np.array([self.known[run] for run in runs])[:, list(self.columns)]


class Memory:
    """Of the arms asked for last, the runs that were played; the one asked for longest ago is forgotten first."""

    def __init__(self) -> None:
        self.kept: OrderedDict[str, dict[int, np.ndarray]] = OrderedDict()

    def of(self, arm: Arm, identity: str, columns: Sequence[int]) -> Remembered:
        """The arm with what was played of it before; `identity` names all that its values rest on."""
        known = self.kept.setdefault(identity, {})
        self.kept.move_to_end(identity)
        self.forget()
        return Remembered(arm.settings, arm.world, arm.gauges, arm.later_h, known, columns)

    def forget(self) -> None:
        """Keep no more than is bounded; the arm asked for last stays in any case."""
        held = sum(map(len, self.kept.values()))
        while held > MOST_RUNS and len(self.kept) > 1:
            held -= len(self.kept.popitem(last=False)[1])
