"""Control on the page's map: when each share of the runs held a cell, single runs, and dates of places by step."""

from math import ceil

import numpy as np
from numpy.typing import NDArray

from khingan.report.packing import Pack
from khingan.scenario.schema import Scenario
from khingan.simulation.result import Result

SHARES = (0.1, 0.5, 0.9)
NEVER = 255
SINGLE_RUNS = 12  # the first runs of the study, not chosen ones, are shown one by one
RUNS, CELLS = 50, 1024  # looked at together, so that what is made of them meanwhile stays small


def unit_hours(result: Result) -> int:
    """Hours a unit of the 8-bit times."""
    return ceil(result.horizon_h / (NEVER - 1))


def pack_control(result: Result, scenario: Scenario, pack: Pack) -> None:
    """`control` (share, cell), `single` (run, cell) in units of time, `NEVER` where it never came; `home` (cell,)."""
    home, unit = home_cells(scenario), unit_hours(result)
    control = quantile_units(result.control_hours, unit)
    single = in_units(result.control_hours[:SINGLE_RUNS], unit)
    for times in (control, single):
        times[:, home] = NEVER
    pack.add("home", home.astype(np.uint8))
    pack.add("control", control)
    pack.add("single", single)


def home_cells(scenario: Scenario) -> NDArray[np.bool_]:
    """(cell,) the control side's own ground, which is never tinted; ground that both sides claim is nobody's."""
    cells = scenario.terrain.cells
    own: NDArray[np.bool_] = cells["owner"] == scenario.calendar.control_side
    return own & (cells["claimed"] != "both") if "claimed" in cells else own


def quantile_units(hours: NDArray, unit: int) -> NDArray[np.uint8]:
    """(share, cell) time at which each of `SHARES` of the runs holds the cell, in units, `NEVER` if they never do."""
    units = np.empty(hours.shape, np.uint8)
    for first in range(0, len(hours), RUNS):
        units[first : first + RUNS] = in_units(hours[first : first + RUNS], unit)
    return quantiles_of(units)


def quantiles_of(units: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(share, cell) of the units (run, cell).

    Order survives the rounding, and bytes are put in order ten times as fast as hours.
    """
    runs = len(units)
    need = [max(ceil(share * runs) - 1, 0) for share in SHARES]
    made = np.repeat(units[:1], len(SHARES), axis=0)
    moved = np.flatnonzero((units != units[0]).any(axis=0))  # the rest are alike in all runs
    for first in range(0, len(moved), CELLS):
        part = moved[first : first + CELLS]
        made[:, part] = np.sort(np.ascontiguousarray(units[:, part].T), axis=1, kind="stable")[:, need].T
    return made


def in_units(hours: NDArray, unit: int) -> NDArray[np.uint8]:
    """Whole units of time, rounded up."""
    units = np.fmin(np.ceil(hours / unit), NEVER)  # of NaN and NEVER the number
    return np.maximum(units, 0, out=units).astype(np.uint8)


def by_step(times: NDArray, steps: int, step_hours: float) -> NDArray[np.uint16]:
    """(subject, step and one) runs in which each subject's time (run, subject) fell in each step; the last: never."""
    with np.errstate(invalid="ignore"):
        bins = np.where(np.isnan(times), steps, np.clip(np.ceil(times / step_hours) - 1, 0, steps)).astype(np.int64)
    subjects = times.shape[1]
    flat = bins + np.arange(subjects) * (steps + 1)
    counts = np.bincount(flat.ravel(), minlength=subjects * (steps + 1))
    return np.minimum(counts, 65535).reshape(subjects, steps + 1).astype(np.uint16)
