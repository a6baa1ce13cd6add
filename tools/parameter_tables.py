"""Write the tables of parameters into docs/mechanisms from the parameter files: `python tools/parameter_tables.py`.

Each page holds two marks; what stands between them is replaced. A test compares page and file, so run this after
every change to a parameter.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from khingan.evidence.parameters import Parameter, read_parameters
from khingan.evidence.prior import Prior

PAGES = Path(__file__).parents[1] / "docs" / "mechanisms"
BEGIN, END = "<!-- parameters, from the file: begin -->", "<!-- parameters: end -->"


def main() -> None:
    """Rewrite the tables of every page."""
    parameters = read_parameters().values()
    for mechanism, own in groupby(parameters, lambda parameter: parameter.key.split(".")[0]):
        page = PAGES / f"{mechanism}.md"
        text = page.read_text(encoding="utf-8")
        before, after = text.split(BEGIN)[0], text.split(END)[1]
        page.write_text(f"{before}{BEGIN}\n\n{tables(list(own))}\n{END}{after}", encoding="utf-8")


def tables(parameters: Sequence[Parameter]) -> str:
    """The numbers of a mechanism in one table, then its tables, those with the same rows side by side."""
    numbers = [parameter for parameter in parameters if not parameter.is_table]
    head = ("parameter", "default", "unit", "prior", "source", "grade", "meaning")
    parts = [table(head, (line(parameter) for parameter in numbers))] if numbers else []
    columns = [parameter for parameter in parameters if parameter.is_table and len(parameter.columns) == 1]
    for rows, alike in groupby(sorted(columns, key=lambda parameter: parameter.rows), lambda found: found.rows):
        together = list(alike)
        values = ([row, *(f"{found.values[k][0]:g}" for found in together)] for k, row in enumerate(rows))
        parts.append(captions(together) + table(("", *(short(found) for found in together)), values))
    for found in parameters:
        if len(found.columns) > 1:
            values = ([row, *(f"{number:g}" for number in found.values[k])] for k, row in enumerate(found.rows))
            parts.append(captions([found]) + table((short(found), *found.columns), values))
    return "\n".join(parts)


def line(parameter: Parameter) -> list[str]:
    """A number as cells."""
    meaning = parameter.meaning + (f" ({parameter.note})" if parameter.note else "")
    default, prior = f"{parameter.value:g}", prior_in_words(parameter.prior)
    return [short(parameter), default, parameter.unit, prior, parameter.source, parameter.grade, meaning]


def captions(parameters: Iterable[Parameter]) -> str:
    """What tables say, above them."""
    return "".join(
        f"{short(found)}: {found.meaning} (unit {found.unit}; source {found.source}; grade {found.grade}"
        f"{'; ' + found.note if found.note else ''}).\n\n"
        for found in parameters
    )


def short(parameter: Parameter) -> str:
    """The name within its mechanism."""
    return f"`{parameter.key.split('.')[1]}`"


def prior_in_words(prior: Prior) -> str:
    """`lognormal, log_sd 0.45`; `fixed`."""
    return ", ".join([prior.kind, *(f"{name} {number:g}" for name, number in prior.arguments)])


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cells) + " |\n" for cells in lines)


if __name__ == "__main__":
    main()
