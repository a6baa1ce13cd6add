"""The source document as a timeline: what each claim prints, what it means, who agrees, and what it feeds.

The statements stand in document.csv; chronicle.csv says why each was read so, which other works agree or differ, and
which part of the model rests on it. Links run both ways: a mechanism's page, a switch of politics.yaml and the
campaign's README name the claims that lead to them.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from khingan.errors import CampaignError, Problem, suggestion
from khingan.evidence.ledger import DOCUMENT, DocumentClaim, Ledger
from khingan.evidence.record import Row
from khingan.evidence.record_table import RecordTable, read_records
from khingan.scenario.schema import Scenario

FILE = "chronicle.csv"
LINKS = ("mechanism", "switch", "file", "campaign")


class ChronicleRow(Row):
    """What the chronicle adds to a claim of the document.

    `agree` and `differ` hold keys of sources.yaml, each with a remark after a colon where one is needed; `feeds` holds
    links written KIND:NAME.
    """

    claim: str
    why: str
    agree: tuple[str, ...]
    differ: tuple[str, ...]
    feeds: tuple[str, ...]


@dataclass(frozen=True)
class Voice:
    """Another work on a claim: its key, its citation, and what it says where that is not the same."""

    source: str
    citation: str
    says: str


@dataclass(frozen=True)
class Entry:
    """One claim with everything the chronicle knows of it."""

    statement: DocumentClaim
    why: str
    agree: tuple[Voice, ...]
    differ: tuple[Voice, ...]
    feeds: tuple[tuple[str, str], ...]

    @property
    def garbled(self) -> bool:
        """Whether the printed form had to be set right."""
        return bool(self.why)

    @property
    def dates(self) -> str:
        """The day, or the first and last day."""
        start, end = self.statement.start, self.statement.end
        return start if start == end else f"{start} to {end}"

    def as_json(self) -> dict[str, Any]:
        """Plain values in the order of docs/json.md."""
        given = self.statement
        return {
            **{name: getattr(given, name) for name in ("claim", "paragraph", "start", "end", "kind", "statement")},
            **{name: getattr(given, name) for name in ("printed", "reading", "correction")},
            "why": self.why,
            "held_by": given.held_by,
            "disputed_by": given.disputed_by,
            "agree": [vars(voice) for voice in self.agree],
            "differ": [vars(voice) for voice in self.differ],
            "feeds": [{"kind": kind, "name": name} for kind, name in self.feeds],
        }


def has_chronicle(scenario: Scenario) -> bool:
    """Whether the campaign sets out from a document that somebody read claim by claim."""
    return (Path(scenario.folder) / FILE).is_file()


def read_chronicle(scenario: Scenario) -> tuple[Entry, ...]:
    """Every claim of the document in the order of its first day; an undated one comes last.

    Raises CampaignError with every problem of chronicle.csv: a claim without a row or a row without a claim, an unknown
    source, a malformed link.
    """
    problems: list[Problem] = []
    table = read_records(Path(scenario.folder), FILE, ChronicleRow, "claim", problems)
    _check(table, scenario.ledger, problems)
    if problems:
        raise CampaignError(scenario.calendar.name, problems)
    rows = {row.claim: row for row in table.rows}
    entries = [_entry(given, rows[claim], scenario.ledger) for claim, given in scenario.ledger.document.items()]
    return tuple(sorted(entries, key=lambda entry: (entry.statement.start or "9999", entry.statement.claim)))


def _entry(given: DocumentClaim, row: ChronicleRow, ledger: Ledger) -> Entry:
    links = tuple(_link(text) for text in row.feeds)
    return Entry(given, row.why, _voices(row.agree, ledger), _voices(row.differ, ledger), links)


def _voices(texts: tuple[str, ...], ledger: Ledger) -> tuple[Voice, ...]:
    parts = [text.partition(":") for text in texts]
    return tuple(Voice(key.strip(), ledger.sources[key.strip()].citation, says.strip()) for key, _, says in parts)


def _link(text: str) -> tuple[str, str]:
    kind, _, name = text.partition(":")
    return kind.strip(), name.strip()


def _check(table: RecordTable[ChronicleRow], ledger: Ledger, problems: list[Problem]) -> None:
    for row in table.rows:
        if row.claim not in ledger.document:
            remedy = suggestion(row.claim, ledger.document)
            problems.append(table.problem(row, "claim", f"no claim '{row.claim}' in {DOCUMENT}", remedy))
        named = [(column, text) for column in ("agree", "differ") for text in getattr(row, column)]
        for column, text in named:
            key = text.partition(":")[0].strip()
            if key not in ledger.sources:
                remedy = suggestion(key, ledger.sources)
                problems.append(table.problem(row, column, f"unknown source '{key}'", remedy))
        for text in row.feeds:
            kind, name = _link(text)
            if kind not in LINKS or not name:
                remedy = "write KIND:NAME, KIND one of " + ", ".join(LINKS)
                problems.append(table.problem(row, "feeds", f"'{text}' is no link", remedy))
    if table.csv.whole:
        for claim in ledger.document.keys() - table.names:
            problems.append(Problem(FILE, 0, 0, f"claim '{claim}' of {DOCUMENT} has no row", f"add a row {claim}"))
