"""The history of the shipped campaign fits the campaign it is laid beside."""

import numpy as np
import pytest
import xarray

import toy_history
from khingan.history.compare import compare
from khingan.history.targets import read_history
from khingan.scenario.read import load
from khingan.scenario.schema import Scenario
from khingan.simulation.result import Result
from khingan.simulation.variables import VARIABLES
from toy_ensemble import result_of


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """The real campaign."""
    return load("far-east-1945")


def untouched(scenario: Scenario) -> Result:
    """Two runs in which nothing at all happens."""
    names = {
        "cell": scenario.terrain.cells["cell"],
        "formation": [row.formation for row in scenario.formations],
        "works": [row.works for row in scenario.works],
        "lift": [row.lift for row in scenario.lifts],
    }
    never = {"first_control": "cell", "capitulated": "formation", "works_fall": "works", "landed": "lift"}
    arrays = {name: (("run", axis), np.full((2, len(names[axis])), np.nan)) for name, axis in never.items()}
    armies = [row.army for row in scenario.armies]
    by_army = [name for name, variable in VARIABLES.items() if variable.dims == ("day", "army")]
    men = {name: (("run", "day", "army"), np.zeros((2, 28, len(armies)))) for name in by_army}
    men["halted_hours"] = (("run", "army"), np.zeros((2, len(armies))))
    dataset = xarray.Dataset({**arrays, **men}, coords={**names, "army": armies}, attrs={"horizon_h": 672.0})
    return result_of(toy_history.result().study, dataset)


def test_every_target_has_its_like_in_the_campaign(scenario: Scenario) -> None:
    """Cell, works, formation or lift: a war in which nothing happens misses them all, and none by want of a name."""
    comparison = compare(untouched(scenario), scenario)
    assert {row.never for row in comparison.dated} == {1.0}
    assert not any(row.inside for row in comparison.dated)


def test_every_null_speaks_of_every_target(scenario: Scenario) -> None:
    """There are enough places, planned rates and phases for all three forecasts everywhere."""
    comparison = compare(untouched(scenario), scenario)
    assert all(score and score > 0 for row in comparison.dated for score in row.null_crps.values())


def test_front_losses_add_up_to_the_total(scenario: Scenario) -> None:
    """12,031 irrecoverable and 24,425 sanitary over fronts, fleet and flotilla, as published; Mongolia is apart."""
    losses = [row for row in read_history(scenario).losses if row.front not in ("Mongolia", "Japan and allies")]
    for measure, total in (("irrecoverable", 12_031), ("sanitary", 24_425)):
        parts = [row.best for row in losses if row.measure == measure and row.front != "Soviet total"]
        assert sum(parts) == total
