"""Sharing among causes: T30 and T31 of the model reference, and the axioms that define the Shapley value."""

import numpy as np
import pytest

from khingan.experiment.shapley import bootstrap, causation, interaction_weights, shapley_weights


def outcomes(rule, factors):
    """The outcome of every combination; bit i of its number says whether factor i is there."""
    return np.array([float(rule(*(bool(s >> i & 1) for i in range(factors)))) for s in range(2**factors)])


def test_a_or_b_and_c():
    # T30: of the six orders, A is decisive in four, B and C in one each.
    value = outcomes(lambda a, b, c: a or (b and c), 3)
    assert shapley_weights(3) @ value == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_a_dummy_gets_nothing_and_shares_add_up():
    value = outcomes(lambda a, b, dummy: 3 * a + 2 * (a and b), 3)
    shares = shapley_weights(3) @ value
    assert shares == pytest.approx([4, 1, 0])
    assert shares.sum() == pytest.approx(value[-1] - value[0])


@pytest.mark.parametrize("factors", [1, 2, 5, 8])
def test_shares_always_add_up_to_the_difference(factors):
    value = np.random.default_rng(factors).normal(size=(2**factors, 3))
    assert (shapley_weights(factors) @ value).sum(axis=0) == pytest.approx(value[-1] - value[0])


def test_equal_causes_share_equally():
    shares = shapley_weights(4) @ outcomes(lambda *there: sum(there) ** 2, 4)
    assert shares == pytest.approx([4, 4, 4, 4])


def test_interactions_are_found_where_they_are():
    # v = a + 5 b c: b and c interact by 5, no other pair does.
    pairs, weights = interaction_weights(3)
    found = dict(zip(pairs, weights @ outcomes(lambda a, b, c: a + 5 * (b and c), 3), strict=True))
    assert found == pytest.approx({(0, 1): 0, (0, 2): 0, (1, 2): 5})


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    # 200 samples of 60 from a normal law: 95 % intervals cover its mean in about 190, at least 178 but once in 10,000.
    generator = np.random.default_rng(1)
    low, high = bootstrap(generator.normal(size=(200, 60)), resamples=400)
    assert 178 <= ((low <= 0) & (high >= 0)).sum() <= 199


def test_a_certain_value_has_no_width():
    low, high = bootstrap(np.full((2, 10), 3.5))
    assert low.tolist() == high.tolist() == [3.5, 3.5]


def test_necessity_and_sufficiency():
    # T31: chances .9 with the cause, .3 without.
    found = causation(0.9, 0.3)
    assert (found.necessity, found.sufficiency, found.both) == pytest.approx((2 / 3, 6 / 7, 0.6))
    assert found.both_bounds == pytest.approx((0.6, 0.7))


def test_a_cause_that_prevents_is_no_cause_and_certainty_leaves_nothing_to_ask():
    assert causation(0.2, 0.6).both == 0.0
    assert np.isnan(causation(0.5, 1.0).sufficiency)
    assert np.isnan(causation(0.0, 0.0).necessity)
