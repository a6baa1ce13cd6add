"""The comparison of a toy campaign, whose runs the tests lay down."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import toy_history
from khingan.errors import CampaignError
from khingan.history.compare import compare

KEYS = [
    "target", "group", "phase", "measure", "fitted", "unit", "observed_low", "observed", "observed_high", "q05",
    "median", "q95", "rank", "crps", "null_crps",
]  # fmt: skip


def control(near: float, middle: float, far: float, isle: float = np.nan) -> np.ndarray:
    """Sixty runs that all take the four cells at these hours."""
    return np.tile([near, middle, far, isle], (60, 1))


def test_rows_have_exactly_the_documented_keys(scenario: SimpleNamespace) -> None:
    """The JSON is an interface; the order is that of the documentation."""
    for row in compare(toy_history.result(), scenario).as_dict():
        assert list(row) == KEYS
        assert list(row["null_crps"]) == ["plan", "calendar", "distance"]


def test_the_worst_row_comes_first(scenario: SimpleNamespace) -> None:
    """Near is met to the hour, Middle 6 h off inside its window, Far five days late."""
    comparison = compare(toy_history.result(first_control=control(24, 78, 240)), scenario)
    rows = [row.target for row in comparison.dated if row.measure == "control"]
    assert rows == ["far", "middle", "near"]
    assert {row.target: row.inside for row in comparison.dated}["middle"]


def test_never_counts_as_six_days_after_the_end(scenario: SimpleNamespace) -> None:
    """Ten days are played; a place no run takes stands at 16 days, is shown as never, and ranks history at 0."""
    comparison = compare(toy_history.result(first_control=control(24, 72, np.nan)), scenario)
    far = next(row for row in comparison.rows if row.target == "far")
    assert (far.median, far.never, far.rank) == (16 * 24, 1, 0)
    assert "never" in comparison.explain(far)


def test_losses_are_counted_by_front_and_day(scenario: SimpleNamespace) -> None:
    """The official end is day 9's morning, so the ninth evening counts: 9 of each kind lost of the front's one army."""
    nine = np.tile(np.arange(1.0, 11)[:, None], (60, 1, 2))
    comparison = compare(toy_history.result(**dict.fromkeys(toy_history.BY_DAY, nine)), scenario)
    rows = {row.target: row for row in comparison.rows if not row.timed}
    # Irrecoverable: killed, taken, dead of sickness; sanitary: wounded and sick.
    assert rows["irrecoverable-losses-first"].median == 27
    assert rows["sanitary-losses-empire-total"].median == 18
    assert rows["sanitary-losses-empire-total"].observed_low == 50
    assert (rows["tanks-written-off-first"].median, rows["tanks-written-off-first"].unit) == (9, "tanks")
    assert comparison.not_compared == ("irrecoverable (Nobody)",)


def test_losses_of_armies_named_by_their_keys(scenario: SimpleNamespace) -> None:
    """Both armies lost 9 dead, 9 taken, 9 wounded each; their row goes by their names, and nothing is fitted to it."""
    file = Path(scenario.folder) / "history" / "losses.csv"
    file.write_text(toy_history.LOSSES + "su-a; jp-a,killed and wounded,,50,,B,x,\n", encoding="utf-8")
    nine = np.tile(np.arange(1.0, 11)[:, None], (60, 1, 2))
    comparison = compare(toy_history.result(**dict.fromkeys(toy_history.BY_DAY, nine)), scenario)
    row = next(row for row in comparison.rows if row.measure == "killed_and_wounded")
    assert (row.place, row.median, row.fitted) == ("First Army and Area Army (First, Area)", 54, False)
    assert row.target == "killed-and-wounded-first-army-and-area-army-first-area"


def test_prisoners_of_a_front_are_those_whom_its_operations_took(scenario: SimpleNamespace) -> None:
    """The front's one army took 9 by the ninth evening; its operation's defenders lost twice as many to captivity."""
    file = Path(scenario.folder) / "history" / "prisoners.csv"
    head = "group,quantity,low,best,high,grade,source,note\n"
    file.write_text(head + "First,prisoners,,8,,A,x,\nnorth,prisoners,,20,,A,x,\n", encoding="utf-8")
    nine = np.tile(np.arange(1.0, 11)[:, None], (60, 1, 2))
    comparison = compare(toy_history.result(captured=2 * nine, prisoners=nine), scenario)
    assert {row.place: row.median for row in comparison.rows if row.measure == "prisoners"} == {"First": 9, "north": 18}
    # A study of before they were counted so is compared without them.
    older = compare(toy_history.result(captured=2 * nine), scenario)
    assert [row.place for row in older.rows if row.measure == "prisoners"] == ["north"]
    assert "prisoners taken (First)" in older.not_compared


def test_losses_of_several_fronts_are_their_sum(scenario: SimpleNamespace) -> None:
    file = Path(scenario.folder) / "history" / "losses.csv"
    file.write_text(toy_history.LOSSES + "First; Area,dead of no enemy,,50,,A,x,\n", encoding="utf-8")
    nine = np.tile(np.arange(1.0, 11)[:, None], (60, 1, 2))
    comparison = compare(toy_history.result(**dict.fromkeys(toy_history.BY_DAY, nine)), scenario)
    row = next(row for row in comparison.rows if row.measure == "dead_of_no_enemy")
    assert (row.place, row.median, row.fitted) == ("First and Area", 18, True)


def test_places_on_one_axis_count_as_one(scenario: SimpleNamespace) -> None:
    """Two of three road places inside are two thirds of one axis."""
    comparison = compare(toy_history.result(first_control=control(24, 72, 240)), scenario)
    line = next(line for line in comparison.summary() if line.key == "combat")
    assert (line.targets, line.inside, line.axes) == (3, 2, 1)
    assert line.axis_coverage == pytest.approx(2 / 3)


def test_a_perfect_model_has_full_skill(scenario: SimpleNamespace) -> None:
    """Every run on history's hour: CRPS 0, so the skill against every null is 1."""
    comparison = compare(toy_history.result(first_control=control(24, 72, 120)), scenario)
    line = next(line for line in comparison.summary() if line.key == "combat")
    assert line.skill == {"plan": 1, "calendar": 1, "distance": 1}
    assert line.crps_h == pytest.approx(0)


def test_the_sentence_says_direction_and_size(scenario: SimpleNamespace) -> None:
    """Far falls on 19 August instead of 14: five days late, and outside."""
    comparison = compare(toy_history.result(first_control=control(24, 72, 240)), scenario)
    far = next(row for row in comparison.rows if row.target == "far")
    assert "5.0 days late (19 Aug for 14 Aug), history outside" in comparison.explain(far)
    assert "2 lie inside" in comparison.finding()


def test_a_reason_stands_beside_its_row(scenario: SimpleNamespace) -> None:
    """Why the model misses a target is the authors' reading: data of the history folder, shown where it is worst."""
    folder = Path(scenario.folder) / "history"
    (folder / "reasons.csv").write_text("target,why\nfar,The bridge is not modelled.\n", encoding="utf-8")
    comparison = compare(toy_history.result(first_control=control(24, 72, 240)), scenario)
    assert comparison.explain_worst(1)[0].endswith("The bridge is not modelled.")


def test_a_reason_for_no_target_is_a_problem(scenario: SimpleNamespace) -> None:
    """A misspelt target would otherwise hide its reason."""
    (Path(scenario.folder) / "history" / "reasons.csv").write_text("target,why\nfarr,Mud.\n", encoding="utf-8")
    with pytest.raises(CampaignError, match="farr"):
        compare(toy_history.result(), scenario)
