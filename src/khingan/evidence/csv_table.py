"""CSV tables whose cells know their line and column."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from khingan.errors import Problem, suggestion
from khingan.evidence.text_file import read_text


class CsvRow(NamedTuple):
    """One record and the line on which it begins."""

    line: int
    cells: dict[str, str]


class CsvTable(NamedTuple):
    """A table as written; `whole` is False where something of it could not be read."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[CsvRow, ...]
    whole: bool

    def problem(self, line: int, column: str, what: str, remedy: str) -> Problem:
        """A problem at a cell; the column of a CSV file is the number of the field."""
        number = self.columns.index(column) + 1 if column in self.columns else 0
        return Problem(self.file, line, number, what, remedy)


def read_csv(folder: Path, file: str, columns: Sequence[str], problems: list[Problem]) -> CsvTable:
    """The table with exactly these columns, in any order."""
    broken = CsvTable(file, tuple(columns), (), False)
    text = read_text(folder, file, problems)
    if text is None:
        return broken
    faults = len(problems)
    records = _records(file, text, problems)
    if not records:
        return broken
    header_line, header = records[0]
    if not _header_fits(file, header_line, header, columns, problems):
        return broken
    rows = []
    for line, cells in records[1:]:
        if len(cells) == len(header):
            rows.append(CsvRow(line, dict(zip(header, cells, strict=True))))
        else:
            what = f"{len(cells)} cells, the header has {len(header)}"
            problems.append(Problem(file, line, 0, what, "quote cells that hold a comma; write every cell"))
    return CsvTable(file, tuple(header), tuple(rows), len(problems) == faults)


def _records(file: str, text: str, problems: list[Problem]) -> list[tuple[int, list[str]]]:
    """Line and cells of every record up to the first malformed one; blank lines are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records, line = [], 1
    try:
        for cells in reader:
            if cells:
                records.append((line, [cell.strip() for cell in cells]))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(
            Problem(file, line, 0, f"malformed CSV: {error}", "close every quotation mark; double it inside")
        )
    return records


def _header_fits(
    file: str, line: int, header: list[str], columns: Sequence[str], problems: list[Problem]
) -> bool:  # fmt: skip
    faults = len(problems)
    for number, name in enumerate(header, start=1):
        if name not in columns:
            missing = [column for column in columns if column not in header]
            remedy = suggestion(name, missing) if missing else "delete the column"
            problems.append(Problem(file, line, number, f"unknown column '{name[:40]}'", remedy))
        elif header.index(name) != number - 1:
            problems.append(Problem(file, line, number, f"column '{name}' occurs twice", "delete one of them"))
    for column in columns:
        if column not in header:
            problems.append(Problem(file, line, 0, f"column '{column}' is missing", f"add the column {column}"))
    return len(problems) == faults


def read_header(folder: Path, file: str, problems: list[Problem]) -> list[str]:
    """The names of a table's columns in the order of the file."""
    text = read_text(folder, file, problems)
    records = _records(file, text, problems) if text else []
    return records[0][1] if records else []
