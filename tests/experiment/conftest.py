"""A fresh toy campaign for each test, with a file of changes."""

from pathlib import Path

import pytest

from khingan.scenario.read import load
from khingan.scenario.schema import Scenario
from toy import SMALL_DIVISION, write_toy_campaign

CHANGES = (
    SMALL_DIVISION
    + """\
  no-landing:
    what: The naval battalion stays at home.
    author: the toy
    grade: C
    remove:
      - {table: formations, where: {formation: su-landing}}
measures:
  days-to-bridge:
    what: Days until the bridge is held.
    kind: days_until_held
    places: [Bridge]
factors:
  mass: {what: The attacker has a whole division., off: [small-division]}
"""
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The toy campaign's folder."""
    folder = write_toy_campaign(tmp_path / "campaign")
    (folder / "changes.yaml").write_text(CHANGES, encoding="utf-8")
    return folder


@pytest.fixture
def scenario(folder: Path) -> Scenario:
    """The toy campaign, read."""
    return load(folder)
