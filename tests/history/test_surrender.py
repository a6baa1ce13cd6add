"""The historical date beside the schools: likelihoods, ranks, Bayes factors, and the switches of the campaign."""

from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest

from khingan.errors import KhinganError
from khingan.history.compare import conditioned_on
from khingan.history.surrender import SchoolRow, beside_history, read_surrender
from khingan.scenario.politics import Politics, require_politics
from khingan.scenario.read import load
from khingan.scenario.vocabulary import SCHOOLS
from khingan.simulation.politics import Outcome, outcomes, school_named, school_number
from worlds import far_east

SWITCHES = ("no-bombs", "one-bomb", "no-soviet-entry", "pact-kept", "entry-on=1945-09-09")


@cache
def after(change: str = "") -> tuple[Outcome, ...]:
    """Every school's distribution after one change."""
    pins = politics().pins((change,) if change else ())
    return tuple(outcomes(far_east(), pins))


@cache
def politics() -> Politics:
    return require_politics(far_east())


@cache
def rows() -> tuple[SchoolRow, ...]:
    return tuple(beside_history(list(after()), read_surrender(far_east())))


def test_likelihoods_of_the_window_are_those_of_the_reference() -> None:
    # Model reference, section 9.2, last column: .42, .53, .59, .34.
    found = {row.outcome.school.key: row.likelihood for row in rows()}
    assert found == pytest.approx({"bombs": 0.42, "entry": 0.53, "both": 0.59, "exhaustion": 0.34}, abs=0.02)


def test_one_event_hardly_separates_the_schools() -> None:
    # The reference says factors of two at most; and each factor is the inverse of its counterpart.
    factors = {(row.outcome.school.key, other): factor for row in rows() for other, factor in row.against.items()}
    assert len(factors) == 12
    assert max(factors.values()) <= 2
    assert all(factors[one, two] * factors[two, one] == pytest.approx(1) for one, two in factors)


def test_every_distribution_rises_and_the_broadcast_follows_the_decision() -> None:
    for found in after():
        assert (found.announced[1:] >= found.announced[:-1] - 1e-9).all()
        assert (found.announced <= found.decided + 1e-9).all()


@pytest.mark.parametrize("change", SWITCHES)
def test_a_blow_less_or_later_puts_the_surrender_off_in_every_school(change: str) -> None:
    for before, changed in zip(after(), after(change), strict=True):
        assert changed.share_announced(datetime(1945, 9, 2)) < before.share_announced(datetime(1945, 9, 2))


def test_an_earlier_entry_brings_it_forward() -> None:
    for before, changed in zip(after(), after("entry-on=1945-08-04"), strict=True):
        assert changed.share_announced(datetime(1945, 8, 9)) > before.share_announced(datetime(1945, 8, 9))


def test_accepted_terms_end_it_at_once_in_every_school() -> None:
    # Accepted on 28 July, broadcast a day later unless a veto (one in ten) holds it up.
    for found in after("potsdam-accepted"):
        assert found.share_announced(datetime(1945, 7, 30)) == pytest.approx(0.9, abs=0.02)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (("no-bomb",), "did you mean no-bombs"),
        (("entry-on",), "a date is missing"),
        (("no-bombs=1",), "a date is not wanted"),
        (("entry-on=tomorrow",), "is no date"),
        (("no-bombs", "one-bomb"), "already 0"),
    ],
)
def test_what_is_wrong_with_a_change_is_said(changes: tuple[str, ...], said: str) -> None:
    with pytest.raises(KhinganError, match=said):
        politics().pins(changes)


def test_the_page_and_the_comparison_say_whose_surrender_was_played() -> None:
    assert conditioned_on({}) == "the historical calendar of the surrender"
    assert "'both'" in conditioned_on({"politics.school": 3.0})


def test_schools_have_numbers_from_one_and_the_calendar_has_none() -> None:
    assert [school_named(school_number(name)) for name in SCHOOLS] == list(SCHOOLS)
    assert school_named(0.0) == ""
    with pytest.raises(KhinganError, match="no such school"):
        school_number("bomb")


def test_each_school_has_sources_a_thesis_and_evidence_of_its_own() -> None:
    for school in politics().schools:
        assert school.sources
        assert len(school.thesis) > 80
        assert len(school.evidence) >= 3
        assert all(source in far_east().ledger.sources for source in school.sources)


@pytest.mark.parametrize(
    ("day", "key"),
    [("1930-01-01", "basic-convention"), ("1941-06-22", "neutrality-pact"), ("1945-08-08", "denunciation")],
)
def test_the_state_of_the_treaties_on_a_day(day: str, key: str) -> None:
    treaty = politics().treaty_on(date.fromisoformat(day))
    assert treaty is not None
    assert treaty.key == key
    assert politics().treaty_on(date(1904, 1, 1)) is None


def test_a_campaign_without_politics_says_so(tmp_path) -> None:
    from toy import write_toy_campaign

    with pytest.raises(KhinganError, match=r"has no politics\.yaml"):
        require_politics(load(write_toy_campaign(tmp_path / "toy")))


def test_the_page_gives_every_school_its_own_words_and_sources() -> None:
    page = " ".join((Path(__file__).parents[2] / "docs/mechanisms/politics.md").read_text(encoding="utf-8").split())
    for school in politics().schools:
        assert school.title in page
        assert school.holders in page
        assert all(line in page for line in (school.thesis, *school.evidence))
        assert all(f"`{source}`" in page for source in school.sources)
