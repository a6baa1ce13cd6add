"""Outlines for drawing the page: coast, lakes and rivers, projected into the plane of the map, in km."""

from itertools import pairwise
from pathlib import Path

import geopandas
import numpy as np
import shapely

from khingan.report.projection import Albers
from terrain.authored import lines, rows
from terrain.edges import RIVERS
from terrain.packages import natural_earth
from terrain.rivers import within

WINDOW = (88.0, 26.0, 176.0, 62.0)  # degrees; wider than any box in the plane that shows the theatre
SMALLEST_KM2 = 25.0


def projected(shape: shapely.Geometry, plane: Albers) -> shapely.Geometry:
    """A shape of longitudes and latitudes in the plane."""
    return shapely.transform(shape, lambda points: np.stack(plane.project(points[:, 1], points[:, 0]), axis=1))


def in_plane(line: shapely.Geometry, tolerance_km: float) -> list[float]:
    """x, y, x, y ... in whole tenths of a km east and north of the origin."""
    points = shapely.get_coordinates(line.simplify(tolerance_km) if tolerance_km else line)
    return np.rint(points * 10).astype(int).ravel().tolist()


def land_parts(plane: Albers, box: shapely.Polygon) -> list[shapely.Polygon]:
    """Land inside the box, islets left out; the package's lakes are partly of our day, so there are no holes."""
    layer = geopandas.read_file(natural_earth("land"), bbox=WINDOW)
    window = shapely.box(*WINDOW)
    parts = []
    for geometry in layer.geometry:
        for part in shapely.get_parts(shapely.make_valid(geometry).intersection(window)):
            if part.geom_type == "Polygon":
                flat = shapely.make_valid(projected(shapely.Polygon(part.exterior).segmentize(0.2), plane))
                parts += [p for p in shapely.get_parts(flat.intersection(box)) if p.geom_type == "Polygon"]
    return sorted((p for p in parts if p.area > SMALLEST_KM2), key=lambda p: (-p.area, p.bounds))


def lake_rings(folder: Path, plane: Albers) -> list[shapely.LinearRing]:
    """The authored lakes."""
    return [projected(shapely.LinearRing(ring), plane) for ring in lines(folder / "lakes.csv", "lake").values()]


def river_courses(folder: Path, plane: Albers, box: shapely.Polygon) -> list[tuple[str, str, shapely.LineString]]:
    """Class, name and course of every river of rivers.csv, frontier rivers too, in the order of the file.

    The package has lost the accents of Natural Earth: a key of rivers.csv has a question mark where it has one.
    """
    layer = geopandas.read_file(natural_earth("rivers_lake_centerlines"), bbox=WINDOW, encoding="utf-8")
    authored, named = lines(folder / "river_courses.csv", "river"), lines(folder / "borders.csv", "name")
    found = []
    for row in rows(folder / "rivers.csv"):
        if row["line"] == "border":
            shape = shapely.union_all([shapely.LineString(s) for s in stretches(named[row["key"]], row)])
        elif row["line"] == "authored":
            shape = shapely.LineString(authored[row["river"]])
        else:
            west, south, east, north = (float(row[k]) for k in ("west", "south", "east", "north"))
            mine = layer[layer["name"] == row["key"]]
            shape = shapely.union_all(mine.geometry.values).intersection(shapely.box(west, south, east, north))
        name = row["river"].split(",")[0].replace(" mouth", "")
        merged = shapely.line_merge(shape) if shape.geom_type == "MultiLineString" else shape
        for piece in shapely.get_parts(merged):
            if piece.length > 0.08:
                flat = projected(piece.segmentize(0.2), plane).intersection(box)
                found += [(row["class"], name.split(" to ")[0].split(" below ")[0].split(" at ")[0], p)
                          for p in shapely.get_parts(flat) if p.geom_type == "LineString"]  # fmt: skip
    assert {kind for kind, _, _ in found} <= set(RIVERS)
    return found


def stretches(line: list[tuple[float, float]], row: dict[str, str]) -> list[list[tuple[float, float]]]:
    """Pairs of points of a frontier whose middle lies within the row's box."""
    return [[a, b] for a, b in pairwise(line) if within(row, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2)]
