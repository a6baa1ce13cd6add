"""The months before H-hour: an optional folder of tables that say what moved, what could be seen, and who looked."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from khingan.errors import CampaignError, KhinganError, Problem, suggestion
from khingan.evidence.record import LocalTime, Record, Row
from khingan.evidence.record_table import RecordTable, read_records
from khingan.scenario.cells import claim_column, disputable_cells
from khingan.scenario.schema import Scenario, rests_on

FOLDER = "prelude"
YesNo = Literal["yes", "no"]


class PreludeDate(Row):
    """A day that the months before turn on."""

    key: str
    day: LocalTime = rests_on("claim")
    claim: str
    note: str


class Axis(Row):
    """A direction from which the blow may come; exactly one is the main one of the plan."""

    axis: str
    name: str
    main: YesNo = rests_on("claim")
    claim: str
    note: str


class RailSection(Row):
    """A section of line on the way from home: the first row is the trunk, the others follow the section named."""

    section: str
    name: str
    after: str
    axis: str
    trains_per_day: float = rests_on("claim", gt=0)
    km: float = rests_on("km_claim", gt=0)
    claim: str
    km_claim: str
    note: str


class Movement(Row):
    """A formation or a flow of stores as train-loads, in the order in which they came."""

    movement: str
    name: str
    army: str
    trains: float = rests_on("claim", ge=1, le=5000)
    divisions: float = rests_on("claim", ge=0)
    ready: LocalTime = rests_on("day_claim")
    waits: YesNo
    load_days: float = rests_on("day_claim", ge=0)
    section: str
    march_km: float = rests_on("march_claim", ge=0)
    needed: YesNo
    claim: str
    day_claim: str
    march_claim: str
    note: str


class Channel(Row):
    """A way in which trains are seen, and the observers who hear of it."""

    channel: str
    name: str
    section: str
    share: float = rests_on("claim", ge=0, le=1)
    assumed: float = rests_on("claim", gt=0, le=1)
    hidden: float = rests_on("claim", ge=0, le=1)
    decoys: float = rests_on("claim", ge=0, le=1)
    heard_by: tuple[str, ...]
    claim: str
    note: str


class Observer(Row):
    """A headquarters that forms an estimate, and the armies it can alert."""

    observer: str
    name: str
    armies: tuple[str, ...]
    months: float = rests_on("claim", gt=0)
    treaty: float = rests_on("claim", gt=0, lt=1)
    need: float = rests_on("claim", gt=0)
    heed: float = rests_on("claim", ge=0)
    axis: str
    axis_share: float = rests_on("claim", gt=0, lt=1)
    chooses: YesNo
    claim: str
    note: str


class Guard(Row):
    """The share of the army that a disposition puts on an axis; what is left is its reserve."""

    guard: str
    disposition: str
    name: str
    axis: str
    share: float = rests_on("claim", ge=0, le=1)
    weighed: YesNo
    claim: str
    note: str


class Move(Row):
    """A formation that stands elsewhere in a disposition."""

    move: str
    disposition: str
    formation: str
    place: str = rests_on("claim")
    claim: str
    note: str


class Raised(Row):
    """A formation so new that its worth still grows."""

    formation: str
    raised: LocalTime = rests_on("claim")
    claim: str
    note: str


class Earlier(Row):
    """A formation that before a day was away, elsewhere or of other men; an empty cell is as the campaign has it."""

    formation: str
    until: LocalTime = rests_on("claim")
    away: YesNo = rests_on("claim")
    place: str = rests_on("claim")
    men: float | None = rests_on("claim", ge=1)
    claim: str
    note: str


class Drained(Row):
    """A body taken away before, as a change may put it back."""

    body: str
    left: LocalTime = rests_on("claim")
    destination: str
    type: str
    men: float = rests_on("strength_claim", ge=0)
    tanks: float = rests_on("strength_claim", empty=0, ge=0)
    guns: float = rests_on("strength_claim", empty=0, ge=0)
    effectiveness: float = rests_on("effectiveness_claim", ge=0, le=100)
    claim: str
    strength_claim: str
    effectiveness_claim: str
    note: str


class Tied(Row):
    """Insurgents of a year, and the share of the defender's foot and of his allies' men that they and the lines tie."""

    year: str
    insurgents: float = rests_on("claim", ge=0)
    tied: float = rests_on("tied_claim", ge=0, le=1)
    allies_tied: float | None = rests_on("tied_claim", ge=0, le=1)
    claim: str
    tied_claim: str
    note: str


class Prelude(Record):
    """The months before H-hour, read and checked."""

    days: dict[str, datetime]
    dates: tuple[PreludeDate, ...]
    axes: tuple[Axis, ...] = Field(min_length=2)
    sections: tuple[RailSection, ...] = Field(min_length=1)
    movements: tuple[Movement, ...] = Field(min_length=1)
    channels: tuple[Channel, ...] = Field(min_length=1)
    observers: tuple[Observer, ...] = Field(min_length=1)
    guards: tuple[Guard, ...] = Field(min_length=1)
    moves: tuple[Move, ...]
    raised: tuple[Raised, ...]
    earlier: tuple[Earlier, ...]
    drained: tuple[Drained, ...]
    tied: tuple[Tied, ...]

    @property
    def dispositions(self) -> tuple[str, ...]:
        """The dispositions in the order of their table."""
        return tuple(dict.fromkeys(guard.disposition for guard in self.guards))


# Field of Prelude -> file, record, column that names its rows.
TABLES: dict[str, tuple[str, type[Row], str]] = {
    "dates": ("dates.csv", PreludeDate, "key"),
    "axes": ("axes.csv", Axis, "axis"),
    "sections": ("railways.csv", RailSection, "section"),
    "movements": ("buildup.csv", Movement, "movement"),
    "channels": ("channels.csv", Channel, "channel"),
    "observers": ("observers.csv", Observer, "observer"),
    "guards": ("dispositions.csv", Guard, "guard"),
    "moves": ("moves.csv", Move, "move"),
    "raised": ("raised.csv", Raised, "formation"),
    "earlier": ("earlier.csv", Earlier, "formation"),
    "drained": ("drained.csv", Drained, "body"),
    "tied": ("tied.csv", Tied, "year"),
}
DAYS = ("begins", "released", "denounced", "treaty_ends", "season_closes", "season_opens", "decided", "cut", "latest")


def has_prelude(scenario: Scenario) -> bool:
    """Whether the campaign says what went before its first hour."""
    return (Path(scenario.folder) / FOLDER).is_dir()


def read_prelude(scenario: Scenario) -> Prelude:
    """The months before; every fault of its tables is reported at once."""
    folder = Path(scenario.folder)
    if not has_prelude(scenario):
        raise KhinganError(
            str(folder / FOLDER),
            "this campaign says nothing of the months before its first hour",
            f"add the folder {FOLDER}, or use a campaign that has one",
        )
    problems: list[Problem] = []
    tables = {name: read_records(folder, f"{FOLDER}/{file}", model, key, problems)
              for name, (file, model, key) in TABLES.items()}  # fmt: skip
    if not problems:
        _check(scenario, tables, problems)
    if problems:
        raise CampaignError(scenario.calendar.name, problems)
    rows: dict[str, Any] = {name: table.rows for name, table in tables.items()}
    return Prelude(days={row.key: row.day for row in rows["dates"]}, **rows)


def prelude_rows(scenario: Scenario) -> Iterator[Row]:
    """Every row of the months before; none where the campaign has none."""
    if has_prelude(scenario):
        prelude = read_prelude(scenario)
        for name in TABLES:
            yield from getattr(prelude, name)


def _check(scenario: Scenario, tables: dict[str, RecordTable[Any]], problems: list[Problem]) -> None:
    """Names that must exist, days that must be there, claims behind every number."""
    armies = {army.army for army in scenario.armies}
    formations = {body.formation for body in scenario.formations}
    places = {place.name for place in scenario.places}
    names = {name: table.names for name, table in tables.items()}
    dispositions = {row.disposition for row in tables["guards"].rows}
    lookups: tuple[tuple[str, str, Iterable[str]], ...] = (
        ("dates", "key", DAYS), ("sections", "after", names["sections"]), ("sections", "axis", names["axes"]),
        ("movements", "army", armies), ("movements", "section", names["sections"]),
        ("channels", "section", names["sections"]), ("channels", "heard_by", names["observers"]),
        ("observers", "armies", armies), ("observers", "axis", names["axes"]), ("guards", "axis", names["axes"]),
        ("moves", "disposition", dispositions), ("moves", "formation", formations), ("moves", "place", places),
        ("raised", "formation", formations), ("earlier", "formation", formations), ("earlier", "place", places),
    )  # fmt: skip
    for name, column, known in lookups:
        _check_names(tables[name], column, known, problems)
    for table in tables.values():
        for row in table.rows:
            _check_evidence(scenario, table, row, problems)
    _check_shape(tables, problems)


def _check_names(table: RecordTable[Any], column: str, known: Iterable[str], problems: list[Problem]) -> None:
    for row in table.rows:
        value = getattr(row, column)
        for name in value if isinstance(value, tuple) else (value,):
            if name and name not in known:
                problems.append(table.problem(row, column, f"unknown {column} '{name}'", suggestion(name, known)))


def _check_evidence(scenario: Scenario, table: RecordTable[Any], row: Row, problems: list[Problem]) -> None:
    claims = scenario.ledger.claims
    for cell in disputable_cells(row):
        if cell.claim not in claims or scenario.ledger.is_interpretation(cell.claim):
            column = claim_column(row, cell.column)
            what = f"{cell.column} rests on '{cell.claim}', which is no claim of fact"
            problems.append(table.problem(row, column, what, suggestion(cell.claim, claims)))


def _check_shape(tables: dict[str, RecordTable[Any]], problems: list[Problem]) -> None:
    """One trunk, in the first row, and each section after one above it; one main axis, one chooser; all days."""
    above: set[str] = set()
    for number, row in enumerate(tables["sections"].rows):
        after = row.after
        if (not after) != (number == 0) or (after and after not in above):
            what = f"section after '{after}' in row {number + 1}"
            remedy = "let the first row be the trunk, without `after`, and name sections above for the rest"
            problems.append(tables["sections"].problem(row, "after", what, remedy))
        above.add(getattr(row, "section"))  # noqa: B009
    for table, column in (("axes", "main"), ("observers", "chooses")):
        chosen = [row for row in tables[table].rows if getattr(row, column) == "yes"]
        if len(chosen) != 1:
            file = f"{FOLDER}/{TABLES[table][0]}"
            problems.append(Problem(file, 0, 0, f"{len(chosen)} rows have {column} yes", "mark one row yes"))
    for day in sorted(set(DAYS) - tables["dates"].names):
        problems.append(Problem(f"{FOLDER}/dates.csv", 0, 0, f"day '{day}' is missing", f"add the row {day}"))
