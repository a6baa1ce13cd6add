"""Air: close support shared among a front's battles, ruled by the weather."""

from typing import NamedTuple

from khingan.engine.compiled import kernel
from khingan.engine.state import Reading, State, World
from khingan.engine.weather import WeatherRules


class AirRules(NamedTuple):
    """Parameters of parameters/air.yaml."""

    support_gain: float
    half_effect: float


@kernel
def support_from_the_air(
    world: World, reading: Reading, state: State, rules: AirRules, weather: WeatherRules, u: int, defence: float
) -> float:
    """Multiplier of the attackers' power in a battle fought by formation u's front against `defence` points.

    1 + gain * n / (n + half), n the close-support sorties a day for each defending point; flying shrinks when wet.
    Leaves out: interdiction, air combat, the defender's aircraft.
    """
    front = world.armies[world.roster[u].army].front
    battles = state.fronts[front].battles
    if battles <= 0.0 or defence <= 0.0:
        return 1.0
    region = world.land[state.forces[u].target].region
    flying = weather.wet_air if state.regions[region].wet else 1.0
    sorties = reading.fronts[front].sorties * flying / battles / defence
    return 1.0 + rules.support_gain * sorties / (sorties + rules.half_effect)
