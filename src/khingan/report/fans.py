"""Fans over the days: advance, losses, prisoners and fuel by army, front and side, with what history says of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from khingan.history.comparison import Comparison
from khingan.history.targets import History
from khingan.report.marches import UNITS
from khingan.report.packing import Pack
from khingan.scenario.schema import Scenario
from khingan.simulation.result import Result
from khingan.units import EARTH_RADIUS_KM, HOURS_PER_DAY

SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)
LOSSES = ("killed", "wounded", "captured", "sick", "died", "tanks_lost", "deserted")
STRENGTHS = ("men", "tanks", "fuel")
MOTOR = ("tank", "mech")
FANS = 1000  # the first runs, of which the fans of losses are drawn; the page says so


@dataclass(frozen=True)
class Body:
    """An army, a front or a side, and the numbers of the armies that make it up."""

    kind: str
    key: str
    name: str
    side: str
    armies: tuple[int, ...]


def bodies(scenario: Scenario, result: Result) -> list[Body]:
    """Sides first, then fronts, then armies."""
    armies = [army for army in scenario.armies if army.army in result.names("army")]
    number = {name: k for k, name in enumerate(result.names("army"))}
    made = [Body("side", key, side.name, key, tuple(number[a.army] for a in armies if a.side == key))
            for key, side in scenario.calendar.sides.items()]  # fmt: skip
    for front, side in dict.fromkeys((army.front, army.side) for army in armies):
        members = tuple(number[army.army] for army in armies if (army.front, army.side) == (front, side))
        made.append(Body("front", front, front, side, members))
    return [*made, *(Body("army", army.army, army.name, army.side, (number[army.army],)) for army in armies)]


def pack_fans(
    result: Result, scenario: Scenario, history: History | None, comparison: Comparison | None, pack: Pack
) -> list[dict[str, Any]]:  # fmt: skip
    """`losses` (measure, body, share, day), `advance` and `fuel` (body, share, day), `strength` (measure, formation,
    share of 10, 50, 90 %, day); returns the bodies with what history says of them.
    """
    groups = bodies(scenario, result)
    days = len(result.days())
    losses = np.zeros((len(LOSSES), len(groups), len(SHARES), days), dtype=np.float32)
    for k, name in enumerate(LOSSES):
        if name in result.ensemble:
            men = np.ascontiguousarray(result.first_runs(name, FANS).transpose(2, 1, 0))
            losses[k] = [fan(men[list(body.armies)].sum(axis=0)) for body in groups]
    pack.add("losses", losses)
    advance, fuel = (np.full((len(groups), len(SHARES), days), np.nan, dtype=np.float32) for _ in range(2))
    said = []
    for g, body in enumerate(groups):
        start = Start.of(body, scenario, history)
        if body.kind == "army" and start and body.side == scenario.calendar.control_side:
            advance[g] = _advance(result, scenario, body, start)
        if body.kind == "army":
            fuel[g] = _fuel(result, scenario, body)
        said.append(_said(body, start, scenario, comparison))
    pack.add("advance", advance)
    pack.add("fuel", fuel)
    pack.add("strength", _strengths(result))
    return said


def fan(values: NDArray) -> NDArray:
    """(share, day) quantiles over runs of values (day, run): numbers side by side are soon put in order."""
    ordered = np.sort(values, axis=1)
    at = np.array(SHARES) * (ordered.shape[1] - 1)
    below = at.astype(int)
    above, part = np.minimum(below + 1, ordered.shape[1] - 1), at - below
    fan = (1.0 - part) * ordered[:, below] + part * ordered[:, above]
    return np.where(np.isnan(ordered[:, -1:]), np.nan, fan).T


@dataclass(frozen=True)
class Start:
    """Where an army's advance is measured from, and the (hours, km, precision in words) that history gives."""

    name: str
    lat: float
    lon: float
    dots: tuple[tuple[float, float, str], ...]

    @classmethod
    def of(cls, body: Body, scenario: Scenario, history: History | None) -> "Start | None":
        """The first place of the longest route that history measured; else the middle of the army at H-hour."""
        places = {place.name: place for place in scenario.places}
        paces = [pace for pace in (history.paces if history else ()) if pace.formation.startswith(body.name)]
        routes = [[places[n.strip()] for n in p.route.split(";") if n.strip() in places] for p in paces]
        known = [(p, r) for p, r in zip(paces, routes, strict=True) if len(r) > 1]
        if known:
            first = max(known, key=lambda item: item[0].days)[1][0]
            dots = []
            for pace, route in known:
                if route[0].name == first.name:
                    end = route[-1]
                    km = float(distance_km(np.array(first.lat), np.array(first.lon), end.lat, end.lon))
                    since = (datetime.fromisoformat(pace.start) - scenario.calendar.h_hour).total_seconds() / 3600
                    dots.append((since + pace.days * HOURS_PER_DAY, km, end.name))
            return cls(first.name, first.lat, first.lon, tuple(dots))
        own = [f for f in scenario.formations if f.army == body.key and f.role == "field" and not f.off_map]
        if body.kind != "army" or not own:
            return None
        return cls("", float(np.mean([f.lat for f in own])), float(np.mean([f.lon for f in own])), ())


def distance_km(lat_a: NDArray, lon_a: NDArray, lat_b: float, lon_b: float) -> NDArray:
    """Great circle in km on the mean sphere (haversine)."""
    half_lat, half_lon = np.radians(lat_b - lat_a) / 2, np.radians(lon_b - lon_a) / 2
    a = np.sin(half_lat) ** 2 + np.cos(np.radians(lat_a)) * np.cos(np.radians(lat_b)) * np.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(a))


def _advance(result: Result, scenario: Scenario, body: Body, start: Start) -> NDArray:
    """(share, day) straight km from the start to the farthest field formation of the army at the end of the day."""
    columns = _columns(result, scenario, body, ("field",), ())
    if not columns or "place" not in result.ensemble:
        return np.full((len(SHARES), len(result.days())), np.nan)
    per_day = round(HOURS_PER_DAY / scenario.calendar.step_hours)
    place = result.first_runs("place", UNITS)[:, per_day - 1 :: per_day, columns]
    cells = scenario.terrain.cells
    away = distance_km(cells["lat"], cells["lon"], start.lat, start.lon)
    km = np.where(place >= 0, away[np.maximum(place, 0)], 0.0).max(axis=2)
    return fan(np.maximum.accumulate(km, axis=1).T)


def _fuel(result: Result, scenario: Scenario, body: Body) -> NDArray:
    """(share, day) refills in hand, the mean of the army's tank and mechanized formations weighted by tanks."""
    columns = _columns(result, scenario, body, ("field",), MOTOR)
    if not columns or "fuel" not in result.ensemble:
        return np.full((len(SHARES), len(result.days())), np.nan)
    fuel = result.first_runs("fuel", UNITS)[:, :, columns]
    tanks = result.first_runs("tanks", UNITS)[:, :, columns]
    weight = np.where(np.isfinite(fuel), np.maximum(tanks, 1e-6), 0)
    return fan(((np.nan_to_num(fuel) * weight).sum(axis=2) / weight.sum(axis=2)).T)


def _columns(result: Result, scenario: Scenario, body: Body, roles: Sequence[str], types: Sequence[str]) -> list[int]:
    number = {name: k for k, name in enumerate(result.names("formation"))}
    return [number[f.formation] for f in scenario.formations
            if f.army == body.key and f.role in roles and (not types or f.type in types) and not f.off_map]  # fmt: skip


def _strengths(result: Result) -> NDArray[np.float32]:
    """(measure, formation, share, day) men, tanks and fuel at 10, 50 and 90 % of the runs."""
    made = []
    for name in STRENGTHS:
        if name not in result.ensemble:
            continue
        values = np.array(result.first_runs(name, UNITS).transpose(2, 1, 0), order="C")
        rows = [int(share * (values.shape[2] - 1)) for share in (0.1, 0.5, 0.9)]
        made.append(np.sort(np.nan_to_num(values, copy=False), axis=2)[:, :, rows])
    if not made:
        return np.zeros((0, 0, 3, 0), dtype=np.float32)
    return np.stack(made).transpose(0, 1, 3, 2).round(1).astype(np.float32)


def _said(body: Body, start: Start | None, scenario: Scenario, comparison: Comparison | None) -> dict[str, Any]:
    """The body's names and the figures history has of it; days count from the first."""
    rows = [
        row
        for row in (comparison.rows if comparison else ())
        if not row.timed and _same(body, row.place, scenario.calendar.control_side)
    ]
    day = (scenario.calendar.counted_to - scenario.calendar.h_hour).days
    totals = {row.measure: [row.observed_low, row.observed, row.observed_high] for row in rows}
    return {
        "kind": body.kind, "key": body.key, "name": body.name, "side": body.side, "armies": list(body.armies),
        "start": start.name if start else "",
        "dots": [[hours / HOURS_PER_DAY, km, end] for hours, km, end in (start.dots if start else ())],
        "counted": day, "totals": totals,
    }  # fmt: skip


def _same(body: Body, whose: str, attacker: str) -> bool:
    """Whether a published total is of this body: its front's, or of a side by its first word, or all prisoners."""
    if body.kind == "front":
        return whose == body.key
    first = body.name.replace(",", " ").split()[0]
    return body.kind == "side" and (whose.split()[0] == first or (whose == "all" and body.side != attacker))
