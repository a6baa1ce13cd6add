"""Plans as arrays: legs, objectives, and the march hours that lead to each."""

from collections.abc import Iterable

import numpy as np

from khingan.engine.buckets import BUCKETS, ENTRIES, WAITING
from khingan.engine.movement import MovementRules
from khingan.engine.routes import march_field, mark_nearer, plan_hours, turn_round
from khingan.engine.state import FOOT, NONE, OBJECTIVE, PACE_SHAPE, PLAN, World
from khingan.scenario.schema import Scenario
from khingan.scenario.vocabulary import MOBILITIES
from khingan.world.ground import Surveyor
from khingan.world.names import Names

POINTS = {
    "city", "capital", "rail junction", "road junction", "rail end", "port", "river port", "naval base",
    "garrison town", "fortress", "fortified region",
}  # fmt: skip


class Objectives:
    """Numbers the places that plans and lines of retreat lead to, and notes by which mobilities.

    A side with ground closed to it goes its own ways, so the same place is another objective for it.
    """

    def __init__(self, closed: Iterable[int] = ()) -> None:
        self.closed = frozenset(closed)  # sides that keep to their limits
        self.number: dict[tuple[int, int], int] = {}
        self.wanted: set[tuple[int, int]] = set()

    def add(self, cell: int, mobilities: Iterable[int], side: int = NONE) -> int:
        """The number of the objective in `cell` for `side`, wanted by these mobilities."""
        key = cell, side if side in self.closed else NONE
        objective = self.number.setdefault(key, len(self.number))
        self.wanted.update((objective, mobility) for mobility in mobilities)
        return objective


def plan_mobilities(scenario: Scenario, names: Names, mobility: np.ndarray, addressees: list[list[int]]) -> list[set]:
    """By plan: the mobilities of the formations that may ever follow it."""
    result: list[set] = [set() for _ in scenario.plans]
    for number, formation in enumerate(scenario.formations):
        if formation.plan and formation.role != "lift":
            result[names.number("plans", formation.plan)].add(int(mobility[number]))
    for order, addressed in zip(scenario.orders, addressees, strict=True):
        if order.plan:
            result[names.number("plans", order.plan)].update(int(mobility[u]) for u in addressed)
    return result


def lay_points(
    scenario: Scenario, surveyor: Surveyor, place_cell: dict[str, int], objectives: Objectives
) -> np.ndarray:
    """Objectives where arms are laid down: junctions, ports and garrison places of the zone that the other side holds.

    One march field each, that on foot, serves everybody: it tells the way, not the hour. -1 alone where there is none.
    """
    control = scenario.calendar.control_side
    cells = [
        place_cell[place.name]
        for place in scenario.places
        if place.owner not in (None, control)
        and is_point(place.role)
        and any(
            box.south <= place.lat <= box.north and box.west <= place.lon <= box.east for box in scenario.surrender.zone
        )
    ]
    held = [cell for cell in dict.fromkeys(cells) if surveyor.owner[cell] != 0]
    return np.array([objectives.add(cell, [FOOT], 0) for cell in held] or [NONE], np.int64)


def is_point(role: str) -> bool:
    """True for a place that has a junction, a port, a garrison or a headquarters, by the words of the gazetteer."""
    words = [word.strip() for word in role.split(";")]
    return any(word in POINTS or word.startswith("HQ ") for word in words)


def lay_routes(
    scenario: Scenario, names: Names, place_cell: dict[str, int], objectives: Objectives, mobilities: list[set]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(plans, legs, objectives, hours); the hours are filled by `measure_routes`."""
    plans = np.zeros(len(scenario.plans) + 1, PLAN).view(np.recarray)
    legs: list[int] = []
    side_of = {army.army: names.number("sides", army.side) for army in scenario.armies}
    for number, plan in enumerate(scenario.plans):
        plans[number].first, plans[number].start_h = len(legs), plan.starts
        plans[number].echelon = plan.echelon
        side = side_of[plan.army]
        legs += [objectives.add(place_cell[place], mobilities[number], side) for place in plan.legs]
    plans[-1].first = len(legs)
    table = np.zeros(max(1, len(objectives.number)), OBJECTIVE).view(np.recarray)
    table.route = -1
    for (cell, _), number in objectives.number.items():
        table[number].cell = cell
    for row, (objective, mobility) in enumerate(sorted(objectives.wanted)):
        table[objective].route[mobility] = row
    # Who has no field of his own follows that of men on foot.
    routes = table["route"]
    table["route"] = np.where(routes < 0, routes[:, [FOOT]], routes)
    hours = np.zeros((max(1, len(objectives.wanted)), len(scenario.terrain.cells["cell"])), np.float32)
    return plans, np.array(legs or [0], np.int64), table, hours


def measure_routes(
    arrays: World,
    rules: MovementRules,
    known: dict[tuple[int, int, int], tuple[np.ndarray, np.ndarray]],
    limited: dict[int, int] | None = None,
) -> None:
    """Fill the march hours of every objective and mobility that somebody may need, at the tables' planning rates, and
    the edges that lead nearer.

    `known` holds the fields measured on this map before and the edges that lead nearer, by goal, mobility and side, and
    keeps the new ones. `limited`
    is the side whose closed ground the way to an objective goes round, by objective; elsewhere the way is anybody's.
    """
    limited = limited or {}
    cells = arrays.edges.shape[0]
    hours, coming, field = np.empty((cells, 6)), np.empty((cells, 6)), np.empty(cells)
    came = np.full(cells, -1, np.int32)
    line, heads = np.empty(ENTRIES * cells, WAITING).view(np.recarray), np.empty(BUCKETS, np.int32)
    neighbours = np.ascontiguousarray(arrays.edges.neighbour, np.int32)
    for mobility in range(FOOT, len(MOBILITIES)):
        rows = arrays.objectives.route[:, mobility]
        own = (rows >= 0) & ((rows != arrays.objectives.route[:, FOOT]) | (mobility == FOOT))
        goals = [
            (limited.get(objective, NONE), int(arrays.objectives[objective].cell), objective)
            for objective in np.flatnonzero(own).tolist()
        ]
        ready = None
        for side, cell, objective in sorted(goals):
            if (cell, mobility, side) not in known and ready != side:
                plan_hours(arrays, rules, mobility, np.zeros(PACE_SHAPE), hours)
                close_ground(arrays, side, hours)
                turn_round(arrays.edges, hours, coming)
                ready = side
            if (cell, mobility, side) not in known:
                march_field(neighbours, coming, cell, field, came, line, heads)
                field[closed_to(arrays, side)] = np.inf
                measured, nearer = field.astype(np.float32), np.zeros(cells, np.uint8)
                mark_nearer(neighbours, measured, nearer)
                known[cell, mobility, side] = measured, nearer
            arrays.hours[rows[objective]], arrays.nearer[rows[objective]] = known[cell, mobility, side]


def close_ground(arrays: World, side: int, hours: np.ndarray) -> None:
    """No way leads onto ground that is closed to `side`: hours (cell, edge) there become infinite."""
    beyond = np.asarray(arrays.edges.neighbour)
    hours[(beyond >= 0) & closed_to(arrays, side)[np.maximum(beyond, 0)]] = np.inf


def closed_to(arrays: World, side: int) -> np.ndarray:
    """(cell,) True where `side` has orders not to set foot; nowhere for nobody in particular."""
    closed = np.asarray(arrays.land.closed, dtype=bool)
    return closed[:, side] if side != NONE else np.zeros(len(closed), bool)
