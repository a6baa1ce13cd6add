"""The player in a process of its own: whatever becomes of it, the server goes on.

The server writes a line for each thing wanted (`ready CAMPAIGN`, `play FOLDER`, `halt`) and reads JSON lines until
`end` or `errors`. While nobody asks, a little of what the next question will want is played.
"""

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

from khingan.errors import KhinganError
from khingan.serve.player import Hear, Player
from khingan.serve.told import told


class Line:
    """What the server has written; heard at once, so that a halt reaches a question while it is played."""

    def __init__(self, source: Iterable[str], player: Player) -> None:
        self.player = player
        self.wanted: SimpleQueue[str | None] = SimpleQueue()
        Thread(target=self.listen, args=(source,), name="khingan-line", daemon=True).start()

    def listen(self, source: Iterable[str]) -> None:
        """Hear every line until the server closes it; a halt is for what was wanted before it."""
        for line in source:
            if line.strip() == "halt":
                self.player.stop.set()
            else:
                self.player.stop.clear()
                self.wanted.put(line.rstrip("\n"))
        self.player.stop.set()
        self.wanted.put(None)

    def next(self) -> str | None:
        """What is wanted next, nothing at the end; until then the player plays ahead."""
        while self.wanted.empty() and self.player.ahead():
            pass
        return self.wanted.get()


def attend(player: Player, line: str, hear: Hear) -> None:
    """Do what a line asks for, and say how it ended."""
    word, _, rest = line.partition(" ")
    try:
        if word == "ready":
            player.prepared(rest, hear)
        else:
            player.play(Path(rest), hear)
        hear({"end": True})
    except KhinganError as error:
        hear({"errors": told(error)})


def main() -> None:
    """Answer line after line until the server closes."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    sys.stdout = sys.stderr  # whatever else prints must not be taken for an answer

    def hear(said: dict[str, Any]) -> None:
        print(json.dumps(said), file=out, flush=True)

    player = Player(kept=Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    lines = Line(sys.stdin, player)
    try:
        while (line := lines.next()) is not None:
            attend(player, line, hear)
    except (BrokenPipeError, KeyboardInterrupt):
        return


if __name__ == "__main__":
    main()
