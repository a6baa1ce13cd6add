"""Borrowed ground: another campaign's map, with lines that were others in this campaign's time."""

import shutil
from pathlib import Path

import pytest

from khingan.errors import CampaignError
from khingan.scenario.gazetteer import resolve
from khingan.scenario.read import check, load
from toy import change, write_toy_campaign

HEADER = "link,origin,destination,layer,now,claim,note\n"


@pytest.fixture
def borrower(tmp_path: Path) -> Path:
    """A toy campaign without a map of its own, beside the one it borrows from."""
    write_toy_campaign(tmp_path / "owner")
    folder = write_toy_campaign(tmp_path / "borrower")
    shutil.rmtree(folder / "terrain")
    change(folder, "campaign.yaml", "resolution: 5", "resolution: 5\nground: ../owner")
    return folder


def test_the_map_of_another_campaign_is_its_own(borrower: Path) -> None:
    own, other = load(borrower).terrain, load(borrower.parent / "owner").terrain
    assert all((own.edges[name] == other.edges[name]).all() for name in own.edges)


def test_a_line_that_was_not_there_is_taken_away_between_its_ends_alone(borrower: Path) -> None:
    (borrower / "ground.csv").write_text(HEADER + "late,Weston,Post,road,none,gazetteer,\n", encoding="utf-8")
    scenario, before = load(borrower), load(borrower.parent / "owner")
    gone = (scenario.terrain.edges["road"] != before.terrain.edges["road"]).nonzero()[0]
    weston, post, easton = (resolve(scenario, name).cell for name in ("Weston", "Post", "Easton"))
    touched = {
        int(cell) for row in gone for cell in (scenario.terrain.edges["a"][row], scenario.terrain.edges["b"][row])
    }
    assert {weston, post} <= touched
    assert easton not in touched
    assert (scenario.terrain.edges["road"][gone] == "none").all()


def test_a_study_knows_when_the_borrowed_map_has_changed(borrower: Path) -> None:
    before = load(borrower).fingerprint
    assert before != load(borrower.parent / "owner").fingerprint
    (borrower.parent / "owner" / "terrain" / "notes.csv").write_text("x\n", encoding="utf-8")
    assert load(borrower).fingerprint != before


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("late,Weston,Nowhere,road,none,gazetteer,", "unknown place 'Nowhere'"),
        ("late,Weston,Easton,rail,none,gazetteer,", "no rail of the map joins Weston and Easton"),
        ("late,Weston,Easton,road,broad,gazetteer,", "'broad' is no class of road"),
        ("late,Weston,Easton,road,none,,", "now none rests on no claim"),
    ],
)
def test_a_faulty_line_is_told(borrower: Path, row: str, said: str) -> None:
    (borrower / "ground.csv").write_text(HEADER + row + "\n", encoding="utf-8")
    problems = check(borrower)
    assert [problem.file for problem in problems] == ["ground.csv"]
    assert said in problems[0].what


def test_a_ground_that_is_not_there_is_told(borrower: Path) -> None:
    change(borrower, "campaign.yaml", "../owner", "../nobody")
    with pytest.raises(CampaignError, match="missing"):
        load(borrower)


def test_a_war_may_have_no_end_on_paper(borrower: Path) -> None:
    """Without surrender.yaml nobody orders a cease-fire, and losses are counted to the horizon."""
    (borrower / "surrender.yaml").unlink()
    change(borrower, "campaign.yaml", "official_end: 1945-08-12T00:00\n", "")
    scenario = load(borrower)
    assert scenario.surrender.headquarters == ()
    assert scenario.calendar.counted_to.day == 9 + scenario.calendar.days - 1
