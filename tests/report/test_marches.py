"""Where formations stand on the page: medians over runs, and a sample coded in bytes."""

import numpy as np

from khingan.report.marches import army_middles, close_together, coded, middle_cells

# Five cells on a line, 10 km apart, in tenths of a km.
CENTRES = np.array([[0, 0], [100, 0], [200, 0], [300, 0], [400, 0]], dtype=np.int16)


def test_the_middle_is_a_cell_where_it_stood_in_some_run() -> None:
    """Of 0, 1, 1, 4 the lower median is 1; off the map in every run is off the map."""
    place = np.array([[0, 1, 1, 4], [-1, -1, -1, -1]], dtype=np.int16)
    assert middle_cells(place, CENTRES).tolist() == [1, -1]


def test_runs_in_which_it_is_off_the_map_do_not_count() -> None:
    """Only the runs at 3 and 4 are left; their lower median is 3."""
    assert middle_cells(np.array([[-1, 3, -1, 4]], dtype=np.int16), CENTRES).tolist() == [3]


def test_the_sample_comes_back_through_each_formations_own_list() -> None:
    """Number into the list of visited cells, -1 among them, gives every cell of every run back."""
    place = np.array([[[4, 1], [2, 1]], [[4, 1], [-1, 1]]], dtype=np.int16)
    numbers, visited, lengths = coded(place)
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    back = visited[starts[None, :, None] + numbers]
    assert np.array_equal(back.transpose(0, 2, 1), place)
    assert numbers.dtype == np.uint8


def test_an_army_stands_in_the_weighted_middle() -> None:
    """3,000 men at 0 and 1,000 at 400 tenths have their middle at 100."""
    place = np.array([[[0, 4]]], dtype=np.int16)
    weights = np.array([[3000.0, 1000.0]], dtype=np.float32)
    assert army_middles(place, weights, CENTRES)[0, :, 0].tolist() == [100, 0]


def test_a_scattered_army_is_not_one_symbol() -> None:
    """Two equal bodies 400 km apart lie 200 km from their middle; 40 km apart they are close."""
    far = np.array([[0, 0], [4000, 0]], dtype=np.int16)
    weights, place = np.ones(2, dtype=np.float32), np.array([0, 1], dtype=np.int16)
    assert not close_together(weights, place, far)
    assert close_together(weights, np.array([0, 4], dtype=np.int16), CENTRES)
