"""Roads and railways: each link of links.csv is laid on the cells along the cheapest path between its ends."""

import heapq
from pathlib import Path

import numpy as np

from terrain.authored import rows
from terrain.edges import RAILS, ROADS, Edges
from terrain.grid import Grid, distance_km, on_map
from terrain.surface import Surface

ROAD_OF_MODE = {
    "road": "road", "road_improved": "main", "river_crossing": "road", "track": "track", "steppe_track": "track",
    "desert_track": "track", "marsh_track": "track", "mountain_pass": "track",
}  # fmt: skip
RAIL_OF_MODE = {
    "rail_broad": "broad", "rail_broad_double": "broad", "rail_gauge_break": "broad", "rail_standard": "standard",
    "rail_standard_double": "standard", "rail_narrow": "narrow", "rail_narrow_1067": "narrow",
}  # fmt: skip
# What makes a builder go round, in equal kilometres of flat ground: these choose a course and decide no march.
UPHILL = {"flat": 1.0, "rolling": 1.5, "rugged": 2.6}
WET, FOREIGN, ALONGSIDE, CLIMB_M = 1.8, 6.0, 0.75, 40.0
BRIDGE_KM = (0.0, 1.0, 3.0, 12.0, 40.0)
PASS_KM = 25.0  # edges of a pass road this near to the pass are the pass


def steps(grid: Grid, surface: Surface, edges: Edges) -> list[list[tuple[int, int, float]]]:
    """Neighbours of each cell: (neighbour, edge, cost)."""
    found: list[list[tuple[int, int, float]]] = [[] for _ in grid.cells]
    slope = np.array([UPHILL[relief] for relief in surface.relief])
    ground = np.where(np.array(surface.cover) == "wetland", WET, 1.0) * slope
    for i, (a, b) in enumerate(edges.pairs):
        if edges.blocked[i]:
            continue
        climb = abs(surface.elevation_m[a] - surface.elevation_m[b]) / CLIMB_M
        cost = edges.distance_km[i] * (ground[a] + ground[b]) / 2 + climb + BRIDGE_KM[edges.river[i]]
        found[a].append((int(b), i, cost))
        found[b].append((int(a), i, cost))
    return found


def cheapest(start: int, end: int, around: list, worth: np.ndarray, side: list[str]) -> list[int]:
    """Edges of the cheapest path, or none where the sea parts the ends."""
    home = {side[start], side[end]}
    cost, came, queue = {start: 0.0}, {}, [(0.0, start)]
    while queue:
        spent, cell = heapq.heappop(queue)
        if cell == end:
            break
        if spent > cost[cell]:
            continue
        for other, edge, price in around[cell]:
            total = spent + price * worth[edge] * (1.0 if side[other] in home else FOREIGN)
            if total < cost.get(other, np.inf):
                cost[other], came[other] = total, (cell, edge)
                heapq.heappush(queue, (total, other))
    path: list[int] = []
    while end != start and end in came:
        end, edge = came[end]
        path.append(edge)
    return path if end == start else []


def end_cells(row: dict[str, str], grid: Grid, stands: dict[str, int]) -> tuple[int, int] | None:
    """Cells of a link's two ends; an end off the map gives way to the last cell on the map along the straight line."""
    points = [np.array([float(row[f"{end}_lon"]), float(row[f"{end}_lat"])]) for end in ("from", "to")]
    inside = [on_map(tuple(p)) for p in points]
    if not any(inside):
        return None
    cells = []
    for k, name in enumerate((row["from"], row["to"])):
        if inside[k]:
            cells.append(stands.get(name, grid.nearest(tuple(points[k]))))
            continue
        line = np.linspace(points[1 - k], points[k], 400)
        seen = [p for p in line if on_map(tuple(p)) and distance_km(grid.centres, p).min() < 10]
        cells.append(grid.nearest(tuple(seen[-1])))
    return cells[0], cells[1]


def lay_links(folder: Path, grid: Grid, surface: Surface, edges: Edges, stands: dict[str, int]) -> list[str]:
    """Write road, rail and pass into the edges; returns the links that found no path."""
    around, lost = steps(grid, surface, edges), []
    roles = {r["name"]: r["role"] for r in rows(folder.parent / "places.csv")}
    worth = np.ones(len(edges.pairs))
    table = [r for r in rows(folder / "links.csv") if r["mode"] in ROAD_OF_MODE or r["mode"] in RAIL_OF_MODE]
    for row in sorted(table, key=lambda r: r["mode"] not in RAIL_OF_MODE):
        ends = end_cells(row, grid, stands)
        if ends is None:
            continue
        path = cheapest(*ends, around, worth, grid.owner)
        if not path and ends[0] != ends[1]:
            lost.append(f"{row['from']}-{row['to']} ({row['mode']})")
        rail = RAILS.index(RAIL_OF_MODE.get(row["mode"], "none"))
        # A railway was built from a service track beside it.
        road = ROADS.index(ROAD_OF_MODE.get(row["mode"], "track"))
        for edge in path:
            edges.rail[edge] = max(edges.rail[edge], rail)
            edges.road[edge] = max(edges.road[edge], road)
            worth[edge] = ALONGSIDE
        if row["mode"] == "mountain_pass":
            mark_pass(row, roles, path, grid, edges)
    return lost


def mark_pass(row: dict[str, str], roles: dict[str, str], path: list[int], grid: Grid, edges: Edges) -> None:
    """Flag the edges of a pass road that lie near a place whose role is a pass."""
    for end in ("from", "to"):
        if "pass" in roles.get(row[end], ""):
            top = np.array([float(row[f"{end}_lon"]), float(row[f"{end}_lat"])])
            for edge in path:
                middle = grid.centres[edges.pairs[edge]].mean(axis=0)
                edges.mountain_pass[edge] |= bool(distance_km(middle, top) <= PASS_KM)
