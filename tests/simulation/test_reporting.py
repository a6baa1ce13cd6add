"""Reports of contact: how long they take, and which studies hold what they are reckoned from."""

import numpy as np

from khingan.simulation.reporting import report_delays


def delays(hops: float, hours: float, log_sd: float, runs: int = 40) -> np.ndarray:
    """(run, formation) for many formations."""
    return report_delays(1945, np.full(runs, hops), np.full(runs, hours), np.full(runs, log_sd), 50)


def test_without_spread_a_report_takes_its_hours_at_each_headquarters():
    """Three headquarters of two hours: six; none at all: it is known at once."""
    assert np.allclose(delays(3, 2.0, 0.0), 6.0)
    assert not delays(0, 2.0, 0.6).any()


def test_the_median_of_one_headquarters_is_the_parameter():
    """2,000 lognormal draws: the error of the median is about 1.25 * 0.6 / sqrt(2000), 2 %."""
    assert np.isclose(np.median(delays(1, 2.0, 0.6)), 2.0, rtol=0.06)


def test_a_run_keeps_its_luck_when_others_are_added():
    assert (delays(3, 2.0, 0.6, 40)[:10] == delays(3, 2.0, 0.6, 10)).all()
