"""What a campaign states once for all its runs, and what each run may read otherwise: hours, waves, works, places."""

from dataclasses import dataclass

import numpy as np

from khingan.scenario.gazetteer import RINGS, LandCells
from khingan.scenario.schema import Place, Scenario
from khingan.world.ground import Surveyor, on_the_globe
from khingan.world.quantities import Quantity, key_of, quantity

EMPTY = np.empty(0, np.int64)


@dataclass(frozen=True)
class Stated:
    """Numbers that the engine reads from the world's own tables."""

    plan_start_h: Quantity  # (plan,) a plan that begins with the war begins with it in every reading
    prepared_days: Quantity  # (formation,) with the range of the works it mans
    wave: Quantity  # (lift,) share of a formation in its first wave
    spread_h: Quantity  # (headquarters,)


@dataclass(frozen=True)
class Whereabouts:
    """Where named places may lie: how far off, and the cells among which each may be found.

    A place stays on the ground of its owner at H-hour, within two rings of walking of its stated cell: on which island
    or bank it stands is no matter of degrees.
    """

    names: tuple[str, ...]
    km: Quantity  # (place,) along a line of any bearing
    bearing: np.ndarray  # (place,) int64 key of the bearing
    cell: np.ndarray  # (place,) the stated cell, -1 off the map
    choices: np.ndarray  # (place, choice) cells where it may lie, filled up with -1
    nearness: np.ndarray  # (place, choice) of the stated point to the centres of the choices, as a cosine
    gain: np.ndarray  # (2, place, choice) of nearness by an Earth's radius to the north, and to the east


def state(scenario: Scenario, prepared_days: np.ndarray) -> Stated:
    """The disputable numbers of plans, works, landings and cease-fires."""
    ledger, plans, lifts = scenario.ledger, scenario.plans, scenario.lifts
    claim_of = {works.works: works.claim for works in scenario.works}
    army_of = {formation.formation: formation.army for formation in scenario.formations}
    headquarters = scenario.surrender.headquarters
    return Stated(
        plan_start_h=quantity(
            ledger, [plan.starts for plan in plans], [plan.claim if plan.starts > 0 else "" for plan in plans],
            [plan.army for plan in plans], shift=True,
        ),
        prepared_days=quantity(
            ledger, prepared_days.tolist(), [claim_of.get(body.works, "") for body in scenario.formations],
            [body.army for body in scenario.formations],
        ),
        wave=quantity(
            ledger, [lift.first_wave for lift in lifts], [lift.claim for lift in lifts],
            [army_of[lift.formation] for lift in lifts], bounds=(0.0, 1.0),
        ),
        spread_h=quantity(
            ledger, [seat.spread_h for seat in headquarters], [seat.claim for seat in headquarters],
            [seat.side for seat in headquarters],
        ),
    )  # fmt: skip


def find_places(scenario: Scenario, surveyor: Surveyor, neighbour: np.ndarray) -> Whereabouts:
    """Every named place; neighbour (cell, edge) with -1 where nobody walks."""
    globe, owner = surveyor.globe, surveyor.owner
    land = LandCells(scenario.terrain, scenario.calendar.resolution)
    found = [land.nearest(place.lat, place.lon) for place in scenario.places]
    cells = [at[0] if at else -1 for at in found]
    for cell in set(cells) - surveyor.walked.keys():
        surveyor.walked[cell] = around(cell, owner, neighbour)
    choices = [surveyor.walked[cell] for cell in cells]
    table = np.full((len(cells), max(map(len, choices), default=1)), -1, np.int64)
    for row, choice in zip(table, choices, strict=True):
        row[: len(choice)] = choice
    names = [place.name for place in scenario.places]
    lat, lon = (np.array([getattr(place, name) for place in scenario.places], float) for name in ("lat", "lon"))
    north, east = on_the_globe(lat + 90.0, lon), on_the_globe(np.zeros(len(lon)), lon + 90.0)
    return Whereabouts(
        names=tuple(names),
        km=_distance(scenario, scenario.places),
        bearing=np.array([key_of("bearing of place " + name) for name in names], np.int64),
        cell=np.array(cells, np.int64),
        choices=table,
        nearness=np.where(table >= 0, np.einsum("px,pcx->pc", on_the_globe(lat, lon), globe[table]), -np.inf),
        gain=np.stack([np.einsum("px,pcx->pc", axis, globe[table]) for axis in (north, east)]),
    )


def around(cell: int, owner: np.ndarray, neighbour: np.ndarray) -> np.ndarray:
    """The cell and those of its owner that can be walked to from it over no others, within two rings."""
    if cell < 0:
        return EMPTY
    known = np.array([cell])
    for _ in range(RINGS):
        beyond = np.unique(neighbour[known])
        known = np.union1d(known, beyond[(beyond >= 0) & (owner[beyond] == owner[cell])])
    return known


def _distance(scenario: Scenario, places: tuple[Place, ...]) -> Quantity:
    """Distances from the stated points, each place's its own, as far as its claim allows in nine readings of ten."""
    reach = np.array([scenario.ledger.claim(place.claim).shift if place.claim else 0.0 for place in places])
    keys = np.array([key_of("place " + place.name) for place in places], np.int64)
    return Quantity(np.zeros(len(keys)), -reach, reach, keys, keys, shift=True, bounds=(-np.inf, np.inf))
