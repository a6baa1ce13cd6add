"""Playing a chunk: the same bits however it is cut, and laws that hold in every run."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from khingan.scenario.gazetteer import resolve
from khingan.simulation.play import play_chunk
from khingan.simulation.settings import DRAWN, Settings
from khingan.simulation.variables import VARIABLES
from khingan.world.compile import World, compile_world
from worlds import HOURS, far_east_world, same_bits, toy_scenario, toy_world

LOST = ("killed", "wounded", "captured", "deserted", "sick", "died")


def joined(chunks: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Chunks one after the other as one."""
    return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in VARIABLES}


@pytest.fixture(params=["toy", "far east"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    return toy_world(tmp_path) if request.param == "toy" else far_east_world()


def test_any_chunking_leaves_the_same_bits(world: World) -> None:
    whole = play_chunk(world, DRAWN, 7, 0, 6)
    cuts = [(0, 1), (1, 3), (4, 2)]
    assert same_bits(whole, joined([play_chunk(world, DRAWN, 7, first, count) for first, count in cuts]))


def test_two_threads_leave_the_same_bits_as_one(world: World) -> None:
    cuts = [(first, 2) for first in range(0, 8, 2)]
    alone = joined([play_chunk(world, DRAWN, 7, *cut) for cut in cuts])
    with ThreadPoolExecutor(2) as pool:
        together = joined(list(pool.map(lambda cut: play_chunk(world, DRAWN, 7, *cut), cuts)))
    assert same_bits(alone, together)


def test_another_seed_is_another_war(tmp_path: Path) -> None:
    world = toy_world(tmp_path)
    assert not same_bits(play_chunk(world, DRAWN, 7, 0, 2), play_chunk(world, DRAWN, 8, 0, 2))


def test_every_variable_has_its_type_and_no_number_but_an_hour_may_be_missing(world: World) -> None:
    """An hour is NaN for what never happened; a strength, loss or share that is NaN is a fault."""
    chunk = play_chunk(world, DRAWN, 7, 0, 2)
    assert set(chunk) == set(VARIABLES)
    for name, variable in VARIABLES.items():
        assert chunk[name].dtype == variable.dtype
        known = chunk[name][~np.isnan(chunk[name])] if name in HOURS else chunk[name]
        assert np.isfinite(known).all(), name
        assert name in ("place", "place_cell", "draw") or (known >= -1e-6).all(), name


def test_men_are_neither_made_nor_lost_without_a_name(world: World) -> None:
    """Of every army: the present and all who were lost are the same number on all days of a run."""
    chunk = {name: play_chunk(world, DRAWN, 7, 0, 3)[name].astype(float) for name in ("men", *LOST)}
    for army in range(len(world.names.armies)):
        own = world.muster.roster.army == army
        total = chunk["men"][:, :, own].sum(axis=2) + sum(chunk[name][:, :, army] for name in LOST)
        # float32 keeps seven digits.
        np.testing.assert_allclose(total, total[:, :1] * np.ones(total.shape[1]), rtol=1e-5, atol=0.01)


def test_tanks_run_are_out_of_action_or_lost(world: World) -> None:
    chunk = play_chunk(world, DRAWN, 7, 0, 3)
    for army in range(len(world.names.armies)):
        own = world.muster.roster.army == army
        total = chunk["tanks"][:, :, own].sum(axis=2, dtype=float) + chunk["tanks_lost"][:, :, army]
        total += chunk["tanks_out"][:, :, army]
        np.testing.assert_allclose(total, total[:, :1] * np.ones(total.shape[1]), rtol=1e-5, atol=0.01)


def test_what_is_lost_stays_lost(world: World) -> None:
    chunk = play_chunk(world, DRAWN, 7, 0, 3)
    for name in (*LOST, "tanks_lost", "tanks_repaired"):
        assert (np.diff(chunk[name], axis=1) >= -1e-3).all(), name


def test_what_the_control_side_held_at_the_start_has_hour_0(world: World) -> None:
    chunk = play_chunk(world, DRAWN, 7, 0, 2)
    own = world.arrays.land.owner == 0
    assert (chunk["first_control"][:, own] == 0).all()
    others = chunk["first_control"][:, ~own]
    assert (others[~np.isnan(others)] > 0).all()


@pytest.mark.parametrize("resolution", [5, 6])
@pytest.mark.parametrize("step_hours", [3, 6, 12])
def test_the_toy_plays_at_any_resolution_and_step(tmp_path: Path, resolution: int, step_hours: float) -> None:
    """52,000 against 8,000 along one road: most runs take the post, and as a rule before the town beyond it."""
    scenario = toy_scenario(tmp_path, corps=True, resolution=resolution, step_hours=step_hours, days=6)
    chunk = play_chunk(compile_world(scenario), DRAWN, 7, 0, 50)
    assert chunk["place"].shape[1] == 6 * 24 / step_hours
    found = {name: chunk["first_control"][:, resolve(scenario, name).cell] for name in ("Post", "Easton")}
    post, easton = (np.median(np.where(np.isnan(hours), np.inf, hours)) for hours in found.values())
    assert post < 6 * 24
    assert post < easton


def test_the_step_does_not_decide_the_day(tmp_path: Path) -> None:
    """Losses are exact in the step and hours are interpolated: 3 and 12 hours differ by less than one long step."""
    medians = []
    for step_hours in (3, 12):
        scenario = toy_scenario(tmp_path / str(step_hours), corps=True, resolution=6, step_hours=step_hours, days=6)
        chunk = play_chunk(compile_world(scenario), DRAWN, 7, 0, 100)
        post = chunk["first_control"][:, resolve(scenario, "Post").cell]
        medians.append(np.median(np.where(np.isnan(post), np.inf, post)))
    assert abs(medians[0] - medians[1]) < 12


def test_with_median_and_best_luck_alone_is_left(tmp_path: Path) -> None:
    world = toy_world(tmp_path)
    chunk = play_chunk(world, Settings("median", "best"), 7, 0, 20)
    # Who begins with what is the same in every run; how long orders take and battles go is not.
    assert np.ptp(chunk["draw"], axis=0).max() == 0
    assert np.ptp(chunk["killed"][:, -1].sum(axis=1)) > 0
    first_day = chunk["men"][:, 0].sum(axis=1) + sum(chunk[name][:, 0].sum(axis=1) for name in LOST)
    np.testing.assert_allclose(first_day, 10_000 + 600 + 8_000, rtol=1e-6)
