"""Fixtures that more than one part's tests use."""

from types import SimpleNamespace

import pytest

import toy_study
from khingan.simulation import run as simulation


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The toy campaign, with `khingan.simulation.run` playing it by the stand-in for the engine."""
    number = SimpleNamespace(is_table=False)
    monkeypatch.setattr(simulation, "compile_world", lambda scenario: toy_study.world())
    monkeypatch.setattr(simulation, "play_chunk", toy_study.play_chunk)
    monkeypatch.setattr(simulation, "read_parameters", lambda: dict.fromkeys(["march.foot", "march.horse"], number))
    return toy_study.scenario()
