"""Control: who takes a cell, what follows, and what does not."""

import numpy as np
import plain
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import KM, War, hexagon, war

from khingan.engine.control import occupy, pass_control, take_cell
from khingan.engine.occupation import take_stock
from khingan.engine.state import GARRISON, NEVER

CELLS = hexagon(3)
# The row through the centre from west to east, and the rows above and below it.
ROW = [CELLS.index((q, 0)) for q in range(-3, 4)]
BESIDE = [n for n, (_, r) in enumerate(CELLS) if abs(r) == 1]
REST = [n for n, (_, r) in enumerate(CELLS) if abs(r) > 1]


def empty_country(*units: dict, **more) -> War:
    """Side 1 owns everything and stands nowhere but where a test says; it is supplied everywhere."""
    given = war(list(units), CELLS, east=range(len(CELLS)), **more)
    given.state.supply_km[:] = 1.0
    return given


def stand(given: War, u: int, cell: int) -> None:
    """Put a formation into a cell."""
    given.forces[u].place = cell
    take_stock(given.world.roster, given.state.forces, given.state.ground)


def settle(given: War, *hours: float) -> None:
    """Steps that end at these hours."""
    for now in hours:
        pass_control(given.world, given.state, given.rules.control, now)


def owners(given: War, cells: list[int]) -> set[int]:
    return {int(given.ground[cell].owner) for cell in cells}


def march_through(given: War) -> None:
    """A column passes from west to east, a cell a step, and leaves the map."""
    for step, cell in enumerate([*ROW, -1]):
        stand(given, 0, cell)
        settle(given, 6.0 * (step + 1))


def test_a_column_takes_its_row_and_a_day_later_the_rows_beside_it_and_no_more():
    given = empty_country({})
    march_through(given)
    assert owners(given, ROW) == {0}
    settle(given, *np.arange(54.0, 480.0, 6.0))
    assert owners(given, BESIDE) == {0}
    assert owners(given, REST) == {1}


def test_patrols_reach_as_far_as_stated_and_each_row_takes_as_long_again():
    # 20 km are two rows; two days after the column the second one, and after a week not a cell more.
    given = empty_country({}, rules={"control.reach_km": 20.0})
    march_through(given)
    settle(given, *np.arange(54.0, 240.0, 6.0))
    second = [n for n, (_, r) in enumerate(CELLS) if abs(r) == 2]
    assert owners(given, BESIDE + second) == {0}
    assert owners(given, [n for n in REST if n not in second]) == {1}
    assert min(given.ground[n].first_h for n in second) - min(given.ground[n].first_h for n in BESIDE) >= 24.0


@given(st.dictionaries(st.integers(0, 36), st.integers(1, 20), min_size=1, max_size=5), st.integers(0, 3))
def test_what_follows_equals_the_slow_twin(hours, rows):
    # Troops took some cells within a day, no two at the same hour, and are gone; the rest passes day by day.
    given = empty_country(rules={"control.reach_km": rows * KM})
    taken = {cell: hour + cell / 100 for cell, hour in hours.items()}
    for cell, hour in taken.items():
        take_cell(given.world.control_side, given.state.ground, given.state.changes, cell, 0, hour)
        given.ground[cell].taken_h = hour
    settle(given, *np.arange(48.0, 480.0, 6.0))
    expected = plain.followers(given.world.edges.neighbour, KM, taken, 24.0, rows * KM)
    for cell in range(len(CELLS)):
        assert given.ground[cell].first_h == pytest.approx(expected.get(cell, NEVER))


def test_rows_beside_pass_a_day_after_their_neighbour_was_taken():
    given = empty_country({})
    march_through(given)
    settle(given, *np.arange(54.0, 480.0, 6.0))
    for cell in BESIDE:
        around = given.world.edges.neighbour[cell]
        taken = min(given.ground[n].first_h for n in around if n in ROW)
        assert given.ground[cell].first_h == pytest.approx(taken + 24.0)


def test_cut_off_cells_pass_after_half_a_day():
    given = empty_country({})
    given.state.supply_km[1] = np.inf
    march_through(given)
    settle(given, *np.arange(54.0, 96.0, 6.0))
    cell = CELLS.index((-1, 1))
    # Its first neighbour in the row is (-1, 0), taken in the third step.
    assert given.ground[cell].first_h == pytest.approx(18.0 + 12.0)


def test_a_party_below_the_limit_passes_through_without_taking_anything():
    given = empty_country({"men": 499.0})
    march_through(given)
    settle(given, *np.arange(54.0, 200.0, 6.0))
    assert owners(given, list(range(len(CELLS)))) == {1}


def test_a_defender_bars_and_a_masked_garrison_does_not():
    barred = empty_country({}, {"side": 1})
    occupy(
        barred.world.roster,
        barred.world.control_side,
        barred.state.forces,
        barred.state.ground,
        barred.state.changes,
        barred.rules.control,
        0,
        5.0,
    )
    assert barred.ground[0].owner == 1
    masked = empty_country({}, {"side": 1, "role": GARRISON})
    occupy(
        masked.world.roster,
        masked.world.control_side,
        masked.state.forces,
        masked.state.ground,
        masked.state.changes,
        masked.rules.control,
        0,
        5.0,
    )
    assert (masked.ground[0].owner, masked.ground[0].first_h) == (0, 5.0)


def test_a_small_party_among_many_who_obey_a_cease_fire_holds_nothing():
    # One man for ten: 1,000 hold against 10,000 who would not fight, 999 do not.
    for men, owner in ((999.0, 1), (1000.0, 0)):
        given = empty_country({"men": men}, {"side": 1}, rules={"control.holding_share": 0.1})
        given.forces[1].passive = 1
        take_stock(given.world.roster, given.state.forces, given.state.ground)
        occupy(
            given.world.roster,
            given.world.control_side,
            given.state.forces,
            given.state.ground,
            given.state.changes,
            given.rules.control,
            0,
            5.0,
        )
        assert given.ground[0].owner == owner


def test_a_garrison_holds_its_cell_against_what_passes_beside():
    given = empty_country({}, {"side": 1, "role": GARRISON, "start": BESIDE[0]})
    march_through(given)
    settle(given, *np.arange(54.0, 200.0, 6.0))
    assert given.ground[BESIDE[0]].owner == 1


def test_only_the_first_time_is_kept():
    given = empty_country({})
    for side, hour in ((0, 10.0), (1, 20.0), (0, 30.0)):
        take_cell(given.world.control_side, given.state.ground, given.state.changes, 0, side, hour)
    assert given.ground[0].first_h == 10.0
    # Listed once for the supply officers, however often it changed.
    assert given.state.changes[:-1].tolist().count(0) == 1


def test_ground_held_from_the_beginning_has_no_hour_and_ground_never_reached_none():
    given = war([], east=[1])
    assert (given.ground[0].first_h, given.ground[1].first_h) == (0.0, NEVER)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 36)), min_size=1, max_size=40))
def test_every_cell_has_one_owner_and_changes_only_for_a_reason(moves):
    # Two formations a side jump about; a cell changes only under a formation or beside ground that troops took.
    given = empty_country({}, {}, {"side": 1}, {"side": 1})
    for step, (u, cell) in enumerate(moves):
        stand(given, u, cell)
        before = given.ground.owner.copy()
        settle(given, 6.0 * (step + 1))
        assert set(given.ground.owner.tolist()) <= {0, 1}
        under = {int(place) for place in given.forces.place}
        for changed in np.flatnonzero(before != given.ground.owner):
            around = [n for n in given.world.edges.neighbour[changed] if n >= 0]
            assert changed in under or any(given.ground[n].taken_h > -NEVER for n in around)
            assert given.ground[changed].defenders[before[changed]] == 0


def test_own_ground_that_was_lost_counts_from_when_it_was_won_back():
    given = empty_country({})
    given.ground[0].owner, given.ground[0].first_h = 0, 0.0
    for side, hour in ((1, 10.0), (0, 30.0), (1, 40.0), (0, 50.0)):
        take_cell(0, given.state.ground, given.state.changes, 0, side, hour)
        assert given.ground[0].first_h == (NEVER if hour == 10.0 else 30.0)
