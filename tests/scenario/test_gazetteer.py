"""Names and coordinates to cells."""

from pathlib import Path

import h3
import pytest

from khingan.errors import KhinganError
from khingan.scenario.gazetteer import resolve
from khingan.scenario.read import load


@pytest.mark.parametrize("text", ["Weston", "WESTON", "vestón", "Veston", "west town", "West-Town"])
def test_any_of_its_names_finds_a_place(folder: Path, text: str) -> None:
    found = resolve(load(folder), text)
    assert (found.place, found.ring) == ("Weston", 0)


def test_coordinates_find_their_own_cell(folder: Path) -> None:
    scenario = load(folder)
    found = resolve(scenario, "45.0, 131.5")
    assert found.place is None
    assert scenario.terrain.cells["cell"][found.cell] == h3.latlng_to_cell(45.0, 131.5, 5)


def test_a_point_off_the_edge_takes_the_nearest_land(folder: Path) -> None:
    # The toy's land ends four rings from its centre; a cell five rings away has land in its first ring.
    scenario = load(folder)
    centre = h3.latlng_to_cell(45.0, 131.0, 5)
    outside = h3.cell_to_latlng(h3.grid_ring(centre, 5)[0])
    assert resolve(scenario, f"{outside[0]},{outside[1]}").ring == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Westn", "did you mean Weston"),
        ("Higashimachy", "did you mean Higashi-machi"),
        ("Nowhere at all", "use one of: Bridge, Easton"),
        ("95,10", "outside -90..90"),
        ("10,10", "no land cell within 2 rings"),
        ("nan,nan", "outside"),
        ("", "no place"),
    ],
)
def test_what_cannot_be_resolved_is_explained(folder: Path, text: str, words: str) -> None:
    with pytest.raises(KhinganError, match=words):
        resolve(load(folder), text)
