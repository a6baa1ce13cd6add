"""The map as arrays."""

import numpy as np

from khingan.engine.state import EDGE, LAND_CELL
from khingan.scenario.schema import Scenario
from khingan.scenario.vocabulary import RAILS, RIVERS, ROADS, WORKS
from khingan.units import EARTH_RADIUS_KM
from khingan.world.names import GROUND_OF, GROUNDS, Names


def numbers(words: np.ndarray, vocabulary: tuple[str, ...]) -> np.ndarray:
    """The position of each word in its vocabulary."""
    position = {word: number for number, word in enumerate(vocabulary)}
    return np.array([position[word] for word in words.tolist()], dtype=np.uint8)


def distances_km(lat: float, lon: float, lats: np.ndarray, lons: np.ndarray) -> np.ndarray:
    """Great-circle distance in km from one point to many, all in degrees."""
    a = np.sin(np.radians(lats - lat) / 2) ** 2
    a = a + np.cos(np.radians(lat)) * np.cos(np.radians(lats)) * np.sin(np.radians(lons - lon) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(a))


class Surveyor:
    """Finds the cell for a point."""

    def __init__(self, scenario: Scenario, names: Names) -> None:
        cells = scenario.terrain.cells
        self.lat, self.lon = cells["lat"], cells["lon"]
        self.owner = np.array([names.index["sides"][side] for side in cells["owner"].tolist()], dtype=np.int8)

    def nearest(self, lat: float, lon: float, side: int | None = None) -> tuple[int, float]:
        """The nearest land cell, of `side` where one is named, and its distance in km."""
        distance = distances_km(lat, lon, self.lat, self.lon)
        if side is not None:
            distance = np.where(self.owner == side, distance, np.inf)
        cell = int(distance.argmin())
        return cell, float(distance[cell])

    def within(self, lat: float, lon: float, side: int, km: float) -> np.ndarray:
        """Cells of `side` no further than `km`."""
        distance = np.where(self.owner == side, distances_km(lat, lon, self.lat, self.lon), np.inf)
        return np.flatnonzero(distance <= km)


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
    return result


def nearest_region(scenario: Scenario) -> np.ndarray:
    """The weather region whose seed point is nearest to each cell."""
    cells = scenario.terrain.cells
    distance = [distances_km(region.lat, region.lon, cells["lat"], cells["lon"]) for region in scenario.weather]
    return np.argmin(distance, axis=0).astype(np.int16)


def works_by_cell(scenario: Scenario, works_cells: np.ndarray, count: int) -> np.ndarray:
    """The strongest works of each cell, -1 none."""
    result = np.full(count, -1, np.int16)
    strength = [WORKS.index(works.strength) for works in scenario.works]
    for works, cell in enumerate(works_cells.tolist()):
        if result[cell] < 0 or strength[result[cell]] < strength[works]:
            result[cell] = works
    return result
