"""Where places may lie, and what the world's tables state once for all runs."""

import numpy as np

from khingan.scenario.gazetteer import resolve
from khingan.simulation.draws import place_cells
from khingan.simulation.settings import DRAWN, Settings
from khingan.world.quantities import SPAN
from worlds import far_east, far_east_world


def test_every_run_draws_every_place_by_its_own_name_and_any_chunking_gives_the_same():
    world = far_east_world()
    whole = place_cells(world, DRAWN, 7, 0, 40)
    cut = np.concatenate([place_cells(world, DRAWN, 7, first, 8) for first in range(0, 40, 8)])
    np.testing.assert_array_equal(whole, cut)
    assert (np.ptp(whole, axis=0) > 0).any()


def test_at_best_a_place_is_in_the_cell_of_its_coordinates():
    """The cell that `khingan when` names; -1 for places the map does not hold (Moscow)."""
    scenario, world = far_east(), far_east_world()
    found = place_cells(world, Settings("median", "best"), 7, 0, 1)[0]
    for place, cell in zip(scenario.places, found.tolist(), strict=True):
        assert cell == -1 or cell == resolve(scenario, place.name).cell
    assert found[world.whereabouts.names.index("Moscow")] == -1


def test_a_place_stays_on_the_ground_of_its_owner():
    world = far_east_world()
    owner, where = world.survey.surveyor.owner, world.whereabouts
    drawn = place_cells(world, DRAWN, 7, 0, 200)
    on_map = where.cell >= 0
    assert (owner[drawn[:, on_map]] == owner[where.cell[on_map]]).all()


def test_the_worse_known_the_place_the_oftener_it_lies_elsewhere():
    """A point good to 1 km leaves a cell of 16 km less often than one good to 5, and that less than one good to 15.

    A point lies x km along a line, x normal with 1.645 deviations at the claim's reach: a cell 16 km across, entered
    anywhere, is left in about E|x| / 16 km of the runs along one line, 0.8 * reach / 1.645 / 16: 3, 15, 46 %.
    """
    scenario, world = far_east(), far_east_world()
    where = world.whereabouts
    elsewhere = (place_cells(world, DRAWN, 7, 0, 400) != where.cell).mean(axis=0)
    for grade, reach in (("A", 1.0), ("B", 5.0), ("C", 15.0)):
        own = np.array([place.grade == grade for place in scenario.places]) & (where.cell >= 0)
        np.testing.assert_allclose(where.km.above[own], reach)
        assert abs(elsewhere[own].mean() / (0.8 * reach / SPAN / 16.0) - 1) < 0.3, grade


def test_what_is_marched_to_is_what_is_compared():
    """A place has one cell: that of its coordinates, not the one whose centre is a little nearer (Mukden)."""
    scenario, world = far_east(), far_east_world()
    for place, cell in zip(scenario.places, world.whereabouts.cell.tolist(), strict=True):
        assert cell in (-1, world.place_cell[place.name]), place.name
