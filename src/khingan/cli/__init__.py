"""The command line. Nothing heavy is imported here or above a command's own body, so that --help answers at once."""

from khingan.cli import campaign, chronicle, consult, experiment, pages, play, politics, prelude, serve, sweep, validate
from khingan.cli.door import app

__all__ = [
    "app",
    "campaign",
    "chronicle",
    "consult",
    "experiment",
    "main",
    "pages",
    "play",
    "politics",
    "prelude",
    "serve",
    "sweep",
    "validate",
]


def main() -> None:
    """The `khingan` command."""
    app()
