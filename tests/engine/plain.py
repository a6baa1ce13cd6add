"""Slow twins of the kernels: the same laws by other algorithms, in plain Python and exact or adaptive arithmetic."""

import heapq

import numpy as np
from scipy.integrate import solve_ivp

WORD = 2**64
GOLDEN, FIRST, SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def scramble(x: int) -> int:
    """The finaliser of splitmix64 in whole numbers."""
    x = (x ^ (x >> 30)) * FIRST % WORD
    x = (x ^ (x >> 27)) * SECOND % WORD
    return x ^ (x >> 31)


def luck(seed: int, run: int) -> int:
    return scramble(scramble((seed + GOLDEN) % WORD) ^ (run * GOLDEN + FIRST) % WORD)


def uniform(seed: int, run: int, step: int, entity: int, purpose: int) -> float:
    """The top 53 bits of the chained hash, in the middle of their interval."""
    x = luck(seed, run)
    for key, salt in ((step, SECOND), (entity, FIRST), (purpose, 0)):
        x = scramble(x ^ (key * GOLDEN + salt) % WORD)
    return ((x >> 11) + 0.5) / 2**53


def fight(attack: float, defence: float, rate_a: float, rate_d: float, w: float, days: float) -> tuple[float, float]:
    """Powers left after Helmbold's equations, integrated with adaptive steps; for fights nobody loses wholly."""

    def loss(_: float, powers: np.ndarray) -> list[float]:
        x, y = powers
        return [-rate_a * (x / y) ** (1 - w) * y, -rate_d * (y / x) ** (1 - w) * x]

    left = solve_ivp(loss, (0.0, days), (attack, defence), method="DOP853", rtol=1e-12, atol=1e-12).y[:, -1]
    return float(left[0]), float(left[1])


def least_hours(neighbours: np.ndarray, hours: np.ndarray, goal: int) -> np.ndarray:
    """Least hours from every cell to a goal, by relaxing all edges until nothing moves (Bellman and Ford)."""
    field = np.full(len(neighbours), np.inf)
    field[goal] = 0.0
    while True:
        ahead = np.where(neighbours >= 0, field[neighbours] + hours, np.inf).min(axis=1)
        shorter = np.minimum(field, ahead)
        if (shorter == field).all():
            return field
        field = shorter


def supply_km(neighbours: np.ndarray, km: np.ndarray, owner: np.ndarray, side: int, sources: list[int]) -> np.ndarray:
    """Truck distance of every cell from the nearest source over a side's own cells; km (cell, edge) outward."""
    field = np.full(len(neighbours), np.inf)
    field[[cell for cell in sources if owner[cell] == side]] = 0.0
    before = np.zeros(len(neighbours))
    while not np.array_equal(field, before):
        before = field.copy()
        for cell in range(len(neighbours)):
            for edge, beyond in enumerate(neighbours[cell]):
                if beyond >= 0 and owner[cell] == side and owner[beyond] == side:
                    field[beyond] = min(field[beyond], field[cell] + km[cell, edge])
    return field


def followers(
    neighbours: np.ndarray, km: float, taken: dict[int, float], wait: float, reach: float
) -> dict[int, float]:  # fmt: skip
    """Hours at which empty cells follow cells that troops took: each after its neighbour, no further than `reach`."""
    hours: dict[int, float] = {}
    waiting = [(hour, 0.0, cell) for cell, hour in taken.items()]
    heapq.heapify(waiting)
    while waiting:
        hour, way, cell = heapq.heappop(waiting)
        if cell in hours:
            continue
        hours[cell] = hour
        if way + km <= reach:
            for beyond in neighbours[cell]:
                if beyond >= 0:
                    heapq.heappush(waiting, (hour + wait, way + km, int(beyond)))
    return hours
