"""The months before H-hour of the real campaign: what emerges lies where history does, and levers pull right."""

from functools import cache

import numpy as np
import pytest

from khingan.errors import KhinganError
from khingan.evidence.parameters import read_parameters
from khingan.history.months_before import read_documented, summarise
from khingan.scenario.prelude import read_prelude
from khingan.simulation.prelude import play, play_chunk
from khingan.simulation.settings import DRAWN, Settings
from khingan.world.prelude import compile_prelude
from worlds import far_east

RUNS = 300
IMPERIAL, KWANTUNG, FOURTH = 0, 1, 2


@cache
def plan():
    return compile_prelude(far_east(), read_prelude(far_east()), read_parameters())


@cache
def record(**pins):
    """Preludes with pinned parameters; two underscores stand for the point of a name."""
    pinned = {name.replace("__", "."): value for name, value in pins.items()}
    return play(plan(), Settings(pinned=pinned), RUNS, 1945).record


def at_h_hour(table):
    """The last step before H-hour of a table (run, step, ...)."""
    steps = plan().arrays.steps
    return table[:, int(np.searchsorted(steps, plan().arrays.calendar.attack[0])) + 1]


def test_the_same_prelude_in_any_chunk():
    whole, part = play_chunk(plan(), DRAWN, 7, 0, 6), play_chunk(plan(), DRAWN, 7, 4, 2)
    for name in whole._fields:
        if name != "density":
            np.testing.assert_array_equal(getattr(whole, name)[4:], getattr(part, name))


def test_beliefs_are_distributions():
    # Over date and axis every observer's mean belief is one, at each step that was reached.
    total = record().density.sum(axis=(2, 3))
    # All reach history's H-hour, the eighth row; those that wait for the plan go on.
    assert total[:8] == pytest.approx(1.0)
    assert (total <= 1 + 1e-9).all()
    assert at_h_hour(record().axes).sum(axis=-1) == pytest.approx(1.0)


@pytest.mark.parametrize("observer", [KWANTUNG, FOURTH])
def test_the_estimates_on_record_lie_inside_the_spread_and_are_not_the_prior(observer):
    prelude = read_prelude(far_east())
    name = prelude.observers[observer].observer
    found = next(row for row in read_documented(far_east(), prelude)[0] if row.observer == name and row.low is not None)
    low, high = np.quantile(at_h_hour(record().before_cut)[:, observer], (0.05, 0.95))
    assert low <= found.high
    assert high >= found.low
    # The prior of February gave it less; what made the difference came later.
    assert np.median(record().before_cut[:, 0, observer]) < found.low


def test_no_attack_before_september_is_the_majority_view_of_one_and_about_even_for_the_other():
    belief = np.median(at_h_hour(record().before_cut), axis=0)
    assert belief[KWANTUNG] < 0.5
    assert 0.35 < belief[FOURTH] < 0.65


def test_the_main_blow_is_expected_from_the_east_by_those_who_stood_there():
    axes = at_h_hour(record().axes).mean(axis=0)
    assert axes[KWANTUNG].argmax() == 0
    assert np.bincount(record().disposition.astype(int)).argmax() == 0  # the east-weighted one


def test_less_concealment_moves_belief_earlier_and_readiness_up():
    played = [record(intelligence__concealment=scale) for scale in (2.0, 1.0, 0.5, 0.0)]
    for observer in (IMPERIAL, KWANTUNG, FOURTH):
        belief = [at_h_hour(found.before_cut)[:, observer].mean() for found in played]
        ready = [found.readiness[:, observer].mean() for found in played]
        bits = [found.bits[:, observer, 0].mean() for found in played]
        assert belief == sorted(belief)
        assert ready == sorted(ready)
        assert bits == sorted(bits, reverse=True)


def test_a_narrower_line_or_a_later_release_delays_the_plan():
    days = [np.median(found.executable_day) for found in (
        record(deployment__line_factor=1.3), record(), record(deployment__line_factor=0.8))]  # fmt: skip
    assert days == sorted(days)
    late = np.median(record(deployment__release_shift=30.0).executable_day)
    assert late == pytest.approx(days[1] + 30, abs=8)


def test_h_hour_comes_on_its_day_or_when_the_plan_can_be_carried_out():
    # It had been promised for its day, so never before; later by just as much as the plan needs, to the midnight after.
    planned = plan().arrays.calendar.attack[0]
    expected = np.maximum(planned, np.ceil(record().executable_day))
    np.testing.assert_array_equal(record().attack_day, expected)
    assert 0.2 < (record().attack_day > planned).mean() < 0.8
    assert (record(deployment__waits_for_plan=0.0).attack_day == planned).all()


def test_trains_of_what_the_plan_needs_come_first_by_a_dispatcher_s_hand():
    first, fifo = record(), record(deployment__needed_first=0.0)
    assert np.median(first.executable_day) < np.median(fifo.executable_day)


def test_waiting_brings_more_trains_and_takes_surprise():
    now, later = record(), record(readiness__wait_days=30.0)
    step = [int(np.flatnonzero(~np.isnan(found.in_place[0]))[-1]) for found in (now, later)]
    assert later.in_place[:, step[1]].mean() > now.in_place[:, step[0]].mean()
    assert later.level[:, KWANTUNG].mean() < now.level[:, KWANTUNG].mean()


def test_what_is_on_record_of_the_movements_lies_inside_the_spread():
    # No number of the campaign was fitted to these; the tank army's end is the exception the page names.
    prelude = read_prelude(far_east())
    begins = prelude.days["begins"]
    numbers = {row.movement: number for number, row in enumerate(prelude.movements)}
    for row in read_documented(far_east(), prelude)[1]:
        if row.unit == "date":
            on_record = [
                (np.datetime64(day) - np.datetime64(begins)) / np.timedelta64(1, "D") for day in (row.low, row.high)
            ]
            low, high = np.quantile(getattr(record(), row.measure)[:, numbers[row.movement]], (0.05, 0.95))
            assert low <= on_record[1], row
            assert high >= on_record[0], row


def test_the_summary_holds_the_prior_and_every_month_to_h_hour():
    prelude = read_prelude(far_east())
    found = summarise(far_east(), prelude, plan(), play(plan(), DRAWN, 20, 1))
    assert [month["day"] for month in found["months"]][:2] == ["1945-02-01", "1945-03-01"]
    days = [month["day"] for month in found["months"]]
    assert f"{far_east().calendar.h_hour:%Y-%m-%d}" in days
    assert days[-1] == found["attack"]["median"]
    assert found["lines_bear"]["all axes"] == found["lines_bear"]["trunk"]


def test_an_unknown_parameter_is_refused_by_name():
    with pytest.raises(KhinganError, match="no such parameter"):
        play(plan(), Settings(pinned={"intelligence.concealed": 1.0}), 1, 1)
