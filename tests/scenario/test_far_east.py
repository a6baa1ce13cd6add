"""The packaged campaign of August 1945."""

import pytest

from khingan.scenario.cells import all_cells
from khingan.scenario.cite import cite
from khingan.scenario.gazetteer import LandCells
from khingan.scenario.read import load
from khingan.scenario.schema import Scenario

NAME = "far-east-1945"


@pytest.fixture(scope="module")
def campaign() -> Scenario:
    return load(NAME)


def test_all_33_statements_of_the_document_are_there(campaign: Scenario) -> None:
    assert set(campaign.ledger.document) == {f"C{number:02d}" for number in range(1, 34)}


def test_no_value_rests_on_an_interpretation(campaign: Scenario) -> None:
    assert not [cell for cell in all_cells(campaign) if campaign.ledger.is_interpretation(cell.claim)]


def test_cells_of_every_table_cite_a_source(campaign: Scenario) -> None:
    first_of_column = {(cell.file, cell.column): cell for cell in all_cells(campaign)}
    for cell in first_of_column.values():
        assert cite(campaign, f"{cell.file}:{cell.line}:{cell.column}").source.citation


def test_every_place_on_the_map_has_a_land_cell(campaign: Scenario) -> None:
    land, extent = LandCells(campaign.terrain, campaign.calendar.resolution), campaign.calendar.extent
    at_sea = [
        place.name
        for place in campaign.places
        if extent.south <= place.lat <= extent.north
        and extent.west <= place.lon <= extent.east
        and land.nearest(place.lat, place.lon) is None
    ]
    # Honshu lies inside the box, but no road, formation or objective of this campaign is on it.
    assert at_sea == ["Tokyo", "Hiroshima"]
