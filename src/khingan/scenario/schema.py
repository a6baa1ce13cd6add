"""The frozen records of a campaign: what its files say, with names, dates and sources, and no arrays.

Every table row knows where it stands (`file`, `line`), so that any later complaint can point at it. A field that a
historian could dispute names the claim column it rests on through `rests_on`.
"""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Literal

import numpy as np
from pydantic import Field

from khingan.evidence.ledger import Ledger
from khingan.evidence.record import LocalTime, Record, Row


def rests_on(column: str, empty: float | None = None, **bounds: Any) -> Any:
    """A required disputable field: its evidence is the claim named in `column` of the same row.

    `empty` is what an empty cell stands for; without it the cell must be filled.
    """
    notes: dict[str, Any] = {"rests_on": column} if empty is None else {"rests_on": column, "empty": empty}
    return Field(json_schema_extra=notes, **bounds)


Side = Literal["SU", "JP"]


class Place(Row):
    """A named point of the gazetteer, in its name of the time."""

    name: str
    other_names: tuple[str, ...]
    lat: float = rests_on("claim", ge=-90, le=90)
    lon: float = rests_on("claim", ge=-180, le=180)
    role: str
    owner: Side | None = rests_on("claim")
    grade: str
    claim: str


class Army(Row):
    """A body of formations with one headquarters, one supply and one axis of command."""

    army: str
    side: Side
    front: str
    name: str
    operation: str
    headquarters: str = rests_on("claim")
    claim: str


class Formation(Row):
    """A row of the order of battle."""

    formation: str
    side: Side
    army: str
    corps: str
    name: str
    type: str
    role: str
    men: float = rests_on("strength_claim", empty=0, ge=0)
    tanks: float = rests_on("strength_claim", empty=0, ge=0)
    guns: float = rests_on("strength_claim", empty=0, ge=0)
    aircraft: float = rests_on("strength_claim", empty=0, ge=0)
    effectiveness: float = rests_on("effectiveness_claim", empty=100, ge=0, le=100)
    lat: float = rests_on("presence_claim", ge=-90, le=90)
    lon: float = rests_on("presence_claim", ge=-180, le=180)
    place: str
    posture: str
    plan: str
    fallback: str
    works: str
    arrives: LocalTime | None = rests_on("presence_claim")
    parent: str
    off_map: str
    presence_claim: str
    strength_claim: str
    effectiveness_claim: str
    note: str


class Plan(Row):
    """What an army or group was told to do before the war began: legs in order, by place."""

    key: str
    army: str
    echelon: int = rests_on("claim", ge=1, le=3)
    starts: float = rests_on("claim", ge=0)
    legs: tuple[str, ...] = rests_on("claim", min_length=1)
    claim: str
    note: str


class Order(Row):
    """A dated order; never a result. It takes effect when its condition holds, not before `starts`."""

    order: str
    issued: LocalTime
    spread_h: float = rests_on("claim", ge=0)
    side: Side
    issuer: str
    addressees: tuple[str, ...]
    kind: str
    plan: str
    objective: str
    starts: LocalTime | None = rests_on("claim")
    condition: tuple[str, ...] = Field(json_schema_extra={"separator": "&"})
    claim: str
    note: str


class Works(Row):
    """Fortified works that a garrison holds; their fall is recorded apart from the cell they stand in."""

    works: str
    name: str
    place: str
    lat: float = rests_on("claim", ge=-90, le=90)
    lon: float = rests_on("claim", ge=-180, le=180)
    strength: str
    prepared_days: float = rests_on("claim", ge=0)
    claim: str
    note: str


class Lift(Row):
    """A landing of one formation from sea, river or air, released by an order."""

    lift: str
    order: str
    formation: str
    mode: str
    origin: str
    destination: str
    distance_km: float = rests_on("claim", ge=0)
    speed_kmh: float = rests_on("claim", gt=0)
    load_h: float = rests_on("claim", ge=0)
    first_wave: float = rests_on("claim", gt=0, le=1)
    interval_h: float = rests_on("claim", ge=0)
    guns: float = rests_on("guns_claim", empty=0, ge=0)
    claim: str
    guns_claim: str
    note: str


class GroundLink(Row):
    """A line on borrowed ground that was another in this campaign's time: not there yet, or of another class.

    It runs from `origin` to `destination` along the shortest line of its layer; `now` is its class, `none` removes it.
    """

    link: str
    origin: str
    destination: str
    layer: Literal["rail", "road"]
    now: str = rests_on("claim")
    claim: str
    note: str


class Supply(Row):
    """One quantity of supply: a depot, a stock, a column of trucks, an airlift."""

    row: str
    kind: str
    side: Side
    army: str
    place: str
    value: float = rests_on("claim", ge=0)
    unit: str
    claim: str
    note: str


class WeatherRegion(Row):
    """A region's wet spells as a two-state chain, one transition a 6-hour step."""

    region: str
    lat: float
    lon: float
    wet_to_wet: float = rests_on("claim", ge=0, le=1)
    dry_to_wet: float = rests_on("claim", ge=0, le=1)
    wet_at_start: float = rests_on("claim", ge=0, le=1)
    claim: str


class Season(Row):
    """What a region's weather is like from one day of the year to the day of its next row, against weather.csv."""

    season: str
    region: str
    begins: str = Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
    rain: float = rests_on("claim", ge=0, le=1)
    thaw: float = rests_on("claim", ge=0, le=1)
    frost: float = rests_on("claim", ge=0, le=1)
    snow: float = rests_on("claim", ge=0, le=1)
    ice: float = rests_on("claim", ge=0, le=1)
    flying: float = rests_on("claim", ge=0, le=2)
    sickness: float = rests_on("claim", ge=0, le=10)
    claim: str


class Rating(Row):
    """What the effectiveness of a side's formations of one type is rated against: a whole formation of so many men."""

    rating: str
    side: Side
    type: str
    men: float = rests_on("claim", gt=0)
    claim: str
    note: str


class Air(Row):
    """The air strength that supports one front."""

    row: str
    side: Side
    army_or_fleet: str
    front: str
    aircraft: float = rests_on("claim", ge=0)
    serviceable: float = rests_on("claim", ge=0, le=1)
    sorties_per_aircraft_day: float = rests_on("claim", ge=0)
    claim: str
    note: str


class Headquarters(Row):
    """A headquarters' cease-fire order and the armies that hear it from there; the first is its own command."""

    key: str
    side: Side
    armies: tuple[str, ...]
    order: LocalTime = rests_on("claim")
    spread_h: float = rests_on("claim", ge=0)
    claim: str


class ZoneBox(Row):
    """A part of the country whose garrisons are to lay down their arms to the control side, as a box in degrees."""

    key: str
    south: float = rests_on("claim", ge=-90, le=90)
    north: float = rests_on("claim", ge=-90, le=90)
    west: float = rests_on("claim", ge=-180, le=180)
    east: float = rests_on("claim", ge=-180, le=180)
    claim: str


class Surrender(Record):
    """The historical calendar of the end: a broadcast, then orders by headquarters; and the zone agreed on, if any.

    Without a broadcast and headquarters nobody is told to lay down arms: the days that are played end the war.
    """

    broadcast: LocalTime | None = None
    headquarters: tuple[Headquarters, ...] = ()
    zone: tuple[ZoneBox, ...] = ()


class Operation(Record):
    """One of the operations the campaign is told in."""

    key: str
    name: str
    armies: tuple[str, ...]


class SideName(Record):
    """A side's full name and the key of its adversary."""

    name: str
    adversary: Side


class Extent(Record):
    """The box of the map in degrees."""

    south: float = Field(ge=-90, le=90)
    north: float = Field(ge=-90, le=90)
    west: float = Field(ge=-180, le=180)
    east: float = Field(ge=-180, le=180)


class Calendar(Record):
    """campaign.yaml: title, dates, time step, map and sides.

    `limits`: sides under orders not to enter ground that the other alone claims, and the claim that says so.
    """

    name: str
    title: str
    summary: str
    h_hour: LocalTime
    utc_offset_hours: float
    step_hours: float = Field(ge=0.25, le=24)
    days: int = Field(gt=0, le=400)
    official_end: LocalTime | None = None
    resolution: int = Field(ge=3, le=8)
    extent: Extent
    ground: str = ""
    sides: dict[Side, SideName]
    control_side: Side
    operations: tuple[Operation, ...]
    limits: dict[Side, str] = Field(default_factory=dict)

    @property
    def counted_to(self) -> datetime:
        """The day to whose evening losses are counted: the official end, or the horizon of a war that has none."""
        return self.official_end or self.h_hour + timedelta(days=self.days - 1)

    @property
    def steps(self) -> int:
        """Steps from H-hour to the end of the last day."""
        return round(self.days * 24 / self.step_hours)


class Terrain(Record):
    """The map as columns; row numbers of the two tables are the cells' indices."""

    cells: dict[str, np.ndarray]
    edges: dict[str, np.ndarray]

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row of each cell by its H3 name."""
        return {str(cell): row for row, cell in enumerate(self.cells["cell"].tolist())}


class Scenario(Record):
    """A whole campaign, read and checked: the second noun of the line."""

    folder: str
    fingerprint: str
    calendar: Calendar
    ledger: Ledger
    terrain: Terrain
    places: tuple[Place, ...]
    armies: tuple[Army, ...]
    formations: tuple[Formation, ...]
    plans: tuple[Plan, ...]
    orders: tuple[Order, ...]
    works: tuple[Works, ...]
    lifts: tuple[Lift, ...]
    supply: tuple[Supply, ...]
    weather: tuple[WeatherRegion, ...]
    seasons: tuple[Season, ...] = ()
    ratings: tuple[Rating, ...] = ()
    air: tuple[Air, ...]
    surrender: Surrender
    ground: tuple[GroundLink, ...]
