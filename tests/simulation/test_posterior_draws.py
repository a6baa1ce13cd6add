"""The shipped posterior: joint rows by seed and run, and nothing else moves."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from khingan.errors import KhinganError
from khingan.evidence.posterior import DRAWS, SAID, Posterior, read_posterior
from khingan.simulation.draws import draw_parameters
from khingan.simulation.settings import Settings
from khingan.world.compile import World
from worlds import toy_world

NAMES = ("combat.tank_losses", "movement.pace")
# Ten rows in which the second number tells the first.
ROWS = np.column_stack([np.arange(1.0, 11.0), np.arange(1.0, 11.0) / 10])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = toy_world(tmp_path_factory.mktemp("posterior"))
    return replace(made, posterior=Posterior(NAMES, ROWS, {}))


def columns(world: World) -> list[int]:
    return [world.names.number("parameters", name) for name in NAMES]


def drawn(world: World, settings: Settings, first: int = 0, count: int = 300) -> np.ndarray:
    return draw_parameters(world, settings, 7, first, count)


def test_fitted_parameters_come_from_one_row_a_run(world: World) -> None:
    both = drawn(world, Settings("posterior"))[:, columns(world)]
    np.testing.assert_allclose(both[:, 0], 10 * both[:, 1])
    # 300 draws of ten rows: 30 each, four standard errors are 21.
    assert np.abs(np.bincount(both[:, 0].astype(int))[1:] - 30).max() < 21


def test_a_posterior_moves_no_other_parameter(world: World) -> None:
    others = np.delete(drawn(world, Settings("posterior")), columns(world), axis=1)
    np.testing.assert_array_equal(others, np.delete(drawn(world, Settings("prior")), columns(world), axis=1))


def test_a_run_has_its_row_in_any_chunk(world: World) -> None:
    whole = drawn(world, Settings("posterior"))
    np.testing.assert_array_equal(whole[40:60], drawn(world, Settings("posterior"), 40, 20))


def test_a_pin_goes_before_the_posterior_and_its_row_stays(world: World) -> None:
    pinned = drawn(world, Settings("posterior", pinned={"movement.pace": 2.0}))
    free = drawn(world, Settings("posterior"))
    assert set(pinned[:, columns(world)[1]]) == {2.0}
    np.testing.assert_array_equal(pinned[:, columns(world)[0]], free[:, columns(world)[0]])


def test_the_median_is_that_of_the_posterior_where_one_is_shipped(world: World) -> None:
    middle = drawn(world, Settings("median"), count=2)
    np.testing.assert_allclose(middle[:, columns(world)], [[5.5, 0.55]] * 2)
    assert np.ptp(middle, axis=0).max() == 0


def test_without_a_posterior_it_cannot_be_asked_for(world: World) -> None:
    bare = replace(world, posterior=None)
    with pytest.raises(KhinganError, match="no posterior is shipped"):
        drawn(bare, Settings("posterior"))
    pace = world.parameters["movement.pace"].value
    assert set(drawn(bare, Settings("median"))[:, columns(world)[1]]) == {pace}


def put(folder: Path, fingerprint: str | None = None) -> None:
    pq.write_table(pa.table({name: ROWS[:, k] for k, name in enumerate(NAMES)}), folder / DRAWS)
    found = fingerprint or sha256((folder / DRAWS).read_bytes()).hexdigest()
    (folder / SAID).write_text(f'campaign: toy\nsha256: "{found}"\n', encoding="utf-8")


def test_a_shipped_posterior_is_read_whole(tmp_path: Path) -> None:
    assert read_posterior(tmp_path) is None
    put(tmp_path)
    read_posterior.cache_clear()
    found = read_posterior(tmp_path)
    assert found is not None
    assert found.names == NAMES
    np.testing.assert_array_equal(found.values, ROWS)


def test_draws_that_are_not_those_described_are_refused(tmp_path: Path) -> None:
    put(tmp_path, "0" * 64)
    with pytest.raises(KhinganError, match=r"other draws than posterior\.yaml speaks of"):
        read_posterior(tmp_path)


def test_lost_draws_are_told(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / DRAWS).unlink()
    with pytest.raises(KhinganError, match=r"posterior\.parquet .* ship both files again"):
        read_posterior(tmp_path)
