"""Air: close support shared among a front's battles, and raids on columns behind the enemy's lines."""

from typing import NamedTuple

import numpy as np

from khingan.engine.compiled import kernel
from khingan.engine.fetching import fetch
from khingan.engine.occupation import moves_as_a_body
from khingan.engine.state import PRESENT, Array, Reading, State, World
from khingan.engine.weather import WeatherRules

AHEAD = 8  # formations further on in the roster that are brought near


class AirRules(NamedTuple):
    """Parameters of parameters/air.yaml."""

    support_gain: float
    half_effect: float
    raid_share: float
    raid_gain: float
    raid_sorties: float


@kernel
def support_from_the_air(
    world: World, reading: Reading, state: State, rules: AirRules, weather: WeatherRules, u: int, defence: float
) -> float:
    """Multiplier of the attackers' power in a battle fought by formation u's front against `defence` points.

    1 + gain * n / (n + half), n the close-support sorties a day for each defending point; flying shrinks when wet.
    Leaves out: air combat, anti-aircraft fire, airfields that a fast advance leaves behind.
    """
    front = world.armies[world.roster[u].army].front
    battles = state.fronts[front].battles
    if battles <= 0.0 or defence <= 0.0:
        return 1.0
    region = world.land[state.forces[u].target].region
    flying = (weather.wet_air if state.regions[region].wet else 1.0) * (1.0 - state.regions[region].dark)
    sorties = reading.fronts[front].sorties * (1.0 - rules.raid_share) * flying / battles / defence
    return 1.0 + rules.support_gain * sorties / (sorties + rules.half_effect)


@kernel
def raid_columns(world: World, reading: Reading, state: State, rules: AirRules, weather: WeatherRules) -> None:
    """Fill hindered of every region and side: what raids take from a day's movement there.

    A front raids the regions where its own formations stand, by their number; its raids are shared among the enemy
    formations on the march there: gain * (1 - exp(-n / raid_sorties)), n sorties a day for each. Rain grounds aircraft.
    Both sides fly by this rule. Leaves out: depth behind the lines, bridges, stations, losses on the road.
    """
    field = count_columns(world, state)
    for front in range(state.fronts.shape[0]):
        sorties = reading.fronts[front].sorties * rules.raid_share
        state.fronts[front].dry_sorties = sorties / max(1.0, state.fronts[front].present)
        state.fronts[front].wet_sorties = sorties * weather.wet_air / max(1.0, state.fronts[front].present)
    for i in range(field):
        u = state.doubtful[i]
        front = world.armies[world.roster[u].army].front
        if reading.fronts[front].sorties > 0.0:
            region = world.land[state.forces[u].place].region
            wet = state.regions[region].wet
            sorties = state.fronts[front].wet_sorties if wet else state.fronts[front].dry_sorties
            sorties *= 1.0 - state.regions[region].dark
            state.regions[region].raids[1 - world.roster[u].side] += sorties
    for region in range(state.regions.shape[0]):
        for side in range(2):
            each = state.regions[region].raids[side] / max(1.0, state.regions[region].columns[side])
            state.regions[region].hindered[side] = rules.raid_gain * (1.0 - np.exp(-each / rules.raid_sorties))


@kernel
def count_columns(world: World, state: State) -> int:
    """Count each front's field formations, and the formations on the march by region and side; no raids yet.

    The field formations are listed in `doubtful`; how many they are.
    """
    field = 0
    for front in range(state.fronts.shape[0]):
        state.fronts[front].present = 0.0
    for region in range(state.regions.shape[0]):
        for side in range(2):
            state.regions[region].columns[side], state.regions[region].raids[side] = 0.0, 0.0
    for u in range(state.forces.shape[0]):
        fetch(state.forces, min(u + AHEAD, state.forces.shape[0] - 1))
        if is_in_the_field(world.roster, state.forces, u):
            state.doubtful[field] = u
            field += 1
            state.fronts[world.armies[world.roster[u].army].front].present += 1.0
            if state.forces[u].plan >= 0:
                state.regions[world.land[state.forces[u].place].region].columns[world.roster[u].side] += 1.0
    return field


@kernel
def is_in_the_field(roster: Array, forces: Array, u: int) -> bool:
    """True for a field formation on the map that has not been told to stop."""
    if forces[u].status != PRESENT or forces[u].place < 0 or forces[u].passive:
        return False
    return moves_as_a_body(roster[u].role)


@kernel
def hindrance(land: Array, roster: Array, forces: Array, regions: Array, u: int) -> float:
    """Share of the day that raids take from formation u's march, or from the columns that supply it."""
    place = forces[u].place
    return hindrance_at(land, regions, place, roster[u].side) if place >= 0 else 0.0


@kernel
def hindrance_at(land: Array, regions: Array, cell: int, side: int) -> float:
    """Share of the day that raids take from columns of a side in a cell."""
    return regions[land[cell].region].hindered[side]
