"""Luck: the same for the same five integers, evenly spread, and unrelated between neighbours."""

import numpy as np
import plain
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare, norm

from khingan.engine import chance
from khingan.engine.chance import draw, fill_uniforms, lognormal, luck_of, normal, uniform

PURPOSES = {name: int(value) for name, value in vars(chance).items() if name.isupper() and isinstance(value, np.int64)}
KEY = st.integers(0, 2**62)


@given(st.integers(0, 2**32 - 1), KEY, KEY, KEY, st.integers(0, 99))
def test_the_hash_equals_its_twin_in_whole_numbers(seed, run, step, entity, purpose):
    assert uniform(seed, run, step, entity, purpose) == plain.uniform(seed, run, step, entity, purpose)


@given(st.integers(0, 2**32 - 1), KEY, KEY, KEY)
def test_a_run_s_luck_stands_for_seed_and_run(seed, run, step, entity):
    assert uniform(seed, run, step, entity, 7) == draw(np.uint64(luck_of(seed, run)), step, entity, 7)


def numbers_along(axis: str, count: int = 20_000) -> np.ndarray:
    """Draws for neighbouring values of one key, the others held."""
    keys = {"seed": 1945, "run": 3, "step": 5, "entity": 11, "purpose": 13}
    return np.array([uniform(*(keys | {axis: n}).values()) for n in range(count)])


@pytest.mark.parametrize("axis", ["seed", "run", "step", "entity", "purpose"])
def test_neighbouring_keys_give_even_and_unrelated_numbers(axis):
    # 50 bins: chi-square would be this far out once in 1000 keys; a serial correlation has sd 1 / sqrt(n).
    numbers = numbers_along(axis)
    assert chisquare(np.histogram(numbers, 50, (0, 1))[0]).pvalue > 0.001
    for lag in (1, 2, 6, 40):
        assert abs(np.corrcoef(numbers[lag:], numbers[:-lag])[0, 1]) < 3.5 / np.sqrt(len(numbers))


def test_two_keys_that_move_together_hit_every_square_alike():
    # Runs by entities, as a campaign draws them: pairs of neighbours fall evenly into 10 x 10 squares.
    out = np.empty((200, 400))
    fill_uniforms(1945, 0, np.arange(400), 2, out)
    for first, second in ((out[:, :-1], out[:, 1:]), (out[:-1], out[1:]), (out[:-1, 1:], out[1:, :-1])):
        squares = np.histogram2d(first.ravel(), second.ravel(), 10, [[0, 1], [0, 1]])[0]
        assert chisquare(squares.ravel()).pvalue > 0.001


def test_a_table_of_draws_is_the_single_draws():
    out = np.empty((3, 2))
    fill_uniforms(7, 10, np.array([4, 2**61]), 5, out)
    assert out.tolist() == [[uniform(7, run, 0, entity, 5) for entity in (4, 2**61)] for run in (10, 11, 12)]


def test_normal_is_the_standard_quantile():
    # Acklam states a relative error of 1.15e-9; the ends are the smallest and largest numbers a draw can give.
    u = np.concatenate([[2**-54, 1e-12, 1 - 2**-53], np.linspace(0.001, 0.999, 999)])
    found = np.array([normal(float(x)) for x in u])
    assert np.allclose(found, norm.ppf(u), rtol=1.2e-9, atol=1e-12)


def test_lognormal_has_its_median_and_spread():
    assert lognormal(0.5, 3.0, 0.6) == pytest.approx(3.0)
    assert lognormal(float(norm.cdf(1.0)), 3.0, 0.6) == pytest.approx(3.0 * np.exp(0.6))


def test_purposes_are_all_different():
    assert len(set(PURPOSES.values())) == len(PURPOSES) >= 20
