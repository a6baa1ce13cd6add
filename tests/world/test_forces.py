"""The order of battle as arrays: where each body stands, whose guns it has."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from khingan.scenario.read import load
from khingan.units import great_circle_km
from khingan.world.compile import compile_world
from toy import set_cell, write_toy_campaign
from worlds import far_east, far_east_world


def test_guns_handed_out_are_the_guns_there_were() -> None:
    """By front: artillery of an army or a front goes to formations of the same front, and none is lost."""
    scenario, muster = far_east(), far_east_world().muster
    front_of = {army.army: army.front for army in scenario.armies}
    before, after = Counter[str](), Counter[str]()
    for body, guns in zip(scenario.formations, muster.guns.best.tolist(), strict=True):
        before[front_of[body.army]] += body.guns
        after[front_of[body.army]] += guns
    assert {front: round(count, 6) for front, count in after.items()} == dict(before)


def test_support_keeps_no_guns_where_somebody_can_fire_them() -> None:
    scenario, muster = far_east(), far_east_world().muster
    front_of = {army.army: army.front for army in scenario.armies}
    fighting = {front_of[body.army] for body in scenario.formations if body.role == "field"}
    for body, guns in zip(scenario.formations, muster.guns.best, strict=True):
        assert guns == 0 or body.role != "support" or front_of[body.army] not in fighting, body.formation


def test_guns_are_shared_by_men(tmp_path: Path) -> None:
    # 300 guns of the army over 10,000 and 5,000 men: 200 and 100, beside the 150 and 0 of their own.
    folder = write_toy_campaign(tmp_path)
    rows = (folder / "order_of_battle.csv").read_text().splitlines()
    second = rows[1].replace("su-division", "su-brigade").replace(",10000,30,150,", ",5000,0,0,")
    guns = (
        rows[1].replace("su-division", "su-guns").replace(",rifle,field,10000,30,150,", ",support,support,900,0,300,")
    )
    (folder / "order_of_battle.csv").write_text("\n".join([*rows, second, guns.replace("su-axis", "")]) + "\n")
    world = compile_world(load(folder))
    found = dict(zip(world.names.formations, world.muster.guns.best.tolist(), strict=True))
    assert (found["su-division"], found["su-brigade"], found["su-guns"]) == (350, 100, 0)


def test_everybody_stands_on_ground_of_his_own_side() -> None:
    """Wherever a reading may put him: nobody begins the war behind the enemy's frontier."""
    muster, owner = far_east_world().muster, far_east_world().arrays.land.owner
    for u, side in enumerate(muster.roster.side):
        cells = [*muster.start_choices[u], *([muster.start[u]] if muster.start[u] >= 0 else [])]
        assert (owner[cells] == side).all(), far_east_world().names.formations[u]


def test_a_formation_may_have_stood_within_the_range_of_its_claim() -> None:
    scenario, muster = far_east(), far_east_world().muster
    cells = scenario.terrain.cells
    for body, choices in zip(scenario.formations, muster.start_choices, strict=True):
        if choices.size:
            points = zip(cells["lat"][choices], cells["lon"][choices], strict=True)
            furthest = max(great_circle_km(body.lat, body.lon, *point) for point in points)
            # Floats of another formula: a metre.
            assert furthest <= scenario.ledger.claim(body.presence_claim).shift + 0.001


def test_a_garrison_stands_in_its_works() -> None:
    world = far_east_world()
    muster, works = world.muster, world.arrays.works
    manned = np.flatnonzero(muster.roster.works >= 0)
    assert len(manned) > 20
    np.testing.assert_array_equal(muster.start[manned], works.cell[muster.roster.works[manned]])
    assert all(muster.start_choices[u].size == 0 for u in manned)


def test_off_the_map_nobody_stands() -> None:
    off = [bool(body.off_map) for body in far_east().formations]
    assert (far_east_world().muster.start[off] == -1).all()


def test_a_landing_party_far_from_its_own_ground_waits_on_board(tmp_path: Path) -> None:
    # In Weston it stands in port; 35 degrees of latitude away it can only be on its ships.
    folder = write_toy_campaign(tmp_path)
    in_port = compile_world(load(folder))
    set_cell(folder, "order_of_battle.csv", "su-landing", "lat", "10")
    at_sea = compile_world(load(folder))
    u = in_port.names.number("formations", "su-landing")
    assert in_port.arrays.land.owner[in_port.muster.start[u]] == in_port.muster.roster[u].side
    assert at_sea.muster.start[u] == -1


def test_digging_follows_posture_and_works() -> None:
    # parameters/reading.yaml: an attacker has dug for 0 days, a holder for 14; works bring their own age.
    world = far_east_world()
    for u, body in enumerate(far_east().formations):
        days = world.muster.roster[u].prepared_days
        if body.works:
            assert days == far_east().works[world.names.number("works", body.works)].prepared_days
        elif body.posture in ("attack", "hold"):
            assert days == (0 if body.posture == "attack" else 14)


def test_a_rating_of_whole_divisions_leaves_each_its_rated_share_of_the_yardstick() -> None:
    """jp-standard-division: 21,000 men. 14,500 men rated at 35 per cent are worth 7,350 of them; brigades as before."""
    scenario, muster = far_east(), far_east_world().muster
    worth = muster.quality.best * muster.rated.best * muster.men.best
    rated = {body.formation: worth[u] for u, body in enumerate(scenario.formations)}
    assert rated["jp-124-division"] == pytest.approx(0.35 * 21000)
    brigade = next(body for body in scenario.formations if body.type == "infantry-brigade" and body.men)
    assert rated[brigade.formation] == pytest.approx(brigade.men * brigade.effectiveness / 100)
