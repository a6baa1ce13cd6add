"""From a campaign's folder to a Scenario, or to the list of everything that is wrong with it."""

from pathlib import Path

from khingan.errors import CampaignError, Problem
from khingan.scenario.check import check_draft
from khingan.scenario.draft import Draft, read_draft
from khingan.scenario.folder import campaign_folder, fingerprint, ground_folder
from khingan.scenario.ground import lay_ground
from khingan.scenario.schema import (
    Air,
    Army,
    Formation,
    GroundLink,
    Lift,
    Order,
    Place,
    Rating,
    Scenario,
    Season,
    Supply,
    WeatherRegion,
    Works,
)


def load(name_or_folder: str | Path) -> Scenario:
    """A campaign of the package by name, or any campaign by its folder, read and checked."""
    folder = campaign_folder(name_or_folder)
    draft = read_draft(folder)
    lay_ground(draft)
    check_draft(draft)
    if draft.problems:
        raise CampaignError(str(name_or_folder), draft.problems)
    return _scenario(draft)


def check(name_or_folder: str | Path) -> list[Problem]:
    """Every problem of a campaign, sorted; empty where it can be played."""
    try:
        load(name_or_folder)
    except CampaignError as error:
        return error.problems
    return []


def _scenario(draft: Draft) -> Scenario:
    """The checked draft as a record; without problems every part of it is there."""
    assert draft.calendar is not None
    assert draft.terrain is not None
    assert draft.surrender is not None
    return Scenario(
        folder=str(draft.folder.absolute()),  # a study finds its campaign again from anywhere
        fingerprint=fingerprint(draft.folder, ground_folder(draft.folder, draft.calendar.ground)),
        calendar=draft.calendar,
        ledger=draft.ledger,
        terrain=draft.terrain,
        places=draft.rows(Place),
        armies=draft.rows(Army),
        formations=draft.rows(Formation),
        plans=draft.plans,
        orders=draft.rows(Order),
        works=draft.rows(Works),
        lifts=draft.rows(Lift),
        supply=draft.rows(Supply),
        weather=draft.rows(WeatherRegion),
        seasons=draft.rows(Season),
        ratings=draft.rows(Rating),
        air=draft.rows(Air),
        surrender=draft.surrender,
        ground=draft.rows(GroundLink),
    )
