"""The cache: an edited kernel is never answered from what was compiled before."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import khingan
from khingan.engine.compiled import kernel

# plan_hours stands in routes.py and calls set_pace of movement.py: numba itself looks at routes.py alone.
MARCH = """
import numpy as np
from khingan.engine import state
from khingan.engine.routes import plan_hours
from small_world import lay_edges, rules_with, strip, table

empty = state.World(**dict.fromkeys(state.World._fields))
world = empty._replace(edges=lay_edges(strip(2)), land=table(state.LAND_CELL, [{}, {}]))
hours = np.empty((2, 6))
plan_hours(world, rules_with().movement, 0, np.zeros(state.PACE_SHAPE), hours)
print(hours[0, 0])
"""


def first_hours(source: Path, cache: Path) -> float:
    """Hours over one edge by the engine in `source`, in a process of its own."""
    paths = os.pathsep.join([str(source), str(Path(__file__).parent)])
    kept = {key: value for key, value in os.environ.items() if key != "NUMBA_DISABLE_JIT"}
    environment = kept | {"PYTHONPATH": paths, "KHINGAN_CACHE": str(cache)}
    command = [sys.executable, "-c", MARCH]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=200)
    return float(done.stdout)


def test_an_edited_helper_in_another_file_is_compiled_anew(tmp_path):
    source = tmp_path / "src"
    shutil.copytree(Path(khingan.__file__).parent, source / "khingan", ignore=shutil.ignore_patterns("campaigns"))
    before = first_hours(source, tmp_path / "cache")
    file = source / "khingan" / "engine" / "movement.py"
    text = file.read_text(encoding="utf-8")
    assert text.count("* rules.pace * share") == 1
    file.write_text(text.replace("* rules.pace * share", "* rules.pace * share * 0.5"), encoding="utf-8")
    assert first_hours(source, tmp_path / "cache") == 2 * before


def test_the_memory_of_types_keeps_whole_numbers_and_reals_apart():
    """5 // 2 and 5.0 / 2 in one kernel: an answer kept for the one must not serve the other."""

    @kernel
    def halves(n, x):
        return n // 2, x / 2, n + n, x + x, n + x

    assert halves(5, 5.0) == (2, 2.5, 10, 10.0, 10.0)
    assert halves(5.0, 5) == (2.0, 2.5, 10.0, 10, 10.0)
