"""The posterior that ships with the package: joint draws of the parameters that were fitted to a campaign.

`posterior.parquet` holds a row a draw and a column a parameter; `posterior.yaml` says what made it and fingerprints it,
so that a study knows which it was played with. Without the two files parameters have their priors alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from pyarrow import ArrowInvalid

from khingan.errors import CampaignError, KhinganError, Problem
from khingan.evidence.grade import PARAMETERS
from khingan.evidence.parquet import array_of, read_table
from khingan.evidence.yaml_tree import read_yaml

SAID, DRAWS = "posterior.yaml", "posterior.parquet"


@dataclass(frozen=True)
class Posterior:
    """Equally likely joint draws (row, parameter) of the parameters in `names`; `made` says what made them."""

    names: tuple[str, ...]
    values: np.ndarray
    made: Mapping[str, Any]

    @cached_property
    def medians(self) -> dict[str, float]:
        """The middle of each parameter by itself."""
        return {name: float(np.median(self.values[:, column])) for column, name in enumerate(self.names)}

    def rows(self, u: np.ndarray) -> np.ndarray:
        """The joint draws (run, parameter) that uniform numbers u (run,) point to."""
        return self.values[(u * len(self.values)).astype(int)]


def is_shipped(folder: Path = PARAMETERS) -> bool:
    """Whether the package has a posterior."""
    return (folder / SAID).is_file()


@cache
def read_posterior(folder: Path = PARAMETERS) -> Posterior | None:
    """The posterior of a folder of parameter files, None where there is none.

    Raises KhinganError where the draws are absent, unreadable, or not those that posterior.yaml speaks of.
    """
    if not is_shipped(folder):
        return None
    problems: list[Problem] = []
    tree = read_yaml(folder, SAID, problems)
    if tree is None or problems:
        raise CampaignError("parameters", problems)
    try:
        content = (folder / DRAWS).read_bytes()
        if sha256(content).hexdigest() != tree.content["sha256"]:
            raise _unlike("other draws than posterior.yaml speaks of")
        table = read_table(BytesIO(content))
        values = np.column_stack([array_of(table[name]) for name in table.column_names])
    except OSError as error:
        raise _unlike(str(error.strerror)) from error
    except (KeyError, ArrowInvalid) as error:
        raise _unlike(f"not a table of draws: {error}") from error
    return Posterior(tuple(table.column_names), values, tree.content)


def _unlike(what: str) -> KhinganError:
    return KhinganError(f"parameters/{DRAWS}", what, "ship both files again with tools/ship_posterior.py")
