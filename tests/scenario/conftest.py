"""A fresh toy campaign for each test to spoil."""

from pathlib import Path

import pytest

import toy


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a sound toy campaign."""
    return toy.write_toy_campaign(tmp_path / "campaign")
