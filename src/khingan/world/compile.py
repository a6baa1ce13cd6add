"""The border between names and arrays: a scenario becomes a world that the engine can play."""

from dataclasses import dataclass

import numpy as np

from khingan.engine import state as engine
from khingan.engine.step import Rules
from khingan.evidence.parameters import Parameter, read_parameters
from khingan.evidence.posterior import Posterior, read_posterior
from khingan.scenario.schema import Order, Scenario
from khingan.scenario.vocabulary import LIFT_MODES, ORDER_KINDS, WORKS
from khingan.world.depots import measure_bases
from khingan.world.fairways import lay_fairways
from khingan.world.forces import Muster, addressed, mobility_of, muster
from khingan.world.ground import Survey, Surveyor, rail_cells, survey_land, survey_of
from khingan.world.logistics import Logistics, compile_logistics
from khingan.world.names import Names, name_all
from khingan.world.politics import political_calendar
from khingan.world.prelude import PreludePlan, compile_prelude
from khingan.world.quantities import Quantity, quantity
from khingan.world.routes import Objectives, lay_points, lay_routes, measure_routes, plan_mobilities
from khingan.world.rules import read_tables, rules_from
from khingan.world.season import day_of_year, lay_seasons
from khingan.world.stated import Stated, Whereabouts, find_places, state


@dataclass(frozen=True)
class World:
    """A campaign as arrays, the names of its numbers, and every number that a reading of the ledger may change."""

    arrays: engine.World
    names: Names
    muster: Muster
    logistics: Logistics
    passage_h: Quantity  # (lift,)
    interval_h: Quantity  # (lift,)
    ship_guns: Quantity  # (lift,)
    start_h: Quantity  # (order,)
    stated: Stated
    whereabouts: Whereabouts
    prelude: PreludePlan | None  # the months before, where the campaign tells them
    place_cell: dict[str, int]
    parameters: dict[str, Parameter]
    posterior: Posterior | None  # joint draws of the parameters that were fitted, where they are shipped
    tables: dict[str, np.ndarray]
    survey: Survey
    steps: int
    days: int


def compile_world(scenario: Scenario, like: World | None = None) -> World:
    """Compile a checked scenario; the same scenario always gives the same world.

    `like` is the world of the same campaign before a change: what rests on its map alone is not measured again.
    """
    parameters = read_parameters()
    tables = read_tables(parameters)
    scalars = tuple(key for key, parameter in parameters.items() if not parameter.is_table)
    names = name_all(scenario, scalars)
    survey = survey_of(scenario, names, like.survey if like else None)
    surveyor = survey.surveyor
    whereabouts = find_places(scenario, surveyor, survey.near)
    place_cell = _cells_of_places(scenario, surveyor, whereabouts)
    works, works_cells = _works(scenario, names, surveyor)
    objectives = Objectives(names.index["sides"][side] for side in scenario.calendar.limits)
    forces = muster(scenario, names, surveyor, works_cells, objectives, place_cell, parameters)
    addressees = addressed(scenario, names)
    mobilities = plan_mobilities(scenario, names, mobility_of(scenario), addressees)
    logistics = compile_logistics(scenario, names, surveyor, parameters)
    points = lay_points(scenario, surveyor, place_cell, objectives)
    plans, legs, table, hours = lay_routes(scenario, names, place_cell, objectives, mobilities)
    orders, addressed_to, conditions = _orders(scenario, names, place_cell, addressees)
    flotillas, fairways = lay_fairways(scenario, survey.edges, forces.start, place_cell)
    arrays = engine.World(
        edges=survey.edges,
        near=survey.near,
        back=survey.back,
        land=survey_land(scenario, surveyor, works_cells),
        globe=surveyor.globe,
        plans=plans,
        legs=legs,
        objectives=table,
        hours=hours,
        nearer=np.zeros(hours.shape, np.uint8),
        roster=forces.roster,
        works=works,
        orders=orders,
        addressees=addressed_to,
        conditions=conditions,
        lifts=_lifts(scenario, names, place_cell),
        flotillas=flotillas,
        fairways=fairways,
        headquarters=_headquarters(scenario),
        politics=political_calendar(scenario, survey.politics),
        sources=logistics.depots.sources,
        armies=logistics.armies,
        points=points,
        rails=rail_cells(survey.edges),
        season=lay_seasons(scenario),
        season_day=float(day_of_year(scenario.calendar.h_hour)),
        step_hours=float(scenario.calendar.step_hours),
        control_side=0,
    )
    _measure_ways(arrays, objectives, rules_from(_planning(parameters), tables), survey)
    return World(
        arrays=arrays,
        names=names,
        muster=forces,
        logistics=logistics,
        start_h=_order_hours(scenario),
        **_of_lifts(scenario, names),
        stated=state(scenario, forces.roster["prepared_days"]),
        whereabouts=whereabouts,
        prelude=compile_prelude(scenario, survey.prelude, parameters) if survey.prelude else None,
        place_cell=place_cell,
        parameters=parameters,
        posterior=read_posterior(),
        tables=tables,
        survey=survey,
        steps=scenario.calendar.steps,
        days=scenario.calendar.days,
    )


def _planning(parameters: dict[str, Parameter]) -> dict[str, float]:
    """The value of every parameter that is no table, as staffs plan with it."""
    return {key: parameter.value for key, parameter in parameters.items() if parameter.value is not None}


def _measure_ways(arrays: engine.World, objectives: Objectives, rules: Rules, survey: Survey) -> None:
    """Fill the march hours to every objective and the truck distances from the bases, by the rules of planning."""
    limited = {number: side for (_, side), number in objectives.number.items() if side != engine.NONE}
    measure_routes(arrays, rules.movement, survey.fields, limited)
    measure_bases(arrays, rules.supply, survey.bases)


def _of_lifts(scenario: Scenario, names: Names) -> dict[str, Quantity]:
    """Hours of passage and between waves, and guns of the ships, as claims by lift; they vary together by army."""
    lifts, ledger = scenario.lifts, scenario.ledger
    claims = [lift.claim for lift in lifts]
    armies = [scenario.formations[names.number("formations", lift.formation)].army for lift in lifts]
    passages = [lift.load_h + lift.distance_km / lift.speed_kmh for lift in lifts]
    return {
        "passage_h": quantity(ledger, passages, claims, armies),
        "interval_h": quantity(ledger, [lift.interval_h for lift in lifts], claims, armies),
        "ship_guns": quantity(ledger, [lift.guns for lift in lifts], [lift.guns_claim for lift in lifts], armies),
    }


def _order_hours(scenario: Scenario) -> Quantity:
    """Earliest start of every order, hours from H-hour; one side's may shift together."""
    orders = scenario.orders
    hours = [_hours(scenario, order) for order in orders]
    claims, sides = [order.claim for order in orders], [order.side for order in orders]
    return quantity(scenario.ledger, hours, claims, sides, shift=True, bounds=(-np.inf, np.inf))


def _cells_of_places(scenario: Scenario, surveyor: Surveyor, whereabouts: Whereabouts) -> dict[str, int]:
    """The cell that every side marches to, holds and is compared in; beyond the map, the land nearest to the place."""
    stated = zip(scenario.places, whereabouts.cell.tolist(), strict=True)
    return {p.name: cell if cell >= 0 else surveyor.nearest(p.lat, p.lon)[0] for p, cell in stated}


def _hours(scenario: Scenario, order: Order) -> float:
    return ((order.starts or order.issued) - scenario.calendar.h_hour).total_seconds() / 3600


def _works(scenario: Scenario, names: Names, surveyor: Surveyor) -> tuple[np.ndarray, np.ndarray]:
    """Works on the ground of the side that mans them; unmanned works belong to the owner of their cell."""
    side_of = {f.works: names.number("sides", f.side) for f in scenario.formations if f.works}
    result = np.zeros(len(scenario.works), engine.WORKS).view(np.recarray)
    for number, works in enumerate(scenario.works):
        side = side_of.get(works.works)
        cell = surveyor.nearest(works.lat, works.lon, side)[0]
        result[number].cell, result[number].strength = cell, WORKS.index(works.strength)
        result[number].side = surveyor.owner[cell] if side is None else side
    return result, result.cell.copy()


def _orders(
    scenario: Scenario, names: Names, place_cell: dict[str, int], addressees: list[list[int]]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(orders, addressees, conditions); the closing row of the orders says where the last lists end."""
    conditions = [[_condition(term, names, place_cell) for term in order.condition] for order in scenario.orders]
    result = np.zeros(len(scenario.orders) + 1, engine.ORDER).view(np.recarray)
    result.kind[:-1] = [ORDER_KINDS.index(order.kind) for order in scenario.orders]
    result.plan[:-1] = [names.number("plans", order.plan) for order in scenario.orders]
    result.addressee_first = np.cumsum([0] + [len(group) for group in addressees])
    result.condition_first = np.cumsum([0] + [len(group) for group in conditions])
    flat = [u for group in addressees for u in group]
    terms = [term for group in conditions for term in group]
    return result, np.array(flat or [0], np.int64), np.array(terms or [(0, 0, 0)], np.int64)


def _condition(term: str, names: Names, place_cell: dict[str, int]) -> tuple[int, int, int]:
    kind, *parts = (part.strip() for part in term.split(":"))
    if kind == "held":
        return engine.PLACE_HELD, place_cell[parts[0]], names.number("sides", parts[1])
    if kind == "order":
        return engine.ORDER_IN_FORCE, names.number("orders", parts[0]), 0
    return engine.GARRISON_CEASED, place_cell[parts[0]], 0


def _lifts(scenario: Scenario, names: Names, place_cell: dict[str, int]) -> np.ndarray:
    lifts = scenario.lifts
    result = np.zeros(len(lifts), engine.LANDING_PARTY).view(np.recarray)
    result.order = [names.number("orders", lift.order) for lift in lifts]
    result.formation = [names.number("formations", lift.formation) for lift in lifts]
    result.mode = [LIFT_MODES.index(lift.mode) for lift in lifts]
    result.destination = [place_cell[lift.destination] for lift in lifts]
    result.wave = [lift.first_wave for lift in lifts]
    roles = {place.name: place.role for place in scenario.places}
    result.port = [is_port(roles[lift.destination]) for lift in lifts]
    return result


def is_port(role: str) -> bool:
    """True when one of a place's roles ends in the word port: a port, a river port."""
    return any(part.split()[-1:] == ["port"] for part in role.split(";"))


def _headquarters(scenario: Scenario) -> np.ndarray:
    headquarters = scenario.surrender.headquarters
    result = np.zeros(len(headquarters), engine.HEADQUARTERS).view(np.recarray)
    result.order_h = [(hq.order - scenario.calendar.h_hour).total_seconds() / 3600 for hq in headquarters]
    result.spread_h = [hq.spread_h for hq in headquarters]
    return result
