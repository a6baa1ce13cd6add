"""What changes, measures and factors look like as records; the words are those of changes.yaml."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from pydantic import Field, model_validator

from khingan.errors import KhinganError, suggestion
from khingan.evidence.grade import Grade
from khingan.evidence.record import LocalTime, Record
from khingan.scenario import schema

# Table of a change -> the record of its rows and the column that names them.
TABLES: dict[str, tuple[type[schema.Row], str]] = {
    "places": (schema.Place, "name"),
    "armies": (schema.Army, "army"),
    "formations": (schema.Formation, "formation"),
    "plans": (schema.Plan, "key"),
    "orders": (schema.Order, "order"),
    "works": (schema.Works, "works"),
    "lifts": (schema.Lift, "lift"),
    "supply": (schema.Supply, "row"),
    "weather": (schema.WeatherRegion, "region"),
    "air": (schema.Air, "row"),
    "headquarters": (schema.Headquarters, "key"),
}
# What keeps its distance from H-hour when the date of the attack is moved; everything else keeps its date.
MOVING = ("orders", "arrivals", "surrender")

Table = Literal[
    "places", "armies", "formations", "plans", "orders", "works", "lifts", "supply", "weather", "air", "headquarters"
]
Where = dict[str, str | tuple[str, ...]]


class Edit(Record):
    """New values for some cells of the rows that `where` chooses; `at` puts formations at a named place."""

    table: Table
    where: Where = Field(min_length=1)
    to: dict[str, Any] = Field(default_factory=dict)
    times: dict[str, float] = Field(default_factory=dict)
    plus: dict[str, float] = Field(default_factory=dict)
    at: str = ""


class Removal(Record):
    """Rows that take no part; they keep their numbers, so that no other row's luck moves."""

    table: Literal["formations", "orders", "lifts", "supply", "air", "headquarters"]
    where: Where = Field(min_length=1)


class Addition(Record):
    """A row like an existing one, but for the cells of `row`."""

    table: Literal["places", "formations", "plans", "orders", "lifts", "supply", "air"]
    like: str
    row: dict[str, Any] = Field(min_length=1)


class Scale(Record):
    """A parameter's draw is multiplied."""

    times: float = Field(gt=0)


class Takes(Record):
    """What a change asks for with its name, as in warning=24: a number, or a date that becomes days from `counts_from`.

    `what` names the parameter that takes it; `h_hour` is the date of the attack itself.
    """

    what: str
    low: float = float("-inf")
    high: float = float("inf")
    counts_from: LocalTime | None = None

    @property
    def is_date(self) -> bool:
        """Whether a date is asked for."""
        return self.what == "h_hour" or self.counts_from is not None


class Change(Record):
    """A named override: what and why in one sentence, who says so, and how sure of it one may be."""

    name: str
    file: str
    line: int
    what: str = Field(min_length=1)
    source: str = ""
    author: str = ""
    grade: Grade
    parameters: dict[str, float | Scale] = Field(default_factory=dict)
    edit: tuple[Edit, ...] = ()
    remove: tuple[Removal, ...] = ()
    add: tuple[Addition, ...] = ()
    h_hour: LocalTime | None = None
    moves: tuple[Literal["orders", "arrivals", "surrender"], ...] = ("orders",)
    takes: Takes | None = None

    @property
    def shown(self) -> str:
        """Its name, and what is to be given with it."""
        return self.name if self.takes is None else self.name + ("=YYYY-MM-DD" if self.takes.is_date else "=NUMBER")

    def given(self, text: str) -> "Change":
        """The change with what was given after its name; KhinganError where that is missing, unwanted or unfit."""
        if self.takes is None:
            if text:
                raise KhinganError(
                    f"--change {self.name}={text}", "nothing is to be given with it", f"write {self.name}"
                )
            return self
        name = f"{self.name}={text}"
        value = self._read(text)
        if isinstance(value, datetime):
            return self.model_copy(update={"name": name, "h_hour": value, "takes": None})
        return self.model_copy(
            update={"name": name, "parameters": {**self.parameters, self.takes.what: value}, "takes": None}
        )

    def _read(self, text: str) -> datetime | float:
        takes = self.takes
        assert takes is not None
        try:
            moment = datetime.fromisoformat(text) if takes.is_date else None
            number = float(text) if moment is None else 0.0
        except ValueError:
            raise KhinganError(f"--change {self.name}", f"'{text}' does not fit", f"write {self.shown}") from None
        if moment is not None and takes.what == "h_hour":
            return moment
        if moment is not None and takes.counts_from is not None:
            number = (moment - takes.counts_from).total_seconds() / 86400.0
        if not takes.low <= number <= takes.high:
            what = f"{number:g} is out of range"
            raise KhinganError(f"--change {self.name}={text}", what, f"{takes.low:g} to {takes.high:g} are possible")
        return number

    @model_validator(mode="after")
    def somebody_says_so(self) -> "Change":
        if bool(self.source) == bool(self.author):
            raise ValueError("names either a source or an author")
        return self


# Kinds of measure that count men or machines.
COUNTED = ("killed", "wounded", "captured", "deserted", "tanks_lost", "halted_hours")


class Measure(Record):
    """One number a run; see experiment/gauge.py for the kinds. `day` counts from H-hour; empty is the horizon.

    `by` is a date in its stead, which stays where it is when a change moves H-hour.
    `targets` are dated events of the campaign's history.
    """

    name: str
    file: str
    line: int
    what: str = Field(min_length=1)
    kind: Literal[
        "days_until_held", "held", "territory", "killed", "wounded", "captured", "tanks_lost", "deserted",
        "halted_hours", "dates", "surrender", "distance_left", "kept",
    ]  # fmt: skip
    places: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    side: schema.Side | None = None
    armies: tuple[str, ...] = ()
    day: float | None = Field(default=None, gt=0)
    by: LocalTime | None = None
    point: tuple[float, float] | None = None  # latitude and longitude in degrees; it may lie off the map

    @model_validator(mode="after")
    def has_what_it_counts(self) -> "Measure":
        if self.day is not None and self.by is not None:
            raise ValueError("names a day and a date")
        if self.kind in ("days_until_held", "held", "kept") and not self.places:
            raise ValueError("counts places and names none")
        if self.kind == "dates" and not self.targets:
            raise ValueError("is a mean of dated events and names no targets")
        if self.kind == "distance_left" and self.point is None:
            raise ValueError("measures the distance to a point and names none")
        if self.kind in COUNTED and not self.side and not self.armies:
            raise ValueError("counts men or machines and names no side or armies")
        return self


class Factor(Record):
    """A cause that can be switched off: the changes that together take it away."""

    name: str
    file: str
    line: int
    what: str = Field(min_length=1)
    off: tuple[str, ...] = Field(min_length=1)
    answered: str = ""  # choice of the attacker in game.yaml with which he may answer where it is away


@dataclass(frozen=True)
class Repertoire:
    """All changes, measures and factors one may ask a campaign for, by name."""

    changes: dict[str, Change]
    measures: dict[str, Measure]
    factors: dict[str, Factor]
    switches: tuple[str, ...] = ()  # changes that switch a mechanism off, usable on every campaign
    file: str = field(default="")  # the user's own file, absolute; empty without one

    def change(self, name: str) -> Change:
        """The change of this name, or of NAME=VALUE for one that takes a value."""
        plain, _, text = name.partition("=")
        return known(self.changes, plain.strip(), "--change", "change").given(text.strip())

    def chosen(self, names: Iterable[str]) -> tuple[Change, ...]:
        """Several changes in the order given; one that is named twice is refused."""
        asked = list(names)
        for name in asked:
            if asked.count(name) > 1:
                raise KhinganError(f"--change {name}", "named twice", "name it once")
        return tuple(self.change(name) for name in asked)

    def measured(self, names: Iterable[str]) -> tuple[Measure, ...]:
        """Several measures; all of them where none is named."""
        return tuple(known(self.measures, name, "--measure", "measure") for name in names) or tuple(
            self.measures.values()
        )

    def factor(self, name: str) -> Factor:
        """The factor of this name; any change is a factor that it takes away itself."""
        if name.partition("=")[0] in self.changes and name not in self.factors:
            change = self.change(name)
            return Factor(name=name, file=change.file, line=change.line, what=change.what, off=(name,))
        return known({**self.changes, **self.factors}, name, "--factors", "factor")


def known(found: dict[str, Any], name: str, where: str, kind: str) -> Any:
    """The entry of this name, or the names nearest to a mistaken one."""
    if name not in found:
        raise KhinganError(f"{where} {name}", f"no {kind} of this name", suggestion(name, found))
    return found[name]
