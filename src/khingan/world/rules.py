"""Parameters as the engine's records of rules."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, get_type_hints

import numpy as np

from khingan.engine.state import records
from khingan.engine.step import Rules
from khingan.errors import KhinganError
from khingan.evidence.parameters import Parameter
from khingan.scenario.vocabulary import MOBILITIES, RIVERS, ROADS, SCHOOL_NUMBERS, SCHOOLS, TYPES
from khingan.world.names import GROUNDS

# The closed lists that rule tables may be laid out by; their order is the order of the engine's classes.
AXES = (tuple(TYPES), GROUNDS, MOBILITIES, ROADS, RIVERS, SCHOOLS, SCHOOL_NUMBERS)


def table(parameter: Parameter) -> np.ndarray:
    """A rule table as an array in the engine's order; a single column becomes a vector."""
    rows = _order(parameter, parameter.rows)
    values = np.array(parameter.values, np.float64)[rows]
    if len(parameter.columns) == 1:
        return np.ascontiguousarray(values[:, 0])
    return np.ascontiguousarray(values[:, _order(parameter, parameter.columns)])


def _order(parameter: Parameter, given: tuple[str, ...]) -> list[int]:
    for axis in AXES:
        if set(axis) == set(given):
            return [given.index(name) for name in axis]
    expected = " | ".join(", ".join(axis) for axis in AXES)
    raise KhinganError(parameter.key, f"a table by {', '.join(given)}", f"lay it out by one of: {expected}")


def read_tables(parameters: Mapping[str, Parameter]) -> dict[str, np.ndarray]:
    """Every rule table of the engine by its key."""
    wanted = {f"{mechanism}.{field}" for mechanism, record in rule_records().items() for field in record._fields}
    return {key: table(found) for key, found in parameters.items() if found.is_table and key in wanted}


@cache
def rule_records() -> dict[str, Any]:
    """The engine's rule record of each mechanism."""
    return get_type_hints(Rules)


def layout(mechanism: str, tables: Mapping[str, np.ndarray]) -> np.dtype:
    """The structured type of a mechanism's rules: its numbers, and its tables with their shapes."""
    fields = rule_records()[mechanism]._fields
    shapes = {field: tables[f"{mechanism}.{field}"].shape for field in fields if f"{mechanism}.{field}" in tables}
    return records(np.dtype([(field, np.float64, shapes.get(field, ())) for field in fields]))


def rules_from(values: Mapping[str, float], tables: Mapping[str, np.ndarray]) -> Rules:
    """The engine's rules for one draw of the parameters."""
    return next(rules_of_draws(tuple(values), np.array([list(values.values())], np.float64), tables))


def rules_of_draws(names: Sequence[str], values: np.ndarray, tables: Mapping[str, np.ndarray]) -> Iterator[Rules]:
    """The engine's rules for each draw, values (draw, name): one structured element a mechanism, passed by address."""
    number = {name: column for column, name in enumerate(names)}
    filled = []
    for mechanism, record in rule_records().items():
        element = np.zeros(len(values), layout(mechanism, tables))
        for field in record._fields:
            key = f"{mechanism}.{field}"
            element[field] = tables[key] if key in tables else values[:, number[key]]
        filled.append(element)
    return (Rules(*(element[draw] for element in filled)) for draw in range(len(values)))
