"""Ground that a side has orders not to enter: the ways of that side go round it, the other's do not."""

import numpy as np
import pytest

from khingan.engine.control import pass_empty_cell
from khingan.scenario.read import load
from khingan.scenario.schema import Scenario
from khingan.world.compile import World, compile_world

NAME = "lake-khasan-1938"


@pytest.fixture(scope="module")
def campaign() -> Scenario:
    return load(NAME)


@pytest.fixture(scope="module")
def world(campaign: Scenario) -> World:
    return compile_world(campaign)


def test_what_one_side_alone_claims_is_closed_to_the_other(campaign: Scenario, world: World) -> None:
    claimed = campaign.terrain.cells["claimed"]
    assert (world.arrays.land.closed[:, 0] == (claimed == "JP")).all()
    assert (world.arrays.land.closed[:, 1] == (claimed == "SU")).all()
    assert (claimed == "both").any()


def test_no_way_of_a_plan_leads_over_closed_ground(campaign: Scenario, world: World) -> None:
    side_of = {army.army: army.side for army in campaign.armies}
    arrays = world.arrays
    for number, plan in enumerate(campaign.plans):
        side = world.names.number("sides", side_of[plan.army])
        for leg in arrays.legs[arrays.plans[number].first : arrays.plans[number + 1].first]:
            for row in {row for row in arrays.objectives[leg].route.tolist() if row >= 0}:
                closed = arrays.land.closed[:, side].astype(bool)
                assert np.isinf(arrays.hours[row][closed]).all(), plan.key


def test_without_limits_nothing_is_closed(campaign: Scenario) -> None:
    free = campaign.model_copy(update={"calendar": campaign.calendar.model_copy(update={"limits": {}})})
    assert not compile_world(free).arrays.land.closed.any()


def test_empty_ground_does_not_pass_to_a_side_that_may_not_enter_it(world: World) -> None:
    """Beside a neighbour taken days ago an empty cell passes; closed ground does not, however long one waits."""
    from khingan.simulation.play import new_state
    from khingan.world.rules import read_tables, rules_from

    state = new_state(world)
    land = world.arrays.land
    near = world.arrays.near
    cell = next(
        c for c in np.flatnonzero(land.closed[:, 0]) if (near[c] >= 0).all() and not land.closed[near[c], 0].all()
    )
    beside = next(n for n in near[cell].tolist() if not land.closed[n, 0])
    state.ground.owner, state.ground.taken_h = 1, -1.0e9
    state.ground[beside].owner, state.ground[beside].taken_h = 0, 0.0
    values = {key: value.value for key, value in world.parameters.items() if value.value is not None}
    rules = rules_from(values, read_tables(world.parameters)).control
    state.passing.cell[:2], state.passing.hour[:2] = cell, 0.0
    closed = pass_empty_cell(world.arrays, state.ground, state.supply_km, state.passing, rules, 0, 240.0, 0)
    open_land = land.copy()
    open_land.closed = 0
    free = world.arrays._replace(land=open_land)
    assert closed == 0
    assert pass_empty_cell(free, state.ground, state.supply_km, state.passing, rules, 1, 240.0, 0) == 1
