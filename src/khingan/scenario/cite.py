"""From a cell to its evidence: value, claim, source, and the range within which the value may be true."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from khingan.errors import KhinganError, Problem, suggestion
from khingan.evidence.csv_table import read_header
from khingan.evidence.ledger import Claim, DocumentClaim
from khingan.evidence.record import Row
from khingan.evidence.source import Source
from khingan.scenario.cells import Cell, disputable_cells, scenario_rows
from khingan.scenario.check_claims import column_unit
from khingan.scenario.prelude import prelude_rows
from khingan.scenario.schema import Scenario

GRAMMAR = "write FILE:ROW:COLUMN, for instance order_of_battle.csv:12:men"


@dataclass(frozen=True)
class Citation:
    """The chain from a cell to the work it was taken from; low and high are None where the value is no number."""

    cell: Cell
    low: float | None
    high: float | None
    claim: Claim
    source: Source
    document: DocumentClaim | None

    @property
    def range_in_words(self) -> str:
        """The range as a reader meets it, and whether the source or the table of grades gave it."""
        claim = self.claim
        origin = f"range of kind {claim.kind}, grade {claim.grade}" if claim.filled else "range of the source"
        if self.low is not None and self.high is not None:
            return f"{self.low:g} to {self.high:g} ({origin})"
        if claim.shift:
            return f"within {claim.shift:g} {claim.shift_unit} ({origin})"
        return "no range: it holds or it does not"

    def as_json(self) -> dict[str, Any]:
        """The chain as plain values."""
        value = self.cell.value
        return {
            "file": self.cell.file,
            "line": self.cell.line,
            "column": self.cell.column,
            "value": value if isinstance(value, int | float | str) else str(value),
            "low": self.low,
            "high": self.high,
            "range": self.range_in_words,
            "claim": asdict(self.claim),
            "source": self.source.model_dump(),
            "document": self.document.model_dump() if self.document else None,
        }


def cite(scenario: Scenario, address: str) -> Citation:
    """The evidence of FILE:ROW:COLUMN; the row by its line in the file or its name, the column by name or number."""
    parts = address.split(":")
    if len(parts) != 3:
        raise KhinganError(address or "cell", "this names no cell", GRAMMAR)
    file, row_name, column = (part.strip() for part in parts)
    every = [*scenario_rows(scenario), *prelude_rows(scenario)]
    rows = [row for row in every if row.file == file]
    if not rows:
        files = {row.file for row in every}
        raise KhinganError(address, f"no table '{file}' with disputable cells", suggestion(file, files))
    row = _row(address, rows, row_name)
    column = _column_name(Path(scenario.folder), file, column)
    cells = {cell.column: cell for cell in disputable_cells(row)}
    if column in cells:
        return _citation(scenario, row, cells[column])
    if column in type(row).model_fields:
        raise KhinganError(address, f"{column} here states nothing that is disputed", suggestion(column, cells))
    raise KhinganError(address, f"no column '{column}'", suggestion(column, type(row).model_fields))


def _row(address: str, rows: list[Row], name: str) -> Row:
    for row in rows:
        if name in (str(row.line), row_name(row)):
            return row
    if name.isdigit():
        lines = sorted(row.line for row in rows)
        raise KhinganError(address, f"no row begins in line {name}", f"rows begin in lines {lines[0]} to {lines[-1]}")
    raise KhinganError(address, f"no row '{name}'", suggestion(name, map(row_name, rows)))


def row_name(row: Row) -> str:
    """The name a row goes by: the first field after its position."""
    return str(getattr(row, next(field for field in type(row).model_fields if field not in ("file", "line"))))


def _column_name(folder: Path, file: str, column: str) -> str:
    """The name of a column given by number; a number beyond the last stays as it is."""
    if not column.isdigit() or not file.endswith(".csv"):
        return column
    problems: list[Problem] = []
    header = read_header(folder, file, problems)
    return header[int(column) - 1] if 1 <= int(column) <= len(header) else column


def _citation(scenario: Scenario, row: Row, cell: Cell) -> Citation:
    ledger = scenario.ledger
    claim = ledger.claim(cell.claim)
    low, high = _span(row, cell, claim)
    return Citation(cell, low, high, claim, ledger.sources[claim.source], ledger.document.get(cell.claim))


def _span(row: Row, cell: Cell, claim: Claim) -> tuple[float | None, float | None]:
    """The claim's own range where it is one number, else the cell shifted or scaled as the claim says."""
    unit = column_unit(row, cell.column)
    if not unit or not isinstance(cell.value, int | float):
        return None, None
    if claim.unit == unit:
        return claim.low, claim.high
    if claim.shift_unit == unit:
        return max(0.0, cell.value - claim.shift), cell.value + claim.shift
    below, above = claim.ratios
    return cell.value * below, cell.value * above
