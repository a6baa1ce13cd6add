"""Cohesion: what losses and retreats do to a formation's will and order, and how rest mends it."""

from typing import NamedTuple

import numpy as np

from khingan.engine.chance import DESERTION, draw
from khingan.engine.compiled import kernel
from khingan.engine.occupation import count_out
from khingan.engine.repair import lose_all_tanks
from khingan.engine.state import DESTROYED, NONE, PRESENT, Array


class CohesionRules(NamedTuple):
    """Parameters of parameters/cohesion.yaml."""

    per_loss: float
    per_retreat: float
    recovery_days: float
    march_wear: float
    desertion_below: float
    desertion_per_day: float


@kernel
def shake(forces: Array, rules: CohesionRules, u: int, share: float) -> None:
    """Losing `share` of the men costs cohesion in proportion."""
    forces[u].cohesion = max(0.0, forces[u].cohesion - rules.per_loss * share)


@kernel
def recover(step_hours: float, forces: Array, rules: CohesionRules, now: float) -> None:
    """A step's wear for formations in battle or on the march, a step's rest or digging for all others.

    A day of marching tires as `march_wear` days of fighting do; cohesion mends on the march too, digging does not.
    """
    days = step_hours / 24.0
    for u in range(forces.shape[0]):
        if forces[u].status != PRESENT:
            continue
        if forces[u].fought:
            forces[u].combat_days += days
            continue
        if rules.march_wear > 0.0 and is_on_the_march(forces, u, now):
            forces[u].combat_days += rules.march_wear * days
        else:
            forces[u].combat_days = max(0.0, forces[u].combat_days - days)
            forces[u].prepared_days += days
        forces[u].cohesion += (1.0 - forces[u].cohesion) * min(1.0, days / rules.recovery_days)


@kernel
def is_on_the_march(forces: Array, u: int, now: float) -> bool:
    """True for a formation between two cells that neither fights, pauses, nor stands for want of fuel."""
    moving = forces[u].heading >= 0 or forces[u].progress > 0.0
    return moving and not forces[u].fought and not forces[u].halted and now >= forces[u].pause_until_h


@kernel
def desert(
    near: Array,
    roster: Array,
    step_hours: float,
    read: Array,
    forces: Array,
    ground: Array,
    rules: CohesionRules,
    luck: int,
    step: int,
) -> None:
    """Troops of very low worth leave the colours, wholly, once the enemy stands in or beside their cell.

    Leaves out: mutiny, changing sides, desertion in small numbers.
    """
    chance = 1.0 - (1.0 - rules.desertion_per_day) ** (step_hours / 24.0)
    for u in range(forces.shape[0]):
        if forces[u].status != PRESENT or read[u].quality >= rules.desertion_below or forces[u].place < 0:
            continue
        if enemy_is_near(near, roster, forces, ground, u) and draw(luck, step, u, DESERTION) < chance:
            count_out(roster, forces, ground, u)
            forces[u].deserted += forces[u].men
            lose_all_tanks(forces, u)
            forces[u].men, forces[u].guns = 0.0, 0.0
            forces[u].status = DESTROYED
            forces[u].place = NONE


@kernel
def enemy_is_near(near: Array, roster: Array, forces: Array, ground: Array, u: int) -> bool:
    """True when a field formation of the other side stands in u's cell or in one beside it."""
    cell, other = forces[u].place, 1 - roster[u].side
    if ground[cell].defenders[other] > 0:
        return True
    for edge in range(6):
        beyond = np.int64(near[cell, edge])
        if beyond >= 0 and ground[beyond].defenders[other] > 0:
            return True
    return False
