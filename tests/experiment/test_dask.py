"""A sweep on a cluster of Dask: the same rows, a worker killed in the middle, and messages instead of waiting."""

import os
import signal
import socket
import sys
import time

import pytest
from sweeps import plan_of, rows_of

from khingan.errors import KhinganError
from khingan.experiment import cluster
from khingan.experiment.sweep import sweep

distributed = pytest.importorskip("distributed", reason="dask is not installed: pip install 'khingan[cluster]'")


@pytest.fixture(scope="module")
def local():
    """Two worker processes; nothing of them is written but below the folder of temporary files."""
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as started:
        yield started


def busy(local):
    """The process of a worker that has a chunk in hand."""
    with distributed.Client(local.scheduler_address, set_as_default=False) as client:
        by_load = max(client.processing().items(), key=lambda item: len(item[1]))[0]
        return client.scheduler_info(n_workers=-1)["workers"][by_load]["nanny"], client.run(os.getpid)[by_load]


def test_a_worker_killed_in_the_middle_changes_no_bit(local, folder, tmp_path):
    plan = plan_of(folder, ("runs: 6", "runs: 60"), ("points: 20", "points: 8"))
    sweep(plan, tmp_path / "here", workers=1)
    killed = []

    def kill(phase, done, total):
        if phase == "runs" and done > 0 and not killed:
            killed.append(busy(local)[1])
            os.kill(killed[0], signal.SIGKILL)

    sweep(plan, tmp_path / "there", "dask", address=local.scheduler_address, progress=kill)
    assert killed
    assert rows_of(tmp_path / "there") == rows_of(tmp_path / "here")
    for part in (tmp_path / "here" / "rows.parquet").iterdir():
        assert (tmp_path / "there" / "rows.parquet" / part.name).read_bytes() == part.read_bytes()


def test_a_scheduler_without_workers_ends_with_a_message(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "LONELY", 1.0)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=None) as empty,
        pytest.raises(KhinganError, match=r"no worker for 1 seconds \| start workers"),
    ):
        sweep(plan_of(folder), tmp_path / "out", "dask", address=empty.scheduler_address)


@pytest.mark.parametrize(
    ("address", "said"),
    [("tcp://127.0.0.1:1", "nobody can be reached"), ("nowhere.invalid:8786", "nobody can be reached"),
     ("tcp://", "no address"), ("tcp://host:port", "no address")],
)  # fmt: skip
@pytest.mark.parametrize("executor", ["dask"])
def test_nobody_at_the_address_is_told_soon(folder, tmp_path, executor, address, said):
    began = time.monotonic()
    with pytest.raises(KhinganError, match=said):
        sweep(plan_of(folder), tmp_path / "out", executor, address=address)
    assert time.monotonic() - began < 30


def test_something_that_is_no_scheduler_is_told(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as deaf, pytest.raises(KhinganError, match="nobody can be reached"):
        sweep(plan_of(folder), tmp_path / "out", "dask", address=f"tcp://127.0.0.1:{deaf.getsockname()[1]}")


@pytest.mark.parametrize(("executor", "module", "extra"), [("dask", "distributed", "cluster"), ("ray", "ray", "ray")])
def test_a_package_that_is_missing_is_told_with_the_command(folder, tmp_path, monkeypatch, executor, module, extra):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(KhinganError, match=rf"is not installed \| python -m pip install 'khingan\[{extra}\]'"):
        sweep(plan_of(folder), tmp_path / "out", executor, address="127.0.0.1:1")


def test_an_executor_without_its_address_is_told(folder, tmp_path):
    with pytest.raises(KhinganError, match="needs --scheduler"):
        sweep(plan_of(folder), tmp_path / "out", "dask")
