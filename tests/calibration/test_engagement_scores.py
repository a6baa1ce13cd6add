"""Scores of engagements by hand."""

import numpy as np
import pytest

from khingan.calibration.engagement_plays import Forecasts
from khingan.calibration.engagement_scores import MEASURES, Truth, auc, measures, resamples, score


def truth() -> Truth:
    return Truth(np.array([1.0, 0.0, np.nan]), np.log([[0.1, 0.2], [0.1, np.nan], [0.2, 0.2]]),
                 np.array([2.0, np.nan, -1.0]), ("a", "b", "b"))  # fmt: skip


def told(win: tuple[float, ...] = (0.8, 0.4, 0.9)) -> Forecasts:
    return Forecasts(np.array(win), np.log([[0.1, 0.1], [0.2, 0.2], [0.2, 0.4]]), np.array([1.0, 5.0, 1.0]))


def test_every_measure_by_hand() -> None:
    # Brier (0.2^2 + 0.4^2) / 2; log score -(ln 0.8 + ln 0.6) / 2; both on the right side; ln losses off by
    # 0, ln 2, 0 and ln 2, ln 2; advance off by 1 and 2. Unknown outcomes count nowhere.
    found = dict(zip(MEASURES, measures(truth(), [told()], np.arange(3)), strict=True))
    assert found["brier"] == pytest.approx(0.1)
    assert found["log_score"] == pytest.approx(-(np.log(0.8) + np.log(0.6)) / 2)
    assert (found["auc"], found["accuracy"]) == (1.0, 1.0)
    assert found["attacker_ln_mae"] == pytest.approx(np.log(2) / 3)
    assert found["defender_ln_mae"] == pytest.approx(np.log(2))
    assert found["mae_km_per_day"] == pytest.approx(1.5)


def test_auc_counts_pairs_and_halves_ties() -> None:
    # Pairs (0.5, 0.5) and (0.9, 0.5), half and one: 0.75; no pair, no figure.
    assert auc(np.array([1.0, 1.0, 0.0]), np.array([0.5, 0.9, 0.5])) == 0.75
    assert np.isnan(auc(np.ones(2), np.ones(2)))


def test_groups_are_drawn_whole() -> None:
    for sample in resamples(("a", "b", "b"), draws=20):
        assert np.sum(sample == 1) == np.sum(sample == 2)
        assert np.sum(sample == 0) + np.sum(sample == 1) == 2


def test_a_model_beside_itself_differs_by_nothing() -> None:
    found = score(truth(), [told()], {"twin": [told()]}, draws=20)
    for interval in found["baselines"]["twin"]["difference"].values():
        assert interval == {"mean": 0.0, "low": 0.0, "high": 0.0}
    assert [step["rows"] for step in found["winner"]["calibration"]] == [0, 0, 1, 0, 1]
