"""Commands that open the laboratory in a browser: serve."""

from pathlib import Path
from typing import Annotated

import typer

from khingan.cli.door import Campaign, app
from khingan.cli.play import DEFAULT_CAMPAIGN
from khingan.cli.screen import tell


@app.command()
def serve(
    campaign: Campaign = DEFAULT_CAMPAIGN,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port on 127.0.0.1; 0 takes a free one.")] = 8945,
    studies: Annotated[Path, typer.Option(metavar="DIR", help="The folder of the studies.")] = Path("studies"),
) -> None:
    """Open the laboratory in a browser on this machine: studies, and what if, live."""
    from khingan.serve.door import serve as open_door

    open_door(campaign, studies, port, tell)
