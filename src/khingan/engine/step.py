"""One step of the war, in order: the model on one page."""

from typing import NamedTuple

from khingan.engine.air import AirRules, raid_columns
from khingan.engine.breaking import BreakingRules, break_off
from khingan.engine.capitulation import CapitulationRules, capitulate, hand_over, spread_word
from khingan.engine.cohesion import CohesionRules, desert, recover
from khingan.engine.combat import CombatRules, gather_battles, weigh
from khingan.engine.command import (
    CommandRules,
    choose_to_fall_back,
    deliver_orders,
    release_reserves,
    weigh_stands,
)
from khingan.engine.compiled import apart, kernel
from khingan.engine.contact import begin_account, hold_the_line, lose_behind
from khingan.engine.control import ControlRules, pass_control
from khingan.engine.detachment import DetachmentRules, send_ahead
from khingan.engine.disarming import DisarmingRules, occupy_zone
from khingan.engine.engineers import EngineersRules, hand_out_tasks
from khingan.engine.fighting import fight
from khingan.engine.flotilla import FlotillaRules, hit_ships, sail
from khingan.engine.issue import fly_fuel, issue_supplies
from khingan.engine.landing import LandingRules, embark, land
from khingan.engine.movement import MovementRules, march
from khingan.engine.muster import arrive
from khingan.engine.occupation import take_stock
from khingan.engine.politics import PoliticsRules, decide
from khingan.engine.railways import RailwaysRules, run_railways
from khingan.engine.record import count_halts
from khingan.engine.repair import RepairRules, repair
from khingan.engine.roads import RoadsRules
from khingan.engine.security import SecurityRules, guard_rear
from khingan.engine.sickness import SicknessRules, fall_ill
from khingan.engine.siege import SiegeRules, besiege, end_garrisons, post_masks, shell_works, watch_works
from khingan.engine.state import Reading, State, World
from khingan.engine.supply import SupplyRules, measure_supply
from khingan.engine.supporting import stand_behind
from khingan.engine.turning import TurningRules
from khingan.engine.wear import WearRules
from khingan.engine.weather import WeatherRules, change_weather, turn_season


class Rules(NamedTuple):
    """One draw of every parameter, by mechanism."""

    air: AirRules
    breaking: BreakingRules
    capitulation: CapitulationRules
    cohesion: CohesionRules
    combat: CombatRules
    command: CommandRules
    control: ControlRules
    detachment: DetachmentRules
    disarming: DisarmingRules
    engineers: EngineersRules
    flotilla: FlotillaRules
    landing: LandingRules
    movement: MovementRules
    politics: PoliticsRules
    railways: RailwaysRules
    repair: RepairRules
    roads: RoadsRules
    security: SecurityRules
    sickness: SicknessRules
    siege: SiegeRules
    supply: SupplyRules
    turning: TurningRules
    wear: WearRules
    weather: WeatherRules


apart(
    march, land, fight, weigh, besiege, break_off, send_ahead, issue_supplies, embark, raid_columns, stand_behind,
    deliver_orders, shell_works, sail, occupy_zone, measure_supply, pass_control, choose_to_fall_back, run_railways,
    desert, capitulate, release_reserves, post_masks, spread_word,
)  # fmt: skip


@kernel
def play_step(world: World, reading: Reading, rules: Rules, state: State, luck: int, step: int) -> None:
    """Everything that happens in one step, in order."""
    now = step * world.step_hours
    turn_season(world.season, world.season_day, state.regions, rules.weather, now)
    change_weather(reading.regions, state.regions, rules.weather, luck, step, world.step_hours)
    arrive(world.roster, reading.formations, state.forces, now)
    decide(
        world.politics, world.land, world.step_hours, world.control_side, state.ground, state.headquarters,
        state.politics, rules.politics, luck, now,
    )  # fmt: skip
    spread_word(
        world.edges, world.roster, world.step_hours, state.forces, state.supply_km, state.headquarters,
        rules.capitulation, luck, now,
    )  # fmt: skip
    deliver_orders(world, reading, state, rules.command, luck, now)
    release_reserves(world, state, rules.command, luck, now)
    supply(world, reading, rules, state, step)
    take_stock(world.roster, state.forces, state.ground)
    post_masks(world, reading, state, rules.combat, rules.siege)
    occupy_zone(world, state, rules.disarming, step, now)
    embark(world, reading, state, rules.landing, luck)
    raid_columns(world, reading, state, rules.air, rules.weather)
    send_ahead(world, state, rules.movement, rules.weather, rules.control, rules.roads, rules.detachment, now)
    march(
        world, state, rules.movement, rules.weather, rules.control, rules.roads, rules.turning, rules.wear, now
    )  # fmt: skip
    take_stock(world.roster, state.forces, state.ground)
    sail(world, reading, state, rules.flotilla, rules.combat, now)
    begin_account(world.roster, state.forces, state.armies)
    land(
        world, reading, state, rules.landing, rules.combat, rules.cohesion, rules.control, rules.flotilla,
        luck, step, now,
    )  # fmt: skip
    battle(world, reading, rules, state, luck, step, now)
    shell_works(world, reading, state, rules.siege, step)
    besiege(world, reading, state, rules.combat, rules.cohesion, rules.siege, rules.engineers, luck, step)
    end_garrisons(world.roster, reading.formations, state.forces, state.ground, rules.siege)
    hold_the_line(world, reading, state, rules.combat, rules.cohesion)
    lose_behind(world.roster, state.forces, state.armies, rules.combat, rules.cohesion)
    desert(
        world.near, world.roster, world.step_hours, reading.formations, state.forces, state.ground, rules.cohesion,
        luck, step,
    )  # fmt: skip
    capitulate(
        world.near, world.roster, world.step_hours, state.forces, state.ground, rules.capitulation, luck, step, now
    )
    hand_over(world.roster, world.step_hours, state.forces, state.armies, rules.capitulation, luck, now)
    choose_to_fall_back(world, state, rules.command, luck, step, now)
    fall_ill(world.land, state.regions, world.step_hours, reading.formations, state.forces, rules.sickness, now)
    repair(world.step_hours, state.forces, rules.repair)
    recover(world.step_hours, state.forces, rules.cohesion, now)
    pass_control(world, state, rules.control, now + world.step_hours)
    watch_works(world.roster, world.works, world.step_hours, state.forces, state.works, step, now)
    count_halts(world.roster, world.step_hours, state.forces, state.armies, now)


@kernel
def supply(world: World, reading: Reading, rules: Rules, state: State, step: int) -> None:
    """Once a day: where trains run, what trucks and aircraft bring over what distance, and whom the rear ties."""
    per_day = max(1, int(round(24.0 / world.step_hours)))
    if step % per_day == 0:
        days = per_day * world.step_hours / 24.0
        run_railways(world, state, rules.railways, step * world.step_hours, days)
        measure_supply(world, state, rules.supply)
        issue_supplies(world, reading, state, rules.supply, rules.railways, rules.weather, step // per_day, days)
        fly_fuel(world, reading, state, rules.weather, days)
        guard_rear(world.land, world.roster, reading.armies, state.forces, state.supply_km, rules.security)


@kernel
def battle(world: World, reading: Reading, rules: Rules, state: State, luck: int, step: int, now: float) -> None:
    """All battles of the step: weighed together, then fought, then perhaps broken off."""
    battles = gather_battles(world.roster, world.armies, state.forces, state.ground, state.fronts, state.battles)
    hand_out_tasks(world, state, battles)
    stand_behind(world, reading, state, rules.combat, rules.engineers, rules.flotilla, rules.landing, battles, now)
    weigh(world, reading, state, rules.combat, rules.air, rules.weather, battles, now)
    weigh_stands(world.roster, state.forces, state.ground, state.battles, rules.command, battles)
    fight(
        world, reading, state, rules.combat, rules.cohesion, rules.movement, rules.weather, battles, luck, step, now
    )  # fmt: skip
    hit_ships(world, state, rules.flotilla, rules.combat, rules.cohesion, battles)
    break_off(world, state, rules.breaking, rules.cohesion, battles, luck, step, now)
