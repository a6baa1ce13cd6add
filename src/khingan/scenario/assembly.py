"""The assembly before an attack: an optional folder of lines, movements and dated strengths of the other side.

It is the smaller sister of the prelude: trains and days alone, for a war of which nobody knows who watched it come.
"""

from pathlib import Path
from typing import Any

from khingan.errors import CampaignError, KhinganError, Problem, suggestion
from khingan.evidence.record import LocalTime, Record, Row
from khingan.evidence.record_table import RecordTable, read_records
from khingan.evidence.unit_names import UNITS
from khingan.scenario.cells import claim_column, disputable_cells
from khingan.scenario.prelude import Movement, RailSection
from khingan.scenario.schema import Scenario, rests_on

FOLDER = "assembly"


class Level(Row):
    """One dated figure of a strength that the attacker waits to see fall; rows of a level stand in order of day."""

    level: str
    day: LocalTime
    value: float = rests_on("claim", gt=0)
    unit: str
    claim: str
    note: str


class Assembly(Record):
    """Lines, movements in the order they came, and dated strengths."""

    sections: tuple[RailSection, ...]
    movements: tuple[Movement, ...]
    levels: tuple[Level, ...]

    def level(self, name: str) -> tuple[Level, ...]:
        """The dated figures of one level."""
        return tuple(row for row in self.levels if row.level == name)


# Field of Assembly -> file, record, column that names its rows; a level has several rows, each with a claim of its own.
TABLES: dict[str, tuple[str, type[Row], str]] = {
    "sections": ("railways.csv", RailSection, "section"),
    "movements": ("buildup.csv", Movement, "movement"),
    "levels": ("levels.csv", Level, "claim"),
}


def has_assembly(scenario: Scenario) -> bool:
    """Whether the campaign says how the attacker gathered."""
    return (Path(scenario.folder) / FOLDER).is_dir()


def read_assembly(scenario: Scenario) -> Assembly:
    """The assembly; every fault of its tables is reported at once."""
    folder = Path(scenario.folder)
    if not has_assembly(scenario):
        what = "this campaign does not say how the attacker gathered"
        raise KhinganError(str(folder / FOLDER), what, f"add the folder {FOLDER}, or ask nothing of it")
    problems: list[Problem] = []
    tables = {
        name: read_records(folder, f"{FOLDER}/{file}", model, key, problems)
        for name, (file, model, key) in TABLES.items()
    }
    if not problems:
        _check(scenario, tables, problems)
    if problems:
        raise CampaignError(scenario.calendar.name, problems)
    rows: dict[str, Any] = {name: table.rows for name, table in tables.items()}
    return Assembly(**rows)


def _check(scenario: Scenario, tables: dict[str, RecordTable[Any]], problems: list[Problem]) -> None:
    """One trunk first, names that exist, days in order, a claim of fact behind every number."""
    above: list[str] = []
    for number, row in enumerate(tables["sections"].rows):
        if (not row.after) != (number == 0) or (row.after and row.after not in above):
            remedy = "let the first row be the trunk, without `after`, and name sections above for the rest"
            problems.append(tables["sections"].problem(row, "after", f"section after '{row.after}'", remedy))
        above.append(row.section)
    for row in tables["movements"].rows:
        if row.section not in above:
            what = f"unknown section '{row.section}'"
            problems.append(tables["movements"].problem(row, "section", what, suggestion(row.section, above)))
    _check_levels(tables["levels"], problems)
    for table in tables.values():
        for row in table.rows:
            _check_claims(scenario, table, row, problems)


def _check_claims(scenario: Scenario, table: RecordTable[Any], row: Any, problems: list[Problem]) -> None:
    """A claim of fact behind every number of a row."""
    claims = scenario.ledger.claims
    for cell in disputable_cells(row):
        if cell.claim not in claims or scenario.ledger.is_interpretation(cell.claim):
            what = f"{cell.column} rests on '{cell.claim}', which is no claim of fact"
            remedy = suggestion(cell.claim, claims)
            problems.append(table.problem(row, claim_column(row, cell.column), what, remedy))


def _check_levels(table: RecordTable[Any], problems: list[Problem]) -> None:
    last: dict[str, Level] = {}
    for row in table.rows:
        if row.unit not in UNITS:
            problems.append(table.problem(row, "unit", f"unknown unit '{row.unit}'", suggestion(row.unit, UNITS)))
        if row.level in last and row.day <= last[row.level].day:
            what = f"'{row.level}' goes back in time"
            problems.append(table.problem(row, "day", what, "write its rows in order of day"))
        last[row.level] = row
