"""Where supply comes from: depots, railheads, the stocks behind them, and the bases of the fronts."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from khingan.engine.railways import FULL_GAUGE
from khingan.engine.state import SOURCE, World
from khingan.engine.supply import SupplyRules
from khingan.errors import KhinganError
from khingan.scenario.schema import Scenario, Supply
from khingan.units import great_circle_km
from khingan.world.ground import Surveyor
from khingan.world.names import Names
from khingan.world.quantities import Quantity, quantity

ISSUES = ("depot", "railhead", "source")
NO_WAY_KM = 1.0e5  # further than any truck carries more than its own fuel


@dataclass(frozen=True)
class Depots:
    """The sources of supply and the stocks they draw on."""

    sources: np.ndarray  # (source,) SOURCE
    pool_of_front: dict[str, int]
    issue_t: Quantity  # (source,) inf where no row limits it
    rail_t: Quantity  # (source,) inf where no railhead limits it
    fuel_t: Quantity  # (pool,)
    ammunition_t: Quantity  # (pool,)
    mixed_t: Quantity  # (pool,)


def compile_depots(
    scenario: Scenario, names: Names, surveyor: Surveyor, refill_t: np.ndarray, unit_of_fire_t: np.ndarray
) -> Depots:
    """One source for each place with a depot, a railhead or a stock; one stock for each front that has rows of it.

    A front's stock in refills and units of fire is turned into tonnes by what its formations hold. A place whose own
    tonnage is known (kind source) is a stock of its own. Without rows of stock a depot never runs out.
    """
    sites = _sites(scenario)
    fronts = [front_of_rows(scenario, rows) for rows in sites.values()]
    stocks = {fronts[list(sites).index(_site(row))] for row in _rows(scenario, "depot_fuel", "depot_ammunition")}
    pool_of_front = {front: number for number, front in enumerate(sorted(stocks))}
    sources = np.zeros(len(sites), SOURCE).view(np.recarray)
    mixed: list[Supply] = []
    for number, ((side, place), rows) in enumerate(sites.items()):
        own = [row for row in rows if row.kind == "source"]
        sources[number].side = names.number("sides", side)
        sources[number].cell = _cell(scenario, surveyor, place, names.number("sides", side))
        sources[number].pool = len(stocks) + len(mixed) if own else pool_of_front.get(fronts[number], -1)
        mixed += own[:1]
    _find_bases(scenario, sites, fronts, sources)
    held = {"depot_fuel": refill_t, "depot_ammunition": unit_of_fire_t}
    by_kind = {
        kind: _stock(scenario, kind, tonnes, sites, fronts, pool_of_front, len(mixed)) for kind, tonnes in held.items()
    }
    return Depots(
        sources=sources,
        pool_of_front=pool_of_front,
        issue_t=_limits(scenario, sites, fronts, "depot"),
        rail_t=_limits(scenario, sites, fronts, "railhead"),
        fuel_t=by_kind["depot_fuel"],
        ammunition_t=by_kind["depot_ammunition"],
        mixed_t=quantity(
            scenario.ledger,
            [0.0] * len(stocks) + [row.value for row in mixed],
            [""] * len(stocks) + [row.claim for row in mixed],
            [""] * len(stocks) + [row.place for row in mixed],
        ),
    )


def _rows(scenario: Scenario, *kinds: str) -> list[Supply]:
    return [row for row in scenario.supply if row.kind in kinds]


def _site(row: Supply) -> tuple[str, str]:
    return row.side, row.place


def _sites(scenario: Scenario) -> dict[tuple[str, str], list[Supply]]:
    """Rows by side and place."""
    found: dict[tuple[str, str], list[Supply]] = {}
    for row in _rows(scenario, *ISSUES):
        found.setdefault(_site(row), []).append(row)
    for row in _rows(scenario, "depot_fuel", "depot_ammunition", "front_trucks"):
        if row.place and _site(row) not in found:
            what = f"{row.kind} at '{row.place}', where its side has no depot"
            raise KhinganError(f"supply.csv:{row.row}", what, "add a row of kind depot there, or name a place with one")
    return found


def _cell(scenario: Scenario, surveyor: Surveyor, place: str, side: int) -> int:
    found = next(one for one in scenario.places if one.name == place)
    return surveyor.nearest(found.lat, found.lon, side)[0]


def front_of_rows(scenario: Scenario, rows: list[Supply]) -> str:
    """The front of the army named in a row; else that of the army whose headquarters is nearest on its side."""
    front_of = {army.army: army.front for army in scenario.armies}
    named = [front_of[row.army] for row in rows if row.army]
    if named:
        return named[0]
    places = {place.name: place for place in scenario.places}
    here = places[rows[0].place]

    def distance(headquarters: str) -> float:
        there = places[headquarters]
        return great_circle_km(here.lat, here.lon, there.lat, there.lon)

    own = [army for army in scenario.armies if army.side == rows[0].side and army.headquarters in places]
    return min(own, key=lambda army: distance(army.headquarters)).front


def _find_bases(
    scenario: Scenario, sites: dict[tuple[str, str], list[Supply]], fronts: list[str], sources: np.ndarray
) -> None:
    """Note where the trucks of each source's front load: where their rows say, else at the source itself."""
    front_of = {army.army: army.front for army in scenario.armies}
    bases = {
        front_of[row.army]: list(sites).index(_site(row))
        for row in _rows(scenario, "front_trucks")
        if row.army and row.place
    }
    for number, front in enumerate(fronts):
        sources[number].home = bases.get(front, number)


def _limits(scenario: Scenario, sites: dict[tuple[str, str], list[Supply]], fronts: list[str], kind: str) -> Quantity:
    """Tonnes a day by source from the rows of one kind; no limit where there is none."""
    found = [next((row for row in rows if row.kind == kind), None) for rows in sites.values()]
    return quantity(
        scenario.ledger,
        [row.value if row else np.inf for row in found],
        [row.claim if row else "" for row in found],
        fronts,
    )


def _stock(
    scenario: Scenario, kind: str, held_t: np.ndarray, sites: dict[tuple[str, str], list[Supply]], fronts: list[str],
    pool_of_front: dict[str, int], others: int,
) -> Quantity:  # fmt: skip
    """Tonnes by pool of one class: the front's loads times what one load of all its formations weighs."""
    front_of = {army.army: army.front for army in scenario.armies}
    values, claims = [0.0] * (len(pool_of_front) + others), [""] * (len(pool_of_front) + others)
    for row in _rows(scenario, kind):
        front = fronts[list(sites).index(_site(row))]
        of_front = [front_of[formation.army] == front for formation in scenario.formations]
        values[pool_of_front[front]] = row.value * float(held_t[of_front].sum())
        claims[pool_of_front[front]] = row.claim
    return quantity(scenario.ledger, values, claims, [*sorted(pool_of_front), *[""] * others])


def measure_bases(arrays: World, rules: SupplyRules, known: dict[tuple[int, int], np.ndarray]) -> None:
    """Fill the truck distance of every source from the base of its front, over own ground at H-hour.

    `known` holds the fields measured on this map before, by side and base, and keeps the new ones.
    """
    sources = arrays.sources
    bases = np.unique(sources.home)
    wanted = {(int(sources.side[base]), int(sources.cell[base])) for base in bases} - known.keys()
    for side in {side for side, _ in wanted}:
        cells = sorted(cell for of, cell in wanted if of == side)
        known.update(zip([(side, cell) for cell in cells], _truck_fields(arrays, rules, side, cells), strict=True))
    for base in bases.tolist():
        km = known[int(sources.side[base]), int(sources.cell[base])]
        here = sources.home == base
        sources.home_km[here] = np.minimum(km[sources.cell[here]], NO_WAY_KM)
    sources.home_km[sources.home == np.arange(len(sources))] = 0.0


def _truck_fields(arrays: World, rules: SupplyRules, side: int, cells: list[int]) -> np.ndarray:
    """Truck distances (base, cell) from some cells over the side's own ground at H-hour, inf where there is no way."""
    edges, own = arrays.edges, arrays.land.owner == side
    beyond = np.maximum(edges.neighbour, 0)
    open_ = (edges.neighbour >= 0) & own[:, None] & own[beyond]
    off_road = np.asarray(rules.off_road_km)[arrays.land.ground][beyond]
    share = np.where(edges.road >= 2, 1.0, np.where(edges.road == 1, rules.track_km, off_road))
    share = np.where(edges.mountain_pass > 0, share * rules.pass_km, share)
    share = np.where(edges.rail >= FULL_GAUGE, rules.rail_km, share)
    here, edge = np.nonzero(open_)
    km = (edges.distance_km * share)[here, edge]
    graph = coo_array((km, (here, edges.neighbour[here, edge])), shape=(len(own), len(own)))
    return dijkstra(graph.tocsr(), indices=cells)
