"""Commands that change the war: changes, what-if, attribute, ablate."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from khingan.cli.door import AsJson, Campaign, Changed, ChangesFile, app
from khingan.cli.screen import page, say_json, table, tell, watched
from khingan.errors import KhinganError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from khingan.experiment.attribution import Attribution
    from khingan.experiment.change import Repertoire
    from khingan.experiment.effect import Effect
    from khingan.scenario.schema import Scenario

DECISIONS = {"schools": "mean of the four"}

Measures = Annotated[
    list[str] | None, typer.Option("--measure", metavar="NAME", help="What is measured; may be repeated; all if none.")
]
Politics = Annotated[
    str | None,
    typer.Option(
        "--politics",
        metavar="SCHOOL",
        help="Whose decision ends the war: schools in turn (if not given), one of them, or calendar.",
    ),
]
Start = Annotated[
    Literal["history", "prelude"],
    typer.Option("--from", help="As the campaign states the first hour, or as each run's own prelude ends."),
]
Seed = Annotated[int, typer.Option(min=0, max=2**32 - 1, help="The seed of all luck and all draws.")]
Workers = Annotated[int | None, typer.Option(min=1, max=1024, help="Threads; never changes the result.")]


def campaign_and_repertoire(campaign: str, changes: Path | None) -> "tuple[Scenario, Repertoire]":
    """A campaign and all that may be changed and measured in it."""
    from khingan.experiment.repertoire import read_repertoire
    from khingan.scenario.read import load

    scenario = load(campaign)
    return scenario, read_repertoire(scenario, changes or "")


@app.command()
def changes(campaign: Campaign, changes: ChangesFile = None) -> None:
    """List the named changes, measures and factors of a campaign."""
    _, repertoire = campaign_and_repertoire(campaign, changes)
    console = page()
    rows = [
        [change.shown, change.what, change.source or change.author, change.grade, change.file]
        for change in repertoire.changes.values()
    ]
    console.print(table("Changes", ("change", "what and why", "by", "grade", "file"), rows))
    rows = [[name, measure.what] for name, measure in repertoire.measures.items()]
    console.print(table("Measures", ("measure", "what"), rows))
    rows = [[name, factor.what, " ".join(factor.off)] for name, factor in repertoire.factors.items()]
    if rows:
        console.print(table("Factors", ("factor", "what", "taken away by"), rows))


@app.command("what-if")
def what_if(
    campaign: Campaign,
    change: Changed = None,
    measure: Measures = None,
    runs: Annotated[int, typer.Option(min=2, max=1_000_000, help="Pairs of runs.")] = 200,
    seed: Seed = 1945,
    changes: ChangesFile = None,
    width: Annotated[
        float | None, typer.Option(help="Say how many runs an interval of this width needs, in the measure's unit.")
    ] = None,
    politics: Politics = None,
    start: Start = "history",
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Play a campaign as it was and under changes, with the same luck, and say what differs."""
    if width is not None and not width > 0:
        raise KhinganError("--width", f"{width:g} is no width", "give a number above 0 in the measure's unit")
    from khingan.experiment import what_if as experiment
    from khingan.experiment.political import politics_settings

    scenario, repertoire = campaign_and_repertoire(campaign, changes)
    chosen, measures = repertoire.chosen(change or ()), repertoire.measured(measure or ())
    settings = politics_settings(scenario, politics, chosen, start)
    with watched() as progress:
        effects = experiment.what_if(scenario, chosen, measures, runs, seed, settings, workers, progress)
    if as_json:
        say_json([effect.as_dict() for effect in effects])
    else:
        show_effects(effects, [entry.what for entry in chosen], width)
        for text in said_of_politics(scenario, effects[0].politics):
            page().print(text, markup=False)
    for effect in effects:
        if not effect.pairing_helps:
            tell(f"{effect.measure}: pairing does not help here (gain {effect.pairing_gain:.2f}, {effect.politics})")


def show_effects(effects: "list[Effect]", sentences: list[str], width: float | None) -> None:
    """What the changes say, and a line a measure."""
    console = page()
    for sentence in sentences or ["Nothing is changed: the effect is zero."]:
        console.print(sentence, markup=False)
    columns = ["measure", "unit", "decision", "factual", "counterfactual", "difference", "95 %", "gain"]
    columns += [f"runs for width {width:g}"] if width else []
    rows = [
        [
            effect.measure, effect.unit, DECISIONS.get(effect.politics, effect.politics),
            number(effect.factual), number(effect.counterfactual),
            number(effect.difference), f"{number(effect.low)} to {number(effect.high)}",
            number(effect.pairing_gain), *([number(effect.runs_for(width))] if width else []),
        ]
        for effect in effects
    ]  # fmt: skip
    console.print(table("", columns, rows, columns[3:]))
    console.print(
        f"{max(effect.runs for effect in effects)} pairs of runs; gain: how many times more runs independent luck "
        "would need."
    )


def said_of_politics(scenario: "Scenario", politics: str) -> "Iterator[str]":
    """Whose decision was played, and that one event cannot tell the schools apart."""
    if politics == "calendar":
        yield "The war ends by the historical calendar."
        return
    from khingan.history.surrender import widest_factor

    yield "The decision to end the war is drawn as the school reads it (grade C); the mean weighs the four alike."
    factor = widest_factor(scenario)
    if factor:
        yield f"One event cannot tell the schools apart: no Bayes factor of the historical dates is above {factor:.1f}."


def number(value: float) -> str:
    """A number for a table: three figures of a small one, no decimals of a large one."""
    from math import isfinite

    if not isfinite(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


@app.command()
def attribute(
    campaign: Campaign,
    factors: Annotated[str, typer.Option(metavar="A,B,...", help="Factors or changes, with commas.")],
    measure: Measures = None,
    runs: Annotated[int, typer.Option(min=2, max=1_000_000, help="Runs a combination to begin with.")] = 100,
    most_runs: Annotated[int, typer.Option(min=2, max=1_000_000, help="Runs a combination at most.")] = 1000,
    seed: Seed = 1945,
    out: Annotated[
        Path | None, typer.Option(help="The folder of the finished chunks; found there, they are kept.")
    ] = None,
    changes: ChangesFile = None,
    politics: Politics = None,
    start: Start = "history",
    attacker: Annotated[
        Literal["frozen", "adapting"],
        typer.Option(help="His plan as it was, or where surprise is away he takes the best of game.yaml."),
    ] = "frozen",
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Share an outcome among its causes, by playing every combination of them with the same luck."""
    from khingan.experiment import attribution as experiment
    from khingan.experiment.political import politics_settings
    from khingan.experiment.reply import ADAPTING, no_replies, replies_of
    from khingan.experiment.solve import read_game

    scenario, repertoire = campaign_and_repertoire(campaign, changes)
    named = tuple(repertoire.factor(name.strip()) for name in factors.split(",") if name.strip())
    off = repertoire.chosen({name for factor in named for name in factor.off})
    settings = politics_settings(scenario, politics, off, start)
    replies = no_replies()
    if attacker == ADAPTING:
        replies = replies_of(read_game(scenario, repertoire), repertoire, named)
    measures = repertoire.measured(measure or ())
    question = experiment.Question(scenario, repertoire, named, measures, seed, settings, replies)
    folder = out or question.default_folder()
    with watched() as progress:
        found = experiment.attribute(question, folder, runs, most_runs, workers, progress)
    if as_json:
        say_json([entry.as_dict() for entry in found])
    else:
        for entry in found:
            show_attribution(entry)
        for text in said_of_politics(scenario, found[0].politics):
            page().print(text, markup=False)
    for entry in found:
        if not entry.reached and entry is widest(found, entry):
            tell(f"{entry.measure}: the leading share is not yet known to 5 % of the difference | raise --most-runs")
    tell(f"attribution {folder}")


def widest(found: "list[Attribution]", entry: "Attribution") -> "Attribution":
    """Of the shares of one measure the one with most runs: that of all schools together, where they take turns."""
    return max((other for other in found if other.measure == entry.measure), key=lambda other: other.runs)


def show_attribution(found: "Attribution") -> None:
    """What is shared, a line a factor, and the interactions whose interval leaves out zero."""
    console = page()
    title = (
        f"{found.measure} ({found.unit}): {number(found.factual)} as it was, {number(found.counterfactual)} with every "
        f"factor off; {found.runs} runs a combination; decision: {DECISIONS.get(found.politics, found.politics)}"
    )
    columns = ["factor", "share", "95 %", "of the difference"]
    asked = any(share.causation for share in found.shares)
    columns += ["necessary", "sufficient"] if asked else []
    rows = []
    for share in sorted(found.shares, key=lambda share: -abs(share.share)):
        part = share.share / found.difference if found.difference else float("nan")
        row = [
            share.factor,
            number(share.share),
            f"{number(share.low)} to {number(share.high)}",
            f"{number(100 * part)} %",
        ]
        if share.causation:
            bounds = share.causation.necessity_bounds, share.causation.sufficiency_bounds
            row += [f"{number(low)} to {number(high)}" for low, high in bounds]
        rows.append(row)
    console.print(table(title, columns, rows, columns[1:]))
    for reply in found.replies:
        console.print(f"Without {', '.join(reply.off)} the attacker takes: {reply.option}.", markup=False)
    joint = [pair for pair in found.interactions if pair.low > 0 or pair.high < 0]
    rows = [
        [" + ".join(pair.factors), number(pair.value), f"{number(pair.low)} to {number(pair.high)}"] for pair in joint
    ]
    if rows:
        console.print(
            table("Together beyond each alone", ["factors", "interaction", "95 %"], rows, ["interaction", "95 %"])
        )


@app.command()
def ablate(
    campaign: Campaign,
    change: Changed = None,
    measure: Measures = None,
    runs: Annotated[int, typer.Option(min=2, max=1_000_000, help="Pairs of runs.")] = 200,
    seed: Seed = 1945,
    changes: ChangesFile = None,
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Switch the mechanisms off one by one, or the named changes, and say what each is worth."""
    from khingan.experiment import ablation as experiment

    scenario, repertoire = campaign_and_repertoire(campaign, changes)
    switches = repertoire.chosen(change or repertoire.switches)
    measures = repertoire.measured(measure or ())
    with watched() as progress:
        found = experiment.ablate(scenario, switches, measures, runs, seed, workers=workers, progress=progress)
    if as_json:
        say_json([{"change": name} | effect.as_dict() for name, effects in found.items() for effect in effects])
        return
    console = page()
    for k, entry in enumerate(measures):
        columns = ["change", "difference", "95 %", "gain", ""]
        rows = [
            [name, number(effects[k].difference), f"{number(effects[k].low)} to {number(effects[k].high)}",
             number(effects[k].pairing_gain), "" if effects[k].is_felt else "may be nothing"]
            for name, effects in found.items()
        ]  # fmt: skip
        first = next(iter(found.values()))[k]
        console.print(
            table(f"{entry.name} ({first.unit}): {number(first.factual)} as it is", columns, rows, columns[1:4])
        )
    console.print(f"{runs} pairs of runs; a difference whose interval holds zero may be nothing.")
