"""Fairways: the reaches by which river flotillas follow their plans."""

import heapq
from itertools import pairwise

import numpy as np

from khingan.engine.state import FAIRWAY, FLOTILLA
from khingan.errors import KhinganError
from khingan.scenario.schema import Formation, Scenario
from khingan.scenario.vocabulary import RIVERS

# Monitors and gunboats need the depth of a large river; small and medium ones carry only cutters.
NAVIGABLE = RIVERS.index("large")


def lay_fairways(
    scenario: Scenario, edges: np.ndarray, start: np.ndarray, place_cell: dict[str, int]
) -> tuple[np.ndarray, np.ndarray]:
    """(flotillas, fairways) of every formation that lifts and has a plan; the closing row ends the last fairway."""
    banks = np.asarray(((edges["river"] >= NAVIGABLE) & (edges["neighbour"] >= 0)).any(axis=1))
    legs = {plan.key: plan.legs for plan in scenario.plans}
    rows: list[tuple[int, float, int]] = []
    flotillas = []
    for u, formation in enumerate(scenario.formations):
        if formation.role != "lift" or not formation.plan or start[u] < 0:
            continue
        flotillas.append((u, len(rows)))
        stops = [int(start[u])] + [place_cell[leg] for leg in legs[formation.plan]]
        rows += _fairway(formation, edges, banks, stops)
    table = np.array([*flotillas, (-1, len(rows))], FLOTILLA).view(np.recarray)
    return table, np.array(rows or [(0, 0.0, 0)], FAIRWAY).view(np.recarray)


def _fairway(
    formation: Formation, edges: np.ndarray, banks: np.ndarray, stops: list[int]
) -> list[tuple[int, float, int]]:
    """Rows (cell, km, town) from the first stop past all the others, over cells on navigable water."""
    rows = [(stops[0], 0.0, 0)]
    for here, there in pairwise(stops):
        reaches = _by_water(edges, banks, here, there)
        if not reaches:
            what = f"no navigable river leads '{formation.formation}' along its plan '{formation.plan}'"
            raise KhinganError(
                "plans.yaml", what, "name places on large or great rivers that join, or leave it no plan"
            )
        far = rows[-1][1]
        rows += [(cell, far + km, int(cell == there)) for cell, km in reaches[1:]]
    return rows


def _by_water(edges: np.ndarray, banks: np.ndarray, here: int, there: int) -> list[tuple[int, float]]:
    """The shortest way over bank cells as (cell, km from `here`), empty where there is none (Dijkstra)."""
    found = {here: (0.0, -1)}
    queue = [(0.0, here)]
    while queue:
        km, cell = heapq.heappop(queue)
        if cell == there:
            break
        if km > found[cell][0]:
            continue
        for edge in edges[cell]:
            beyond, through = int(edge["neighbour"]), km + float(edge["distance_km"])
            if beyond < 0 or not (banks[beyond] or beyond == there):
                continue
            if beyond not in found or through < found[beyond][0]:
                found[beyond] = through, cell
                heapq.heappush(queue, (through, beyond))
    way = []
    cell = there if there in found else -1
    while cell >= 0:
        way.append((cell, found[cell][0]))
        cell = found[cell][1]
    return way[::-1]
