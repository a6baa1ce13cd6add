"""Repair: what becomes of tanks that were hit or broke down."""

from typing import NamedTuple

import numpy as np

from khingan.engine.compiled import kernel
from khingan.engine.state import PRESENT, Array


class RepairRules(NamedTuple):
    """Parameters of parameters/repair.yaml."""

    days: float
    share: float


@kernel
def repair(step_hours: float, forces: Array, rules: RepairRules) -> None:
    """The workshops decide on a part of the tanks that are out of action: running again, or written off.

    Time in the workshop is exponential with mean `days`. A tank that was hit runs again with chance `share`; one that
    broke down on the march always does. Leaves out: spare parts, cannibalised hulks, workshops left behind.
    """
    done = 1.0 - np.exp(-step_hours / 24.0 / rules.days)
    for u in range(forces.shape[0]):
        if forces[u].status != PRESENT or forces[u].tanks_hit + forces[u].tanks_broken <= 0.0:
            continue
        hit, broken = done * forces[u].tanks_hit, done * forces[u].tanks_broken
        back = rules.share * hit + broken
        forces[u].tanks_hit -= hit
        forces[u].tanks_broken -= broken
        forces[u].tanks_lost += hit + broken - back
        forces[u].tanks += back
        forces[u].tanks_repaired += back


@kernel
def leave_wrecks(forces: Array, u: int) -> None:
    """Who leaves the field leaves the tanks on it that do not run."""
    forces[u].tanks_lost += forces[u].tanks_hit + forces[u].tanks_broken
    forces[u].tanks_hit, forces[u].tanks_broken = 0.0, 0.0


@kernel
def lose_all_tanks(forces: Array, u: int) -> None:
    """Formation u has no tank any more, running or not."""
    leave_wrecks(forces, u)
    forces[u].tanks_lost += forces[u].tanks
    forces[u].tanks = 0.0
