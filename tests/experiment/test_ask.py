"""Questions of a campaign's own: days by hand, ranges, ranks, and mistakes told by name."""

import json
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from khingan.cli import app
from khingan.experiment.answer import answer
from khingan.experiment.question import Fall, Season, read_questions
from khingan.experiment.repertoire import read_repertoire
from khingan.experiment.window import Window, falls, latest_start
from khingan.scenario.read import load
from test_docs import entries
from toy import change

DOCS = Path(__file__).parents[2] / "docs"
QUESTIONS = """\
far:
  asks: How far?
  measures: [days-to-bridge, territory-at-end]
  changes: [no-landing, small-division]
  together: [[small-division, no-landing]]
  worst_first: true
  wanted: {measure: territory-at-end, at_least: 0.1, share: 0.5}
  note: A toy.
start:
  asks: When?
  assembly: true
  levels: [{level: guard, falls_to: 0.5, what: half of the guard}]
  season: {closes: 1945-08-31T00:00, closes_claim: sure-hour, needs_days: 10, needs_claim: sure}
"""
ASSEMBLY = {
    "railways.csv": "section,name,after,axis,trains_per_day,km,claim,km_claim,note\nline,Line,,,10,450,sure,sure,\n",
    "buildup.csv": (
        "movement,name,army,trains,divisions,ready,waits,load_days,section,march_km,needed,claim,day_claim,"
        "march_claim,note\ncorps,Corps,,20,1,1945-07-01T00:00,no,2,line,0,yes,sure,sure,sure,\n"
    ),
    "levels.csv": (
        "level,day,value,unit,claim,note\nguard,1945-07-01T00:00,30,divisions,sure-1,\n"
        "guard,1945-07-21T00:00,10,divisions,sure-2,\n"
    ),
}
SURE = "".join(f"{name},strength,1,1,1,ratio,guess,,C,estimated,\n" for name in ("sure", "sure-1", "sure-2"))


@pytest.fixture
def asked(folder: Path) -> Path:
    """The toy with questions and an assembly of one corps on one line."""
    (folder / "questions.yaml").write_text(QUESTIONS, encoding="utf-8")
    (folder / "assembly").mkdir()
    for name, text in ASSEMBLY.items():
        (folder / "assembly" / name).write_text(text, encoding="utf-8")
    hour = "sure-hour,timing,0,0,0,h,guess,,C,estimated,\n"
    change(folder, "ledger.csv", "climate,", SURE + hour + "climate,")
    return folder


def answers(folder: Path, *names: str, runs: int = 4) -> list[dict[str, Any]]:
    scenario = load(folder)
    repertoire = read_repertoire(scenario)
    known = read_questions(scenario, repertoire)
    chosen = [known[name] for name in names]
    return [found.as_dict() for found in answer(scenario, repertoire, chosen, runs, 7, workers=1)]


def test_a_level_falls_on_a_straight_line() -> None:
    # From 30 on day 0 to 10 on day 20, half of 30 is reached on day 15; a third on day 20; 0.3 never.
    plan: Any = SimpleNamespace(level_days={"guard": np.array([0.0, 20.0])})
    played: Any = SimpleNamespace(levels={"guard": np.array([[30.0, 10.0]])})
    days = [falls(Fall(level="guard", falls_to=share, what=""), plan, played)[0][0] for share in (0.5, 1 / 3, 0.3)]
    assert days[:2] == pytest.approx([15.0, 20.0])
    assert np.isnan(days[2])


def test_the_latest_start_is_the_end_of_the_season_less_what_is_needed(asked: Path) -> None:
    season = Season(closes=datetime(1945, 8, 31), closes_claim="sure-hour", needs_days=10, needs_claim="sure")
    plan: Any = SimpleNamespace(begins=datetime(1945, 8, 1))
    assert latest_start(load(asked), season, plan, 3, 7).tolist() == [20.0] * 3


def test_a_window_counts_the_runs_that_are_in_time() -> None:
    fall = Fall(level="guard", falls_to=0.5, what="half")
    found = Window(
        datetime(1945, 7, 1), {}, np.array([10.0, 10.0, 30.0, 30.0]), np.full(4, 20.0),
        ((fall, np.array([5.0, np.nan, 5.0, 25.0]), np.full(4, 0.4)),),
    ).as_dict()  # fmt: skip
    assert (found["in_time"], found["weak_in_time"]) == (0.5, 0.5)
    assert found["falls"][0]["reached"] == 0.75
    # Days 5, 5, 25 and never: the median by the lower rule is the second.
    assert (found["falls"][0]["median"], found["falls"][0]["q95"]) == ("1945-07-06", "1945-07-26")


def test_the_corps_stands_after_its_last_train(asked: Path) -> None:
    """Twenty trains over ten a day and 450 km leave from about 1 July; nobody stands before the second day after."""
    window = answers(asked, "start")[0]["window"]
    assert "1945-06-20" < window["assembled"]["q05"] <= window["assembled"]["q95"] < "1945-08-20"
    assert window["latest"]["median"] == "1945-08-21"
    assert window["falls"][0]["median"] == "1945-07-16"


def test_changes_are_ranked_by_their_effect_on_the_first_measure(asked: Path) -> None:
    said = answers(asked, "far")[0]
    assert {tuple(row["changes"]) for row in said["changes"]} == {
        ("no-landing",), ("small-division",), ("small-division", "no-landing")
    }  # fmt: skip
    first = [row["effects"][0]["difference"] for row in said["changes"]]
    assert first == sorted(first)
    assert 0.0 <= said["wanted"]["success"] <= 1.0


def test_the_answer_has_the_documented_fields(asked: Path) -> None:
    text = (DOCS / "json.md").read_text(encoding="utf-8")
    assert entries(text, "## `khingan ask CAMPAIGN --json`") == list(answers(asked, "far", runs=2)[0])


def test_ask_prints_json_alone_and_names_mistakes(asked: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["ask", str(asked), "--question", "start", "--runs", "3", "--json"])
    assert done.exit_code == 0, done.output
    assert [said["question"] for said in json.loads(done.stdout)] == ["start"]
    done = CliRunner().invoke(app, ["ask", str(asked), "--question", "strat"])
    assert (done.exit_code, "did you mean start" in done.output) == (1, True)
    (asked / "questions.yaml").unlink()
    assert "brings no questions" in CliRunner().invoke(app, ["ask", str(asked)]).output


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[no-landing, small-division]", "[no-landnig]", "unknown change 'no-landnig' of 'far'"),
        ("measures: [days-to-bridge", "measures: [days-to-brigde", "unknown measure 'days-to-brigde'"),
        ("level: guard", "level: gard", "unknown level 'gard'"),
        ("closes_claim: sure-hour", "closes_claim: nobody", "unknown claim 'nobody'"),
        ("measure: territory-at-end,", "measure: prisoners-jp,", "wants 'prisoners-jp' and does not measure it"),
        ("asks: When?", "ask: When?", "unknown field"),
    ],
)
def test_a_faulty_question_is_told_by_check(asked: Path, old: str, new: str, said: str) -> None:
    change(asked, "questions.yaml", old, new)
    done = CliRunner().invoke(app, ["check", str(asked)])
    assert done.exit_code == 1
    assert said in " ".join(done.output.split())
