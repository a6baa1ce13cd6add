"""Parquet tables and their columns as arrays, without pandas: pyarrow's own ways would import it, for 0.2 s."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq


def read_table(file: Path | Any) -> pa.Table:
    """The table in a file, or in an open binary one. Raises OSError or pa.ArrowException."""
    with pq.ParquetFile(file) as source:
        return source.read()


def array_of(column: pa.ChunkedArray) -> np.ndarray:
    """The values (row,) of a column without gaps: numbers as they are stored, words, truth values."""
    if column.num_chunks and (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return np.concatenate([np.from_dlpack(chunk) for chunk in column.chunks])
    return np.array(column.to_pylist())
