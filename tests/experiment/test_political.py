"""The switches of the war's end as changes: by school, with measures that matter, and no result without its label."""

import numpy as np
import pytest

from khingan.errors import KhinganError
from khingan.experiment.apply import change_scenario
from khingan.experiment.arm import Ground
from khingan.experiment.political import political_changes, politics_settings, shares_of
from khingan.experiment.repertoire import read_repertoire
from khingan.scenario.politics import require_politics
from khingan.scenario.read import load
from khingan.scenario.vocabulary import SCHOOLS
from khingan.simulation.draws import draw_parameters
from khingan.simulation.politics import SCHOOL
from khingan.simulation.settings import DRAWN, Settings
from toy import write_toy_campaign
from worlds import far_east, far_east_world

MEASURES = ("surrender-day", "territory-at-end", "irrecoverable-jp", "irrecoverable-su")


def test_every_switch_of_the_campaign_is_a_change_of_what_if():
    changes = read_repertoire(far_east()).changes
    assert {switch.key for switch in require_politics(far_east()).switches} <= set(changes)
    assert "hokkaido-landing" in changes
    assert changes["entry-on"].shown == "entry-on=YYYY-MM-DD"


@pytest.mark.parametrize("name", ["no-soviet-entry", "pact-kept"])
def test_without_the_entry_nobody_sets_out(name):
    scenario, settings = change_scenario(far_east(), DRAWN, (political_changes(far_east())[name],))
    assert not any(formation.plan for formation in scenario.formations if formation.side == "SU")
    assert {order.kind for order in scenario.orders} == {"none"}
    assert settings.pinned["disarming.start_days"] > scenario.calendar.days


def test_an_entry_on_another_date_is_the_attack_on_that_date():
    # A month later: H-hour moves, the entry that weighs on the decision with it, the bombs keep their days.
    change = read_repertoire(far_east()).change("entry-on=1945-09-09")
    scenario, settings = change_scenario(far_east(), DRAWN, (change,))
    assert scenario.calendar.h_hour.isoformat() == "1945-09-09T00:00:00"
    assert settings.pinned["politics.entry_shift_days"] == 31
    first, later = (row.starts or row.issued for row in (far_east().orders[20], scenario.orders[20]))
    assert (later - first).days == 31


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("entry-on", "does not fit"), ("entry-on=soon", "does not fit"), ("no-bombs=1", "nothing is to be given"),
        ("warning=72", "out of range"), ("warning=much", "does not fit"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_value_is_said(name, told):
    with pytest.raises(KhinganError, match=told):
        read_repertoire(far_east()).change(name)


def test_schools_take_turns_by_the_number_of_the_run():
    # Whatever the chunk: run 5 is the second school's in any.
    settings, world = Settings(pinned={SCHOOL: -1.0}), far_east_world()
    column = world.names.parameters.index(SCHOOL)
    assert draw_parameters(world, settings, 1, 3, 6)[:, column].tolist() == [4, 1, 2, 3, 4, 1]
    shares = shares_of(settings, 8)
    assert list(shares) == [*SCHOOLS, "schools"]
    assert shares["entry"].tolist() == [1, 5]
    with pytest.raises(KhinganError, match="too few"):
        shares_of(settings, 7)


def test_the_calendar_is_no_ground_for_a_political_change(tmp_path):
    changes = (political_changes(far_east())["no-bombs"],)
    with pytest.raises(KhinganError, match="does not draw"):
        politics_settings(far_east(), "calendar", changes)
    assert politics_settings(far_east(), None, changes).pinned[SCHOOL] == -1.0
    assert politics_settings(far_east(), "both", changes).pinned[SCHOOL] == 3.0
    assert politics_settings(load(write_toy_campaign(tmp_path / "toy")), None, ()) == DRAWN


def test_a_change_that_silences_headquarters_is_played_by_the_calendar():
    # A drawn decision would have every headquarters speak after all: the change would do nothing and nobody would know.
    changes = read_repertoire(far_east()).chosen(["no-surrender-order"])
    assert politics_settings(far_east(), None, changes) == DRAWN
    with pytest.raises(KhinganError, match="use --politics calendar"):
        politics_settings(far_east(), "entry", changes)


def test_the_surrender_comes_later_without_a_bomb_and_no_land_is_lost_without_an_entry():
    # The same eight runs in each arm, two a school: a shock less never brings the broadcast forward.
    measures = read_repertoire(far_east()).measured(MEASURES)
    ground = Ground.of(far_east(), politics_settings(far_east(), None, ()), measures)
    changes = political_changes(far_east())
    fact, bombless, peace, accepted = (
        ground.arm(tuple(changes[name] for name in names)).play(7, 0, 8)
        for names in ((), ("no-bombs",), ("no-soviet-entry",), ("potsdam-accepted",))
    )
    assert (bombless[:, 0] >= fact[:, 0]).all()
    assert (bombless[:, 0] > fact[:, 0]).any()
    assert not peace[:, 1:].any()
    assert (peace[:, 0] >= fact[:, 0]).all()
    # Accepted on 28 July, before H-hour, and broadcast a day later unless a veto holds it up.
    assert np.median(accepted[:, 0]) < -5
    assert accepted[:, 2].mean() < fact[:, 2].mean()


def test_a_later_entry_is_counted_from_the_historical_h_hour():
    measures = read_repertoire(far_east()).measured(MEASURES[:1])
    ground = Ground.of(far_east(), politics_settings(far_east(), "entry", ()), measures)
    later = ground.arm((read_repertoire(far_east()).change("entry-on=1945-09-09"),))
    assert later.later_h == 31 * 24
    days = later.play(7, 0, 12)[:, 0]
    # Some wars end by the bombs before the new entry, none before the old one; most wait for it in this school.
    assert days.min() > 0
    assert np.median(days) > 20
