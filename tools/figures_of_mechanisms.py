"""Draw one plot a mechanism from the engine's own kernels at default values: docs/mechanisms/*.svg.

NUMBA_DISABLE_JIT=1 python tools/figures_of_mechanisms.py [NAME ...]     (needs the `docs` extra)

Plain Python is fast enough here and needs no compilation. Without luck means that the spreads of battles are set to 0.
"""

import csv
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import RegularPolygon

from figures_of_prelude import draw_deployment, draw_intelligence, draw_readiness  # noqa: F401
from khingan.engine import (
    air,
    breaking,
    capitulation,
    cohesion,
    combat,
    command,
    control,
    detachment,
    engineers,
    fighting,
    flotilla,
    landing,
    movement,
    politics,
    repair,
    roads,
    security,
    sickness,
    siege,
    supply,
    turning,
    wear,
    weather,
)
from khingan.engine import state as tables
from khingan.engine.chance import luck_of
from khingan.engine.engagements import play_for_days
from khingan.engine.occupation import take_stock
from khingan.evidence.parameters import PARAMETERS, read_parameters
from khingan.history.score import crps
from khingan.scenario.vocabulary import MOBILITIES, SCHOOLS
from khingan.world.engagements import FIRST_STEP, Engagement, Side, compile_engagements, engagement_rules
from khingan.world.names import GROUNDS
from khingan.world.quantities import Quantity
from khingan.world.rules import read_tables, rules_from

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs" / "mechanisms"
WEATHER = ROOT / "src" / "khingan" / "campaigns" / "far-east-1945" / "weather.csv"
LUCK = luck_of(1945, 0)
RATIOS = np.geomspace(0.25, 8, 61)
COLOURS = ("#1b4f72", "#b9770e", "#7b241c", "#1e8449")


def default_rules() -> Any:
    """The rules of a run in which every parameter has its default."""
    parameters = read_parameters()
    numbers = {key: found.value for key, found in parameters.items() if found.value is not None}
    return rules_from(numbers, read_tables(parameters))


def rows(dtype: np.dtype, count: int) -> Any:
    """An empty table of the engine."""
    return np.zeros(count, dtype).view(np.recarray)


def stage(formations: int = 1, cells: int = 1, others: int = 1) -> tuple[Any, Any, Any]:
    """An empty world, reading and state: flat farmland without neighbours, rested formations of one army each side."""
    edges = np.zeros((cells, 6), tables.EDGE).view(np.recarray)
    edges.neighbour, edges.distance_km, edges.side_km = -1, 15.0, 9.0
    land, roster = rows(tables.LAND_CELL, cells), rows(tables.ROSTER, formations)
    land.ground, land.works, land.area_km2 = GROUNDS.index("flat-mixed"), -1, 200.0
    roster.works, roster.plan, roster.headquarters = -1, -1, 0
    world = SimpleNamespace(
        edges=edges, near=edges.neighbour, land=land, roster=roster,
        works=rows(tables.WORKS, others), orders=rows(tables.ORDER, others + 1),
        addressees=np.zeros(1, np.int32), conditions=np.zeros((1, 3), np.int32),
        lifts=rows(tables.LANDING_PARTY, others), flotillas=rows(tables.FLOTILLA, 1),
        fairways=rows(tables.FAIRWAY, 1), headquarters=rows(tables.HEADQUARTERS, 1),
        armies=rows(tables.ARMY, 2), points=np.full(1, tables.NONE), step_hours=6.0, control_side=0,
    )  # fmt: skip
    reading = SimpleNamespace(
        formations=rows(tables.READ_FORMATION, formations), armies=rows(tables.READ_ARMY, 2),
        fronts=rows(tables.READ_FRONT, 1),
        regions=rows(tables.READ_REGION, others), orders=rows(tables.READ_ORDER, others),
        lifts=rows(tables.READ_LIFT, others),
    )  # fmt: skip
    reading.formations.quality = 1.0
    return world, reading, opening(formations, cells, others)


def opening(formations: int, cells: int, others: int) -> Any:
    """The state before anything has happened."""
    state = SimpleNamespace(
        forces=rows(tables.FORMATION, formations), ground=rows(tables.CELL, cells),
        regions=rows(tables.REGION, others), orders=rows(tables.ORDER_STATE, others),
        lifts=rows(tables.LIFT_STATE, others),
        flotillas=rows(tables.FLOTILLA_STATE, 0), headquarters=rows(tables.HEADQUARTERS_STATE, 1),
        fronts=rows(tables.FRONT_STATE, 1), battles=rows(tables.BATTLE, max(1, formations)),
        edge_power=np.zeros(7), terrain=np.ones(tables.TERRAIN_SHAPE), supply_km=np.zeros((2, cells), np.float32),
        passing=rows(tables.PASSING, cells), pace=np.zeros(tables.PACE_SHAPE),
        works=rows(tables.WORKS_STATE, others), armies=rows(tables.ARMY_STATE, 2),
        points=rows(tables.POINT_STATE, 1),
        changes=np.zeros(cells + 1, np.int64), line=np.zeros(cells + 1, np.int64),
        doubtful=np.zeros(cells, np.int64),
        roads=np.zeros((cells, 6), tables.ROAD_USE).view(np.recarray),
    )  # fmt: skip
    state.forces.counted, state.forces.listed = tables.NONE, tables.NONE
    forces, ground = state.forces, state.ground
    forces.status, forces.cohesion, forces.ammunition, forces.men = tables.PRESENT, 1.0, 1.0, 10000.0
    forces.stand_next, forces.attack_next, forces.plan = -1, -1, -1
    forces.errand, forces.heading = -1, -1
    forces.first_hit_h, forces.order_h = tables.NEVER, tables.NEVER
    ground.attack_head, ground.stand_head, ground.battle_step, ground.taken_h = -1, -1, -2, -tables.NEVER
    ground.first_h, state.orders.in_force_h = tables.NEVER, tables.NEVER
    return state


def draw_air(axes: Axes, rules: Any) -> None:
    world, reading, state = stage()
    state.fronts[0].battles = 1.0
    sorties = np.linspace(0, 60, 121)
    for wet, name in ((0, "dry"), (1, "rain")):
        state.regions[0].wet = wet
        gains = []
        for number in sorties:
            reading.fronts[0].sorties = number
            gains.append(air.support_from_the_air(world, reading, state, rules.air, rules.weather, 0, 1.0))
        axes.plot(sorties, gains, label=name, color=COLOURS[wet])
    label(axes, "close-support sorties a day for each point of the defence", "multiplier of the attack")


def draw_breaking(axes: Axes, rules: Any) -> None:
    world, _, state = stage(2)
    world.roster[1].side = 1
    state.ground[0].attack_head, state.ground[0].stand_head = 0, 1
    state.battles[0].defence = 1.0
    days = axes.twinx()
    for index, worn in enumerate((1.0, 0.5)):
        state.forces[1].cohesion = worn
        pairs = []
        for ratio in RATIOS:
            state.battles[0].attack = ratio
            pairs.append(
                breaking.hazards(
                    world.edges, world.roster, world.works, state.forces, state.ground, state.battles, rules.breaking, 0
                )
            )
        giving_up, giving_way = np.array(pairs).T
        name = f"cohesion of the defender {worn:g}"
        axes.plot(RATIOS, giving_way / (giving_up + giving_way), label=name, color=COLOURS[index])
        days.plot(RATIOS, 1 / (giving_up + giving_way), "--", color=COLOURS[index])
    days.set_ylabel("mean days to the end (dashed)")
    days.set_ylim(bottom=0)
    axes.set_ylim(0, 1.3)
    label(axes, "power of the attack / power of the defence", "chance that the attacker wins")
    ratio_axis(axes)


def draw_capitulation(axes: Axes, rules: Any) -> None:
    count = 1000
    for index, (supply_km, name) in enumerate(((0.0, "line open"), (np.inf, "cut off"))):
        world, _, state = stage(count)
        state.supply_km[:] = supply_km
        world.edges.road = 2
        world.roster.relays, world.roster.word_km = rules.capitulation.usual_relays, rules.capitulation.usual_km
        world.roster.army = np.arange(count)
        capitulation.spread_word(
            world.edges,
            world.roster,
            world.step_hours,
            state.forces,
            state.supply_km,
            state.headquarters,
            rules.capitulation,
            LUCK,
            0.0,
        )
        axes.step(np.sort(state.forces.order_h) / 24, np.arange(count) / count, label=name, color=COLOURS[index])
    axes.set_xlim(0, 21)
    label(axes, "days after the headquarters spoke", "share of formations that have the order")


def draw_cohesion(axes: Axes, rules: Any) -> None:
    for index, share in enumerate((0.05, 0.1, 0.2, 0.3)):
        world, _, state = stage()
        cohesion.shake(state.forces, rules.cohesion, 0, share)
        course = [state.forces[0].cohesion]
        for _ in range(48):
            cohesion.recover(world.step_hours, state.forces, rules.cohesion, 0.0)
            course.append(state.forces[0].cohesion)
        axes.plot(np.arange(49) / 4, course, label=f"{share:.0%} of the men lost", color=COLOURS[index])
    axes.set_ylim(0, 1.02)
    label(axes, "days of rest", "cohesion")


def draw_combat(axes: Axes, rules: Any) -> None:
    own = rules.combat
    for index, w in enumerate((0.25, own.helmbold, 1.0)):
        losses = [fighting.helmbold_losses(r, 1.0, own.loss_attacker, own.loss_defender, w, 1.0) for r in RATIOS]
        attacker, defender = 100 * np.array(losses).T
        axes.plot(RATIOS, attacker, color=COLOURS[index], label=f"attacker, w = {w:g}")
        axes.plot(RATIOS, defender, "--", color=COLOURS[index], label=f"defender, w = {w:g}")
    axes.set_ylim(0, 10)
    label(axes, "power of the attack / power of the defence", "men lost in a day, %")
    axes.legend(frameon=False, fontsize=8, loc=(0.17, 0.62))
    ratio_axis(axes)


def draw_command(axes: Axes, rules: Any) -> None:
    count = 1000
    world, reading, state = stage(others=count)
    for step in range(5):
        command.deliver_orders(world, reading, state, rules.command, LUCK, 6.0 * step)
    hours = np.sort(state.orders.in_force_h)
    axes.step(hours, np.arange(count) / count, color=COLOURS[0], label="no condition")
    axes.set_xlim(0, 24)
    label(axes, "hours after an order's start", "share of orders in force")


def draw_control(axes: Axes, rules: Any) -> None:
    """A column of the control side marches through the middle row of an empty country, a cell in six hours."""
    width, height = 11, 7
    places = [(column, row) for row in range(height) for column in range(width)]
    number = {place: index for index, place in enumerate(places)}
    world, _, state = stage(0, len(places))
    for (column, row), cell in number.items():
        odd = row % 2
        around = ((1, 0), (-1, 0), (odd, 1), (odd - 1, 1), (odd, -1), (odd - 1, -1))
        for edge, (right, up) in enumerate(around):
            world.edges[cell, edge].neighbour = number.get((column + right, row + up), -1)
    state.ground.owner = 1
    state.supply_km[:] = 100.0
    for step in range(28):
        hour = 6.0 * (step + 1)
        if step < width:
            cell = number[step, height // 2]
            control.take_cell(world.control_side, state.ground, state.changes, cell, 0, hour)
            state.ground[cell].taken_h = hour
        control.pass_control(world, state, rules.control, hour)
    for (column, row), cell in number.items():
        hour = state.ground[cell].first_h
        passed = hour < tables.NEVER
        colour = plt.get_cmap("viridis_r")(hour / 110) if passed else "#eeeeee"
        centre = (column + 0.5 * (row % 2), row * 0.75**0.5)
        axes.add_patch(RegularPolygon(centre, 6, radius=0.57, facecolor=colour, edgecolor="white"))
        axes.annotate(f"{hour:.0f}" if passed else "-", centre, ha="center", va="center", fontsize=7,
                      color="white" if passed and hour > 60 else "black")  # fmt: skip
    axes.set_xlim(-0.7, width + 0.3)
    axes.set_ylim(-0.7, height * 0.75**0.5)
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.set_title("hours from H-hour at which cells pass; the column marches through the middle row", fontsize=9)


def draw_engineers(axes: Axes, rules: Any) -> None:
    _, reading, state = stage()
    men = np.linspace(0, 60000, 121)
    for index, tasks in enumerate((1, 2, 4)):
        state.armies[0].tasks = tasks
        done = []
        for number in men:
            reading.armies[0].support_men = number
            done.append(engineers.engineers_at_work(reading, state, rules.engineers, 0))
        axes.plot(men, done, label=f"tasks in the step: {tasks}", color=COLOURS[index])
    axes.set_ylim(bottom=0)
    label(axes, "support troops behind the army", "part of what engineers can do")


def draw_flotilla(axes: Axes, rules: Any) -> None:
    reaches = 40
    for index, (held, name) in enumerate(((reaches, "banks held"), (20, "held to 285 km"), (1, "hostile banks"))):
        world, reading, state = stage(1, reaches, 1)
        world.flotillas, world.fairways = rows(tables.FLOTILLA, 2), rows(tables.FAIRWAY, reaches)
        world.flotillas.first, state.flotillas = (0, reaches), rows(tables.FLOTILLA_STATE, 1)
        world.fairways.cell, world.fairways.km = np.arange(reaches), 15.0 * np.arange(reaches)
        world.roster.role, world.lifts = tables.LIFT, rows(tables.LANDING_PARTY, 0)
        state.ground.owner[held:] = 1
        flotilla.moor(world, state)
        course = [0.0]
        for step in range(20):
            flotilla.sail(world, reading, state, rules.flotilla, rules.combat, 6.0 * step)
            course.append(15.0 * state.flotillas[0].at + state.flotillas[0].gone_km)
        axes.plot(np.arange(21) / 4, course, label=name, color=COLOURS[index])
    label(axes, "days", "km up the river")


def draw_landing(axes: Axes, rules: Any) -> None:
    draws = 300
    world, reading, state = stage(2)
    combat.set_terrain(rules.combat, state.terrain)
    world.lifts[0].wave = 1.0
    world.roster[1].side = 1
    world.roster.role = tables.LANDING, tables.FIELD
    ratios, kept = np.geomspace(0.25, 4, 13), []
    state.forces.place = -1, 0
    state.ground[0].owner = 1
    take_stock(world.roster, state.forces, state.ground)
    wave = combat.points(
        world.land, world.roster, world.control_side, reading.formations, state.forces, rules.combat, 0, 0
    )
    defence = combat.defence_of(world, reading, state, rules.combat, 0, 1) * rules.combat.beach_assault
    for ratio in ratios:
        held = 0
        for step in range(draws):
            state.forces[0].men, state.forces[0].cohesion = 10000.0 * ratio * defence / wave, 1.0
            state.forces[0].status = tables.AT_SEA
            landing.come_in(world, reading, state, rules.landing, rules.combat, rules.cohesion, rules.control, 0, LUCK,
                            step, 0.0)  # fmt: skip
            held += state.forces[0].status == tables.ON_BEACH
        kept.append(held / draws)
    axes.plot(ratios, kept, "o", color=COLOURS[0], label=f"share of {draws} landings of the kernel")
    chance = 1 / (1 + ratios ** (-2 * rules.landing.repulse_exponent))
    axes.plot(ratios, chance, color=COLOURS[1], label="the equation")
    label(axes, "points of the wave / points of the defence, beach factor included", "chance to hold the beach")
    ratio_axis(axes)


def draw_movement(axes: Axes, rules: Any) -> None:
    pace = np.zeros(tables.PACE_SHAPE)
    movement.set_pace(rules.movement, pace)
    world, _, _ = stage(cells=2)
    world.edges[0, 0].neighbour = 1
    for mobility, name in enumerate(MOBILITIES):
        rates = []
        for ground in range(len(GROUNDS)):
            world.land[1].ground = ground
            rates.append(movement.pace_over(world.edges, world.land, rules.movement, pace, mobility, 0, 0))
        axes.plot(rates, range(len(GROUNDS)), "o", label=name, color=COLOURS[mobility])
    axes.set_yticks(range(len(GROUNDS)), GROUNDS)
    axes.invert_yaxis()
    axes.set_xlim(left=0)
    label(axes, "march without a road, km a day", "")


def draw_politics(axes: Axes, rules: Any) -> None:
    # Days of a made-up calendar: first bomb on the fifth day, entry and second bomb on the eighth.
    calendar = rows(tables.POLITICAL_CALENDAR, 1)
    calendar.exhausted_h, calendar.first_bomb_h, calendar.entry_h, calendar.second_bomb_h = 2208, 128, 192, 203
    calendar.terms_h = calendar.assurance_h = tables.NEVER
    hours = np.arange(0.0, 60 * 24, 2.0)
    for index, school in enumerate(SCHOOLS):
        for used, style in ((2.0, "-"), (0.0, "--")):
            given, shares = rules.politics.copy(), np.empty(len(hours))
            given.school, given.bombs_used = index + 1, used
            politics.decision_curve(calendar, given, hours, 0.0, shares)
            axes.plot(hours / 24, shares, style, color=COLOURS[index], label=school if used else None)
    label(axes, "days (dashed: no bomb)", "share of decisions made")


def draw_roads(axes: Axes, rules: Any) -> None:
    world, _, state = stage(cells=2)
    world.edges[0, 0].neighbour = 1
    ways = {
        "track in forested mountains": (1, 0, 0.0), "the same, deep mud": (1, 0, 1.0), "pass": (1, 1, 0.0),
        "pass, deep mud": (1, 1, 1.0),
    }  # fmt: skip
    world.land[1].ground = GROUNDS.index("rugged-wooded")
    state.forces.men, state.roads.opened_h = 9600.0, tables.NEVER
    vehicles = roads.column_of(world.roster, state.forces, rules.roads, 0)
    divisions = np.arange(1, 9)
    for index, (name, (road, mountain_pass, mud)) in enumerate(ways.items()):
        world.edges[0, 0].road, world.edges[0, 0].mountain_pass = road, mountain_pass
        state.regions.mud = mud
        hours = roads.passage_hours(
            world.edges, world.land, state.ground, state.regions, state.roads, rules.roads, 0, 0, 0, vehicles, 0.0
        )
        axes.plot(divisions, divisions * hours / 24.0, "o-", label=name, color=COLOURS[index])
    axes.set_ylim(bottom=0)
    label(axes, "rifle divisions one behind the other", "days until the last has gone by")


def draw_wear(axes: Axes, rules: Any) -> None:
    for index, ground in enumerate(("flat-bare", "desert", "rugged-wooded")):
        world, _, state = stage(cells=2)
        world.edges[0, 0].neighbour, world.land[1].ground = 1, GROUNDS.index(ground)
        state.forces.tanks, left = 100.0, [100.0]
        for _ in range(50):
            wear.wear_out(world.edges, world.land, state.forces, rules.wear, 0, 0, 0, 20.0)
            left.append(state.forces[0].tanks)
        axes.plot(20 * np.arange(51), left, label=f"{ground}, no road", color=COLOURS[index])
    axes.set_ylim(bottom=0)
    label(axes, "km marched, nobody repaired", "tanks still running, %")


def draw_detachment(axes: Axes, rules: Any) -> None:
    length, hours = 40, np.arange(0, 121, 1.0)
    world, _, state = stage(cells=length)
    world.edges[:-1, 0].neighbour, world.edges.road = np.arange(1, length), 2
    world.step_hours, world.roster.plan = 1.0, 0
    world.plans, world.legs = rows(tables.PLAN, 2), np.zeros(1, np.int64)
    world.plans[1].first = 1
    world.objectives = rows(tables.OBJECTIVE, 1)
    world.objectives.cell = length - 1
    world.hours = np.arange(length, 0.0, -1.0)[None, :]
    world.nearer = np.ones((1, length), np.uint8)  # edge 0 leads on
    world.land.owner = state.ground.owner = 1
    state.forces.plan, state.forces.lead_place, state.forces.fuel = 0, tables.NONE, 1.0
    movement.set_pace(rules.movement, state.pace)
    body, lead = [], []
    for hour in hours:
        unit = state.forces[0]
        body.append(15.0 * (unit.place + unit.progress))
        lead.append(max(body[-1], 15.0 * (unit.lead_place + unit.lead_progress)))
        detachment.send_ahead(
            world, state, rules.movement, rules.weather, rules.control, rules.roads, rules.detachment, hour
        )
        movement.march(
            world, state, rules.movement, rules.weather, rules.control, rules.roads, rules.turning, rules.wear, hour
        )
    axes.plot(hours / 24.0, lead, label="detachment", color=COLOURS[1])
    axes.plot(hours / 24.0, body, label="rifle division", color=COLOURS[0])
    label(axes, "days of march on a road into empty country", "km")


def draw_turning(axes: Axes, rules: Any) -> None:
    """Men who attack an enemy beside the road as one division of 9,000 men after the other comes by."""
    columns = 8
    for index, (enemy, mobility) in enumerate(((4_000.0, 0), (12_000.0, 0), (12_000.0, 2))):
        world, _, state = stage(cells=2)
        world.edges[0, 0].neighbour = 1
        world.roster.mobility, state.ground[1].defenders[1], state.ground[1].men[1] = mobility, 1, enemy
        state.forces.place, state.forces.men, attack = 0, 9_000.0, [0.0]
        for _ in range(columns):
            if turning.edge_to_turn(world, state, rules.turning, 0, 0.0, 0.0) != tables.NONE:
                turning.aim_at(state.forces, state.ground, 0, 1, 0.0)
            attack.append(turning.men_aimed(state.ground, 1, 0.0) / 1000.0)
        who = "on foot" if mobility == 0 else "motor"
        axes.step(range(columns + 1), attack, where="post", label=f"{who}, enemy of {enemy:,.0f}", color=COLOURS[index])
    label(axes, "divisions that have come by", "thousand men who attack him")


def draw_disarming(axes: Axes, rules: Any) -> None:
    """How far a formation is sent along a road, by mobility: the planning rate times the reach."""
    pace = np.zeros(tables.PACE_SHAPE)
    movement.set_pace(rules.movement, pace)
    for index, name in enumerate(MOBILITIES):
        days = np.linspace(0, rules.disarming.reach_days, 61)
        axes.plot(days, days * pace[index, 2, 0], label=name, color=COLOURS[index])
    label(axes, "days of march to a point not yet held", "km by road")


def draw_repair(axes: Axes, rules: Any) -> None:
    for index, (field, name) in enumerate((("tanks_hit", "hit in battle"), ("tanks_broken", "broken down"))):
        world, _, state = stage()
        state.forces[0][field] = 100.0
        course = [0.0]
        for _ in range(64):
            repair.repair(world.step_hours, state.forces, rules.repair)
            course.append(state.forces[0].tanks)
        axes.plot(np.arange(65) / 4, course, label=name, color=COLOURS[index])
    axes.set_ylim(0, 102)
    label(axes, "days", "of 100 tanks out of action, running again")


def draw_security(axes: Axes, rules: Any) -> None:
    world, reading, state = stage()
    world.land[0].owner = 1
    km, shares = np.linspace(0, 800, 81), []
    for distance in km:
        state.supply_km[0, 0] = distance
        security.guard_rear(world.land, world.roster, reading.armies, state.forces, state.supply_km, rules.security)
        shares.append(100 * state.forces[0].tied / state.forces[0].men)
    axes.plot(km, shares, color=COLOURS[0], label="on the other side's ground")
    axes.axhline(6, color=COLOURS[1], label="at home, a claim of 6 %")
    label(axes, "truck distance from the nearest source, km", "men tied to the rear, %")


def draw_sickness(axes: Axes, rules: Any) -> None:
    cases = (("flat-mixed", -1, 0, "easy country, at rest"), ("flat-mixed", 0, 0, "easy country, marching"),
             ("desert", 0, 0, "desert, marching"), ("flat-mixed", -1, 1, "easy country, in battle"))  # fmt: skip
    for index, (ground, heading, fought, name) in enumerate(cases):
        world, reading, state = stage()
        reading.formations.start = tables.NONE  # in the field, not in quarters
        world.land[0].ground, state.forces[0].heading = GROUNDS.index(ground), heading
        state.forces[0].fought = fought
        course = [0.0]
        for _ in range(112):
            sickness.fall_ill(
                world.land, state.regions, world.step_hours, reading.formations, state.forces, rules.sickness, 0.0
            )
            course.append(100 - state.forces[0].men / 100)
        axes.plot(np.arange(113) / 4, course, label=name, color=COLOURS[index])
    label(axes, "days", "men out of the ranks, %")


def draw_siege(axes: Axes, rules: Any) -> None:
    rules.combat.engagement_sd = rules.combat.exchange_sd = 0.0
    # Many besiegers: the front of the works decides how much of their power counts.
    for index, men in enumerate((500, 1500, 5000, 15000)):
        world, reading, state = stage(2)
        combat.set_terrain(rules.combat, state.terrain)
        world.roster.side, world.roster.role = (0, 1), (tables.FIELD, tables.GARRISON)
        world.roster[1].works, world.land[0].works = 0, 0
        world.works.side, world.works.strength = 1, 2
        state.forces.men = 50000.0, men
        reading.formations.men = state.forces.men
        state.forces[0].masking = 1
        take_stock(world.roster, state.forces, state.ground)
        course = [100.0]
        for step in range(160):
            siege.besiege(world, reading, state, rules.combat, rules.cohesion, rules.siege, rules.engineers, LUCK, step)
            course.append(100.0 * state.forces[1].men / men)
        axes.plot(np.arange(161) / 4, course, label=f"garrison of {men:,}", color=COLOURS[index])
    axes.set_ylim(bottom=0)
    label(axes, "days sealed in concrete works, without luck", "men left of the garrison, %")


def draw_railways(axes: Axes, rules: Any) -> None:
    days = np.arange(29)
    for index, share in enumerate((0.5, 1.0, 2.0)):
        rate = rules.railways.laid_km_per_day * share
        axes.plot(days, days * rate, color=COLOURS[index], label=f"{rate:g} km a day")
    axes.set_ylim(bottom=0)
    label(axes, "days since the line was taken", "km re-laid ahead of the railhead")


def draw_supply(axes: Axes, rules: Any) -> None:
    distance = np.linspace(0, 1000, 201)
    tonnes = [supply.delivered_t_per_day(rules.supply, 1000.0, km) for km in distance]
    axes.plot(distance, tonnes, color=COLOURS[0], label="default values")
    axes.set_ylim(bottom=0)
    label(axes, "km of good road from the source", "tonnes a day by 1,000 trucks")


def draw_weather(axes: Axes, rules: Any) -> None:
    with WEATHER.open(encoding="utf-8") as file:
        regions = sorted(csv.DictReader(file), key=lambda row: float(row["wet_at_start"]))
    chosen = regions[0], regions[-1]
    _, reading, state = stage(others=2)
    for index, region in enumerate(chosen):
        for name in ("wet_to_wet", "dry_to_wet", "wet_at_start"):
            reading.regions[index][name] = float(region[name])
    runs, steps = 200, 112
    mud, wet = np.empty((runs, steps, 2)), np.empty((runs, steps, 2))
    for run in range(runs):
        luck = luck_of(1945, run)
        weather.begin_weather(reading.regions, state.regions, rules.weather, luck)
        for step in range(steps):
            weather.change_weather(reading.regions, state.regions, rules.weather, luck, step, 6.0)
            mud[run, step], wet[run, step] = state.regions.mud, state.regions.wet
    days = np.arange(1, steps + 1) / 4
    for index, region in enumerate(chosen):
        axes.plot(days, mud[0, :, index], color=COLOURS[index], linewidth=0.8, label=f"{region['region']}, first run")
        axes.plot(
            days, mud[:, :, index].mean(axis=0), color=COLOURS[index], linewidth=2.5, label=f"mean of {runs} runs"
        )
        low, high = -0.1 * index - 0.1, -0.1 * index - 0.02
        axes.fill_between(days, low, high, where=wet[0, :, index] > 0, color=COLOURS[index], step="pre")
    axes.set_ylim(top=1.5)
    label(axes, "day (bars below: rain of the first run)", "mud")


def draw_reading(axes: Axes, rules: Any) -> None:
    claims, runs = 20, 4000
    given = Quantity(
        best=np.full(claims, 1.0), below=np.full(claims, np.log(0.7)), above=np.full(claims, np.log(1.3)),
        claim=np.arange(claims), group=np.zeros(claims, np.int64),
    )  # fmt: skip
    luck = np.random.default_rng(1945)
    own, army = luck.standard_normal((runs, claims)), luck.standard_normal((runs, 1))
    for index, common in enumerate((0.0, read_parameters()["reading.common_share"].value or 0.0, 1.0)):
        total = given.draw(np.sqrt(common) * army + np.sqrt(1 - common) * own).mean(axis=1)
        axes.hist(total, bins=np.linspace(0.6, 1.4, 81), histtype="step", color=COLOURS[index], density=True,
                  label=f"common share {common:g}")  # fmt: skip
    label(axes, f"strength of an army of {claims} formations, each claimed to 0.7-1.3, against the best", "density")


def draw_engagements(axes: Axes, rules: Any) -> None:
    values = {key: found.value for key, found in read_parameters().items() if found.value is not None}
    ratios = np.geomspace(0.5, 6, 9)
    for index, (posture, name) in enumerate((("HD", "hasty"), ("PD", "prepared"), ("FD", "fortified"))):
        given = [
            Engagement("", Side((), 10_000.0 * ratio, 0.0, None), Side((), 10_000.0, 0.0, None), 20.0, "rolling-mixed",
                       posture, False, 0.0)
            for ratio in ratios
        ]  # fmt: skip
        world, plays = compile_engagements(given, values), []
        for play in range(12):
            play_for_days(
                world.arrays,
                world.reading,
                engagement_rules(values, read_tables(read_parameters())),
                world.state,
                world.tactics,
                np.full(len(ratios), 4),
                world.courses,
                play,
                FIRST_STEP,
                20,
            )
            plays.append(world.courses.wins.copy())
        axes.plot(ratios, np.mean(plays, axis=0), color=COLOURS[index], label=f"{name} defence")
    axes.set_ylim(0, 1)
    ratio_axis(axes)
    label(axes, "attackers for one defender, 10,000 men on rolling mixed ground", "chance that the attackers win")


def draw_history(axes: Axes, rules: Any) -> None:
    quantiles = np.random.default_rng(1945).standard_normal(2000)
    errors = np.linspace(-8, 8, 81)
    for index, spread in enumerate((0.5, 2.0, 4.0)):
        scores = [crps(spread * quantiles, error) for error in errors]
        axes.plot(errors, scores, color=COLOURS[index], label=f"runs spread with sd {spread:g} days")
    axes.plot(errors, abs(errors), ":", color="grey", label="one certain run")
    label(axes, "history minus the middle of the runs, days", "CRPS, days")


def label(axes: Axes, x: str, y: str) -> None:
    """Names of the axes, and the legend where there is something to tell apart."""
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False, fontsize=8)


def ratio_axis(axes: Axes) -> None:
    """A logarithmic axis of power ratios."""
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")


FIGURES: dict[str, Callable[[Axes, Any], None]] = {
    path.stem: globals()[f"draw_{path.stem}"]
    for path in sorted(PARAMETERS.glob("*.yaml"))
    if f"draw_{path.stem}" in globals()
}


def main(names: list[str]) -> None:
    """Draw the named figures, or all of them; the same kernels give the same bytes."""
    plt.rcParams.update(
        {"svg.hashsalt": "khingan", "svg.fonttype": "none", "font.size": 9, "font.family": "sans-serif"}
    )
    for name in names or FIGURES:
        figure, axes = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
        FIGURES[name](axes, default_rules())
        figure.savefig(PAGES / f"{name}.svg", metadata={"Date": None})
        plt.close(figure)


if __name__ == "__main__":
    main(sys.argv[1:])
