"""The commands that change the war, as a user meets them: JSON alone on standard output, mistakes told by name."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from khingan.cli import app
from toy import SMALL_DIVISION, write_toy_campaign

EFFECT = [
    "measure", "unit", "factual", "counterfactual", "difference", "low", "high", "pairing_gain", "runs", "politics",
]  # fmt: skip


@pytest.fixture
def campaign(tmp_path):
    folder = write_toy_campaign(tmp_path / "campaign")
    (folder / "changes.yaml").write_text(SMALL_DIVISION, encoding="utf-8")
    return str(folder)


def khingan(*words):
    return CliRunner().invoke(app, list(words))


def test_what_if_answers_with_the_documented_fields(campaign):
    done = khingan("what-if", campaign, "--change", "small-division", "--runs", "4", "--json")
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout)
    assert [list(row) for row in rows] == [EFFECT] * len(rows)
    assert {row["runs"] for row in rows} == {4}


def test_what_if_without_a_change_is_exactly_nothing(campaign):
    rows = json.loads(khingan("what-if", campaign, "--runs", "3", "--json").stdout)
    assert {(row["difference"], row["low"], row["high"]) for row in rows} == {(0.0, 0.0, 0.0)}


def test_what_if_shows_a_table_and_the_runs_for_a_width(campaign):
    words = ("--change", "small-division", "--measure", "irrecoverable-jp", "--runs", "4", "--width", "5")
    done = khingan("what-if", campaign, *words)
    assert "half its men" in done.stdout
    assert "runs for width 5" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("what-if", "--change", "smal-division"), "did you mean small-division"),
        (("what-if", "--measure", "prisoners"), "prisoners-jp"),
        (("what-if", "--width", "0"), "--width | 0 is no width"),
        (("what-if", "--changes", "none.yaml"), "none.yaml | no such file"),
        (("what-if", "--change", "no-mud", "--change", "no-mud"), "named twice"),
        (("attribute", "--factors", "smal-division"), "did you mean small-division"),
        (("attribute", "--factors", ","), "name 1 to"),
        (("run", "--runs", "1", "--change", "smal-division"), "did you mean small-division"),
        (("ablate", "--change", "no-mood"), "did you mean no-mud"),
    ],
)
def test_mistakes_are_told_with_a_remedy(campaign, words, said):
    done = khingan(words[0], campaign, *words[1:])
    assert done.exit_code == 1
    assert said in done.stderr
    assert done.stdout == ""


def test_attribute_answers_resumes_and_says_where_it_lies(campaign, tmp_path):
    words = ("attribute", campaign, "--factors", "small-division,no-surprise", "--measure", "irrecoverable-jp")
    words += ("--runs", "4", "--most-runs", "4", "--out", str(tmp_path / "why"), "--json")
    first, again = khingan(*words), khingan(*words)
    assert first.exit_code == 0, first.output
    assert first.stdout == again.stdout
    (row,) = json.loads(first.stdout)
    assert sum(share["share"] for share in row["shares"]) == pytest.approx(row["difference"])
    assert str(tmp_path / "why") in first.stderr


def test_ablate_lists_the_switches(campaign):
    words = ("ablate", campaign, "--measure", "irrecoverable-jp", "--runs", "2", "--json")
    rows = json.loads(khingan(*words).stdout)
    assert {"no-surprise", "no-air-support"} <= {row["change"] for row in rows}
    assert "2 pairs of runs" in khingan(*words[:-1], "--change", "no-mud").stdout


def test_a_changed_study_remembers_its_changes(campaign, tmp_path):
    out = tmp_path / "study"
    done = khingan("run", campaign, "--runs", "2", "--change", "small-division", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert json.loads((out / "study.json").read_text())["settings"]["changes"] == ["small-division"]
    asked = khingan("when", "Bridge", str(out))
    assert asked.exit_code == 0
    assert "has changed since" not in asked.stderr
    plain = khingan("run", campaign, "--runs", "2", "--out", str(out))
    assert "holds another study" in plain.stderr


def test_changes_are_listed_and_checked(campaign):
    listed = khingan("changes", campaign)
    assert "small-division" in listed.stdout
    assert "irrecoverable-jp" in listed.stdout
    text = (Path(campaign) / "changes.yaml").read_text().replace("su-division", "su-divison")
    (Path(campaign) / "changes.yaml").write_text(text)
    done = khingan("check", campaign)
    assert done.exit_code == 1
    assert "changes.yaml:2 | small-division: no row of formations has formation 'su-divison'" in done.stderr
