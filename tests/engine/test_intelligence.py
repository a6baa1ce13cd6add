"""Intelligence: counting, conjugate strength, tempered Bayes, and beliefs that move the right way."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from khingan.engine import intelligence
from khingan.engine.chance import luck_of
from khingan.engine.intelligence import (
    IntelligenceRules,
    add_up_weeks,
    chance_before,
    hear_of_losses,
    look_ahead,
    prior_of_dates,
    rule_out,
    sighted,
    strength,
    sum_of,
    surprise_bits,
    temper,
    weigh_sighting,
)
from khingan.evidence.parameters import read_parameters

DEFAULTS = {name: read_parameters()[f"intelligence.{name}"].value for name in IntelligenceRules._fields}
RULES = IntelligenceRules(**DEFAULTS)


def grid(weeks: int = 70, treaty_over: int = 62) -> Any:
    """Weeks from day 0 with a winter from week 39 to 60, and "never"."""
    dates = np.zeros(weeks + 1, intelligence.DATE).view(np.recarray)
    dates.day[:-1], dates.day[-1] = 7.0 * np.arange(weeks), np.inf
    dates.winter[39:60] = 1
    dates.treaty_over[treaty_over:-1] = 1
    return dates


def row(kind: np.dtype, **values: float) -> Any:
    table = np.zeros(1, kind).view(np.recarray)
    for name, value in values.items():
        table[name] = value
    return table[0]


OBSERVER = {"months": 4.5, "treaty": 0.3, "need": 1.0, "heed": 1.0, "axis": 0, "axis_share": 0.5}


def prior(release: float = 97.0, denounced: bool = True) -> np.ndarray:
    out = np.zeros(71)
    prior_of_dates(grid(), row(intelligence.READ_OBSERVER, **OBSERVER), RULES, release, 30.0, denounced, out)
    return out


def believed(seen: float, now: float = 180.0, share: float = 0.8) -> np.ndarray:
    """(axis, date) after one channel's count: two axes, of which only the first passes it in the main."""
    belief = np.repeat(prior()[None] / 2, 2, axis=0)
    likelihood = np.zeros_like(belief)
    ahead, pace, gain = np.zeros((3, 71))
    first = look_ahead(grid(), now, 97.0, RULES, ahead, pace)
    shares = np.array([0.6, 0.4])
    weigh_sighting(first, ahead, pace, shares, seen, share, now - 97.0, RULES, gain, likelihood)
    rule_out(first, belief)
    temper(first, belief, likelihood, 0.5)
    return belief


def test_strength_by_thinning_is_the_gamma_posterior():
    # Gamma(4, 0.1) before, twelve counted where four in ten are seen: (4 + 12) / (0.1 + 0.4).
    assert strength(4.0, 0.1, 12.0, 0.4) == pytest.approx(32.0)


@pytest.mark.parametrize(("weight", "posterior"), [(0.5, 0.1990), (1.0, 0.3571), (0.0, 0.1)])
def test_tempered_bayes_by_hand(weight, posterior):
    # Prior 0.1, likelihood ratio 5: 0.1 * 5^w / (0.1 * 5^w + 0.9).
    belief = np.array([[0.1, 0.9]])
    temper(0, belief, np.log(np.array([[5.0, 1.0]])), weight)
    assert belief[0, 0] == pytest.approx(posterior, abs=5e-5)


def test_a_prior_is_a_distribution_and_moves_with_the_end_of_the_other_war():
    assert prior().sum() == pytest.approx(1.0)
    early, late = prior(67.0), prior(127.0)
    assert (np.cumsum(early) >= np.cumsum(late) - 1e-12).all()


def test_a_denounced_treaty_has_its_odds_halved():
    # Kept with 0.3 before; odds 3/7 halved are 3/14, so 3/17 is left after the treaty's end or never.
    kept = prior(denounced=True)[62:].sum(), prior(denounced=False)[62:].sum()
    assert kept == pytest.approx((3 / 17, 0.3))


def test_more_trains_seen_never_make_the_attack_later():
    # Monotone likelihood ratio: with one axis the whole distribution moves to earlier dates.
    counts = [np.cumsum(believed(seen).sum(axis=0)) for seen in (100.0, 300.0, 600.0, 1200.0)]
    for fewer, more in pairwise(counts):
        assert (more >= fewer - 1e-12).all()


def test_what_is_over_is_impossible_and_the_rest_sums_to_one():
    belief = believed(400.0)
    assert belief[:, :25].sum() == 0.0  # weeks that end by day 175
    assert belief.sum() == pytest.approx(1.0)


def test_trains_on_a_line_speak_for_the_axis_behind_it():
    seen = [sum_of(believed(count, share=0.4)[0]) for count in (50.0, 400.0)]
    assert seen[0] < seen[1]


def test_concealment_takes_its_share_and_never_adds():
    channel = row(intelligence.READ_CHANNEL, share=0.5, assumed=0.5, hidden=1.0, decoys=0.0)
    open_, hidden = RULES._replace(concealment=0.0), RULES._replace(concealment=1.0)
    counts = np.array([[sighted(600.0, channel, rules, np.uint64(luck_of(3, run)), 1, 0) for rules in (open_, hidden)]
                       for run in range(400)])  # fmt: skip
    assert (counts[:, 0] >= counts[:, 1]).all()
    # 600 * 0.7 * 0.5 = 210 in the open, 0.65 of that hidden; the mean of 400 Poisson counts is known to 0.7.
    assert counts.mean(axis=0) == pytest.approx([210.0, 136.5], abs=3.0)


def test_chances_within_a_week_go_by_its_share():
    belief = np.full((1, 71), 1 / 71)
    cumulative = np.zeros(71)
    add_up_weeks(belief, cumulative)
    assert [chance_before(cumulative, day) for day in (0.0, 3.5, 7.0, 490.0)] == pytest.approx(
        [0.0, 0.5 / 71, 1 / 71, 70 / 71]
    )


def test_surprise_is_counted_in_bits():
    # One chance in eight is three bits; certainty is none; the scale ends at 20.
    assert [surprise_bits(p) for p in (0.125, 1.0, 0.0)] == pytest.approx([3.0, 0.0, 20.0])


def heard(place: list[int], until: list[float], lost: list[float], silence: float = 40.0) -> tuple[Any, Any]:
    """A row of five cells and three steps of 6 h; reports of formation 0 take 5 h, of formation 1 (the enemy) none."""
    near = np.array([[cell - 1, cell + 1 if cell < 4 else -1, -1, -1, -1, -1] for cell in range(5)], np.int32)
    losses, known = np.zeros(5, np.float32), np.zeros(2)
    hear_of_losses(
        near, np.tile(np.array(place, np.int16), (3, 1)), np.array(until), np.array(lost, np.float32),
        np.array([5.0, 0.0]), 6.0, silence, np.zeros(5, np.float32), losses, known,
    )  # fmt: skip
    return losses.tolist(), known.tolist()


def test_a_neighbour_reports_and_what_nobody_sees_is_heard_by_other_ways():
    """Seen at the end of the step of the loss, 12 h, and 5 h on the way; unseen 7 + 40 h; never lost, never heard."""
    losses, known = heard([0, 1], [np.inf, -np.inf], [np.inf, 7.0, 7.0, np.inf, np.inf])
    assert losses == [np.inf, 17.0, 47.0, np.inf, np.inf]
    assert known == [np.inf, 11.0]  # the enemy stands beside it from the first step


@pytest.mark.parametrize(("place", "until"), [([0, 3], np.inf), ([0, 1], 0.0), ([-1, 1], np.inf)])
def test_who_is_far_off_or_has_laid_down_arms_reports_no_enemy(place, until):
    assert heard(place, [until, -np.inf], [np.inf] * 5)[1][1] == np.inf
