"""Plans that were never fought: borrowed ground, dated lines, gathering, and questions in place of history."""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from khingan.experiment.answer import answer
from khingan.experiment.apply import change_scenario
from khingan.experiment.arm import Ground, play_arms
from khingan.experiment.question import read_questions
from khingan.experiment.repertoire import read_repertoire
from khingan.history.targets import has_history
from khingan.scenario.gazetteer import resolve
from khingan.scenario.read import load
from khingan.scenario.schema import Scenario
from khingan.simulation.play import play_chunk
from khingan.simulation.settings import DRAWN
from khingan.world.compile import compile_world
from worlds import FAR_EAST, far_east

KANTOKUEN, PLAN_1933 = "kantokuen-1941", "plan-1933"
FACTS = Path(__file__).parents[2] / "shared" / "facts" / "campaign-1945"
plans = pytest.mark.parametrize("name", [KANTOKUEN, PLAN_1933])
shared = pytest.mark.skipif(not FACTS.is_dir(), reason=f"the facts are not here ({FACTS})")


@cache
def campaign(name: str) -> Scenario:
    return load(name)


@cache
def runs(name: str) -> dict[str, np.ndarray]:
    """Three runs of the plan as it stands."""
    return play_chunk(compile_world(campaign(name)), DRAWN, 1945, 0, 3)


def facts(file: str, *snapshots: str) -> list[dict[str, str]]:
    with (FACTS / file).open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if row["snapshot"] in snapshots]


def sums(scenario: Scenario, side: str, off_map: bool = True) -> dict[str, float]:
    """Men, tanks, guns and aircraft of a side, what is counted inside another row left out."""
    bodies = [f for f in scenario.formations if f.side == side and not f.parent and (off_map or not f.off_map)]
    return {column: sum(getattr(f, column) for f in bodies) for column in ("men", "tanks", "guns", "aircraft")}


def wanted(rows: list[dict[str, str]], *sides: str) -> dict[str, float]:
    columns = {"men": "men_best", "tanks": "tanks", "guns": "guns_est", "aircraft": "aircraft"}
    return {
        name: sum(float(row[column]) for row in rows if row["side"] in sides and row["formation"])
        for name, column in columns.items()
    }


@shared
@pytest.mark.parametrize(
    ("name", "file", "snapshots"),
    [(KANTOKUEN, "oob_1941.csv", ("1941-06", "1941-09")), (PLAN_1933, "oob_1933.csv", ("1933", "1933-plan"))],
)
def test_each_side_adds_up_to_the_snapshots_of_the_facts(name: str, file: str, snapshots: tuple[str, ...]) -> None:
    """Rows kept off the map count too: they went west before the opening, or are named twice in the plan."""
    rows = facts(file, *snapshots)
    assert sums(campaign(name), "JP") == pytest.approx(wanted(rows, "JP", "MK"))
    assert sums(campaign(name), "SU") == pytest.approx(wanted(rows, "SU"))


@shared
@pytest.mark.parametrize(
    ("change", "snapshot", "side"),
    [("twenty-five-divisions", "1941-25div", "JP"), ("thirty-four-divisions", "1941-34div", "JP")],
)
def test_a_variant_adds_the_divisions_of_its_snapshot(change: str, snapshot: str, side: str) -> None:
    before = sums(campaign(KANTOKUEN), side)
    after = sums(changed(KANTOKUEN, change), side)
    added = wanted(facts("oob_1941.csv", snapshot), side)
    for column in ("men", "tanks", "guns"):
        assert after[column] - before[column] == pytest.approx(added[column]), column


@shared
def test_the_state_of_december_replaces_the_soviet_side() -> None:
    """The snapshot of 1 December stands alone: 1.34 million men, 3,193 aircraft."""
    found, rows = sums(changed(KANTOKUEN, "state-of-december"), "SU", off_map=False), facts("oob_1941.csv", "1941-12")
    assert found == pytest.approx(wanted(rows, "SU"))


def changed(name: str, change: str) -> Scenario:
    repertoire = read_repertoire(campaign(name))
    return change_scenario(campaign(name), DRAWN, repertoire.chosen([change]))[0]


@plans
def test_the_ground_is_borrowed_and_its_cells_are_the_same(name: str) -> None:
    own, borrowed = campaign(name).terrain, far_east().terrain
    assert campaign(name).calendar.ground == FAR_EAST
    assert (own.cells["cell"] == borrowed.cells["cell"]).all()
    assert (own.cells["owner"] == borrowed.cells["owner"]).all()
    other = {column for column in own.edges if (own.edges[column] != borrowed.edges[column]).any()}
    assert other == {"rail"}


@pytest.mark.parametrize(
    ("place", "joined"),
    # Lines of plan_1933.md section 4 that did not exist, and three that did.
    [("Sunwu", False), ("Hulin", False), ("Chihsi", True), ("Poli", False), ("Wuchakou", False), ("Tungning", False),
     ("Choibalsan", False), ("Peian", True), ("Solun", True), ("Suifenho", True)],
)  # fmt: skip
def test_lines_that_did_not_exist_in_1933_are_gone(place: str, joined: bool) -> None:
    assert has_rail(campaign(PLAN_1933), place) is joined
    assert has_rail(far_east(), place)


def has_rail(scenario: Scenario, place: str) -> bool:
    """Whether a railway of full gauge touches the place's cell."""
    cell, edges = resolve(scenario, place).cell, scenario.terrain.edges
    here = (edges["a"] == cell) | (edges["b"] == cell)
    return bool(np.isin(edges["rail"][here], ("standard", "broad")).any())


def test_the_chinese_eastern_line_was_broad_in_1933() -> None:
    """Manchouli to Harbin and on to Suifenho: 1524 mm until 1935."""
    edges = campaign(PLAN_1933).terrain.edges
    for place in ("Hailar", "Poketu", "Imienpo", "Muleng"):
        cell = resolve(campaign(PLAN_1933), place).cell
        here = (edges["a"] == cell) | (edges["b"] == cell)
        assert "broad" in edges["rail"][here], place


@plans
def test_the_attacker_holds_only_what_touches_his_own_march(name: str) -> None:
    """Ground he gains is reached from ground he held: no gained cell is cut off from the border he started at."""
    scenario, chunk = campaign(name), runs(name)
    own = scenario.terrain.cells["owner"] == "JP"
    edges = scenario.terrain.edges
    for hours in chunk["first_control"]:
        first = np.where(own, 0.0, hours)  # his own ground counts from the first hour, lost and won back or not
        gained = np.isfinite(first)
        assert gained[~own].any()
        # By way of a neighbour that was held no later.
        earlier = np.zeros(len(first), bool)
        for here, there in ((edges["a"], edges["b"]), (edges["b"], edges["a"])):
            earlier[there[first[here] <= first[there]]] = True
        assert earlier[gained & ~own].all()


@plans
def test_without_orders_and_plans_nobody_crosses_the_border(name: str) -> None:
    """The attacker advances by plans and orders alone; garrisons and reserves stay."""
    scenario = campaign(name)
    still = tuple(body.model_copy(update={"plan": ""}) for body in scenario.formations)
    silent = tuple(order.model_copy(update={"kind": "none", "plan": ""}) for order in scenario.orders)
    world = compile_world(scenario.model_copy(update={"formations": still, "orders": silent}))
    chunk = play_chunk(world, DRAWN, 1945, 0, 1)
    assert not np.isfinite(chunk["first_control"][:, scenario.terrain.cells["owner"] == "SU"]).any()


def test_both_sides_have_a_load_of_their_own_for_one_type() -> None:
    """A row of loads by type may end in its side: 40 t for a Japanese tank group, 110 t for a Soviet tank division."""
    world = compile_world(campaign(KANTOKUEN))
    tonnes = dict(zip(world.names.formations, world.logistics.unit_of_fire_t.best.tolist(), strict=True))
    assert tonnes["jp-1-tank-group"] == pytest.approx(40.0)
    assert tonnes["su-58-tank-division"] == pytest.approx(110.0)


@plans
def test_it_has_questions_and_no_history(name: str) -> None:
    scenario = campaign(name)
    assert not has_history(scenario)
    assert scenario.calendar.official_end is None
    assert list(read_questions(scenario, read_repertoire(scenario))) == ["begin", "reach", "stopped", "needed"]


@plans
def test_an_answer_is_a_range_with_its_grade(name: str) -> None:
    scenario, repertoire = campaign(name), read_repertoire(campaign(name))
    questions = read_questions(scenario, repertoire)
    found = [a.as_dict() for a in answer(scenario, repertoire, [questions["begin"], questions["reach"]], 3, workers=1)]
    assert [said["grade"] for said in found] == ["C", "C"]
    window = found[0]["window"]
    assert window["assembled"]["q05"] <= window["assembled"]["median"] <= window["assembled"]["q95"]
    assert 0.0 <= window["in_time"] <= 1.0
    for row in found[1]["measures"]:
        assert row["q05"] <= row["median"] <= row["q95"]


@pytest.mark.parametrize(
    ("name", "change", "sign"),
    # Fewer defenders, weaker works, more attackers: more ground. A later opening, a weaker group: less.
    [(KANTOKUEN, "soviet-halved", 1), (KANTOKUEN, "no-fortified-regions", 1), (KANTOKUEN, "opening-10-september", -1),
     (PLAN_1933, "east-with-five", -1)],
)  # fmt: skip
def test_a_change_acts_in_its_direction(name: str, change: str, sign: int) -> None:
    scenario, repertoire = campaign(name), read_repertoire(campaign(name))
    ground = Ground.of(scenario, DRAWN, repertoire.measured(["ground-before-frost"]))
    arms = [ground.arm(()), ground.arm(repertoire.chosen([change]))]
    plain, other = play_arms(arms, 6, 1945, workers=1)[:, :, 0].mean(axis=1)
    assert sign * (other - plain) > 0
