"""A change rewrites what it names and nothing else, keeps every number in its place, and says what does not fit."""

from datetime import datetime

import pytest

from khingan.errors import CampaignError, KhinganError
from khingan.experiment.apply import NO_ORDER, change_scenario
from khingan.experiment.change import Change
from khingan.experiment.check import TABLE_OF
from khingan.scenario.check import REFERENCES
from khingan.simulation.settings import DRAWN, Settings


def a_change(name="one", **fields):
    return Change(**{"name": name, "file": "mine.yaml", "line": 7, "what": "x.", "author": "me", "grade": "C"} | fields)


def edit(table="formations", **fields):
    return {"table": table, "where": {"formation": "su-division"}} | fields


def changed(scenario, *changes):
    return change_scenario(scenario, DRAWN, changes)[0]


def formation(scenario, name):
    return next(row for row in scenario.formations if row.formation == name)


def test_no_change_is_the_same_scenario(scenario):
    assert change_scenario(scenario, DRAWN, ()) == (scenario, DRAWN)


def test_an_edit_changes_its_cells_and_no_others(scenario):
    new = changed(scenario, a_change(edit=[edit(times={"men": 0.5}, to={"posture": "hold"}, at="Post")]))
    division = formation(new, "su-division")
    assert (division.men, division.posture, division.place, division.lon) == (5000, "hold", "Post", 131.2)
    assert [row for row in new.formations if row.formation != "su-division"] == [
        row for row in scenario.formations if row.formation != "su-division"
    ]
    assert new.orders == scenario.orders
    assert new.fingerprint != scenario.fingerprint


def test_multiples_compose_and_contradictions_do_not(scenario):
    half = a_change(edit=[edit(times={"men": 0.5})])
    third = a_change("two", edit=[edit(times={"men": 1 / 3})])
    fixed = a_change("three", edit=[edit(to={"men": 1})])
    assert formation(changed(scenario, half, third), "su-division").men == pytest.approx(10000 / 6)
    assert changed(scenario, half, third).formations == changed(scenario, third, half).formations
    with pytest.raises(CampaignError, match="men of su-division is set also by one"):
        changed(scenario, half, fixed)


def test_a_removed_formation_keeps_its_number_and_its_ships_stay_in_port(scenario):
    where = {"table": "formations", "where": {"formation": "su-landing"}}
    new = changed(scenario, a_change(remove=[where]))
    assert [row.formation for row in new.formations] == [row.formation for row in scenario.formations]
    assert formation(new, "su-landing").off_map
    assert new.lifts[0].order == NO_ORDER
    assert [row.order for row in new.orders] == [*(row.order for row in scenario.orders), NO_ORDER]


def test_an_addition_stands_behind_all_others(scenario):
    row = {"formation": "su-second", "men": 500.0}
    new = changed(scenario, a_change(add=[{"table": "formations", "like": "su-division", "row": row}]))
    assert new.formations[:-1] == scenario.formations
    assert (new.formations[-1].formation, new.formations[-1].men, new.formations[-1].tanks) == ("su-second", 500, 30)


def test_orders_supply_and_headquarters_are_taken_out_each_in_its_way(scenario):
    gone = [
        {"table": "orders", "where": {"order": "o2"}},
        {"table": "supply", "where": {"kind": "front_trucks"}},
        {"table": "headquarters", "where": {"side": "JP"}},
    ]
    new = changed(scenario, a_change(remove=gone))
    assert new.orders[1].kind == "none"
    assert all(row.kind != "front_trucks" for row in new.supply)
    assert new.surrender.headquarters[0].order.year > 1950, "beyond every horizon"


def test_a_later_attack_takes_its_orders_along_and_leaves_the_surrender(scenario):
    new = changed(scenario, a_change(h_hour="1945-08-11T00:00"))
    assert new.calendar.h_hour == datetime(1945, 8, 11)
    assert new.orders[0].starts == datetime(1945, 8, 11, 12)
    assert new.surrender == scenario.surrender
    both = changed(scenario, a_change(h_hour="1945-08-11T00:00", moves=["orders", "surrender"]))
    assert both.surrender.headquarters[0].order == datetime(1945, 8, 13, 18)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"edit": [edit(to={"posture": "hodl"})]}, "did you mean hold"),
        ({"edit": [edit(to={"plan": "su-axes"})]}, "did you mean su-axis"),
        ({"edit": [edit(to={"mem": 5})]}, "did you mean men"),
        ({"edit": [edit(to={"men": -5})]}, "men -5 is negative"),
        ({"edit": [edit(times={"place": 2})]}, "no number 'place'"),
        ({"edit": [edit(at="Estaon")]}, "did you mean Easton"),
        ({"edit": [edit(where={"formation": "su-divison"})]}, "did you mean su-division"),
        ({"edit": [edit(where={"nation": "SU"})]}, "no column 'nation'"),
        ({"edit": [edit()]}, "changes nothing"),
        ({"edit": [edit(to={"strength_claim": "hearsay"})]}, "rests on no claim 'hearsay'"),
        ({"add": [{"table": "formations", "like": "su-divison", "row": {"formation": "x"}}]}, "did you mean"),
        ({"add": [{"table": "formations", "like": "su-division", "row": {"men": 5}}]}, "no formation of its own"),
    ],
)
def test_what_does_not_fit_is_told_where_and_how_to_mend_it(scenario, fields, said):
    with pytest.raises(CampaignError) as error:
        changed(scenario, a_change(**fields))
    assert said in str(error.value)
    assert str(error.value).startswith("mine.yaml:7 | one: ")


def test_parameters_are_pinned_or_scaled_and_never_twice(scenario):
    pin = a_change(parameters={"air.support_gain": 0})
    twice = a_change("two", parameters={"combat.frontage": {"times": 2}})
    _, settings = change_scenario(scenario, DRAWN, (pin, twice))
    assert (settings.pinned, settings.scaled) == ({"air.support_gain": 0.0}, {"combat.frontage": 2.0})
    assert settings.changes == ("one", "two")
    with pytest.raises(KhinganError, match="set also by --set"):
        change_scenario(scenario, Settings(pinned={"air.support_gain": 1.0}), (pin,))
    with pytest.raises(KhinganError, match="set also by one"):
        change_scenario(scenario, DRAWN, (pin, a_change("three", parameters={"air.support_gain": {"times": 2}})))


def test_every_name_that_a_table_refers_to_can_be_checked():
    # A kind of name that scenario/check.py knows and experiment/check.py does not would fail only when it is edited.
    for _, _, kind, _ in REFERENCES:
        assert kind in ("front", "operation") or kind in TABLE_OF, kind
