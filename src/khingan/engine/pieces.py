"""Mechanisms compiled apart: each into machine code of its own, on every core there is.

A caller sees a declaration only, so a mechanism apart is not inlined: for those called once a step, where a call costs
nothing. Its whole compilation, types and all, is a job that any process can do. Other processes do jobs as soon as they
are ordered, while this one goes on with the caller; then it takes what they have not begun. Whoever does a job, the
code is the same. Without other processes, or should one fail, this one does them all.
"""

import gc
import os
import pickle
import subprocess
import sys
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, BinaryIO

from llvmlite.binding import ObjectFileRef
from numba.core.registry import cpu_target

MOST_PROCESSES = 4  # a mechanism needs parts that others need too, and each process compiles its own
SERVE = "from khingan.engine.pieces import serve; serve()"
FAILURES = (OSError, EOFError, pickle.PickleError, ValueError)


@dataclass(eq=False)
class Piece:
    """A mechanism (file and name) for arguments of given types; its symbol; its object code once it is made."""

    module: str
    mechanism: str
    arguments: tuple[Any, ...]
    code: bytes = b""

    @property
    def symbol(self) -> str:
        """The same in every process, for the same mechanism and types."""
        kinds = sha256(str(self.arguments).encode()).hexdigest()[:16]
        return f"{self.module}.{self.mechanism}.{kinds}"

    def make(self) -> None:
        """Compile it here."""
        kernel = getattr(import_module(self.module), self.mechanism)
        self.code = kernel.object_code(self.arguments, self.symbol)


class Yard:
    """Where pieces wait for a process that is free."""

    def __init__(self) -> None:
        self.waiting: SimpleQueue[Piece | None] = SimpleQueue()
        self.hands: list[Thread] = []

    def order(self, piece: Piece) -> None:
        """Have it made some time before `complete` returns."""
        if not self.hands:
            self.hands = [Thread(target=self._attend, daemon=True) for _ in range(processes() - 1)]
            for hand in self.hands:
                hand.start()
        self.waiting.put(piece)

    def complete(self, pieces: list[Piece]) -> None:
        """Return when all are made: work off what waits, let the others finish, make up for those that failed."""
        try:
            while True:
                piece = self.waiting.get_nowait()
                if piece is not None:
                    piece.make()
        except Empty:
            pass
        for _ in self.hands:
            self.waiting.put(None)
        for hand in self.hands:
            hand.join()
        self.hands = []
        for piece in pieces:
            if not piece.code:
                piece.make()

    def _attend(self) -> None:
        """Pass pieces to another process, one at a time, until there are no more or it fails."""
        try:
            with another_process() as process:
                while (piece := self.waiting.get()) is not None:
                    pickle.dump((piece.module, piece.mechanism, piece.arguments), process.stdin)
                    process.stdin.flush()
                    piece.code = pickle.load(process.stdout)
                process.stdin.close()
        except FAILURES:
            return


def processes() -> int:
    """How many may compile at once."""
    return min(os.cpu_count() or 1, MOST_PROCESSES)


def another_process() -> Any:
    """A process that serves; it ends with its input, and Ctrl-C is left to this one."""
    paths = os.pathsep.join(path for path in sys.path if path)
    return subprocess.Popen(
        [sys.executable, "-c", SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths}, start_new_session=True,
    )  # fmt: skip


def serve() -> None:
    """Make every piece that is asked for, until the input ends; nothing but pieces goes to the output."""
    answers: BinaryIO = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    gc.disable()
    while True:
        try:
            piece = Piece(*pickle.load(sys.stdin.buffer))
        except EOFError:
            return
        piece.make()
        pickle.dump(piece.code, answers)
        answers.flush()


_loaded: set[str] = set()
yard = Yard()


def load_pieces(made: dict[str, bytes]) -> None:
    """Bring object code by symbol into this process, each symbol once."""
    engine = cpu_target.target_context.codegen()._engine._ee
    for symbol, code in made.items():
        if symbol not in _loaded:
            engine.add_object_file(ObjectFileRef.from_data(code))
            _loaded.add(symbol)


class CodeWithPieces(bytes):
    """Object code that brings the pieces it calls when it is read back from the cache."""

    pieces: dict[str, bytes]

    def __reduce__(self) -> Any:
        return _read_back, (bytes(self), self.pieces)


def _read_back(code: bytes, pieces: dict[str, bytes]) -> bytes:
    load_pieces(pieces)
    return code
