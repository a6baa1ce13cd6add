"""What the page tells of the months before and of the war's end, and that a campaign without them has neither."""

from typing import Any

import pytest

from khingan.report.belief import belief
from khingan.report.schools import played, schools
from khingan.scenario.read import load
from khingan.simulation.politics import SCHOOL
from khingan.simulation.settings import Settings
from khingan.simulation.study import Study


@pytest.fixture(scope="module")
def scenario() -> Any:
    """The campaign that has both."""
    return load("far-east-1945")


def study(scenario: Any, pinned: dict[str, float]) -> Study:
    """A small study of the campaign."""
    return Study.plan(scenario, 4, 1945, Settings(pinned=pinned))


def test_beliefs_add_up_to_one(scenario: Any) -> None:
    """A belief over week and axis is a distribution, on the first day and on the eve; so is one over axes."""
    told = belief(scenario, study(scenario, {}))
    assert told is not None
    for share in (*told["prior"].values(), *told["h_hour"].values()):
        assert sum(map(sum, share)) == pytest.approx(1, abs=0.02)  # each of 225 shares is rounded to four digits
    for month in told["months"]:
        assert all(sum(axes.values()) == pytest.approx(1, abs=1e-3) for axes in month["axes"].values())
    assert [axis["axis"] for axis in told["axes"] if axis["main"]] == ["west"]


def test_each_school_has_words_sources_and_a_factor_against_every_other(scenario: Any) -> None:
    """A Bayes factor is a ratio: that of one school against another times its reverse is one."""
    told = schools(scenario)
    assert told is not None
    rows = {row["key"]: row for row in told["rows"]}
    assert len(rows) == 4
    for row in rows.values():
        assert row["thesis"]
        assert row["sources"]
        for other, factor in row["bayes_factor"].items():
            assert factor * rows[other]["bayes_factor"][row["key"]] == pytest.approx(1)


@pytest.mark.parametrize(("number", "name"), [(0.0, "calendar"), (-1.0, "schools"), (2.0, "entry")])
def test_the_page_says_whose_decision_was_played(scenario: Any, number: float, name: str) -> None:
    """The value of politics.school by name."""
    assert played(scenario, study(scenario, {SCHOOL: number} if number else {})) == name


def test_a_campaign_without_them_has_neither() -> None:
    """Lake Khasan has no prelude and no politics."""
    other = load("lake-khasan-1938")
    assert belief(other, study(other, {})) is None
    assert schools(other) is None
    assert played(other, study(other, {})) == ""
