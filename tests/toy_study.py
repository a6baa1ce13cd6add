"""A campaign of three cells and a stand-in for the engine: tests of studies need neither the real map nor numba."""

from datetime import datetime
from types import SimpleNamespace

import numpy as np

from khingan.scenario.schema import Terrain
from khingan.simulation.variables import VARIABLES

NAMES = {
    "cells": ("8530b", "8530c", "8530d"), "formations": ("su-1", "jp-1"), "armies": ("su-a", "jp-a"),
    "works": ("fort",), "lifts": ("ferry", "raft"), "parameters": ("march.foot",),
}  # fmt: skip
LENGTHS = {"cell": 3, "formation": 2, "army": 2, "works": 1, "lift": 2, "parameter": 1, "step": 8, "day": 2, "stage": 2,
           "named_place": 1}  # fmt: skip


def scenario(fingerprint: str = "f00d") -> SimpleNamespace:
    """Two days of four steps."""
    operation = SimpleNamespace(key="north", name="Northern operation")
    calendar = SimpleNamespace(
        name="toy", title="Toy", h_hour=datetime(1945, 8, 9), steps=8, days=2, step_hours=6.0, control_side="SU",
        operations=(operation,),
    )  # fmt: skip
    cells = {"cell": np.array(NAMES["cells"]), "lat": np.array([45.0, 45.1, 45.2]), "lon": np.array([130.0, 131, 132])}
    return SimpleNamespace(
        folder="", fingerprint=fingerprint, calendar=calendar, terrain=Terrain(cells=cells, edges={})
    )


def world() -> SimpleNamespace:
    """The names behind the indices."""
    return SimpleNamespace(names=SimpleNamespace(**NAMES), whereabouts=SimpleNamespace(names=("Ford",)))


def hour(seed: int, run: int) -> float:
    """When this run's second cell changes hands: a different, whole number for every run."""
    return float(seed % 7 + run)


def play_chunk(world: object, settings: object, seed: int, first_run: int, count: int) -> dict[str, np.ndarray]:
    """Runs that differ by their number and seed alone: cell 0 falls at once, cell 1 at `hour`, cell 2 never."""
    arrays = {}
    for name, variable in VARIABLES.items():
        shape = (count, *(LENGTHS[dimension] for dimension in variable.dims))
        arrays[name] = np.zeros(shape, dtype=variable.dtype)
    hours = np.array([hour(seed, run) for run in range(first_run, first_run + count)], dtype=np.float32)
    arrays["first_control"][:, 1] = hours
    arrays["first_control"][:, 2] = np.nan
    arrays["landed"][:] = np.stack([np.full(count, np.nan), hours], axis=1)
    return arrays
