"""The command line. Nothing heavy is imported here or above a command's own body, so that --help answers at once."""

import gc
import os

from khingan.cli import (
    ask,
    calibrate,
    campaign,
    chronicle,
    consult,
    experiment,
    pages,
    play,
    politics,
    prelude,
    score,
    serve,
    solve,
    sweep,
    validate,
)
from khingan.cli.door import app

__all__ = [
    "app",
    "ask",
    "calibrate",
    "campaign",
    "chronicle",
    "consult",
    "experiment",
    "main",
    "pages",
    "play",
    "politics",
    "prelude",
    "score",
    "serve",
    "solve",
    "sweep",
    "validate",
]


def main() -> None:
    """The `khingan` command."""
    # Matrices here are small: threads that wait for larger ones only take time from those that play.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(50_000, 50, 50)  # a command makes many lasting objects and little garbage
    app()
