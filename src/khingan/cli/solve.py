"""Command that plays a game: solve."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from khingan.cli.door import AsJson, Campaign, ChangesFile, app
from khingan.cli.experiment import Seed, Workers, campaign_and_repertoire, number
from khingan.cli.screen import page, say_json, table, tell, watched

if TYPE_CHECKING:
    from khingan.experiment.solve import Estimate, Solution


@app.command()
def solve(
    campaign: Campaign,
    game: Annotated[Path | None, typer.Option(metavar="FILE", help="A game of your own; else the campaign's.")] = None,
    runs: Annotated[int, typer.Option(min=2, max=1_000_000, help="Runs an entry to begin with.")] = 50,
    most_runs: Annotated[int, typer.Option(min=2, max=1_000_000, help="Runs an entry at most.")] = 400,
    seed: Seed = 1945,
    out: Annotated[
        Path | None, typer.Option(help="The folder of the finished chunks; found there, they are kept.")
    ] = None,
    changes: ChangesFile = None,
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Where and when: both sides' choices as a game on simulated payoffs, and what history's plans could have cost."""
    from khingan.experiment import solve as experiment

    scenario, repertoire = campaign_and_repertoire(campaign, changes)
    contest = experiment.Contest(scenario, repertoire, experiment.read_game(scenario, repertoire, game or ""), seed)
    folder = out or contest.default_folder()
    with watched() as progress:
        found = experiment.solve(contest, folder, runs, most_runs, workers, progress)
    if as_json:
        say_json(found.as_dict())
    else:
        show_solution(found)
    if found.error > experiment.WANTED:
        tell(f"an entry is known to {found.error:.1%} of the range of payoffs | raise --most-runs")
    tell(f"game {folder}")


def show_solution(found: "Solution") -> None:
    """The payoffs, both mixtures, and what history's plans, and not knowing, were worth."""
    console = page()
    console.print(found.what, markup=False)
    columns = [f"{found.measure} ({found.unit})", *(played.strategy for played in found.defender)]
    rows = [[played.strategy, *map(number, line)] for played, line in zip(found.attacker, found.payoff, strict=True)]
    console.print(table("Attacker down, defender across", columns, rows, columns[1:]))
    for side, mixture in (("attacker", found.attacker), ("defender", found.defender)):
        rows = [
            [
                played.strategy,
                f"{played.probability:.2f}",
                f"{played.low:.2f} to {played.high:.2f}",
                f"{played.used:.0%}",
            ]
            for played in mixture
        ]
        columns = [side, "probability", "95 %", "used in"]
        console.print(table(f"The {side} in equilibrium", columns, rows, columns[1:]))
    lines = {
        "value of the game": found.value,
        f"history: {found.historical[0]} against {found.historical[1]}": found.historical_value,
        "the defender could have gained against the attacker's plan": found.exploitability_attacker,
        "the attacker could have gained against the defender's plan": found.exploitability_defender,
        **{DECEPTION[name]: estimate for name, estimate in found.deception.items()},
    }
    rows = [[name, number(estimate.value), interval(estimate)] for name, estimate in lines.items()]
    console.print(table("", ("", found.unit, "95 %"), rows, (found.unit, "95 %")))
    console.print(
        f"{found.entries} entries of {found.runs} runs, seed {found.seed}; an equilibrium is a bound on what these "
        "choices allow, not a claim that anybody solved a game.",
        markup=False,
    )


DECEPTION = {
    "best_reply": "deception, had the defender known and answered best",
    "historical_rule": "deception, had he known and followed his own rule",
}


def interval(estimate: "Estimate") -> str:
    """The 95 % interval of an estimate."""
    return f"{number(estimate.low)} to {number(estimate.high)}"
