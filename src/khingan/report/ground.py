"""The ground of the page: relief, cover, coast, rivers, railways, borders and names, from the campaign's map folder."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from khingan.errors import KhinganError
from khingan.report.packing import PER_KM, Pack, joined, tenths, units_per_km
from khingan.report.projection import Albers
from khingan.scenario.folder import ground_folder
from khingan.scenario.schema import Scenario
from khingan.scenario.vocabulary import COVERS, RAILS

FOLDER, OUTLINES = "map", "outlines.json"
PICTURES = {"relief": ("relief.webp", "image/webp"), "cover": ("cover.png", "image/png")}
MARGIN_KM = 60.0


class Ground:
    """What the campaign's map folder holds; a campaign without one is drawn from its cells alone."""

    def __init__(self, scenario: Scenario) -> None:
        self.folder = ground_folder(Path(scenario.folder), scenario.calendar.ground) / FOLDER
        self.drawn = _read(self.folder / OUTLINES)
        extent = scenario.calendar.extent
        own = self.drawn.get("projection")
        self.plane = Albers(*own) if own else Albers.fitted(extent.south, extent.west, extent.north, extent.east)
        self.per_km = units_per_km(scenario.calendar.resolution)
        self.names = {place: (then, now) for place, then, now in self.drawn.get("places", [])}
        self.cells = self.at(scenario.terrain.cells["lat"], scenario.terrain.cells["lon"])

    def at(self, lat: Any, lon: Any) -> NDArray[np.int16]:
        """(point, 2) whole units of the page's map, y southward."""
        x, y = self.plane.project(np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64))
        return tenths(x, y, self.per_km)

    def box(self) -> list[float]:
        """West, north, east, south of the map in its units; about four cells around one that has no drawn map."""
        if "box" in self.drawn:
            west, south, east, north = (self.per_km * edge for edge in self.drawn["box"])
            return [west, -north, east, -south]
        low, high = self.cells.min(axis=0), self.cells.max(axis=0)
        margin = PER_KM * MARGIN_KM
        return [float(edge) for edge in (*(low - margin), *(high + margin))]

    def pack(self, scenario: Scenario, pack: Pack) -> dict[str, Any]:
        """Lines and cell centres into the pack; names, kinds and pictures as JSON."""
        lines = [(head, _points(line)) for head, line in _lines(self.drawn)]
        if any(link.layer == "rail" for link in scenario.ground):
            lines = [(head, points) for head, points in lines if head[0] not in RAILS] + self._railways(scenario)
        pack.add("lines", joined([points for _, points in lines]))
        pack.add("centres", np.ascontiguousarray(self.cells.T), steps=True)
        cover = scenario.terrain.cells["cover"]
        pack.add("cellcover", np.array([COVERS.index(str(word)) for word in cover], dtype=np.uint8))
        return {
            "box": self.box(),
            "perkm": self.per_km,
            "lines": [[*head, len(points)] for head, points in lines],
            "covers": self.drawn.get("covers", ["sea", *COVERS]),
            "cellcovers": list(COVERS),
            "labels": [[*label[:4], _points(label[4]).ravel().tolist()] for label in self.drawn.get("labels", [])],
            "views": self.drawn.get("views", {}),
            "pictures": {name: self._picture(*file) for name, file in PICTURES.items()},
        }

    def _railways(self, scenario: Scenario) -> list[tuple[list[str], NDArray[np.int16]]]:
        """The railways of this campaign from cell to cell, where the drawn ones are those of another time."""
        edges = scenario.terrain.edges
        found = np.flatnonzero(edges["rail"] != "none")
        ends = np.stack([edges["a"][found], edges["b"][found]], axis=1)
        return [([str(edges["rail"][row]), ""], self.cells[pair]) for row, pair in zip(found, ends, strict=True)]

    def _picture(self, file: str, kind: str) -> str:
        path = self.folder / file
        if not path.is_file():
            return ""
        return f"data:{kind};base64," + base64.b64encode(path.read_bytes()).decode("ascii")


def _read(path: Path) -> dict[str, Any]:
    """The drawn lines; nothing where the campaign has none."""
    if not path.is_file():
        return {}
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise KhinganError(str(path), f"no sound JSON: {error}", "draw the map again: tools/build_map.py") from error


def _lines(drawn: dict[str, Any]) -> list[tuple[list[str], list[int]]]:
    """[kind, name] and points of every line, coasts first."""
    found = [(["coast", ""], ring) for ring in drawn.get("coast", [])]
    found += [(["lake", ""], ring) for ring in drawn.get("lakes", [])]
    found += [([f"river-{width}", name], line) for width, name, line in drawn.get("rivers", [])]
    found += [([kind, ""], line) for kind, line in drawn.get("links", [])]
    found += [([style, ""], line) for style, line in drawn.get("borders", [])]
    return [*found, (["held", ""], drawn["held"])] if "held" in drawn else found


def _points(line: list[int]) -> NDArray[np.int16]:
    """(point, 2) with y turned southward."""
    points = np.array(line, dtype=np.int16).reshape(-1, 2)
    points[:, 1] *= -1
    return points
