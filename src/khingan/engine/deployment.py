"""Deployment: trains in the order they came over lines of limited capacity, until a plan can be carried out."""

from typing import NamedTuple

import numpy as np

from khingan.engine.chance import ASSEMBLY, JUNCTION, RELEASE, draw, lognormal, normal
from khingan.engine.compiled import kernel
from khingan.engine.state import NEVER, NONE, Array

SECTION = np.dtype([
    ("after", "i8"),  # section before it on the way from home, -1 the trunk, which is row 0
    ("axis", "i8"),  # axis its end lies on, -1 none
])  # fmt: skip
MOVEMENT = np.dtype([
    ("section", "i8"),  # section at whose end it unloads
    ("waits", "u1"),  # 1 when another war has to release it
    ("needed", "u1"),  # 1 when the plan cannot begin without it
])  # fmt: skip
READ_SECTION = np.dtype([("trains_per_day", "f8"), ("km", "f8")])
READ_MOVEMENT = np.dtype([
    ("trains", "f8"), ("divisions", "f8"),
    ("ready_day", "f8"),  # days from the first day to its first train
    ("load_days", "f8"),  # over which its trains become ready
    ("march_km", "f8"),  # from the station to where it assembles
])  # fmt: skip
QUEUE = np.dtype([("ready", "f8"), ("gap", "f8"), ("left", "i8")])  # next train; days between trains; trains left
LINE = np.dtype([("free", "f8"), ("headway", "f8"), ("travel", "f8")])  # day it is next free; days a train takes
MOVED = np.dtype([("first_day", "f8"), ("last_day", "f8"), ("ready_day", "f8")])  # first and last train in; assembled


class DeploymentRules(NamedTuple):
    """Parameters of parameters/deployment.yaml."""

    line_factor: float
    release_shift: float
    needed_first: float
    release_spread: float
    train_km_per_day: float
    junction_wait: float
    unload_days: float
    march_km_per_day: float
    assembly_days: float
    assembly_spread: float


@kernel
def deploy(
    sections: Array, movements: Array, read_sections: Array, read_movements: Array, rules: DeploymentRules, luck: int,
    queues: Array, lines: Array, moved: Array, passing: Array, arrived: Array,
) -> float:  # fmt: skip
    """Run every train; the day from the first on which all that the plan needs is assembled, NEVER without any.

    lines (section,) LINE; passing (section, day) trains that enter a section; arrived (axis, day) division-equivalents.
    Each section is a server of constant headway, first come first served in the order in which trains leave home.
    Leaves out: empty trains coming back, accidents, rolling stock, civil traffic but for what a capacity leaves.
    """
    passing[:], arrived[:] = 0.0, 0.0
    for s in range(sections.shape[0]):
        lines[s].free = 0.0
        lines[s].headway = 1.0 / (rules.line_factor * read_sections[s].trains_per_day)
        lines[s].travel = read_sections[s].km / rules.train_km_per_day
    for m in range(movements.shape[0]):
        late = rules.release_shift if movements[m].waits else 0.0
        spread = rules.release_spread * normal(draw(luck, 0, m, RELEASE))
        trains = max(1, int(read_movements[m].trains + 0.5))
        queues[m].ready = max(0.0, read_movements[m].ready_day + late + spread)
        queues[m].gap = read_movements[m].load_days / trains
        queues[m].left = trains
        moved[m].first_day, moved[m].last_day = NEVER, -NEVER
    train = 0
    m = next_movement(movements, queues, lines[0].free, rules.needed_first)
    while m != NONE:
        day = run_train(sections, lines, movements[m].section, queues[m].ready, passing)
        day -= rules.junction_wait * np.log(draw(luck, 0, train, JUNCTION))
        moved[m].first_day, moved[m].last_day = min(moved[m].first_day, day), max(moved[m].last_day, day)
        axis = sections[movements[m].section].axis
        if axis >= 0 and day < arrived.shape[1]:
            arrived[axis, int(day)] += read_movements[m].divisions / max(1, int(read_movements[m].trains + 0.5))
        queues[m].ready += queues[m].gap
        queues[m].left -= 1
        train += 1
        m = next_movement(movements, queues, lines[0].free, rules.needed_first)
    return assemble(movements, read_movements, rules, luck, moved)


@kernel
def next_movement(movements: Array, queues: Array, free: float, needed_first: float) -> int:
    """The movement whose train leaves next, -1 when none is left.

    The longest waiting; with `needed_first`, of those that wait when the trunk is next free, one the plan needs.
    """
    first = NONE
    for m in range(queues.shape[0]):
        if queues[m].left > 0 and (first == NONE or queues[m].ready < queues[first].ready):
            first = m
    if first == NONE or needed_first <= 0.0 or movements[first].needed:
        return first
    slot = max(free, queues[first].ready)
    best = first
    for m in range(queues.shape[0]):
        if queues[m].left > 0 and queues[m].ready <= slot and movements[m].needed:
            if best == first or queues[m].ready < queues[best].ready:
                best = m
    return best


@kernel
def run_train(sections: Array, lines: Array, last: int, ready: float, passing: Array) -> float:
    """The day on which a train that is ready at home comes to the end of section `last`, and its passage of each."""
    depth = 1
    s = last
    while sections[s].after != NONE:
        depth += 1
        s = sections[s].after
    day = ready
    for level in range(depth - 1, -1, -1):
        day = max(day, lines[s].free)
        lines[s].free = day + lines[s].headway
        if day < passing.shape[1]:
            passing[s, int(day)] += 1.0
        day += lines[s].travel
        s = last
        for _ in range(level - 1):
            s = sections[s].after
    return day


@kernel
def assemble(movements: Array, read_movements: Array, rules: DeploymentRules, luck: int, moved: Array) -> float:
    """Fix when each movement stands assembled; the last day of those the plan needs."""
    executable = -NEVER
    for m in range(movements.shape[0]):
        days = lognormal(draw(luck, 0, m, ASSEMBLY), rules.assembly_days, rules.assembly_spread)
        march = read_movements[m].march_km / rules.march_km_per_day
        moved[m].ready_day = moved[m].last_day + rules.unload_days + march + days
        if movements[m].needed:
            executable = max(executable, moved[m].ready_day)
    return NEVER if executable == -NEVER else executable


@kernel
def greatest_flow(left: Array, source: int, sink: int, parent: Array, queue: Array) -> float:
    """Most trains a day from source to sink; Edmonds and Karp (1972).

    left (node, node) holds the capacities and afterwards what is left of them; parent (node,) and queue (node,) are
    room to work in, and afterwards parent marks the source's side of a smallest cut.
    """
    total = 0.0
    while True:
        reach(left, source, parent, queue)
        if parent[sink] == NONE:
            return total
        least, node = NEVER, sink
        while node != source:
            least = min(least, left[parent[node], node])
            node = parent[node]
        node = sink
        while node != source:
            left[parent[node], node] -= least
            left[node, parent[node]] += least
            node = parent[node]
        total += least


@kernel
def reach(left: Array, source: int, parent: Array, queue: Array) -> None:
    """Breadth first over edges with capacity left: parent of every node that can be reached, -1 of the rest."""
    parent[:] = NONE
    parent[source] = source
    queue[0] = source
    head, tail = 0, 1
    while head < tail:
        here = queue[head]
        head += 1
        for there in range(left.shape[0]):
            if parent[there] == NONE and left[here, there] > 1e-12:
                parent[there] = here
                queue[tail] = there
                tail += 1
