"""The campaign as it was is played once for all questions about it, and what is remembered is what was played."""

from typing import Any

import numpy as np

from khingan.experiment.arm import Arm
from khingan.serve.memory import MOST_KEPT, Memory


def counting(monkeypatch: Any) -> list[tuple[int, int]]:
    """Arms whose runs measure their own number, and a list of what was played."""
    played: list[tuple[int, int]] = []

    def play(_: Any, __: int, first: int, count: int) -> np.ndarray:
        played.append((first, count))
        return np.arange(first, first + count, dtype=float)[:, None]

    monkeypatch.setattr(Arm, "play", play)
    return played


ARM: Any = Arm(None, None, ())  # type: ignore[arg-type]


def test_a_run_is_played_once(monkeypatch: Any) -> None:
    """The second question finds the first ten and plays the rest alone; the values are those of the runs."""
    played, memory = counting(monkeypatch), Memory()
    memory.of(ARM, "as it was").play(1945, 0, 10)
    again = memory.of(ARM, "as it was")
    assert [again.play(1945, first, 10)[:, 0].tolist() for first in (0, 10)] == [[*range(10)], [*range(10, 20)]]
    assert played == [(0, 10), (10, 10)]


def test_other_settings_are_other_runs_and_few_are_kept(monkeypatch: Any) -> None:
    played, memory = counting(monkeypatch), Memory()
    for name in ("first", *map(str, range(MOST_KEPT)), "first"):
        memory.of(ARM, name).play(1945, 0, 1)
    assert len(played) == MOST_KEPT + 2
