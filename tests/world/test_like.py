"""A changed campaign shares with the one before what rests on the map alone, and is the same world all the same."""

import numpy as np

from khingan.experiment.apply import change_scenario
from khingan.experiment.change import Change
from khingan.simulation.settings import DRAWN
from khingan.world.compile import compile_world
from worlds import toy_scenario, toy_world


def test_a_world_like_another_equals_the_world_compiled_alone(tmp_path):
    scenario = toy_scenario(tmp_path)
    edit = {"table": "plans", "where": {"key": "su-axis"}, "to": {"legs": ["Landing", "Easton"]}}
    change = Change(name="north", file="", line=0, what="x.", author="me", grade="C", edit=[edit])
    changed, _ = change_scenario(scenario, DRAWN, (change,))
    before = compile_world(scenario)
    like, alone = compile_world(changed, like=before), compile_world(changed)
    assert like.survey is before.survey
    for name in like.arrays._fields:
        assert np.asarray(getattr(like.arrays, name)).tobytes() == np.asarray(getattr(alone.arrays, name)).tobytes()


def test_another_map_is_surveyed_anew(tmp_path):
    other = toy_world(tmp_path / "other", resolution=4)
    world = compile_world(toy_scenario(tmp_path / "own"), like=other)
    assert world.survey is not other.survey
    assert len(world.survey.edges) == len(world.names.cells)
