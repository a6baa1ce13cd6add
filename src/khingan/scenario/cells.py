"""The disputable cells of a campaign: what a historian could question, and the claim each rests on."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from khingan.evidence.record import Row
from khingan.scenario.schema import Scenario


class Cell(NamedTuple):
    """One disputable value, where it stands, and the name of its claim."""

    file: str
    line: int
    column: str
    value: Any
    claim: str


def disputable_cells(row: Row) -> Iterator[Cell]:
    """The cells of a row that need evidence; an empty cell states nothing and needs none."""
    for column, field in type(row).model_fields.items():
        notes = field.json_schema_extra
        if not isinstance(notes, dict) or "rests_on" not in notes:
            continue
        value, claim = getattr(row, column), getattr(row, str(notes["rests_on"]))
        states_nothing = value is None or value == "" or ("empty" in notes and value == notes["empty"])
        if claim or not states_nothing:
            yield Cell(row.file, row.line, column, value, claim)


def claim_column(row: Row, column: str) -> str:
    """The column that names the claim of a disputable cell."""
    notes = type(row).model_fields[column].json_schema_extra
    return str(notes["rests_on"]) if isinstance(notes, dict) else ""


def scenario_rows(scenario: Scenario) -> Iterator[Row]:
    """Every row of every table, in the order of the record."""
    for name in type(scenario).model_fields:
        value = getattr(scenario, name)
        if isinstance(value, tuple):
            yield from value
    yield from scenario.surrender.headquarters
    yield from scenario.surrender.zone


def all_cells(scenario: Scenario) -> Iterator[Cell]:
    """Every disputable cell of a campaign."""
    for row in scenario_rows(scenario):
        yield from disputable_cells(row)
