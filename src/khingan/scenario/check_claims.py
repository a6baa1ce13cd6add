"""Every cell that a historian could dispute rests on a claim, and says what the claim says."""

from math import isclose

from khingan.errors import suggestion
from khingan.evidence.record import Row
from khingan.scenario.cells import Cell, claim_column, disputable_cells
from khingan.scenario.draft import Draft
from khingan.scenario.schema import Supply

# The unit of a column's numbers. A claim in the same unit is one number, and the cell must equal it.
COLUMN_UNITS = {
    "men": "men", "tanks": "tanks", "guns": "guns", "aircraft": "aircraft", "effectiveness": "percent",
    "spread_h": "h", "load_h": "h", "interval_h": "h", "starts": "h", "distance_km": "km", "speed_kmh": "km/h",
    "prepared_days": "days", "first_wave": "share", "serviceable": "share",
    "sorties_per_aircraft_day": "1/aircraft/day",
    "wet_to_wet": "probability", "dry_to_wet": "probability", "wet_at_start": "probability",
}  # fmt: skip


def check_claims(draft: Draft) -> None:
    """Note cells without a claim, with an unknown one, with a judgement, or with another number than the claim's."""
    known = draft.ledger.names
    for row in draft.claim_rows():
        for cell in disputable_cells(row):
            column = claim_column(row, cell.column)
            if not cell.claim:
                what = f"{cell.column} {_shown(cell)} rests on no claim"
                draft.report(row, column, what, "name a claim of ledger.csv")
            elif draft.ledger.is_interpretation(cell.claim):
                what = f"{cell.column} {_shown(cell)} rests on '{cell.claim}', an interpretation"
                draft.report(row, column, what, "name a claim of fact; a judgement is never an input")
            elif draft.ledger_whole and cell.claim not in known:
                _report_unknown(draft, row, column, cell)
            else:
                _check_number(draft, row, cell)


def _report_unknown(draft: Draft, row: Row, column: str, cell: Cell) -> None:
    known = draft.ledger.names
    if cell.claim in draft.ledger.document:
        what = f"claim '{cell.claim}' of the document has no row in ledger.csv"
        draft.report(row, column, what, f"add a row {cell.claim} with its number, source and grade")
    else:
        draft.report(row, column, f"unknown claim '{cell.claim}'", suggestion(cell.claim, known))


def _check_number(draft: Draft, row: Row, cell: Cell) -> None:
    claim = draft.ledger.claims.get(cell.claim)
    if claim is None or not isinstance(cell.value, int | float) or cell.value == _empty_value(row, cell.column):
        return
    if claim.unit == column_unit(row, cell.column) and not isclose(cell.value, claim.best, rel_tol=1e-9):
        what = f"{cell.column} is {cell.value:g}, its claim '{cell.claim}' says {claim.best:g} {claim.unit}"
        draft.report(row, cell.column, what, "write the claim's number, or give the cell a claim of its own")


def column_unit(row: Row, column: str) -> str:
    """The unit of a column's numbers; a row of supply names its own."""
    if isinstance(row, Supply) and column == "value":
        return row.unit
    return COLUMN_UNITS.get(column, "")


def _empty_value(row: Row, column: str) -> object:
    notes = type(row).model_fields[column].json_schema_extra
    return notes.get("empty") if isinstance(notes, dict) else None


def _shown(cell: Cell) -> str:
    text = f"{cell.value:g}" if isinstance(cell.value, float) else str(cell.value)
    return text if len(text) <= 40 else text[:37] + "..."
