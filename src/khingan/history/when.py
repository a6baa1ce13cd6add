"""When: the distribution of the time at which one point changed hands."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from khingan.history.measure import point_control
from khingan.scenario.gazetteer import resolve
from khingan.scenario.schema import Scenario
from khingan.simulation.result import Result

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class When:
    """One value a run in hours from H-hour, None where the point never changed hands; `cell` is the cell it stands for,
    0, 1 or 2 rings of cells away (`ring`) where the point itself is no land of the map.

    A place is read in the cell in which the run's reading of the ledger finds it, a point where it is.
    A quantile that falls among the runs that never got there is None.
    """

    place: str
    cell: str
    ring: int
    quantiles: dict[str, float | None]
    never: float
    values: tuple[float | None, ...]

    def as_dict(self) -> dict[str, Any]:
        """The documented JSON object."""
        return {
            "place": self.place,
            "cell": self.cell,
            "quantiles": self.quantiles,
            "never": self.never,
            "values": list(self.values),
        }


def when(result: Result, scenario: Scenario, text: str) -> When:
    """When the control side first held the place or `LAT,LON` named by `text`."""
    found = resolve(scenario, text)
    hours = point_control(result, found)
    placed = np.sort(np.where(np.isnan(hours), np.inf, hours))
    at = np.quantile(placed, SHARES, method="inverted_cdf")
    return When(
        place=found.place or text,
        cell=str(scenario.terrain.cells["cell"][found.cell]),
        ring=found.ring,
        quantiles={str(share): _or_never(value) for share, value in zip(SHARES, at, strict=True)},
        never=float(np.isnan(hours).mean()),
        values=tuple(_or_never(value) for value in hours),
    )


def _or_never(hours: float) -> float | None:
    return float(hours) if np.isfinite(hours) else None
