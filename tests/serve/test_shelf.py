"""Studies on the shelf: listed, opened, named, deleted, downloaded; nothing outside the folder is within reach."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from waiting import told

from khingan.serve.shelf import Shelf
from khingan.serve.told import RefusedError
from khingan.simulation.settings import Settings
from khingan.simulation.study import Study

OUTSIDE = ["%2e%2e", "..%2fsecret", "%2e%2e%2fsecret", "%2fetc%2fpasswd", "a%00b", ".khingan", "-x", "a%5cb"]


@pytest.fixture
def study(studies: Path) -> Path:
    """A study of two files and a page, without an ensemble."""
    folder = studies / "first"
    folder.mkdir()
    settings = Settings(pinned={"movement.pace": 0.8}, changes=("small-division",))
    Study("toy", "", "f00d", 7, settings, 50, "0", "", "", "2026-01-01T00:00:00+00:00").write(folder)
    (folder / "report.html").write_text("<title>the page</title>", encoding="utf-8")
    (folder / "ensemble.zarr").mkdir()
    (folder / "ensemble.zarr/zarr.json").write_text("{}", encoding="utf-8")
    return folder


def test_a_study_is_listed_with_the_command_that_repeats_it(client, study):
    (card,) = client.get("/api/studies").json()
    assert (card["name"], card["runs"], card["seed"], card["page"]) == ("first", 50, 7, True)
    assert "khingan run toy --runs 50 --seed 7" in card["command"]
    assert "--set movement.pace=0.8 --change small-division" in card["command"]


def test_its_page_opens_without_the_right_to_ask_the_server(client, study):
    answer = client.get("/studies/first")
    assert "the page" in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in policy
    assert "connect-src" not in policy


def test_its_data_are_a_zip_without_links_to_elsewhere(client, study, tmp_path):
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    (study / "link").symlink_to(tmp_path / "secret")
    answer = client.get("/api/studies/first/data")
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert sorted(names) == ["first/ensemble.zarr/zarr.json", "first/study.json"]


def test_a_study_is_named_and_deleted(client, study, studies):
    assert client.post("/api/studies/first/name", json={"name": "second"}).status_code == 200
    assert [card["name"] for card in client.get("/api/studies").json()] == ["second"]
    assert client.delete("/api/studies/second").status_code == 200
    assert client.get("/api/studies").json() == []
    assert not (studies / "second").exists()


@pytest.mark.parametrize("name", ["../up", "", ".hidden", "a/b", "a\x00", "x" * 101])
def test_a_name_that_leads_elsewhere_is_refused(client, study, name):
    answer = client.post("/api/studies/first/name", json={"name": name})
    assert answer.status_code == 400
    assert study.is_dir()


def test_a_name_that_is_taken_is_refused(client, study, studies):
    (studies / "taken").mkdir()
    answer = client.post("/api/studies/first/name", json={"name": "taken"})
    assert answer.status_code == 409
    assert "is taken" in told(answer)


@pytest.mark.parametrize("name", OUTSIDE)
def test_no_path_leads_out_of_the_folder(client, study, tmp_path, name):
    secret = tmp_path / "secret"
    secret.mkdir()
    for file in ("study.json", "report.html"):
        (secret / file).write_text((study / file).read_text(encoding="utf-8"), encoding="utf-8")
    for path in (f"/studies/{name}", f"/api/studies/{name}/data"):
        assert client.get(path).status_code in (404, 405), path
    assert client.delete(f"/api/studies/{name}").status_code in (404, 405)
    assert (secret / "study.json").exists()


@pytest.mark.parametrize("name", ["..", ".", "", "../secret", "/etc", "first/..", "first/../first", "first\n"])
def test_a_name_is_held_to_letters_before_any_file_is_looked_at(study, studies, name):
    with pytest.raises(RefusedError) as refused:
        Shelf(studies).find(name)
    assert refused.value.status == 404


def test_a_link_is_no_study_and_a_linked_page_is_none(client, study, studies, tmp_path):
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    (studies / "linked").symlink_to(study)
    (study / "report.html").unlink()
    (study / "report.html").symlink_to(tmp_path / "secret")
    assert [card["name"] for card in client.get("/api/studies").json()] == ["first"]
    assert client.get("/studies/linked").status_code == 404
    answer = client.get("/studies/first")
    assert answer.status_code == 404
    assert "khingan report" in told(answer)


def test_a_damaged_study_says_so_and_can_be_deleted(client, study):
    (study / "study.json").write_text(json.dumps({"campaign": 3}), encoding="utf-8")
    (card,) = client.get("/api/studies").json()
    assert "not the record of a study" in card["errors"][0]["what"]
    assert client.get("/api/studies/first/data").status_code == 200
    assert client.delete("/api/studies/first").status_code == 200
