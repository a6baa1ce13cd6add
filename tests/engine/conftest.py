"""The toy campaign as the engine sees it."""

import pytest
from hypothesis import settings

import toy
from khingan.scenario.read import load
from khingan.world.compile import World, compile_world

# The first call of a kernel compiles it, so no deadline. Always the same examples, so that a failure can be repeated.
settings.register_profile("engine", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("engine")


@pytest.fixture(scope="session")
def toy_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The toy at resolution 5 and steps of six hours."""
    return compile_world(load(toy.write_toy_campaign(tmp_path_factory.mktemp("toy") / "campaign")))
