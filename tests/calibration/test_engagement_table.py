"""Tables of engagements: what counts, what is left out, and rubbish refused in words."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from khingan.calibration.engagement_table import read_table
from khingan.cli import app
from khingan.errors import CampaignError
from khingan.world.engagements import ground_of
from toy_engagements import COLUMNS, engagement_rows, write_engagements


@pytest.mark.parametrize(
    ("code", "ground"),
    [("RM0", "rolling-mixed"), ("GW0", "rugged-wooded"), ("FD0", "desert"), ("RBD", "dunes"), ("F0U", "urban"),
     ("FWM", "swamp"), ("", "rolling-mixed"), ("???", "rolling-mixed")],
)  # fmt: skip
def test_terrain_codes_become_ground(code: str, ground: str) -> None:
    # The README of CDB90: G rugged R rolling F flat, W woods M mixed B bare D desert, U urban M marsh D dunes.
    assert ground_of(code) == ground


def test_duplicates_draws_and_unknowns_are_left_out_of_what_they_cannot_tell(tmp_path: Path) -> None:
    rows = engagement_rows(6)
    rows[0]["is_duplicate"] = 1
    rows[1]["winner"] = "draw"
    rows[2]["att_casualties"] = ""
    rows[3]["def_strength_total"] = ""
    table = read_table(write_engagements(tmp_path / "t.csv", rows))
    assert (table.read, table.duplicates, table.without_strength, len(table.rows)) == (6, 1, 1, 4)
    draw, unknown = table.rows[0], table.rows[1]
    assert draw.won is None
    assert draw.casualties == (600.0, 700.0)
    assert unknown.casualties[0] != unknown.casualties[0]


def test_hindsight_changes_no_row(tmp_path: Path) -> None:
    rows = engagement_rows(3)
    plain = read_table(write_engagements(tmp_path / "t.csv", rows)).rows
    judged = [row | {"surprise_att": 3, "j_leadership": 4, "att_mission_score": 10} for row in rows]
    columns = (*COLUMNS, "surprise_att", "j_leadership", "att_mission_score")
    assert read_table(write_engagements(tmp_path / "t.csv", judged, columns)).rows == plain


@pytest.mark.parametrize(
    ("change", "message"),
    [({"att_tanks": "many"}, "t.csv:2:9 | att_tanks 'many' is not a number"),
     ({"def_strength_total": -5}, "def_strength_total -5 is negative"),
     ({"att_casualties": "inf"}, "att_casualties 'inf' is not a number"),
     ({"winner": "Napoleon"}, "winner 'Napoleon' is not known")],
)  # fmt: skip
def test_a_wrong_cell_is_named(tmp_path: Path, change: dict, message: str) -> None:
    rows = [row | change for row in engagement_rows(1)]
    with pytest.raises(CampaignError) as caught:
        read_table(write_engagements(tmp_path / "t.csv", rows))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "the file is empty"), (b"\x00\x01", "NUL byte"), (b"\xff\xfe\x80", "is not UTF-8"),
     (b"a,b\n1,2\n", "column 'winner' is missing"), (b'"a\n1,2', "malformed CSV"),
     (",".join(COLUMNS).encode(), "no row below the header")],
)  # fmt: skip
@pytest.mark.parametrize("parameters", ["shipped", "fitted"])
def test_rubbish_is_refused_in_words(tmp_path: Path, content: bytes, message: str, parameters: str) -> None:
    path = tmp_path / "rubbish.csv"
    path.write_bytes(content)
    done = CliRunner().invoke(app, ["validate", "engagements", str(path), "--parameters", parameters])
    assert done.exit_code == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_file_and_a_small_table_are_refused_in_words(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["validate", "engagements", str(tmp_path / "none.csv")])
    assert "none.csv | the file is missing |" in done.stderr
    small = write_engagements(tmp_path / "small.csv", engagement_rows(9))
    done = CliRunner().invoke(app, ["validate", "engagements", str(small)])
    assert "too few for five folds | give more rows, or score with --parameters shipped" in done.stderr
