"""Sickness and accidents: men lost to no enemy, by day, ground and march, and in battle."""

from typing import NamedTuple

import numpy as np

from khingan.engine.cohesion import is_on_the_march
from khingan.engine.compiled import kernel
from khingan.engine.state import PRESENT, Array


class SicknessRules(NamedTuple):
    """Parameters of parameters/sickness.yaml."""

    per_day: float
    marching: float
    ground: Array  # (ground,)
    deaths: float
    accidents: float


@kernel
def fall_ill(
    land: Array, regions: Array, step_hours: float, read: Array, forces: Array, rules: SicknessRules, now: float
) -> None:  # fmt: skip
    """Of every formation in the field some fall ill or have accidents: out of the ranks for the campaign, or dead.

    A share 1 - exp(-per_day * ground * (1 + cold) * marching * dt) of the men, so that no result hangs on the step; of
    those left in battle 1 - exp(-accidents * dt) die of own fire, water, vehicles, their own weapons.
    Leaves out: epidemics, water and rations run short, the return of the sick within weeks.
    """
    if rules.per_day <= 0.0 and rules.accidents <= 0.0:
        return
    days = step_hours / 24.0
    killed_in_accidents = 1.0 - np.exp(-rules.accidents * days)
    for u in range(forces.shape[0]):
        place = forces[u].place
        if forces[u].status != PRESENT or place < 0 or is_in_quarters(read, forces, u):
            continue
        marching = 1 if is_on_the_march(forces, u, now) else 0
        out = forces[u].men * share_sick(regions, rules, land[place].region, land[place].ground, marching, days)
        dead = rules.deaths * out
        forces[u].sick += out - dead
        forces[u].men -= out
        if forces[u].fought:
            accidents = forces[u].men * killed_in_accidents
            forces[u].men -= accidents
            dead += accidents
        forces[u].died += dead


@kernel
def share_sick(regions: Array, rules: SicknessRules, region: int, ground: int, marching: int, days: float) -> float:
    """Share of the men who fall ill in so many days: reckoned once for all who march, or stand, on the same ground."""
    rate = rules.per_day * rules.ground[ground] * (1.0 + regions[region].cold)
    if marching:
        rate *= rules.marching
    if regions[region].sick_at[ground, marching] != rate * days:
        regions[region].sick_at[ground, marching] = rate * days
        regions[region].sick_share[ground, marching] = 1.0 - np.exp(-rate * days)
    return regions[region].sick_share[ground, marching]


@kernel
def is_in_quarters(read: Array, forces: Array, u: int) -> bool:
    """True where formation u stands where it stood at the start, rested from battle: its hospitals keep its sick."""
    return forces[u].place == read[u].start and not forces[u].fought and forces[u].combat_days <= 0.0
