"""Slow twins of the months before H-hour: dispatcher, counts, alert and training, and all of it at once."""

from functools import cache

import numpy as np
import plain_prelude
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import luck
from test_deployment import PLAIN
from test_deployment import run as deployed
from test_readiness import RULES as READY

from khingan.engine import intelligence, readiness
from khingan.engine.intelligence import IntelligenceRules, sighted
from khingan.engine.readiness import surprise_level, training, watch
from khingan.engine.state import NEVER
from khingan.evidence.parameters import read_parameters
from khingan.scenario.prelude import read_prelude
from khingan.simulation.prelude import draw_rules, play_chunk, read
from khingan.simulation.settings import DRAWN
from khingan.world.prelude import compile_prelude, prelude_rules
from worlds import far_east

CLOSE = {"rel": 1e-6, "abs": 1e-6}
LOAD = st.tuples(st.integers(0, 3), st.integers(1, 70), st.floats(0, 20), st.integers(0, 1), st.just(0))


@settings(max_examples=25)
@given(st.lists(LOAD, min_size=1, max_size=6), st.sampled_from([0.0, 1.0]), st.floats(0.0, 2.0), st.integers(0, 99))
def test_a_dispatcher_with_lists_of_bookings_runs_the_same_trains(loads, first, wait, run):
    """Trunk, two branches and one behind a branch; who may leave is sorted anew for every train."""
    sections = [(-1, 9.0, 3000.0), (0, 4.0, 900.0), (0, 6.0, 600.0), (2, 3.0, 300.0)]
    _, moved, passing, _ = deployed(sections, loads, PLAIN._replace(needed_first=first, junction_wait=wait), run=run)
    lines = plain_prelude.Lines([(after, per_day, km / 600.0) for after, per_day, km in sections])
    rows = [{"section": s, "trains": n, "ready": ready, "gap": 0.0, "held": bool(first and not needed)}
            for s, n, ready, needed, _ in loads]  # fmt: skip
    came = plain_prelude.dispatched(lines, rows, wait, 7, run)
    assert moved.first_day == pytest.approx([min(days) for days in came])
    assert moved.last_day == pytest.approx([max(days) for days in came])
    assert passing.sum(axis=1).tolist() == [sum(day < 200 for day in days) for days in lines.entered]


@settings(max_examples=25)
@given(st.integers(0, 900), *[st.floats(0.05, 1.0)] * 3, st.integers(0, 99), st.floats(0.0, 2.0))
def test_a_count_is_the_quantile_of_a_normal_as_wide_as_a_poisson(trains, share, hidden, decoys, run, concealment):
    known = {name: read_parameters()[f"intelligence.{name}"].value for name in IntelligenceRules._fields}
    rules = IntelligenceRules(**known | {"concealment": concealment})
    channel = np.array([(share, share, hidden, decoys)], intelligence.READ_CHANNEL).view(np.recarray)[0]
    expected = plain_prelude.reported(trains, channel, rules, (1945, run, 4, 2))
    assert sighted(float(trains), channel, rules, luck(run), 4, 2) == pytest.approx(expected, rel=1e-6, abs=1e-6)


@settings(max_examples=50)
@given(st.lists(st.floats(0.0, 1.0), max_size=20), st.floats(0.1, 0.6), st.floats(0.0, 0.5))
def test_an_alert_stands_since_the_last_rise_above_a_level_that_lapses_raise(chances, level, wolf):
    rules = READY._replace(alert_level=level, cry_wolf=wolf)
    alert = np.zeros(1, readiness.ALERT).view(np.recarray)
    alert.since = NEVER
    watched = [(7.0 * n, chance) for n, chance in enumerate(chances)]
    for day, chance in watched:
        watch(alert, 0, chance, day, rules)
    expected = plain_prelude.alert_since(watched, level, level * wolf)
    assert alert.since[0] == (NEVER if expected is None else expected)


@settings(max_examples=15)
@given(st.floats(1.0, 60.0), st.floats(0.0, 90.0))
def test_training_is_what_is_missing_closing_at_a_constant_rate(raised, wait):
    then, now = (plain_prelude.grown(days, 0.0, READY.training_days) for days in (raised, raised + wait))
    assert training(raised, wait, READY) == pytest.approx(now / then, rel=1e-6)


@given(st.booleans(), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_surprise_is_the_number_of_things_not_expected(alerted, axis, soon):
    expected = [not alerted, axis < READY.axis_doubt, soon < READY.date_doubt]
    assert surprise_level(alerted, axis, soon, READY) == sum(expected)


@cache
def both(run: int):
    """A prelude of the real campaign by the engine and by its twin."""
    plan = compile_prelude(far_east(), read_prelude(far_east()), read_parameters())
    rules = prelude_rules(tuple(plan.parameters), draw_rules(plan, DRAWN, 1945, run, 1))
    twin = plain_prelude.Prelude(plan, rules, read(plan, DRAWN, 1945, run, 1), 1945, run)
    return play_chunk(plan, DRAWN, 1945, run, 1), twin


@pytest.mark.parametrize("run", [0, 5])
def test_trains_of_the_real_campaign_are_those_of_the_twin(run):
    record, twin = both(run)
    for name in ("first", "last"):
        assert getattr(record, f"{name}_train")[0] == pytest.approx(getattr(twin, name), **CLOSE)
    assert record.assembled[0] == pytest.approx(twin.assembled, **CLOSE)
    assert record.attack_day[0] == twin.attack
    assert record.seen[0, : len(twin.seen)] == pytest.approx(np.array(twin.seen), **CLOSE)


@pytest.mark.parametrize("run", [0, 5])
def test_beliefs_and_what_follows_from_them_are_those_of_the_twin(run):
    record, twin = both(run)
    for o in range(record.readiness.shape[1]):
        beliefs = [twin.belief(o, now) for now in (0.0, *twin.days)]
        axes = [belief.sum(axis=0) for belief in beliefs]
        assert record.axes[0, : len(axes), o] == pytest.approx(np.array(axes), **CLOSE)
        cut = [twin.before(belief, twin.calendar.cut) for belief in beliefs]
        assert record.before_cut[0, : len(cut), o] == pytest.approx(cut, **CLOSE)
        thought = [twin.strength(o, step) for step in range(len(twin.days))]
        assert record.believed[0, : len(thought), o] == pytest.approx(thought, **CLOSE)
        assert record.alert_days[0, o] == pytest.approx(twin.alert_days(o))
        assert record.bits[0, o] == pytest.approx(twin.surprise(o), **CLOSE)
    assert record.disposition[0] == twin.disposition()
