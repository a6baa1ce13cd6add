"""What a person sees: progress and messages on standard error, tables on standard output."""

import json
import math
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from khingan.simulation.run import Progress

PHASES = {"compile": "compiling the engine", "runs": "playing", "fit": "fitting", "predict": "playing the posterior"}
SILENCE_S = 60.0  # after which a long phase says how far it is where there is no terminal
NARROWEST_PIPE = 140


def tell(message: str) -> None:
    """One message on standard error."""
    print(message, file=sys.stderr, flush=True)


def say_json(value: Any) -> None:
    """JSON alone on standard output; a value that is not a number is null."""
    print(json.dumps(numbered(value), ensure_ascii=False, allow_nan=False), flush=True)


def numbered(value: Any) -> Any:
    """The value with every NaN and infinity as null, which JSON has no word for."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: numbered(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [numbered(entry) for entry in value]
    return value


def page() -> "Console":
    """Standard output; wide enough for a table where no terminal sets the width."""
    from rich.console import Console

    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=max(console.width, NARROWEST_PIPE))


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[str] = ()) -> "Table":
    """A table; the columns named in `numbers` stand to the right. No cell is read as markup."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    made = Table(title=escape(title), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        made.add_column(column, justify="right" if column in numbers else "left")
    for row in rows:
        made.add_row(*(escape(cell) for cell in row))
    return made


class Clock:
    """How long a phase still takes, said once in `SILENCE_S`."""

    def start(self, done: int) -> None:
        """A phase begins with so much already done."""
        self.began = self.said = monotonic()
        self.first = done

    def left(self, done: int, total: int) -> str:
        """Minutes to go by the pace so far; empty where it was said a short while ago or nothing is done."""
        now = monotonic()
        if now - self.said < SILENCE_S or not self.first < done < total:
            return ""
        self.said = now
        minutes = (now - self.began) / (done - self.first) * (total - done) / 60.0
        return f"{minutes:.0f} min"


@contextmanager
def watched() -> "Iterator[Progress]":
    """Progress on standard error: a bar, time spent and time to go of each phase on a terminal; lines elsewhere."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )  # fmt: skip

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeElapsedColumn(), TimeRemainingColumn())  # fmt: skip
    console = Console(stderr=True)
    tasks: dict[str, Any] = {}
    clock = Clock()
    with Progress(*columns, console=console, disable=not console.is_terminal) as display:

        def hear(phase: str, done: int, total: int) -> None:
            if phase not in tasks:
                tasks[phase] = display.add_task(PHASES[phase], total=total)
                clock.start(done)
                if not console.is_terminal:
                    tell(PHASES[phase])
            elif not console.is_terminal and (left := clock.left(done, total)):
                tell(f"{PHASES[phase]}: {done:,} of {total:,}, {left} to go")
            display.update(tasks[phase], completed=done)

        yield hear
