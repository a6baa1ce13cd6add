"""Where the width of the intervals comes from."""

import numpy as np
import pytest

import toy_history
from khingan.history.spread import spread
from khingan.simulation.settings import DRAWN

WIDTH = {(DRAWN.parameters, "prior"): 10.0, ("median", "prior"): 8.0, ("median", "best"): 6.0}


def play(parameters: str, claims: str) -> np.ndarray:
    """Two runs whose dates lie as far apart as the settings say."""
    return np.array([[0.0], [WIDTH[parameters, claims]]])


def test_variance_is_shared_out_and_adds_up() -> None:
    """Variances go as 100, 64 and 36: luck 36 %, claims 64 - 36, parameters 100 - 64."""
    share = spread(play, [toy_history.target()])[0]
    assert (share.luck, share.claims, share.parameters) == pytest.approx((0.36, 0.28, 0.36))
    assert share.sd_days == pytest.approx(5 / 24)


def test_a_narrower_whole_gives_no_negative_share() -> None:
    """Small ensembles can come out wider without a source of spread; the share is then nothing, not less."""
    share = spread(
        lambda parameters, claims: play(DRAWN.parameters, "prior") * (2 if claims == "best" else 1),
        [toy_history.target()],
    )[0]
    assert (share.luck, share.claims, share.parameters) == (1, 0, 0)
