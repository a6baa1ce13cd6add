"""From a scenario and changes to the changed scenario: rows are rewritten, never renumbered.

The luck of a formation, order, lift or works is keyed by its number. A removed row therefore keeps its place and takes
no part, and a new one comes after all others: whatever a change does not touch keeps its luck.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from khingan.errors import CampaignError, KhinganError, Problem, suggestion
from khingan.evidence.parameters import read_parameters
from khingan.evidence.record import Row, fault
from khingan.experiment.change import MOVING, TABLES, Addition, Change, Edit, Removal, Scale, Where
from khingan.experiment.check import row_faults
from khingan.experiment.dating import PEAK, rain_as_on, stand_as_on, standing, surprise_factor
from khingan.experiment.repertoire import read_repertoire
from khingan.scenario.politics import read_politics
from khingan.scenario.prelude import has_prelude
from khingan.scenario.schema import Lift, Order, Scenario
from khingan.simulation.settings import DRAWN, Settings

NEVER_DAYS = 3650  # a cease-fire order that is not given is dated ten years on, beyond every horizon
NO_ORDER = "no-order"
ENTRY_SHIFT = "politics.entry_shift_days"  # the entry that weighs on the other side's decision is the attack itself


def change_scenario(
    scenario: Scenario, settings: Settings, changes: Sequence[Change], file: str = ""
) -> tuple[Scenario, Settings]:
    """The scenario and settings under all of these changes; without changes, both as they are.

    Two changes that give the same cell or parameter different values are refused; multiples compose in any order.
    Raises CampaignError with every fault found.
    """
    if not changes:
        return scenario, settings
    draft = Draft({table: _rows(scenario, table) for table in TABLES}, scenario)
    for change in changes:
        draft.take(change)
    if draft.problems:
        raise CampaignError(scenario.calendar.name, draft.problems)
    names = (*settings.changes, *(change.name for change in changes))
    pinned, scaled = _parameters(settings, changes)
    if draft.later_days() != 0.0 and draft.h_hour is not None and draft.h_hour.h_hour is not None:
        rain_as_on(draft.tables, scenario, draft.h_hour.h_hour)
        if has_prelude(scenario):
            found = standing(scenario, draft.h_hour.h_hour, replace(settings, pinned=pinned, scaled=scaled))
            stand_as_on(draft.tables, scenario, found)
            if PEAK not in pinned:
                scaled[PEAK] = scaled.get(PEAK, 1.0) * surprise_factor(found, read_parameters()[PEAK].value or 1.0)
    if draft.h_hour is not None and read_politics(scenario) is not None:
        pinned.setdefault(ENTRY_SHIFT, draft.later_days())
    return draft.scenario(changes), replace(
        settings, pinned=pinned, scaled=scaled, changes=names, changes_file=file or settings.changes_file
    )


def _rows(scenario: Scenario, table: str) -> list[Any]:
    return list(scenario.surrender.headquarters if table == "headquarters" else getattr(scenario, table))


def _parameters(settings: Settings, changes: Sequence[Change]) -> tuple[dict[str, float], dict[str, float]]:
    """Pins and factors of all changes together; a parameter is pinned once, and then not scaled."""
    pinned, scaled, owner = dict(settings.pinned), dict(settings.scaled), dict.fromkeys(settings.pinned, "--set")
    for change in changes:
        for key, value in change.parameters.items():
            scales = isinstance(value, Scale)
            if (key in pinned and (scales or pinned[key] != value)) or (key in scaled and not scales):
                what = f"'{key}' is set also by {owner[key]}"
                raise KhinganError(f"--change {change.name}", what, "leave one of the two out")
            owner[key] = change.name
            if isinstance(value, Scale):
                scaled[key] = scaled.get(key, 1.0) * value.times
            else:
                pinned[key] = value
    return pinned, scaled


@dataclass
class Draft:
    """The tables of a scenario while changes are made in them."""

    tables: dict[str, list[Any]]
    before: Scenario
    problems: list[Problem] = field(default_factory=list)
    touched: dict[tuple[str, str, str], tuple[str, Any]] = field(default_factory=dict)  # cell -> change, value
    h_hour: Change | None = None

    def take(self, change: Change) -> None:
        """Make one change."""
        for addition in change.add:
            self.append(change, addition)
        for edit in change.edit:
            self.edit(change, edit)
        for removal in change.remove:
            self.remove(change, removal)
        if change.h_hour is not None:
            self.move_h_hour(change)

    def note(self, change: Change, what: str, remedy: str) -> None:
        """A fault of the change."""
        self.problems.append(Problem(change.file, change.line, 0, f"{change.name}: {what}", remedy))

    def append(self, change: Change, addition: Addition) -> None:
        """A new row behind all others, a copy of another but for what is written."""
        key = TABLES[addition.table][1]
        pattern = next((row for row in self.tables[addition.table] if getattr(row, key) == addition.like), None)
        names = [getattr(row, key) for row in self.tables[addition.table]]
        if pattern is None:
            self.note(change, f"no row '{addition.like}' in {addition.table}", suggestion(addition.like, names))
        elif addition.row.get(key) in (None, *names):
            self.note(change, f"the new row of {addition.table} has no {key} of its own", f"write another {key}")
        elif (row := self.rewritten(change, addition.table, pattern, addition.row)) is not None:
            self.tables[addition.table].append(row)

    def edit(self, change: Change, edit: Edit) -> None:
        """New values in the chosen rows."""
        if edit.at and edit.table not in ("formations", "works"):
            self.note(change, f"'at' moves formations and works, not {edit.table}", "write the columns under 'to'")
            return
        if not (edit.to or edit.times or edit.plus or edit.at):
            self.note(change, f"an edit of {edit.table} changes nothing", "write to, times, plus or at")
        for number in self.chosen(change, edit.table, edit.where):
            row = self.tables[edit.table][number]
            values = dict(edit.to) | self.standing(change, edit)
            for column, how in ((c, h) for h in ("times", "plus") for c in getattr(edit, h)):
                value = getattr(row, column, None)
                if not isinstance(value, int | float):
                    self.note(change, f"{edit.table} have no number '{column}'", suggestion(column, _numbers(row)))
                    return
                given = getattr(edit, how)[column]
                values[column] = value * given if how == "times" else value + given
            for column in values:
                relative = column in edit.times or column in edit.plus
                self.touch(change, edit.table, row, column, None if relative else values[column])
            new = self.rewritten(change, edit.table, row, values)
            if new is None:
                return
            self.tables[edit.table][number] = new

    def standing(self, change: Change, edit: Edit) -> dict[str, Any]:
        """The columns that say where a row stands, from the place named by `at`."""
        if not edit.at:
            return {}
        place = next((row for row in self.tables["places"] if edit.at in (row.name, *row.other_names)), None)
        if place is None:
            self.note(change, f"no place '{edit.at}'", suggestion(edit.at, [row.name for row in self.tables["places"]]))
            return {}
        return {"place": place.name, "lat": place.lat, "lon": place.lon}

    def touch(self, change: Change, table: str, row: Row, column: str, value: Any) -> None:
        """Refuse two changes that give one cell different values; multiples of it (value None) compose."""
        cell = (table, getattr(row, TABLES[table][1]), column)
        before, there = self.touched.get(cell, (change.name, value))
        if before != change.name and there != value:
            what = f"{column} of {cell[1]} is set also by {before}"
            self.note(change, what, "leave one of the two out")
        self.touched[cell] = (change.name, value)

    def remove(self, change: Change, removal: Removal) -> None:
        """Take rows out of play in the way of their table."""
        numbers = self.chosen(change, removal.table, removal.where)
        rows = self.tables[removal.table]
        if removal.table in ("supply", "air"):
            gone = set(numbers)
            self.tables[removal.table] = [row for number, row in enumerate(rows) if number not in gone]
            return
        late = self.before.calendar.h_hour + timedelta(days=NEVER_DAYS)
        idle: dict[str, dict[str, Any]] = {
            "formations": {"off_map": f"taken away by the change {change.name}"},
            "orders": {"kind": "none", "condition": (), "plan": ""},
            "headquarters": {"order": late},
            "lifts": {"order": NO_ORDER},
        }
        for number in numbers:
            # Guns of support stand with the formations they are shared among, on the map or off it.
            guns = {"guns": 0.0} if getattr(rows[number], "role", "") == "support" else {}
            rows[number] = rows[number].model_copy(update=idle[removal.table] | guns)
        names = {getattr(rows[number], TABLES[removal.table][1]) for number in numbers}
        if removal.table == "formations":
            self.strand(names)
        if removal.table == "lifts":
            self.never_ordered()

    def strand(self, formations: Iterable[str]) -> None:
        """Ships and aircraft that were to carry these formations never sail."""
        gone = set(formations)
        lifts: list[Lift] = self.tables["lifts"]
        for number, lift in enumerate(lifts):
            if lift.formation in gone:
                lifts[number] = lift.model_copy(update={"order": NO_ORDER})
                self.never_ordered()

    def never_ordered(self) -> None:
        """An order that commands nothing, for lifts that do not sail."""
        orders: list[Order] = self.tables["orders"]
        if all(order.order != NO_ORDER for order in orders):
            idle = {"order": NO_ORDER, "kind": "none", "addressees": (), "condition": (), "plan": "", "starts": None}
            orders.append(orders[0].model_copy(update=idle))

    def later_days(self) -> float:
        """Days by which H-hour is moved."""
        moved = self.h_hour.h_hour if self.h_hour is not None else None
        return 0.0 if moved is None else (moved - self.before.calendar.h_hour).total_seconds() / 86400.0

    def move_h_hour(self, change: Change) -> None:
        """Another date of attack; what does not move with it keeps its date."""
        if self.h_hour is not None:
            self.note(change, f"the date of the attack is set also by {self.h_hour.name}", "leave one of the two out")
        self.h_hour = change
        assert change.h_hour is not None
        later = change.h_hour - self.before.calendar.h_hour
        columns = {"orders": ("issued", "starts"), "formations": ("arrives",), "headquarters": ("order",)}
        for what, table in zip(MOVING, columns, strict=True):
            if what in change.moves:
                for number, row in enumerate(self.tables[table]):
                    times = {name: getattr(row, name) + later for name in columns[table] if getattr(row, name)}
                    self.tables[table][number] = row.model_copy(update=times)

    def chosen(self, change: Change, table: str, where: Where) -> list[int]:
        """The numbers of the rows whose cells are all among the wanted ones."""
        model = TABLES[table][0]
        for column in where:
            if column not in model.model_fields or column in ("file", "line"):
                self.note(change, f"{table} have no column '{column}'", suggestion(column, _columns(model)))
                return []
        wanted = {column: (value,) if isinstance(value, str) else value for column, value in where.items()}
        for column, values in wanted.items():
            there = {str(getattr(row, column)) for row in self.tables[table]}
            for value in values:
                if value not in there:
                    self.note(change, f"no row of {table} has {column} '{value}'", suggestion(value, there))
                    return []
        found = [
            number
            for number, row in enumerate(self.tables[table])
            if all(str(getattr(row, column)) in values for column, values in wanted.items())
        ]
        if not found:
            self.note(change, f"no row of {table} fits all of {', '.join(wanted)}", "choose rows that exist")
        return found

    def rewritten(self, change: Change, table: str, row: Row, values: dict[str, Any]) -> Any:
        """The row with new values, checked as when it was read; None, and the faults noted, where it is unsound."""
        model, _ = TABLES[table]
        unknown = [column for column in values if column not in _columns(model)]
        for column in unknown:
            self.note(change, f"{table} have no column '{column}'", suggestion(column, _columns(model)))
        if unknown:
            return None
        try:
            new = model(**(row.model_dump() | values))
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                self.note(change, *fault(detail, _columns(model)))
            return None
        for what, remedy in row_faults(new, set(values), self.tables, self.before):
            self.note(change, what, remedy)
        return new

    def scenario(self, changes: Sequence[Change]) -> Scenario:
        """The changed scenario, with a fingerprint of its own."""
        update: dict[str, Any] = {table: tuple(rows) for table, rows in self.tables.items() if table != "headquarters"}
        surrender = self.before.surrender
        update["surrender"] = surrender.model_copy(update={"headquarters": tuple(self.tables["headquarters"])})
        calendar = self.before.calendar
        if self.h_hour is not None and self.h_hour.h_hour is not None:
            later = self.h_hour.h_hour - calendar.h_hour
            dates = {
                "h_hour": self.h_hour.h_hour,
                "official_end": calendar.official_end and calendar.official_end + later,
            }
            update["calendar"] = calendar.model_copy(update=dates)
        update["fingerprint"] = _fingerprint(self.before.fingerprint, changes)
        return self.before.model_copy(update=update)


def _columns(model: type[Row]) -> list[str]:
    return [name for name in model.model_fields if name not in ("file", "line")]


def _numbers(row: Row) -> list[str]:
    return [name for name in _columns(type(row)) if isinstance(getattr(row, name), int | float)]


def _fingerprint(before: str, changes: Sequence[Change]) -> str:
    """The campaign's fingerprint with what the changes do; their wording does not matter."""
    said = {"name", "file", "line", "what", "source", "author", "grade"}
    done = [change.model_dump(mode="json", exclude=said) for change in changes]
    return hashlib.sha256((before + json.dumps(done, sort_keys=True)).encode()).hexdigest()


def try_changes(scenario: Scenario) -> None:
    """Read a campaign's changes and make each once, for all their faults together."""
    problems: list[Problem] = []
    for change in read_repertoire(scenario).changes.values():
        if change.takes is not None:
            continue  # it says nothing until it is given a value
        try:
            change_scenario(scenario, DRAWN, (change,))
        except CampaignError as error:
            problems += error.problems
    if problems:
        raise CampaignError(scenario.calendar.name, problems)
