"""The scoreboard of the toy campaign, whose runs the tests lay down."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np

import toy_history
from khingan.history.advance import halt_rows, pace_rows
from khingan.history.compare import compare
from khingan.history.scoreboard import beside_of, blocks_of, board, marks_of, ranks, worst_of
from khingan.history.targets import Halt, Pace, read_history
from khingan.report.scoreboard import scoreboard_page


def control(*hours: float) -> np.ndarray:
    """Sixty runs that take the four cells at these hours."""
    return np.tile(hours, (60, 1))


def test_rows_of_one_kind_make_a_block(scenario: SimpleNamespace) -> None:
    """Near is met to the hour, Middle 6 h off inside its window, Far five days late: one of three outside, and the
    mean error of the medians is (0 + 0.25 + 5) / 3 days."""
    comparison = compare(toy_history.result(first_control=control(24, 78, 240, np.nan)), scenario)
    block = next(block for block in blocks_of(comparison) if block.block == "combat: control")
    assert (block.rows, round(block.cover_90, 3), block.unit) == (3, 0.667, "days")
    assert block.median_error == (0 + 0.25 + 5) / 3
    assert block.width == 0  # every run alike


def test_every_row_stands_in_one_block(scenario: SimpleNamespace) -> None:
    """Nothing is left out, and fitted targets are never mixed with held-out ones."""
    comparison = compare(toy_history.result(), scenario)
    blocks = blocks_of(comparison)
    assert sum(block.rows for block in blocks) == len(comparison.rows)
    assert sum(block.rows for block in blocks if block.fitted) == sum(row.fitted for row in comparison.rows)


def test_marks_are_met_or_missed_by_their_own_words(scenario: SimpleNamespace) -> None:
    """Runs that hit every combat place to the hour have no width and no error; five days late misses the mark."""
    hit = marks_of(compare(toy_history.result(first_control=control(24, 72, 120, np.nan)), scenario))
    late = marks_of(compare(toy_history.result(first_control=control(24, 192, 240, np.nan)), scenario))
    error = "combat places: typical error of the median in days"
    assert {mark.mark: mark.met for mark in hit}[error]
    assert not {mark.mark: mark.met for mark in late}[error]


def test_a_fleet_is_shown_beside_the_marks_of_fronts(scenario: SimpleNamespace) -> None:
    """First lost 80 to 120 and its runs none, a median off by all of 80; a fleet of the same loss is no front, and
    leaves no front to mark. Both stand in the page."""
    nobody = {name: np.zeros((60, toy_history.DAYS, 2)) for name in ("killed", "captured", "died")}
    far, result = "losses by front: largest error of a median, as a share", toy_history.result(**nobody)
    comparison = compare(result, scenario)
    assert {mark.mark: mark.value for mark in marks_of(comparison)}[far] == 1.0
    assert beside_of(comparison) == ()
    ships = tuple(SimpleNamespace(**vars(row) | {"type": "naval"}) for row in scenario.formations)
    ships = SimpleNamespace(**vars(scenario) | {"formations": ships})
    fleet = compare(result, ships)
    assert far not in {mark.mark for mark in marks_of(fleet)}
    assert [line.value for line in beside_of(fleet)] == [0, 1]
    page = scoreboard_page([replace(board(result, scenario), beside=beside_of(fleet))])
    assert "| losses by fleet: largest error of a median, as a share | | 1.00 | no mark: ships lost at sea" in page


def test_ranks_are_counted_by_tenths(scenario: SimpleNamespace) -> None:
    """A run exactly at history counts half on either side: rank 0.5 falls in the sixth tenth."""
    rows = compare(toy_history.result(first_control=control(24, 72, 120, np.nan)), scenario).dated
    near = [row for row in rows if row.target == "near"]
    assert ranks(near)[5] == 1
    assert sum(ranks(near)) == 1


def test_a_halt_is_laid_beside_the_hours_stood_still(scenario: SimpleNamespace) -> None:
    """Every run halts 48 h; the accounts say 36 to 60."""
    army = scenario.armies[0].army
    halt = Halt(army=army, low=36, best=48, high=60, grade="A", source="x", note="", file="halts.csv", line=2)
    history = read_history(scenario).model_copy(update={"halts": (halt,)})
    result = toy_history.result(halted_hours=np.full((60, len(scenario.armies)), 48.0))
    (row,) = halt_rows(result, scenario, history)
    assert (row.median, row.unit, row.inside, row.timed) == (48, "hours", True, False)


def test_a_rate_is_the_road_over_the_days(scenario: SimpleNamespace) -> None:
    """Ten km of road to a place taken after two days are 5 km a day; a place the map lacks is said, not scored."""
    pace = {
        "formation": "First", "start": scenario.calendar.h_hour.date().isoformat(), "days": 2, "great_circle_km": 8,
        "road_km": 10, "km_per_day": 5, "planned_km_per_day": "", "grade": "A", "note": "", "file": "", "line": 2,
    }  # fmt: skip
    rows = (Pace(**pace, route="Here; Near"), Pace(**pace, route="Here; Nowhere at all"))
    result = toy_history.result(first_control=control(48, 72, 120, np.nan))
    (row,), without = pace_rows(result, scenario, read_history(scenario).model_copy(update={"paces": rows}))
    assert row.median == 5
    assert without == ["rate of advance (First to Nowhere at all)"]


def test_the_page_names_every_block_and_mark(scenario: SimpleNamespace) -> None:
    """What is measured is shown, the worst first."""
    line = board(toy_history.result(), scenario)
    text = scoreboard_page([line])
    assert all(block.block.replace("_", " ") in text for block in line.blocks)
    assert all(mark.mark in text for mark in line.marks)
    assert text.index(worst_of(compare(toy_history.result(), scenario))[0]) > 0
