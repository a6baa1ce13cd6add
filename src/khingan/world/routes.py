"""Plans as arrays: legs, objectives, and the march hours that lead to each."""

from collections.abc import Iterable

import numpy as np

from khingan.engine.buckets import BUCKETS, WAITING
from khingan.engine.movement import MovementRules
from khingan.engine.routes import march_field, plan_hours, turn_round
from khingan.engine.state import FOOT, OBJECTIVE, PACE_SHAPE, PLAN, World
from khingan.scenario.schema import Scenario
from khingan.scenario.vocabulary import MOBILITIES
from khingan.world.names import Names


class Objectives:
    """Numbers the places that plans and lines of retreat lead to, and notes by which mobilities."""

    def __init__(self) -> None:
        self.number: dict[int, int] = {}
        self.wanted: set[tuple[int, int]] = set()

    def add(self, cell: int, mobilities: Iterable[int]) -> int:
        """The number of the objective in `cell`, wanted by these mobilities."""
        objective = self.number.setdefault(cell, len(self.number))
        self.wanted.update((objective, mobility) for mobility in mobilities)
        return objective


def plan_mobilities(scenario: Scenario, names: Names, mobility: np.ndarray, addressees: list[list[int]]) -> list[set]:
    """By plan: the mobilities of the formations that may ever follow it."""
    result: list[set] = [set() for _ in scenario.plans]
    for number, formation in enumerate(scenario.formations):
        if formation.plan:
            result[names.number("plans", formation.plan)].add(int(mobility[number]))
    for order, addressed in zip(scenario.orders, addressees, strict=True):
        if order.plan:
            result[names.number("plans", order.plan)].update(int(mobility[u]) for u in addressed)
    return result


def lay_routes(
    scenario: Scenario, place_cell: dict[str, int], objectives: Objectives, mobilities: list[set]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(plans, legs, objectives, hours); the hours are filled by `measure_routes`."""
    plans = np.zeros(len(scenario.plans) + 1, PLAN).view(np.recarray)
    legs: list[int] = []
    for number, plan in enumerate(scenario.plans):
        plans[number].first, plans[number].start_h = len(legs), plan.starts
        legs += [objectives.add(place_cell[place], mobilities[number]) for place in plan.legs]
    plans[-1].first = len(legs)
    table = np.zeros(max(1, len(objectives.number)), OBJECTIVE).view(np.recarray)
    table.route = -1
    for cell, number in objectives.number.items():
        table[number].cell = cell
    for row, (objective, mobility) in enumerate(sorted(objectives.wanted)):
        table[objective].route[mobility] = row
    hours = np.zeros((max(1, len(objectives.wanted)), len(scenario.terrain.cells["cell"])), np.float32)
    return plans, np.array(legs or [0], np.int64), table, hours


def measure_routes(arrays: World, rules: MovementRules) -> None:
    """Fill the march hours of every objective and mobility that somebody may need, at the tables' planning rates."""
    cells = arrays.edges.shape[0]
    hours, coming, field = np.empty((cells, 6)), np.empty((cells, 6)), np.empty(cells)
    line, heads = np.empty(cells, WAITING).view(np.recarray), np.empty(BUCKETS, np.int32)
    neighbours = np.ascontiguousarray(arrays.edges.neighbour, np.int32)
    for mobility in range(FOOT, len(MOBILITIES)):
        rows = arrays.objectives.route[:, mobility]
        if (rows < 0).all():
            continue
        plan_hours(arrays, rules, mobility, np.zeros(PACE_SHAPE), hours)
        turn_round(arrays.edges, hours, coming)
        for objective in np.flatnonzero(rows >= 0).tolist():
            march_field(neighbours, coming, int(arrays.objectives[objective].cell), field, line, heads)
            arrays.hours[rows[objective]] = field
