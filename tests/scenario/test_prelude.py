"""The tables of the months before: what is wrong is told where it stands."""

import re
import shutil
from pathlib import Path

import pytest

from khingan.errors import CampaignError, KhinganError
from khingan.scenario.cells import disputable_cells
from khingan.scenario.cite import cite
from khingan.scenario.prelude import has_prelude, prelude_rows, read_prelude
from khingan.scenario.schema import Scenario
from worlds import far_east


def damaged(folder: Path, file: str, old: str, new: str) -> Scenario:
    """The real campaign with one word of a table changed."""
    shutil.copytree(Path(far_east().folder) / "prelude", folder / "prelude")
    path = folder / "prelude" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return far_east().model_copy(update={"folder": str(folder)})


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "buildup.csv",
            "su-39,",
            "su-93,",
            r"prelude/buildup.csv:\d+:3 \| unknown army 'su-93' \| did you mean .*su-39",
        ),
        ("buildup.csv", ",280,", ",many,", r"trains 'many' is not a number"),
        ("railways.csv", ",trunk,north", ",trunck,north", r"unknown after 'trunck'"),
        ("channels.csv", "prelude-couriers", "C02", r"share rests on 'C02', which is no claim of fact"),
        ("observers.csv", ",yes,", ",no,", r"0 rows have chooses yes \| mark one row yes"),
        ("dates.csv", "denounced,", "renounced,", r"day 'denounced' is missing"),
        ("moves.csv", "Taonan", "Taoran", r"unknown place 'Taoran' \| did you mean .*Taonan"),
    ],
)
def test_a_fault_is_told_where_it_stands(tmp_path, file, old, new, told):
    with pytest.raises(CampaignError) as caught:
        read_prelude(damaged(tmp_path, file, old, new))
    assert re.search(told, str(caught.value)), str(caught.value)


def test_a_campaign_without_the_folder_says_so(tmp_path):
    scenario = far_east().model_copy(update={"folder": str(tmp_path)})
    assert not has_prelude(scenario)
    with pytest.raises(KhinganError, match="says nothing of the months before"):
        read_prelude(scenario)


def test_a_cell_of_the_months_before_leads_to_its_source():
    citation = cite(far_east(), "prelude/buildup.csv:39-army:trains")
    assert (citation.cell.value, citation.source.key) == (280, "editorial-estimate")
    # The published span is 250 to 400 trains an army.
    assert 280 * citation.claim.low < 250 < 280 * citation.claim.high
    ledger = far_east().ledger
    for row in prelude_rows(far_east()):
        for cell in disputable_cells(row):
            assert ledger.sources[ledger.claim(cell.claim).source].citation


def test_the_drained_and_the_tied_are_on_record():
    # About twenty divisions were gone by spring 1945; the share tied falls from a half to a twentieth (claim C17).
    prelude = read_prelude(far_east())
    assert len(prelude.drained) == 21
    shares = {int(row.year): row.tied for row in prelude.tied}
    assert shares[1933] > shares[1937] > shares[1941]
    assert shares[1945] < 0.1
