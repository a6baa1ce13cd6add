"""The frozen war that `make bench` plays: it must still play, and be the same war as its twin in C."""

import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
import drill


def test_the_drill_is_the_same_to_the_last_bit_in_c():
    ground = drill.lay_out()
    room, told = drill.room_for(ground)
    other_room, other = drill.room_for(ground)
    with tempfile.TemporaryDirectory() as folder:
        play = drill.build_twin(folder)
        if play is None:
            pytest.skip("no C compiler here")
        twin = drill.twin_player(play, ground, other_room, other)

        def numba(run: int) -> None:
            drill.kernels.play(ground, room, told, drill.SEED, run, drill.STEPS)

        assert all(drill.same_bits(numba, twin, told, other, run) for run in range(3))
    assert told.men[-1].sum() < ground.men.sum()
    assert told.held[-1] > (ground.owner == 0).sum()
