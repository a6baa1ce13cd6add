"""Outlines for drawing a page: coast, lakes and great rivers as lists of [longitude, latitude]."""

import json
from pathlib import Path

import shapely

from terrain.authored import lines, rows
from terrain.edges import RIVERS
from terrain.grid import Grid
from terrain.rivers import courses

COAST_DEGREES, RIVER_DEGREES = 0.02, 0.02
SMALLEST_ISLAND = 0.003  # square degrees


def drawn(shape: shapely.Geometry, tolerance: float) -> list[list[list[float]]]:
    parts = shapely.get_parts(shape.simplify(tolerance))
    return [[[round(x, 2), round(y, 2)] for x, y in shapely.get_coordinates(p)] for p in parts if not p.is_empty]


def draw_basemap(folder: Path, grid: Grid) -> str:
    """JSON with `coast` and `lakes` (rings) and `rivers` (lines)."""
    west, south = grid.centres.min(axis=0) - 0.5
    east, north = grid.centres.max(axis=0) + 0.5
    window = shapely.box(west, south, east, north)
    dry = shapely.union_all([p for p in shapely.get_parts(grid.coast) if p.area > SMALLEST_ISLAND])
    rings = [p.exterior for p in shapely.get_parts(dry.intersection(window)) if p.geom_type == "Polygon"]
    lakes = [shapely.LinearRing(p) for p in lines(folder / "lakes.csv", "lake").values()]
    wide = [c for width, c in courses(folder) if width >= RIVERS.index("medium")]
    named = lines(folder / "borders.csv", "name")
    frontier = {row["key"] for row in rows(folder / "rivers.csv") if row["line"] == "border"}
    border = [shapely.LineString(named[name]) for name in sorted(frontier)]
    parts = {
        "coast": [line for ring in rings for line in drawn(ring, COAST_DEGREES)],
        "lakes": [line for ring in lakes for line in drawn(ring, 0.0)],
        "rivers": [line for river in wide + border for line in drawn(river, RIVER_DEGREES)],
    }
    return json.dumps(parts, separators=(",", ":"))
