"""A table of engagements as a small world: three cells and two formations each, for the engine's own kernels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from khingan.engine import state as engine
from khingan.engine.buckets import BUCKETS, ENTRIES, WAITING
from khingan.engine.engagements import COURSE, OUTCOME
from khingan.engine.routes import mark_nearer
from khingan.scenario.vocabulary import TYPES
from khingan.world.ground import neighbours
from khingan.world.names import GROUNDS
from khingan.world.rules import rules_from

RELIEF = {"G": "rugged", "R": "rolling", "F": "flat"}
COVER = {"W": "wooded", "M": "mixed", "B": "bare", "D": "bare"}
SPECIAL = {"U": "urban", "M": "swamp", "D": "dunes"}
# Days of digging before the first blow by CDB90's word for the posture, as parameters/combat.yaml counts them.
DUG = {"HD": "combat.hasty_days", "PD": "combat.prepared_days", "FD": "combat.fortified_days"}
WITHDRAWING = ("DL", "WD")
# What belongs to a pair of armies or to knowledge after the event is left out of every engagement.
NEUTRAL = {"combat.quality_ratio": 1.0, "combat.readiness_scale": 1.0, "combat.surprise_peak": 1.0}
BODY = tuple(TYPES).index("infantry")
STEP_HOURS = 6.0
FIRST_STEP = 400  # a hundred days into a war
# Enough in hand that neither side runs short: supply is no part of the tables.
PLENTY = 1.0e6


@dataclass(frozen=True)
class Side:
    """What one side brought; `guns` None where the table does not say."""

    nations: tuple[str, ...]
    men: float
    tanks: float
    guns: float | None


@dataclass(frozen=True)
class Engagement:
    """What was known of one engagement before it began; `front_km` None where the table does not say."""

    name: str
    attacker: Side
    defender: Side
    front_km: float | None
    ground: str
    posture: str
    wet: bool
    sorties: float


@dataclass(frozen=True)
class EngagementWorld:
    """Engagements as the engine sees them. `tactics` is 1 for a fighting withdrawal; the rest is room to work in."""

    arrays: engine.World
    reading: engine.Reading
    state: engine.State
    tactics: np.ndarray  # (engagement,) uint8
    outcomes: Any  # (engagement,) OUTCOME
    courses: Any  # (engagement,) COURSE

    def set_quality(self, log_ratio: np.ndarray) -> None:
        """Fighting worth of the attackers over the defenders, (engagement,) logarithm; no side falls below 1."""
        self.reading.formations.quality[0::2] = np.exp(np.maximum(log_ratio, 0.0))
        self.reading.formations.quality[1::2] = np.exp(np.maximum(-log_ratio, 0.0))


def ground_of(code: str) -> str:
    """The ground class of a CDB90 terrain code (relief, cover, special); what it leaves open is rolling and mixed."""
    relief, cover, special = tuple((code.upper() + "000")[:3])
    if special in SPECIAL:
        return SPECIAL[special]
    if cover == "D" and relief == "F":
        return "desert"
    return f"{RELIEF.get(relief, 'rolling')}-{COVER.get(cover, 'mixed')}"


def engagement_rules(values: Mapping[str, float], tables: Mapping[str, np.ndarray]) -> Any:
    """Rules for engagements: those of the campaigns, but nobody surprised and no pair of armies unlike another."""
    return rules_from({**values, **NEUTRAL}, tables)


def compile_engagements(engagements: Sequence[Engagement], values: Mapping[str, float]) -> EngagementWorld:
    """The world of a table; `values` are parameters by their full names."""
    count, edges = len(engagements), _edges(engagements, values)
    near, back = neighbours(edges)
    hours = _hours(count)
    nearer = np.zeros(hours.shape, np.uint8)
    mark_nearer(near, hours[0], nearer[0])
    arrays = engine.World(
        edges=edges,
        near=near,
        back=back,
        land=_land(engagements, values),
        globe=np.zeros((len(edges), 3)),
        plans=_table(engine.PLAN, 1),
        legs=np.zeros(1, np.int64),
        objectives=_objectives(count),
        hours=hours,
        nearer=nearer,
        roster=_roster(engagements, values),
        works=_table(engine.WORKS, 0),
        orders=_table(engine.ORDER, 1),
        addressees=np.zeros(1, np.int64),
        conditions=np.zeros((1, 3), np.int64),
        lifts=_table(engine.LANDING_PARTY, 0),
        flotillas=_table(engine.FLOTILLA, 1),
        fairways=_table(engine.FAIRWAY, 0),
        headquarters=_table(engine.HEADQUARTERS, 0),
        politics=_table(engine.POLITICAL_CALENDAR, 1),
        sources=_table(engine.SOURCE, 0),
        armies=_armies(count),
        points=np.zeros(0, np.int64),
        rails=np.zeros(0, np.int64),
        season=_table(engine.SEASON, count).reshape(count, 1),
        season_day=0.0,
        step_hours=STEP_HOURS,
        control_side=0,
    )
    tactics = np.array([e.posture in WITHDRAWING for e in engagements], np.uint8)
    return EngagementWorld(
        arrays, _reading(engagements, values), _room(engagements, values), tactics, _table(OUTCOME, count),
        _table(COURSE, count),
    )  # fmt: skip


def is_armour(side: Side, values: Mapping[str, float]) -> bool:
    """Whether a side advances as armour."""
    return side.tanks >= values["engagements.armour_tanks_per_1000_men"] * side.men / 1000.0


def _table(kind: np.dtype, count: int) -> Any:
    return np.zeros(count, kind).view(np.recarray)


def _edges(engagements: Sequence[Engagement], values: Mapping[str, float]) -> Any:
    """Edge 0 leads back, towards the defenders' rear; edge 3 towards the attackers. The front is the common side."""
    edges = np.zeros((3 * len(engagements), 6), engine.EDGE).view(np.recarray)
    edges.neighbour = engine.NONE
    edges.distance_km = values["engagements.depth_km"]
    # No table tells the roads: divisions of this century seldom attacked where there was none.
    edges.road = 2
    for i, given in enumerate(engagements):
        first = 3 * i
        for cell in (first, first + 1):
            edges[cell, 0].neighbour, edges[cell + 1, 3].neighbour = cell + 1, cell
        width = given.front_km or given.attacker.men / values["engagements.men_per_km"]
        edges.side_km[first : first + 3] = width
    return edges


def _land(engagements: Sequence[Engagement], values: Mapping[str, float]) -> Any:
    land = _table(engine.LAND_CELL, 3 * len(engagements))
    land.works, land.area_km2 = engine.NONE, values["engagements.depth_km"] ** 2
    land.ground = np.repeat([GROUNDS.index(e.ground) for e in engagements], 3)
    land.region = np.repeat(np.arange(len(engagements)), 3)
    land.owner = np.tile([0, 1, 1], len(engagements))
    return land


def _objectives(count: int) -> Any:
    """Each defender's line of retreat; the last row of march hours serves all."""
    objectives = _table(engine.OBJECTIVE, count)
    objectives.cell = 3 * np.arange(count) + 2
    return objectives


def _hours(count: int) -> np.ndarray:
    """Hours to the rear of each engagement: none there, a day from the position, two from the attackers."""
    return np.tile(np.array([48.0, 24.0, 0.0], np.float32), count)[None, :].copy()


def _roster(engagements: Sequence[Engagement], values: Mapping[str, float]) -> Any:
    roster = _table(engine.ROSTER, 2 * len(engagements))
    numbers = np.arange(len(engagements))
    roster.kind, roster.plan = BODY, engine.NONE
    roster.works, roster.headquarters = engine.NONE, engine.NONE
    roster.side = np.tile([0, 1], len(engagements))
    roster.army = np.repeat(numbers, 2) * 2 + roster.side
    roster.fallback = np.repeat(numbers, 2)
    roster.mobility[0::2] = [engine.TANK if is_armour(e.attacker, values) else engine.FOOT for e in engagements]
    roster.prepared_days[1::2] = [values[DUG.get(e.posture, "combat.hasty_days")] for e in engagements]
    return roster


def _armies(count: int) -> Any:
    armies = _table(engine.ARMY, 2 * count)
    armies.pool = engine.NONE
    armies.front, armies.side = np.arange(2 * count), np.tile([0, 1], count)
    return armies


def _reading(engagements: Sequence[Engagement], values: Mapping[str, float]) -> engine.Reading:
    formations = _table(engine.READ_FORMATION, 2 * len(engagements))
    for i, given in enumerate(engagements):
        for u, cell, side in ((2 * i, 3 * i, given.attacker), (2 * i + 1, 3 * i + 1, given.defender)):
            guns = values["engagements.guns_per_1000_men"] * side.men / 1000.0 if side.guns is None else side.guns
            formations[u].start, formations[u].men, formations[u].tanks = cell, side.men, side.tanks
            formations[u].guns = guns
    formations.quality, formations.ammunition_carried = 1.0, PLENTY
    fronts = _table(engine.READ_FRONT, 2 * len(engagements))
    fronts.sorties[0::2] = [given.sorties for given in engagements]
    return engine.Reading(
        formations=formations,
        armies=_table(engine.READ_ARMY, 2 * len(engagements)),
        sources=_table(engine.READ_SOURCE, 0),
        pools=_table(engine.READ_POOL, 0),
        fronts=fronts,
        regions=_table(engine.READ_REGION, len(engagements)),
        orders=_table(engine.READ_ORDER, 0),
        lifts=_table(engine.READ_LIFT, 0),
    )


def _room(engagements: Sequence[Engagement], values: Mapping[str, float]) -> engine.State:
    count = len(engagements)
    tables = {
        "forces": (engine.FORMATION, 2 * count), "ground": (engine.CELL, 3 * count), "regions": (engine.REGION, count),
        "orders": (engine.ORDER_STATE, 0), "lifts": (engine.LIFT_STATE, 0), "works": (engine.WORKS_STATE, 0),
        "armies": (engine.ARMY_STATE, 2 * count), "headquarters": (engine.HEADQUARTERS_STATE, 0),
        "battles": (engine.BATTLE, 2 * count), "fronts": (engine.FRONT_STATE, 2 * count),
        "passing": (engine.PASSING, 0),
        "ways": (engine.WAY, 3 * count), "politics": (engine.POLITICS_STATE, 1),
        "waiting": (WAITING, ENTRIES * 3 * count),
        "flotillas": (engine.FLOTILLA_STATE, 0), "sources": (engine.SOURCE_STATE, 0), "pools": (engine.POOL_STATE, 0),
        "served": (engine.SERVED, 2 * count), "rails": (engine.RAIL_STATE, 0), "points": (engine.POINT_STATE, 0),
    }  # fmt: skip
    made = {name: _table(kind, length) for name, (kind, length) in tables.items()}
    made["regions"].wet = [given.wet for given in engagements]
    made["regions"].mud = values["weather.mud_at_start"] * made["regions"].wet
    lists = {name: np.zeros(3 * count + 1, np.int64) for name in ("changes", "line", "doubtful")}
    roads = np.zeros((3 * count, 6), engine.ROAD_USE).view(np.recarray)
    came = np.full((2, 3 * count), -1, engine.width_of(3 * count))
    distances = {
        "supply_km": np.zeros((2, 3 * count), np.float32), "supply_from": came,
        "truck_km": np.zeros((3 * count, 6), np.float32), "heads": np.zeros(BUCKETS, np.int32),
    }  # fmt: skip
    return engine.State(
        **made, **lists, **distances, roads=roads, edge_power=np.zeros(7), pace=np.zeros(engine.PACE_SHAPE),
        terrain=np.zeros(engine.TERRAIN_SHAPE),
    )  # fmt: skip
