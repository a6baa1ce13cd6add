"""A fit as the dataset that ArviZ opens: posterior, prior, what both predict, and what was observed, a group each."""

from pathlib import Path

import numpy as np
import xarray
from scipy.special import ndtr

from khingan.calibration.campaign_fit import Calibration
from khingan.calibration.campaign_measures import Measures
from khingan.evidence.parameters import Parameter
from khingan.history.compare import observed_h
from khingan.scenario.schema import Scenario

MOST_PRIOR = 2000  # rows of the table that stand for the prior
KINDS = {"date_h": "target", "loss": "figure", "halt_h": "army", "rate_km_per_day": "route"}


def inference_data(
    found: Calibration, scenario: Scenario, z: np.ndarray, parameters: dict[str, Parameter]
) -> xarray.DataTree:
    """Every group with dimensions chain (one) and draw; z (run, parameter) are the table's fitted coordinates."""
    prior = {
        name: parameters[name].prior.quantile(ndtr(z[:MOST_PRIOR, column])) for column, name in enumerate(found.fitted)
    }
    fitted = dict(zip(found.fitted, found.posterior.values.T, strict=True))
    return xarray.DataTree.from_dict(
        {
            "posterior": _drawn(fitted),
            "prior": _drawn(prior),
            "posterior_predictive": _measured(found.measures, found.predicted),
            "prior_predictive": _measured(found.measures, found.table[:MOST_PRIOR]),
            "observed_data": _observed(found.measures, scenario),
        }
    )


def write(tree: xarray.DataTree, folder: Path) -> None:
    """Put the dataset in a zarr folder; ArviZ works on the tree that `xarray.open_datatree` opens."""
    tree.to_zarr(folder, mode="w", consolidated=False)


def _drawn(values: dict[str, np.ndarray]) -> xarray.Dataset:
    count = len(next(iter(values.values())))
    return xarray.Dataset(
        {name: (("chain", "draw"), column[None]) for name, column in values.items()},
        coords={"chain": [0], "draw": np.arange(count)},
    )


def _coordinates(measures: Measures) -> dict[str, np.ndarray]:
    """Names as objects: zarr keeps no text of fixed width."""
    names = {
        "target": [target.target for target in measures.targets],
        "figure": [figure.key for figure in measures.figures],
        "army": [halt.army for halt in measures.halts],
        "route": [f"{pace.formation}: {pace.route}" for pace in measures.paces],
    }
    return {dimension: np.array(own, dtype=object) for dimension, own in names.items()}


def _measured(measures: Measures, rows: np.ndarray) -> xarray.Dataset:
    """Rows (run, measure) by kind of measure."""
    names = _coordinates(measures)
    ends = np.cumsum([len(names[dimension]) for dimension in KINDS.values()])[:-1]
    parts = np.split(rows, ends, axis=1)
    variables = {
        kind: (("chain", "draw", dimension), part[None])
        for (kind, dimension), part in zip(KINDS.items(), parts, strict=True)
    }
    return xarray.Dataset(variables, coords={"chain": [0], "draw": np.arange(len(rows)), **names})


def _observed(measures: Measures, scenario: Scenario) -> xarray.Dataset:
    values = {
        "date_h": [observed_h(target, scenario) for target in measures.targets],
        "loss": [figure.best for figure in measures.figures],
        "halt_h": [halt.best for halt in measures.halts],
        "rate_km_per_day": [pace.km_per_day for pace in measures.paces],
    }
    variables = {kind: ((KINDS[kind],), np.array(column, float)) for kind, column in values.items()}
    return xarray.Dataset(variables, coords=_coordinates(measures))
