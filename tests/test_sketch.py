"""The months before as plots: block characters for a terminal, and a figure that a browser opens."""

import json
from functools import cache
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from khingan.cli import app
from khingan.cli.sketch import bar, month_marks, shade, sketches
from khingan.report.months import figure, tint


@cache
def summary() -> dict:
    done = CliRunner().invoke(app, ("prelude", "--runs", "20", "--json"))
    return json.loads(done.stdout)


def test_bars_are_in_proportion_to_an_eighth():
    # 40 characters for the greatest; a half is 20, and 1/320 of it one eighth of a character.
    assert bar(1.0, 1.0) == "█" * 40
    assert bar(0.5, 1.0).rstrip() == "█" * 20
    assert bar(1.0, 320.0).rstrip() == "▏"
    assert bar(1.0, 0.0).strip() == ""


def test_shades_darken_with_the_value():
    marks = [" ░▒▓█".index(shade(share / 100, 1.0)) for share in range(101)]
    assert marks == sorted(marks)
    assert (marks[0], marks[-1]) == (0, 4)


def test_months_are_marked_over_the_week_in_which_they_begin():
    assert month_marks(["1945-08-30", "1945-09-06", "1945-09-13", "1945-10-04"]).startswith(" 9 10")


def test_the_plots_hold_trains_forces_belief_and_readiness_of_every_headquarters():
    text = "\n".join(sketches(summary()))
    for heading in ("Trains a day", "in place against believed", "Belief over week and axis", "Readiness at H-hour"):
        assert heading in text
    for row in summary()["observers"]:
        assert text.count(row["name"]) >= 2


def test_the_figure_is_sound_and_says_the_same():
    root = ElementTree.fromstring(figure(summary()))
    said = [node.text or "" for node in root.iter() if node.tag.endswith("text")]
    assert sum(": west" in line for line in said) == 3
    assert any(line.startswith("Divisions brought east") for line in said)
    assert tint(0.0) == "#ffffff"


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        (("nothing-hidden", "warning=48"), "settings", {"intelligence.concealment": 0.0, "readiness.warning_h": 48.0}),
        (("germany-ends=1945-04-09",), "settings", {"deployment.release_shift": -30.0}),
    ],
)
def test_changes_reach_the_months_before(changes, field, told):
    words = [word for name in changes for word in ("--change", name)]
    done = CliRunner().invoke(app, ("prelude", "--runs", "10", *words, "--json"))
    assert json.loads(done.stdout)[field]["pinned"] == told


def test_what_was_drained_and_who_is_tied_down_show_in_the_defender():
    def defender(change):
        return json.loads(CliRunner().invoke(app, ("prelude", "--runs", "5", "--change", change, "--json")).stdout)[
            "defender"
        ]

    plain = summary()["defender"]
    assert defender("army-not-drained")["worth"] > plain["worth"]
    assert defender("guerrillas-of-1937")["tied"] > 3 * plain["tied"]


def test_out_writes_the_figure_and_its_numbers(tmp_path):
    done = CliRunner().invoke(app, ("prelude", "--runs", "10", "--out", str(tmp_path / "before")))
    assert done.exit_code == 0, done.output
    assert (tmp_path / "before/prelude.svg").read_text(encoding="utf-8").startswith("<svg")
    assert json.loads((tmp_path / "before/prelude.json").read_text(encoding="utf-8"))["runs"] == 10
    assert "Trains a day" in done.stdout


def test_a_change_that_needs_the_months_before_is_refused_without_them():
    done = CliRunner().invoke(app, ("run", "far-east-1945", "--runs", "1", "--change", "nothing-hidden"))
    assert done.exit_code == 1
    assert "add --from prelude" in done.stderr
