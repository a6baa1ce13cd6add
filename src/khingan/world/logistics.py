"""Supply, air and weather as arrays of disputable numbers."""

from dataclasses import dataclass

import numpy as np

from khingan.engine.state import ARMY
from khingan.evidence.parameters import Parameter
from khingan.scenario.schema import Scenario, Supply
from khingan.world.backing import backed_armies
from khingan.world.depots import Depots, compile_depots
from khingan.world.ground import Surveyor
from khingan.world.loads import refills, units_of_fire
from khingan.world.names import Names
from khingan.world.quantities import Quantity, quantity

FLEETS = ("supply_trucks", "front_trucks")  # in the order of the engine's fleets


@dataclass(frozen=True)
class Logistics:
    """What there is, what it weighs, and how much can be moved."""

    depots: Depots
    armies: np.ndarray  # (army,) ARMY
    refill_t: Quantity  # (formation,)
    unit_of_fire_t: Quantity  # (formation,)
    fuel_carried: Quantity  # (formation,)
    ammunition_carried: Quantity  # (formation,)
    trucks: Quantity  # (row,) summed by army and fleet
    truck_army: np.ndarray  # (row,) army of each row of trucks
    truck_fleet: np.ndarray  # (row,) fleet of each row of trucks
    airlift_t: Quantity  # (row,) summed by army
    airlift_army: np.ndarray
    tied: Quantity  # (army,) share of its men tied to the rear at home
    support_men: Quantity  # (row,) summed by army
    support_guns: Quantity
    support_army: np.ndarray
    sorties: Quantity  # (row,) summed by front
    sortie_front: np.ndarray
    wet_to_wet: Quantity  # (region,)
    dry_to_wet: Quantity
    wet_at_start: Quantity


def compile_logistics(
    scenario: Scenario, names: Names, surveyor: Surveyor, parameters: dict[str, Parameter]
) -> Logistics:
    """Everything that moves fuel, shells and aircraft, and the troops that stand behind the armies."""
    trucks = _rows_by_army(scenario, FLEETS)
    refill_t, unit_of_fire_t = refills(scenario, parameters), units_of_fire(scenario)
    depots = compile_depots(scenario, names, surveyor, refill_t.best, unit_of_fire_t.best)
    airlift = _rows_by_army(scenario, ("airlift_t_per_day",))
    backing = backed_armies(scenario)
    ledger, weather = scenario.ledger, scenario.weather
    air = [row for row in scenario.air if row.front in names.index["fronts"]]
    chances = {
        column: quantity(
            ledger,
            [getattr(region, column) for region in weather],
            [region.claim for region in weather],
            [region.region for region in weather],
            bounds=(0.0, 1.0),
        )
        for column in ("wet_to_wet", "dry_to_wet", "wet_at_start")
    }
    return Logistics(
        depots=depots,
        armies=_armies(scenario, names, depots),
        refill_t=refill_t,
        unit_of_fire_t=unit_of_fire_t,
        fuel_carried=_by_army(scenario, "fuel_carried"),
        ammunition_carried=_by_army(scenario, "ammunition_carried"),
        trucks=_quantity(scenario, trucks),
        truck_army=np.array([names.number("armies", army) for _, army, _ in trucks], np.int64),
        truck_fleet=np.array([FLEETS.index(row.kind) for row, *_ in trucks], np.int64),
        airlift_t=_quantity(scenario, airlift),
        airlift_army=np.array([names.number("armies", army) for _, army, _ in airlift], np.int64),
        tied=_tied(scenario),
        support_men=_backing(scenario, backing, "men"),
        support_guns=_backing(scenario, backing, "guns"),
        support_army=np.array([names.number("armies", army) for _, army, _ in backing], np.int64),
        sorties=quantity(
            ledger,
            [row.aircraft * row.serviceable * row.sorties_per_aircraft_day for row in air],
            [row.claim for row in air],
            [row.army_or_fleet for row in air],
        ),
        sortie_front=np.array([names.number("fronts", row.front) for row in air], np.int64),
        **chances,
    )


def _armies(scenario: Scenario, names: Names, depots: Depots) -> np.ndarray:
    result = np.zeros(len(scenario.armies), ARMY).view(np.recarray)
    result.front = [names.number("fronts", army.front) for army in scenario.armies]
    result.side = [names.number("sides", army.side) for army in scenario.armies]
    first = {plan.army for plan in scenario.plans if plan.echelon == 1}
    result.second = [army.army not in first for army in scenario.armies]
    result.pool = [depots.pool_of_front.get(army.front, -1) for army in scenario.armies]
    return result


def _tied(scenario: Scenario) -> Quantity:
    """The share of each army's men that its rear ties; an army without a row has none tied."""
    rows = {row.army: row for row in scenario.supply if row.kind == "tied_share"}
    armies = [army.army for army in scenario.armies]
    return quantity(
        scenario.ledger,
        [rows[army].value if army in rows else 0.0 for army in armies],
        [rows[army].claim if army in rows else "" for army in armies],
        armies,
        bounds=(0.0, 1.0),
    )


def _rows_by_army(scenario: Scenario, kinds: tuple[str, ...]) -> list[tuple[Supply, str, float]]:
    """(row, army, value); a row for a whole side is shared among its armies by men."""
    men: dict[str, float] = {army.army: 0.0 for army in scenario.armies}
    for formation in scenario.formations:
        men[formation.army] += formation.men
    result = []
    for row in scenario.supply:
        if row.kind not in kinds:
            continue
        armies = [row.army] if row.army else [army.army for army in scenario.armies if army.side == row.side]
        total = sum(men[army] for army in armies) or 1.0
        result += [(row, army, row.value * (men[army] / total if len(armies) > 1 else 1.0)) for army in armies]
    return result


def _quantity(scenario: Scenario, rows: list[tuple[Supply, str, float]]) -> Quantity:
    return quantity(
        scenario.ledger,
        [value for *_, value in rows],
        [row.claim for row, *_ in rows],
        [army for _, army, _ in rows],
    )


def _backing(scenario: Scenario, backing: list[tuple[int, str, float]], what: str) -> Quantity:
    """Men or guns of support formations by the army they stand behind."""
    formations = [scenario.formations[number] for number, *_ in backing]
    return quantity(
        scenario.ledger,
        [getattr(formation, what) * share for formation, (*_, share) in zip(formations, backing, strict=True)],
        [formation.strength_claim for formation in formations],
        [formation.army for formation in formations],
    )


def _by_army(scenario: Scenario, kind: str) -> Quantity:
    """What each formation carries: its army's row; a formation whose army has none carries one load."""
    rows = {row.army: row for row in scenario.supply if row.kind == kind}
    armies = [formation.army for formation in scenario.formations]
    return quantity(
        scenario.ledger,
        [rows[army].value if army in rows else 1.0 for army in armies],
        [rows[army].claim if army in rows else "" for army in armies],
        armies,
    )
