"""A fit in its folder: the result as JSON, the draws that may be shipped, and the dataset that ArviZ opens."""

import json
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from khingan.calibration.campaign_fit import Calibration, coordinates, free
from khingan.calibration.campaign_result import Values, result_of
from khingan.calibration.inference_data import inference_data, write
from khingan.calibration.reference_table import PRIOR, put
from khingan.evidence.parameters import read_parameters
from khingan.evidence.posterior import DRAWS
from khingan.scenario.schema import Scenario
from khingan.simulation.study import Study

RESULT, DATASET = "calibration.json", "posterior.zarr"


def keep(found: Calibration, scenario: Scenario, folder: Path, seed: int) -> Values:
    """Write the result into the folder, and return what calibration.json holds."""
    parameters = read_parameters()
    names = free(parameters)
    z = coordinates(parameters, seed, len(found.table))[:, [names.index(name) for name in found.fitted]]
    result = result_of(found, scenario, Study.plan(scenario, len(found.table), seed, PRIOR))
    write(inference_data(found, scenario, z, parameters), folder / DATASET)
    columns = {name: found.posterior.values[:, column] for column, name in enumerate(found.fitted)}
    buffer = BytesIO()
    pq.write_table(pa.table(columns), buffer)
    put(folder / DRAWS, buffer.getvalue())
    put(folder / RESULT, json.dumps(result, indent=1).encode())
    return result
