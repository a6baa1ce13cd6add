"""The two border campaigns: small maps, short steps, and the numbers of their sources."""

import csv
import json
import sys
from functools import cache
from pathlib import Path

import h3
import numpy as np
import pyarrow.parquet as pq
import pytest

from khingan.scenario.gazetteer import resolve
from khingan.scenario.read import load
from khingan.scenario.schema import Scenario
from khingan.simulation.play import play_chunk
from khingan.simulation.settings import DRAWN
from khingan.world.compile import compile_world

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
KHASAN, KHALKHIN = "lake-khasan-1938", "khalkhin-gol-1939"
both = pytest.mark.parametrize("name", [KHASAN, KHALKHIN])


@cache
def campaign(name: str) -> Scenario:
    return load(name)


@cache
def played(name: str) -> dict[str, np.ndarray]:
    return play_chunk(compile_world(campaign(name)), DRAWN, 1945, 0, 5)


def total(name: str, side: str, column: str, before: str = "9", roles: tuple[str, ...] = ()) -> float:
    """Sum over a side's formations that are there by a date, of some roles where they are named."""
    return sum(
        getattr(body, column)
        for body in campaign(name).formations
        if body.side == side and not body.parent and (not roles or body.role in roles)
        and (body.arrives is None or body.arrives.isoformat() < before)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "side", "column", "low", "high"),
    [
        # border-wars-inputs: 22,950 men, 285-354 tanks and 13 self-propelled guns, 237 guns; 7,000-7,300 men, 37 guns.
        (KHASAN, "SU", "men", 22_950, 22_950), (KHASAN, "SU", "tanks", 285 + 13, 354 + 13),
        (KHASAN, "SU", "guns", 237, 237), (KHASAN, "JP", "men", 7_000, 7_300), (KHASAN, "JP", "guns", 35, 37),
        (KHASAN, "JP", "tanks", 0, 0),
        # 51,950-57,000 men, 438-550 tanks; 500-634 guns and mortars with 346-385 armoured cars entered as guns;
        # 28,000-38,000 men, 135-300 guns, no tanks.
        (KHALKHIN, "SU", "men", 51_950, 57_000), (KHALKHIN, "SU", "tanks", 438, 550),
        (KHALKHIN, "SU", "guns", 500 + 346, 634 + 385), (KHALKHIN, "JP", "men", 28_000, 38_000),
        (KHALKHIN, "JP", "guns", 135, 300), (KHALKHIN, "JP", "tanks", 0, 0),
    ],
)  # fmt: skip
def test_the_order_of_battle_adds_up_to_the_sources(name: str, side: str, column: str, low: int, high: int) -> None:
    before = {KHASAN: "1938-08-07", KHALKHIN: "1939-08-21"}[name]
    assert low <= total(name, side, column, before) <= high


def test_the_lines_have_the_men_that_the_sources_put_into_them() -> None:
    # 15,000 of the corps for the line; 20,000-25,000 Japanese and Manchukuo men in the line with their artillery.
    assert total(KHASAN, "SU", "men", "1938-08-07", ("field",)) == pytest.approx(15_000, rel=0.2)
    in_line = total(KHALKHIN, "JP", "men", "1939-08-21") - next(
        body.men for body in campaign(KHALKHIN).formations if body.formation == "jp-rear"
    )
    assert 20_000 <= in_line <= 25_000


def test_the_share_of_armoured_cars_stands_in_the_notes() -> None:
    """346-385 armoured cars among the guns; whoever takes them out again finds 500-634 guns and mortars."""
    notes = [body.note for body in campaign(KHALKHIN).formations if "armoured cars among the guns" in body.note]
    cars = sum(int(note.split(" armoured cars")[0].split()[-1]) for note in notes)
    assert 346 <= cars <= 385
    assert 500 <= total(KHALKHIN, "SU", "guns", "1939-08-21") - cars <= 634


@both
def test_the_ground_is_what_its_script_makes_of_the_authored_tables(name: str) -> None:
    from build_small_terrain import CAMPAIGNS, TABLES, build, read
    from terrain.small_map import draw

    folder = CAMPAIGNS / name
    for file, table in zip(TABLES, build(folder), strict=True):
        assert pq.read_table(folder / "terrain" / file).equals(table), file
    drawn = json.loads((folder / "map/outlines.json").read_text(encoding="utf-8"))
    assert drawn == draw(folder, read(folder / "campaign.yaml"))


@both
def test_the_claims_of_the_ground_stand_in_the_ledger(name: str) -> None:
    folder = Path(campaign(name).folder) / "terrain"
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            assert {row["claim"] for row in csv.DictReader(file)} <= set(campaign(name).ledger.claims), path.name


def crossing(name: str, line: list[tuple[float, float]]) -> np.ndarray:
    """Which edges of the map a line (longitude, latitude) crosses."""
    from terrain.small import crosses

    cells, edges = campaign(name).terrain.cells, campaign(name).terrain.edges
    centres = np.stack([cells["lon"], cells["lat"]], axis=1)
    return crosses(centres[edges["a"]], centres[edges["b"]], line)


def authored(name: str, file: str, key: str) -> dict[str, list[tuple[float, float]]]:
    from terrain.authored import lines

    return lines(Path(campaign(name).folder) / "terrain" / file, key)


def test_nobody_walks_over_the_lake() -> None:
    (ring,) = authored(KHASAN, "lakes.csv", "lake").values()
    over = crossing(KHASAN, [*ring, ring[0]])
    assert over.any()
    assert campaign(KHASAN).terrain.edges["blocked"][over].all()
    middle = h3.latlng_to_cell(42.450, 130.625, 8)
    assert middle not in set(campaign(KHASAN).terrain.cells["cell"].tolist())


@pytest.mark.parametrize(("name", "river", "least", "most"), [(KHALKHIN, "Khalkha", 12, 30), (KHASAN, "Tumen", 1, 4)])
def test_the_river_is_crossed_only_where_a_crossing_stands(name: str, river: str, least: int, most: int) -> None:
    edges = campaign(name).terrain.edges
    over = crossing(name, authored(name, "river_courses.csv", "river")[river])
    open_edges = over & ~edges["blocked"]
    with (Path(campaign(name).folder) / "terrain/crossings.csv").open(encoding="utf-8", newline="") as file:
        crossings = [row for row in csv.DictReader(file) if row["river"] == river]
    assert least <= open_edges.sum() <= min(most, len(crossings))
    assert (edges["river"][over] != "none").all()


def test_steps_and_hexagons_are_campaign_data() -> None:
    calendars = [campaign(name).calendar for name in (KHASAN, KHALKHIN)]
    assert [(calendar.resolution, calendar.step_hours) for calendar in calendars] == [(8, 1), (7, 2)]


@both
def test_neither_side_stands_on_ground_that_is_closed_to_it(name: str) -> None:
    scenario, place = campaign(name), played(name)["place"]
    claimed = scenario.terrain.cells["claimed"]
    for side in scenario.calendar.limits:
        other = scenario.calendar.sides[side].adversary
        columns = [k for k, body in enumerate(scenario.formations) if body.side == side]
        visited = np.unique(place[:, :, columns])
        assert not (claimed[visited[visited >= 0]] == other).any()
        ends = played(name)["held_at_end"][:, claimed == other]
        assert (ends == (side != scenario.calendar.control_side)).all()


@both
def test_both_sides_lose_men_and_none_are_nobody(name: str) -> None:
    chunk, scenario = played(name), campaign(name)
    assert np.isfinite(chunk["men"]).all()
    assert (chunk["men"] >= 0).all()
    for side in ("SU", "JP"):
        armies = [k for k, army in enumerate(scenario.armies) if army.side == side]
        losses = (chunk["killed"] + chunk["wounded"])[:, -1, armies].sum(axis=1)
        assert (losses > 0).all()


def test_the_crest_may_be_lost_and_won_back() -> None:
    """Held from the first hour means 0; in some run of five the hill that was attacked has changed hands."""
    first = played(KHASAN)["first_control"][:, resolve(campaign(KHASAN), "Zaozernaya").cell]
    assert (np.isnan(first) | (first > 0)).any()


def test_a_campaign_without_a_surrender_ends_with_its_days() -> None:
    assert campaign(KHASAN).surrender.broadcast is None
    assert not campaign(KHASAN).surrender.headquarters
    assert np.isnan(played(KHASAN)["capitulated"]).all()


@both
def test_a_prediction_is_one_command(name: str, tmp_path: Path) -> None:
    import register_prediction

    said, scenario = register_prediction.predict(name, 3, 1, tmp_path / "study")
    assert len(said["commit"].split()[0]) == 40
    assert said["runs"] == 3
    names = " ".join(row["measure"] for row in said["measures"])
    assert all(words in names for words in ("killed and missing", "prisoners", "ground that both claim"))
    assert all(0 <= row["share"] <= 1 for row in said["shares"])
    assert register_prediction.page(said, scenario).startswith("# Registered prediction")


def test_ground_that_both_claim_is_tinted_on_the_page_and_one_s_own_is_not() -> None:
    from khingan.report.front import home_cells

    home, claimed = home_cells(campaign(KHASAN)), campaign(KHASAN).terrain.cells["claimed"]
    assert not home[claimed == "both"].any()
    assert home[claimed == "SU"].all()
