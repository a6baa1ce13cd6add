"""A whole campaign: the same bits, luck that is shared, and steps and meshes of other sizes."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import toy
from khingan.scenario.read import load
from khingan.simulation.play import play_chunk
from khingan.simulation.settings import Settings
from khingan.world.compile import compile_world

MEDIAN = Settings(parameters="median", claims="best")


def same(first: dict[str, np.ndarray], second: dict[str, np.ndarray], but: tuple[str, ...] = ()) -> bool:
    return all(np.array_equal(first[name], second[name], equal_nan=True) for name in first if name not in but)


def part(chunk: dict[str, np.ndarray], runs: slice) -> dict[str, np.ndarray]:
    return {name: values[runs] for name, values in chunk.items()}


def test_identical_arms_differ_by_nothing(toy_world):
    # T35.
    assert same(play_chunk(toy_world, Settings(), 7, 0, 6), play_chunk(toy_world, Settings(), 7, 0, 6))


def test_neither_order_nor_chunks_nor_threads_change_a_bit(toy_world):
    # T36.
    whole = play_chunk(toy_world, Settings(), 7, 0, 9)
    assert same(play_chunk(toy_world, Settings(), 7, 6, 3), part(whole, slice(6, 9)))
    with ThreadPoolExecutor(3) as pool:
        singles = list(pool.map(lambda n: play_chunk(toy_world, Settings(), 7, n, 1), [8, 2, 5, 0]))
    for number, single in zip([8, 2, 5, 0], singles, strict=True):
        assert same(single, part(whole, slice(number, number + 1)))


def test_pinning_one_parameter_leaves_all_other_draws(toy_world):
    # T35: the others keep their values, and what it does not touch keeps its luck.
    free = play_chunk(toy_world, Settings(), 7, 0, 20)
    pinned = play_chunk(toy_world, Settings(pinned={"combat.tank_losses": 1.0}), 7, 0, 20)
    column = toy_world.names.parameters.index("combat.tank_losses")
    assert (pinned["draw"][:, column] == 1.0).all()
    assert np.array_equal(np.delete(pinned["draw"], column, 1), np.delete(free["draw"], column, 1))
    assert np.array_equal(pinned["wet_share"], free["wet_share"])
    assert np.array_equal(pinned["order_arrival"], free["order_arrival"], equal_nan=True)


def test_a_parameter_that_nothing_meets_changes_nothing(toy_world):
    # No aircraft carry fuel in the toy and nobody crosses a pass.
    free = play_chunk(toy_world, Settings(), 7, 0, 10)
    pinned = play_chunk(toy_world, Settings(pinned={"movement.pass_pace": 0.9}), 7, 0, 10)
    assert same(free, pinned, but=("draw",))


def test_runs_and_seeds_differ(toy_world):
    chunk = play_chunk(toy_world, MEDIAN, 7, 0, 2)
    assert not same(part(chunk, slice(0, 1)), part(chunk, slice(1, 2)))
    assert not same(chunk, play_chunk(toy_world, MEDIAN, 8, 0, 2))


@pytest.mark.parametrize(("resolution", "step_hours"), [(5, 3), (5, 12), (4, 6), (6, 6)])
def test_the_toy_plays_at_other_steps_and_meshes(tmp_path, resolution, step_hours):
    folder = toy.write_toy_campaign(tmp_path / "toy", resolution=resolution, step_hours=step_hours)
    chunk = play_chunk(compile_world(load(folder)), MEDIAN, 7, 0, 20)
    assert (chunk["men"][:, -1] >= 0).all()
    # The border garrison's cell or its neighbours fall in some run whatever the mesh: the division does attack.
    first = chunk["first_control"]
    assert (first > 0).any()
    assert chunk["killed"][:, -1].sum() > 0


def test_losses_hardly_hang_on_the_step(tmp_path):
    # T37 in small: 60 runs each at 6 and 3 hours; the spread of a run is about its mean.
    lost = []
    for step_hours in (6, 3):
        folder = toy.write_toy_campaign(tmp_path / f"{step_hours}", step_hours=step_hours)
        chunk = play_chunk(compile_world(load(folder)), MEDIAN, 7, 0, 200)
        lost.append((chunk["killed"] + chunk["wounded"])[:, -1].sum(axis=1))
    error = np.hypot(*(values.std() / np.sqrt(len(values)) for values in lost))
    assert abs(lost[0].mean() - lost[1].mean()) < 0.1 * lost[1].mean() + 3 * error


PLAIN = """
import sys
import numpy as np
from khingan.scenario.read import load
from khingan.simulation.play import play_chunk
from khingan.simulation.settings import Settings
from khingan.world.compile import compile_world

np.savez(sys.argv[2], **play_chunk(compile_world(load(sys.argv[1])), Settings(), 7, 3, 1))
"""


def test_plain_python_plays_the_same_first_day(tmp_path):
    # Compiled and plain arithmetic may differ in the last bit of exp and log, no more.
    folder = toy.write_toy_campaign(tmp_path / "toy", days=3)
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    command = [sys.executable, "-c", PLAIN, str(folder), str(tmp_path / "plain.npz")]
    subprocess.run(command, env=environment, check=True, timeout=120)
    compiled = play_chunk(compile_world(load(folder)), Settings(), 7, 3, 1)
    with np.load(tmp_path / "plain.npz") as plain:
        assert np.array_equal(plain["place"][0, :4], compiled["place"][0, :4])
        for name in ("men", "tanks", "fuel", "killed", "wounded", "wet_share"):
            assert np.allclose(plain[name][0, 0], compiled[name][0, 0], rtol=1e-5, atol=1e-5), name
    assert Path(folder).is_dir()
