"""Convergence: what a shorter step and a finer mesh change on the toy (T37 and T38 of the known answers)."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import toy
from khingan.scenario.read import load
from khingan.simulation import play
from khingan.simulation.settings import Settings
from khingan.world.compile import World, compile_world
from toy_front import gained, write_front

# Numbers of the parameter files, not of a posterior that may be shipped: the law must hold whatever is fitted.
MEDIAN = Settings(parameters="median", claims="best")
RUNS = 4000


def toy_world(folder: Path, step_hours: float = 6, resolution: int = 5) -> World:
    name = f"{resolution}-{step_hours}"
    return unfitted(toy.write_toy_campaign(folder / name, resolution=resolution, step_hours=step_hours))


def unfitted(campaign: Path) -> World:
    """A campaign without a posterior."""
    return replace(compile_world(load(campaign)), posterior=None)


def mean_losses(world: World) -> tuple[float, float]:
    """(mean, standard error) of killed and wounded on both sides by the end."""
    chunk = play.play_chunk(world, MEDIAN, 7, 0, RUNS)
    lost = (chunk["killed"] + chunk["wounded"])[:, -1].sum(axis=1)
    return float(lost.mean()), float(lost.std() / np.sqrt(RUNS))


@pytest.mark.parametrize(("whole", "half"), [(6, 3), (3, 1.5)])
def test_losses_converge_when_the_step_is_halved(tmp_path, whole, half):
    # T37: less than 3 %, and for chance two standard errors of the difference of means of 4,000 runs (3 %).
    (first, error_a), (second, error_b) = (mean_losses(toy_world(tmp_path, step)) for step in (whole, half))
    assert abs(first - second) < 0.03 * second + 2 * np.hypot(error_a, error_b)


@pytest.fixture(scope="module")
def two_meshes(tmp_path_factory) -> dict[tuple[int, bool], np.ndarray]:
    """(losses of the first day, of three, km2 gained in three) on the same front, 60,000 men against 40,000.

    By (resolution, True when all attack straight ahead, False when they may go round).
    """
    found = {}
    for resolution in (5, 6):
        folder = tmp_path_factory.mktemp("front") / "toy"
        world = unfitted(write_front(folder, resolution, 3, 60_000, 40_000))
        for ahead in (True, False):
            settings = replace(MEDIAN, pinned={"movement.assault_h": 0.0} if ahead else {})
            found[resolution, ahead] = three_days(world, settings)
    return found


def three_days(world: World, settings: Settings) -> np.ndarray:
    """Means over 500 runs, known to about 2 %, of men killed and wounded and of km2 gained."""
    gains: list[float] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(play, "play_campaign", lambda *given: gains.append(gained(*given)))
        chunk = play.play_chunk(world, settings, 7, 0, 500)
    lost = (chunk["killed"] + chunk["wounded"]).sum(axis=2).mean(axis=0)
    return np.array([lost[0], lost[2], np.mean(gains)])


def test_a_finer_mesh_costs_and_gains_the_same_where_all_attack(two_meshes):
    # T38: a cell's area falls to a seventh, its sides to 0.38, and as many men are in battle as long.
    assert two_meshes[6, True] == pytest.approx(two_meshes[5, True], rel=0.1)


def test_a_finer_mesh_costs_the_same_where_they_may_go_round(two_meshes):
    # T38, losses, under the shipped choice of the way: who stands beside the road is passed by on neither mesh.
    assert two_meshes[6, False][:2] == pytest.approx(two_meshes[5, False][:2], rel=0.1)
