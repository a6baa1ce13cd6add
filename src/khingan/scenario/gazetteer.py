"""From a name or a pair of coordinates to the cell it stands for."""

import unicodedata
from difflib import get_close_matches
from typing import NamedTuple

import h3
import numpy as np

from khingan.errors import KhinganError, suggestion
from khingan.scenario.schema import Place, Scenario, Terrain
from khingan.units import great_circle_km

WHERE = "place"
RINGS = 2


class Found(NamedTuple):
    """A resolved point: the place's name (None for coordinates), its cell's index, and the ring it was found in.

    Ring 0: the point's own cell; 1 or 2: the nearest land cell that many rings away.
    """

    place: str | None
    cell: int
    ring: int


class LandCells:
    """The cells of a map by their H3 name."""

    def __init__(self, terrain: Terrain, resolution: int) -> None:
        self.resolution = resolution
        self.lat: np.ndarray = terrain.cells["lat"]
        self.lon: np.ndarray = terrain.cells["lon"]
        self.number = terrain.rows

    def nearest(self, lat: float, lon: float) -> tuple[int, int] | None:
        """Index and ring of the land cell nearest to a point in degrees, within two rings."""
        centre = h3.latlng_to_cell(lat, lon, self.resolution)
        for ring in range(RINGS + 1):
            land = [self.number[cell] for cell in h3.grid_disk(centre, ring) if cell in self.number]
            if land:
                return min(land, key=lambda cell: (self._distance_km(cell, lat, lon), cell)), ring
        return None

    def _distance_km(self, cell: int, lat: float, lon: float) -> float:
        return great_circle_km(lat, lon, float(self.lat[cell]), float(self.lon[cell]))


def resolve(scenario: Scenario, text: str) -> Found:
    """The cell of a place, named in any of its names or as LAT,LON in degrees."""
    point = _coordinates(text)
    place = None if point else _named(scenario.places, text)
    lat, lon = (place.lat, place.lon) if place else point or (0.0, 0.0)
    found = LandCells(scenario.terrain, scenario.calendar.resolution).nearest(lat, lon)
    if found is None:
        remedy = "name a point on land inside the map"
        raise KhinganError(WHERE, f"'{text}' ({lat:g},{lon:g}) has no land cell within {RINGS} rings", remedy)
    return Found(place.name if place else None, *found)


def folded(name: str) -> str:
    """A name without case, diacritics, hyphens and spaces, for comparison."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def _coordinates(text: str) -> tuple[float, float] | None:
    parts = text.split(",")
    try:
        lat, lon = (float(part) for part in parts)
    except ValueError:
        return None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise KhinganError(WHERE, f"'{text}' lies outside -90..90 and -180..180", "write LAT,LON in degrees")
    return lat, lon


def _named(places: tuple[Place, ...], text: str) -> Place:
    """The place of this name; its own name goes before the other names of another place."""
    wanted = folded(text)
    own = [place for place in places if folded(place.name) == wanted]
    found = own or [place for place in places if wanted in map(folded, place.other_names)]
    if len(found) == 1:
        return found[0]
    if found:
        names = " or ".join(place.name for place in found)
        raise KhinganError(WHERE, f"'{text}' names more than one place", f"did you mean {names}?")
    known = {folded(name): name for place in places for name in (place.name, *place.other_names)}
    near = [known[match] for match in get_close_matches(wanted, known)]
    remedy = suggestion(near[0], near) if near else suggestion(text, [place.name for place in places])
    raise KhinganError(WHERE, f"no place '{text}'", remedy)
