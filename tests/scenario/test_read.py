"""Reading a campaign: values, empty cells, fingerprint, what is not read."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from khingan.errors import CampaignError, KhinganError
from khingan.scenario.read import check, load
from toy import change, set_cell, write_toy_campaign


def test_the_toy_is_read_whole(folder: Path) -> None:
    scenario = load(folder)
    assert [formation.men for formation in scenario.formations] == [10000, 600, 8000, 1000]
    assert scenario.calendar.h_hour == datetime(1945, 8, 9)
    assert scenario.calendar.steps == 12  # three days of four 6-hour steps
    assert scenario.plans[0].legs == ("Post", "Bridge", "Easton")
    assert scenario.orders[1].condition == ("order:o1", "held:Bridge:SU")
    assert len(scenario.terrain.cells["cell"]) == 61  # four rings: 1 + 6 + 12 + 18 + 24


def test_empty_cells_stand_for_what_the_record_says(folder: Path) -> None:
    landing = load(folder).formations[1]
    assert (landing.tanks, landing.aircraft, landing.effectiveness, landing.arrives) == (0, 0, 100, None)


@pytest.mark.parametrize(("resolution", "step_hours", "steps"), [(4, 6, 12), (6, 3, 24), (5, 12, 6)])
def test_resolution_and_step_are_campaign_data(tmp_path: Path, resolution: int, step_hours: float, steps: int) -> None:
    scenario = load(write_toy_campaign(tmp_path, resolution=resolution, step_hours=step_hours))
    assert scenario.calendar.steps == steps


def test_rows_know_where_they_stand(folder: Path) -> None:
    formation = load(folder).formations[2]
    assert (formation.file, formation.line) == ("order_of_battle.csv", 4)


def test_history_is_not_read_and_not_fingerprinted(folder: Path) -> None:
    before = load(folder)
    (folder / "history").mkdir()
    (folder / "history" / "targets.csv").write_bytes(b"\0 rubbish")
    (folder / "README.md").write_text("words")
    assert load(folder).fingerprint == before.fingerprint
    shutil.rmtree(folder / "history")
    assert load(folder).fingerprint == before.fingerprint


def test_any_other_change_gives_another_fingerprint(folder: Path) -> None:
    before = load(folder).fingerprint
    change(folder, "order_of_battle.csv", ",10000,", ",10001,")
    assert load(folder).fingerprint != before


def test_unknown_campaigns_are_offered_near_names() -> None:
    with pytest.raises(KhinganError, match="did you mean far-east-1945"):
        load("far-east-1954")


def test_problems_of_all_files_come_at_once(folder: Path) -> None:
    set_cell(folder, "order_of_battle.csv", "su-division", "men", "-5")
    change(folder, "plans.yaml", "Bridge", "Brigde")
    (folder / "air.csv").unlink()
    (folder / "terrain" / "edges.parquet").write_bytes(b"rubbish")
    with pytest.raises(CampaignError) as caught:
        load(folder)
    files = [problem.file for problem in caught.value.problems]
    assert files == ["air.csv", "order_of_battle.csv", "plans.yaml", "terrain/edges.parquet"]
    assert check(folder) == caught.value.problems


def test_one_bad_row_does_not_make_its_name_unknown(folder: Path) -> None:
    # jp-division is a parent, an addressee and has men below its detachment's; only its own cell is to blame.
    set_cell(folder, "order_of_battle.csv", "jp-division", "guns", "many")
    assert [problem.what for problem in check(folder)] == ["guns 'many' is not a number"]


def test_the_empty_name_is_no_campaign() -> None:
    # As a path it would mean whatever folder one happens to stand in.
    with pytest.raises(KhinganError, match="no campaign of this name"):
        load("")


def test_a_campaign_named_by_a_relative_path_is_found_again_from_elsewhere(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A study keeps this path; from another folder a relative one would point nowhere or at a namesake.
    monkeypatch.chdir(folder.parent)
    assert Path(load(folder.name).folder) == folder
