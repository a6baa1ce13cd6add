"""Where formations stood on the page's map: the middle of the runs at every step, and a sample of single runs."""

import numpy as np
from numpy.typing import NDArray

from khingan.report.packing import PER_KM, Pack
from khingan.scenario.schema import Scenario
from khingan.simulation.result import Result

UNITS = 300  # the first runs, which paint units as well as all of them; the page says so
SAMPLE = 80  # the first runs, of which each formation's cloud is drawn
CLOSE_KM = 200.0  # an army whose formations stand wider apart is not drawn as one symbol
OFF = -1


def pack_marches(result: Result, scenario: Scenario, centres: NDArray[np.int16], pack: Pack) -> list[int]:
    """`median` (formation, step) cell, `share` (formation, step) of runs on the map in 1/255, `sample` (run, formation,
    step) as numbers into each formation's own list of cells (`visited`, lengths in `visits`), `armies` (army, x and y,
    step); returns the numbers of the armies that may be drawn as one symbol.
    """
    place = result.first_runs("place", UNITS)
    weights = army_weights(scenario, result)
    share, median = [], []
    for step in range(place.shape[1]):
        at = np.ascontiguousarray(place[:, step].T)
        share.append(np.rint((at != OFF).mean(axis=1) * 255).astype(np.uint8))
        median.append(middle_cells(at, centres))
    pack.add("share", np.stack(share, axis=1), steps=True)
    pack.add("median", np.stack(median, axis=1), steps=True)
    sample, visited, visits = coded(place[:SAMPLE])
    pack.add("sample", sample, steps=True)
    pack.add("visited", visited)
    pack.add("visits", visits)
    pack.add("armies", army_middles(place, weights, centres), steps=True)
    return [army for army in range(len(weights)) if close_together(weights[army], place[0, 0], centres)]


def middle_cells(place: NDArray[np.int16], centres: NDArray[np.int16]) -> NDArray[np.int16]:
    """(formation,) the cell, among those of its runs (formation, run), nearest to the middle of them; -1 if none."""
    middle = place[:, 0].copy()
    moved = np.flatnonzero((place != middle[:, None]).any(axis=1))  # the rest stand where all their runs stand
    place = place[moved]
    on, away = place != OFF, np.zeros(place.shape, np.float32)
    count = on.sum(axis=1)
    for axis in (0, 1):
        points = np.where(on, centres[:, axis][place], np.iinfo(np.int16).max)
        away += (points - _median(points, count)[:, None].astype(np.float32)) ** 2
    away[~on] = np.inf
    middle[moved] = np.take_along_axis(place, away.argmin(axis=1)[:, None], axis=1)[:, 0]
    return middle


def _median(values: NDArray, count: NDArray) -> NDArray:
    """(formation,) lower median along the runs that count; those that do not hold the largest value there is."""
    ordered = np.sort(values, axis=1)
    return np.take_along_axis(ordered, np.maximum(count - 1, 0)[:, None] // 2, axis=1)[:, 0]


def coded(place: NDArray[np.int16]) -> tuple[NDArray, NDArray[np.int16], NDArray[np.int16]]:
    """Numbers (run, formation, step) of the cells (run, step, formation) in the formations' own lists of cells, the
    lists joined, and their lengths.

    A formation knows few cells, so that a byte is mostly enough.
    """
    runs, steps, formations = place.shape
    lists, numbers = [], np.empty((runs, formations, steps), dtype=np.uint16)
    for formation in range(formations):
        cells = np.ascontiguousarray(place[:, :, formation])
        known = np.flatnonzero(np.bincount(cells.ravel() - OFF)) + OFF
        lists.append(known)
        numbers[:, formation] = np.searchsorted(known, cells)
    lengths = np.array([len(known) for known in lists], dtype=np.int16)
    kind = np.uint8 if max(lengths, default=0) <= 256 else np.uint16
    joined = np.concatenate(lists) if lists else np.zeros(0)
    return numbers.astype(kind), joined.astype(np.int16), lengths


def army_weights(scenario: Scenario, result: Result) -> NDArray[np.float32]:
    """(army, formation) men at the start of what marches; where nothing does, of what lands or holds."""
    columns = {name: column for column, name in enumerate(result.names("formation"))}
    weights = np.zeros((len(result.names("army")), len(columns)), dtype=np.float32)
    for row, army in enumerate(result.names("army")):
        own = [formation for formation in scenario.formations if formation.army == army and not formation.off_map]
        marching = [formation for formation in own if formation.role == "field"]
        for formation in marching or [formation for formation in own if formation.role in ("landing", "garrison")]:
            weights[row, columns[formation.formation]] = max(formation.men, 1.0)
    return weights


def army_middles(
    place: NDArray[np.int16], weights: NDArray[np.float32], centres: NDArray[np.int16]
) -> NDArray[np.int16]:  # fmt: skip
    """(army, x and y, step) median over runs of the mean of the army's formations, placed (run, step, formation);
    -32768 where none is on the map.
    """
    made = np.full((len(weights), 2, place.shape[1]), np.iinfo(np.int16).min, dtype=np.int16)
    along = np.ascontiguousarray(centres.T, np.float32)  # what stands off the map has no weight, wherever it is read
    for army, weight in enumerate(weights):
        own = np.flatnonzero(weight)
        at = np.ascontiguousarray(place[:, :, own].transpose(2, 1, 0))
        shares = weight[own, None, None] * (at != OFF)
        total = shares.sum(axis=0)
        here = total > 0
        for axis in (0, 1):
            mean = (shares * along[axis][at]).sum(axis=0) / np.maximum(total, 1e-9)
            middle = _median(np.where(here, mean, np.inf), here.sum(axis=1))
            made[army, axis] = np.where(here.any(axis=1), np.clip(middle, -32767, 32767), made[army, axis])
    return made


def close_together(weights: NDArray[np.float32], place: NDArray[np.int16], centres: NDArray[np.int16]) -> bool:
    """Whether the army's formations on the map stand within `CLOSE_KM` of their middle (root mean square)."""
    on = (weights > 0) & (place != OFF)
    if not on.any():
        return bool((weights > 0).any())
    points = centres[place[on]].astype(np.float64) / PER_KM
    share = weights[on] / weights[on].sum()
    away = points - (share[:, None] * points).sum(axis=0)
    return bool((share * (away**2).sum(axis=1)).sum() < CLOSE_KM**2)
