"""Another date of attack: what goes by the calendar stands as it does on that day."""

from datetime import datetime
from functools import cache

import pytest

from khingan.errors import KhinganError
from khingan.experiment.apply import change_scenario
from khingan.experiment.dating import PEAK, standing
from khingan.experiment.repertoire import read_repertoire
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
