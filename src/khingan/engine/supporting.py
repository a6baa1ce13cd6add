"""What stands behind the attackers of a battle: engineers, the guns of ships, and ships that ferry."""

from khingan.engine.combat import CombatRules
from khingan.engine.compiled import kernel
from khingan.engine.engineers import EngineersRules, engineers_at_work
from khingan.engine.flotilla import FlotillaRules, has_ships, river_fire
from khingan.engine.landing import LandingRules, naval_fire
from khingan.engine.state import Reading, State, World


@kernel
def stand_behind(
    world: World, reading: Reading, state: State, combat: CombatRules, engineers: EngineersRules,
    flotilla: FlotillaRules, landing: LandingRules, battles: int, now: float,
) -> None:  # fmt: skip
    """Fill fire, bridged and sapped of every battle: points of ships' guns, parts taken from rivers and works."""
    for i in range(battles):
        cell = state.battles[i].cell
        leader = state.ground[cell].attack_head
        side = world.roster[leader].side
        at_work = engineers_at_work(reading, state, engineers, world.roster[leader].army)
        state.battles[i].sapped = engineers.works_gain * at_work
        ferried = flotilla.crossing_gain if has_ships(world, state, flotilla, cell, side) else 0.0
        state.battles[i].bridged = 1.0 - (1.0 - engineers.crossing_gain * at_work) * (1.0 - ferried)
        state.battles[i].fire = river_fire(world, state, combat, flotilla, cell, side) + naval_fire(
            world, reading, state, combat, landing, cell, side, now
        )
