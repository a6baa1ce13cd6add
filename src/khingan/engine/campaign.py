"""A whole campaign: one run from H-hour to the horizon."""

from khingan.engine.capitulation import begin_calendar
from khingan.engine.chance import luck_of
from khingan.engine.combat import set_terrain
from khingan.engine.compiled import kernel
from khingan.engine.flotilla import moor
from khingan.engine.issue import open_depots
from khingan.engine.movement import set_pace
from khingan.engine.muster import lay_out_ground, muster_forces
from khingan.engine.occupation import take_stock
from khingan.engine.politics import foretell, open_question
from khingan.engine.railways import open_railways
from khingan.engine.record import record_end, record_reach, record_step
from khingan.engine.state import Reading, Record, State, World
from khingan.engine.step import Rules, play_step
from khingan.engine.weather import begin_weather, turn_season


@kernel
def play_campaign(
    world: World, reading: Reading, rules: Rules, state: State, record: Record, seed: int, run: int, steps: int
) -> None:
    """Play `steps` steps of one run and leave them in `record`; the same arguments always leave the same record."""
    luck = luck_of(seed, run)
    set_pace(rules.movement, state.pace)
    set_terrain(rules.combat, state.terrain)
    lay_out_ground(world, state)
    open_railways(world, state)
    open_depots(reading, state, rules.supply)
    muster_forces(world.plans, world.roster, reading.formations, state.forces)
    moor(world, state)
    turn_season(world.season, world.season_day, state.regions, rules.weather, 0.0)
    begin_weather(reading.regions, state.regions, rules.weather, luck)
    begin_calendar(world.headquarters, state.headquarters, luck)
    open_question(state.headquarters, state.politics, rules.politics)
    take_stock(world.roster, state.forces, state.ground)
    per_day = max(1, int(round(24.0 / world.step_hours)))
    for step in range(steps):
        play_step(world, reading, rules, state, luck, step)
        if step % per_day == 0:
            record_reach(world.control_side, state.supply_km, rules.supply, record, step // per_day)
        record_step(
            world.globe, world.roster, world.step_hours, state.forces, state.regions, state.armies, record, step
        )
    foretell(
        world.politics, world.land, world.control_side, state.ground, state.headquarters, state.politics,
        rules.politics, luck, steps * world.step_hours,
    )  # fmt: skip
    record_end(
        world.control_side,
        state.forces,
        state.ground,
        state.lifts,
        state.works,
        state.armies,
        state.politics,
        record,
        steps * world.step_hours,
    )
