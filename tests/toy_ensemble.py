"""A result whose ensemble was never on disk: what a test makes up stands in an xarray dataset."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import xarray

from khingan.simulation.result import Result
from khingan.simulation.study import Study


class ToyEnsemble:
    """The arrays of a dataset, read as those of a folder are."""

    def __init__(self, dataset: xarray.Dataset) -> None:
        self.dataset, self.attributes = dataset, dataset.attrs

    def __contains__(self, name: str) -> bool:
        return name in self.dataset

    def dims(self, name: str) -> tuple[Any, ...]:
        return self.dataset[name].dims

    def whole(self, name: str) -> np.ndarray:
        return self.dataset[name].values

    def runs(self, name: str, numbers: np.ndarray, convert: Callable[[np.ndarray], np.ndarray] | None = None) -> Any:
        values = self.dataset[name].values[numbers]
        return convert(values) if convert else values


def result_of(study: Study, dataset: xarray.Dataset) -> Result:
    """A result of every run in the dataset."""
    ensemble: Any = ToyEnsemble(dataset)
    return Result(Path("toy"), study, ensemble, np.arange(dataset.sizes["run"]))
