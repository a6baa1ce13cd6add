"""Slow twins of what happens in battle: whole columns of numbers at once, integrals and plain lists."""

import numpy as np
import plain
from scipy.stats import norm
from small_world import War

SEED = 1945  # of small_world.luck


def worth(given: War, cell: int) -> np.ndarray:
    """Points of every formation on the ground of a cell."""
    forces, read, roster, rules = given.forces, given.reading.formations, given.world.roster, given.rules.combat
    ground = given.world.land.ground[cell]
    price = [rules.points_per_1000_men[roster.kind] / 1000, np.full(len(forces), rules.points_per_tank),
             np.full(len(forces), rules.points_per_gun)]  # fmt: skip
    count = [np.clip(forces.men - forces.tied, 0, None), forces.tanks * rules.ground_tanks[ground],
             forces.guns * rules.ground_guns[ground]]  # fmt: skip
    quality = np.where(read.quality < 1, np.clip(read.quality * rules.readiness_scale, None, 1), read.quality)
    quality = quality * np.where(roster.side == given.world.control_side, rules.quality_ratio, 1.0)
    tired = np.clip(1 - rules.fatigue_per_day * forces.combat_days, rules.fatigue_floor, None)
    will = np.interp(forces.cohesion, [0, 1], [rules.cohesion_floor, 1])
    return np.einsum("ij,ij->j", price, count) * quality * tired * will


def cover(given: War, cell: int) -> np.ndarray:
    """Multiplier of every formation that defends a cell."""
    forces, roster, rules = given.forces, given.world.roster, given.rules.combat
    days = [0, rules.hasty_days, rules.prepared_days, rules.fortified_days]
    dug = np.interp(forces.prepared_days, days, [1, rules.hasty, rules.prepared, rules.fortified])
    works = given.world.land.works[cell]
    if works >= 0:
        built = (rules.fortified, rules.concrete)[int(given.world.works.strength[works] == 2)]
        left = 1 + (built - 1) * (1 - forces.battered)
        dug = np.where(roster.side == given.world.works.side[works], np.maximum(dug, left), dug)
    return np.where(forces.withdrawing == 1, rules.withdrawing, dug) ** rules.posture_exponent


def defence(given: War, cell: int, side: int) -> float:
    """Points with which a side defends a cell: field formations (roles 0, 5) and garrisons (1) that would fight."""
    forces, roster, rules = given.forces, given.world.roster, given.rules.combat
    there = (forces.place == cell) & (roster.side == side) & (forces.passive == 0) & np.isin(roster.role, (0, 1, 5))
    supplied = np.interp(forces.ammunition, [0, 1], [rules.defence_without, 1])
    ground = rules.ground_defence[given.world.land.ground[cell]] ** rules.terrain_exponent
    return float((worth(given, cell) * cover(given, cell) * supplied)[there].sum() * ground)


def attack(given: War, cell: int, now: float) -> float:
    """Points of an attack by land on a cell, after the front, rivers, surprise, aircraft and flanks had their say."""
    forces, rules, edges = given.forces, given.rules.combat, given.world.edges[cell]
    ours = np.flatnonzero(forces.target == cell)
    supplied = np.interp(forces.ammunition, [0, 1], [rules.attack_without, 1])
    wet = given.state.regions.wet[0] == 1
    power = (worth(given, cell) * supplied)[ours] * (given.rules.weather.wet_attack if wet else 1.0)
    sides = (edges.neighbour[None, :] == forces.place[ours, None]).argmax(axis=1)
    by_side = np.minimum(np.bincount(sides, power, 6), rules.frontage * edges.side_km)
    total = float((by_side / rules.river_assault[edges.river] ** rules.posture_exponent).sum())
    first = min([now, *forces.first_hit_h[forces.place == cell]])
    fresh = max(0, 1 - (now - first) / 24 / rules.surprise_days) * max(0, 1 - first / 24 / rules.surprise_alert_days)
    against = defence(given, cell, 1 - int(given.world.roster.side[ours[0]]))
    total *= 1 + (rules.surprise_peak - 1) * fresh
    total *= support(given, against, len(set(forces.target[forces.target >= 0])))
    return total * rules.flank_gain ** max(0, len(set(sides)) - 2)


def support(given: War, against: float, battles: int) -> float:
    """Multiplier by aircraft: a saturating gain, as the area under its own slope gain * half / (n + half)^2."""
    air, weather = given.rules.air, given.rules.weather
    flying = weather.wet_air if given.state.regions.wet[0] else 1.0
    sorties = given.reading.fronts.sorties[0] * (1 - air.raid_share) * flying / battles / against
    n, weights = np.polynomial.legendre.leggauss(40)
    x = np.log1p(sorties / air.half_effect) * (n + 1) / 2  # the slope over x = ln(1 + n / half) is gain * exp(-x)
    return 1 + air.support_gain * float((weights * np.exp(-x)).sum()) * np.log1p(sorties / air.half_effect) / 2


def noise(step_days: float, steps: int, cell: int, run: int, day_sd: float, memory_days: float) -> float:
    """Day-to-day noise after so many steps: the weighted sum of all draws since the engagement began (purpose 10)."""
    z = norm.ppf([plain.uniform(SEED, run, step, cell, 10) for step in range(steps)])
    memory = np.exp(-step_days / memory_days)
    weights = np.full(steps, np.sqrt(1 - memory**2))
    weights[0] = 1.0
    return float(day_sd * (weights * memory ** np.arange(steps - 1, -1, -1) * z).sum())


def hazards(given: War, cell: int, ratio: float, sides: int) -> tuple[float, float]:
    """(attacker's, defender's) risk a day: averages over men of what weighs on their minds."""
    forces, roster, rules = given.forces, given.world.roster, given.rules.breaking
    strain = rules.cohesion_weight * (1 - forces.cohesion) + rules.supply_weight * np.clip(1 - forces.ammunition, 0, 1)
    dug = rules.field_works_weight * np.clip(forces.prepared_days / rules.dug_in_days, 0, 1)
    attackers, defenders = forces.target == cell, (forces.place == cell) & (roster.role != 1)
    worry = np.average(strain[attackers], weights=forces.men[attackers])
    fear = np.average((strain - dug)[defenders], weights=forces.men[defenders])
    odds = np.log(ratio) * rules.ratio_exponent
    turned = rules.flank_weight * (sides >= 3)
    return float(rules.hazard * np.exp(worry - odds)), float(rules.hazard * np.exp(fear + odds + turned))


def who_breaks(hazard_a: float, hazard_d: float, days: float, run: int, step: int, cell: int) -> str:
    """Two clocks run out at random; the sooner one, if it falls in the step, ends the battle (purposes 13, 14)."""
    soonest = -np.log1p(-plain.uniform(SEED, run, step, cell, 13)) / (hazard_a + hazard_d)
    if soonest >= days:
        return ""
    return "defender" if plain.uniform(SEED, run, step, cell, 14) < hazard_d / (hazard_a + hazard_d) else "attacker"


def ways_back(given: War, u: int, goal: int) -> list[float]:
    """Hours to the line of retreat from each cell that formation u may fall back to, shortest first."""
    w, side, cell = given.world, int(given.world.roster.side[u]), int(given.forces.place[u])
    rates = given.rules.movement
    neighbours = np.asarray(w.edges.neighbour)
    pace = given.state.pace[0][w.edges.road, w.land.ground[neighbours]]
    field = plain.least_hours(neighbours, w.edges.distance_km / pace * 24 + rates.crossing_h[w.edges.river], goal)
    enemies = set(given.forces.place[w.roster.side != side].tolist())
    free = [c for c in neighbours[cell].tolist() if c >= 0 and given.ground.owner[c] == side and c not in enemies]
    return sorted(float(field[c]) for c in free)


def gun_days(guns: float, km: float, days: float, bring_up: float, km_per_day: float) -> float:
    """Gun-days of heavy guns by then: nothing until they are up and formed, then all of them."""
    return guns * max(0.0, days - bring_up - km / km_per_day)


def masks(need: float, mobility: list[int], points: list[float]) -> list[int]:
    """Who masks works, the slowest first: as many as it takes until their points, added up, reach the need."""
    order = np.argsort(mobility, kind="stable")
    before = np.concatenate([[0.0], np.cumsum(np.array(points)[order])[:-1]])
    return sorted(order[before < need].tolist())


def raids(given: War) -> np.ndarray:
    """(region, side) share of the day lost to raids, by tables of who stands where."""
    forces, roster, air = given.forces, given.world.roster, given.rules.air
    fronts, regions = len(given.reading.fronts), len(given.state.regions)
    field = (forces.status == 1) & (forces.place >= 0) & (forces.passive == 0) & np.isin(roster.role, (0, 5))
    front, region = given.world.armies.front[roster.army], given.world.land.region[forces.place]
    present = np.zeros((fronts, regions, 2))
    np.add.at(present, (front[field], region[field], roster.side[field]), 1.0)
    share = present / np.maximum(1, present.sum(axis=(1, 2), keepdims=True))
    flying = np.where(given.state.regions.wet == 1, given.rules.weather.wet_air, 1.0)[None, :, None]
    flown = (share * given.reading.fronts.sorties[:, None, None] * air.raid_share * flying).sum(axis=0)[:, ::-1]
    columns = np.zeros((regions, 2))
    np.add.at(columns, (region[field & (forces.plan >= 0)], roster.side[field & (forces.plan >= 0)]), 1.0)
    return air.raid_gain * -np.expm1(-flown / np.maximum(1, columns) / air.raid_sorties)
