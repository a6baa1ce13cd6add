"""The chronicle: every claim told once, in order, with links that lead somewhere and back."""

import csv
import re
from pathlib import Path

import pytest

from khingan.errors import CampaignError
from khingan.report.evidence import statements
from khingan.scenario.chronicle import Entry, has_chronicle, read_chronicle
from khingan.scenario.politics import read_politics
from khingan.scenario.read import load
from khingan.scenario.schema import Scenario
from worlds import far_east

PAGES = Path(__file__).parents[2] / "docs/mechanisms"
HEADER = "claim,why,agree,differ,feeds\n"


def told(folder: Path, *rows: str) -> Scenario:
    """The toy campaign with a chronicle of these rows."""
    (folder / "chronicle.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return load(folder)


def claims(text: str) -> set[str]:
    return set(re.findall(r"\bC\d\d\b", text))


def feeding(kind: str) -> dict[str, set[str]]:
    """Claims by what they feed."""
    found: dict[str, set[str]] = {}
    for entry in read_chronicle(far_east()):
        for link, name in entry.feeds:
            if link == kind:
                found.setdefault(name, set()).add(entry.statement.claim)
    return found


def named_by_pages() -> dict[str, set[str]]:
    """Claims by the mechanism whose page names them."""
    lines = {page.stem: re.search(r"^Claims of the document: (.+)", page.read_text(encoding="utf-8"), re.MULTILINE)
             for page in PAGES.glob("*.md")}  # fmt: skip
    return {name: claims(line[1]) for name, line in lines.items() if line}


def named_by_readme(kind: str) -> dict[str, set[str]]:
    text = (Path(far_east().folder) / "README.md").read_text(encoding="utf-8").split("## The document's claims")[1]
    mark = "campaign " if kind == "campaign" else ""
    return {row[1]: claims(row[2]) for row in re.finditer(rf"^\| {mark}`([^`]+)` \| (.+) \|$", text, re.MULTILINE)}


def test_all_33_claims_stand_in_the_order_of_their_dates() -> None:
    entries = read_chronicle(far_east())
    assert {entry.statement.claim for entry in entries} == {f"C{number:02d}" for number in range(1, 34)}
    starts = [entry.statement.start for entry in entries]
    assert starts == sorted(starts)
    assert (starts[0][:4], max(entry.statement.end for entry in entries)[:4]) == ("1904", "1946")


def test_mechanisms_and_claims_name_each_other() -> None:
    assert feeding("mechanism") == named_by_pages()


def test_switches_and_claims_name_each_other() -> None:
    politics = read_politics(far_east())
    assert politics is not None
    assert feeding("switch") == {switch.key: set(switch.document) for switch in politics.switches}


@pytest.mark.parametrize("kind", ["file", "campaign"])
def test_files_and_campaigns_stand_in_the_readme_with_their_claims(kind: str) -> None:
    assert feeding(kind) == named_by_readme(kind)


def test_files_that_claims_feed_exist() -> None:
    assert all((Path(far_east().folder) / name).is_file() for name in feeding("file"))


def test_what_a_garbled_form_was_read_as_has_a_reason() -> None:
    # A correction that is more than "nothing to correct" changed something: the reader is told why.
    for entry in read_chronicle(far_east()):
        changed = not entry.statement.correction.startswith(("Nothing to correct", "No date is printed"))
        assert changed <= entry.garbled or entry.statement.claim == "C21", entry.statement.claim


def test_an_interpretation_feeds_nothing_and_says_who_holds_and_who_disputes() -> None:
    for entry in read_chronicle(far_east()):
        if entry.statement.kind == "interpretation":
            assert not entry.feeds
            assert entry.statement.held_by
            assert entry.statement.disputed_by


def test_the_document_as_handed_out_is_told_whole() -> None:
    # Printed forms are those of the claims, so none was lost on the way from document.csv.
    with (Path(far_east().folder) / "document.csv").open(encoding="utf-8", newline="") as file:
        printed = {row["claim"]: row["printed"] for row in csv.DictReader(file)}
    assert {entry.statement.claim: entry.statement.printed for entry in read_chronicle(far_east())} == printed


def test_the_page_tells_every_claim_with_what_the_chronicle_adds() -> None:
    told = statements(far_east())
    assert len(told) == 33
    assert any(claim["why"] for claim in told)
    assert any(claim["feeds"] for claim in told)


def test_without_a_chronicle_the_page_tells_the_document_alone(folder: Path) -> None:
    scenario = load(folder)
    assert not has_chronicle(scenario)
    assert all(claim["why"] == "" for claim in statements(scenario))


def test_an_undated_claim_comes_last(folder: Path) -> None:
    entries = read_chronicle(told(folder, "C02,,handbook,guess: otherwise,", "C01,why,,,mechanism:combat"))
    assert [entry.statement.claim for entry in entries] == ["C01", "C02"]
    assert isinstance(entries[0], Entry)
    assert entries[1].differ[0].says == "otherwise"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (("C01,,,,", "C02,,hansard,,"), "unknown source 'hansard'"),
        (("C01,,,,combat", "C02,,,,"), "'combat' is no link"),
        (("C01,,,,",), "claim 'C02' of document.csv has no row"),
        (("C01,,,,", "C02,,,,", "C03,,,,"), "no claim 'C03'"),
    ],
)
def test_what_is_wrong_with_it_is_said(folder: Path, rows: tuple[str, ...], said: str) -> None:
    with pytest.raises(CampaignError, match=re.escape(said)):
        read_chronicle(told(folder, *rows))
