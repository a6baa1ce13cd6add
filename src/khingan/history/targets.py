"""What really happened: the tables of a campaign's history folder, which nothing but the comparison ever reads."""

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from khingan.errors import CampaignError, KhinganError, Problem, suggestion
from khingan.evidence.csv_table import read_csv
from khingan.evidence.record import LocalTime, Record, Row, fault
from khingan.evidence.record_table import R, RecordTable, read_records
from khingan.scenario.schema import Scenario

TARGETS = "history/targets.csv"
MAY_BE_EMPTY = ("low", "high")


class Target(Row):
    """A dated event of the campaign and the measure of the model it is laid beside; places of one axis go together."""

    target: str
    place: str
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    measure: Literal["control", "works_fall", "disarmed", "landing", "air_landing"]
    group: str
    phase: Literal["combat", "after cease-fire order", "islands"]
    front: str
    observed: LocalTime
    precision_h: float = Field(ge=0)
    formation: str
    fitted: bool
    planned_days: float | None = Field(gt=0)
    axis: str
    grade: Literal["A", "B", "C"]
    note: str


class Loss(Row):
    """A published loss of fronts, fleets or armies (their keys), parted by semicolons, or of a whole side.

    Low and high are empty where one figure alone is known.
    """

    front: str = Field(min_length=1)
    measure: str
    low: float | None = Field(ge=0)
    best: float = Field(ge=0)
    high: float | None = Field(ge=0)
    grade: Literal["A", "B", "C"]
    source: str
    note: str


class Prisoners(Row):
    """Prisoners counted by a front, an operation, a formation or all together; low and high as for losses."""

    group: str
    quantity: str
    low: float | None = Field(ge=0)
    best: float = Field(ge=0)
    high: float | None = Field(ge=0)
    grade: Literal["A", "B", "C"]
    source: str
    note: str


class Reason(Row):
    """Why the model is thought to miss a target: a reading of the authors, shown beside the row where it is worst."""

    target: str = Field(min_length=1)
    why: str = Field(min_length=1)


class Pace(Row):
    """How fast a formation was to advance and how fast it did, in km of route a day; the plan is quoted in words."""

    formation: str
    route: str
    start: str
    days: float = Field(gt=0)
    great_circle_km: float = Field(gt=0)
    road_km: float = Field(gt=0)
    km_per_day: float = Field(gt=0)
    planned_km_per_day: str
    grade: Literal["A", "B", "C"]
    note: str

    @property
    def planned(self) -> float | None:
        """The planned rate: the figure the words begin with, the middle of a span, None where they begin with none."""
        found = re.match(r"(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?", self.planned_km_per_day)
        return (float(found[1]) + float(found[2] or found[1])) / 2 if found else None


class Halt(Row):
    """How long the bulk of an army stood still for want of fuel, in hours."""

    army: str = Field(min_length=1)
    low: float | None = Field(ge=0)
    best: float = Field(ge=0)
    high: float | None = Field(ge=0)
    grade: Literal["A", "B", "C"]
    source: str
    note: str


class History(Record):
    """Everything the comparison knows of the real campaign."""

    targets: tuple[Target, ...]
    losses: tuple[Loss, ...]
    prisoners: tuple[Prisoners, ...]
    paces: tuple[Pace, ...]
    reasons: tuple[Reason, ...] = ()
    halts: tuple[Halt, ...] = ()


def has_history(scenario: Scenario) -> bool:
    """Whether the campaign says what really happened."""
    return (Path(scenario.folder) / TARGETS).is_file()


def read_history(scenario: Scenario) -> History:
    """The campaign's history; all faults of its tables are reported at once."""
    folder = Path(scenario.folder)
    if not has_history(scenario):
        raise KhinganError(
            str(folder / TARGETS),
            "this campaign has no history to lay the runs beside",
            f"add {TARGETS}, or only play it with `khingan run`",
        )
    problems: list[Problem] = []
    table = read_records(folder, TARGETS, Target, "target", problems)
    history = History(
        targets=table.rows,
        losses=read_rows(folder, "history/losses.csv", Loss, problems),
        prisoners=read_rows(folder, "history/prisoners.csv", Prisoners, problems),
        paces=read_rows(folder, "history/rates.csv", Pace, problems),
        reasons=read_rows(folder, "history/reasons.csv", Reason, problems),
        halts=read_rows(folder, "history/halts.csv", Halt, problems),
    )
    for reason in history.reasons:
        if reason.target not in table.names:
            remedy = suggestion(reason.target, table.names)
            problems.append(Problem(reason.file, reason.line, 1, f"unknown target '{reason.target}'", remedy))
    armies = [army.army for army in scenario.armies]
    for halt in history.halts:
        if halt.army not in armies:
            remedy = suggestion(halt.army, armies)
            problems.append(Problem(halt.file, halt.line, 1, f"no army '{halt.army}' in armies.csv", remedy))
    problems += [problem for row in table.rows for problem in _doubts(table, row, scenario)]
    if not table.rows and not problems:
        problems.append(Problem(TARGETS, 0, 0, "no target", "add a row for each dated event"))
    if problems:
        raise CampaignError(scenario.calendar.name, problems)
    return history


def read_rows(folder: Path, file: str, model: type[R], problems: list[Problem]) -> tuple[R, ...]:
    """The rows of a table that no column names; a table that is not there is empty."""
    if not (folder / file).is_file():
        return ()
    columns = [name for name in model.model_fields if name not in ("file", "line")]
    table = read_csv(folder, file, columns, problems)
    rows = []
    for row in table.rows:
        values = {name: None if text == "" and name in MAY_BE_EMPTY else text for name, text in row.cells.items()}
        try:
            rows.append(model.model_validate({**values, "file": file, "line": row.line}))
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                problems.append(table.problem(row.line, str(detail["loc"][0]), *fault(detail, columns)))
    return tuple(rows)


def _doubts(table: RecordTable[Target], row: Target, scenario: Scenario) -> list[Problem]:
    """What a target names that the campaign lacks, and a date outside the days that are played."""
    problems = []
    formations = {formation.formation for formation in scenario.formations}
    groups = {operation.key for operation in scenario.calendar.operations}
    hours = (row.observed - scenario.calendar.h_hour).total_seconds() / 3600
    if row.measure == "disarmed" and row.formation not in formations:
        what = f"formation '{row.formation}' is not in the order of battle"
        problems.append(table.problem(row, "formation", what, suggestion(row.formation, formations)))
    if row.group not in groups:
        what = f"group '{row.group}' is no operation of campaign.yaml"
        problems.append(table.problem(row, "group", what, suggestion(row.group, groups)))
    if not 0 < hours <= scenario.calendar.steps * scenario.calendar.step_hours:
        what = f"observed {row.observed:%Y-%m-%dT%H:%M} lies outside the days that are played"
        problems.append(table.problem(row, "observed", what, "mend the date, or the days of campaign.yaml"))
    return problems
