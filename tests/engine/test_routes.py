"""Routes: the field of march hours against another shortest-path algorithm."""

import numpy as np
import plain
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import War, hexagon, strip, war

from khingan.engine.buckets import BUCKETS, ENTRIES, WAITING
from khingan.engine.routes import march_field, plan_hours, turn_round
from khingan.engine.state import PACE_SHAPE


def rough(seed: int) -> War:
    """A patch with roads, rivers, passes and ground strewn at random, and some edges nobody crosses."""
    given = war([], hexagon(4))
    dice = np.random.default_rng(seed)
    edges, shape = given.world.edges, given.world.edges.shape
    edges.road, edges.river = dice.integers(0, 4, shape), dice.integers(0, 5, shape)
    edges.mountain_pass = dice.random(shape) < 0.1
    edges.neighbour[dice.random(shape) < 0.1] = -1
    edges.distance_km = dice.uniform(5, 20, shape)
    given.world.land.ground = dice.integers(0, 13, len(given.world.land))
    return given


def fields(given: War, mobility: int, goal: int, entries: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """(hours by edge, hours by cell) as the engine finds them, with room for so many to wait."""
    cells = len(given.world.land)
    hours, field = np.empty((cells, 6)), np.empty(cells)
    plan_hours(given.world, given.rules.movement, mobility, np.zeros(PACE_SHAPE), hours)
    coming = np.empty((cells, 6))
    turn_round(given.world.edges, hours, coming)
    came = np.zeros(cells, np.int32)
    room = ENTRIES * cells if entries is None else entries
    line, heads = np.zeros(room, WAITING).view(np.recarray), np.zeros(BUCKETS, np.int32)
    march_field(given.world.edges.neighbour.astype(np.int32), coming, goal, field, came, line, heads)
    assert not heads.any()  # nobody is left waiting
    return hours, field


@given(st.integers(0, 10_000), st.integers(0, 3), st.integers(0, 60))
def test_the_field_equals_that_of_another_algorithm(seed, mobility, goal):
    given = rough(seed)
    # The kernel goes from the goal backwards over an edge only where the edge back exists too.
    neighbours = given.world.edges.neighbour
    for cell, edge in np.ndindex(neighbours.shape):
        beyond = neighbours[cell, edge]
        if beyond >= 0 and cell not in neighbours[beyond]:
            neighbours[cell, edge] = -1
    hours, field = fields(given, mobility, goal)
    assert np.allclose(field, plain.least_hours(neighbours, hours, goal), atol=1e-9, rtol=1e-12)


@pytest.mark.parametrize("entries", [2, 3, 20, 60])
def test_the_field_is_the_same_where_the_queue_has_no_room(entries):
    given = rough(7)
    assert np.array_equal(fields(given, 1, 30, entries)[1], fields(given, 1, 30)[1])


def test_hours_of_an_edge_by_hand():
    # Foot on a road: 10 km at 32 a day, and 6 hours over a medium river, bridge or no bridge: a staff plans for none.
    given = war([], strip(3), road=2, river=2)
    hours, field = fields(given, 0, 2)
    assert hours[0, 0] == pytest.approx(10 / 32 * 24 + 6)
    assert field == pytest.approx(np.array([2, 1, 0]) * hours[0, 0])


def test_where_no_way_leads_the_hours_are_infinite():
    given = war([], [(0, 0), (1, 0), (5, 5)])
    hours, field = fields(given, 0, 0)
    assert np.isinf(field[2])
    assert np.isinf(hours[2]).all()
