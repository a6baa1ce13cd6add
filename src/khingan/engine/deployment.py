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
QUEUE = np.dtype([
    ("movement", "i8"), ("section", "i8"),
    ("held", "i8"),  # 1 when its trains give way to those that the plan needs
    ("ready", "f8"), ("gap", "f8"), ("left", "i8"),  # next train; days between trains; trains left
    ("share", "f8"),  # division-equivalents a train
])  # fmt: skip
LINE = np.dtype([
    ("free", "f8"), ("headway", "f8"),  # day it is next free; days between two trains
    ("travel", "f8"), ("reach", "f8"),  # days over it; days from home to its beginning
    ("next", "i8"),  # the section after it on the way that is walked
])  # fmt: skip
MOVED = np.dtype([("first_day", "f8"), ("last_day", "f8"), ("ready_day", "f8")])  # first and last train in; assembled


class DeploymentRules(NamedTuple):
    """Parameters of parameters/deployment.yaml."""

    line_factor: float
    release_shift: float
    needed_first: float
    waits_for_plan: float
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
    Each section is a server of constant headway, first come first served in the order in which trains leave home. The
    longest waiting leaves first; with `needed_first`, of those that wait when the trunk is free one the plan needs.
    Leaves out: empty trains coming back, accidents, rolling stock, civil traffic but for what a capacity leaves.
    """
    passing[:], arrived[:] = 0.0, 0.0
    for s in range(sections.shape[0]):
        before = sections[s].after
        lines[s].free = 0.0
        lines[s].headway = 1.0 / (rules.line_factor * read_sections[s].trains_per_day)
        lines[s].travel = read_sections[s].km / rules.train_km_per_day
        lines[s].reach = lines[before].reach + lines[before].travel if before != NONE else 0.0
    for m in range(movements.shape[0]):
        late = rules.release_shift if movements[m].waits else 0.0
        spread = rules.release_spread * normal(draw(luck, 0, m, RELEASE))
        trains = max(1, int(read_movements[m].trains + 0.5))
        queues[m].movement, queues[m].section = m, movements[m].section
        queues[m].held = 1 if rules.needed_first > 0.0 and not movements[m].needed else 0
        queues[m].ready = max(0.0, read_movements[m].ready_day + late + spread)
        queues[m].gap = read_movements[m].load_days / trains
        queues[m].left = trains
        queues[m].share = read_movements[m].divisions / trains
        moved[m].first_day, moved[m].last_day = NEVER, -NEVER
    waiting = movements.shape[0]
    first, held, until = NONE, NONE, 0.0
    while waiting > 0:
        if first == NONE:
            first = earliest(queues, lines, waiting, 0)
        k = first
        # Held trains only ever come to leave later, so what was known of them stays a bound until it decides.
        if first == waiting or queues[first].ready > max(lines[0].free, until):
            if held == NONE or (held < waiting and leaves_from(queues, lines, held) > until):
                held = earliest(queues, lines, waiting, 1)
                until = leaves_from(queues, lines, held) if held < waiting else NEVER
            if first == waiting or queues[first].ready > max(lines[0].free, until):
                k = held
        m = queues[k].movement
        day = run_train(sections, lines, queues[k].section, leaves_from(queues, lines, k), passing)
        day -= rules.junction_wait * np.log(draw(luck, queues[k].left, m, JUNCTION))
        moved[m].first_day, moved[m].last_day = min(moved[m].first_day, day), max(moved[m].last_day, day)
        axis = sections[queues[k].section].axis
        if axis >= 0 and day < arrived.shape[1]:
            arrived[axis, int(day)] += queues[k].share
        queues[k].ready += queues[k].gap
        queues[k].left -= 1
        first, held = NONE if k == first else first, NONE if k == held else held
        if queues[k].left == 0:
            waiting -= 1
            first, held = NONE, NONE
            for after in range(k, waiting):
                queues[after] = queues[after + 1]
    return assemble(movements, read_movements, rules, luck, moved)


@kernel
def leaves_from(queues: Array, lines: Array, k: int) -> float:
    """The day from which the next train of a queue may leave home: a held one when its branch would take it."""
    if queues[k].held:
        s = queues[k].section
        return max(queues[k].ready, lines[s].free - lines[s].reach)
    return queues[k].ready


@kernel
def earliest(queues: Array, lines: Array, waiting: int, held: int) -> int:
    """Of the first `waiting` queues, held or not, the one whose train may leave first; `waiting` if there is none."""
    best, day = waiting, NEVER
    for k in range(waiting):
        if queues[k].held == held:
            ready = leaves_from(queues, lines, k)
            if best == waiting or ready < day:
                best, day = k, ready
    return best


@kernel
def run_train(sections: Array, lines: Array, last: int, ready: float, passing: Array) -> float:
    """The day on which a train that is ready at home comes to the end of section `last`, and its passage of each."""
    s, beyond = last, NONE
    while s != NONE:
        lines[s].next = beyond
        s, beyond = sections[s].after, s
    day, s = ready, beyond
    while s != NONE:
        day = max(day, lines[s].free)
        lines[s].free = day + lines[s].headway
        if day < passing.shape[1]:
            passing[s, int(day)] += 1.0
        day += lines[s].travel
        s = lines[s].next
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
