"""The player's process, seen from the server: started when needed, halted to cancel a job, replaced when dead."""

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock, Timer
from typing import Any

from khingan.errors import KhinganError
from khingan.serve.player import Hear

AHEAD_FILE = "as-it-was.npz"  # beside the log: what was played ahead, for the next server
LAST_WORDS = 400  # characters of what a dying process said
GRACE_S = 15.0  # for a halted question to end by itself, which keeps the campaign and its runs in memory


class RunError(KhinganError):
    """A run that could not be finished, with every fault that was told."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        self.errors = errors
        first = errors[0]
        super().__init__(first["where"], first["what"], first["remedy"])


class Process:
    """Answers questions in a child process; one at a time."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.child: subprocess.Popen[str] | None = None
        self.lock = Lock()
        self.closed = False
        self.asked, self.busy, self.halted = 0, False, False  # the number of what is done now, whether anything is

    def play(self, folder: Path, hear: Hear) -> None:
        """Answer the question of a job's folder; raises RunError with what went wrong."""
        self.ask(f"play {folder.absolute()}", hear)

    def ready(self, campaign: str, hear: Hear) -> None:
        """Read a campaign and compile the engine before anybody asks."""
        self.ask(f"ready {campaign}", hear)

    def halt(self) -> None:
        """End what is played now, and keep what was played; what does not end soon is killed."""
        with self.lock:
            if self.child is None or not self.busy or self.halted:
                return
            self.halted = True
            with suppress(OSError):
                self.write("halt")
            late = Timer(GRACE_S, self.kill, (self.asked,))
            late.daemon = True
            late.start()

    def kill(self, number: int) -> None:
        """End the process if it still does what was asked for under this number."""
        with self.lock:
            if self.child is not None and self.busy and self.asked == number:
                self.child.kill()

    def write(self, line: str) -> None:
        """A line to the process."""
        assert self.child is not None
        assert self.child.stdin is not None
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()

    def close(self) -> None:
        """End for good."""
        with self.lock:
            self.closed = True
            if self.child is not None:
                self.child.kill()

    def ask(self, line: str, hear: Hear) -> None:
        """Write a line, and hear every answer until the end."""
        child = self.begun(line)
        assert child.stdout is not None
        try:
            for answer in child.stdout:
                said: dict[str, Any] = json.loads(answer)
                if "errors" in said:
                    raise RunError(said["errors"])
                if "end" in said:
                    return
                hear(said)
        finally:
            with self.lock:
                self.busy = False
        raise self.died(child)

    def begun(self, line: str) -> "subprocess.Popen[str]":
        """The process with a line written to it; one that has died meanwhile says so when it is read."""
        child = self.living()
        with self.lock:
            self.asked, self.busy, self.halted = self.asked + 1, True, False
            with suppress(BrokenPipeError):
                self.write(line)
        return child

    def living(self) -> "subprocess.Popen[str]":
        """The process, started anew if there is none."""
        with self.lock:
            if self.closed:
                raise KhinganError("the run", "the server is stopping", "start it again and resume")
            if self.child is None or self.child.poll() is not None:
                self.child = self.started()
            return self.child

    def started(self) -> "subprocess.Popen[str]":
        """A new process; what it says on standard error goes to the log."""
        words = [sys.executable, "-m", "khingan.serve.line", str(self.log.with_name(AHEAD_FILE).absolute())]
        with self.log.open("w", encoding="utf-8") as log:
            return subprocess.Popen(
                words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
                start_new_session=True,  # Ctrl-C is for the server, which ends this in its own way
            )

    def died(self, child: "subprocess.Popen[str]") -> RunError:
        """What to say of a process that ended without an answer."""
        code = child.wait()
        how = f"signal {-code}" if code < 0 else f"status {code}"
        words = self.log.read_text(encoding="utf-8", errors="replace").strip()[-LAST_WORDS:]
        lines = words.splitlines()[-1:]
        what = f"the run ended with {how}" + "".join(f": {line}" for line in lines)
        return RunError([{"where": "the run", "what": what, "remedy": f"repeat it; all it said is in {self.log}"}])
