"""Neighbouring cells: distance, shared side, straits and rivers between them."""

from dataclasses import dataclass
from pathlib import Path

import h3
import numpy as np

from terrain.grid import Grid, crosses_strait, distance_km

ROADS = ("none", "track", "road", "main")
RAILS = ("none", "narrow", "standard", "broad")
RIVERS = ("none", "small", "medium", "large", "great")


@dataclass
class Edges:
    """Every pair of neighbouring land cells once; road, rail and river are indices into the lists above."""

    pairs: np.ndarray  # (edge, 2) rows of cells, the smaller first
    distance_km: np.ndarray
    side_km: np.ndarray
    blocked: np.ndarray
    road: np.ndarray
    rail: np.ndarray
    river: np.ndarray
    mountain_pass: np.ndarray

    def index(self) -> dict[tuple[int, int], int]:
        return {(int(a), int(b)): i for i, (a, b) in enumerate(self.pairs)}


def build_edges(folder: Path, grid: Grid) -> Edges:
    """The bare edges: no road, rail or river yet, straits blocked."""
    pairs = np.array(
        sorted(
            (i, grid.row[other])
            for i, cell in enumerate(grid.cells)
            for other in h3.grid_disk(cell, 1)
            if grid.row.get(other, -1) > i
        )
    )
    a, b = grid.centres[pairs[:, 0]], grid.centres[pairs[:, 1]]
    side = [h3.edge_length(h3.cells_to_directed_edge(grid.cells[i], grid.cells[j]), "km") for i, j in pairs]
    none = np.zeros(len(pairs), int)
    return Edges(
        pairs, distance_km(a, b).round(3), np.array(side).round(3), crosses_strait(folder, a, b), none, none.copy(),
        none.copy(), np.zeros(len(pairs), bool),
    )  # fmt: skip
