"""The toy campaign in a folder of its own."""

from pathlib import Path
from types import SimpleNamespace

import pytest

import toy_history


@pytest.fixture
def scenario(tmp_path: Path) -> SimpleNamespace:
    """Four places on a road, with their history."""
    return toy_history.scenario(tmp_path)
