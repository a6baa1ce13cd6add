"""Fuel is the clock of the west for whoever marches there: nothing in the engine knows which army it is."""

from dataclasses import replace
from typing import Any

import numpy as np

from khingan.scenario.schema import Scenario
from khingan.simulation.play import play_chunk
from khingan.simulation.settings import Settings
from khingan.world.compile import compile_world
from worlds import far_east, far_east_world

TANK_ARMY, EASTERN_ARMY, RUNS = "su-6-gds-tank", "su-5", 40


def copy(record: Any, **changes: Any) -> Any:
    """A frozen record with other values."""
    return record.model_copy(update=changes) if hasattr(record, "model_copy") else replace(record, **changes)


def in_the_east(scenario: Scenario) -> Scenario:
    """The tank army set down where an army of the east stands, with that army's plan: depots lie behind the border."""
    model = next(f for f in scenario.formations if f.army == EASTERN_ARMY and f.role == "field" and f.plan)
    moved = {"lat": model.lat, "lon": model.lon, "place": model.place, "plan": model.plan}
    formations = [copy(f, **moved) if f.army == TANK_ARMY and f.plan else f for f in scenario.formations]
    return copy(scenario, formations=tuple(formations))


def halted_h(world: Any, **pinned: float) -> np.ndarray:
    """Hours for which the tank army stood, run by run."""
    chunk = play_chunk(world, Settings(pinned=pinned), 1945, 0, RUNS)
    return chunk["halted_hours"][:, world.names.number("armies", TANK_ARMY)]


def test_the_tank_army_stands_on_its_own_axis_and_not_where_depots_are_near():
    west, east = halted_h(far_east_world()), halted_h(compile_world(in_the_east(far_east())))
    # In the middle run more than a day in the west, not so much as one step in the east.
    assert np.median(west) > 24.0
    assert np.median(east) < 6.0
    assert east.mean() < 0.5 * west.mean()


def test_without_fuel_to_burn_nobody_stands():
    assert halted_h(far_east_world(), **{"movement.fuel_burn": 0.0}).max() == 0.0
