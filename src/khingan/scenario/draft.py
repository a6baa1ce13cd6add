"""A campaign as far as it could be read: sound rows, the names of all rows, and the problems found so far."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from khingan.errors import Problem
from khingan.evidence.grade import read_ranges
from khingan.evidence.ledger import Ledger, read_ledger
from khingan.evidence.record import Row
from khingan.evidence.record_table import RecordTable, no_records, read_records
from khingan.evidence.yaml_tree import YamlTree
from khingan.scenario.folder import ground_folder
from khingan.scenario.schema import (
    Air,
    Army,
    Calendar,
    Formation,
    GroundLink,
    Lift,
    Order,
    Place,
    Plan,
    Rating,
    Season,
    Supply,
    Surrender,
    Terrain,
    WeatherRegion,
    Works,
)
from khingan.scenario.structure import read_calendar, read_plans, read_surrender, surrender_path
from khingan.scenario.terrain import read_terrain

R = TypeVar("R", bound=Row)

# Record -> its file and the column that names its rows.
TABLES: dict[type[Row], tuple[str, str]] = {
    Place: ("places.csv", "name"),
    Army: ("armies.csv", "army"),
    Formation: ("order_of_battle.csv", "formation"),
    Order: ("orders.csv", "order"),
    Works: ("works.csv", "works"),
    Lift: ("lifts.csv", "lift"),
    Supply: ("supply.csv", "row"),
    WeatherRegion: ("weather.csv", "region"),
    Air: ("air.csv", "row"),
}
# A table that a campaign may go without.
OPTIONAL: dict[type[Row], tuple[str, str]] = {
    GroundLink: ("ground.csv", "link"),
    Season: ("seasons.csv", "season"),
    Rating: ("ratings.csv", "rating"),
}
NAMED: dict[str, type[Row]] = {
    "place": Place,
    "army": Army,
    "formation": Formation,
    "order": Order,
    "works": Works,
    "lift": Lift,
    "region": WeatherRegion,
}


@dataclass
class Draft:
    """What the files gave; `problems` grows while the draft is checked."""

    folder: Path
    problems: list[Problem]
    calendar: Calendar | None
    ledger: Ledger
    ledger_whole: bool
    terrain: Terrain | None
    plans: tuple[Plan, ...]
    surrender: Surrender | None
    tables: dict[type[Row], RecordTable[Any]]
    trees: dict[str, YamlTree | None] = field(repr=False)

    def table(self, model: type[R]) -> RecordTable[R]:
        """The table of one kind of row."""
        return self.tables[model]

    def rows(self, model: type[R]) -> tuple[R, ...]:
        """The sound rows of one kind."""
        return self.table(model).rows

    def names(self, kind: str) -> frozenset[str] | None:
        """All names of a kind; None where its file is damaged, so that a missing name proves nothing."""
        if kind == "plan":
            tree = self.trees["plans"]
            return frozenset(tree.content) if tree else None
        if kind == "operation":
            return frozenset(entry.key for entry in self.calendar.operations) if self.calendar else None
        if kind == "front":
            return frozenset(army.front for army in self.rows(Army)) if self.table(Army).csv.whole else None
        table = self.tables[NAMED[kind]]
        return table.names if table.csv.whole else None

    def claim_rows(self) -> Iterator[Row]:
        """Every row that may hold a disputable cell."""
        for table in self.tables.values():
            yield from table.rows
        yield from self.plans
        if self.surrender:
            yield from self.surrender.headquarters
            yield from self.surrender.zone

    def report(self, row: Row, column: str, what: str, remedy: str) -> None:
        """Note a problem at a cell of any table or YAML record."""
        if type(row) in self.tables:
            problem = self.tables[type(row)].problem(row, column, what, remedy)
        elif isinstance(row, Plan) and (tree := self.trees["plans"]):
            problem = tree.problem((row.key, column), what, remedy)
        elif self.surrender and (tree := self.trees["surrender"]):
            problem = tree.problem((*surrender_path(self.surrender, row), column), what, remedy)
        else:
            problem = Problem(row.file, row.line, 0, what, remedy)
        self.problems.append(problem)


def read_draft(folder: Path) -> Draft:
    """Read every file of a campaign but its history."""
    problems: list[Problem] = []
    calendar, calendar_tree = read_calendar(folder, problems)
    plans, plans_tree = read_plans(folder, problems)
    surrender, surrender_tree = read_surrender(folder, problems)
    ledger, ledger_whole = read_ledger(folder, read_ranges(), problems)
    tables: dict[type[Row], RecordTable[Any]] = {
        model: read_records(folder, file, model, key, problems) for model, (file, key) in TABLES.items()
    }
    for model, (file, key) in OPTIONAL.items():
        there = (folder / file).exists()
        tables[model] = read_records(folder, file, model, key, problems) if there else no_records(file, model)
    return Draft(
        folder=folder,
        problems=problems,
        calendar=calendar,
        ledger=ledger,
        ledger_whole=ledger_whole,
        terrain=read_terrain(ground_folder(folder, calendar.ground if calendar else ""), problems),
        plans=plans,
        surrender=surrender,
        tables=tables,
        trees={"calendar": calendar_tree, "plans": plans_tree, "surrender": surrender_tree},
    )
