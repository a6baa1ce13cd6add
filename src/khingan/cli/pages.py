"""Commands that make a page of a study: report."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from khingan.cli.consult import Folder, campaign_of
from khingan.cli.door import app
from khingan.cli.screen import tell


@app.command()
def report(
    folder: Folder,
    out: Annotated[
        Path | None, typer.Option(help="The page; report.html in the study's folder where not given.")
    ] = None,
) -> None:
    """Write a study as one page that opens from a file: map, clock, charts, comparison, evidence."""
    from khingan.report.page import client, write_page

    client()  # said now, not when all is counted
    from khingan.history.compare import compare
    from khingan.history.spread import found_spread
    from khingan.history.targets import has_history
    from khingan.simulation.result import Result
    from khingan.simulation.study import REPORT

    result = Result.open(folder)
    scenario = campaign_of(result)
    known = has_history(scenario)
    comparison = compare(result, scenario) if known else None
    spread = partial(found_spread, result, scenario) if known else tuple
    path = write_page(result, scenario, comparison, out or folder / REPORT, spread)
    tell(f"report {path}")
