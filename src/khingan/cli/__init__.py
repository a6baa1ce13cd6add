"""The command line. Nothing heavy is imported here or above a command's own body, so that --help answers at once."""

from khingan.cli import ask, campaign, chronicle, consult, experiment, pages, play, politics, prelude, serve, validate
from khingan.cli.door import app

__all__ = [
    "app",
    "ask",
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
    "validate",
]


def main() -> None:
    """The `khingan` command."""
    app()
