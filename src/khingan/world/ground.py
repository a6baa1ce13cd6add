"""The map as arrays."""

from dataclasses import dataclass, field

import numpy as np

from khingan.engine.railways import FULL_GAUGE
from khingan.engine.state import EDGE, LAND_CELL, width_of
from khingan.scenario.politics import Politics, read_politics
from khingan.scenario.prelude import Prelude, has_prelude, read_prelude
from khingan.scenario.schema import Scenario, Terrain
from khingan.scenario.vocabulary import RAILS, RIVERS, ROADS, WORKS
from khingan.units import EARTH_RADIUS_KM
from khingan.world.names import GROUND_OF, GROUNDS, Names


def numbers(words: np.ndarray, vocabulary: tuple[str, ...]) -> np.ndarray:
    """The position of each word in its vocabulary."""
    position = {word: number for number, word in enumerate(vocabulary)}
    return np.array([position[word] for word in words.tolist()], dtype=np.uint8)


def on_the_globe(lat: np.ndarray | float, lon: np.ndarray | float) -> np.ndarray:
    """Points (..., 3) on the unit sphere from degrees: chords between them are quicker than haversines."""
    phi, theta = np.radians(lat), np.radians(lon)
    return np.stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)], axis=-1)


class Surveyor:
    """Finds the cell for a point, and remembers what it found: the map does not change."""

    def __init__(self, scenario: Scenario, names: Names) -> None:
        cells = scenario.terrain.cells
        self.globe = on_the_globe(cells["lat"], cells["lon"])
        self.owner = np.array([names.index["sides"][side] for side in cells["owner"].tolist()], dtype=np.int8)
        self.found: dict[tuple[float, float, int | None], tuple[int, float]] = {}
        self.around: dict[tuple[float, float, int, float], np.ndarray] = {}
        self.walked: dict[int, np.ndarray] = {}

    def nearest(self, lat: float, lon: float, side: int | None = None) -> tuple[int, float]:
        """The nearest land cell, of `side` where one is named, and its distance in km."""
        if (lat, lon, side) not in self.found:
            nearness = self.nearness(lat, lon)
            if side is not None:
                nearness = np.where(self.owner == side, nearness, -np.inf)
            cell = int(nearness.argmax())
            km = EARTH_RADIUS_KM * float(np.arccos(np.clip(nearness[cell], -1.0, 1.0)))
            self.found[lat, lon, side] = cell, km
        return self.found[lat, lon, side]

    def within(self, lat: float, lon: float, side: int, km: float) -> np.ndarray:
        """Cells of `side` no further than `km`."""
        point = lat, lon, side, km
        if point not in self.around:
            near = self.nearness(lat, lon) >= np.cos(km / EARTH_RADIUS_KM)
            self.around[point] = np.flatnonzero((self.owner == side) & near)
        return self.around[point]

    def nearness(self, lat: float, lon: float) -> np.ndarray:
        """Cosine of the angle at the Earth's centre between every cell and a point in degrees."""
        return self.globe @ on_the_globe(np.asarray(lat), np.asarray(lon))


@dataclass(frozen=True, repr=False)
class Survey:
    """What no change rewrites, the map and the files read beside the tables: measured once for all of a campaign."""

    terrain: Terrain
    surveyor: Surveyor
    edges: np.ndarray  # (cell, edge) EDGE
    near: np.ndarray  # (cell, edge) cell beyond, as in World
    back: np.ndarray  # (cell, edge) uint8 the edge of the cell beyond that leads back
    prelude: Prelude | None  # the months before, where the campaign tells them
    politics: Politics | None
    # March hours, and the edges that lead nearer, by goal, mobility and side.
    fields: dict[tuple[int, int, int], tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    bases: dict[tuple[int, int], np.ndarray] = field(default_factory=dict)  # truck km by side and base


def survey_of(scenario: Scenario, names: Names, known: Survey | None) -> Survey:
    """The survey of the scenario's map; the known one where it is of the same map."""
    if known is not None and known.terrain is scenario.terrain:
        return known
    edges = survey_edges(scenario)
    near, back = neighbours(edges)
    prelude = read_prelude(scenario) if has_prelude(scenario) else None
    surveyor = Surveyor(scenario, names)
    return Survey(scenario.terrain, surveyor, edges, near, back, prelude, read_politics(scenario))


def neighbours(edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(near, back) of a table of edges: the cell beyond each edge, and the edge there that leads back."""
    near = np.ascontiguousarray(edges["neighbour"], width_of(len(edges)))
    back = (near[np.maximum(near, 0)] == np.arange(len(near))[:, None, None]).argmax(axis=2)
    return near, back.astype(np.uint8)


def survey_edges(scenario: Scenario) -> np.ndarray:
    """Edges by (cell, edge); blocked edges and the sea lead nowhere."""
    edges = scenario.terrain.edges
    result = np.zeros((len(scenario.terrain.cells["cell"]), 6), EDGE).view(np.recarray)
    result.neighbour = -1
    values = {
        "distance_km": edges["distance_km"], "side_km": edges["side_km"], "road": numbers(edges["road"], ROADS),
        "rail": numbers(edges["rail"], RAILS), "river": numbers(edges["river"], RIVERS),
        "mountain_pass": edges["mountain_pass"],
    }  # fmt: skip
    passable = np.flatnonzero(~edges["blocked"])
    here = np.concatenate([edges["a"][passable], edges["b"][passable]])
    there = np.concatenate([edges["b"][passable], edges["a"][passable]])
    order = np.argsort(here, kind="stable")
    cell = here[order]
    slot = np.arange(len(cell)) - np.searchsorted(cell, cell)
    result["neighbour"][cell, slot] = there[order]
    for name, column in values.items():
        result[name][cell, slot] = np.tile(column[passable], 2)[order]
    return result


def rail_cells(edges: np.ndarray) -> np.ndarray:
    """Cells on a railway of full gauge, on whose trains an army can live."""
    return np.flatnonzero(((edges["rail"] >= FULL_GAUGE) & (edges["neighbour"] >= 0)).any(axis=1)).astype(np.int64)


def survey_land(scenario: Scenario, surveyor: "Surveyor", works_cells: np.ndarray) -> np.ndarray:
    """Every cell's ground, owner, weather region, area and works."""
    cells = scenario.terrain.cells
    grounds = [GROUND_OF[pair] for pair in zip(cells["relief"].tolist(), cells["cover"].tolist(), strict=True)]
    result = np.zeros(len(grounds), LAND_CELL).view(np.recarray)
    result.ground = numbers(np.array(grounds), GROUNDS)
    result.owner = surveyor.owner
    result.region = nearest_region(scenario)
    result.area_km2 = cells["area_km2"]
    result.works = works_by_cell(scenario, works_cells, len(grounds))
    result.closed = closed_ground(scenario, surveyor.owner)
    return result


def closed_ground(scenario: Scenario, owner: np.ndarray) -> np.ndarray:
    """(cell, side) True where a side has orders not to set foot: ground that the other alone claims."""
    calendar = scenario.calendar
    sides = (calendar.control_side, calendar.sides[calendar.control_side].adversary)
    closed = np.zeros((len(owner), 2), bool)
    for number, side in enumerate(sides):
        if side in calendar.limits:
            closed[:, number] = scenario.terrain.cells["claimed"] == sides[1 - number]
    return closed


def nearest_region(scenario: Scenario) -> np.ndarray:
    """The weather region whose seed point is nearest to each cell."""
    cells = scenario.terrain.cells
    seeds = on_the_globe(
        np.array([region.lat for region in scenario.weather]), np.array([region.lon for region in scenario.weather])
    )
    return np.argmax(on_the_globe(cells["lat"], cells["lon"]) @ seeds.T, axis=1).astype(np.int16)


def works_by_cell(scenario: Scenario, works_cells: np.ndarray, count: int) -> np.ndarray:
    """The strongest works of each cell, -1 none."""
    result = np.full(count, -1, np.int16)
    strength = [WORKS.index(works.strength) for works in scenario.works]
    for works, cell in enumerate(works_cells.tolist()):
        if result[cell] < 0 or strength[result[cell]] < strength[works]:
            result[cell] = works
    return result
