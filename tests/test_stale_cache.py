"""An edited kernel is never answered from a stale cache.

numba looks only at a compiled function's own file. So the edit is made in a helper of another file: chance.py holds the
helper, probe.py the entry that calls it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import khingan

PROBE = """
from khingan.engine.chance import uniform
from khingan.engine.compiled import kernel


@kernel
def probe(seed):
    return uniform(seed, 0, 0, 0, 1)
"""
ASK = """
import khingan.engine.probe as p
print(repr(p.probe(7)), p.__file__, sum(p.probe.entry.stats.cache_hits.values()))
"""


def ask(folder: Path) -> tuple[float, int]:
    """The probe's answer in a fresh process, and how often it came from the cache."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "KHINGAN_CACHE": str(folder / "cache")}
    done = subprocess.run([sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True)
    number, file, hits = done.stdout.split()
    assert file.startswith(str(folder))
    return float(number), int(hits)


def test_editing_a_helper_in_another_file_moves_the_result(tmp_path: Path) -> None:
    shutil.copytree(Path(khingan.__file__).parent, tmp_path / "khingan", ignore=shutil.ignore_patterns("campaigns"))
    engine = tmp_path / "khingan" / "engine"
    (engine / "probe.py").write_text(PROBE, encoding="utf-8")
    first, _ = ask(tmp_path)
    # The same source again is answered from the cache, else this test would prove nothing.
    assert ask(tmp_path) == (first, 1)
    source = (engine / "chance.py").read_text(encoding="utf-8")
    halved = source.replace("* 1.1102230246251565e-16", "* 0.5551115123125783e-16")
    assert halved != source
    (engine / "chance.py").write_text(halved, encoding="utf-8")
    # 2**-53 became 2**-54: exactly half.
    assert ask(tmp_path) == (first / 2, 0)
