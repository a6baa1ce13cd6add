"""Worlds small enough to reckon by hand: equal hexagons 10 km apart on flat bare ground, two sides, a few formations.

`war` builds one from units, plans, orders and what else a test names; everything it does not name is out of the way: no
roads, no rivers, dry weather, textbook rules. Cells are numbered ring by ring from the centre, or along a strip.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from khingan.engine import state as engine
from khingan.engine.buckets import BUCKETS, ENTRIES, WAITING
from khingan.engine.capitulation import begin_calendar
from khingan.engine.chance import luck_of
from khingan.engine.combat import gather_battles, set_terrain, weigh
from khingan.engine.engineers import hand_out_tasks
from khingan.engine.flotilla import moor
from khingan.engine.issue import open_depots
from khingan.engine.movement import set_pace
from khingan.engine.muster import lay_out_ground, muster_forces
from khingan.engine.occupation import take_stock
from khingan.engine.politics import open_question
from khingan.engine.railways import open_railways
from khingan.engine.step import Rules
from khingan.engine.supporting import stand_behind
from khingan.engine.weather import begin_weather, turn_season
from khingan.evidence.parameters import read_parameters
from khingan.scenario.vocabulary import TYPES
from khingan.world.ground import neighbours, rail_cells
from khingan.world.names import GROUNDS
from khingan.world.routes import measure_routes
from khingan.world.rules import read_tables, rules_from

KM = 10.0
SIDE_KM = KM / 3**0.5
AREA_KM2 = KM * KM * 3**0.5 / 2
FLAT_BARE = GROUNDS.index("flat-bare")
DIRECTIONS = ((1, 0), (1, -1), (0, -1), (-1, 0), (-1, 1), (0, 1))
UNIT = {
    "men": 10_000.0, "quality": 1.0, "refill_t": 100.0, "unit_of_fire_t": 100.0, "fuel_carried": 1.0,
    "ammunition_carried": 1.0, "plan": -1, "works": -1, "headquarters": -1,
    "relays": 2, "word_km": 300.0,
}  # fmt: skip
# The values that the tests reckon with by hand; all others are those of the parameter files, which may move.
TEXTBOOK = {
    "air.half_effect": 15.0, "air.support_gain": 0.25, "breaking.captured_in_retreat": 0.03,
    "breaking.cohesion_weight": 2.0, "breaking.dissolve_captured": 0.03, "breaking.dissolve_killed": 0.3,
    "breaking.field_works_weight": 0.5, "breaking.guns_left": 0.1, "breaking.pause_days": 1.0,
    "breaking.ratio_exponent": 1.0, "breaking.retreat_km": 10.0, "capitulation.handover_days": 7.0,
    "capitulation.handover_log_sd": 0.5, "capitulation.isolated_cut_off": 0.5, "capitulation.isolated_days": 7.0,
    "capitulation.isolated_log_sd": 0.5, "capitulation.parley_per_day": 0.8, "capitulation.word_days": 1.5,
    "capitulation.word_log_sd": 0.6, "capitulation.word_common": 0.5, "capitulation.word_by_distance": 0.3,
    "capitulation.usual_relays": 2.0, "capitulation.usual_km": 300.0, "capitulation.unreached": 0.0,
    "cohesion.desertion_below": 0.12, "cohesion.desertion_per_day": 0.35,
    "cohesion.march_wear": 0.0, "cohesion.per_loss": 3.0, "cohesion.per_retreat": 0.08, "cohesion.recovery_days": 4.0,
    "command.fall_back_per_day": 0.0, "command.relay_h": 0.0, "repair.days": 4.0, "repair.share": 0.5,
    "security.abroad_per_100_km": 0.0, "sickness.per_day": 0.0,
    "combat.advance_from_ratio": 1.0,
    "combat.advance_armour": 4.5, "combat.advance_exponent_armour": 1.48, "combat.advance_exponent_infantry": 1.0,
    "combat.advance_fortified": 0.28, "combat.advance_infantry": 4.2, "combat.advance_prepared": 0.48,
    "combat.attack_without": 0.4, "combat.concrete": 2.2, "combat.defence_without": 0.6,
    "combat.fatigue_floor": 0.6, "combat.fatigue_per_day": 0.02, "combat.flank_gain": 1.15, "combat.fortified": 1.6,
    "combat.behind_losses": 0.0, "combat.holding": 0.0,
    "combat.gun_losses": 0.5, "combat.hasty": 1.3, "combat.helmbold": 0.5, "combat.hold_losses": 2.0,
    "combat.killed_share": 0.3, "combat.loss_attacker": 0.015, "combat.loss_defender": 0.018, "combat.opening": 1.0,
    "combat.points_per_gun": 0.027, "combat.points_per_tank": 0.07, "combat.posture_exponent": 1.0,
    "combat.prepared": 1.5, "combat.readiness_scale": 1.0, "combat.sealed_losses": 5.0,
    "combat.surprise_alert_days": 3.0, "combat.surprise_days": 3.0, "combat.surprise_peak": 1.8,
    "combat.tank_losses": 4.5, "combat.terrain_exponent": 1.0, "combat.units_of_fire_per_day": 0.6,
    "combat.withdrawing": 1.15, "command.delay_h": 3.0, "command.delay_log_sd": 0.6, "control.beside_route_h": 24.0,
    "control.cut_off_h": 12.0, "control.holding_men": 500.0, "control.reach_km": 10.0,
    "air.raid_share": 0.0, "air.raid_gain": 0.35, "air.raid_sorties": 60.0, "engineers.share": 0.0,
    "engineers.half_men": 1500.0, "engineers.works_gain": 0.5, "engineers.crossing_gain": 0.5,
    "flotilla.km_per_day": 120.0, "flotilla.hostile_km_per_day": 60.0, "flotilla.ahead_km": 100.0,
    "flotilla.capacity_men": 1300.0, "flotilla.odds": 1.0, "flotilla.gun_weight": 1.0, "flotilla.crossing_gain": 0.4,
    "landing.pier_h": 24.0, "landing.ship_gun_weight": 1.5, "landing.together": 1.0, "landing.word_days": 1.0,
    "landing.word_log_sd": 0.0, "siege.heavy_share": 0.05, "siege.bring_up_days": 1.0,
    "siege.heavy_km_per_day": 60.0, "siege.battering": 0.5, "landing.accepted_after_order": 0.92,
    "landing.accepted_before": 0.2, "landing.refused_lost": 0.5,
    "landing.repulse_exponent": 1.0, "landing.repulse_losses": 0.3, "movement.assault_h": 30.0,
    "movement.bridge_share": 0.15, "movement.fuel_reserve": 0.1, "movement.fuel_restart": 0.3,
    "movement.fuel_stress": 1.8, "movement.fuel_burn": 1.0,
    "movement.hostile_pace": 0.85, "movement.pace": 1.0, "movement.pass_pace": 0.5,
    "movement.stacking_men_per_km2": 250.0, "movement.track_share": 0.45, "siege.intensity": 0.5,
    "siege.mask_share": 0.6, "siege.broken_below": 0.05, "siege.taken_alive": 0.4, "supply.driving_h": 12.0,
    "supply.loading_h": 4.0, "supply.truck_available": 0.75, "supply.truck_km_per_h": 15.0,
    "supply.pass_km": 2.0, "supply.sent_ahead": 0.0, "supply.foremost_share": 0.25, "supply.depot_days": 3.0,
    "supply.mixed_fuel": 0.1, "supply.mixed_ammunition": 0.4, "supply.depot_scale": 1.0, "supply.truck_scale": 1.0,
    "railways.laid_km_per_day": 8.0, "railways.trains_after_days": 3.0, "railways.captured_t_per_day": 1500.0,
    "supply.trips_per_day": 2.5, "supply.track_km": 1.4, "supply.rail_km": 0.1, "weather.drying_days": 2.0,
    "weather.mud_per_wet_day": 0.7,
    # Out of the way where a test does not ask for them.
    "roads.column": 0.0, "detachment.lead_km": 0.0, "turning.men_ratio": 0.0, "wear.broken_per_100_km": 0.0,
}  # fmt: skip
# Rows foot, horse, motor, tank; columns no road, track, road, main road.
MARCH = ((27, 30, 32, 34), (50, 52, 55, 55), (90, 110, 150, 180), (85, 95, 110, 130))
TABLES: dict[str, Any] = {
    "movement.march_km_per_day": MARCH, "movement.crossing_h": (0, 2, 6, 14, 24), "movement.range_km": (0, 0, 300, 220),
    "combat.river_assault": (1.0, 1.1, 1.3, 1.5, 1.5), "weather.mud_pace": (0.7, 0.65, 0.5, 0.5),
}  # fmt: skip
# What flat bare ground does: to march rates by mobility, to the defence, to tanks, guns, losses and trucks.
FLAT = {
    "movement.off_road": (1.05, 1.05, 1.0, 1.0), "combat.ground_defence": 1.05, "combat.ground_tanks": 1.0,
    "combat.ground_guns": 1.0, "combat.ground_losses": 1.0, "supply.off_road_km": 1.4,
}  # fmt: skip
RIFLE_POINTS = 0.7
NO_LIMIT = {"issue_t": np.inf, "rail_t": np.inf}
NO_POLITICS = {
    "exhausted_h": 1e9, "terms_h": 1e9, "first_bomb_h": 1e9, "second_bomb_h": 1e9, "assurance_h": 1e9,
}  # fmt: skip
DRY = {"wet_to_wet": 0.0, "dry_to_wet": 0.0, "wet_at_start": 0.0}


@dataclass
class War:
    """A world, one reading of it, rules, the state at H-hour, and a run's luck."""

    world: engine.World
    reading: engine.Reading
    rules: Rules
    state: engine.State
    luck: np.uint64

    @property
    def forces(self) -> Any:
        return self.state.forces

    @property
    def ground(self) -> Any:
        return self.state.ground


def hexagon(rings: int) -> list[tuple[int, int]]:
    """Coordinates of a patch, the centre first, then ring by ring."""
    span = range(-rings, rings + 1)
    cells = [(q, r) for q in span for r in span if abs(q + r) <= rings]
    return sorted(cells, key=lambda cell: (max(abs(cell[0]), abs(cell[1]), abs(sum(cell))), cell))


def strip(length: int) -> list[tuple[int, int]]:
    """Coordinates of a row of cells from west to east."""
    return [(q, 0) for q in range(length)]


@cache
def defaults() -> tuple[dict[str, float], dict[str, np.ndarray]]:
    """The values and the tables of the parameter files."""
    parameters = read_parameters()
    values = {key: parameter.value for key, parameter in parameters.items() if parameter.value is not None}
    return values, read_tables(parameters)


@cache
def textbook() -> tuple[dict[str, float], dict[str, np.ndarray]]:
    """The values and the tables that the tests reckon with."""
    values, tables = defaults()
    tables = {key: table.copy() for key, table in tables.items()}
    for key, numbers in TABLES.items():
        tables[key][:] = numbers
    for key, numbers in FLAT.items():
        tables[key][FLAT_BARE] = numbers
    tables["combat.points_per_1000_men"][:] = RIFLE_POINTS
    assert set(TEXTBOOK) <= set(values), f"no such parameters: {set(TEXTBOOK) - set(values)}"
    return values | TEXTBOOK, tables


def rules_with(changes: dict[str, float] | None = None) -> Rules:
    """Textbook rules, but for some changes by full name."""
    values, tables = textbook()
    unknown = set(changes or {}) - set(values)
    assert not unknown, f"no such parameters: {unknown}"
    return rules_from(values | (changes or {}), tables)


def luck(run: int, seed: int = 1945) -> np.uint64:
    """A run's luck in the type that the engine passes on."""
    return np.uint64(luck_of(seed, run))


def table(kind: np.dtype, rows: list[dict[str, Any]], least: int = 0) -> np.ndarray:
    """A table of structured elements from dictionaries; what a row does not name is zero."""
    result = np.zeros(max(least, len(rows)), kind).view(np.recarray)
    for number, row in enumerate(rows):
        for name, value in row.items():
            result[name][number] = value
    return result


def kind_of(name: str) -> int:
    """The number of a formation type."""
    return tuple(TYPES).index(name)


def war(
    units: list[dict[str, Any]], cells: list[tuple[int, int]] | None = None, *, east: Any = (), plans: Any = (),
    orders: Any = (), conditions: Any = (), lifts: Any = (), flotillas: Any = (), works: Any = (),
    headquarters: Any = (), sources: Any = (), pools: Any = (), armies: Any = ({}, {}), points: Any = (),
    sorties: float = 0.0, season: dict[str, float] | None = None,
    rules: dict[str, float] | None = None, run: int = 0,
    step_hours: float = 6.0, road: int = 0, **edge: Any,
) -> War:  # fmt: skip
    """A war at H-hour. `units` give fields of ROSTER and READ_FORMATION, `start` the cell; `east` the cells of side 1.

    `fallback` is a cell, `plans` are lists of cells, `points` cells where arms are laid down;
    `orders` rows of ORDER with `start_h` and `addressees`; side 0 is the control side.
    """
    cells = hexagon(2) if cells is None else cells
    edges = lay_edges(cells, road=road, **edge)
    land = np.zeros(len(cells), engine.LAND_CELL).view(np.recarray)
    land.ground, land.area_km2, land.works = FLAT_BARE, AREA_KM2, -1
    land.owner[list(east)] = 1
    for number, place in enumerate(works):
        land.works[place["cell"]] = number
    goals = sorted(
        {*(unit.get("fallback", 0) for unit in units), *(cell for plan in plans for cell in plan), *points} or {0}
    )
    units = [UNIT | {"army": unit.get("side", 0)} | unit for unit in units]
    units = [unit | {"fallback": goals.index(unit.get("fallback", 0))} for unit in units]
    addressees = [u for order in orders for u in order.get("addressees", ())]
    world = engine.World(
        edges=edges,
        near=neighbours(edges)[0],
        back=neighbours(edges)[1],
        land=land,
        globe=globe_of(cells),
        plans=table(engine.PLAN, [{"first": sum(map(len, plans[:n])), "echelon": 1} for n in range(len(plans) + 1)]),
        legs=np.array([goals.index(cell) for plan in plans for cell in plan] or [0], np.int64),
        objectives=table(
            engine.OBJECTIVE, [{"cell": c, "route": range(4 * n, 4 * n + 4)} for n, c in enumerate(goals)]
        ),
        hours=np.zeros((4 * len(goals), len(cells)), np.float32),
        nearer=np.zeros((4 * len(goals), len(cells)), np.uint8),
        roster=table(engine.ROSTER, [named(unit, engine.ROSTER) for unit in units]),
        works=table(engine.WORKS, list(works)),
        orders=order_table(orders, conditions),
        addressees=np.array(addressees or [0], np.int64),
        conditions=np.array([term for terms in conditions for term in terms] or [(0, 0, 0)], np.int64),
        lifts=table(engine.LANDING_PARTY, [named({"port": 1} | lift, engine.LANDING_PARTY) for lift in lifts]),
        flotillas=flotilla_table(flotillas),
        fairways=fairway_table(flotillas),
        headquarters=table(engine.HEADQUARTERS, list(headquarters)),
        politics=table(engine.POLITICAL_CALENDAR, [NO_POLITICS]),
        sources=table(
            engine.SOURCE, [{"pool": -1, "home": n} | named(s, engine.SOURCE) for n, s in enumerate(sources)]
        ),
        armies=table(
            engine.ARMY, [{"front": n, "side": n, "pool": -1} | named(a, engine.ARMY) for n, a in enumerate(armies)]
        ),
        rails=rail_cells(edges),
        points=np.array([goals.index(cell) for cell in points] or [-1], np.int64),
        season=table(engine.SEASON, [season or {}]).reshape(1, 1),
        season_day=0.0,
        step_hours=step_hours,
        control_side=0,
    )
    reading = engine.Reading(
        formations=table(engine.READ_FORMATION, [named(unit, engine.READ_FORMATION) for unit in units]),
        armies=table(engine.READ_ARMY, [fleets(army) for army in armies]),
        sources=table(engine.READ_SOURCE, [NO_LIMIT | named(source, engine.READ_SOURCE) for source in sources]),
        pools=table(engine.READ_POOL, list(pools)),
        fronts=table(engine.READ_FRONT, [{"sorties": sorties} for _ in armies]),
        regions=table(engine.READ_REGION, [DRY]),
        orders=table(engine.READ_ORDER, [named(order, engine.READ_ORDER) for order in orders]),
        lifts=table(engine.READ_LIFT, [named(lift, engine.READ_LIFT) for lift in lifts]),
    )
    chosen = rules_with(rules)
    measure_routes(world, chosen.movement, {})
    result = War(world, reading, chosen, room_for(world, reading), luck(run))
    begin(result)
    return result


def fleets(army: dict[str, Any]) -> dict[str, Any]:
    """A row of READ_ARMY; one number of trucks is the army's own."""
    trucks = army.get("trucks", 0.0)
    return named(army, engine.READ_ARMY) | {"trucks": trucks if isinstance(trucks, tuple) else (trucks, 0.0)}


def begin(war: War) -> None:
    """Set the state to H-hour, as a campaign begins."""
    set_pace(war.rules.movement, war.state.pace)
    set_terrain(war.rules.combat, war.state.terrain)
    lay_out_ground(war.world, war.state)
    open_railways(war.world, war.state)
    open_depots(war.reading, war.state, war.rules.supply)
    muster_forces(war.world.plans, war.world.roster, war.reading.formations, war.state.forces)
    moor(war.world, war.state)
    turn_season(war.world.season, war.world.season_day, war.state.regions, war.rules.weather, 0.0)
    begin_weather(war.reading.regions, war.state.regions, war.rules.weather, war.luck)
    begin_calendar(war.world.headquarters, war.state.headquarters, war.luck)
    open_question(war.state.headquarters, war.state.politics, war.rules.politics)
    take_stock(war.world.roster, war.state.forces, war.state.ground)


def named(row: dict[str, Any], kind: np.dtype) -> dict[str, Any]:
    """What a row says about the fields of one table."""
    return {name: value for name, value in row.items() if name in kind.names}


def order_table(orders: Any, conditions: Any) -> np.ndarray:
    """Orders with the beginnings of their lists, and the closing row."""
    result = table(engine.ORDER, [{"plan": -1} | named(order, engine.ORDER) for order in orders], len(orders) + 1)
    result.addressee_first = np.cumsum([0] + [len(order.get("addressees", ())) for order in orders])
    lengths = [len(terms) for terms in conditions] or [0] * len(orders)
    result.condition_first = np.cumsum([0, *lengths])
    return result


def flotilla_table(flotillas: Any) -> np.ndarray:
    """Flotillas with the beginnings of their fairways, and the closing row."""
    firsts = np.cumsum([0, *(len(ship["fairway"]) for ship in flotillas)]).tolist()
    ships = [ship["formation"] for ship in flotillas] + [-1]
    return table(engine.FLOTILLA, [{"formation": u, "first": n} for u, n in zip(ships, firsts, strict=True)])


def fairway_table(flotillas: Any) -> np.ndarray:
    """Fairways of cells 10 km apart, one after the other."""
    rows = [(ship, n, cell) for ship in flotillas for n, cell in enumerate(ship["fairway"])]
    return table(
        engine.FAIRWAY, [{"cell": cell, "km": KM * n, "town": cell in ship["towns"]} for ship, n, cell in rows], 1
    )


def lay_edges(cells: list[tuple[int, int]], **fields: Any) -> np.ndarray:
    """Edges of a patch; every field named is the same on all of them."""
    number = {cell: n for n, cell in enumerate(cells)}
    result = np.zeros((len(cells), 6), engine.EDGE).view(np.recarray)
    result.distance_km, result.side_km = KM, SIDE_KM
    for name, value in fields.items():
        result[name] = value
    for (q, r), n in number.items():
        result.neighbour[n] = [number.get((q + dq, r + dr), -1) for dq, dr in DIRECTIONS]
    return result


def globe_of(cells: list[tuple[int, int]]) -> np.ndarray:
    """The patch on a small part of the sphere, neighbours a kilometre apart on the Earth."""
    flat = 1.6e-4 * np.array([(q + 0.5 * r, np.sqrt(0.75) * r) for q, r in cells])
    points = np.column_stack([np.ones(len(cells)), flat])
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def room_for(world: engine.World, reading: engine.Reading) -> engine.State:
    """Room for all that changes."""
    cells, units = len(world.land), len(world.roster)
    tables = {
        "forces": (engine.FORMATION, units), "ground": (engine.CELL, cells), "regions": (engine.REGION, 1),
        "orders": (engine.ORDER_STATE, len(reading.orders)), "lifts": (engine.LIFT_STATE, len(world.lifts)),
        "works": (engine.WORKS_STATE, len(world.works)), "armies": (engine.ARMY_STATE, len(world.armies)),
        "sources": (engine.SOURCE_STATE, len(world.sources)), "pools": (engine.POOL_STATE, len(reading.pools)),
        "served": (engine.SERVED, units), "rails": (engine.RAIL_STATE, len(world.rails)),
        "politics": (engine.POLITICS_STATE, 1),
        "headquarters": (engine.HEADQUARTERS_STATE, len(world.headquarters)), "battles": (engine.BATTLE, units),
        "flotillas": (engine.FLOTILLA_STATE, len(world.flotillas) - 1),
        "fronts": (engine.FRONT_STATE, len(reading.fronts)),
        "points": (engine.POINT_STATE, len(world.points)), "passing": (engine.PASSING, cells),
        "ways": (engine.WAY, cells),
        "waiting": (WAITING, ENTRIES * cells),
    }  # fmt: skip
    return engine.State(
        **{name: np.zeros(count, kind).view(np.recarray) for name, (kind, count) in tables.items()},
        changes=np.zeros(cells + 1, np.int64),
        line=np.zeros(cells + 1, np.int64),
        doubtful=np.zeros(max(cells, units), np.int64),
        supply_km=np.zeros((2, cells), np.float32),
        supply_from=np.zeros((2, cells), engine.width_of(cells)),
        truck_km=np.zeros((cells, 6), np.float32),
        heads=np.zeros(BUCKETS, np.int32),
        roads=np.zeros((cells, 6), engine.ROAD_USE).view(np.recarray),
        edge_power=np.zeros(7),
        pace=np.zeros(engine.PACE_SHAPE),
        terrain=np.zeros(engine.TERRAIN_SHAPE),
    )


def gather(war: War) -> int:
    """List the battles of those who have a cell to attack; how many there are."""
    s = war.state
    return gather_battles(war.world.roster, war.world.armies, s.forces, s.ground, s.fronts, s.battles)


def weigh_all(war: War) -> None:
    """List the battles, with the guns, engineers and ships behind them, and weigh both sides of each."""
    r, s, battles = war.rules, war.state, gather(war)
    hand_out_tasks(war.world, s, battles)
    stand_behind(war.world, war.reading, s, r.combat, r.engineers, r.flotilla, r.landing, battles, 0.0)
    weigh(war.world, war.reading, s, r.combat, r.air, r.weather, battles, 0.0)


def all_men(war: War) -> np.ndarray:
    """Men of each formation in every column of the book: present, killed, wounded, captured, deserted, sick, died."""
    forces = war.forces
    lost = forces.killed + forces.wounded + forces.captured + forces.deserted + forces.sick + forces.died
    return forces.men + lost


def all_tanks(war: War) -> np.ndarray:
    """Tanks of each formation: running, lost, and out of action by battle or march."""
    forces = war.forces
    return forces.tanks + forces.tanks_lost + forces.tanks_hit + forces.tanks_broken
