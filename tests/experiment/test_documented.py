"""The guide and the JSON page name every field there is, and the ablations stand in their page as they were played."""

from dataclasses import fields
from pathlib import Path

import pytest

from khingan.experiment.attribution import Attribution
from khingan.experiment.change import TABLES, Change, Factor, Measure
from khingan.experiment.effect import Effect
from khingan.experiment.repertoire import read_repertoire, read_switches
from test_docs import entries
from worlds import far_east

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "guides/ask_what_if.md").read_text(encoding="utf-8")
JSON = (DOCS / "json.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("heading", "record"), [("### A change", Change), ("### A measure", Measure), ("### A factor", Factor)]
)
def test_the_guide_lists_every_field(heading, record):
    assert entries(GUIDE, heading) == [name for name in record.model_fields if name not in ("name", "file", "line")]


def test_the_guide_names_every_table_and_kind():
    assert all(f"`{table}`" in GUIDE for table in TABLES)
    assert all(f"`{kind}`" in GUIDE for kind in Measure.model_fields["kind"].annotation.__args__)


def test_the_json_page_lists_every_field_in_its_order():
    heading = "## `khingan what-if CAMPAIGN --json`"
    assert entries(JSON, heading) == [field.name for field in fields(Effect)]
    found = Attribution("", "", 0.0, 0.0, 0.0, 0, True, (), ())
    assert entries(JSON, "## `khingan attribute CAMPAIGN --factors A,B --json`") == list(found.as_dict())


def test_the_table_of_ablations_names_no_switch_that_is_gone():
    # Playing all switches takes an hour, so a new one may wait for its row; the page says that it does.
    rows = set(entries((DOCS / "ablations.md").read_text(encoding="utf-8")))
    assert rows
    assert rows <= read_switches().keys(), "run tools/ablation_tables.py"


def test_the_issue_s_changes_are_there():
    wanted = {"main-effort-east", "no-6th-guards-tank-army", "no-airlift", "dry-august", "no-surrender-order",
              "old-divisions", "defence-west", "defence-redoubt", "79th-division-second-reading"}  # fmt: skip
    assert wanted <= read_repertoire(far_east()).changes.keys()
