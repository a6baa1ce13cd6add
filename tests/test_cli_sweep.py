"""The commands of designed studies, as a user meets them."""

import json
from dataclasses import fields
from pathlib import Path

import pytest
from typer.testing import CliRunner

from khingan.cli import app
from khingan.experiment.read_study import read_study
from khingan.experiment.sensitivity import Influence, Sensitivity
from khingan.experiment.study_file import Dates, Design, Range, StudyFile
from khingan.experiment.sweep import Estimate, sweep
from test_docs import entries
from toy import write_toy_campaign

DOCS = Path(__file__).parents[1] / "docs"
GUIDE = (DOCS / "guides/design_a_study.md").read_text(encoding="utf-8")
JSON = (DOCS / "json.md").read_text(encoding="utf-8")
STUDY = """\
name: pace
what: What does pace do?
campaign: campaign
runs: 4
design: {kind: sobol, points: 4}
parameters: {movement.pace: {low: 0.6, high: 1.2}}
measures: [irrecoverable-jp]
"""


@pytest.fixture
def study(tmp_path):
    write_toy_campaign(tmp_path / "campaign")
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    return str(tmp_path / "study.yaml")


def khingan(*words):
    return CliRunner().invoke(app, list(words))


def test_sweep_and_sensitivity_answer_with_the_documented_fields(study, tmp_path):
    out = str(tmp_path / "out")
    done = khingan("sweep", study, "--out", out, "--executor", "threads", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["points"], told["runs"], told["chunks"]) == (12, 48, 1)
    (found,) = json.loads(khingan("sensitivity", out, "--json").stdout)
    assert list(found) == [field.name for field in fields(Sensitivity)]
    assert [entry["axis"] for entry in found["influences"]] == ["movement.pace"]
    assert "movement.pace" in khingan("sensitivity", out, "--measure", "irrecoverable-jp").stdout
    assert khingan("sweep", study, "--out", out, "--resume", "--executor", "threads").exit_code == 0


def test_the_json_page_lists_every_field_in_its_order():
    names = [field.name for field in fields(Sensitivity)]
    assert entries(JSON, "## `khingan sensitivity STUDY_DIR --json`") == names
    section = JSON.split("## `khingan sensitivity")[1].split("\n## ")[0]
    assert all(f"`{field.name}`" in section for field in fields(Influence))
    cost = JSON.split("## `khingan sweep")[1].split("\n## ")[0]
    assert all(f"`{field.name}`" in cost for field in fields(Estimate))


@pytest.mark.parametrize(
    ("heading", "record"),
    [("## A study file", StudyFile), ("### A range", Range), ("### A design", Design)],
)
def test_the_guide_lists_every_field(heading, record):
    assert entries(GUIDE, heading) == list(record.model_fields)
    assert all(f"`{name}`" in GUIDE for name in Dates.model_fields if name != "values")


def test_a_plan_plays_nothing(study, tmp_path):
    cost = json.loads(khingan("sweep", study, "--plan", "--workers", "1", "--json").stdout)
    assert list(cost) == [field.name for field in fields(Estimate)]
    assert "12 points" in khingan("sweep", study, "--plan").stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["campaign", "study.yaml"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--resume", "--out", "none"), "none | nothing to go on with"),
        (("--scheduler", "tcp://here:1"), "add --executor dask"),
        (("--address", "here:1", "--executor", "dask"), "add --executor ray"),
        (("--executor", "ray"), "needs --address"),
    ],
)
def test_mistakes_are_told_with_a_remedy(study, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    done = khingan("sweep", study, *words)
    assert done.exit_code == 1
    assert said in done.stderr
    assert done.stdout == ""


def test_a_measure_that_was_not_kept_is_told(study, tmp_path):
    khingan("sweep", study, "--out", str(tmp_path / "out"), "--executor", "threads")
    done = khingan("sensitivity", str(tmp_path / "out"), "--measure", "irrecoverable-pj")
    assert "did you mean irrecoverable-jp" in done.stderr


def test_the_worked_study_of_the_guide_runs(tmp_path):
    # Three points of one run each: that it can be played, not what it says.
    text = (DOCS / "studies/line.yaml").read_text(encoding="utf-8")
    text = text.replace("runs: 10", "runs: 1").replace("points: 60", "points: 3")
    (tmp_path / "line.yaml").write_text(text, encoding="utf-8")
    rows = sweep(read_study(tmp_path / "line.yaml"), tmp_path / "out", workers=1)
    assert rows.missing() == []
