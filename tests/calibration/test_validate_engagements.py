"""`khingan validate engagements`: the JSON as documented, on tables that nobody fitted."""

import json
from pathlib import Path

import numpy as np
from typer.testing import CliRunner

from khingan.calibration.engagement_scores import BLOCKS
from khingan.calibration.engagement_table import read_table
from khingan.calibration.engagements import FOLDS, folds_of
from khingan.cli import app
from toy_engagements import COLUMNS, engagement_rows, write_engagements


def shipped(path: Path) -> dict:
    done = CliRunner().invoke(app, ["validate", "engagements", str(path), "--parameters", "shipped", "--json"])
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_unknown_nations_and_bare_columns_are_scored(tmp_path: Path) -> None:
    # The least a table may have: strengths, winner, casualties, days. Nations nobody knows count as 1.
    least = ("att_strength_total", "def_strength_total", "winner", "att_casualties", "def_casualties", "duration_days")
    for columns in (COLUMNS, least):
        found = shipped(write_engagements(tmp_path / "t.csv", engagement_rows(12), columns))
        assert (found["rows"], found["used"], found["folds"]) == (12, 12, 0)
        assert 0.0 <= found["winner"]["brier"] <= 1.0
        for block, names in BLOCKS.items():
            assert set(names) <= found[block].keys()
            assert set(names) == found[block]["standard_errors"].keys()


def test_the_same_table_gets_the_same_scores(tmp_path: Path) -> None:
    path = write_engagements(tmp_path / "t.csv", engagement_rows(5))
    assert shipped(path) == shipped(path)


def test_a_campaign_is_never_split_between_folds(tmp_path: Path) -> None:
    rows = read_table(write_engagements(tmp_path / "t.csv", engagement_rows(60))).rows
    folds = folds_of(rows, np.ones(60, bool), 3)
    for group in {row.group for row in rows}:
        assert len({fold for fold, row in zip(folds, rows, strict=True) if row.group == group}) == 1
    assert set(folds) == set(range(FOLDS))
