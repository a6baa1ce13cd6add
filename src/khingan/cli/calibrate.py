"""The command that fits a campaign's parameters to its history: calibrate."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from khingan.cli.door import AsJson, Campaign, app
from khingan.cli.screen import page, say_json, table, tell, watched

if TYPE_CHECKING:
    from khingan.calibration.campaign_fit import Calibration

KINDS = {
    "h": "dates",
    "men": "losses and prisoners",
    "tanks": "tanks written off",
    "hours": "fuel halts",
    "km/day": "rates of advance",
}


@app.command()
def calibrate(
    campaign: Campaign,
    budget: Annotated[int, typer.Option(metavar="RUNS", help="Runs of the reference table.")] = 100_000,
    seed: Annotated[int, typer.Option(help="The seed of all luck and all draws.")] = 1946,
    out: Annotated[Path | None, typer.Option(help="The folder of table and fit; the same table there goes on.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=1024, help="Threads; never changes the result.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fit a campaign's parameters to its history: table of runs, posterior, and the fit's own examination."""
    from khingan.calibration import campaign_fit
    from khingan.calibration.keep import keep
    from khingan.scenario.read import load

    scenario = load(campaign)
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    folder = out or Path("studies") / f"calibration-{scenario.calendar.name}-seed{seed}-{now}Z"
    with watched() as progress:
        found = campaign_fit.calibrate(scenario, folder, budget, seed, workers, progress)
        result = keep(found, scenario, folder, seed)
    draw(found, result, folder)
    if as_json:
        say_json(result)
    else:
        show(result)
    tell(f"calibration {folder}")


def draw(found: "Calibration", result: dict[str, Any], folder: Path) -> None:
    """The corner plot and what the posterior predicts, beside the result."""
    from khingan.calibration.campaign_fit import DRAWS
    from khingan.report.calibration_plots import corner, predictive

    z = found.sample.draws(DRAWS, result["seed"])
    (folder / "corner.svg").write_text(corner(found.fitted, z), encoding="utf-8")
    (folder / "predictive.svg").write_text(predictive(result["predictive"]), encoding="utf-8")


def show(result: dict[str, Any]) -> None:
    """What was fitted, what the fit can tell, and what it misses."""
    console = page()
    columns = (
        "parameter",
        "unit",
        "prior 5-95 %",
        "posterior 5-95 %",
        "spread",
        "recovered",
        "90 % cover",
        "ranks even",
    )
    rows = [
        [
            row["name"], row["unit"], between(row["prior"]), between(row["posterior"]), f"{row['spread']:.2f}",
            f"{row['recovered']:.2f}", f"{row['cover90']:.0%}", f"{row['evenness']:.2g}",
        ]
        for row in result["parameters"]
    ]  # fmt: skip
    console.print(table(f"Fitted to {result['campaign']} by {result['runs']:,} runs", columns, rows, columns[2:]))
    heads = ("summary", "history", "priors 5-95 %", "posterior 5-95 %")
    rows = [
        [row["name"], f"{row['observed']:.2f}", between(row["prior"]), between(row["posterior"])]
        for row in result["summaries"]
    ]
    console.print(table("Summaries, in days or ln men", heads, rows, heads[1:]))
    for sentence in sentences(result):
        console.print(sentence, markup=False)


def sentences(result: dict[str, Any]) -> list[str]:
    """The fit in words."""
    said = [
        f"Not ruled out: {result['left']:.1%} of the prior. Kept rows: {result['kept']:,}, worth "
        f"{result['effective']:,.0f} equal ones; {result['clipped']:.1%} of them moved back to the edge of a prior.",
    ]
    for unit, kind in KINDS.items():
        for seen in (True, False):
            rows = [row for row in result["predictive"] if row["unit"] == unit and row["fitted"] == seen]
            if rows:
                inside = sum(row["inside"] for row in rows)
                said.append(f"{kind}, {'fitted' if seen else 'not fitted'}: {inside} of {len(rows)} inside 5-95 %.")
    return said


def between(spread: dict[str, float]) -> str:
    """The 5-95 % interval in three figures."""
    return f"{spread['q05']:.3g} - {spread['q95']:.3g}"
