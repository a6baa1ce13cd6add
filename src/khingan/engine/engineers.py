"""Engineers: sappers of the army and its front, shared among the works and the rivers it assaults."""

from typing import NamedTuple

from khingan.engine.compiled import kernel
from khingan.engine.occupation import edge_towards
from khingan.engine.state import NONE, Array, Reading, State, World


class EngineersRules(NamedTuple):
    """Parameters of parameters/engineers.yaml."""

    share: float
    half_men: float
    works_gain: float
    crossing_gain: float


@kernel
def hand_out_tasks(world: World, state: State, battles: int) -> None:
    """Count each army's tasks for engineers in this step: works it masks or assaults, defended rivers it crosses."""
    for army in range(state.armies.shape[0]):
        state.armies[army].tasks, state.armies[army].sieges = 0.0, 0.0
    for works in range(world.works.shape[0]):
        u = besieger_of(world.roster, world.works, state.forces, state.ground, works)
        if u >= 0:
            state.armies[world.roster[u].army].tasks += 1.0
            state.armies[world.roster[u].army].sieges += 1.0
    for i in range(battles):
        cell = state.battles[i].cell
        leader = state.ground[cell].attack_head
        army = world.roster[leader].army
        works = world.land[cell].works
        if works >= 0 and world.works[works].side != world.roster[leader].side:
            state.armies[army].tasks += 1.0
            state.armies[army].sieges += 1.0
        elif crosses_a_river(world.edges, state.forces, state.ground, cell):
            state.armies[army].tasks += 1.0


@kernel
def besieger_of(roster: Array, fortresses: Array, forces: Array, ground: Array, works: int) -> int:
    """The first formation in its cell's list that masks these works, -1 none."""
    u = ground[fortresses[works].cell].stand_head
    while u >= 0:
        if forces[u].masking and forces[u].place == fortresses[works].cell and roster[u].side != fortresses[works].side:
            return u
        u = forces[u].stand_next
    return NONE


@kernel
def crosses_a_river(edges: Array, forces: Array, ground: Array, cell: int) -> bool:
    """True when an attacker of the cell comes over a river."""
    u = ground[cell].attack_head
    while u >= 0:
        edge = NONE if forces[u].place < 0 else edge_towards(edges, cell, forces[u].place)
        if edge >= 0 and edges[cell, edge].river > 0:
            return True
        u = forces[u].attack_next
    return False


@kernel
def engineers_at_work(reading: Reading, state: State, rules: EngineersRules, army: int) -> float:
    """How much of what engineers can do at most they do for each of the army's tasks, 0..1: n / (n + half).

    n is a fixed share of the support troops of the army and its front, divided evenly among the tasks of the step.
    Leaves out: bridging gear, losses of engineers, the time that they need to come up.
    """
    men = rules.share * reading.armies[army].support_men / max(1.0, state.armies[army].tasks)
    return men / (men + rules.half_men) if men > 0.0 else 0.0
