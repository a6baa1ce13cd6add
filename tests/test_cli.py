"""The command line: what goes to which stream, exit statuses, messages."""

import json
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

import toy_study
from khingan.cli import app
from khingan.cli.consult import histogram
from khingan.cli.screen import numbered
from khingan.errors import CampaignError, Problem
from khingan.history import compare as comparing
from khingan.history import spread as spreading
from khingan.history import targets as happened
from khingan.history import when as asking
from khingan.history.comparison import Comparison, ComparisonRow
from khingan.report import page as reporting
from khingan.scenario import read as reading
from khingan.simulation import run as simulation

ROW = ComparisonRow(
    target="hailar", group="north", phase="combat", measure="control", fitted=False, unit="h", observed_low=24.0,
    observed=30.0, observed_high=36.0, q05=20.0, median=28.0, q95=40.0, rank=0.6, crps=3.0,
    null_crps={"plan": 9.0, "calendar": None, "distance": 4.0}, never=0.0, inside=True, axis="west", place="Hailar",
    grade="A",
)  # fmt: skip


def answer(values):
    return asking.When(
        place="Hailar", cell="8530c", ring=1, quantiles={"0.5": 28.0, "0.95": None}, never=0.25, values=values
    )


@pytest.fixture
def khingan(toy, tmp_path, monkeypatch):
    """The command line over the toy campaign, in an empty folder."""
    comparison = Comparison(
        rows=(ROW,), h_hour=datetime(1945, 8, 9), horizon_h=48.0, never_at_h=192.0, runs=50, seed=1945
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(reading, "load", lambda name: toy)
    monkeypatch.setattr(comparing, "compare", lambda result, scenario: comparison)
    monkeypatch.setattr(asking, "when", lambda result, scenario, text: answer((24.0, 30.0, 60.0, None)))
    monkeypatch.setattr(happened, "has_history", lambda scenario: True)
    monkeypatch.setattr(happened, "read_history", lambda scenario: None)
    monkeypatch.setattr(spreading, "spread_of", lambda result, scenario, progress, world: ())
    monkeypatch.setattr(reporting, "has_client", lambda: True)
    monkeypatch.setattr(reporting, "write_page", lambda result, scenario, comparison, path, width: path.write_text(""))
    return lambda *words: CliRunner().invoke(app, words)


def test_help_needs_none_of_the_scientific_stack():
    # Their imports take seconds; the probe runs in a fresh interpreter, because this one has them all.
    probe = (
        "import sys, khingan.cli; print(*{'numba', 'numpy', 'xarray', 'zarr', 'scipy', 'pydantic'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_package_opens_its_three_doors_when_asked():
    import khingan as package

    assert package.run is simulation.run
    assert {"load", "run", "compare"} <= set(dir(package))
    with pytest.raises(AttributeError, match="no attribute 'lode'"):
        package.lode  # noqa: B018


COMMANDS = (
    "run", "compare", "when", "check", "campaigns", "show", "ledger", "warm", "chronicle", "repair", "politics",
)  # fmt: skip


@pytest.mark.parametrize("word", COMMANDS)
def test_every_command_of_the_line_exists(khingan, word):
    assert khingan(word, "--help").exit_code == 0


def test_run_prints_the_table_and_says_where_the_page_is(khingan, tmp_path):
    done = khingan("run", "toy", "--runs", "50", "--out", "s")
    assert done.exit_code == 0, done.output
    assert "Northern operation" in done.stdout
    assert "s/report.html" in done.stderr
    assert (tmp_path / "s" / "report.html").exists()


@pytest.mark.parametrize("words", [("run", "toy", "--runs", "50", "--json"), ("compare", "s", "--json")])
def test_the_comparison_as_json_is_alone_on_standard_output(khingan, words):
    khingan("run", "toy", "--runs", "50", "--out", "s")
    rows = json.loads(khingan(*words).stdout)
    assert set(rows[0]) == {
        "target", "group", "phase", "measure", "fitted", "unit", "observed_low", "observed", "observed_high", "q05",
        "median", "q95", "rank", "crps", "null_crps",
    }  # fmt: skip
    assert rows[0]["null_crps"]["calendar"] is None


def test_when_as_json_has_one_value_a_run_and_null_for_never(khingan):
    khingan("run", "toy", "--runs", "50", "--out", "s")
    told = json.loads(khingan("when", "Hailar", "s", "--json").stdout)
    assert set(told) == {"place", "cell", "quantiles", "never", "values"}
    assert told["values"] == [24.0, 30.0, 60.0, None]


def test_when_shows_dates_and_the_share_that_never_came(khingan):
    khingan("run", "toy", "--runs", "50", "--out", "s")
    shown = khingan("when", "Hailar", "s").stdout
    # 28 hours after midnight of 9 August.
    assert "10 August 1945 04:00" in shown
    assert "never changed hands: 25%" in shown
    assert "cell 8530c, the nearest land, 1 ring(s) of cells away" in shown


def test_the_histogram_counts_every_value_once():
    assert histogram([24.0, 30.0, 60.0]) == [f"{'day 2':>12} {'#' * 40} 2", f"{'day 3':>12} {'#' * 20} 1"]
    assert histogram([]) == []
    assert sum(int(text.split()[-1]) for text in histogram([float(hour) for hour in range(600)])) == 600


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("run", "toy", "--runs", "0"), "--runs"),
        (("run", "toy", "--seed", "-1"), "--seed"),
        (("run", "toy", "--set", "march.foot=fast"), "NAME=NUMBER"),
        (("run", "toy", "--set", "march.foot"), "NAME=NUMBER"),
        (("run", "toy", "--claims", "worst"), "--claims"),
        (("rum",), "rum"),
    ],
)
def test_wrong_usage_exits_with_2(khingan, words, told):
    done = khingan(*words)
    assert done.exit_code == 2
    assert told in done.stderr


def test_an_unknown_parameter_is_an_error_with_near_names(khingan):
    done = khingan("run", "toy", "--set", "march.foots=3")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "did you mean march.foot" in done.stderr


def test_every_problem_of_a_campaign_has_a_line(khingan, monkeypatch):
    def refuse(name):
        raise CampaignError("toy", [Problem("a.csv", 2, 1, "x", "y"), Problem("b.csv", 3, 1, "x", "y")])

    monkeypatch.setattr(reading, "load", refuse)
    done = khingan("check", "toy")
    assert done.exit_code == 1
    assert done.stderr.splitlines() == ["a.csv:2:1 | x | y", "b.csv:3:1 | x | y"]


def test_ctrl_c_says_what_is_kept_and_exits_with_130(khingan, monkeypatch):
    def interrupted(world, settings, seed, first_run, count):
        if first_run == 100:
            raise KeyboardInterrupt
        return toy_study.play_chunk(world, settings, seed, first_run, count)

    monkeypatch.setattr(simulation, "play_chunk", interrupted)
    done = khingan("run", "toy", "--runs", "200", "--out", "s", "--workers", "1")
    assert done.exit_code == 130
    assert "100 of 200 runs kept | repeat the command with --out s to go on" in done.stderr


def test_a_folder_that_is_no_study_is_refused(khingan, tmp_path):
    done = khingan("compare", str(tmp_path))
    assert done.exit_code == 1
    assert "study.json is missing" in done.stderr


def test_json_has_null_for_what_is_no_number():
    assert numbered({"a": [float("nan"), float("inf"), 1.5, "x"]}) == {"a": [None, None, 1.5, "x"]}


def test_a_claim_is_shown_with_its_basis():
    shown = CliRunner().invoke(app, ["ledger", "far-east-1945", "--cell", "order_of_battle.csv:12:men"]).stdout
    assert re.search(r"number +basis +(consulted|recalled|estimated|derived)", shown)


def test_a_campaign_without_history_is_played_all_the_same(khingan, monkeypatch, tmp_path):
    # A war that was never fought has nothing to be laid beside; that is no fault.
    monkeypatch.setattr(happened, "has_history", lambda scenario: False)
    done = khingan("run", "toy", "--runs", "50", "--out", "s", "--json")
    assert (done.exit_code, json.loads(done.stdout)) == (0, [])
    assert "no history" in done.stderr
    assert (tmp_path / "s" / "study.json").exists()


def test_without_its_client_run_keeps_the_study_and_says_there_is_no_page(khingan, monkeypatch, tmp_path):
    # A study of minutes must not be lost for want of a picture of it.
    monkeypatch.setattr(reporting, "has_client", lambda: False)
    done = khingan("run", "toy", "--runs", "50", "--out", "s", "--json")
    assert done.exit_code == 0
    assert "was not built" in done.stderr
    assert (tmp_path / "s" / "study.json").exists()
    assert not (tmp_path / "s" / "report.html").exists()


def test_report_writes_the_page_of_a_study_that_was_played_before(khingan, monkeypatch, tmp_path):
    monkeypatch.setattr(reporting, "client", lambda: "")
    monkeypatch.setattr(spreading, "found_spread", lambda result, scenario: ())
    monkeypatch.setattr(reporting, "write_page", lambda result, scenario, comparison, path, width: path)
    khingan("run", "toy", "--runs", "50", "--out", "s")
    done = khingan("report", "s", "--out", "page.html")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "page.html" in done.stderr


def test_report_without_its_client_says_what_to_do(khingan, monkeypatch):
    monkeypatch.setattr(reporting, "CLIENT", "client/not-there.html")
    monkeypatch.setattr(reporting, "has_client", lambda: False)
    done = khingan("report", "s")
    assert done.exit_code == 1
    assert re.search(r"report \| .*was not built.* \| install khingan again", done.stderr)


def test_a_fault_of_history_is_told_before_anything_is_played(khingan, monkeypatch, tmp_path):
    def refuse(scenario):
        raise CampaignError("toy", [Problem("history/targets.csv", 2, 1, "x", "y")])

    monkeypatch.setattr(happened, "read_history", refuse)
    assert khingan("run", "toy", "--runs", "50", "--out", "s").exit_code == 1
    assert not (tmp_path / "s").exists()


def test_a_full_disk_behind_standard_output_is_a_message():
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with open("/dev/full", "w") as full:
        probe = "from khingan.cli import main; main()"
        command = [sys.executable, "-c", probe, "ledger", "far-east-1945"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert "standard output | No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_claim_and_a_cell_at_once_are_refused():
    done = CliRunner().invoke(app, ["ledger", "far-east-1945", "--claim", "C26", "--cell", "a.csv:1:b"])
    assert done.exit_code == 1
    assert "give one of them" in done.stderr


def test_show_tells_the_operations_and_the_strength_of_every_army():
    shown = CliRunner().invoke(app, ["show", "far-east-1945"]).stdout
    assert "Sungari operation" in shown
    assert "6th Guards Tank Army" in shown


def test_campaigns_lists_what_the_package_brings():
    assert "far-east-1945" in CliRunner().invoke(app, ["campaigns"]).stdout


def test_chronicle_repair_and_politics_give_json_alone_or_say_what_is_missing(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("They left on 4 In May 1905.", encoding="utf-8")
    (found,) = json.loads(CliRunner().invoke(app, ["repair", str(path), "--json"]).stdout)
    assert found["readings"][0]["text"] == "4 May 1905"
    assert path.read_text(encoding="utf-8") == "They left on 4 In May 1905."
    assert len(json.loads(CliRunner().invoke(app, ["chronicle", "far-east-1945", "--json"]).stdout)) == 33
    missing = CliRunner().invoke(app, ["repair", str(tmp_path / "none.txt")])
    assert missing.exit_code == 1
    assert "the file is missing" in missing.stderr


def test_politics_as_json_has_every_school_its_sources_and_the_caveat():
    words = ["politics", "far-east-1945", "--change", "no-bombs", "--school", "entry", "--json"]
    told = json.loads(CliRunner().invoke(app, words).stdout)
    assert told["pinned"] == {"politics.bombs_used": 0}
    assert [school["school"] for school in told["schools"]] == ["entry"]
    assert told["historical_broadcast"] == "1945-08-15T12:00:00"
    assert "caricature" in told["caveat"]
    wrong = CliRunner().invoke(app, ["politics", "far-east-1945", "--school", "entri"])
    assert wrong.exit_code == 1
    assert "did you mean entry" in wrong.stderr
