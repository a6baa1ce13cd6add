"""One run is decided by campaign, parameters, code, seed and number, and by nothing else."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np

from khingan.scenario.read import load
from khingan.simulation.play import play_chunk
from khingan.simulation.settings import DRAWN
from khingan.simulation.variables import VARIABLES
from khingan.world.compile import compile_world
from worlds import far_east, far_east_world, same_bits, toy_world

PLAY = """
import sys
import numpy as np
from khingan.scenario.read import load
from khingan.simulation.play import play_chunk
from khingan.simulation.settings import DRAWN
from khingan.world.compile import compile_world
np.savez(sys.argv[2], **play_chunk(compile_world(load(sys.argv[1])), DRAWN, 7, 0, 2))
"""

FORWARD = """
import sys
import numpy as np
import khingan.simulation.play as play
from khingan.scenario.read import load
from khingan.simulation.settings import DRAWN
from khingan.world.compile import compile_world

def forward(kind):
    def refuse(key):
        for index in key if isinstance(key, tuple) else (key,):
            if isinstance(index, (int, np.integer)) and index < 0:
                raise IndexError(f"{index} counts from the end")
        return key
    return type("Forward", (kind,), {
        "__getitem__": lambda self, key: kind.__getitem__(self, refuse(key)),
        "__setitem__": lambda self, key, value: kind.__setitem__(self, refuse(key), value),
    })

WHOLE, RECORDS = forward(np.ndarray), forward(np.recarray)

def guarded(tables):
    return type(tables)(*(table.view(WHOLE if table.dtype.names is None else RECORDS)
                          if isinstance(table, np.ndarray) else table for table in tables))

engine = play.play_campaign
def campaign(world, reading, rules, state, record, *rest):
    engine(guarded(world), guarded(reading), rules, guarded(state), record, *rest)
play.play_campaign = campaign
play.play_chunk(compile_world(load(sys.argv[1])), DRAWN, 7, 0, 2)
"""


def test_no_kernel_counts_from_the_end_of_an_array(tmp_path: Path) -> None:
    """Compiled kernels take an index as it is: one below zero would read what stands before the array."""
    toy_world(tmp_path / "toy", days=6)
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    subprocess.run([sys.executable, "-c", FORWARD, str(tmp_path / "toy")], check=True, env=environment)


def test_without_the_compiler_the_first_day_is_the_same(tmp_path: Path) -> None:
    """The kernels as plain Python: same cells and hours, numbers equal to the last digits of float32."""
    compiled = play_chunk(toy_world(tmp_path / "toy", days=1), DRAWN, 7, 0, 2)
    out = tmp_path / "plain.npz"
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    subprocess.run([sys.executable, "-c", PLAY, str(tmp_path / "toy"), str(out)], check=True, env=environment)
    with np.load(out) as plain:
        assert set(plain) == set(VARIABLES)
        np.testing.assert_array_equal(plain["place"], compiled["place"])
        for name in VARIABLES:
            np.testing.assert_allclose(plain[name], compiled[name], rtol=1e-5, err_msg=name)


def test_without_history_every_value_is_the_same(tmp_path: Path) -> None:
    """What happened is no input: the campaign without its history/ plays the same bits."""
    shutil.copytree(far_east().folder, tmp_path / "campaign", ignore=shutil.ignore_patterns("history"))
    assert not (tmp_path / "campaign" / "history").exists()
    scenario = load(tmp_path / "campaign")
    assert scenario.fingerprint == far_east().fingerprint
    assert same_bits(play_chunk(compile_world(scenario), DRAWN, 7, 0, 2), play_chunk(far_east_world(), DRAWN, 7, 0, 2))


def test_the_order_of_arrays_does_not_hang_on_the_hashes_of_names(tmp_path: Path) -> None:
    """Python salts the hashes of strings anew in every process; a set that leaked its order would show here."""
    toy_world(tmp_path / "toy")
    found = []
    for salt in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": salt}
        arguments = [sys.executable, "-c", PLAY, str(tmp_path / "toy"), str(tmp_path / f"{salt}.npz")]
        subprocess.run(arguments, check=True, env=environment)
        with np.load(tmp_path / f"{salt}.npz") as chunk:
            found.append(dict(chunk))
    assert same_bits(*found)
