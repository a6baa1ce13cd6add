"""What moved a result: known causes are found, others are not; a fixed reading moves its own claims alone."""

import numpy as np
import pytest

from khingan.errors import KhinganError
from khingan.experiment.trace import Drawn, Influence, measured, readings_of, trace
from khingan.scenario.schema import Scenario
from khingan.simulation.draws import readings
from khingan.simulation.run import run
from khingan.simulation.settings import DRAWN, Settings
from khingan.world.compile import compile_world

RUNS = 400


def causes(*names: str) -> list[Drawn]:
    """Independent standard normals of these names."""
    chance = np.random.default_rng(1945)
    return [Drawn("parameter", name, "C", "x", "prior", chance.normal(size=RUNS)) for name in names]


def by_name(drawn: list[Drawn], values: np.ndarray) -> dict[str, Influence]:
    return {influence.name: influence for influence in measured(drawn, values)}


def test_a_cause_is_told_from_bystanders() -> None:
    """y = 3a - b + noise of sd 1: shares 9/11 and 1/11 of the variance, a little less in ranks; the rest is none."""
    drawn = causes("a", "b", "noise", *"cdefgh")
    a, b, noise = (draw.column for draw in drawn[:3])
    found = by_name([draw for draw in drawn if draw.name != "noise"], 3 * a - b + noise)
    assert {name for name, influence in found.items() if influence.told} == {"a", "b"}
    assert found["a"].share == pytest.approx(9 / 11, abs=0.06)
    assert found["b"].correlation < 0 < found["a"].low


def test_the_swing_is_between_the_outer_fifths() -> None:
    """Of the numbers 0..399 the highest eighty have a mean 320 above the lowest eighty."""
    column = np.arange(RUNS, dtype=float)
    (found,) = measured([Drawn("claim", "x", "B", "s", "consulted", column)], column)
    assert (found.swing, found.correlation) == (pytest.approx(320), pytest.approx(1))


def test_a_result_that_never_varies_rests_on_nothing() -> None:
    """Every run alike: no correlation, and nothing is told."""
    assert not any(influence.told for influence in measured(causes("a", "b"), np.ones(RUNS)))


def test_a_fixed_reading_moves_its_own_claims_alone(scenario: Scenario) -> None:
    """The strengths of the enemy are read high in every run; the side's own stand at their best."""
    world = compile_world(scenario)
    drawn = readings(world, DRAWN, 1945, 0, 3)
    for name, read in readings_of(scenario, [], 0):
        fixed = readings(world, Settings(read=read), 1945, 0, 3)
        for before, after in zip(drawn, fixed, strict=True):
            own = np.array([formation.strength_claim in read for formation in scenario.formations])
            assert (before[0].men[~own] == after[0].men[~own]).all(), name
            assert (before[1].tied == after[1].tied).all()
        assert (fixed[0][0].men[own] == fixed[1][0].men[own]).all()


def test_a_study_is_traced_to_its_draws(scenario: Scenario, tmp_path: object) -> None:
    """A place of the toy: influences are sorted by share, and a study too small or an unknown name is refused."""
    study = run(scenario, 40, 1945, f"{tmp_path}/study")
    found = trace(study, scenario, "Bridge", runs=0)
    shares = [influence.share for influence in found.influences]
    assert shares == sorted(shares, reverse=True)
    assert (found.unit, found.runs, len(found.influences)) == ("days", 40, found.draws)
    basis = {influence.name: influence.basis for influence in found.influences}
    assert (basis["movement.pace"], basis["roads.column"]) == ("posterior", "prior")
    with pytest.raises(KhinganError, match="no target, figure or place"):
        trace(study, scenario, "Atlantis")
    with pytest.raises(KhinganError, match="tell no draw from chance"):
        trace(run(scenario, 5, 1945, f"{tmp_path}/few"), scenario, "Bridge")
