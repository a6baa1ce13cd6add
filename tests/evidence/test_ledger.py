"""Claims, their ranges, and what may not be said."""

from itertools import pairwise
from pathlib import Path

import pytest

from khingan.errors import KhinganError, Problem
from khingan.evidence.grade import GRADES, read_ranges
from khingan.evidence.ledger import Ledger, read_ledger

HEADER = "claim,kind,low,best,high,unit,source,locus,grade,basis,note\n"
DOCUMENT = "claim,paragraph,statement,printed,reading,start,end,kind,correction,held_by,disputed_by,place_in_product\n"
STATEMENTS = (
    "C01,1,It happened,on the 9th,9 August,,,fact,,,,campaign\nC02,1,Needlessly,,,,,interpretation,,some,others,none\n"
)


def ledger_of(folder: Path, rows: str) -> tuple[Ledger, list[Problem]]:
    (folder / "ledger.csv").write_text(HEADER + rows)
    (folder / "document.csv").write_text(DOCUMENT + STATEMENTS)
    (folder / "sources.yaml").write_text("book: {citation: A book, kind: book, basis: recalled, trust: fair}\n")
    problems: list[Problem] = []
    return read_ledger(folder, read_ranges(), problems)[0], problems


def test_an_empty_range_is_filled_by_kind_and_grade(tmp_path: Path) -> None:
    # Grade B strength is 0.85 to 1.15 in parameters/evidence.yaml: of 200 men 170 to 230.
    ledger, _ = ledger_of(tmp_path, "x,strength,,200,,men,book,,B,recalled,\n")
    claim = ledger.claim("x")
    assert (claim.low, claim.high, claim.filled) == (pytest.approx(170), pytest.approx(230), True)
    assert claim.ratios == (pytest.approx(0.85), pytest.approx(1.15))


def test_a_written_bound_stands(tmp_path: Path) -> None:
    ledger, _ = ledger_of(tmp_path, "x,strength,190,200,,men,book,,B,recalled,\n")
    assert (ledger.claim("x").low, ledger.claim("x").high) == (190, pytest.approx(230))


def test_a_claim_about_a_point_is_shifted_not_scaled(tmp_path: Path) -> None:
    # A latitude times 1.15 would be another country; places of grade B may lie 5 km elsewhere.
    ledger, _ = ledger_of(tmp_path, "x,place,,1,,ratio,book,,B,recalled,\n")
    claim = ledger.claim("x")
    assert (claim.low, claim.high, claim.shift, claim.shift_unit) == (1, 1, 5, "km")


def test_a_source_that_scales_times_is_not_shifted_too(tmp_path: Path) -> None:
    ledger, _ = ledger_of(tmp_path, "x,timing,0.5,1,2,ratio,book,,B,recalled,\n")
    claim = ledger.claim("x")
    assert (claim.low, claim.high, claim.shift, claim.filled) == (0.5, 2, 0, False)


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("x,strenght,,1,,ratio,book,,B,recalled,", 2, "unknown kind 'strenght'"),
        ("x,strength,3,2,4,men,book,,B,recalled,", 4, "out of order"),
        ("x,strength,,2,,ratio,book,,B,recalled,", 4, "a ratio has best 2"),
        ("x,strength,,2,,mne,book,,B,recalled,", 6, "unknown unit 'mne'"),
        ("x,strength,,2,,men,boko,,B,recalled,", 7, "unknown source 'boko'"),
        ("x,strength,,2,,men,book,,D,recalled,", 9, "grade 'D' is not known"),
        ("x,strength,,2,,men,book,,B,invented,", 10, "basis 'invented' is not known"),
        ("x,strength,,nan,,men,book,,B,recalled,", 4, "best 'nan' is not a number"),
    ],
)
def test_a_faulty_claim_is_named_by_column(tmp_path: Path, row: str, column: int, words: str) -> None:
    _, problems = ledger_of(tmp_path, row + "\n")
    assert [(problem.line, problem.column) for problem in problems] == [(2, column)]
    assert words in problems[0].what


def test_unknown_claims_are_offered_near_names(tmp_path: Path) -> None:
    ledger, _ = ledger_of(tmp_path, "su-strength,strength,,1,,ratio,book,,B,recalled,\n")
    with pytest.raises(KhinganError, match="did you mean su-strength"):
        ledger.claim("su-strenght")


def test_a_view_carries_basis_and_grade_and_who_disputes(tmp_path: Path) -> None:
    ledger, _ = ledger_of(tmp_path, "x,strength,,1,,ratio,book,,B,recalled,\n")
    number, statement = ledger.view("x"), ledger.view("C02")
    assert (number["number"]["basis"], number["number"]["grade"], number["source"]["key"]) == ("recalled", "B", "book")
    assert (statement["number"], statement["document"]["disputed_by"]) == (None, "others")
    assert ledger.is_interpretation("C02")
    assert not ledger.is_interpretation("C01")


def test_lower_grades_are_wider() -> None:
    # Confidence falls from A to C, so no range of a lower grade lies inside that of a higher one.
    for entry in read_ranges().values():
        spans = [entry.of(grade) for grade in GRADES]
        assert all(after[0] <= before[0] and after[1] >= before[1] for before, after in pairwise(spans))
