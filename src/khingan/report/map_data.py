"""What the page's map needs, packed small: cell outlines, ground, rivers, railways, and control by share of runs."""

import base64
import json
import zlib
from collections.abc import Iterable, Sequence
from math import ceil
from pathlib import Path
from typing import Any

import h3
import numpy as np
from numpy.typing import NDArray

from khingan.errors import KhinganError
from khingan.history.comparison import Comparison
from khingan.report.projection import FAR_EAST
from khingan.scenario.schema import Extent, Scenario
from khingan.scenario.vocabulary import COVERS, RAILS, RIVERS
from khingan.simulation.result import Result

# Coordinates are whole tenths of a kilometre, y growing southward; they fit 16 bits to 3,276 km from the origin.
PER_KM = 10
SHARES = (0.1, 0.5, 0.9)
NEVER = 255
DRAWN_RIVERS = ("large", "great")
SHAPES = ("coast", "lakes", "rivers", "frame")


def map_data(result: Result, scenario: Scenario, comparison: Comparison) -> dict[str, Any]:
    """The map as plain JSON values; `arrays` names the parts of the compressed `blob` in order."""
    cells, hours_per_unit = scenario.terrain.cells, ceil(result.horizon_h / (NEVER - 1))
    counts, outline = _outlines(cells["cell"])
    basemap = _basemap(Path(scenario.folder) / "terrain" / "basemap.json")
    lines, classes = _lines(scenario, with_rivers="rivers" not in basemap)
    home = cells["owner"] == scenario.calendar.control_side
    control = _control(result, hours_per_unit)
    control[:, home] = NEVER
    arrays = {
        "outline": outline,
        "lines": lines,
        "shapes": _shapes({**basemap, "frame": [_frame(scenario.calendar.extent)]}),
        "counts": counts,
        "cover": _index(cells["cover"], COVERS),
        "home": home.astype(np.uint8),
        "control": control,
        "classes": classes,
    }
    return {
        "title": scenario.calendar.title,
        "start": scenario.calendar.h_hour.isoformat() + "Z",
        "step": scenario.calendar.step_hours,
        "horizon": result.horizon_h,
        "unit": hours_per_unit,
        "covers": list(COVERS),
        "marks": _marks(scenario, comparison),
        "arrays": [[name, str(array.dtype), array.size] for name, array in arrays.items()],
        "blob": _packed(arrays.values()),
    }


def island(data: dict[str, Any]) -> str:
    """The JSON as it may stand inside a script element."""
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")


def _packed(arrays: Iterable[NDArray]) -> str:
    """Base64 of the deflated bytes, little-endian; 16-bit arrays come first so that all stay aligned."""
    raw = b"".join(array.astype(array.dtype.newbyteorder("<")).tobytes() for array in arrays)
    return base64.b64encode(zlib.compress(raw, 9)).decode("ascii")


def _tenths(points: Sequence[tuple[float, float]]) -> NDArray[np.int16]:
    """(point, 2) projected and rounded, x eastward and y southward."""
    lat, lon = np.array(points, dtype=np.float64).reshape(-1, 2).T
    x, y = FAR_EAST.project(lat, lon)
    limits = np.iinfo(np.int16)
    return np.clip(np.rint(np.stack([x, -y], axis=1) * PER_KM), limits.min, limits.max).astype(np.int16)


def _outlines(cells: NDArray) -> tuple[NDArray[np.uint8], NDArray[np.int16]]:
    """Vertices per cell (mostly six; more where the icosahedron folds) and all vertices in turn."""
    rings = [h3.cell_to_boundary(str(cell)) for cell in cells]
    counts = np.array([len(ring) for ring in rings], dtype=np.uint8)
    return counts, _tenths([point for ring in rings for point in ring]).ravel()


def _index(words: NDArray, vocabulary: Sequence[str]) -> NDArray[np.uint8]:
    return np.array([vocabulary.index(str(word)) for word in words], dtype=np.uint8)


def _control(result: Result, hours_per_unit: int) -> NDArray[np.uint8]:
    """(share, cell) first unit of time at which 10, 50 and 90 % of the runs hold the cell, `NEVER` if they never do."""
    hours = np.asarray(result.dataset["first_control"].values)
    need = [max(ceil(share * len(hours)) - 1, 0) for share in SHARES]
    reached = np.sort(np.where(np.isnan(hours), np.inf, hours), axis=0)[need]
    units = np.where(np.isfinite(reached), np.ceil(reached / hours_per_unit), NEVER)
    return np.clip(units, 0, NEVER).astype(np.uint8)


def _lines(scenario: Scenario, with_rivers: bool) -> tuple[NDArray[np.int16], NDArray[np.uint8]]:
    """River stretches between cells and railways from cell to cell as single strokes, and the class of each.

    Classes: 1 large river, 2 great river, 3 and more the railway gauges in the vocabulary's order.
    """
    edges, cells = scenario.terrain.edges, scenario.terrain.cells
    points: list[tuple[float, float]] = []
    classes: list[int] = []
    drawn = DRAWN_RIVERS if with_rivers else ()
    for k in np.flatnonzero(np.isin(edges["river"].astype(str), drawn)):
        a, b = (str(cells["cell"][edges[end][k]]) for end in ("a", "b"))
        bank = h3.directed_edge_to_boundary(h3.cells_to_directed_edge(a, b))
        points += [bank[0], bank[-1]]
        classes.append(RIVERS.index(str(edges["river"][k])) - RIVERS.index(DRAWN_RIVERS[0]) + 1)
    for k in np.flatnonzero(edges["rail"].astype(str) != RAILS[0]):
        points += [(float(cells["lat"][edges[end][k]]), float(cells["lon"][edges[end][k]])) for end in ("a", "b")]
        classes.append(RAILS.index(str(edges["rail"][k])) + len(DRAWN_RIVERS))
    return _tenths(points).ravel(), np.array(classes, dtype=np.uint8)


def _basemap(path: Path) -> dict[str, list[list[list[float]]]]:
    """Coast, lakes and rivers as lists of (lon, lat); nothing where the campaign has no basemap."""
    if not path.is_file():
        return {}
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise KhinganError(str(path), f"no sound JSON: {error}", "build the terrain again") from error


def _frame(extent: Extent) -> list[list[float]]:
    """The edge of the map as (lon, lat), a point a degree, since parallels bend."""
    east = np.arange(extent.west, extent.east + 1)
    north = [[lon, extent.north] for lon in east]
    return [*north, *([lon, extent.south] for lon in east[::-1]), north[0]]


def _shapes(basemap: dict[str, list[list[list[float]]]]) -> NDArray[np.int16]:
    """The basemap's lines one after another as kind (its place in `SHAPES`), number of points, points."""
    parts = [np.zeros(0, dtype=np.int16)]
    for kind, name in enumerate(SHAPES):
        for line in basemap.get(name, []):
            points = _tenths([(lat, lon) for lon, lat in line]).ravel()
            parts += [np.array([kind, len(line)], dtype=np.int16), points]
    return np.concatenate(parts)


def _marks(scenario: Scenario, comparison: Comparison) -> list[dict[str, Any]]:
    """One ring a place: when history had it taken and when half the runs did; control goes before other measures."""
    places = {place.name: place for place in scenario.places}
    chosen: dict[str, Any] = {}
    for row in comparison.dated:
        if row.place in places and (row.place not in chosen or row.measure == "control"):
            chosen[row.place] = row
    marks = []
    for name, row in chosen.items():
        x, y = _tenths([(places[name].lat, places[name].lon)])[0].tolist()
        said = f"{name}: history {comparison.date(row.observed)}, median {comparison.date(row.median)}"
        marks.append({"name": name, "x": x, "y": y, "taken": row.observed, "said": said})
    return marks
