"""The campaigns of other sizes that `make bench` measures: what splitting, thinning and another mesh must keep."""

import sys
from pathlib import Path
from xml.etree import ElementTree

import h3
import numpy as np
import pytest

import toy
from khingan.scenario.read import load
from khingan.scenario.schema import Scenario

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
import scaling


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return load(toy.write_toy_campaign(tmp_path_factory.mktemp("scaling") / "toy"))


def test_split_formations_hold_as_many_men_and_have_names_of_their_own(small):
    """Parts of a formation are equal, so nobody is gained or lost."""
    more = scaling.resized(small, 3 * len(small.formations))
    assert len({one.formation for one in more.formations}) == 3 * len(small.formations)
    men = sum(one.men for one in small.formations)
    assert sum(one.men for one in more.formations) == pytest.approx(men)


def test_thinning_leaves_no_order_to_anybody_who_is_gone(small):
    fewer = scaling.resized(small, 1)
    names = {one.formation for one in fewer.formations}
    gone = {one.formation for one in small.formations} - names
    assert len(names) == 1
    assert gone.isdisjoint(name for order in fewer.orders for name in order.addressees)
    assert all(lift.formation in names for lift in fewer.lifts)


@pytest.mark.parametrize("resolution", [4, 6])
def test_another_mesh_covers_the_same_ground_with_hexagons(small, resolution):
    """The area is the same; neighbours alone share an edge, each once."""
    terrain = scaling.remeshed(small, resolution).terrain
    assert terrain.cells["area_km2"].sum() == pytest.approx(small.terrain.cells["area_km2"].sum())
    names, a, b = terrain.cells["cell"], terrain.edges["a"], terrain.edges["b"]
    assert (names[1:] > names[:-1]).all()
    assert (a < b).all()
    assert all(h3.are_neighbor_cells(str(names[i]), str(names[j])) for i, j in zip(a, b, strict=True))


def test_a_road_runs_on_from_centre_to_centre_of_the_finer_mesh(small):
    """Both centres, and the two children between them, lie on it: three edges for each of the coarse mesh at most."""
    coarse = small.terrain.edges["road"] != "none"
    fine = scaling.remeshed(small, 6).terrain
    road = fine.edges["road"] != "none"
    assert coarse.sum() < road.sum() <= 3 * coarse.sum()
    on_it = set(fine.edges["a"][road]) | set(fine.edges["b"][road])
    number = {str(name): i for i, name in enumerate(fine.cells["cell"])}
    for cell in set(small.terrain.edges["a"][coarse]) | set(small.terrain.edges["b"][coarse]):
        assert number[h3.cell_to_center_child(str(small.terrain.cells["cell"][cell]), 6)] in on_it


def test_the_exponent_of_a_square_is_two():
    assert scaling.slope([1, 2, 4], [3, 12, 48]) == pytest.approx(2)
    assert np.isclose(scaling.slope([10, 100], [5, 5]), 0)


def test_the_drawing_is_sound_and_has_a_point_for_each_size():
    drawn = ElementTree.fromstring(
        scaling.drawing([("cells", [7, 49], [1.0, 3.0]), ("runs", [1, 2, 4], [1.0, 2.0, 4.0])])
    )
    assert len(drawn.findall("{http://www.w3.org/2000/svg}circle")) == 5
