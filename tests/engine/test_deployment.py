"""Deployment: trains in line, the narrowest section decides, and a network bears what its smallest cut does."""

from itertools import product

import numpy as np
import pytest

from khingan.engine import deployment
from khingan.engine.chance import luck_of
from khingan.engine.deployment import DeploymentRules, deploy, greatest_flow
from khingan.engine.state import NEVER
from khingan.simulation.prelude import room_for_trains

PLAIN = DeploymentRules(
    line_factor=1.0, release_shift=0.0, needed_first=0.0, waits_for_plan=0.0, release_spread=0.0,
    train_km_per_day=600.0, junction_wait=0.0, unload_days=0.0, march_km_per_day=40.0, assembly_days=1e-9,
    assembly_spread=0.0,
)  # fmt: skip


def run(sections, movements, rules=PLAIN, days=200, run=0):
    """Deploy: sections as (after, trains a day, km), movements as (section, trains, ready, needed, waits)."""
    lines = np.zeros(len(sections), deployment.SECTION).view(np.recarray)
    read_lines = np.zeros(len(sections), deployment.READ_SECTION).view(np.recarray)
    lines.after = [after for after, _, _ in sections]
    read_lines.trains_per_day, read_lines.km = [s[1] for s in sections], [s[2] for s in sections]
    moves = np.zeros(len(movements), deployment.MOVEMENT).view(np.recarray)
    read_moves = np.zeros(len(movements), deployment.READ_MOVEMENT).view(np.recarray)
    for field, column in (("section", 0), ("needed", 3), ("waits", 4)):
        moves[field] = [move[column] for move in movements]
    read_moves.trains, read_moves.ready_day = [move[1] for move in movements], [move[2] for move in movements]
    read_moves.divisions = 1.0
    trains = room_for_trains(len(sections), len(movements), 1, days)
    day = deploy(lines, moves, read_lines, read_moves, rules, np.uint64(luck_of(7, run)), trains)
    return day, trains.moved, trains.passing, trains.arrived


def test_a_tank_army_on_one_line():
    # 88 trains, 26 a day, 9,000 km at 600 km a day: the last leaves 87/26 days after the first and takes 15 days.
    _, moved, _, _ = run([(-1, 26.0, 9000.0)], [(0, 88, 0.0, 1, 0)])
    assert moved.last_day[0] == pytest.approx(87 / 26 + 15, abs=1e-9)
    assert moved.first_day[0] == pytest.approx(15.0)


def test_the_narrowest_section_decides():
    # 40 trains through 20 a day and then 4 a day: one every quarter of a day, the first after 1 + 1 days.
    _, moved, passing, arrived = run([(-1, 20.0, 600.0), (0, 4.0, 600.0)], [(1, 40, 0.0, 1, 0)])
    assert moved.last_day[0] == pytest.approx(2.0 + 39 / 4)
    assert passing.sum(axis=1).tolist() == [40, 40]
    assert passing[1].max() <= 4
    assert arrived.sum() == pytest.approx(1.0)


def test_first_come_first_served_and_a_priority():
    # Ten trains are ready on day 0, ten on day 1, one leaves a day. With priority the needed ones wait for one train.
    movements = [(0, 10, 0.0, 0, 0), (0, 10, 1.0, 1, 0)]
    first, second = (run([(-1, 1.0, 0.0)], movements, PLAIN._replace(needed_first=p))[1] for p in (0.0, 1.0))
    assert first.last_day.tolist() == pytest.approx([9.0, 19.0])
    assert second.last_day.tolist() == pytest.approx([19.0, 10.0])


def test_a_train_that_the_plan_does_not_need_waits_at_home_for_a_free_branch():
    # One train a day on the branch: of ten trains of either kind, all ready on day 0, the needed ones are in first.
    movements = [(1, 10, 0.0, 0, 0), (1, 10, 0.0, 1, 0)]
    moved = run([(-1, 100.0, 0.0), (0, 1.0, 0.0)], movements, PLAIN._replace(needed_first=1.0))[1]
    assert moved.last_day.tolist() == pytest.approx([19.0, 9.0])


def test_levers_move_the_day_of_execution_the_right_way():
    movements = [(0, 100, 10.0, 1, 1)]
    plain, wider, later = (
        run([(-1, 10.0, 600.0)], movements, PLAIN._replace(**change))[0]
        for change in ({}, {"line_factor": 2.0}, {"release_shift": 30.0})
    )
    assert plain == pytest.approx(10 + 99 / 10 + 1)
    assert wider == pytest.approx(10 + 99 / 20 + 1)
    assert later == pytest.approx(plain + 30)


def test_without_anything_needed_no_day_is_named():
    assert run([(-1, 10.0, 600.0)], [(0, 5, 0.0, 0, 0)])[0] == NEVER


def test_waits_at_junctions_have_their_mean():
    # One train in each of 4,000 runs, exponential with mean 1.5 days: the mean is known to 0.024.
    rules = PLAIN._replace(junction_wait=1.5)
    waits = [run([(-1, 26.0, 600.0)], [(0, 1, 0.0, 1, 0)], rules, run=k)[1].last_day[0] - 1.0 for k in range(4000)]
    assert np.mean(waits) == pytest.approx(1.5, abs=0.1)


def smallest_cut(capacity):
    """By trying every set of nodes that holds the source and not the sink."""
    nodes = len(capacity)
    cuts = []
    for inside in product((False, True), repeat=nodes - 2):
        side = np.array([True, *inside, False])
        cuts.append(capacity[np.ix_(side, ~side)].sum())
    return min(cuts)


@pytest.mark.parametrize("seed", range(5))
def test_the_greatest_flow_is_the_smallest_cut(seed):
    # Ford and Fulkerson (1956); the cut by exhaustion, the flow by augmenting paths.
    capacity = np.random.default_rng(seed).integers(0, 10, (6, 6)).astype(float)
    np.fill_diagonal(capacity, 0.0)
    capacity[:, 0] = capacity[-1] = 0.0
    flow = greatest_flow(capacity.copy(), 0, 5, np.zeros(6, np.int64), np.zeros(6, np.int64))
    assert flow == smallest_cut(capacity)


def test_the_flow_through_a_branching_line_by_hand():
    # Home -> junction 30; junction -> east 20, junction -> west 9; both to one sink: 29 of 30.
    capacity = np.zeros((5, 5))
    capacity[0, 1], capacity[1, 2], capacity[1, 3], capacity[2, 4], capacity[3, 4] = 30, 20, 9, 99, 99
    assert greatest_flow(capacity, 0, 4, np.zeros(5, np.int64), np.zeros(5, np.int64)) == 29
