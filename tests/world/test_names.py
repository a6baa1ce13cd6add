"""Names and numbers, and the ground class of a cell."""

import pytest

from khingan.scenario.vocabulary import COVERS, RELIEFS
from khingan.world.names import GROUND_OF, GROUNDS
from worlds import far_east, far_east_world


def test_a_name_is_its_position() -> None:
    names, scenario = far_east_world().names, far_east()
    assert [names.number("formations", body.formation) for body in scenario.formations] == list(
        range(len(scenario.formations))
    )
    assert [names.number("cells", cell) for cell in names.cells[:5]] == [0, 1, 2, 3, 4]


def test_no_name_is_minus_one_and_a_wrong_name_is_no_number() -> None:
    names = far_east_world().names
    assert names.number("works", "") == -1
    with pytest.raises(KeyError):
        names.number("works", "no such works")


def test_the_control_side_is_side_0() -> None:
    # The engine records control for side 0 alone.
    assert far_east_world().names.sides == (far_east().calendar.control_side, "JP")


@pytest.mark.parametrize(
    ("relief", "cover", "ground"),
    [
        ("rugged", "forest", "rugged-wooded"),
        ("rolling", "farmland", "rolling-mixed"),
        ("flat", "steppe", "flat-bare"),
        ("flat", "desert", "desert"),
        ("rugged", "desert", "rugged-bare"),  # a rocky range is no sand plain
        ("rugged", "dunes", "dunes"),
        ("flat", "wetland", "swamp"),
        ("rolling", "urban", "urban"),
    ],
)
def test_ground_classes(relief: str, cover: str, ground: str) -> None:
    assert GROUND_OF[relief, cover] == ground


def test_every_relief_and_cover_has_a_ground_and_every_ground_a_cell() -> None:
    assert set(GROUND_OF) == {(relief, cover) for relief in RELIEFS for cover in COVERS}
    assert set(GROUND_OF.values()) == set(GROUNDS)
