"""A changed row is held to the same lists and names as a row that was read."""

from collections.abc import Iterator, Mapping
from typing import Any

from khingan.errors import suggestion
from khingan.evidence.record import Row
from khingan.scenario.cells import claim_column, disputable_cells
from khingan.scenario.check import REFERENCES, WORDS
from khingan.scenario.schema import Plan, Scenario

TABLE_OF = {
    "place": ("places", "name"), "army": ("armies", "army"), "formation": ("formations", "formation"),
    "plan": ("plans", "key"), "order": ("orders", "order"), "works": ("works", "works"),
    "region": ("weather", "region"),
}  # fmt: skip


def row_faults(
    row: Row, columns: set[str], tables: Mapping[str, list[Any]], scenario: Scenario
) -> Iterator[tuple[str, str]]:
    """What is wrong with the new words, names and claims of a row: (what, remedy)."""
    for model, column, words in WORDS:
        if isinstance(row, model) and column in columns and getattr(row, column) not in words:
            yield f"unknown {column} '{getattr(row, column)}'", suggestion(str(getattr(row, column)), words)
    for model, column, kind, required in REFERENCES:
        if isinstance(row, model) and column in columns:
            yield from _name_faults(getattr(row, column), column, kind, required, _names(kind, tables, scenario))
    if isinstance(row, Plan) and "legs" in columns:
        for leg in row.legs:
            yield from _name_faults(leg, "legs", "place", True, _names("place", tables, scenario))
    for cell in disputable_cells(row):
        if cell.column in columns or claim_column(row, cell.column) in columns:
            known = scenario.ledger.claims
            if cell.claim not in known:
                yield f"{cell.column} rests on no claim '{cell.claim}'", suggestion(cell.claim, known)


def _names(kind: str, tables: Mapping[str, list[Any]], scenario: Scenario) -> set[str]:
    if kind == "front":
        return {army.front for army in tables["armies"]}
    if kind == "operation":
        return {operation.key for operation in scenario.calendar.operations}
    table, key = TABLE_OF[kind]
    return {getattr(row, key) for row in tables[table]}


def _name_faults(
    name: str, column: str, kind: str, required: bool, names: set[str]
) -> Iterator[tuple[str, str]]:  # fmt: skip
    if not name and required:
        yield f"{column} is empty", f"name the {kind}"
    elif name and name not in names:
        yield f"unknown {kind} '{name}'", suggestion(name, names)
