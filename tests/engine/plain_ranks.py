"""Slow twins of word, wear, supply and politics: matrices, exact fractions, quantiles of scipy, and plain lists."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import plain
from scipy.integrate import quad, solve_ivp
from scipy.linalg import expm
from scipy.stats import lognorm, norm
from small_world import War

SEED = 1945  # of small_world.luck


def delay(run: int, step: int, entity: int, purpose: int, median: float, log_sd: float) -> float:
    """A lognormal time for one decision of one run."""
    return float(lognorm.ppf(plain.uniform(SEED, run, step, entity, int(purpose)), s=log_sd, scale=median))


def skies(p11: float, p01: float, step_share: float, wet: bool, run: int, steps: int, purpose: int) -> list[bool]:
    """Wet or dry by step: powers of the chain's matrix by its eigenvectors, then one draw a step."""
    chain = np.array([[1 - p01, p01], [1 - p11, p11]])
    values, vectors = np.linalg.eig(chain)
    rows = (vectors * values**step_share) @ np.linalg.inv(vectors)
    days = []
    for step in range(1, steps + 1):
        wet = plain.uniform(SEED, run, step, 0, purpose) < rows[int(wet), 1]
        days.append(bool(wet))
    return days


def word(given: War, u: int, run: int, spoke: float, alone: float) -> float:
    """Hour at which formation u hears: one messenger, or two one after the other (purposes 21 to 24, its army's 65)."""
    rules, row = given.rules.capitulation, given.world.roster[u]
    way = (1 - rules.word_by_distance) * row.relays / rules.usual_relays
    way += rules.word_by_distance * (row.word_km / rules.usual_km) ** 0.5
    keys = ((u, 21), (int(row.army), 65))
    own, army = (float(norm.ppf(plain.uniform(SEED, run, 0, entity, purpose))) for entity, purpose in keys)
    spread = own * (1 - rules.word_common) ** 0.5 + army * rules.word_common**0.5
    days = rules.word_days * way * np.exp(rules.word_log_sd * spread)
    second = delay(run, 0, u, 23, rules.isolated_days, rules.isolated_log_sd)
    lost = plain.uniform(SEED, run, 0, u, 22) < alone or plain.uniform(SEED, run, 0, u, 24) < rules.refusal
    return spoke + 24 * (days + second * lost)


def flows(rates: np.ndarray, start: list[float], days: float) -> np.ndarray:
    """What stands in each column after some days, when `rates` (from, to) a day flow between them."""
    return np.array(start) @ expm((rates - np.diag(rates.sum(axis=1))) * days)


def rest(fought: list[bool], per_step: Fraction) -> tuple[Fraction, Fraction]:
    """(cohesion, days of fighting) in exact numbers after quarters of a day in battle or at rest, from cohesion 1/2."""
    calm = sum(not each for each in fought)
    tired = Fraction(0)
    for each in fought:
        tired = max(Fraction(0), tired + Fraction(1 if each else -1, 4))
    return 1 - Fraction(1, 2) * (1 - per_step) ** calm, tired


def tied(given: War) -> np.ndarray:
    """Men of every formation whom the rear keeps."""
    forces, roster, rules = given.forces, given.world.roster, given.rules.security
    km = given.state.supply_km[roster.side, forces.place].astype(float)
    reached = np.where(np.isfinite(km) & (km >= 0), km, 0)
    abroad = np.clip(rules.abroad_per_100_km * reached / 100, 0, rules.most)
    home = given.world.land.owner[forces.place] == roster.side
    share = np.where(home, given.reading.armies.tied[roster.army], abroad) * np.isin(roster.role, (0, 5))
    return np.clip(rules.weight * share, 0, 1) * forces.men


def circulation(fleet: float, out_per_day: float, load_per_day: float, days: float) -> tuple[float, float]:
    """(truck tonnes out, tonnes arrived) of trucks that load, drive, unload and come back, from all at home."""

    def change(_: float, y: np.ndarray) -> list[float]:
        home, out, back, _arrived = y
        return [out_per_day * back - load_per_day * home, load_per_day * home - out_per_day * out,
                out_per_day * (out - back), out_per_day * out]  # fmt: skip

    y = solve_ivp(change, (0.0, days), (fleet, 0.0, 0.0, 0.0), method="LSODA", rtol=1e-9, atol=1e-9).y[:, -1]
    return float(y[1]), float(y[3])


def by_order(orders: list[int], issue: int) -> list[Fraction]:
    """What each army gets of a day's issue: all it orders, or its share by orders."""
    whole = sum(orders)
    return [Fraction(order) * min(Fraction(1), Fraction(issue, whole)) if whole else Fraction(0) for order in orders]


def poured(come: float, rounds: list[float]) -> list[float]:
    """What is poured into each of several vessels in turn, the next when the one before it is full."""
    edges = np.clip(come, 0, np.concatenate([[0.0], np.cumsum(rounds)]))
    return np.diff(edges).tolist()


def foremost(km: list[float], weight: list[float], share: float) -> list[int]:
    """The furthest first, until those before each weigh the share of all."""
    order = sorted(range(len(km)), key=lambda u: -km[u])
    need = share * sum(weight)
    return sorted(u for n, u in enumerate(order) if sum(weight[v] for v in order[:n]) < need)


def decided(given: War, hour: float, lost: float) -> float:
    """Share that has decided by an hour, by quadrature between the shocks: a product of relative risks."""
    calendar, rules = given.world.politics[0], given.rules.politics
    base, tired, first, second, entry, both, assured, ground = rules.schools[int(rules.school) - 1]
    came = calendar.entry_h + 24 * (rules.entry_shift_days + rules.news_days)

    def risk(t: float) -> float:
        worn = (t - calendar.from_h) / (calendar.exhausted_h - calendar.from_h)
        shock = (1 + ground * lost) if t >= came else 0.0
        bomb, again, word = (float(t >= date) for date in dates[:3])
        relative = [
            (tired, worn),
            (first, bomb),
            (second, again),
            (entry, shock),
            (both, shock * bomb),
            (assured, word),
        ]
        return base / 24 * float(np.prod([np.exp(weight) ** much for weight, much in relative]))

    dates = [calendar.first_bomb_h, calendar.second_bomb_h, calendar.assurance_h, came]
    edges = [0.0, *sorted(date for date in dates if 0 < date < hour), hour]
    return 1 - np.exp(-sum(quad(risk, a, b)[0] for a, b in pairwise(edges)))


def in_force(ready: list[float], after: list[list[int]], step_hours: float) -> list[float]:
    """Hours from which orders hold, each after those it waits for, worked out one from the other without a clock.

    An order that waits for one later in the list hears of it a step later.
    """

    def released(order: int) -> int:
        own = max(0, int(np.ceil(ready[order] / step_hours - 1 - 1e-12)))
        return max([own, *(released(before) + (before > order) for before in after[order])])

    return [max(released(order) * step_hours, ready[order]) for order in range(len(ready))]


def muds(wet: list[bool], days: float, per_day: float, drying: float, season: dict[str, float]) -> list[float]:
    """Mud by step as the sum of what rain, drying, frost and thaw give, each on its own column, between its bounds."""
    rain, frost = np.array(wet, float), season.get("frost", 0.0)
    softens = rain * per_day * (1 - frost) + season.get("thaw", 0.0) * per_day
    hardens = np.where(rain > 0, frost, 1.0) / drying
    mud, course = 0.0, []
    for change in (softens - hardens) * days:
        mud = float(np.clip(mud + change, season.get("snow", 0.0), 1.0))
        course.append(mud)
    return course
