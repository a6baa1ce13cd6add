"""CSV tables read into records, with every fault of every row noted."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar, get_args, get_origin

from pydantic import ValidationError

from khingan.errors import Problem
from khingan.evidence.csv_table import CsvRow, CsvTable, read_csv
from khingan.evidence.record import Row, fault

R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class RecordTable(Generic[R]):
    """The sound rows, and the names of all rows, so that one bad row does not make its name unknown elsewhere."""

    csv: CsvTable
    rows: tuple[R, ...]
    names: frozenset[str]

    def problem(self, row: Row, column: str, what: str, remedy: str) -> Problem:
        """A problem at a cell of the table."""
        return self.csv.problem(row.line, column, what, remedy)


def read_records(folder: Path, file: str, model: type[R], key: str, problems: list[Problem]) -> RecordTable[R]:
    """All rows of a table whose columns are the model's fields; the cells of column `key` name the rows."""
    columns = [name for name in model.model_fields if name not in ("file", "line")]
    table = read_csv(folder, file, columns, problems)
    _check_names(table, key, problems)
    readings = {column: _reading(model, column) for column in columns}
    rows = [record for row in table.rows if (record := _record(table, row, model, readings, problems)) is not None]
    return RecordTable(table, tuple(rows), frozenset(row.cells[key] for row in table.rows))


def no_records(file: str, model: type[R]) -> RecordTable[R]:
    """A table that is not there and need not be."""
    columns = tuple(name for name in model.model_fields if name not in ("file", "line"))
    return RecordTable(CsvTable(file, columns, (), True), (), frozenset())


class _Reading:
    """How the text of a cell becomes a field: lists are split, an empty cell may stand for a value."""

    def __init__(self, separator: str, has_empty: bool, empty: Any) -> None:
        self.separator, self.has_empty, self.empty = separator, has_empty, empty

    def value(self, text: str) -> Any:
        if self.separator:
            return tuple(part.strip() for part in text.split(self.separator) if part.strip())
        if self.has_empty and not text:
            return self.empty
        return text


def _reading(model: type[Row], column: str) -> _Reading:
    field = model.model_fields[column]
    extra = field.json_schema_extra
    notes: dict[str, Any] = extra if isinstance(extra, dict) else {}
    separator = notes.get("separator", ";") if get_origin(field.annotation) is tuple else ""
    optional = type(None) in get_args(field.annotation)
    return _Reading(separator, optional or "empty" in notes, notes.get("empty"))


def _record(
    table: CsvTable, row: CsvRow, model: type[R], readings: dict[str, _Reading], problems: list[Problem]
) -> R | None:  # fmt: skip
    values = {column: reading.value(row.cells[column]) for column, reading in readings.items()}
    try:
        return model(file=table.file, line=row.line, **values)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            problems.append(table.problem(row.line, str(detail["loc"][0]), *fault(detail, readings)))
        return None


def _check_names(table: CsvTable, key: str, problems: list[Problem]) -> None:
    first: dict[str, int] = {}
    for row in table.rows:
        name = row.cells[key]
        if not name:
            problems.append(table.problem(row.line, key, f"{key} is empty", "name the row"))
        elif name in first:
            what = f"{key} '{name}' stands also in line {first[name]}"
            problems.append(table.problem(row.line, key, what, "give each row its own name"))
        first.setdefault(name, row.line)
