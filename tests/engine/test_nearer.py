"""Edges that lead nearer: read off the march hours of a field, one bit an edge."""

import numpy as np
from small_world import strip, war


def test_the_bits_are_the_edges_beyond_which_the_hours_are_fewer():
    """Against the definition, edge by edge; at the goal no edge leads nearer."""
    world = war([{"plan": 0}], strip(7), plans=[[5]]).world
    for field, nearer in zip(world.hours, world.nearer, strict=True):
        for cell, neighbours in enumerate(world.near):
            want = [beyond >= 0 and bool(field[beyond] < field[cell]) for beyond in neighbours]
            assert [bool(nearer[cell] >> edge & 1) for edge in range(6)] == want
    assert (world.nearer[np.arange(len(world.nearer)) // 4 == 1, 5] == 0).all()
