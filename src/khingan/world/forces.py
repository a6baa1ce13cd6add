"""The order of battle as arrays, and its disputable numbers."""

from dataclasses import dataclass

import numpy as np

from khingan.engine.state import NONE, ROSTER
from khingan.evidence.parameters import Parameter
from khingan.scenario.schema import Formation, Scenario
from khingan.scenario.vocabulary import MOBILITIES, ROLES, TYPES
from khingan.units import EARTH_RADIUS_KM
from khingan.world.ground import Surveyor, on_the_globe
from khingan.world.names import Names
from khingan.world.quantities import Quantity, quantity
from khingan.world.routes import Objectives

NEAR_PORT_KM = 30.0  # a landing force further than this from its own ground waits on board, not on the map


@dataclass(frozen=True)
class Muster:
    """The order of battle, with what a reading of the ledger may change."""

    roster: np.ndarray  # (formation,) ROSTER
    men: Quantity
    tanks: Quantity
    guns: Quantity
    quality: Quantity
    rated: Quantity  # men of the formation against which its effectiveness is rated, for each of its own
    start: np.ndarray  # (formation,) int32
    start_choices: tuple[np.ndarray, ...]  # (formation,) cells where it may have stood
    start_claim: np.ndarray  # (formation,) int64 key of the claim
    parent: np.ndarray  # (formation,) int32 the formation it is counted inside, -1 none


def mobility_of(scenario: Scenario) -> np.ndarray:
    """The mobility class of every formation."""
    return np.array([MOBILITIES.index(TYPES[formation.type]) for formation in scenario.formations], np.uint8)


def addressed(scenario: Scenario, names: Names) -> list[list[int]]:
    """The formations each order is for; an army or a plan stands for its formations in the field."""
    by_army: dict[str, list[int]] = {}
    by_plan: dict[str, list[int]] = {}
    for number, formation in enumerate(scenario.formations):
        if formation.role == "field":
            by_army.setdefault(formation.army, []).append(number)
            by_plan.setdefault(formation.plan, []).append(number)
    result = []
    for order in scenario.orders:
        found: list[int] = []
        for name in order.addressees:
            single = names.index["formations"].get(name)
            found += [single] if single is not None else by_army.get(name, []) or by_plan.get(name, [])
        result.append(found)
    return result


def muster(
    scenario: Scenario, names: Names, surveyor: Surveyor, works_cells: np.ndarray, objectives: Objectives,
    place_cell: dict[str, int], parameters: dict[str, Parameter],
) -> Muster:  # fmt: skip
    """Compile the order of battle."""
    formations = scenario.formations
    side = np.array([names.number("sides", formation.side) for formation in formations], np.int8)
    works = np.array([names.number("works", formation.works) for formation in formations], np.int16)
    start, choices = _starts(scenario, surveyor, side, works, works_cells)
    claims = [formation.strength_claim for formation in formations]
    armies = [formation.army for formation in formations]
    ledger = scenario.ledger
    roster = np.zeros(len(formations), ROSTER).view(np.recarray)
    roster.side = side
    roster.army = [names.number("armies", formation.army) for formation in formations]
    roster.role = [ROLES.index(formation.role) for formation in formations]
    roster.kind = [tuple(TYPES).index(formation.type) for formation in formations]
    roster.mobility = mobility_of(scenario)
    roster.arrives_h = [_hours(scenario, formation) for formation in formations]
    roster.plan = [names.number("plans", formation.plan) for formation in formations]
    roster.fallback = _fallbacks(scenario, objectives, place_cell, side)
    roster.stands = [formation.posture == "hold" for formation in formations]
    roster.works = works
    roster.headquarters = _headquarters(scenario)
    roster.relays, roster.word_km = _lines_of_command(scenario)
    roster.prepared_days = _prepared(scenario, works, parameters["reading.dug_in_days"])
    return Muster(
        roster=roster,
        men=quantity(ledger, [formation.men for formation in formations], claims, armies),
        tanks=quantity(ledger, [formation.tanks for formation in formations], claims, armies),
        guns=quantity(ledger, _attached_guns(scenario), claims, armies),
        quality=quantity(
            ledger,
            [formation.effectiveness / 100 for formation in formations],
            [formation.effectiveness_claim if formation.effectiveness < 100 else "" for formation in formations],
            armies,
            bounds=(0.0, 1.0),
        ),
        rated=_rated(scenario, armies),
        start=start,
        start_choices=choices,
        start_claim=quantity(ledger, start.tolist(), [f.presence_claim for f in formations], armies, shift=True).claim,
        parent=np.array([names.number("formations", formation.parent) for formation in formations], np.int32),
    )


def _rated(scenario: Scenario, armies: list[str]) -> Quantity:
    """Men of the yardstick for each man of a formation; ratings are of whole formations, and the engine counts men."""
    found = {(row.side, row.type): row for row in scenario.ratings}
    rows = [found.get((formation.side, formation.type)) for formation in scenario.formations]
    shares = [
        row.men / formation.men if row and formation.men > 0 else 1.0
        for row, formation in zip(rows, scenario.formations, strict=True)
    ]
    return quantity(scenario.ledger, shares, [row.claim if row else "" for row in rows], armies)


def _hours(scenario: Scenario, formation: Formation) -> float:
    if formation.arrives is None:
        return 0.0
    return (formation.arrives - scenario.calendar.h_hour).total_seconds() / 3600


def _starts(
    scenario: Scenario, surveyor: Surveyor, side: np.ndarray, works: np.ndarray, works_cells: np.ndarray
) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
    """The cell of each formation, on its own side's ground, and the cells where it may have stood instead."""
    start = np.full(len(side), NONE, np.int32)
    choices = []
    for number, formation in enumerate(scenario.formations):
        choices.append(np.empty(0, np.int32))
        if formation.off_map:
            continue
        if works[number] >= 0:
            start[number] = works_cells[works[number]]
        else:
            cell, km = surveyor.nearest(formation.lat, formation.lon, int(side[number]))
            waits_on_board = formation.role == "landing" and km > NEAR_PORT_KM
            start[number] = NONE if waits_on_board else cell
        shift = scenario.ledger.claim(formation.presence_claim).shift
        if formation.role == "field" and works[number] < 0 and shift > 0:
            choices[-1] = surveyor.within(formation.lat, formation.lon, int(side[number]), shift).astype(np.int32)
    return start, tuple(choices)


def _fallbacks(scenario: Scenario, objectives: Objectives, place_cell: dict[str, int], side: np.ndarray) -> np.ndarray:
    """The objective each formation falls back to on foot: its own, or its army's headquarters."""
    headquarters = {army.army: army.headquarters for army in scenario.armies}
    foot = [MOBILITIES.index("foot")]
    places = [formation.fallback or headquarters[formation.army] for formation in scenario.formations]
    chosen = zip(places, side.tolist(), strict=True)
    return np.array([objectives.add(place_cell[place], foot, own) for place, own in chosen], np.int32)


def _headquarters(scenario: Scenario) -> np.ndarray:
    """The headquarters from which each formation hears the cease-fire, -1 none."""
    by_army = {army: number for number, hq in enumerate(scenario.surrender.headquarters) for army in hq.armies}
    return np.array([by_army.get(formation.army, NONE) for formation in scenario.formations], np.int16)


def _lines_of_command(scenario: Scenario) -> tuple[list[int], list[float]]:
    """Relays and kilometres from the headquarters that gives the cease-fire to each formation, over its army's seat.

    The first army that a headquarters names is its own: its formations are told directly, those of the others by their
    army, and a detachment by the formation it belongs to. Without a headquarters both are zero.
    """
    towns = {name: place for place in scenario.places for name in (place.name, *place.other_names)}
    seat = {
        army.army: on_the_globe(towns[army.headquarters].lat, towns[army.headquarters].lon) for army in scenario.armies
    }
    own_of = {
        army: headquarters.armies[0] for headquarters in scenario.surrender.headquarters for army in headquarters.armies
    }
    relays, ways = [], []
    for formation in scenario.formations:
        own = own_of.get(formation.army, "")
        if not own:
            relays.append(0)
            ways.append(0.0)
            continue
        stands, army = on_the_globe(formation.lat, formation.lon), seat[formation.army]
        relays.append(1 + (formation.army != own) + bool(formation.parent))
        ways.append(_km(seat[own], army) + _km(army, stands))
    return relays, ways


def _km(one: np.ndarray, other: np.ndarray) -> float:
    """Great-circle distance of two points of the unit sphere."""
    return EARTH_RADIUS_KM * float(np.arccos(np.clip(one @ other, -1.0, 1.0)))


def _prepared(scenario: Scenario, works: np.ndarray, dug_in: Parameter) -> np.ndarray:
    by_posture = {row: values[0] for row, values in zip(dug_in.rows, dug_in.values, strict=True)}
    own = [by_posture[formation.posture] for formation in scenario.formations]
    days = [scenario.works[w].prepared_days if w >= 0 else own[i] for i, w in enumerate(works.tolist())]
    return np.array(days, np.float32)


def _attached_guns(scenario: Scenario) -> list[float]:
    """Guns of each formation with its share, by men, of what army and front artillery adds; none stays with support.

    A support row's guns go to the field formations of its own army, or of its front where the army has none.
    """
    guns = [formation.guns for formation in scenario.formations]
    front_of = {army.army: army.front for army in scenario.armies}
    marching = [number for number, f in enumerate(scenario.formations) if f.role == "field"]
    for number, support in enumerate(scenario.formations):
        if support.role != "support" or guns[number] == 0:
            continue
        own = [u for u in marching if scenario.formations[u].army == support.army]
        front = [u for u in marching if front_of[scenario.formations[u].army] == front_of[support.army]]
        takers = own or front
        men = sum(scenario.formations[u].men for u in takers)
        if men == 0:
            continue
        for u in takers:
            guns[u] += support.guns * scenario.formations[u].men / men
        guns[number] = 0.0
    return guns
