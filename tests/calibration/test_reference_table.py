"""The reference table on disk: chunks land whole, a stop loses one, a folder belongs to one table."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import toy_study
from khingan.calibration.campaign_measures import Measures
from khingan.calibration.reference_table import ReferenceTable, fill
from khingan.errors import KhinganError
from khingan.simulation import run as simulation
from khingan.simulation.run import Stopped

MEASURES = Measures((), (), (), (), lambda chunk: chunk["first_control"][:, :2].astype(float))


def played(toy: SimpleNamespace, folder: Path, runs: int, seed: int = 5) -> np.ndarray:
    table = ReferenceTable(folder / "table", {"seed": seed})
    return fill(table, toy, toy_study.world(), MEASURES, runs, seed, workers=1)


def stop_after(monkeypatch: pytest.MonkeyPatch, chunks: int) -> None:
    """Ctrl-C when some chunks have been played."""
    count = []

    def play(world, settings, seed, first_run, number):
        count.append(first_run)
        if len(count) > chunks + 1:  # the first plays one run to compile
            raise KeyboardInterrupt
        return toy_study.play_chunk(world, settings, seed, first_run, number)

    monkeypatch.setattr(simulation, "play_chunk", play)


def test_every_run_is_a_row(toy, tmp_path):
    rows = played(toy, tmp_path, 120)
    assert rows[:, 1].tolist() == [toy_study.hour(5, run) for run in range(120)]


def test_a_stopped_table_goes_on_where_it_stopped(toy, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        stop_after(patch, 2)
        with pytest.raises(Stopped, match=f"repeat the command with --out {tmp_path}"):
            played(toy, tmp_path / "a", 200)
    assert 0 < len(list((tmp_path / "a" / "table").glob("*.npy"))) < 4
    np.testing.assert_array_equal(played(toy, tmp_path / "a", 200), played(toy, tmp_path / "b", 200))


def test_a_longer_table_keeps_the_rows_it_has(toy, tmp_path, monkeypatch):
    short = played(toy, tmp_path, 100)
    monkeypatch.setattr(simulation, "play_chunk", None)
    np.testing.assert_array_equal(played(toy, tmp_path, 70), short[:70])


def test_a_half_written_chunk_does_not_count(toy, tmp_path):
    played(toy, tmp_path, 50)
    (tmp_path / "table" / "runs-0000050.partial").write_bytes(b"torn")
    assert len(played(toy, tmp_path, 100)) == 100


def test_a_folder_belongs_to_one_table(toy, tmp_path):
    played(toy, tmp_path, 50)
    with pytest.raises(KhinganError, match="holds another table: seed differ"):
        played(toy, tmp_path, 50, seed=6)


def test_a_foreign_folder_is_refused(toy, tmp_path):
    (tmp_path / "table").mkdir()
    (tmp_path / "table" / "letters.txt").write_text("dear")
    with pytest.raises(KhinganError, match="not empty and no reference table"):
        played(toy, tmp_path, 50)
