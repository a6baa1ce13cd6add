"""The ground of a small map, from authored points and lines alone: hexagons, whose they are, rivers, crossings, roads.

A line parts two cells when the straight way between their centres crosses it, so a river has no gap to slip through.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import h3
import numpy as np

from terrain.authored import Point, lines, rows

EARTH_KM = 6371.007180918475  # h3's mean radius
STEP_DEGREES = 0.001  # between points along an authored line
ROADS = ("none", "track", "road", "main")
RIVERS = ("none", "small", "medium", "large", "great")


def distance_km(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Great circle between points (longitude, latitude) in degrees."""
    lon, lat, lon2, lat2 = (np.radians(x) for x in (a[..., 0], a[..., 1], b[..., 0], b[..., 1]))
    h = np.sin((lat2 - lat) / 2) ** 2 + np.cos(lat) * np.cos(lat2) * np.sin((lon2 - lon) / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(h))


def inside(points: np.ndarray, ring: list[Point]) -> np.ndarray:
    """Which points (point, 2) lie inside a ring, by the crossings of a ray to the east."""
    within = np.zeros(len(points), bool)
    x, y = points[:, 0], points[:, 1]
    for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
        if y1 == y2:
            continue
        spans = (y1 > y) != (y2 > y)
        within ^= spans & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return within


def crosses(a: np.ndarray, b: np.ndarray, line: list[Point]) -> np.ndarray:
    """Which of the straight ways from a to b (way, 2) meet a line."""
    met = np.zeros(len(a), bool)
    for first, second in pairwise(line):
        p, q = np.array(first), np.array(second)
        met |= (turn(a, b, p) != turn(a, b, q)) & (turn_of(p, q, a) != turn_of(p, q, b))
    return met


def turn(a: np.ndarray, b: np.ndarray, point: np.ndarray) -> np.ndarray:
    """True where the point lies to the left of the way from a to b."""
    return (b[:, 0] - a[:, 0]) * (point[1] - a[:, 1]) > (b[:, 1] - a[:, 1]) * (point[0] - a[:, 0])


def turn_of(p: np.ndarray, q: np.ndarray, points: np.ndarray) -> np.ndarray:
    """True where points lie to the left of the way from p to q."""
    return (q[0] - p[0]) * (points[:, 1] - p[1]) > (q[1] - p[1]) * (points[:, 0] - p[0])


@dataclass
class Grid:
    """Land cells in the order of their ids."""

    cells: list[str]
    centres: np.ndarray  # (cell, 2) longitude, latitude
    resolution: int
    row: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.row = {cell: number for number, cell in enumerate(self.cells)}

    @classmethod
    def of(cls, folder: Path, extent: dict[str, float], resolution: int) -> "Grid":
        """Every hexagon whose centre lies in the box and in no lake."""
        south, north, west, east = (extent[edge] for edge in ("south", "north", "west", "east"))
        box = h3.LatLngPoly([(south, west), (south, east), (north, east), (north, west)])
        cells = sorted(h3.h3shape_to_cells(box, resolution))
        centres = np.array([h3.cell_to_latlng(cell)[::-1] for cell in cells])
        wet = np.zeros(len(cells), bool)
        for ring in lakes(folder).values():
            wet |= inside(centres, ring)
        return cls([cell for cell, lake in zip(cells, wet, strict=True) if not lake], centres[~wet], resolution)

    def areas_km2(self) -> np.ndarray:
        """Area of each cell."""
        return np.array([h3.cell_area(cell, "km^2") for cell in self.cells])

    def under(self, line: list[Point]) -> list[int]:
        """The cells a line runs over, in its order, each once where it stays in it."""
        found: list[int] = []
        for (x1, y1), (x2, y2) in pairwise(line):
            count = max(2, int(np.hypot(x2 - x1, y2 - y1) / STEP_DEGREES) + 1)
            for x, y in zip(np.linspace(x1, x2, count), np.linspace(y1, y2, count), strict=True):
                cell = self.row.get(h3.latlng_to_cell(y, x, self.resolution), -1)
                if cell >= 0 and found[-1:] != [cell]:
                    found.append(cell)
        return found


@dataclass
class Edges:
    """Every pair of neighbouring cells once, the smaller row first."""

    pairs: np.ndarray  # (edge, 2)
    distance_km: np.ndarray
    side_km: np.ndarray
    blocked: np.ndarray
    road: list[str]
    rail: list[str]
    river: list[str]

    @classmethod
    def of(cls, folder: Path, grid: Grid) -> "Edges":
        """The bare edges; a way over a lake is blocked."""
        found = sorted(
            (number, grid.row[other])
            for number, cell in enumerate(grid.cells)
            for other in h3.grid_disk(cell, 1)
            if grid.row.get(other, -1) > number
        )
        pairs = np.array(found)
        a, b = grid.centres[pairs[:, 0]], grid.centres[pairs[:, 1]]
        side = [h3.edge_length(h3.cells_to_directed_edge(grid.cells[i], grid.cells[j]), "km") for i, j in found]
        blocked = np.zeros(len(pairs), bool)
        for ring in lakes(folder).values():
            blocked |= crosses(a, b, [*ring, ring[0]])
        none = ["none"] * len(pairs)
        return cls(pairs, distance_km(a, b), np.array(side), blocked, none, none.copy(), none.copy())

    def between(self, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
        """(centre of a, centre of b) of every edge."""
        return grid.centres[self.pairs[:, 0]], grid.centres[self.pairs[:, 1]]


def lakes(folder: Path) -> dict[str, list[Point]]:
    """Rings of the lakes."""
    return lines(folder / "lakes.csv", "lake")


def lay_rivers(folder: Path, grid: Grid, edges: Edges) -> None:
    """Write each river's class on the edges it parts; without a ford everywhere they are blocked until bridged."""
    courses = lines(folder / "river_courses.csv", "river")
    a, b = edges.between(grid)
    for row in rows(folder / "rivers.csv"):
        for edge in np.flatnonzero(crosses(a, b, courses[row["river"]])).tolist():
            edges.river[edge] = max(edges.river[edge], row["class"], key=RIVERS.index)
            edges.blocked[edge] |= row["passable"] == "crossings"


def bridge(folder: Path, grid: Grid, edges: Edges) -> None:
    """Open the edge of its river nearest to each crossing: a bridge carries a road, a ferry or a ford none."""
    courses = lines(folder / "river_courses.csv", "river")
    a, b = edges.between(grid)
    for row in rows(folder / "crossings.csv"):
        over = np.flatnonzero(crosses(a, b, courses[row["river"]]))
        point = np.array([float(row["lon"]), float(row["lat"])])
        edge = int(over[np.argmin(distance_km((a[over] + b[over]) / 2, point))])
        edges.blocked[edge] = False
        if row["carries"] == "bridge":
            edges.road[edge] = max(edges.road[edge], "road", key=ROADS.index)


def lay_links(folder: Path, grid: Grid, edges: Edges) -> None:
    """Write roads and railways on the edges between the cells that each authored line runs over."""
    number = {(int(a), int(b)): edge for edge, (a, b) in enumerate(edges.pairs)}
    classes = {row["link"]: (row["road"], row["rail"]) for row in rows(folder / "links.csv")}
    for link, line in lines(folder / "links.csv", "link").items():
        road, rail = classes[link]
        for pair in pairwise(grid.under(line)):
            edge = number.get((min(pair), max(pair)), -1)
            if edge >= 0:
                edges.road[edge] = max(edges.road[edge], road, key=ROADS.index)
                edges.rail[edge] = rail if rail != "none" else edges.rail[edge]


def owners(folder: Path, grid: Grid, held: dict[str, Any]) -> np.ndarray:
    """The side that holds each cell at H-hour: inside the line of one side, else the other; places overrule it."""
    owner = np.full(len(grid.cells), held["else"], "U2")
    owner[inside(grid.centres, ring_of(folder, held["inside"]))] = held["side"]
    for row in rows(folder.parent / "places.csv"):
        cell = grid.row.get(h3.latlng_to_cell(float(row["lat"]), float(row["lon"]), grid.resolution), -1)
        if cell >= 0 and row["owner"]:
            owner[cell] = row["owner"]
    return owner


def claims(folder: Path, grid: Grid, claimed: dict[str, Any]) -> np.ndarray:
    """Whose ground a cell is by the claims; `both` where neither or both lines leave it, and under a shared line."""
    mine = {side: inside(grid.centres, ring_of(folder, claimed[side])) for side in ("SU", "JP")}
    result = np.where(mine["SU"] == mine["JP"], "both", np.where(mine["SU"], "SU", "JP"))
    for name in claimed.get("shared", []):
        result[grid.under(lines(folder / "borders.csv", "name")[name])] = "both"
    return result


def ring_of(folder: Path, said: dict[str, Any]) -> list[Point]:
    """An authored line, closed by corners given as latitude and longitude."""
    return lines(folder / "borders.csv", "name")[said["line"]] + [(lon, lat) for lat, lon in said["closed_by"]]


def covers(folder: Path, grid: Grid, everywhere: str) -> list[str]:
    """Cover of each cell; a later outline lies over an earlier one."""
    return painted(folder / "covers.csv", "cover", grid, everywhere)


def reliefs(folder: Path, grid: Grid, everywhere: str) -> list[str]:
    """Relief of each cell."""
    return painted(folder / "reliefs.csv", "relief", grid, everywhere)


def painted(path: Path, column: str, grid: Grid, everywhere: str) -> list[str]:
    """A word for each cell: that of the last outline that holds its centre; an outline of two points is a line."""
    words = [everywhere] * len(grid.cells)
    kinds = {row["name"]: row[column] for row in rows(path)}
    for name, ring in lines(path, "name").items():
        cells = grid.under(ring) if is_open(path, name) else np.flatnonzero(inside(grid.centres, ring)).tolist()
        for cell in cells:
            words[cell] = kinds[name]
    return words


def is_open(path: Path, name: str) -> bool:
    """Whether an outline is a line that is painted along, and no ring that is filled."""
    return any(row["name"] == name and row["shape"] == "line" for row in rows(path))


def heights(folder: Path, grid: Grid, everywhere: float) -> np.ndarray:
    """Metres above the sea: each authored top falls off to the height of the plain over its reach."""
    metres = np.full(len(grid.cells), float(everywhere))
    for row in rows(folder / "heights.csv"):
        top = np.array([float(row["lon"]), float(row["lat"])])
        left = np.clip(1 - distance_km(grid.centres, top) / float(row["reach_km"]), 0, 1)
        metres = np.maximum(metres, everywhere + (float(row["height_m"]) - everywhere) * left)
    return metres.round(0)
