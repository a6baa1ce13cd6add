"""Parameters as the engine's rules: each number and each table at its own place."""

import numpy as np
import pytest

from khingan.errors import KhinganError
from khingan.evidence.parameters import Parameter
from khingan.scenario.vocabulary import MOBILITIES
from khingan.world.names import GROUNDS
from khingan.world.rules import rule_records, rules_from, table
from worlds import far_east_world


def written(rows: tuple[str, ...], columns: tuple[str, ...]) -> Parameter:
    """A table whose every value tells its row and column."""
    values = tuple(tuple(100.0 * number(row) + number(column) for column in columns) for row in rows)
    return Parameter(
        key="movement.x", file="movement.yaml", line=1, unit="1", meaning="", source="", grade="C", rows=rows,
        columns=columns, values=values,
    )  # fmt: skip


def number(name: str) -> int:
    """The engine's number of a mobility or a ground; 0 for any other word."""
    return next((axis.index(name) for axis in (MOBILITIES, GROUNDS) if name in axis), 0)


def test_a_table_comes_out_in_the_engines_order_however_it_is_written() -> None:
    # The value at (i, j) must be 100 i + j, because that is what the row and the column are called.
    found = table(written(tuple(reversed(MOBILITIES)), tuple(sorted(GROUNDS))))
    i, j = np.indices((len(MOBILITIES), len(GROUNDS)))
    np.testing.assert_array_equal(found, 100 * i + j)


def test_a_single_column_is_a_vector() -> None:
    np.testing.assert_array_equal(table(written(("tank", "foot", "motor", "horse"), ("share",))), [0, 100, 200, 300])


def test_a_table_by_unknown_classes_is_refused() -> None:
    with pytest.raises(KhinganError, match=r"movement\.x .* a table by foot, camel"):
        table(written(("foot", "camel"), ("share",)))


def test_every_number_lands_in_its_own_field() -> None:
    # Numbered parameters: a value in a wrong field would show as a wrong number.
    world = far_east_world()
    values = {name: float(position) for position, name in enumerate(world.names.parameters)}
    rules = rules_from(values, world.tables)
    for mechanism, record in rule_records().items():
        element = getattr(rules, mechanism)
        for field in record._fields:
            key = f"{mechanism}.{field}"
            np.testing.assert_array_equal(element[field], world.tables.get(key, values.get(key)))
