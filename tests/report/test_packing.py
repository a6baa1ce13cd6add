"""Arrays packed for the page come back bit for bit."""

import base64
import zlib

import numpy as np
import pytest

from khingan.report.packing import Pack, differences, island, joined, planes, tenths, units_per_km


def test_differences_wrap_and_come_back() -> None:
    """255 after 1 is a difference of 254, or -2 in 8 bits; the running sum in 8 bits restores it."""
    row = np.array([[1, 255, 3]], dtype=np.uint8)
    assert np.array_equal(np.cumsum(differences(row), axis=-1, dtype=np.uint8), row)


def test_bytes_of_equal_weight_stand_together() -> None:
    """0x0102 and 0x0304: first both low bytes, then both high ones."""
    assert planes(np.array([0x0102, 0x0304], dtype=np.int16)) == bytes([0x02, 0x04, 0x01, 0x03])


def test_the_blob_holds_the_arrays_in_their_order() -> None:
    """Three bytes and two 16-bit numbers are seven bytes."""
    pack = Pack()
    pack.add("a", np.array([7, 8, 9], dtype=np.uint8))
    pack.add("b", np.array([1, 2], dtype=np.int16), steps=True)
    made = pack.as_json()
    assert made["arrays"] == [["a", "uint8", [3], 0], ["b", "int16", [2], 1]]
    assert zlib.decompress(base64.b64decode(made["blob"])) == bytes([7, 8, 9, 1, 1, 0, 0])


def test_a_type_the_page_does_not_know_is_refused() -> None:
    """64-bit numbers have no place in it."""
    with pytest.raises(TypeError, match="int64"):
        Pack().add("a", np.array([1]))


def test_south_is_down_and_lines_start_from_their_own_first_point() -> None:
    """10 km north is 100 tenths up; the second line's first point is absolute again."""
    assert tenths(np.array([1.0]), np.array([10.0])).tolist() == [[10, -100]]
    line = np.array([[5, 5], [7, 4]], dtype=np.int16)
    assert joined([line, line]).tolist() == [[5, 2, 5, 2], [5, -1, 5, -1]]


def test_no_text_can_close_the_script_element() -> None:
    """Every angle bracket is written as its code."""
    assert "<" not in island({"a": "</script><!--"})


def test_a_small_map_has_units_so_fine_that_its_cells_are_as_wide_as_those_of_a_large_one() -> None:
    """Each step of resolution makes cells narrower by the root of seven (h3geo.org)."""
    assert [units_per_km(resolution) for resolution in (4, 5, 7, 8)] == [10, 10, 70, 185]
    assert tenths(np.array([1.0]), np.array([10.0]), 70).tolist() == [[70, -700]]
