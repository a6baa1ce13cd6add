"""T35: equal arms differ by exactly nothing, and a change moves no luck but its own, mechanism by mechanism."""

from pathlib import Path

import numpy as np
import pytest

from khingan.experiment.apply import change_scenario
from khingan.experiment.arm import Ground, play_arms
from khingan.experiment.change import Change
from khingan.experiment.repertoire import read_repertoire
from khingan.experiment.what_if import what_if
from khingan.scenario.read import load
from khingan.simulation.draws import draw_parameters, readings
from khingan.simulation.play import play_chunk
from khingan.simulation.settings import DRAWN, Settings
from khingan.world.compile import compile_world
from worlds import far_east, far_east_world

# Aircraft and engineers are shared among the tasks of a front: without them theatres that never meet have nothing in
# common.
APART = Settings("prior", pinned={"air.support_gain": 0.0, "air.raid_share": 0.0, "engineers.share": 0.0})
KEPT = ("cells", "formations", "armies", "works", "lifts", "orders", "regions", "sides", "parameters")


def kurils_left_alone() -> Change:
    """The landing on the Kurils does not take place, and its garrisons are gone."""
    gone = [{"table": "formations", "where": {"army": army}} for army in ("su-kamchatka", "jp-kurils")]
    return Change(name="kurils", file="", line=0, what="x.", author="me", grade="C", remove=gone)


@pytest.fixture(scope="module")
def twins():
    """The same run of the real campaign with and without the war in the Kurils."""
    scenario, settings = change_scenario(far_east(), APART, (kurils_left_alone(),))
    world = compile_world(scenario, like=far_east_world())
    return play_chunk(far_east_world(), APART, 1945, 3, 1), play_chunk(world, settings, 1945, 3, 1), world


def test_without_a_change_the_effect_is_exactly_zero(scenario):
    measures = read_repertoire(scenario).measured(())
    for effect in what_if(scenario, (), measures, runs=4):
        assert (effect.difference, effect.low, effect.high) == (0.0, 0.0, 0.0), effect.measure


def test_no_change_of_the_campaign_renumbers_anything():
    # Luck is keyed by these numbers: a change may add names behind the others and take none away.
    for change in read_repertoire(far_east()).changes.values():
        scenario, _ = change_scenario(far_east(), DRAWN, (change,))
        world = compile_world(scenario, like=far_east_world())
        for kind in KEPT:
            before = getattr(far_east_world().names, kind)
            assert getattr(world.names, kind)[: len(before)] == before, (change.name, kind)


def test_a_reading_moves_only_where_the_change_is():
    change = read_repertoire(far_east()).change("17th-army-second-reading")
    scenario, _ = change_scenario(far_east(), DRAWN, (change,))
    world = compile_world(scenario, like=far_east_world())
    before, after = (readings(which, DRAWN, 7, 0, 1)[0] for which in (far_east_world(), world))
    moved = np.flatnonzero(before.formations.men != after.formations.men)
    armies = {scenario.formations[u].army for u in moved}
    assert armies == {"su-17"}
    assert np.array_equal(before.formations.start, after.formations.start)
    assert before.regions.tobytes() == after.regions.tobytes()
    assert before.lifts.tobytes() == after.lifts.tobytes()
    assert np.array_equal(*(draw_parameters(which, DRAWN, 7, 0, 3) for which in (far_east_world(), world)))


def island_bound() -> set[str]:
    """The formations of the Kurils and all that sail there: those whom the change concerns."""
    places = {place.name: place.lon for place in far_east().places}
    sailing = {lift.formation for lift in far_east().lifts if places[lift.destination] > 144.5}
    return sailing | {body.formation for body in far_east().formations if body.army in ("su-kamchatka", "jp-kurils")}


def test_a_war_elsewhere_does_not_notice_in_any_mechanism(twins):
    with_kurils, without, _ = twins
    scenario, concerned = far_east(), island_bound()
    mixed = {body.army for body in scenario.formations if body.formation in concerned}
    # Troops behind the line share the losses of their army, wherever it fights.
    behind = {body.formation for body in scenario.formations if body.army in mixed and body.role == "support"}
    others = [u for u, body in enumerate(scenario.formations) if body.formation not in concerned | behind]
    armies = [a for a, army in enumerate(scenario.armies) if army.army not in mixed]
    lifts = [k for k, lift in enumerate(scenario.lifts) if lift.formation not in concerned]
    works = [k for k, row in enumerate(scenario.works) if row.lon < 144.5]
    land = np.flatnonzero(scenario.terrain.cells["lon"] < 144.5)
    assert len(others) > 300
    assert len(lifts) > 20
    kept = (
        (others, ("men", "tanks", "fuel", "place", "order_arrival", "capitulated")),
        (armies, ("killed", "wounded", "captured", "tanks_lost", "deserted", "halted_hours")),
        (lifts, ("landed",)), (works, ("works_fall",)), (land, ("first_control", "held_at_end")),
    )  # fmt: skip
    for numbers, names in kept:
        for name in names:
            assert with_kurils[name][..., numbers].tobytes() == without[name][..., numbers].tobytes(), name
    for name in ("wet_share", "surrender"):
        assert with_kurils[name].tobytes() == without[name].tobytes(), name


def test_the_war_in_question_did_use_every_mechanism(twins):
    # Otherwise the test above would prove nothing of the silent ones.
    run, _, _ = twins
    for name in ("killed", "captured", "tanks_lost", "deserted"):
        assert run[name].sum() > 0, name
    for name in ("landed", "works_fall", "capitulated", "order_arrival", "first_control"):
        assert np.isfinite(run[name]).any(), name
    assert 0 < run["wet_share"].mean() < 1


def test_the_changed_theatre_did_change(twins):
    with_kurils, without, _ = twins
    kurils = far_east().terrain.cells["lon"] > 150
    assert np.nanmin(with_kurils["first_control"][:, kurils]) < np.inf
    assert not np.array_equal(
        with_kurils["first_control"][:, kurils], without["first_control"][:, kurils], equal_nan=True
    )


def test_arms_do_not_depend_on_threads_or_their_company(folder: Path):
    scenario = load(folder)
    repertoire = read_repertoire(scenario)
    ground = Ground.of(scenario, DRAWN, repertoire.measured(()))
    arms = [ground.arm(()), ground.arm(repertoire.chosen(["small-division"]))]
    together = play_arms(arms, 6, seed=7, workers=2)
    alone = play_arms(arms[1:], 6, seed=7, workers=1)
    assert np.array_equal(together[1], alone[0])
