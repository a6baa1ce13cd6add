"""A whole campaign: one run from H-hour to the horizon."""

from khingan.engine.capitulation import begin_calendar
from khingan.engine.chance import luck_of
from khingan.engine.compiled import entry
from khingan.engine.movement import set_pace
from khingan.engine.muster import lay_out_ground, muster_forces
from khingan.engine.occupation import take_stock
from khingan.engine.record import record_end, record_step
from khingan.engine.state import Reading, Record, State, World
from khingan.engine.step import Rules, play_step
from khingan.engine.weather import begin_weather


@entry
def play_campaign(
    world: World, reading: Reading, rules: Rules, state: State, record: Record, seed: int, run: int, steps: int
) -> None:
    """Play `steps` steps of one run and leave them in `record`; the same arguments always leave the same record."""
    luck = luck_of(seed, run)
    set_pace(rules.movement, state.pace)
    lay_out_ground(world, state)
    muster_forces(world, reading, state)
    begin_weather(reading, state, luck)
    begin_calendar(world, state, luck)
    take_stock(world, state)
    for step in range(steps):
        play_step(world, reading, rules, state, luck, step)
        record_step(world, state, record, step)
    record_end(world, state, record, steps * world.step_hours)
