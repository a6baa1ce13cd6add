"""Wear: tanks fall out on the march."""

from typing import NamedTuple

import numpy as np

from khingan.engine.compiled import kernel
from khingan.engine.state import Array


class WearRules(NamedTuple):
    """Parameters of parameters/wear.yaml."""

    broken_per_100_km: float
    ground_wear: Array  # (ground,) against a good road


@kernel
def wear_out(
    edges: Array, land: Array, forces: Array, rules: WearRules, u: int, cell: int, edge: int, km: float
) -> None:
    """Tanks of formation u that break down over `km` of the edge: N (1 - exp(-rate ground km)), a mean.

    They count among tanks_broken until somebody repairs them. Leaves out: luck, wear before H-hour, trucks, spare
    parts, the makes of tank.
    """
    tanks = forces[u].tanks
    if tanks <= 0.0:
        return
    road = edges[cell, edge].road
    ground = 1.0 if road >= 2 else rules.ground_wear[land[edges[cell, edge].neighbour].ground]
    if road == 1:
        ground = 0.5 * (1.0 + ground)
    broken = tanks * (1.0 - np.exp(-0.01 * rules.broken_per_100_km * ground * km))
    forces[u].tanks -= broken
    forces[u].tanks_broken += broken
