"""Another date of attack: what goes by the calendar stands as it does on that day."""

from datetime import datetime
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest

from khingan.errors import KhinganError
from khingan.experiment.apply import change_scenario
from khingan.experiment.dating import PEAK, standing
from khingan.experiment.repertoire import read_repertoire
from khingan.experiment.stocks import unloaded
from khingan.simulation.settings import DRAWN
from worlds import far_east

OWN = far_east().calendar.h_hour


@cache
def changed(name):
    return change_scenario(far_east(), DRAWN, read_repertoire(far_east()).chosen([name]))


def arriving(scenario, army):
    return [body.arrives for body in scenario.formations if body.army == army and body.role == "field"]


def test_the_ninth_of_august_is_the_campaign_as_it_is():
    scenario, settings = changed("attack-on=1945-08-09")
    for table in ("formations", "works", "weather", "orders", "plans", "lifts", "supply", "surrender"):
        assert getattr(scenario, table) == getattr(far_east(), table), table
    assert settings.scaled == DRAWN.scaled


def test_on_the_first_of_june_the_armies_are_still_on_the_trains():
    # buildup.md: 39th Army from 7 June, 6th Guards Tank Army from late June, 53rd Army from mid July.
    scenario, _ = changed("attack-1-june-1945")
    for army, least in (("su-39", 6), ("su-6-gds-tank", 20), ("su-53", 40)):
        days = [(arrives - scenario.calendar.h_hour).days for arrives in arriving(scenario, army)]
        assert min(days) >= least, army
    assert all(arrives <= OWN for arrives in arriving(scenario, "su-53"))


def test_nobody_comes_later_than_he_stood_there():
    scenario, _ = changed("attack-1-september-1945")
    before = {body.formation: body.arrives for body in far_east().formations}
    assert {body.formation: body.arrives for body in scenario.formations} == before


def test_the_divisions_of_july_are_not_raised_in_june_and_have_learnt_by_may():
    worth = {}
    for name in ("attack-1-june-1945", "attack-1-september-1945", "attack-1-may-1946"):
        scenario, _ = changed(name)
        body = next(body for body in scenario.formations if body.formation == "jp-138-division")
        worth[name] = body.effectiveness
        assert (body.arrives is not None) == (name == "attack-1-june-1945")
    values = list(worth.values())
    assert values == sorted(values)
    assert values[-1] <= 100


def bodies(name):
    return {body.formation: body for body in changed(name)[0].formations}


def test_in_june_the_divisions_from_china_are_not_there_and_the_call_up_has_filled_nobody():
    # buildup.md section 7: from China between spring and July; japanese_oob.csv: 126th Division 12,500 at formation.
    june, september = bodies("attack-1-june-1945"), bodies("attack-1-september-1945")
    assert june["jp-63-division"].arrives == datetime(1945, 6, 15)
    assert june["jp-126-division"].men == 12500
    assert (june["jp-125-division"].place, june["jp-125-division"].works) == ("Tsitsihar", "")
    for name in ("jp-63-division", "jp-126-division", "jp-125-division"):
        own = next(body for body in far_east().formations if body.formation == name)
        assert (september[name].place, september[name].men, september[name].arrives) == (own.place, own.men, None)


def test_a_division_not_yet_filled_is_rated_for_the_men_it_has():
    # Rated at 20 per cent with 19,000 men; with 12,500 of them it is that share of it, before its age counts.
    june, own = bodies("attack-1-june-1945")["jp-126-division"], 20.0
    assert june.effectiveness <= own * 12500 / 19000 + 1e-9


def test_where_another_change_puts_a_formation_it_stays():
    chosen = read_repertoire(far_east()).chosen(["attack-1-june-1945", "defence-redoubt"])
    scenario, _ = change_scenario(far_east(), DRAWN, chosen)
    division = next(body for body in scenario.formations if body.formation == "jp-39-division")
    assert (division.place, division.arrives) == ("Tunghua", datetime(1945, 6, 15))


def test_stocks_are_smaller_in_june_where_armies_came_by_rail_and_nowhere_else():
    own = {row.row: row.value for row in far_east().supply}
    june = {row.row: row.value / own[row.row] for row in changed("attack-1-june-1945")[0].supply if own[row.row]}
    assert 0.3 < june["ammunition-transbaikal"] < june["ammunition-1fe"] < 1, "more of the west came by rail"
    assert june["ammunition-2fe"] == june["fuel-2fe"] == 1
    autumn = {row.row: row.value / own[row.row] for row in changed("attack-1-september-1945")[0].supply if own[row.row]}
    assert 1 < autumn["ammunition-transbaikal"] < 1.3


def test_trains_come_evenly_from_the_first_to_the_last():
    # Two flows of 100 and 50 trains, days 10-30 and 20-40: on day 25 three quarters and one quarter are in.
    record = SimpleNamespace(first_train=np.array([[10.0, 20.0]]), last_train=np.array([[30.0, 40.0]]))
    flows = (SimpleNamespace(trains=100.0), SimpleNamespace(trains=50.0))
    assert unloaded(flows, record, [0, 1], 25.0) == pytest.approx(75.0 + 12.5)
    assert unloaded(flows, record, [0, 1], 5.0) == 0.0


def test_works_gain_the_days_that_the_attack_waits():
    scenario, _ = changed("attack-1-september-1945")
    assert all(
        new.prepared_days == old.prepared_days + 23 for new, old in zip(scenario.works, far_east().works, strict=True)
    )


def test_surprise_is_greatest_when_nobody_expects_it():
    june, september = (changed(name)[1].scaled[PEAK] for name in ("attack-1-june-1945", "attack-1-september-1945"))
    assert june > 1.0 > september


def test_a_later_attack_moves_the_cease_fire_and_an_earlier_does_not():
    before = [row.order for row in far_east().surrender.headquarters]
    june, may = (changed(name)[0] for name in ("attack-1-june-1945", "attack-1-may-1946"))
    assert [row.order for row in june.surrender.headquarters] == before
    assert [row.order - may.calendar.h_hour for row in may.surrender.headquarters] == [day - OWN for day in before]


def test_a_date_before_the_months_before_is_refused():
    with pytest.raises(KhinganError, match="date of attack"):
        standing(far_east(), datetime(1945, 1, 1), DRAWN)


def test_a_date_of_which_nothing_is_known_is_refused():
    with pytest.raises(KhinganError, match="lies beyond 1946-05-31"):
        standing(far_east(), datetime(1946, 6, 1), DRAWN)
