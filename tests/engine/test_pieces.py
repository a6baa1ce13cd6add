"""Mechanisms compiled apart: the same whoever compiles them, and after they come back from the cache."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from numba import float64, int64

from khingan.engine import pieces
from khingan.engine.pieces import Piece, another_process

PLAY = """
import sys
import numpy as np
from khingan.engine import pieces
pieces.processes = lambda: int(sys.argv[1])
pieces.SERVE = sys.argv[2]
from apart_pair import caller
out = np.zeros(2, np.int64)
caller(21, out)
print(*out, sum(caller.entry.stats.cache_hits.values()))
"""


def played(processes: int, serve: str, cache: Path) -> list[int]:
    """What the pair leaves in its array, and how often it came from the cache, in a process of its own."""
    kept = {key: value for key, value in os.environ.items() if key != "NUMBA_DISABLE_JIT"}
    paths = os.pathsep.join(path for path in [str(Path(__file__).parent), *sys.path] if path)
    environment = kept | {"PYTHONPATH": paths, "KHINGAN_CACHE": str(cache)}
    command = [sys.executable, "-c", PLAY, str(processes), serve]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=200)
    return [int(word) for word in done.stdout.split()]


@pytest.mark.parametrize(
    ("processes", "serve"), [(1, ""), (2, pieces.SERVE), (2, "raise SystemExit(1)")], ids=["alone", "two", "one fails"]
)
def test_whoever_compiles_a_piece_the_caller_runs_it_now_and_from_the_cache(processes, serve, tmp_path):
    """2 * 21 below, one more by the caller; the second process compiles nothing, so the cache must bring the piece."""
    assert played(processes, serve, tmp_path) == [42, 43, 0]
    assert played(processes, serve, tmp_path) == [42, 43, 1]


def test_another_process_answers_with_code_that_defines_the_symbol(monkeypatch):
    """What a caller declares must be what the code defines, whichever process made it."""
    monkeypatch.delenv("NUMBA_DISABLE_JIT", raising=False)
    piece = Piece("apart_pair", "double", (int64, int64[::1]))
    with another_process() as process:
        pickle.dump((piece.module, piece.mechanism, piece.arguments), process.stdin)
        process.stdin.close()
        assert piece.symbol.encode() in pickle.load(process.stdout)


def test_symbols_tell_types_apart():
    """Two callers with other types need two pieces; the same types, in any process, need one."""
    whole, real = Piece("m", "f", (int64,)), Piece("m", "f", (float64,))
    assert whole.symbol != real.symbol
    assert whole.symbol == Piece("m", "f", (int64,)).symbol
