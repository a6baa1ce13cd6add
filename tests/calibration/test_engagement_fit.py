"""The fit: it finds what it was not told, its gradient is that of its objective, the emulator is near the engine."""

from pathlib import Path

import numpy as np
import pytest

from khingan.calibration.emulator import fit_quadratics
from khingan.calibration.engagement_fit import DATA_ERROR, FITTED, Evidence, _Objective, fit, gather_evidence, values_at
from khingan.calibration.engagement_plays import MOST_STEPS, defaults, log_quality, play_days, world_of
from khingan.calibration.engagement_table import Row, read_table
from khingan.calibration.engagements import priors
from khingan.engine.engagements import ATTACKER, play_to_the_end
from khingan.world.engagements import FIRST_STEP, engagement_rules
from khingan.world.rules import read_tables
from toy_engagements import engagement_rows, write_engagements

BATTLES, DESIGN = 300, 512
TOLD = {"combat.loss_attacker": 1.0, "combat.helmbold": -1.0, "combat.exchange_sd": 1.0, "breaking.ratio_exponent": 1.0}
QUALITY = {"Redland": 1.3}


def simulated(folder: Path) -> list[Row]:
    """300 battles played once each by the engine at parameters the fit is not told, written down as a table."""
    rows = engagement_rows(BATTLES)
    blank = read_table(write_engagements(folder / "blank.csv", rows)).rows
    z = np.array([TOLD.get(key, 0.0) for key in FITTED])
    values = defaults(priors()) | values_at(priors(), FITTED, z)
    world, rules = world_of(blank, values), engagement_rules(values, read_tables(priors()))
    world.set_quality(log_quality([row.engagement for row in blank], QUALITY))
    play_to_the_end(
        world.arrays, world.reading, rules, world.state, world.tactics, world.outcomes, 7, FIRST_STEP, MOST_STEPS
    )
    won, days = world.outcomes.winner == ATTACKER, np.ceil(world.outcomes.days)
    loss = play_days(world, rules, days, 7).loss
    loss *= np.exp(DATA_ERROR * np.random.default_rng(7).standard_normal(loss.shape))  # records err as the fit allows
    for n, row in enumerate(rows):
        beaten = values["engagements.beaten_losses"] if won[n] else 1.0
        row |= {
            "winner": "attacker" if won[n] else "defender", "duration_days": days[n],
            "att_casualties": row["att_strength_total"] * loss[n, 0],
            "def_casualties": min(1.0, beaten * loss[n, 1]) * row["def_strength_total"],
            "advance_km_per_day": world.outcomes.advance_km[n] / days[n],
        }  # fmt: skip
    return list(read_table(write_engagements(folder / "battles.csv", rows)).rows)


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return gather_evidence(simulated(tmp_path_factory.mktemp("battles")), priors(), design=DESIGN, plays=3)


def test_parameters_it_was_not_told_are_recovered(evidence: Evidence) -> None:
    # T42: the exponent of the law, the spread and the exponent of the ratio within two standard errors, the rate within
    # a fifth: the emulator's noise makes its posterior a little too narrow, which the shipped width more than covers.
    found = fit(evidence, priors())
    sd = np.sqrt(np.diag(found.covariance))
    off = {key: (found.mode[n] - TOLD[key]) / sd[n] for n, key in enumerate(found.keys) if key in TOLD}
    rate = "combat.loss_attacker"
    assert abs(np.log(found.values[rate] / values_at(priors(), [rate], np.ones(1))[rate])) < 0.2
    assert max(abs(away) for key, away in off.items() if key != rate) < 2.0, off
    assert abs(np.log(found.quality["Redland"] / found.quality["Blueland"] / QUALITY["Redland"])) < 0.3


def test_the_gradient_is_that_of_the_objective(evidence: Evidence) -> None:
    objective = _Objective(evidence, priors())
    at = np.random.default_rng(3).normal(size=len(FITTED) + len(evidence.nations)) * 0.5
    slope = objective(at)[1]
    for n in range(len(at)):
        step = np.zeros(len(at))
        step[n] = 1e-5
        assert (objective(at + step)[0] - objective(at - step)[0]) / 2e-5 == pytest.approx(slope[n], rel=1e-3, abs=1e-3)


def test_a_quadratic_is_found_exactly() -> None:
    # 1 + 2x - y + 3xy at 40 points, with next to no penalty.
    x = np.random.default_rng(1).normal(size=(40, 1, 2))
    y = 1 + 2 * x[..., 0] - x[..., 1] + 3 * x[..., 0] * x[..., 1]
    value, slope = fit_quadratics(x, y[None], penalty=(1e-9, 1e-9))[0].at(np.array([[0.5, 2.0]]))
    assert value[0] == pytest.approx(3.0)
    np.testing.assert_allclose(slope[0], [8.0, 0.5])
