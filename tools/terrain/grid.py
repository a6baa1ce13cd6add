"""The hexagons: which of them are on the map, how much of each is land, who holds it."""

from dataclasses import dataclass, field
from pathlib import Path

import geopandas
import h3
import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from terrain.authored import Point, lines, rows
from terrain.packages import natural_earth

RESOLUTION = 5
SOUTH, NORTH, WEST, EAST = 34.0, 54.0, 109.0, 159.0
LAND_SHARE = 0.10  # below it a cell is sea, unless a place stands on it
REACH_KM = 60.0  # a cell farther than this from every place, link and frontier is off the map
GAP_KM = 100.0  # but gaps narrower than twice this between such cells are filled
FRONTIER_KM = 150.0  # a frontier farther than this from every place and link does not count
EARTH_KM = 6371.007180918475  # h3's mean radius
ISLET_KM = 10.0  # islands nearer than this to a landmass with a place count as part of it
WHOLE_ISLAND_KM2 = 100_000.0  # islands smaller than this that hold a place are kept whole

FRONTIER = (
    "mongolia-mengjiang", "mongolia-manchukuo", "soviet-manchukuo-1 land border to the Argun",
    "soviet-manchukuo-2 Argun", "soviet-manchukuo-3 Amur", "soviet-manchukuo-4 Ussuri and Sungacha",
    "soviet-manchukuo-5 Khanka and land border to Suifenho", "soviet-manchukuo-6 land border to the Tumen",
    "korea-ussr Tumen", "closing line, Sea of Japan", "tatar-strait median", "sakhalin 50 N",
    "closing line, Sea of Okhotsk", "first-kuril strait", "kuril-kamchatka pacific line",
    "closing line, Pacific and China",
)  # fmt: skip
AT_SEA = {name for name in FRONTIER if name.startswith(("closing", "tatar", "first-kuril", "kuril"))}

# In the box, but listed for the sake of orders and news only; no ground near them is fought over.
OFF_MAP = ("Tokyo", "Hiroshima")


@dataclass
class Grid:
    """Land cells in the order of their ids; every list and array runs along the cells."""

    cells: list[str]
    centres: np.ndarray  # (cell, 2) longitude, latitude
    land: np.ndarray  # (cell,) share of the hexagon that is land
    owner: list[str]  # (cell,) SU or JP
    coast: shapely.Geometry  # land of the map, lakes taken out
    row: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.row = {cell: i for i, cell in enumerate(self.cells)}

    def nearest(self, point: Point) -> int:
        """The cell under a point, or else the one with the nearest centre."""
        own = self.row.get(h3.latlng_to_cell(point[1], point[0], RESOLUTION))
        return own if own is not None else int(np.argmin(distance_km(self.centres, np.array(point))))


def distance_km(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Great circle distance between points (longitude, latitude) in degrees, on h3's mean sphere."""
    lon, lat, lon2, lat2 = (np.radians(x) for x in (a[..., 0], a[..., 1], b[..., 0], b[..., 1]))
    h = np.sin((lat2 - lat) / 2) ** 2 + np.cos(lat) * np.cos(lat2) * np.sin((lon2 - lon) / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(h))


def on_map(point: Point) -> bool:
    return WEST <= point[0] <= EAST and SOUTH <= point[1] <= NORTH


def hexagon(cell: str) -> shapely.Polygon:
    return shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(cell)])


def held_by_japan(folder: Path) -> shapely.Polygon:
    """The ring of Japanese-held ground, from the frontier lines laid end to end."""
    named = lines(folder / "borders.csv", "name")
    ring: list[Point] = []
    for name in FRONTIER:
        line = named[name]
        near = ring[-1] if ring else named["closing line, Pacific and China"][-1]
        turned = np.hypot(*np.subtract(line[-1], near)) < np.hypot(*np.subtract(line[0], near))
        ring += line[::-1] if turned else line
    polygon = shapely.Polygon(ring)
    if not polygon.is_valid:
        fault = shapely.is_valid_reason(polygon)
        raise SystemExit(f"borders.csv | the frontier crosses itself: {fault} | mend the lines")
    return polygon


def landmasses(places: list[Point]) -> list[shapely.Polygon]:
    """Islands and mainlands of the theatre that hold a place, with the islets beside them."""
    theatre = shapely.box(WEST - 2, SOUTH - 2, EAST + 2, NORTH + 2)
    layer = geopandas.read_file(natural_earth("land"), bbox=theatre.bounds)
    parts = [p for g in layer.geometry for p in shapely.get_parts(shapely.make_valid(g).intersection(theatre))]
    parts = sorted((p for p in parts if p.geom_type == "Polygon"), key=lambda p: (-p.area, p.bounds))
    tree = shapely.STRtree(parts)
    named = {int(tree.nearest(shapely.Point(p))) for p in places}
    degrees = ISLET_KM / 80  # about a degree of longitude and latitude together at 45 N
    beside = {int(j) for i in named for j in tree.query(parts[i], predicate="dwithin", distance=degrees)}
    large = {i for i, p in enumerate(parts) if p.area > 15 and i not in named}
    # Without their holes: the few lakes of the layer are partly reservoirs of our day; ours are in lakes.csv.
    return [shapely.Polygon(parts[i].exterior) for i in sorted((named | beside) - large)]


def anchors(folder: Path, places: list[Point]) -> np.ndarray:
    """Points whose surroundings are on the map: places, links between points of the box, and the frontier near them."""
    found = [shapely.Point(p) for p in places if on_map(p)]
    for row in rows(folder / "links.csv"):
        ends = [(float(row[f"{end}_lon"]), float(row[f"{end}_lat"])) for end in ("from", "to")]
        if row["mode"] not in ("sea_lane", "river") and all(map(on_map, ends)):
            found.append(shapely.LineString(ends))
    known = coordinates(found)
    named = lines(folder / "borders.csv", "name")
    frontier = coordinates([shapely.LineString(named[name]) for name in FRONTIER if name not in AT_SEA])
    return np.vstack([known, frontier[apart_km(frontier, known) < FRONTIER_KM]])


def coordinates(shapes: list[shapely.Geometry]) -> np.ndarray:
    """Points about 10 km apart along the shapes: (point, 2) longitude, latitude."""
    return np.vstack([shapely.get_coordinates(shapely.segmentize(shape, 0.1)) for shape in shapes])


def apart_km(points: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Distance of each point from the nearest of the others."""
    chord = cKDTree(sphere(others)).query(sphere(points))[0]
    return 2 * EARTH_KM * np.arcsin(np.minimum(chord / 2, 1))


def map_cells(folder: Path, places: list[Point], land: list[shapely.Polygon]) -> list[str]:
    """Candidate cells: near an anchor, on an island kept whole, or in a gap or hole between such cells."""
    # In strips that overlap, since h3 takes the shorter way round a polygon that is too wide.
    edges = [(west, min(west + 5.5, EAST)) for west in np.arange(WEST, EAST, 5)]
    strips = [h3.LatLngPoly([(SOUTH, w), (SOUTH, e), (NORTH, e), (NORTH, w)]) for w, e in edges]
    cells = sorted({c for strip in strips for c in h3.h3shape_to_cells(strip, RESOLUTION)})
    centres = np.array([h3.cell_to_latlng(c)[::-1] for c in cells])
    away = apart_km(centres, anchors(folder, places))
    ashore = shapely.contains_xy(shapely.union_all(land), *centres.T)
    outside = ashore & (away > REACH_KM + GAP_KM)
    keep = (away <= REACH_KM) | (ashore & (apart_km(centres, centres[outside]) > GAP_KM))
    index = shapely.STRtree([hexagon(c) for c in cells])
    for island in land:
        if area_km2(island) < WHOLE_ISLAND_KM2:
            keep[index.query(island, predicate="intersects")] = True
    known = shapely.union_all([hexagon(c) for c, kept in zip(cells, keep, strict=True) if kept])
    rings = [shapely.Polygon(ring) for part in shapely.get_parts(known) for ring in part.interiors]
    keep |= ashore & shapely.contains_xy(shapely.union_all(rings), *centres.T)
    forced = {h3.latlng_to_cell(lat, lon, RESOLUTION) for lon, lat in places if on_map((lon, lat))}
    return [c for c, kept in zip(cells, keep, strict=True) if kept or c in forced]


def sphere(points: np.ndarray) -> np.ndarray:
    lon, lat = np.radians(points).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def area_km2(shape: shapely.Geometry) -> float:
    return shape.area * 111.2**2 * float(np.cos(np.radians(shape.centroid.y)))


def reachable(cells: list[str], folder: Path, places: set[str]) -> list[bool]:
    """Which cells belong to ground that a place stands on; the rest are scraps of shore beyond a strait."""
    row = {cell: i for i, cell in enumerate(cells)}
    pairs = np.array([(i, row[o]) for i, c in enumerate(cells) for o in h3.grid_disk(c, 1) if row.get(o, -1) > i])
    centres = np.array([h3.cell_to_latlng(c)[::-1] for c in cells])
    free = pairs[~crosses_strait(folder, centres[pairs[:, 0]], centres[pairs[:, 1]])]
    graph = coo_array((np.ones(len(free)), free.T), shape=(len(cells), len(cells)))
    part = connected_components(graph, directed=False)[1]
    wanted = {part[row[c]] for c in places if c in row}
    return [p in wanted for p in part]


def crosses_strait(folder: Path, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Which of the steps from a to b cross a line of straits.csv."""
    straits = shapely.union_all([shapely.LineString(p) for p in lines(folder / "straits.csv", "strait").values()])
    return shapely.intersects(shapely.linestrings(np.stack([a, b], axis=1)), straits)


def build_grid(folder: Path) -> Grid:
    """Cells with land, less the far interior, and the side that holds each."""
    table = [r for r in rows(folder.parent / "places.csv") if r["name"] not in OFF_MAP]
    places = [(float(r["lon"]), float(r["lat"])) for r in table]
    inside = [p for p in places if on_map(p)]
    masses = landmasses(inside)
    lakes = shapely.union_all([shapely.Polygon(p) for p in lines(folder / "lakes.csv", "lake").values()])
    coast = shapely.union_all([shapely.make_valid(m) for m in masses])
    dry = coast.difference(lakes)
    shapely.prepare(dry)
    japan = held_by_japan(folder)
    forced = {h3.latlng_to_cell(lat, lon, RESOLUTION): r["owner"] for r, (lon, lat) in zip(table, places, strict=True)}
    kept, share, owner = [], [], []
    for cell in map_cells(folder, inside, masses):
        shape = hexagon(cell)
        ground = shape if dry.contains(shape) else shape.intersection(dry)
        part = ground.area / shape.area
        if part < LAND_SHARE and cell not in forced:
            continue
        core = ground if ground.area else shape
        side = "JP" if core.intersection(japan).area > core.area / 2 else "SU"
        kept.append(cell), share.append(round(max(part, 0.01), 3)), owner.append(forced.get(cell) or side)
    keep = np.array(reachable(kept, folder, {h3.latlng_to_cell(lat, lon, RESOLUTION) for lon, lat in places}))
    kept, owner = ([x for x, k in zip(column, keep, strict=True) if k] for column in (kept, owner))
    centres = np.array([h3.cell_to_latlng(c)[::-1] for c in kept])
    return Grid(kept, centres, np.array(share)[keep], owner, dry)
