"""Rivers as crossings: each course is laid along the sides of the hexagons, so that it makes an unbroken line."""

import heapq
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import geopandas
import h3
import numpy as np
import shapely

from terrain.authored import Point, lines, rows
from terrain.edges import RIVERS, Edges
from terrain.grid import FRONTIER, RESOLUTION, Grid, distance_km
from terrain.packages import natural_earth

FRONTIER_KM = 14.0  # a course nearer than this to a frontier river is that river, which is laid by who holds the banks
JOIN_KM = 16.0  # a course that ends this near to a river already laid is led into it
PIECE_KM = 45.0  # the line of sides must pass the course again after each such piece
AWAY_KM = 4.0  # a side this far from the course costs twice its length


@dataclass
class Network:
    """Corners of the hexagons near the rivers, and the sides already taken by one."""

    where: dict[str, Point] = field(default_factory=dict)
    sides: dict[str, dict[str, tuple[str, str]]] = field(default_factory=lambda: defaultdict(dict))
    seen: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)

    def add_cells(self, around: set[str]) -> None:
        """Take in the sides of these cells; a side is known by its two corners and its two cells."""
        for cell in sorted(around - self.seen):
            self.seen.add(cell)
            corners = set(h3.cell_to_vertexes(cell))
            for other in sorted(set(h3.grid_disk(cell, 1)) - {cell}):
                shared = sorted(corners & set(h3.cell_to_vertexes(other)))
                if len(shared) == 2:
                    p, q = shared
                    self.sides[p][q] = self.sides[q][p] = (min(cell, other), max(cell, other))
                    for corner in shared:
                        lat, lon = h3.vertex_to_latlng(corner)
                        self.where[corner] = (lon, lat)

    def nearest(self, point: Point, among: set[str] | None = None) -> tuple[str, float]:
        names = sorted(among if among is not None else self.where)
        apart = distance_km(np.array([self.where[n] for n in names]), np.array(point))
        best = int(np.argmin(apart))
        return names[best], float(apart[best])

    def path(self, start: str, end: str, course: shapely.LineString) -> list[str]:
        """Corners of the cheapest line of sides that keeps to the course."""
        cost, came, queue = {start: 0.0}, {}, [(0.0, start)]
        while queue:
            spent, corner = heapq.heappop(queue)
            if corner == end:
                break
            if spent > cost[corner]:
                continue
            for other in self.sides[corner]:
                middle = np.mean([self.where[corner], self.where[other]], axis=0)
                away = course.distance(shapely.Point(middle)) * 95 / AWAY_KM
                price = spent + 8.5 * (1 + away**2)
                if price < cost.get(other, np.inf):
                    cost[other], came[other] = price, corner
                    heapq.heappush(queue, (price, other))
        trail = [end]
        while trail[-1] != start:
            trail.append(came[trail[-1]])
        return trail[::-1]


def lay_frontier_rivers(folder: Path, grid: Grid, edges: Edges, net: Network) -> None:
    """Where the frontier is a river, every edge between the two sides crosses it."""
    named = lines(folder / "borders.csv", "name")
    stretches = [(r, RIVERS.index(r["class"])) for r in rows(folder / "rivers.csv") if r["line"] == "border"]
    ashore = [name for name in FRONTIER if not name.startswith(("closing", "tatar", "first-kuril", "kuril"))]
    tree = shapely.STRtree([shapely.LineString(named[name]) for name in ashore])
    for i, (a, b) in enumerate(edges.pairs):
        if grid.owner[a] == grid.owner[b] or edges.blocked[i]:
            continue
        lon, lat = (grid.centres[a] + grid.centres[b]) / 2
        line = ashore[int(tree.nearest(shapely.Point(lon, lat)))]
        for row, width in stretches:
            if row["key"] == line and within(row, lon, lat):
                edges.river[i] = max(edges.river[i], width)
                cells = grid.cells[a], grid.cells[b]
                net.add_cells(set(cells))
                net.taken |= set(h3.cell_to_vertexes(cells[0])) & set(h3.cell_to_vertexes(cells[1]))


def within(row: dict[str, str], lon: float, lat: float) -> bool:
    return float(row["south"]) <= lat < float(row["north"]) and float(row["west"]) <= lon < float(row["east"])


def courses(folder: Path) -> list[tuple[int, shapely.LineString]]:
    """Class and course of each river that is no frontier, the widest first.

    The package has lost the accents of Natural Earth: a key of rivers.csv has a question mark where it has one.
    """
    layer = geopandas.read_file(natural_earth("rivers_lake_centerlines"), bbox=(105, 33, 160, 56), encoding="utf-8")
    authored = lines(folder / "river_courses.csv", "river")
    named = lines(folder / "borders.csv", "name")
    kept = {r["key"] for r in rows(folder / "rivers.csv") if r["line"] == "border"}
    frontier = shapely.union_all([shapely.LineString(named[k]) for k in sorted(kept)]).buffer(FRONTIER_KM / 95)
    found = []
    for row in rows(folder / "rivers.csv"):
        if row["line"] == "border":
            continue
        if row["line"] == "authored":
            shape: shapely.Geometry = shapely.LineString(authored[row["river"]])
        else:
            mine = layer[layer["name"] == row["key"]]
            west, south, east, north = (float(row[k]) for k in ("west", "south", "east", "north"))
            shape = shapely.union_all(mine.geometry.values).intersection(shapely.box(west, south, east, north))
        if shape.is_empty:
            raise SystemExit(f"rivers.csv | no course for {row['river']} | mend its key or its box")
        merged = shapely.line_merge(shape.difference(frontier)) if row["line"] != "authored" else shape
        pieces = [p for p in shapely.get_parts(merged) if p.length > 0.08]
        found += [(RIVERS.index(row["class"]), p) for p in pieces]
    return sorted(found, key=lambda item: (-item[0], -item[1].length, item[1].bounds))


def lay_course(course: shapely.LineString, net: Network) -> list[tuple[str, str]]:
    """Pairs of cells parted by one course, laid piece by piece and led into the rivers that it meets at its ends."""
    parted = []
    dense = shapely.get_coordinates(shapely.segmentize(course, 0.05))
    touched = {h3.latlng_to_cell(lat, lon, RESOLUTION) for lon, lat in dense}
    net.add_cells({c for t in touched for c in h3.grid_disk(t, 2)})
    near = {v for t in touched for c in h3.grid_disk(t, 1) for v in h3.cell_to_vertexes(c)} & net.where.keys()
    count = max(1, round(course.length * 95 / PIECE_KM))
    along = [course.interpolate(k / count, normalized=True).coords[0] for k in range(count + 1)]
    stops = [net.nearest(point, near)[0] for point in along]
    ends = net.taken & near
    for k in (0, -1):
        if ends:
            corner, apart = net.nearest(course.coords[k], ends)
            stops[k] = corner if apart < JOIN_KM else stops[k]
    for start, end in pairwise(stops):
        trail = net.path(start, end, course)
        net.taken |= set(trail)
        parted += [net.sides[p][q] for p, q in pairwise(trail)]
    return parted


def lay_rivers(folder: Path, grid: Grid, edges: Edges) -> None:
    """Write the river class into the edges."""
    net = Network()
    lay_frontier_rivers(folder, grid, edges, net)
    index = {(grid.cells[a], grid.cells[b]): i for i, (a, b) in enumerate(edges.pairs)}
    for width, course in courses(folder):
        for pair in lay_course(course, net):
            if pair in index:
                edges.river[index[pair]] = max(edges.river[index[pair]], width)
