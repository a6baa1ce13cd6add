"""Study folders: which are used, continued, refused."""

import json
from dataclasses import replace

import pytest

import toy_study
from khingan.errors import KhinganError
from khingan.simulation import study as studies
from khingan.simulation.run import run
from khingan.simulation.settings import Settings
from khingan.simulation.study import Study


def test_without_out_each_study_gets_its_own_folder(toy, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folders = {run(toy, runs=50, seed=7).folder, run(toy, runs=50, seed=7).folder}
    assert len(folders) == 2
    assert all(str(folder).startswith("studies/toy-seed7-50-") for folder in folders)


def test_an_empty_folder_is_used(toy, tmp_path):
    assert run(toy, runs=1, out=tmp_path).folder == tmp_path


def test_a_folder_with_other_things_in_it_is_refused_and_left_alone(toy, tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(KhinganError, match="not empty and not a study"):
        run(toy, runs=1, out=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"seed": 4}, "seed 1945 there, 4 asked for"),
        ({"settings": Settings("median")}, '"parameters": "median"'),
        ({"settings": Settings(pinned={"march.foot": 2.0})}, '"march.foot": 2.0'),
    ],
)
def test_another_study_is_refused_by_what_differs(toy, tmp_path, change, named):
    run(toy, runs=1, out=tmp_path)
    with pytest.raises(KhinganError) as caught:
        run(toy, **({"runs": 1, "out": tmp_path} | change))
    assert named in str(caught.value)


def test_a_changed_campaign_is_another_study(toy, tmp_path):
    run(toy, runs=1, out=tmp_path)
    with pytest.raises(KhinganError, match="the campaign's files changed"):
        run(toy_study.scenario("beef"), runs=1, out=tmp_path)


@pytest.mark.parametrize("name", ["version", "code", "parameter_files"])
def test_other_code_is_another_study(toy, name):
    plan = Study.plan(toy, 1, 1, Settings())
    assert len(plan.differences(replace(plan, **{name: "other"}))) == 1


def test_a_folder_that_cannot_be_made_is_a_clear_error(toy, tmp_path):
    # A file where a parent folder should be refuses everybody; permissions would not stop root.
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file", tmp_path / "file" / "study"):
        with pytest.raises(KhinganError, match="cannot be written"):
            run(toy, runs=1, out=out)


@pytest.mark.parametrize("rubbish", [b"\xff\x00", b"{}", b"[1]", b'{"settings": 3}'])
def test_a_rubbish_record_is_not_a_study(tmp_path, rubbish):
    (tmp_path / "study.json").write_bytes(rubbish)
    with pytest.raises(KhinganError, match="not the record of a study"):
        Study.read(tmp_path)


def test_the_record_reads_back_as_written(toy, tmp_path):
    plan = Study.plan(toy, 10, 1, Settings("median", "best", {"b": 1.0, "a": 2.0}))
    plan.write(tmp_path)
    assert Study.read(tmp_path) == plan
    assert list(json.loads((tmp_path / "study.json").read_text())["settings"]["pinned"]) == ["a", "b"]


def test_the_fingerprint_of_the_code_names_every_file_of_it(monkeypatch, tmp_path):
    monkeypatch.setattr(studies, "files", lambda package: tmp_path)
    (tmp_path / "world").mkdir()
    (tmp_path / "world" / "a.py").write_text("x = 1")
    before = studies.fingerprint("world")
    (tmp_path / "world" / "a.py").write_text("x = 2")
    assert studies.fingerprint("world") != before
