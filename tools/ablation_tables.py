"""Write docs/ablations.md: what each mechanism is worth, `python tools/ablation_tables.py --runs 2000`.

Every switch is played alone with the luck of the campaign as it is. All measures of the campaign stand in one table; a
second counts the dated events whose mean moved, and names the three that moved most.
"""

import argparse
from pathlib import Path

from khingan import __version__
from khingan.experiment.ablation import ablate
from khingan.experiment.change import Measure
from khingan.experiment.effect import Effect
from khingan.experiment.repertoire import read_repertoire
from khingan.history.targets import read_history
from khingan.scenario.read import load
from khingan.scenario.schema import Scenario

PAGE = Path(__file__).parents[1] / "docs" / "ablations.md"
HEAD = """\
# Ablations

What each mechanism is worth: every [switch](guides/ask_what_if.md#what-each-mechanism-is-worth) alone against the
campaign as it is, {runs} pairs of runs with the same luck, seed {seed}, version {version}. Written by
`python tools/ablation_tables.py --runs {runs}`.

Each cell is the change of the measure's mean when the mechanism is switched off, with its 95 % interval. A change whose
interval leaves out zero is **bold**; the others may be nothing.
"""


def main() -> None:
    """Play all switches and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--campaign", default="far-east-1945")
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1945)
    given = parser.parse_args()
    scenario = load(given.campaign)
    repertoire = read_repertoire(scenario)
    measures = list(repertoire.measures.values())
    events = dated(scenario)
    found = ablate(scenario, repertoire.chosen(repertoire.switches), [*measures, *events], given.runs, given.seed)
    parts = [HEAD.format(runs=given.runs, seed=given.seed, version=__version__)]
    for first in range(0, len(measures), 4):
        parts.append(table_of_measures(found, range(first, min(first + 4, len(measures)))))
    parts.append(table_of_events(found, len(measures)))
    PAGE.write_text("\n".join(parts), encoding="utf-8")


def dated(scenario: Scenario) -> list[Measure]:
    """A measure for each dated event of history."""
    place = {"file": "tool", "line": 0, "kind": "dates"}
    return [
        Measure(name=target.target, what=target.place or target.target, targets=(target.target,), **place)
        for target in read_history(scenario).targets
    ]


def table_of_measures(found: dict[str, list[Effect]], columns: range) -> str:
    """A line a switch, a column a measure."""
    some = next(iter(found.values()))
    lines = ["| switch | " + " | ".join(f"{some[k].measure} ({some[k].unit})" for k in columns) + " |"]
    lines.append("|---" * (len(columns) + 1) + "|")
    lines.append("| as it is | " + " | ".join(figure(some[k].factual) for k in columns) + " |")
    lines += [
        f"| `{name}` | " + " | ".join(cell(effects[k]) for k in columns) + " |" for name, effects in found.items()
    ]
    return "\n".join(lines) + "\n"


def cell(effect: Effect) -> str:
    """A difference with its interval."""
    text = figure(effect.difference)
    return f"{f'**{text}**' if effect.is_felt else text} ({figure(effect.low)} to {figure(effect.high)})"


def table_of_events(found: dict[str, list[Effect]], first: int) -> str:
    """How many dated events each switch moves, and which most."""
    lines = ["## Dated events", "", "Mean days later (or earlier, below zero) without the mechanism; never counts as",
             "the horizon and six days. With this many events about one in twenty would seem to move by chance.", "",
             "| switch | events moved | of | moved most |", "|---|---|---|---|"]  # fmt: skip
    for name, effects in found.items():
        events = effects[first:]
        moved = [effect for effect in events if effect.is_felt]
        most = sorted(moved, key=lambda effect: -abs(effect.difference))[:3]
        said = "; ".join(f"{effect.measure} {figure(effect.difference)}" for effect in most)
        lines.append(f"| `{name}` | {len(moved)} | {len(events)} | {said} |")
    return "\n".join(lines) + "\n"


def figure(value: float) -> str:
    """Three figures of a small number, no decimals of a large one."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


if __name__ == "__main__":
    main()
