"""Borrowed ground: the map of another campaign, with the lines that had not been built yet taken away again."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from khingan.errors import suggestion
from khingan.scenario.draft import Draft
from khingan.scenario.gazetteer import LandCells
from khingan.scenario.schema import GroundLink, Place, Terrain
from khingan.scenario.vocabulary import RAILS, ROADS

LAYERS = {"rail": RAILS, "road": ROADS}


@dataclass(frozen=True)
class Layer:
    """The edges of a map that bear lines of one kind, as a network of cells."""

    rows: np.ndarray  # (line,) rows of the table of edges
    a: np.ndarray  # (line,) cell at one end
    b: np.ndarray  # (line,) cell at the other
    km: np.ndarray  # (line,)
    cells: int

    @classmethod
    def of(cls, terrain: Terrain, layer: str) -> "Layer":
        """All edges with a rail or a road of any class."""
        edges = terrain.edges
        rows = np.flatnonzero(edges[layer] != "none")
        return cls(rows, edges["a"][rows], edges["b"][rows], edges["distance_km"][rows], len(terrain.cells["cell"]))

    def way(self, here: int, there: int) -> np.ndarray | None:
        """Rows of the edges on the shortest way between two cells; None where no line joins them."""
        graph = coo_array((self.km, (self.a, self.b)), shape=(self.cells, self.cells))
        _, before = dijkstra(graph.tocsr(), directed=False, indices=here, return_predecessors=True)
        row_of = {(int(a), int(b)): int(row) for a, b, row in zip(self.a, self.b, self.rows, strict=True)}
        found = []
        while there != here:
            back = int(before[there])
            if back < 0:
                return None
            found.append(row_of[min(back, there), max(back, there)])
            there = back
        return np.array(found, np.int64)


def lay_ground(draft: Draft) -> None:
    """Change the lines of the map that ground.csv names; every row finds its way on the map as it was borrowed."""
    links = draft.rows(GroundLink)
    if not links or draft.terrain is None or draft.calendar is None:
        return
    land = LandCells(draft.terrain, draft.calendar.resolution)
    cells = {place.name: land.nearest(place.lat, place.lon) for place in draft.rows(Place)}
    layers = {name: Layer.of(draft.terrain, name) for name in LAYERS}
    edges = {name: values.copy() for name, values in draft.terrain.edges.items()}
    for link in links:
        if link.now not in LAYERS[link.layer]:
            what = f"'{link.now}' is no class of {link.layer}"
            draft.report(link, "now", what, "use one of: " + ", ".join(LAYERS[link.layer]))
            continue
        ends = [_cell(draft, link, column, cells) for column in ("origin", "destination")]
        if ends[0] is None or ends[1] is None:
            continue
        way = layers[link.layer].way(ends[0], ends[1])
        if way is None or not len(way):
            what = f"no {link.layer} of the map joins {link.origin} and {link.destination}"
            draft.report(link, "destination", what, "name the ends of a line that the borrowed map has")
            continue
        edges[link.layer][way] = link.now
    draft.terrain = Terrain(cells=draft.terrain.cells, edges=edges)


def _cell(draft: Draft, link: GroundLink, column: str, cells: dict[str, tuple[int, int] | None]) -> int | None:
    """The cell of one end of a link; None, and the fault noted, where there is none."""
    name = getattr(link, column)
    if name not in cells:
        draft.report(link, column, f"unknown place '{name}'", suggestion(name, cells))
        return None
    found = cells[name]
    if found is None:
        draft.report(link, column, f"'{name}' lies off the map", "name a place on it")
        return None
    return found[0]
