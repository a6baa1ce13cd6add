"""A sweep on a cluster of Ray: the same rows, with a worker killed in the middle."""

import os
import signal
import socket
import subprocess
import sys

import pytest
from sweeps import plan_of, rows_of

from khingan.experiment.sweep import sweep

pytestmark = pytest.mark.skipif("KHINGAN_TEST_RAY" not in os.environ, reason="Ray is tested by make test-ray")


@pytest.fixture
def address(tmp_path):
    """A head with two workers, in a session of its own so that it can be ended with all its children."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = ["start", "--head", "--block", "--num-cpus=2", f"--port={port}", "--include-dashboard=false",
             "--object-store-memory=100000000", "--node-ip-address=127.0.0.1", "--disable-usage-stats"]  # fmt: skip
    started = subprocess.Popen(
        [sys.executable, "-m", "ray.scripts.scripts", *words], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    for line in started.stdout:
        if "Ray runtime started" in line:
            break
    yield f"127.0.0.1:{port}"
    os.killpg(started.pid, signal.SIGKILL)
    started.wait()


def playing(address):
    """Processes of this head's workers that have a chunk in hand."""
    import psutil

    return [process.pid for process in psutil.process_iter(["cmdline"])
            if (process.info["cmdline"] or [""])[0].startswith("ray::play")]  # fmt: skip


def test_a_worker_killed_in_the_middle_changes_no_bit(address, folder, tmp_path):
    plan = plan_of(folder, ("runs: 6", "runs: 200"), ("points: 20", "points: 6"))
    sweep(plan, tmp_path / "here", workers=1)
    killed = []

    def kill(phase, done, total):
        if phase == "runs" and done > 0 and not killed and playing(address):
            killed.append(playing(address)[0])
            os.kill(killed[0], signal.SIGKILL)

    sweep(plan, tmp_path / "there", "ray", address=address, progress=kill)
    assert killed
    assert rows_of(tmp_path / "there") == rows_of(tmp_path / "here")
