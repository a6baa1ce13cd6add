"""Railways: a line changes hands as fast as track is laid from the owner's net, and captured trains run before that."""

import numpy as np
import pytest
from small_world import War, strip, war

from khingan.engine.control import take_cell
from khingan.engine.railways import CAPTURED, OWN, run_railways
from khingan.engine.supply import measure_supply


def a_line(length: int = 6, **rules: float) -> War:
    """A railway from the west, its first two cells side 0's; kilometres between cells are ten."""
    given = war(
        [], strip(length), east=range(2, length), sources=[{"cell": 0, "side": 0}], rail=2,
        rules={f"railways.{name}": value for name, value in rules.items()},
    )  # fmt: skip
    measure_supply(given.world, given.state, given.rules.supply)
    return given


def take(given: War, cells: range, hour: float) -> None:
    for cell in cells:
        take_cell(0, given.state.ground, given.state.changes, cell, 0, hour)
        given.ground.taken_h[cell] = hour


def days_of(given: War, days: range) -> list[list[int]]:
    lines = []
    for day in days:
        run_railways(given.world, given.state, given.rules.railways, 24.0 * day, 1.0)
        measure_supply(given.world, given.state, given.rules.supply)
        lines.append(given.ground.line.tolist())
    return lines


def test_at_h_hour_each_side_runs_its_own():
    assert a_line().ground.line.tolist() == [OWN] * 6


def test_the_railhead_goes_forward_at_its_rate():
    # 8 km a day over cells 10 km apart: two days a cell, so cells 2 and 3 after four days, and no captured trains.
    given = a_line(captured_t_per_day=0.0)
    take(given, range(2, 6), 0.0)
    lines = days_of(given, range(4))
    assert lines[0] == [OWN, OWN, 0, 0, 0, 0]
    assert lines[1] == [OWN, OWN, OWN, 0, 0, 0]
    assert lines[3] == [OWN, OWN, OWN, OWN, 0, 0]


def test_captured_trains_run_after_their_delay():
    given = a_line(laid_km_per_day=0.001, trains_after_days=2.0)
    take(given, range(2, 6), 0.0)
    lines = days_of(given, range(3))
    assert lines[1] == [OWN, OWN, 0, 0, 0, 0]
    assert lines[2] == [OWN, OWN, *[CAPTURED] * 4]


def test_track_is_laid_only_from_the_own_net_and_works_for_either_side():
    # Side 1 takes the western end; its own net begins at cell 2. Cell 1 is laid first.
    given = a_line(laid_km_per_day=10.0, captured_t_per_day=0.0)
    for cell in (0, 1):
        take_cell(0, given.state.ground, given.state.changes, cell, 1, 0.0)
        given.ground.taken_h[cell] = 0.0
    lines = days_of(given, range(2))
    assert lines == [[0, OWN, OWN, OWN, OWN, OWN], [OWN] * 6]


def test_a_line_lost_and_retaken_needs_no_laying():
    given = a_line()
    take_cell(0, given.state.ground, given.state.changes, 1, 1, 0.0)
    take_cell(0, given.state.ground, given.state.changes, 1, 0, 6.0)
    assert days_of(given, range(1))[0] == [OWN] * 6


@pytest.mark.parametrize("rate", [4.0, 8.0, 40.0])
def test_supply_comes_nearer_as_the_railhead_does(rate):
    # Trucks drive ten kilometres of open ground at 1.4; trains cost a tenth of a road kilometre.
    given = a_line(laid_km_per_day=rate, captured_t_per_day=0.0)
    take(given, range(2, 6), 0.0)
    km = []
    for day in range(12):
        days_of(given, range(day, day + 1))
        km.append(float(given.state.supply_km[0, 5]))
    assert (np.diff(km) <= 1e-9).all()
    assert km[-1] == pytest.approx(5.0) or rate == 4.0
