"""The ledger: what sources state, with range, grade and basis; and the claims of the source document."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from khingan.errors import KhinganError, Problem, suggestion
from khingan.evidence.grade import Grade, Range
from khingan.evidence.record import Row
from khingan.evidence.record_table import RecordTable, read_records
from khingan.evidence.source import Basis, Source, Sources, read_sources
from khingan.evidence.unit_names import UNITS

LEDGER, DOCUMENT = "ledger.csv", "document.csv"
INTERPRETATION = "interpretation"


class LedgerRow(Row):
    """A claim as written; an empty low or high is filled from the range of its kind and grade."""

    claim: str
    kind: str
    low: float | None
    best: float
    high: float | None
    unit: str
    source: str
    locus: str
    grade: Grade
    basis: Basis
    note: str


@dataclass(frozen=True)
class Claim:
    """A statement of a source with the range within which it may be true.

    Unit `ratio`: best is 1, and low and high multiply each cell that rests on the claim. Any other unit: the claim is
    one number. `shift` (in `shift_unit`: km or h) is how far the places and times that rest on it may be off.
    `filled` is True where the range came from the table of grades and not from the source.
    """

    claim: str
    kind: str
    low: float
    best: float
    high: float
    unit: str
    source: str
    locus: str
    grade: Grade
    basis: Basis
    note: str
    file: str
    line: int
    shift: float = 0.0
    shift_unit: str = ""
    filled: bool = False

    @property
    def ratios(self) -> tuple[float, float]:
        """Low and high as multiples of best; (1, 1) where best is 0."""
        return (self.low / self.best, self.high / self.best) if self.best else (1.0, 1.0)


class DocumentClaim(Row):
    """One statement of the source document: as printed, as read, and why it was corrected."""

    claim: str
    paragraph: str
    statement: str
    printed: str
    reading: str
    start: str
    end: str
    kind: Literal["fact", "interpretation", "disputed"]
    correction: str
    held_by: str
    disputed_by: str
    place_in_product: str


@dataclass(frozen=True)
class Ledger:
    """All claims by name, the document's claims by name, and the sources they cite by key."""

    claims: dict[str, Claim]
    document: dict[str, DocumentClaim]
    sources: dict[str, Source]
    unreadable: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def names(self) -> frozenset[str]:
        """Every name a cell may cite, faulty rows included."""
        return self.unreadable | frozenset(self.claims)

    def claim(self, name: str) -> Claim:
        """The claim of this name."""
        if name not in self.claims:
            raise KhinganError(LEDGER, f"no claim '{name}'", suggestion(name, self.claims))
        return self.claims[name]

    def is_interpretation(self, name: str) -> bool:
        """Whether a name stands for a judgement, which may be shown and never enters a value."""
        claim, statement = self.claims.get(name), self.document.get(name)
        return bool((claim and claim.kind == INTERPRETATION) or (statement and statement.kind == INTERPRETATION))

    def view(self, name: str) -> dict[str, Any]:
        """A claim for screens and JSON: the document's statement, the number, its source, basis and grade."""
        if name not in self.claims and name not in self.document:
            raise KhinganError(LEDGER, f"no claim '{name}'", suggestion(name, [*self.claims, *self.document]))
        claim, statement = self.claims.get(name), self.document.get(name)
        source = self.sources.get(claim.source) if claim else None
        return {
            "claim": name,
            "document": statement.model_dump() if statement else None,
            "number": asdict(claim) if claim else None,
            "source": source.model_dump() if source else None,
        }


def read_ledger(folder: Path, ranges: dict[str, Range], problems: list[Problem]) -> tuple[Ledger, bool]:
    """The ledger of a campaign, and whether all its rows could be read."""
    sources = read_sources(folder, problems)
    table = read_records(folder, LEDGER, LedgerRow, "claim", problems)
    document = read_records(folder, DOCUMENT, DocumentClaim, "claim", problems)
    claims = {}
    for row in table.rows:
        faults = _faults(table, row, ranges, sources)
        problems.extend(faults)
        if not faults:
            claims[row.claim] = _claim(row, ranges[row.kind])
    statements = {row.claim: row for row in document.rows}
    return Ledger(claims, statements, dict(sources), table.names - frozenset(claims)), table.csv.whole


def _faults(
    table: RecordTable[LedgerRow], row: LedgerRow, ranges: dict[str, Range], sources: Sources
) -> list[Problem]:  # fmt: skip
    faults = []
    if row.kind not in ranges:
        faults.append(table.problem(row, "kind", f"unknown kind '{row.kind}'", suggestion(row.kind, ranges)))
    if row.unit not in UNITS:
        faults.append(table.problem(row, "unit", f"unknown unit '{row.unit}'", suggestion(row.unit, UNITS)))
    if sources.whole and row.source not in sources.names:
        remedy = suggestion(row.source, sources.names)
        faults.append(table.problem(row, "source", f"unknown source '{row.source}'", remedy))
    if row.unit == "ratio" and row.best != 1:
        faults.append(table.problem(row, "best", f"a ratio has best {row.best:g}", "write 1, or name the unit"))
    low = row.best if row.low is None else row.low
    high = row.best if row.high is None else row.high
    if not low <= row.best <= high:
        what = f"'{row.claim}': low {low:g}, best {row.best:g}, high {high:g} are out of order"
        faults.append(table.problem(row, "best", what, "write low <= best <= high"))
    return faults


def _claim(row: LedgerRow, span: Range) -> Claim:
    """The claim with its range filled; a written low or high always stands."""
    low, high, shift = row.best, row.best, 0.0
    filled = row.low is None or row.high is None
    below, above = span.of(row.grade)
    if span.form == "ratio":
        low, high = sorted((row.best * below, row.best * above))
    elif row.unit == span.unit:
        low, high = row.best + below, row.best + above
    elif filled:
        shift = above
    written = row.model_dump(exclude={"low", "high"})
    return Claim(
        **written,
        low=low if row.low is None else row.low,
        high=high if row.high is None else row.high,
        shift=shift,
        shift_unit=span.unit if shift else "",
        filled=filled,
    )
