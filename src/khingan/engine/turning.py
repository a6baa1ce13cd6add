"""Turning: a column on foot turns on an enemy formation beside its road instead of marching past."""

from typing import NamedTuple

from khingan.engine.compiled import kernel
from khingan.engine.state import FOOT, NONE, Array, State, World


class TurningRules(NamedTuple):
    """Parameters of parameters/turning.yaml."""

    men_ratio: float


@kernel
def edge_to_turn(world: World, state: State, rules: TurningRules, u: int, hour: float, now: float) -> int:
    """The edge beyond which an enemy formation stands on which formation u turns, -1 none.

    A column that goes by would leave him on its flank. Men on foot attack him until there are `men_ratio` of them for
    each of his; the rest march on, and so do horse and motor, which leave him to those who follow. Garrisons in their
    works are masked, not attacked. Leaves out: flank guards of less than a formation, agreement on who turns.
    """
    forces, ground = state.forces, state.ground
    if rules.men_ratio <= 0.0 or world.roster[u].mobility != FOOT or hour < forces[u].pause_until_h:
        return NONE
    if forces[u].withdrawing or forces[u].retreats_km > 0.0:
        return NONE
    side, cell = world.roster[u].side, forces[u].place
    for edge in range(6):
        beyond = world.edges[cell, edge].neighbour
        if beyond < 0 or ground[beyond].defenders[1 - side] == 0 or world.land[beyond].closed[side]:
            continue
        if men_aimed(ground, beyond, now) < rules.men_ratio * ground[beyond].men[1 - side]:
            return edge
    return NONE


@kernel
def men_aimed(ground: Array, cell: int, now: float) -> float:
    """Men who have so far taken aim at the cell in the step that began at `now`."""
    return ground[cell].aimed_men if ground[cell].aimed_h == now else 0.0


@kernel
def aim_at(forces: Array, ground: Array, u: int, cell: int, now: float) -> None:
    """Formation u attacks the cell in the step that began at `now`, and is counted among those who do."""
    forces[u].target = cell
    ground[cell].aimed_men = men_aimed(ground, cell, now) + forces[u].men
    ground[cell].aimed_h = now
