"""The drawn ground of a small campaign's page, from the same authored lines as its terrain."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from khingan.report.packing import units_per_km
from khingan.report.projection import Albers
from terrain.authored import Point, lines, rows


def draw(campaign: Path, calendar: dict[str, Any]) -> dict[str, Any]:
    """outlines.json as the page reads it: the box is all land, less its lakes."""
    extent, terrain = calendar["extent"], campaign / "terrain"
    south, north, west, east = (extent[edge] for edge in ("south", "north", "west", "east"))
    plane, per_km = Albers.fitted(south, west, north, east), units_per_km(calendar["resolution"])
    corners = [(west, south), (east, south), (east, north), (west, north)]
    ring = np.array(in_plane(rim(corners), plane, per_km)).reshape(-1, 2)
    low, high = ring.min(axis=0) / per_km, ring.max(axis=0) / per_km

    def flat(points: list[Point]) -> list[int]:
        return in_plane(points, plane, per_km)

    courses = lines(terrain / "river_courses.csv", "river")
    links = {row["link"]: row["rail"] if row["rail"] != "none" else row["road"] for row in rows(terrain / "links.csv")}
    styles = {row["line"]: row["style"] for row in rows(campaign / "map/borders.csv")}
    return {
        "projection": list(plane),
        "box": [round(float(edge), 3) for edge in (low[0], low[1], high[0], high[1])],
        "views": {
            "opening": [int(ring[:, 0].min()), int(-ring[:, 1].max()), int(ring[:, 0].max()), int(-ring[:, 1].min())]
        },
        "coast": [ring.ravel().tolist()],
        "lakes": [flat([*lake, lake[0]]) for lake in lines(terrain / "lakes.csv", "lake").values()],
        "rivers": [
            [row["class"], row["river"], flat(clipped(courses[row["river"]], extent))]
            for row in rows(terrain / "rivers.csv")
        ],
        "links": [
            [links[name], flat(clipped(line, extent))] for name, line in lines(terrain / "links.csv", "link").items()
        ],
        "borders": [
            [styles[name], flat(clipped(line, extent))]
            for name, line in lines(terrain / "borders.csv", "name").items()
            if name in styles
        ],
        "labels": [
            [row["kind"], row["name"], row["modern"], float(row["size"]), flat(course(row["course"]))]
            for row in rows(campaign / "map/names.csv")
        ],
        "places": [],
    }


def rim(corners: list[Point]) -> list[Point]:
    """A ring with points between its corners, since parallels are curves in the plane."""
    found: list[Point] = []
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        found += [(x1 + (x2 - x1) * k / 8, y1 + (y2 - y1) * k / 8) for k in range(8)]
    return found


def course(text: str) -> list[Point]:
    """`lat lon; lat lon` as points."""
    return [(float(lon), float(lat)) for lat, lon in (point.split() for point in text.split(";"))]


def clipped(line: list[Point], extent: dict[str, float]) -> list[Point]:
    """The part of a line inside the box, cut finely enough that no end sticks out by more than a cell."""
    dense: list[Point] = []
    for (x1, y1), (x2, y2) in pairwise(line):
        count = max(1, int(np.hypot(x2 - x1, y2 - y1) / 0.004))
        dense += [(x1 + (x2 - x1) * k / count, y1 + (y2 - y1) * k / count) for k in range(count)]
    dense.append(line[-1])
    inside = [extent["west"] <= x <= extent["east"] and extent["south"] <= y <= extent["north"] for x, y in dense]
    return [point for point, kept in zip(dense, inside, strict=True) if kept]


def in_plane(points: list[Point], plane: Albers, per_km: int) -> list[int]:
    """x, y, x, y ... in whole units east and north of the origin."""
    lon, lat = np.array(points, dtype=float).T
    x, y = plane.project(lat, lon)
    return np.rint(np.stack([x, y], axis=1) * per_km).astype(int).ravel().tolist()


def write(campaign: Path, calendar: dict[str, Any]) -> Path:
    """Write map/outlines.json."""
    path = campaign / "map/outlines.json"
    path.write_text(json.dumps(draw(campaign, calendar), separators=(",", ":"), ensure_ascii=False), encoding="utf-8")
    return path
