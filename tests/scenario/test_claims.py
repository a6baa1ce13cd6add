"""Every disputable cell rests on a claim; judgements are never inputs; cells cite their sources."""

from pathlib import Path

import pytest

from khingan.errors import KhinganError
from khingan.scenario.cells import all_cells
from khingan.scenario.cite import cite
from khingan.scenario.read import check, load
from toy import change, set_cell

OOB = "order_of_battle.csv"


def test_a_cell_without_a_claim_is_named(folder: Path) -> None:
    line, column = set_cell(folder, OOB, "su-division", "strength_claim", "")
    # Men, tanks and guns state something; the empty aircraft cell does not.
    found = [(problem.line, problem.column, problem.what.split()[0]) for problem in check(folder)]
    assert found == [(line, column, "guns"), (line, column, "men"), (line, column, "tanks")]


def test_an_unknown_claim_is_offered_near_names(folder: Path) -> None:
    set_cell(folder, "works.csv", "post-works", "claim", "work-record")
    problems = check(folder)
    assert problems
    assert all("did you mean works-record" in problem.remedy for problem in problems)


@pytest.mark.parametrize("kind", ["interpretation", "fact"])
def test_interpretations_are_never_inputs(folder: Path, kind: str) -> None:
    # The same row passes as a fact: it is the kind alone that forbids it.
    change(folder, "ledger.csv", "works-record,works,", f"works-record,{kind},")
    assert bool(check(folder)) == (kind == "interpretation")


def test_the_documents_interpretations_are_never_inputs(folder: Path) -> None:
    # Even with a number of its own in the ledger, C02 stays what the document's table calls it.
    change(folder, "ledger.csv", "works-record,works,", "C02,works,")
    set_cell(folder, "works.csv", "post-works", "claim", "C02")
    assert all("an interpretation" in problem.what for problem in check(folder))
    assert check(folder)


def test_a_document_claim_needs_its_number_in_the_ledger(folder: Path) -> None:
    set_cell(folder, "works.csv", "post-works", "claim", "C01")
    assert {problem.remedy for problem in check(folder)} == {"add a row C01 with its number, source and grade"}


def test_a_cell_says_what_its_claim_says(folder: Path) -> None:
    set_cell(folder, OOB, "jp-garrison", "men", "1200")
    assert [problem.what for problem in check(folder)] == ["men is 1200, its claim 'garrison-men' says 1000 men"]


def test_every_cell_cites_a_source(folder: Path) -> None:
    scenario = load(folder)
    cells = list(all_cells(scenario))
    assert {cell.file for cell in cells} > {OOB, "plans.yaml", "surrender.yaml", "orders.csv"}
    for cell in cells:
        citation = cite(scenario, f"{cell.file}:{cell.line}:{cell.column}")
        assert citation.source.citation
        assert citation.claim.basis in ("recalled", "estimated")


def test_the_range_of_a_cell_is_the_cell_times_the_ratio(folder: Path) -> None:
    # 10,000 men of grade B: 0.85 and 1.15 times.
    citation = cite(load(folder), f"{OOB}:2:men")
    assert (citation.low, citation.high) == (pytest.approx(8500), pytest.approx(11500))
    assert citation.range_in_words == "8500 to 11500 (range of kind strength, grade B)"


def test_the_range_of_a_number_is_the_claims_own(folder: Path) -> None:
    citation = cite(load(folder), f"{OOB}:jp-garrison:men")
    assert (citation.low, citation.high, citation.claim.filled) == (800, 1500, False)


def test_coordinates_may_be_off_by_kilometres(folder: Path) -> None:
    assert cite(load(folder), "places.csv:Landing:lat").range_in_words == "within 1 km (range of kind place, grade A)"


def test_columns_go_by_number_too(folder: Path) -> None:
    assert cite(load(folder), f"{OOB}:2:8").cell.column == "men"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("order_of_battle.csv", "FILE:ROW:COLUMN"),
        ("order_of_batle.csv:2:men", "did you mean order_of_battle.csv"),
        (f"{OOB}:99:men", "rows begin in lines 2 to 5"),
        (f"{OOB}:su-divison:men", "did you mean su-division"),
        (f"{OOB}:2:mne", "did you mean men"),
        (f"{OOB}:2:name", "states nothing that is disputed"),
    ],
)
def test_a_mistaken_address_is_explained(folder: Path, address: str, words: str) -> None:
    with pytest.raises(KhinganError, match=words):
        cite(load(folder), address)
