"""The campaign as it was is played once for all questions about it, and what is remembered is what was played."""

from typing import Any

import numpy as np

from khingan.experiment.arm import Arm
from khingan.serve import memory as remembering
from khingan.serve.memory import Memory


def counting(monkeypatch: Any, measures: int = 1) -> list[tuple[int, int]]:
    """Arms whose runs measure their own number (and a hundred more each), and a list of what was played."""
    played: list[tuple[int, int]] = []

    def play(_: Any, __: int, first: int, count: int) -> np.ndarray:
        played.append((first, count))
        return np.arange(first, first + count, dtype=float)[:, None] + 100.0 * np.arange(measures)

    monkeypatch.setattr(Arm, "play", play)
    return played


ARM: Any = Arm(None, None, ())  # type: ignore[arg-type]


def test_a_run_is_played_once(monkeypatch: Any) -> None:
    """The second question finds the first ten and plays the rest alone; the values are those of the runs."""
    played, memory = counting(monkeypatch), Memory()
    memory.of(ARM, "as it was", (0,)).play(1945, 0, 10)
    again = memory.of(ARM, "as it was", (0,))
    assert again.play(1945, 5, 15)[:, 0].tolist() == [*range(5, 20)]
    assert played == [(0, 10), (10, 10)]


def test_another_choice_of_measures_finds_the_same_runs(monkeypatch: Any) -> None:
    """Every measure of the repertoire is kept; a question takes its own, in its own order."""
    played, memory = counting(monkeypatch, measures=3), Memory()
    memory.of(ARM, "as it was", (0,)).play(1945, 0, 2)
    assert memory.of(ARM, "as it was", (2, 0)).play(1945, 0, 2).tolist() == [[200.0, 0.0], [201.0, 1.0]]
    assert played == [(0, 2)]


def test_what_was_asked_for_longest_ago_is_forgotten_first(monkeypatch: Any) -> None:
    """Room for three runs: the first arm has to go when the third is asked for, the second has not."""
    monkeypatch.setattr(remembering, "MOST_RUNS", 3)
    played, memory = counting(monkeypatch), Memory()
    for name in ("first", "second", "third", "second", "first"):
        memory.of(ARM, name, (0,)).play(1945, 0, 2)
    assert len(played) == 4


def test_what_was_kept_is_known_to_the_next_server_unless_it_rests_on_something_else(tmp_path: Any) -> None:
    """Values and ground of every run come back; another identity, a damaged file and none are as nothing."""
    arm, kept = Memory().of(ARM, "as it was", (0,), days=3), tmp_path / "kept.npz"
    arm.known.update({run: np.array([run, 0.5]) for run in (0, 1, 2)})
    arm.ground.update({0: b"abc", 1: b"", 2: b"de"})
    arm.keep(kept, "one")
    for identity, runs in (("one", 3), ("another", 0)):
        next_one = Memory().of(ARM, "as it was", (0,), days=3)
        next_one.recall(kept, identity)
        assert len(next_one.known) == runs
        assert next_one.ground == (arm.ground if runs else {})
        assert all((next_one.known[run] == arm.known[run]).all() for run in next_one.known)
    for damaged in (b"damaged", b"", kept.read_bytes()[:-200]):
        kept.write_bytes(damaged)
        Memory().of(ARM, "as it was", (0,), days=3).recall(kept, "one")
    arm.recall(tmp_path / "none", "one")
