"""Slow twins of what moves: lists of events and bookings, every hour worked out before anything moves."""

from fractions import Fraction
from itertools import accumulate

import numpy as np
import plain
from small_world import War


def hours_over(given: War, mobility: int, side: int) -> np.ndarray:
    """(cell, edge) hours of march of a column over every edge of the map at once, inf where there is none."""
    e, land, ground, rules = given.world.edges, given.world.land, given.ground, given.rules.movement
    beyond, road, kind = np.asarray(e.neighbour), e.road.astype(int), land.ground[e.neighbour]
    open_rate = rules.march_km_per_day[mobility][road] * rules.pace
    share = rules.off_road[kind, mobility]
    rate = open_rate * np.select([road == 0, road == 1], [share, share**rules.track_share], 1.0)
    rate = np.where(e.mountain_pass == 1, rate * rules.pass_pace, rate)
    mud = given.state.regions.mud[land.region[beyond]]
    own = ground.owner[beyond] == side
    rate = rate * (1 - mud + mud * given.rules.weather.mud_pace[mobility]) * np.where(own, 1, rules.hostile_pace)
    crossing = rules.crossing_h[e.river] * np.where(own & (road >= 2), rules.bridge_share, 1.0)
    return np.where(beyond >= 0, 24 * e.distance_km / rate + crossing, np.inf)


def where(hours: list[float], now: float) -> float:
    """Cells behind a column on a row of edges that take so many hours each, with its share of the next."""
    return float(np.interp(now, [0.0, *accumulate(hours)], range(len(hours) + 1)))


def bookings(ready: list[float], passages: list[float]) -> list[float]:
    """Hours at which one road is free behind each column in turn: the longest unbroken chain of columns before it."""
    return [max(ready[j] + sum(passages[j : k + 1]) for j in range(k + 1)) for k in range(len(ready))]


def lead(hours: list[float], kms: list[float], limit_km: float, now: float) -> tuple[int, float]:
    """(cell, km) of a detachment whose main body stands: it enters no edge whose end lies beyond the limit."""
    allowed = [n for n, total in enumerate(accumulate(kms), start=1) if total <= limit_km]
    at = min(where(hours, now), float(max(allowed, default=0)))
    return int(at), float(np.interp(at, range(len(kms) + 1), [0.0, *accumulate(kms)]))


def relaid_on(km: list[int], rate: Fraction) -> list[int]:
    """The day on which each cell of a captured line has its track, by whole days of work from the cell before it."""
    return list(accumulate(-(-length // rate) for length in km))


def sailed(rates: list[float], km: float, hours: float) -> tuple[int, float]:
    """(reach, km beyond it) of ships after so many hours, reaches of equal length each at its own rate a day."""
    at = where([24 * km / rate for rate in rates], hours)
    return int(at), (at - int(at)) * km


def sent(given: War, points: list[int], idle: list[int], reach_h: float) -> list[float]:
    """Hours of march of whoever goes to each point in its turn, -1 for nobody: a table of all hours, least first."""
    hours = np.array([plain_hours(given, point)[given.forces.place] for point in points])
    free, found = set(idle), []
    for row in hours:
        best = min(free, key=lambda u: row[u], default=-1)
        if best >= 0 and row[best] < reach_h:
            free.remove(best)
            found.append(float(row[best]))
        else:
            found.append(-1.0)
    return found


def plain_hours(given: War, goal: int) -> np.ndarray:
    """Hours on foot from every cell to a goal over dry ground that is one's own, off the roads."""
    e = given.world.edges
    rate = given.state.pace[0][e.road, given.world.land.ground[e.neighbour]]
    return plain.least_hours(np.asarray(e.neighbour), e.distance_km / rate * 24, goal)


def tanks_left(tanks: float, chance_per_km: float, km: float, marches: int = 200_000) -> float:
    """Tanks after many short marches, each of which costs its small share."""
    return float(tanks * np.exp(marches * np.log1p(-chance_per_km * km / marches)))


def let_through(given: War, side: int, hour: float) -> np.ndarray:
    """(cell, edge) vehicles a day over every edge of the map at once."""
    e, rules, land = given.world.edges, given.rules.roads, given.world.land
    beyond, road = np.asarray(e.neighbour), e.road.astype(int)
    mud = given.state.regions.mud[land.region[beyond]]
    own = given.ground.owner[beyond] == side
    on_road = rules.road_vehicles[road] * (1 - mud + mud * rules.mud_road[road])
    dry = on_road + rules.beside_road[land.ground[beyond]] * (1 - mud + mud * rules.mud_road[0])
    bridged = hour - given.state.roads.opened_h >= rules.bridging_h[e.river]
    over = rules.crossing * np.where(
        bridged, np.maximum(rules.ferry_vehicles[e.river], rules.pontoon_vehicles), rules.ferry_vehicles[e.river]
    )
    over = np.where(own & (road >= 2), np.maximum(over, on_road), over)
    through = np.where(e.river > 0, np.minimum(over, dry), dry)
    return np.where(e.mountain_pass == 1, rules.pass_vehicles * (1 - mud + mud * rules.mud_pass), through)
