"""Forecasts that carry the width of what is believed: draws of a fit and of the package, and the days of an advance."""

from pathlib import Path

import numpy as np
import pytest

from khingan.calibration.engagement_advance import ADVANCE, clustered, fit_advance
from khingan.calibration.engagement_draws import (
    draws_of_fit,
    draws_of_mode,
    draws_of_package,
    predictive,
    root,
    strata,
)
from khingan.calibration.engagement_fit import Fit
from khingan.calibration.engagement_plays import Plays, days_fought, defaults, forecast, values_at
from khingan.calibration.engagement_table import Row, read_table
from khingan.calibration.engagements import priors
from khingan.evidence.parameters import read_parameters
from toy_engagements import engagement_rows, write_engagements

KEYS, NATIONS = ("combat.loss_attacker", "breaking.ratio_exponent"), ("Redland", "Blueland")


def toy_rows(folder: Path) -> list[Row]:
    return list(read_table(write_engagements(folder / "t.csv", engagement_rows(12))).rows)


def a_fit(posterior: float, sway: float = 0.0, quality_sd: float = 0.25) -> Fit:
    """A fit at the prior's medians, Redland half as good again, with variances in units of the prior."""
    mode, unit = np.array([0.0, 0.0, np.log(1.5) / quality_sd, 0.0]), np.eye(4)
    values = values_at(priors(), KEYS, mode[:2])
    return Fit(
        values, {"Redland": 1.5, "Blueland": 1.0}, KEYS, NATIONS, mode, posterior * unit, sway * unit, quality_sd
    )


def test_a_posterior_without_width_forecasts_as_its_mode(tmp_path: Path) -> None:
    rows, found = toy_rows(tmp_path), a_fit(0.0)
    sure = forecast(rows, draws_of_mode(defaults(priors()) | found.values, found.quality, 20))
    drawn = forecast(rows, draws_of_fit(found, priors(), rows, 20))
    for mine, its in ((drawn.win, sure.win), (drawn.ln_loss, sure.ln_loss), (drawn.advance, sure.advance)):
        np.testing.assert_allclose(mine, its, rtol=1e-9)


def test_a_wider_posterior_pulls_chances_towards_one_half(tmp_path: Path) -> None:
    # Worth unknown by a factor of e either way leaves little of what the ratio of men says.
    rows = toy_rows(tmp_path)
    sharp, wide = (
        forecast(rows, draws_of_fit(a_fit(width, quality_sd=1.0), priors(), rows, 200)).win for width in (0.0, 1.0)
    )
    assert np.abs(wide - 0.5).mean() < 0.9 * np.abs(sharp - 0.5).mean()


def test_a_campaign_never_seen_is_known_no_worse_than_before_the_fit() -> None:
    # 0.3 of the posterior and 0.2 of its sway make 0.5; more than the prior's own variance is never left.
    np.testing.assert_allclose(predictive(a_fit(0.3, 0.2)), 0.5 * np.eye(4))
    np.testing.assert_allclose(predictive(a_fit(0.9, 0.8)), np.eye(4))


def test_the_root_gives_the_covariance_back() -> None:
    wanted = np.array([[0.5, 0.3], [0.3, 0.4]])
    np.testing.assert_allclose(root(wanted) @ root(wanted), wanted)


def test_a_name_keeps_its_luck_and_its_plays_cover_the_distribution() -> None:
    # Middles of equal parts: the mean is 0 and the standard deviation 1 but for what the outermost parts cut off.
    drawn = strata("combat.opening", 400, 1945)
    assert drawn.mean() == pytest.approx(0.0, abs=1e-12)
    assert drawn.std() == pytest.approx(1.0, abs=0.01)
    assert abs(np.corrcoef(drawn, strata("combat.helmbold", 400, 1945))[0, 1]) < 0.15


def test_the_package_is_drawn_from_its_own_priors(tmp_path: Path) -> None:
    draws = draws_of_package(toy_rows(tmp_path), 100)
    for key in ("combat.loss_attacker", "combat.advance_sd"):
        parameter = read_parameters()[key]
        assert np.median([draw.values[key] for draw in draws]) == pytest.approx(parameter.value, rel=0.02)
    # A nation nobody knows: worth 1, with the spread of the prior.
    assert np.std([np.log(draw.quality["Redland"]) for draw in draws]) == pytest.approx(0.25, rel=0.02)


def test_an_advance_is_told_by_the_calendar_day() -> None:
    # A kilometre in a quarter of a day, in a day, in five quarters: a table divides by 1, 1 and 2 days.
    days, none = np.array([[0.25, 1.0, 1.25]]), np.zeros((1, 3))
    told = Plays(none, days, np.ones((1, 3)), np.zeros((1, 3, 2)), none).km_per_day()
    np.testing.assert_allclose(told, [[1.0, 1.0, 0.5]])
    # Four steps of six hours, any of them the last: 0.25, 0.5, 0.75 or 1 of the last day.
    assert days_fought(np.array([1.0]))[0] == pytest.approx(0.625)


def test_short_fights_do_not_make_the_attack_slow(tmp_path: Path) -> None:
    # The same kilometres a day of battle, in fights of one calendar day and of four, lead to the same law.
    found = []
    for length in (1, 4):
        rows = engagement_rows(60)
        for row in rows:
            row |= {"duration_days": length, "advance_km_per_day": 3.0 * days_fought(np.array([length]))[0] / length}
        table = read_table(write_engagements(tmp_path / f"{length}.csv", rows)).rows
        found.append(fit_advance(table, np.full(60, 0.5), priors())[0])
    np.testing.assert_allclose(found[0], found[1], atol=1e-3)
    assert len(found[0]) == len(ADVANCE)


def test_campaigns_that_pull_apart_sway_the_mode() -> None:
    # Two campaigns pulling by 1 either way: 2 / (2 - 1) times 1 + 1. Alike, they leave no sway.
    np.testing.assert_allclose(clustered(np.array([[1.0], [-1.0]])), [[4.0]])
    np.testing.assert_allclose(clustered(np.array([[1.0], [1.0]])), [[0.0]])
