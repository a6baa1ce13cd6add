"""The engine's own logarithm and exponential beside the library's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from khingan.engine.compiled import in_vectors, kernel
from khingan.engine.logarithm import exp_of, log_of


@in_vectors
@kernel
def columns(x, logs, powers):
    """Both of whole columns, as a loop that may become one over vectors."""
    for n in range(x.shape[0]):
        logs[n] = log_of(x[n])
    for n in range(x.shape[0]):
        powers[n] = exp_of(logs[n])


@given(st.floats(1e-300, 1e300))
def test_a_logarithm_is_the_librarys(x):
    assert log_of(x) == pytest.approx(np.log(x), rel=1e-15, abs=1e-16)


@given(st.floats(-700.0, 700.0))
def test_a_power_is_the_librarys(x):
    assert exp_of(x) == pytest.approx(np.exp(x), rel=1e-13)


def test_below_what_a_float_holds_a_power_is_as_good_as_nothing():
    assert 0.0 < exp_of(-1e9) < 1e-303


def test_a_loop_over_vectors_gives_the_bits_of_one_over_numbers():
    x = np.exp(np.random.default_rng(5).normal(0.0, 50.0, 103))
    logs, powers = np.zeros((2, 103))
    columns(x, logs, powers)
    assert logs.tolist() == [log_of(float(each)) for each in x]
    assert powers.tolist() == [exp_of(each) for each in logs.tolist()]
