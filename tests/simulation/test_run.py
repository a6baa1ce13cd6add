"""Playing a study: chunks, resuming, extending, stopping."""

import errno
import os
import signal
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import xarray

import toy_study
from khingan.errors import KhinganError
from khingan.simulation import run as simulation
from khingan.simulation.result import Result
from khingan.simulation.run import Stopped, run
from khingan.simulation.settings import Settings
from khingan.simulation.store import Store


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of the ensemble."""
    root = folder / "ensemble.zarr"
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def counted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Record which chunks are played; the first entry is always the compiling run."""
    seen: list[tuple[int, int]] = []

    def play(world, settings, seed, first_run, count):
        seen.append((first_run, count))
        return toy_study.play_chunk(world, settings, seed, first_run, count)

    monkeypatch.setattr(simulation, "play_chunk", play)
    return seen


def failing_after(monkeypatch: pytest.MonkeyPatch, chunks: int, number: int) -> None:
    """A disk that refuses everything after some chunks."""
    write, landed = Store.write, []

    def refuse(self, first, count, packed):
        if len(landed) == chunks:
            raise OSError(number, os.strerror(number))
        landed.append(first)
        write(self, first, count, packed)

    monkeypatch.setattr(Store, "write", refuse)


def test_the_months_before_are_compiled_only_where_they_are_told(monkeypatch):
    played = []
    monkeypatch.setattr(simulation.prelude, "play_chunk", lambda plan, *rest: played.append((plan, rest[1:])))
    simulation.warm_months(SimpleNamespace(prelude=None))
    assert played == []
    plan = SimpleNamespace(parameters={})
    simulation.warm_months(SimpleNamespace(prelude=plan))
    assert played == [(plan, (0, 0, 1))]  # one prelude, thrown away


def test_every_run_lands_in_its_place(toy, tmp_path):
    # 120 runs are two whole chunks and one of 20.
    result = run(toy, runs=120, seed=3, out=tmp_path / "s")
    assert result.first_control(1).tolist() == [toy_study.hour(3, number) for number in range(120)]
    assert np.isnan(result.first_control(2)).all()


@pytest.mark.parametrize("workers", [2, 7])
def test_any_number_of_workers_writes_the_same_bytes(toy, tmp_path, workers):
    run(toy, runs=230, out=tmp_path / "one", workers=1)
    run(toy, runs=230, out=tmp_path / "many", workers=workers)
    assert contents(tmp_path / "one") == contents(tmp_path / "many")


def test_a_finished_study_is_not_played_again(toy, tmp_path, monkeypatch):
    run(toy, runs=100, out=tmp_path / "s")
    seen = counted(monkeypatch)
    assert run(toy, runs=100, out=tmp_path / "s").runs == 100
    assert seen == []


def test_more_runs_extend_a_study_as_if_it_had_been_long_from_the_start(toy, tmp_path, monkeypatch):
    run(toy, runs=120, out=tmp_path / "s")
    seen = counted(monkeypatch)
    run(toy, runs=180, out=tmp_path / "s", workers=1)
    # The compiling run, then the partial third chunk as a whole, then the fourth; the first two stay.
    assert seen == [(0, 1), (100, 50), (150, 30)]
    run(toy, runs=180, out=tmp_path / "long")
    assert contents(tmp_path / "s") == contents(tmp_path / "long")


def test_fewer_runs_keep_the_longer_study(toy, tmp_path):
    run(toy, runs=100, out=tmp_path / "s")
    assert run(toy, runs=10, out=tmp_path / "s").runs == 100


def test_ctrl_c_keeps_whole_chunks_and_the_command_goes_on(toy, tmp_path, monkeypatch):
    # One worker has two chunks in hand, so when the one at 500 begins, those up to 400 have landed.
    # A job started in the background inherits a deaf ear for Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    reached = threading.Event()

    def interrupted(world, settings, seed, first_run, count):
        if first_run == 500 and not reached.is_set():
            reached.set()
            os.kill(os.getpid(), signal.SIGINT)
        return toy_study.play_chunk(world, settings, seed, first_run, count)

    monkeypatch.setattr(simulation, "play_chunk", interrupted)
    with pytest.raises(Stopped, match=r"of 1500 runs kept \| repeat the command with --out"):
        run(toy, runs=1500, out=tmp_path / "s", workers=1)
    signal.signal(signal.SIGINT, before)
    assert 450 <= Result.open(tmp_path / "s").runs < 1500
    assert run(toy, runs=1500, out=tmp_path / "s").first_control(1)[-1] == toy_study.hour(1945, 1499)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_leaves_the_finished_chunks_readable(toy, tmp_path, monkeypatch, number):
    with monkeypatch.context() as patch:
        failing_after(patch, 2, number)
        with pytest.raises(KhinganError, match="100 of 200 runs kept"):
            run(toy, runs=200, out=tmp_path / "s")
    assert Result.open(tmp_path / "s").runs == 100
    assert run(toy, runs=200, out=tmp_path / "s").runs == 200


def test_a_chunk_without_its_last_file_does_not_count(toy, tmp_path):
    # `played` is written last; a process killed before that leaves the other variables behind.
    run(toy, runs=150, out=tmp_path / "s")
    (tmp_path / "s" / "ensemble.zarr" / "played" / "c.1").unlink()
    result = Result.open(tmp_path / "s")
    assert result.dataset["run"].values.tolist() == [*range(50), *range(100, 150)]
    assert run(toy, runs=150, out=tmp_path / "s").runs == 150


def test_half_written_files_of_a_killed_process_are_swept_away(toy, tmp_path):
    run(toy, runs=50, out=tmp_path / "s")
    stray = tmp_path / "s" / "ensemble.zarr" / "men" / "c.0.0.0.abc.partial"
    stray.write_bytes(b"half")
    run(toy, runs=50, out=tmp_path / "s")
    assert not stray.exists()


def test_few_chunks_are_in_hand_at_once(toy, tmp_path, monkeypatch):
    # The window is one chunk more than the workers: memory must not grow with the number of runs.
    seen = counted(monkeypatch)
    ahead = []

    def watch(phase, done, total):
        ahead.append(len(seen) - 1 - done // 50)

    run(toy, runs=1000, out=tmp_path / "s", workers=2, progress=watch)
    assert max(ahead) <= 5


def test_a_full_disk_while_extending_changes_nothing(toy, tmp_path, monkeypatch):
    run(toy, runs=50, out=tmp_path / "s")
    write_text = Path.write_text

    def refuse(self, *args, **kwargs):
        if "tanks_lost" in str(self):
            raise OSError(errno.ENOSPC, "No space left on device")
        return write_text(self, *args, **kwargs)

    monkeypatch.setattr(Path, "write_text", refuse)
    with pytest.raises(KhinganError, match="No space left"):
        run(toy, runs=100, out=tmp_path / "s")
    assert Result.open(tmp_path / "s").runs == 50


@pytest.mark.parametrize(
    ("name", "value"), [("runs", 0), ("runs", 1_000_001), ("seed", -1), ("seed", 2**32), ("workers", 0)]
)
def test_numbers_out_of_range_are_refused(toy, tmp_path, name, value):
    with pytest.raises(KhinganError, match=f"--{name}"):
        run(toy, out=tmp_path / "s", **{name: value})


def test_an_unknown_parameter_offers_near_names(toy, tmp_path):
    with pytest.raises(KhinganError, match=r"did you mean march\.foot"):
        run(toy, out=tmp_path / "s", settings=Settings(pinned={"march.fooot": 1.0}))


def test_any_xarray_opens_the_ensemble_and_reads_hours_as_numbers(toy, tmp_path):
    # xarray turns some units of time into timedeltas and fill values into NaN; neither may happen to a plain reader.
    run(toy, runs=50, out=tmp_path / "s")
    dataset = xarray.open_zarr(tmp_path / "s" / "ensemble.zarr", consolidated=False, chunks=None)
    assert dataset["first_control"].dtype == np.float32
    assert dataset["place"].dtype == np.int16
    assert set(dataset.coords) >= {"cell", "lat", "lon", "formation", "step_end_h", "day"}
