"""From a target to the like quantity of the model: one time per run, in hours from H-hour, NaN where it never came.

A town is compared with control of its cell, the one in which the run's reading of the ledger finds it, works with their
own fall, a disarmed formation with its laying down of arms, a landing with the first troops ashore or down. Nothing
is ever compared with another's measure.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np

from khingan.errors import KhinganError
from khingan.history.score import Array
from khingan.history.targets import Target
from khingan.scenario.gazetteer import RINGS, Found, LandCells
from khingan.scenario.schema import Scenario
from khingan.simulation.result import of_cells

Chunk = Mapping[str, np.ndarray]

LANDING_MODES = {"landing": ("sea", "river"), "air_landing": ("air",)}


class Outcomes(Protocol):
    """Runs that can be asked when something happened in each of them: a result on disk, or a chunk in memory."""

    @property
    def runs(self) -> int: ...

    def first_control(self, cells: int | Sequence[int]) -> Array: ...

    def place_control(self, places: Sequence[str], stated: Sequence[int]) -> Array: ...

    def works_fall(self, works: str) -> Array: ...

    def capitulated(self, formation: str) -> Array: ...

    def landed(self, lifts: Sequence[str]) -> Array: ...


class Runs:
    """A chunk asked as a result would be; a change keeps the numbers of all names of the campaign."""

    def __init__(self, scenario: Scenario, chunk: Chunk) -> None:
        self.scenario, self.chunk = scenario, chunk

    @property
    def runs(self) -> int:
        """Runs in the chunk."""
        return len(self.chunk["first_control"])

    def first_control(self, cells: int | Sequence[int]) -> np.ndarray:
        """(run,) or (run, cell) hours at which the control side first held cells."""
        return self.chunk["first_control"][:, cells]

    def place_control(self, places: Sequence[str], stated: Sequence[int]) -> np.ndarray:
        """(run, place) hours at which the control side first held places, each run in the cells it reads them in."""
        return of_cells(self.chunk["first_control"], place_cells(self.scenario, self.chunk, places, stated))

    def works_fall(self, works: str) -> np.ndarray:
        """(run,) hours at which works gave up."""
        return self.chunk["works_fall"][:, [row.works for row in self.scenario.works].index(works)]

    def capitulated(self, formation: str) -> np.ndarray:
        """(run,) hours at which a formation laid down its arms."""
        return self.chunk["capitulated"][:, [row.formation for row in self.scenario.formations].index(formation)]

    def landed(self, lifts: Sequence[str]) -> np.ndarray:
        """(run,) hours at which the first of these lifts put men ashore or down."""
        numbers = [number for number, row in enumerate(self.scenario.lifts) if row.lift in lifts]
        return np.fmin.reduce(self.chunk["landed"][:, numbers], axis=1)


def place_cells(scenario: Scenario, chunk: Chunk, places: Sequence[str], stated: Sequence[int]) -> np.ndarray:
    """(run, place) cell in which each run of a chunk reads a place; the stated one where none is on record."""
    if "place_cell" not in chunk:
        return np.broadcast_to(np.asarray(stated, np.int64), (len(chunk["first_control"]), len(stated)))
    names = [place.name for place in scenario.places]
    return chunk["place_cell"][:, [names.index(place) for place in places]].astype(np.int64)


def point_control(result: Outcomes, point: Found) -> Array:
    """(run,) hours at which the control side first held a place, or a point given by its coordinates."""
    if point.place is None:
        return np.asarray(result.first_control(point.cell), np.float64)
    return np.asarray(result.place_control([point.place], [point.cell])[:, 0], np.float64)


def hours(result: Outcomes, scenario: Scenario, targets: Sequence[Target]) -> Array:
    """(run, target) hours from H-hour at which each target's measure came true in each run."""
    return clock(scenario, targets)(result)


def clock(scenario: Scenario, targets: Sequence[Target]) -> Callable[[Outcomes], Array]:
    """`hours` for these targets of any runs of the campaign; their cells are looked up once."""
    points = {place.name: (place.lat, place.lon) for place in scenario.places}
    towns = [k for k, target in enumerate(targets) if target.measure == "control"]
    land = LandCells(scenario.terrain, scenario.calendar.resolution) if towns else None
    cells = {k: _cell(land, targets[k]) for k in towns} if land else {}
    named = [k for k in towns if points.get(targets[k].place) == (targets[k].lat, targets[k].lon)]
    others = [k for k in towns if k not in named]

    def read(result: Outcomes) -> Array:
        times = np.full((result.runs, len(targets)), np.nan)
        if others:
            times[:, others] = result.first_control([cells[k] for k in others])
        if named:
            times[:, named] = result.place_control([targets[k].place for k in named], [cells[k] for k in named])
        for k, target in enumerate(targets):
            if target.measure == "works_fall":
                times[:, k] = _works(result, scenario, target)
            elif target.measure == "disarmed":
                times[:, k] = result.capitulated(target.formation)
            elif target.measure in LANDING_MODES:
                times[:, k] = _landing(result, scenario, target)
        return times

    return read


def _cell(land: LandCells, target: Target) -> int:
    """The cell a town stands for, or the nearest land cell within two rings."""
    found = land.nearest(target.lat, target.lon)
    if found is None:
        raise _unmatched(target, f"no land cell within {RINGS} rings", "mend its lat and lon")
    return found[0]


def _works(result: Outcomes, scenario: Scenario, target: Target) -> Array:
    """The fall of the last of the works at the place; never, where one of them never falls."""
    here = [works.works for works in scenario.works if works.place == target.place]
    if not here:
        raise _unmatched(target, f"no works stand at {target.place}", "add them to works.csv under this place")
    return np.max([result.works_fall(works) for works in here], axis=0)


def _landing(result: Outcomes, scenario: Scenario, target: Target) -> Array:
    """The earliest landing at the place from the sea or a river, or from the air."""
    modes = LANDING_MODES[target.measure]
    here = [lift.lift for lift in scenario.lifts if lift.destination == target.place and lift.mode in modes]
    if not here:
        raise _unmatched(target, f"no lift goes to {target.place} by {' or '.join(modes)}", "add it to lifts.csv")
    return result.landed(here)


def _unmatched(target: Target, what: str, remedy: str) -> KhinganError:
    return KhinganError(f"{target.file}:{target.line} {target.target}", what, remedy)
