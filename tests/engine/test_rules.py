"""Rules and parameter files: no field without a parameter, no parameter that nothing reads."""

import ast
from pathlib import Path
from typing import get_type_hints

import pytest
from small_world import defaults

from khingan import engine
from khingan.engine.prelude import PreludeRules
from khingan.evidence.parameters import read_parameters
from khingan.simulation.reporting import PARAMETERS
from khingan.world.rules import rule_records, rules_from

# Parameter files that other layers read.
ELSEWHERE = {"reading", "history", "engagements"}


def names_of(mechanism: str) -> set[str]:
    return {key.split(".")[1] for key in read_parameters() if key.split(".")[0] == mechanism}


EVERY = rule_records() | get_type_hints(PreludeRules)


@pytest.mark.parametrize("mechanism", EVERY)
def test_a_record_of_rules_and_its_file_name_the_same_parameters(mechanism):
    assert set(EVERY[mechanism]._fields) == names_of(mechanism)


def test_every_parameter_file_has_its_mechanism():
    assert {key.split(".")[0] for key in read_parameters()} == set(rule_records()) | set(
        PreludeRules._fields
    ) | ELSEWHERE


@pytest.mark.parametrize("mechanism", EVERY)
def test_no_parameter_is_dead(mechanism):
    # A field that no kernel reads as rules.name (or weather.name, combat.name) would be a number without effect.
    trees = [ast.parse(path.read_text()) for path in Path(engine.__file__).parent.glob("*.py")]
    read = {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    reported = {name.partition(".")[2] for name in PARAMETERS if name.startswith(f"{mechanism}.")}  # read by reporting
    assert set(EVERY[mechanism]._fields) <= read | reported


def test_rules_carry_the_values_of_the_files():
    values, tables = defaults()
    rules = rules_from(values | {"combat.helmbold": 0.25}, tables)
    assert rules.combat.helmbold == 0.25
    parameters = read_parameters()
    assert rules.combat.hasty == parameters["combat.hasty"].value
    # By the file's own rows and columns, whatever their order there.
    marches = parameters["movement.march_km_per_day"]
    given = marches.values[marches.rows.index("motor")][marches.columns.index("main")]
    assert rules.movement.march_km_per_day[2, 3] == given


def test_a_missing_parameter_is_an_error_and_no_zero():
    values, tables = defaults()
    with pytest.raises(KeyError):
        rules_from({key: value for key, value in values.items() if key != "air.support_gain"}, tables)
