"""Reading the history folder, with its faults."""

from pathlib import Path
from types import SimpleNamespace

import pytest

import toy_history
from khingan.errors import CampaignError, KhinganError
from khingan.history.targets import Pace, read_history


def test_history_is_read(scenario: SimpleNamespace) -> None:
    """The toy has six targets and three losses; empty cells of a range stay unknown."""
    history = read_history(scenario)
    assert [target.target for target in history.targets][:2] == ["near", "middle"]
    assert history.targets[0].planned_days == 2
    assert history.losses[1].low is None
    assert history.prisoners == ()


def test_every_fault_is_listed_with_its_cell(scenario: SimpleNamespace) -> None:
    """A latitude, a measure, a formation and a date wrong in four rows: four lines, each with line and column."""
    path = Path(scenario.folder) / "history" / "targets.csv"
    text = toy_history.TARGETS.replace("Near,45,", "Near,145,").replace("129,control", "129,seen")
    path.write_text(text.replace("jp-1", "jp-9").replace("08-13T", "10-13T"), encoding="utf-8")
    with pytest.raises(CampaignError) as raised:
        read_history(scenario)
    spots = [(problem.line, problem.column) for problem in raised.value.problems]
    assert spots == [(2, 3), (3, 5), (6, 11), (7, 9)]
    assert "jp-1" in str(raised.value)


def test_a_campaign_without_history_says_so(scenario: SimpleNamespace) -> None:
    """It can be played, not compared; the message offers both ways."""
    (Path(scenario.folder) / "history" / "targets.csv").unlink()
    with pytest.raises(KhinganError, match=r"no history .*khingan run"):
        read_history(scenario)


@pytest.mark.parametrize(
    ("words", "expected"), [("70 tank", 70), ("8-10", 9), ("50-60 planned, 23 front norm", 55), ("not known", None)]
)
def test_planned_rates_are_read_from_words(words: str, expected: float | None) -> None:
    """The figure the words begin with, the middle of a span, nothing where there is no figure."""
    row = Pace(
        file="history/rates.csv", line=2, formation="First Army", route="", start="", days=1, great_circle_km=1,
        road_km=1, km_per_day=1, planned_km_per_day=words, grade="A", note="",
    )  # fmt: skip
    assert row.planned == expected
