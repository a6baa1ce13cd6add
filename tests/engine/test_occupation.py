"""Occupation: the counts and lists by cell are what a fresh count would find."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from small_world import War, war

from khingan.engine.occupation import count_in, count_out, edge_towards, moves_as_a_body, take_stock
from khingan.engine.state import AIR, FIELD, GARRISON, LANDING, LIFT, SUPPORT

MOVE = st.tuples(st.integers(0, 7), st.integers(-1, 18), st.sampled_from(["march", "passive", "gone"]))
ROLES = [FIELD, LANDING, GARRISON, SUPPORT, FIELD, AIR, GARRISON, LIFT]


def mixed() -> War:
    """Eight formations of all roles and both sides."""
    return war([{"side": n % 2, "role": role, "start": n % 3, "men": 1000.0 + n} for n, role in enumerate(ROLES)])


def counted(given: War) -> dict[str, np.ndarray]:
    """Counts by cell and side, one formation at a time."""
    cells = len(given.ground)
    count = {name: np.zeros((cells, 2)) for name in ("defenders", "garrisons", "men")}
    for unit, place in zip(given.world.roster, given.forces, strict=True):
        if place.place >= 0 and place.status == 1 and not place.passive:
            if unit.role in (FIELD, LANDING):
                count["defenders"][place.place, unit.side] += 1
                count["men"][place.place, unit.side] += place.men
            elif unit.role == GARRISON:
                count["garrisons"][place.place, unit.side] += 1
    return count


def standing(given: War, cell: int) -> list[int]:
    """The list of a cell."""
    found, u = [], given.ground[cell].stand_head
    while u >= 0:
        found.append(int(u))
        u = given.forces[u].stand_next
    return found


@given(st.lists(MOVE, max_size=30))
def test_counts_kept_true_equal_counts_made_anew(moves):
    given = mixed()
    for u, cell, what in moves:
        count_out(given.world.roster, given.state.forces, given.state.ground, u)
        if what == "march":
            given.forces[u].place = cell
        elif what == "passive":
            given.forces[u].passive = 1
        else:
            given.forces[u].status, given.forces[u].place = 5, -1
        count_in(given.world.roster, given.state.forces, given.state.ground, u)
        for name, expected in counted(given).items():
            assert np.allclose(given.ground[name], expected)
    take_stock(given.world.roster, given.state.forces, given.state.ground)
    for name, expected in counted(given).items():
        assert np.allclose(given.ground[name], expected)
    for cell in range(19):
        expected = [u for u in range(8) if given.forces[u].place == cell and given.forces[u].status == 1]
        assert standing(given, cell) == expected


def test_an_empty_cell_holds_exactly_nobody():
    # 0.1 + 0.2 - 0.2 - 0.1 is not zero in floating point.
    given = war([{"men": 0.1}, {"men": 0.2}])
    for u in (1, 0):
        count_out(given.world.roster, given.state.forces, given.state.ground, u)
    assert given.ground[0].men[0] == 0.0


def test_counting_out_twice_counts_once():
    given = war([{}, {}])
    count_out(given.world.roster, given.state.forces, given.state.ground, 0)
    count_out(given.world.roster, given.state.forces, given.state.ground, 0)
    assert given.ground[0].defenders[0] == 1


def test_only_field_and_landing_forces_move_as_a_body():
    assert [role for role in range(6) if moves_as_a_body(role)] == [FIELD, LANDING]


def test_edges_lead_to_neighbours_and_back():
    given = war([])
    for cell in range(19):
        for edge in range(6):
            beyond = int(given.world.edges.neighbour[cell, edge])
            if beyond >= 0:
                assert edge_towards(given.world.edges, cell, beyond) == edge
                assert edge_towards(given.world.edges, beyond, cell) >= 0
    assert edge_towards(given.world.edges, 0, 18) == -1
