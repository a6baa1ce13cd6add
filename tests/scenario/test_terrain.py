"""The terrain tables of the first campaign: geometry, sides, straits and the rivers of the frontier."""

import csv
from collections import Counter, defaultdict
from pathlib import Path

import h3
import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from khingan.scenario.vocabulary import COVERS, RAILS, RELIEFS, RIVERS, ROADS

CAMPAIGN = Path(__file__).parents[2] / "src/khingan/campaigns/far-east-1945"
CELLS = pq.read_table(CAMPAIGN / "terrain/cells.parquet").to_pydict()
EDGES = {
    name: np.array(column) for name, column in pq.read_table(CAMPAIGN / "terrain/edges.parquet").to_pydict().items()
}
ROW = {cell: i for i, cell in enumerate(CELLS["cell"])}
OFF_MAP = {"Tokyo", "Hiroshima", "Nagasaki", "Moscow", "Cheju", "Ulan-Ude", "Ulaanbaatar"}


@pytest.fixture(scope="module")
def places() -> dict[str, dict[str, str]]:
    with (CAMPAIGN / "places.csv").open(newline="", encoding="utf-8") as table:
        return {row["name"]: row for row in csv.DictReader(table) if row["name"] not in OFF_MAP}


def row_of(place: dict[str, str]) -> int:
    return ROW[h3.latlng_to_cell(float(place["lat"]), float(place["lon"]), 5)]


def parts(open_edges: np.ndarray) -> np.ndarray:
    """Number of the connected part each cell belongs to when only these edges can be walked."""
    a, b = EDGES["a"][open_edges], EDGES["b"][open_edges]
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(len(ROW), len(ROW)))
    return connected_components(graph, directed=False)[1]


def test_about_thirteen_thousand_land_cells() -> None:
    # The theatre is some 2.6 million km2 and a hexagon here 197 km2 on the average.
    assert 12_000 <= len(ROW) <= 14_000
    assert CELLS["cell"] == sorted(ROW)
    assert np.mean(CELLS["area_km2"]) == pytest.approx(197, rel=0.05)


def test_every_neighbouring_pair_has_one_edge() -> None:
    pairs = set(zip(EDGES["a"].tolist(), EDGES["b"].tolist(), strict=True))
    expected = {(i, ROW[other]) for cell, i in ROW.items() for other in h3.grid_disk(cell, 1) if ROW.get(other, -1) > i}
    assert pairs == expected
    assert len(pairs) == len(EDGES["a"])


def test_distances_are_those_of_hexagons_of_that_size() -> None:
    # Centres of regular hexagons of 150 to 265 km2 are 13 to 17.5 km apart and share a side of 7.6 to 10.1 km.
    assert EDGES["distance_km"].min() > 11
    assert EDGES["distance_km"].max() < 20
    assert np.median(EDGES["side_km"] / EDGES["distance_km"]) == pytest.approx(1 / np.sqrt(3), rel=0.05)


def test_words_are_those_of_the_vocabulary() -> None:
    words = {"cover": COVERS, "relief": RELIEFS, "owner": ("SU", "JP")}
    assert all(set(CELLS[column]) <= set(known) for column, known in words.items())
    edge_words = {"road": ROADS, "rail": RAILS, "river": RIVERS}
    assert all(set(EDGES[column].tolist()) <= set(known) for column, known in edge_words.items())


def test_every_place_stands_in_a_cell_of_its_side(places: dict[str, dict[str, str]]) -> None:
    wrong = [name for name, p in places.items() if p["owner"] and CELLS["owner"][row_of(p)] != p["owner"]]
    assert wrong == []


def test_no_cell_holds_places_of_both_sides(places: dict[str, dict[str, str]]) -> None:
    sides = defaultdict(set)
    for place in places.values():
        sides[row_of(place)].add(place["owner"])
    assert [cell for cell, owners in sides.items() if len(owners - {""}) > 1] == []


def test_border_cells_are_those_beside_the_other_side() -> None:
    owner = np.array(CELLS["owner"])
    across = owner[EDGES["a"]] != owner[EDGES["b"]]
    beside = set(EDGES["a"][across]) | set(EDGES["b"][across])
    assert set(np.flatnonzero(CELLS["border"])) == beside


@pytest.mark.parametrize(
    "island",
    ["Toyohara", "Sapporo", "Shumshu", "Paramushir", "Onekotan", "Shasukotan", "Matua", "Shimushir", "Urup",
     "Etorofu", "Kunashiri", "Shikotan", "Habomai", "Cape Lopatka"],
)  # fmt: skip
def test_nobody_walks_over_a_strait(island: str, places: dict[str, dict[str, str]]) -> None:
    part = parts(~EDGES["blocked"])
    here = part[row_of(places[island])]
    others = {"Mukden", "Toyohara", "Sapporo", "Shumshu", "Paramushir", "Kunashiri", "Etorofu", "Habomai"} - {island}
    assert here not in {part[row_of(places[name])] for name in others}


def test_islands_are_whole(places: dict[str, dict[str, str]]) -> None:
    part = parts(~EDGES["blocked"])
    for one, other in (("Toyohara", "Aleksandrovsk"), ("Sapporo", "Kushiro"), ("Shumshu", "Takeda Beach")):
        assert part[row_of(places[one])] == part[row_of(places[other])]


def test_the_amur_cannot_be_passed_dry(places: dict[str, dict[str, str]]) -> None:
    # From Blagoveshchensk no walk within 150 km reaches Manchuria but over an edge with a large or great river.
    here = np.array([float(places["Blagoveshchensk"][k]) for k in ("lat", "lon")])
    near = np.hypot(np.array(CELLS["lat"]) - here[0], (np.array(CELLS["lon"]) - here[1]) * 0.64) * 111 < 150
    dry = ~np.isin(EDGES["river"], ("large", "great")) & near[EDGES["a"]] & near[EDGES["b"]]
    part = parts(dry & ~EDGES["blocked"])
    reached = part == part[row_of(places["Blagoveshchensk"])]
    assert {owner for owner, r in zip(CELLS["owner"], reached, strict=True) if r} == {"SU"}


def test_frontier_rivers_lie_between_the_banks(places: dict[str, dict[str, str]]) -> None:
    # Widths of the facts in metres: Blagoveshchensk 900, Konstantinovka 1200, Bikin 500, Iman 350.
    edge = {(a, b): r for a, b, r in zip(EDGES["a"], EDGES["b"], EDGES["river"], strict=True)}
    banks = {("Blagoveshchensk", "Sahalien"): "large", ("Konstantinovka", "Holomoching"): "great",
             ("Bikin", "Jaoho"): "large", ("Iman", "Hutou"): "medium"}  # fmt: skip
    for (one, other), width in banks.items():
        pair = sorted((row_of(places[one]), row_of(places[other])))
        assert edge[pair[0], pair[1]] == width


def test_a_railway_has_a_track_beside_it() -> None:
    assert not np.any((EDGES["rail"] != "none") & (EDGES["road"] == "none"))


@pytest.mark.parametrize(("one", "other"), [("Harbin", "Suifenho"), ("Mukden", "Peiping"), ("Antung", "Pusan")])
def test_standard_gauge_is_one_net(one: str, other: str, places: dict[str, dict[str, str]]) -> None:
    part = parts(EDGES["rail"] == "standard")
    assert part[row_of(places[one])] == part[row_of(places[other])]


def test_the_ranges_are_rugged() -> None:
    ranges = {"Great Khingan": (48.8, 121.8), "Changbai": (42.0, 128.1), "Sikhote-Alin": (44.3, 134.2)}
    assert {n: CELLS["relief"][ROW[h3.latlng_to_cell(*p, 5)]] for n, p in ranges.items()} == dict.fromkeys(
        ranges, "rugged"
    )


def test_the_far_east_is_mostly_wooded() -> None:
    assert Counter(CELLS["cover"]).most_common(1)[0][0] == "forest"
