"""The door of the command line: the application that every command hangs on, and what becomes of its errors."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from khingan.cli.screen import tell
from khingan.errors import KhinganError

Campaign = Annotated[str, typer.Argument(help="A campaign's name, or a folder that holds one.")]
Changed = Annotated[
    list[str] | None,
    typer.Option("--change", metavar="NAME", help="A named change (`khingan changes` lists them); may be repeated."),
]
ChangesFile = Annotated[
    Path | None, typer.Option("--changes", metavar="FILE", help="A file of your own changes, measures and factors.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON alone on standard output.")]


class Door(TyperGroup):
    """Turns what a command raises into a message and an exit status: 1 for what the user can mend, 130 for Ctrl-C."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KhinganError as error:
            tell(str(error))
            raise typer.Exit(1) from None
        except KeyboardInterrupt as stop:
            tell(str(stop) or "stopped")
            raise typer.Exit(130) from None
        except BrokenPipeError:
            raise  # the reader has had enough, as in `| head`; click leaves without a word
        except OSError as error:
            tell(f"{error.filename or 'standard output'} | {error.strerror} | free space, or name another place")
            raise typer.Exit(1) from None


app = typer.Typer(
    cls=Door,
    help="An open laboratory for historical campaigns: evidence, ensembles, history.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def version(wanted: bool) -> None:
    """Print the version and leave."""
    if wanted:
        from khingan import __version__

        print(__version__)
        raise typer.Exit


@app.callback()
def khingan(
    version: bool = typer.Option(False, "--version", callback=version, is_eager=True, help="Print the version."),
) -> None:
    """An open laboratory for historical campaigns: evidence, ensembles, history."""
