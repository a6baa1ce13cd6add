"""A sweep: paired luck, the same rows whoever plays them, and nothing lost by stops, deaths and full disks."""

import errno
import json
import os
import signal

import numpy as np
import pytest
from sweeps import plan_of, rows_of

from khingan.errors import KhinganError
from khingan.experiment import crew, rows
from khingan.experiment.arm import Ground
from khingan.experiment.sensitivity import sensitivity
from khingan.experiment.sweep import estimate, sweep
from khingan.simulation.run import Stopped
from khingan.simulation.settings import Settings

SMALL = ("points: 20", "points: 2")
LONG = (("runs: 6", "runs: 120"), SMALL)  # chunks of 50, 50 and 20 for each of two points


@pytest.fixture
def plan(folder):
    """Three chunks: eight points, eight points, four."""
    return plan_of(folder)


def parts(out):
    return {path.name: path.read_bytes() for path in sorted((out / "rows.parquet").iterdir())}


def failing_after(monkeypatch, chunks, error):
    """Landing a chunk fails once so many have landed."""
    land, landed = rows.Rows.land, []

    def refuse(self, chunk, values):
        if len(landed) == chunks:
            raise error
        landed.append(chunk)
        land(self, chunk, values)

    monkeypatch.setattr(rows.Rows, "land", refuse)


def test_a_row_is_the_run_of_the_pinned_campaign(plan, tmp_path):
    sweep(plan, tmp_path / "out", workers=1)
    found = rows_of(tmp_path / "out")
    assert len(found["point"]) == 20 * 6
    pace, peak, mass, date = plan.values(7)
    settings = Settings(pinned={"movement.pace": pace, "combat.surprise_peak": peak})
    ground = Ground.of(plan.scenario, settings, plan.measures)
    names = [name for name in (mass, date) if name != "as-it-was"]
    values = ground.arm([plan.changes[name] for name in names]).play(1945, 0, 6)
    assert [found["days-to-bridge"][7 * 6 + run] for run in range(6)] == values[:, 0].tolist()
    assert [found["irrecoverable-jp"][7 * 6 + run] for run in range(6)] == values[:, 1].tolist()


def test_all_points_share_their_luck(folder, tmp_path):
    # Two listed points that differ in nothing are equal run by run.
    edits = ("design: {kind: latin_hypercube, points: 20}", "design: {kind: factorial, levels: 2}")
    same = ("[0.05, 0.95]", "[0.5, 0.50000001]")
    plan = plan_of(folder, edits, same)
    sweep(plan, tmp_path / "out", workers=1)
    values = np.array(rows_of(tmp_path / "out")["irrecoverable-jp"]).reshape(2, 2, 2, 2, 6)
    assert values[:, 0] == pytest.approx(values[:, 1], rel=1e-4)
    assert len(set(values[0, 0, 0, 0])) > 1


def test_points_cut_into_chunks_have_the_same_rows(folder, tmp_path):
    plan = plan_of(folder, *LONG)
    assert [[piece[:3] for piece in plan.pieces(chunk)] for chunk in range(plan.chunks)] == [
        [(0, 0, 50)], [(0, 50, 50)], [(0, 100, 20)], [(1, 0, 50)], [(1, 50, 50)], [(1, 100, 20)]
    ]  # fmt: skip
    sweep(plan, tmp_path / "out", workers=1)
    assert rows_of(tmp_path / "out")["run"] == [*range(120), *range(120)]


def test_cells_hold_what_their_runs_come_to(folder, plan, tmp_path):
    sweep(plan, tmp_path / "runs", workers=1)
    sweep(plan_of(folder, ("measures:", "output: cells\nmeasures:")), tmp_path / "cells", workers=1)
    runs = np.array(rows_of(tmp_path / "runs")["irrecoverable-jp"]).reshape(20, 6)
    cells = rows_of(tmp_path / "cells")
    assert cells["runs"] == [6] * 20
    assert cells["irrecoverable-jp mean"] == pytest.approx(runs.mean(axis=1))
    assert cells["irrecoverable-jp q95"] == pytest.approx(np.quantile(runs, 0.95, axis=1))
    one, other = sensitivity(tmp_path / "runs"), sensitivity(tmp_path / "cells")
    assert one[1].variance_luck == pytest.approx(other[1].variance_luck)
    # NaN on both sides where luck alone is left of the variance.
    first, twin = ([entry.first for entry in found[1].influences] for found in (one, other))
    assert first == pytest.approx(twin, nan_ok=True)


def test_threads_and_processes_write_the_same_bytes(plan, tmp_path):
    sweep(plan, tmp_path / "threads", "threads", workers=2)
    sweep(plan, tmp_path / "processes", "processes", workers=2)
    assert parts(tmp_path / "threads") == parts(tmp_path / "processes")


def test_a_killed_process_is_replaced_and_its_chunk_played_again(plan, tmp_path, monkeypatch):
    sweep(plan, tmp_path / "whole", workers=1)
    told, ask, killed = [], crew.Worker.ask, []

    def shot(worker, job, pieces):
        if not killed:
            worker.child = crew.started()
            killed.append(worker.child.pid)
            os.kill(worker.child.pid, signal.SIGKILL)
        return ask(worker, job, pieces)

    monkeypatch.setattr(crew.Worker, "ask", shot)
    sweep(plan, tmp_path / "shot", "processes", workers=1, say=told.append)
    assert told == ["a worker ended with signal SIGKILL: its chunk is played again (1 of 3)"]
    assert parts(tmp_path / "shot") == parts(tmp_path / "whole")


def test_a_chunk_that_kills_every_worker_ends_the_study_with_a_message(plan, tmp_path, monkeypatch):
    monkeypatch.setattr(crew.Worker, "ask", lambda *_: (_ for _ in ()).throw(EOFError))
    with pytest.raises(KhinganError, match=r"3 times in the same chunk .* more memory"):
        sweep(plan, tmp_path / "out", "processes", workers=1)


def test_ctrl_c_finishes_what_is_in_hand_and_the_same_command_goes_on(folder, tmp_path):
    plan, told = plan_of(folder, ("runs: 6", "runs: 60")), []
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def interrupt(phase, done, total):
        if phase == "runs" and done == 60:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(Stopped, match=r"of 40 chunks kept \| repeat the command with --out .* --resume"):
        sweep(plan, tmp_path / "out", workers=1, progress=interrupt, say=told.append)
    assert signal.signal(signal.SIGINT, before) is signal.default_int_handler
    assert told[0].startswith("stopping: ")
    kept = parts(tmp_path / "out")
    assert 3 <= len(kept) <= 5, "those in hand have landed"
    sweep(plan, tmp_path / "out", workers=1)
    assert kept.items() <= parts(tmp_path / "out").items()


def test_a_second_ctrl_c_does_not_wait(plan, tmp_path, monkeypatch):
    failing_after(monkeypatch, 1, KeyboardInterrupt())
    with pytest.raises(Stopped, match="1 of 3 chunks kept"):
        sweep(plan, tmp_path / "out", workers=1)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_stops_with_what_there_is_and_can_go_on(plan, tmp_path, monkeypatch, number):
    with monkeypatch.context() as patch:
        failing_after(patch, 2, OSError(number, os.strerror(number)))
        with pytest.raises(KhinganError, match=r"2 of 3 chunks kept \| free space, then repeat the command with --out"):
            sweep(plan, tmp_path / "out", workers=1)
    with pytest.raises(KhinganError, match=r"2 of 3 chunks have been played \| khingan sweep"):
        sensitivity(tmp_path / "out")
    sweep(plan, tmp_path / "out", workers=1)
    assert len(rows_of(tmp_path / "out")["point"]) == 120


def test_a_half_written_chunk_does_not_count_and_leaves_no_file(plan, tmp_path, monkeypatch):
    monkeypatch.setattr(rows.os, "replace", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left")))
    with pytest.raises(KhinganError, match="No space left"):
        sweep(plan, tmp_path / "out", workers=1)
    assert [path.name for path in (tmp_path / "out").rglob("*") if path.is_file()] == []


def test_finished_chunks_are_not_played_again(plan, tmp_path, monkeypatch):
    sweep(plan, tmp_path / "out", workers=1)
    whole = parts(tmp_path / "out")
    (tmp_path / "out" / "rows.parquet" / "part-000001.parquet").unlink()
    played, play = [], crew.play
    monkeypatch.setattr(crew, "play", lambda job, pieces: played.append(pieces[0].point) or play(job, pieces))
    sweep(plan, tmp_path / "out", workers=1)
    assert played == [8]
    assert parts(tmp_path / "out") == whole


def test_another_study_is_refused_by_name(folder, plan, tmp_path):
    sweep(plan, tmp_path / "out", workers=1)
    with pytest.raises(KhinganError, match="holds another study, 'pace-and-mass': parameters, points differ"):
        sweep(plan_of(folder, ("high: 1.2", "high: 1.3")), tmp_path / "out")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("mine")
    with pytest.raises(KhinganError, match="not empty and no study"):
        sweep(plan, tmp_path / "other")


def test_a_worker_with_another_model_refuses(plan, tmp_path, monkeypatch):
    monkeypatch.setattr("khingan.simulation.study.__version__", "9.9")
    plan.study  # noqa: B018 - asked here, so that the worker below is the other one
    monkeypatch.undo()
    with pytest.raises(KhinganError, match=r"version 9\.9 there"):
        sweep(plan, tmp_path / "out", workers=1)


def test_an_estimate_counts_points_runs_chunks_and_bytes(plan, tmp_path):
    cost = estimate(plan, workers=2)
    assert (cost.points, cost.runs, cost.chunks, cost.combinations, cost.rows) == (20, 120, 3, 4, 120)
    assert cost.hours == pytest.approx(cost.seconds_a_run * 120 / 2 / 3600)
    sweep(plan, tmp_path / "out", workers=1)
    assert sum(map(len, parts(tmp_path / "out").values())) == pytest.approx(cost.bytes, rel=0.7)


def test_a_broken_part_is_told(plan, tmp_path):
    sweep(plan, tmp_path / "out", workers=1)
    (tmp_path / "out" / "rows.parquet" / "part-000001.parquet").write_bytes(b"broken")
    with pytest.raises(KhinganError, match="delete the broken part"):
        sensitivity(tmp_path / "out")


def test_a_record_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(KhinganError, match=r"sweep\.json is missing"):
        sensitivity(tmp_path)
    (tmp_path / "sweep.json").write_text(json.dumps({"axes": 3}))
    with pytest.raises(KhinganError, match="not a sweep that can be read"):
        sensitivity(tmp_path)
