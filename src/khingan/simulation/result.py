"""An ensemble read back: the runs of a study by the names of its campaign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from khingan.errors import KhinganError, suggestion
from khingan.simulation.ensemble import Convert, Ensemble, intact
from khingan.simulation.study import ENSEMBLE, Study

if TYPE_CHECKING:
    import xarray


def of_cells(values: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """The values (run, cell) of each run's own cells (run, place); NaN where there is none (-1)."""
    found = np.take_along_axis(values, np.maximum(cells, 0).astype(np.int64), axis=1)
    return found if (cells >= 0).all() else np.where(cells < 0, np.nan, found)


@dataclass(frozen=True, repr=False)
class Result:
    """A study and its complete runs, on disk until asked for. Times are hours from H-hour, NaN if never."""

    folder: Path
    study: Study
    ensemble: Ensemble
    numbers: np.ndarray  # (run,) of the complete runs in the study, ascending

    @classmethod
    def open(cls, folder: str | Path) -> Self:
        """The result in a study's folder, finished or not."""
        folder = Path(folder)
        study = Study.read(folder)
        if not (folder / ENSEMBLE).is_dir():
            raise KhinganError(str(folder), "no run of this study is finished", f"khingan run --out {folder}")
        with intact(folder / ENSEMBLE):
            ensemble = Ensemble(folder / ENSEMBLE)
            numbers = np.flatnonzero(ensemble.complete())
            _ = ensemble.attributes
        if not len(numbers):
            raise KhinganError(str(folder), "no run of this study is finished", f"khingan run --out {folder}")
        return cls(folder, study, ensemble, numbers)

    @cached_property
    def dataset(self) -> "xarray.Dataset":
        """The complete runs as an xarray dataset, on disk until asked for."""
        import xarray  # takes as long as forty runs, and nothing else here needs it

        with intact(self.folder / ENSEMBLE):
            dataset = xarray.open_dataset(
                self.folder / ENSEMBLE, engine="zarr", consolidated=False, chunks=None, mask_and_scale=False,
                decode_times=False,
            ).drop_vars("played")  # fmt: skip
            dataset = dataset.assign_coords(run=np.arange(dataset.sizes["run"]))
        return dataset if len(self.numbers) == dataset.sizes["run"] else dataset.isel(run=self.numbers)

    def __repr__(self) -> str:
        return f"Result({self.study.campaign}, {self.runs} runs, seed {self.study.seed}, {str(self.folder)!r})"

    @property
    def runs(self) -> int:
        """Complete runs."""
        return len(self.numbers)

    @property
    def h_hour(self) -> datetime:
        """The moment that hours are counted from, in the campaign's own time."""
        return datetime.fromisoformat(self.ensemble.attributes["h_hour"])

    @property
    def horizon_h(self) -> float:
        """Hours from H-hour to the end of the last step."""
        return float(self.ensemble.attributes["horizon_h"])

    def days(self) -> np.ndarray:
        """Campaign days, (day,), counted from 1."""
        return self.values("day")

    def names(self, dimension: str) -> list[str]:
        """The names along `cell`, `formation`, `army`, `works`, `lift` or `parameter`."""
        return [str(name) for name in self.values(dimension)]

    @cached_property
    def _read(self) -> dict[str, np.ndarray]:
        """Variables read before."""
        return {}

    @cached_property
    def _reading(self) -> dict[str, Lock]:
        """By variable: whoever wants one that another thread is reading waits for it."""
        return {}

    def values(self, variable: str) -> np.ndarray:
        """A variable of every run, or the names along a dimension, read whole from disk and kept."""
        return self.first_runs(variable, self.runs)

    def first_runs(self, variable: str, most: int, convert: Convert | None = None) -> np.ndarray:
        """A variable of the first `most` runs, or of all where there are fewer; what names a dimension as it is.

        Kept in memory, unless `convert` makes of some runs (run, ...) at a time what is to be had of them.
        """
        with intact(self.folder / ENSEMBLE), self._reading.setdefault(variable, Lock()):
            if self.ensemble.dims(variable)[0] != "run":
                if variable not in self._read:
                    self._read[variable] = self.ensemble.whole(variable)
                return self._read[variable]
            most = min(most, self.runs)
            if convert:
                return self.ensemble.runs(variable, self.numbers[:most], convert)
            if variable not in self._read or len(self._read[variable]) < most:
                self._read[variable] = self.ensemble.runs(variable, self.numbers[:most])
        return self._read[variable][:most]

    @property
    def control_hours(self) -> np.ndarray:
        """When the control side first held each cell, (run, cell); read whole and kept: 52 kB a run on a large map."""
        return self.values("first_control")

    def first_control(self, cells: int | Sequence[int]) -> np.ndarray:
        """When the control side first held a cell, (run,), or several, (run, cell)."""
        return self.control_hours[:, cells]

    def place_control(self, places: Sequence[str], stated: Sequence[int]) -> np.ndarray:
        """When the control side first held named places, (run, place), each run in the cell in which it reads them.

        `stated` are the cells of the places' own coordinates: a study of an older version has no other.
        """
        if "place_cell" not in self.ensemble:
            return self.first_control(stated)
        names = self.names("named_place")
        return of_cells(self.control_hours, self.values("place_cell")[:, [names.index(place) for place in places]])

    def median_control(self) -> np.ndarray:
        """Median over runs of `first_control`, (cell,); NaN where most runs never saw it change hands."""
        hours = self.control_hours
        medians = [self.median(hours[:, first : first + 1024]) for first in range(0, hours.shape[1], 1024)]
        return np.concatenate(medians)

    @staticmethod
    def median(hours: np.ndarray) -> np.ndarray:
        """Median down the first axis with never counted as later than any hour."""
        middle = np.median(np.where(np.isnan(hours), np.inf, hours), axis=0)
        return np.where(np.isinf(middle), np.nan, middle)

    def works_fall(self, works: str) -> np.ndarray:
        """When works gave up, (run,)."""
        return self.of("works_fall", "works", works)

    def capitulated(self, formation: str) -> np.ndarray:
        """When a formation laid down its arms, (run,)."""
        return self.of("capitulated", "formation", formation)

    def landed(self, lifts: Sequence[str]) -> np.ndarray:
        """When the first of these lifts put men ashore or down, (run,)."""
        return np.fmin.reduce([self.of("landed", "lift", lift) for lift in lifts])

    def of(self, variable: str, dimension: str, name: str) -> Any:
        """A variable for one name of one of its dimensions, `run` leading."""
        names = self.names(dimension)
        if name not in names:
            raise KhinganError(str(self.folder), f"no {dimension} {name!r} in this study", suggestion(name, names))
        axis = self.ensemble.dims(variable).index(dimension)
        return self.values(variable).take(names.index(name), axis)
