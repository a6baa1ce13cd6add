"""A step: nobody is created or lost, and without a cause there is no effect."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import War, all_men, all_tanks, begin, hexagon, luck, strip, war

from khingan.engine.state import GARRISON, NEVER, PRESENT
from khingan.engine.step import play_step
from khingan.simulation.draws import draw_parameters, readings
from khingan.simulation.play import new_state
from khingan.simulation.settings import Settings
from khingan.world.compile import World
from khingan.world.rules import rules_from
from worlds import far_east_world


def play(given: War, steps: int, first: int = 0) -> War:
    for step in range(first, first + steps):
        play_step(given.world, given.reading, given.rules, given.state, given.luck, step)
    return given


def run_of(world: World, number: int, settings: Settings = Settings()) -> War:  # noqa: B008 - frozen
    """One run of a compiled campaign at H-hour."""
    values = draw_parameters(world, settings, 1945, number, 1)[0]
    rules = rules_from(dict(zip(world.names.parameters, values, strict=True)), world.tables)
    result = War(world.arrays, readings(world, settings, 1945, number, 1)[0], rules, new_state(world), luck(number))
    begin(result)
    return result


def sound(given: War, men: np.ndarray, tanks: np.ndarray) -> None:
    """What must hold after every step of every war."""
    forces, ground = given.forces, given.ground
    assert np.allclose(all_men(given), men, rtol=1e-12)
    assert np.allclose(all_tanks(given), tanks, rtol=1e-12)
    for name in (
        "men",
        "tanks",
        "guns",
        "killed",
        "wounded",
        "captured",
        "deserted",
        "sick",
        "died",
        "tanks_hit",
        "tanks_broken",
        "fuel",
        "ammunition",
    ):
        assert (forces[name] >= 0).all(), name
    assert ((forces.cohesion >= 0) & (forces.cohesion <= 1)).all()
    assert set(ground.owner.tolist()) <= {0, 1}
    assert (ground.first_h[ground.owner == 0] < NEVER).all()
    assert (forces.place[forces.status != PRESENT] == -1).all()


def at_large_t(given: War) -> np.ndarray:
    """Tonnes of fuel and of ammunition with the troops, on trucks and burnt there, less what was issued and flown in.

    What troops use up takes them down; nothing may raise them.
    """
    forces, armies, read = given.forces, given.state.armies, given.reading.formations
    fuel = armies.fuel_load_t.sum() + (armies.fuel_burnt_t - armies.fuel_issued_t - armies.flown_t).sum()
    ammunition = armies.ammunition_load_t.sum() - armies.ammunition_issued_t.sum()
    troops = (forces.fuel * read.refill_t).sum(), (forces.ammunition * read.unit_of_fire_t).sum()
    return np.array([fuel + troops[0], ammunition + troops[1]])


def play_soundly(given: War, steps: int) -> None:
    """Play, and hold every step to what is sound."""
    men, tanks, stocks = all_men(given), all_tanks(given), at_large_t(given)
    for step in range(steps):
        play(given, 1, first=step)
        sound(given, men, tanks)
        before, stocks = stocks, at_large_t(given)
        assert (stocks <= before + 1e-6 * (1 + abs(before))).all()


@pytest.mark.parametrize("number", range(12))
def test_men_tanks_and_tonnes_are_kept_at_every_step_of_the_toy(toy_world, number):
    # T10, each run with its own parameters and reading.
    given = run_of(toy_world, number)
    play_soundly(given, toy_world.steps)


@pytest.mark.parametrize("number", range(2))
def test_men_tanks_and_tonnes_are_kept_at_every_step_of_the_real_campaign(number):
    # All mechanisms at once: ships, depots, detachments, disarming and the sick.
    world = far_east_world()
    play_soundly(run_of(world, number), world.steps)


UNIT = st.fixed_dictionaries({
    "side": st.integers(0, 1), "start": st.integers(0, 36), "men": st.floats(200, 20_000), "tanks": st.floats(0, 200),
    "guns": st.floats(0, 200), "quality": st.floats(0.05, 1.0), "mobility": st.integers(0, 3),
    "plan": st.integers(-1, 2), "fallback": st.integers(0, 36), "role": st.sampled_from([0, 0, 0, GARRISON]),
    "headquarters": st.integers(-1, 0),
    "prepared_days": st.floats(0, 30),
})  # fmt: skip


@settings(max_examples=40)
@given(st.lists(UNIT, min_size=2, max_size=10), st.integers(0, 10_000))
def test_men_tanks_and_tonnes_are_kept_in_any_small_war(units: list[dict[str, Any]], run: int):
    east = range(18, 37)
    given = war(
        units, hexagon(3), east=east, plans=[[36], [0, 20], [5]], run=run, sorties=200.0,
        headquarters=[{"order_h": 72.0, "spread_h": 12.0}], works=[{"cell": 20, "strength": 2, "side": 1}],
        sources=[{"cell": 1, "side": 0}, {"cell": 36, "side": 1}], armies=({"trucks": 50.0}, {"trucks": 5.0}),
    )  # fmt: skip
    play_soundly(given, 32)


def test_without_contact_nobody_is_lost():
    # T41: two armies a long way apart, without plans.
    given = play(war([{"start": 0, "tanks": 9.0}, {"side": 1, "start": 19}], strip(20), east=range(10, 20)), 40)
    assert given.forces.men.tolist() == [10_000.0, 10_000.0]
    assert given.forces.tanks[0] == 9.0
    assert given.ground.owner.tolist() == [0] * 10 + [1] * 10


@pytest.mark.parametrize(("mobility", "moves"), [(0, True), (1, True), (2, False), (3, False)])
def test_without_fuel_no_motor_moves(mobility, moves):
    # T41: no fuel carried, no trucks, no aircraft.
    unit = {"mobility": mobility, "plan": 0, "fuel_carried": 0.0}
    given = play(war([unit], strip(10), plans=[[9]], sources=[{"cell": 0, "side": 0}]), 12)
    assert (given.forces[0].place > 0) == moves
    assert (given.state.armies[0].halted_hours == 72.0) == (not moves)


def test_once_all_have_the_order_there_is_no_combat():
    # T41: they are attacked at H-hour, have the order after a day, and nobody is killed or wounded after that.
    units = [{"start": 1, "plan": 0}, {"side": 1, "start": 0, "headquarters": 0}]
    given = war(units, plans=[[6]], east=[0, 4, 5, 6], headquarters=[{}], rules={"breaking.hazard": 1e-9})
    given.forces.order_h[1] = 24.0
    play(given, 5)
    lost = given.forces.killed.sum() + given.forces.wounded.sum()
    assert lost > 0
    play(given, 55, first=5)
    assert given.forces.killed.sum() + given.forces.wounded.sum() == lost
    assert given.forces[1].captured + given.forces[1].men == pytest.approx(10_000 - lost_of(given, 1))


def lost_of(given: War, u: int) -> float:
    """Killed, wounded, sick and dead of accidents of formation u."""
    return float(sum(given.forces[u][kind] for kind in ("killed", "wounded", "sick", "died")))


def test_a_fortress_masked_is_passed_by_the_rest():
    # Two divisions against 500 men in the works on the way: one may stay, the other arrives behind them.
    units = [
        {"start": 0, "plan": 0},
        {"start": 0, "plan": 0},
        {"side": 1, "start": 2, "role": GARRISON, "works": 0, "men": 500.0},
    ]
    works = [{"cell": 2, "strength": 2, "side": 1}]
    given = war(units, strip(6), plans=[[5]], east=range(2, 6), works=works, rules={"siege.intensity": 1e-9})
    play(given, 60)
    assert sorted(given.forces.place[:2].tolist()) == [2, 5]
    assert given.ground[2].owner == 0
    assert given.state.works[0].fall_h == NEVER
