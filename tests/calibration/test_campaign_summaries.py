"""Summaries by hand: the order to stop cuts dates, intervals are reports of their middle."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import toy_history
from khingan.calibration.campaign_measures import Measures
from khingan.calibration.campaign_summaries import Summaries, summaries_of
from khingan.history.losses import Figure

# The toy's headquarters stops on the seventh day; it is over the army that defends in the north.
STOP = 7.0


def at(day: float, name: str, **more: object) -> object:
    return toy_history.target(target=name, observed=toy_history.H_HOUR + timedelta(days=day), **more)


@pytest.fixture
def campaign(tmp_path: Path) -> SimpleNamespace:
    made = toy_history.scenario(tmp_path)
    made.surrender.headquarters[0].spread_h = 0.0
    made.surrender.headquarters[0].armies = ("jp-a",)
    return made


def summed(campaign: SimpleNamespace) -> Summaries:
    """Two places before the order, works that still stood, one date not to be fitted, and two losses."""
    targets = (at(2, "a"), at(4, "b"), at(9, "c", measure="works_fall"), at(3, "d", fitted=False))
    losses = (
        Figure("First", "killed and missing", 100, 200, 400, "C", ["x", "y"]),
        Figure("First", "prisoners", 1, 1, 1, "A", ["x", "y"]),
        Figure("Fleet", "wounded", 5, 5, 5, "A", ["z"]),
    )
    return summaries_of(campaign, Measures(targets, losses, (), (), lambda chunk: np.zeros((1, 7))))


def test_history_is_summed_by_axis_and_front(campaign: SimpleNamespace) -> None:
    # Days 2 and 4 have the mean 3; works that stood on the seventh day count as that; sqrt(101 * 401) is 201.2.
    found = dict(zip(summed(campaign).names, summed(campaign).observed, strict=True))
    assert found["axis road: mean day"] == 3.0
    assert found["still held works fall: mean day"] == STOP
    assert found["killed and missing First"] == pytest.approx(np.log(101 * 401) / 2)
    assert len(found) == 3


def test_a_front_is_fitted_whose_armies_have_figures_and_a_sum_of_fronts_is_not(campaign: SimpleNamespace) -> None:
    losses = (
        Figure("Both", "wounded", 9, 9, 9, "A", ["w", "x", "y", "z"]),
        Figure("First", "wounded", 4, 4, 4, "A", ["w", "x"]),
        Figure("First", "dead of no enemy", 1, 1, 1, "A", ["w", "x"]),
        Figure("Army W", "wounded", 3, 3, 3, "A", ["w"]),
    )
    found = summaries_of(campaign, Measures((), losses, (), (), lambda chunk: np.zeros((1, 4))))
    assert found.names == ("wounded First", "dead of no enemy First")


def test_a_run_is_cut_at_the_order_to_stop(campaign: SimpleNamespace) -> None:
    # Places on day 1 and never, works on day 6, 99 men: never counts as the seventh day.
    row = np.array([[24.0, np.nan, 144.0, 0.0, 99.0, 3.0, 4.0]])
    assert summed(campaign).of(row)[0].tolist() == pytest.approx([(1 + STOP) / 2, 6.0, np.log(100)])


def test_records_of_a_run_err_as_their_intervals_say(campaign: SimpleNamespace) -> None:
    """Half widths of half a day and of ln(401 / 101) / 2; the model's own errors a day and 0.15."""
    rows = np.tile([[48.0, 72.0, 24.0, 0.0, 200.0, 0.0, 0.0]], (20_000, 1))
    spread = summed(campaign).of(rows, seed=3).std(axis=0)
    record = 0.5**2 / 3
    # Of the model's variance of one, half is common to both places of the axis and half is each one's own.
    assert spread[0] == pytest.approx(np.sqrt(record / 2 + 0.5 + 0.5 / 2), rel=0.03)
    assert spread[2] == pytest.approx(np.sqrt((np.log(401 / 101) / 2) ** 2 / 3 + 0.15**2), rel=0.03)


def test_the_same_seed_gives_the_same_records(campaign: SimpleNamespace) -> None:
    rows = np.full((5, 7), 48.0)
    np.testing.assert_array_equal(summed(campaign).of(rows, 3), summed(campaign).of(rows, 3))
    assert (summed(campaign).of(rows, 3) != summed(campaign).of(rows, 4)).any()
