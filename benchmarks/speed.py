"""How fast khingan is on this machine, as one table. Nothing here passes or fails."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

CAMPAIGN = "far-east-1945"
TESTS = str(Path(__file__).parents[1] / "tests")
Row = tuple[str, str, str]


def measured(task: str, *arguments: str, **environment: str) -> dict[str, float]:
    """What one task of this file reports from a process of its own, with its CPU seconds and peak memory."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, __file__, task, *arguments]
    done = subprocess.run(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall": time.perf_counter() - start, "cpu": spent, **json.loads(done.stdout)}


def cpu_of(action: Callable[[], Any]) -> float:
    """CPU seconds of an action in this process, all threads."""
    start = time.process_time()
    action()
    return time.process_time() - start


def prepare() -> dict[str, float]:
    """Read the campaign and turn it into arrays."""
    from khingan.scenario.read import load
    from khingan.world.compile import compile_world

    compile_world(load(CAMPAIGN))
    return {"load": cpu_of(lambda: load(CAMPAIGN)), "world": cpu_of(lambda: compile_world(load(CAMPAIGN)))}


def warm() -> dict[str, float]:
    """Compile every kernel, or fetch it from the cache."""
    from khingan.scenario.read import load
    from khingan.simulation.run import warm
    from khingan.world.compile import compile_world

    start = time.perf_counter()
    world = compile_world(load(CAMPAIGN))
    warm(world)
    return {"seconds": time.perf_counter() - start}


def study(runs: str, workers: str) -> dict[str, float]:
    """A whole study on disk."""
    from khingan.scenario.read import load
    from khingan.simulation.run import run, warm
    from khingan.world.compile import compile_world

    scenario = load(CAMPAIGN)
    warm(compile_world(scenario))
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        spent = cpu_of(lambda: run(scenario, int(runs), out=folder, workers=int(workers)))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {"study_cpu": spent, "study_wall": time.perf_counter() - start, "peak_mib": peak}


def command(runs: str, workers: str) -> dict[str, float]:
    """The whole command with comparison and page, warm."""
    khingan = Path(sys.executable).with_name("khingan")
    with tempfile.TemporaryDirectory() as folder:
        asked = [khingan, "run", CAMPAIGN, "--runs", runs, "--workers", workers, "--out", f"{folder}/study", "--json"]
        start = time.perf_counter()
        subprocess.run(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        return {"seconds": time.perf_counter() - start}


def months_before(runs: str) -> dict[str, float]:
    """Preludes on two threads."""
    from khingan.evidence.parameters import read_parameters
    from khingan.scenario.prelude import read_prelude
    from khingan.scenario.read import load
    from khingan.simulation.prelude import play
    from khingan.simulation.settings import DRAWN
    from khingan.world.prelude import compile_prelude

    scenario = load(CAMPAIGN)
    plan = compile_prelude(scenario, read_prelude(scenario), read_parameters())
    play(plan, DRAWN, 10, 1, 2)
    start = time.perf_counter()
    spent = cpu_of(lambda: play(plan, DRAWN, int(runs), 1945, 2))
    return {"wall": time.perf_counter() - start, "cpu": spent}


def toy(runs: str) -> dict[str, float]:
    """CPU seconds of one run of the toy of about 60 cells, compiled or as plain Python."""
    sys.path.insert(0, TESTS)
    from khingan.scenario.read import load
    from khingan.simulation.play import play_chunk
    from khingan.simulation.settings import DRAWN
    from khingan.world.compile import compile_world
    from toy import write_toy_campaign

    with tempfile.TemporaryDirectory() as folder:
        world = compile_world(load(write_toy_campaign(Path(folder))))
    play_chunk(world, DRAWN, 1, 0, 1)
    return {"run": cpu_of(lambda: play_chunk(world, DRAWN, 1, 0, int(runs))) / int(runs)}


def rows() -> list[Row]:
    """Every figure with its meaning."""
    with tempfile.TemporaryDirectory() as cache:
        cold = measured("warm", KHINGAN_CACHE=cache)
        again = measured("warm", KHINGAN_CACHE=cache)
    reading = measured("prepare")
    small, large = measured("study", "100", "1"), measured("study", "400", "1")
    both = measured("study", "400", "2")
    preludes = measured("months_before", "10000")
    few, many, usual = (
        measured("command", "100", "1"),
        measured("command", "1100", "1"),
        measured("command", "1000", "2"),
    )
    rate = 300 / (large["study_cpu"] - small["study_cpu"])
    compiled, plain = measured("toy", "2000")["run"], measured("toy", "3", NUMBA_DISABLE_JIT="1")["run"]
    return [
        ("first compile, empty cache", f"{cold['wall']:.1f} s", f"{cold['cpu']:.1f} CPU s, whole process"),
        ("the same from the cache", f"{again['wall']:.1f} s", f"{again['cpu']:.1f} CPU s, whole process"),
        ("read the campaign", f"{reading['load']:.2f} s", "CPU"),
        ("read it and lay out the world", f"{reading['world']:.2f} s", "CPU"),
        ("runs per CPU second", f"{rate:.1f}", "marginal: 400 runs less 100, to disk"),
        ("CPU time of 1,000 runs", f"{1000 / rate:.0f} s", "at that rate"),
        ("the command, runs per CPU second", f"{1000 / (many['cpu'] - few['cpu']):.1f}", "1,100 less 100, one worker"),
        ("the command, 1,000 runs", f"{usual['seconds']:.1f} s", "two workers, comparison and page"),
        ("two threads against one", f"{large['study_wall'] / both['study_wall']:.2f} x", "400 runs, wall time"),
        ("10,000 preludes", f"{preludes['wall']:.1f} s", f"two threads; {preludes['cpu']:.1f} CPU s"),
        ("engine against plain Python", f"{plain / compiled:,.0f} x", f"toy; {compiled * 1e3:.2f} ms a run compiled"),
        ("peak memory, 100 runs", f"{small['peak_mib']:.0f} MiB", "one thread"),
        ("peak memory, 400 runs", f"{large['peak_mib']:.0f} MiB", "one thread"),
        ("peak memory, 400 runs", f"{both['peak_mib']:.0f} MiB", "two threads"),
    ]


def main() -> None:
    """Print the table, or play the part of one measured process."""
    if len(sys.argv) > 1:
        tasks: dict[str, Callable[..., dict[str, float]]] = {
            "prepare": prepare, "warm": warm, "study": study, "toy": toy,
            "months_before": months_before, "command": command,
        }  # fmt: skip
        print(json.dumps(tasks[sys.argv[1]](*sys.argv[2:])))
        return
    for what, figure, note in [("measure", "figure", "note"), ("---", "---:", "---"), *rows()]:
        print(f"| {what:<32} | {figure:>9} | {note:<38} |")


if __name__ == "__main__":
    main()
