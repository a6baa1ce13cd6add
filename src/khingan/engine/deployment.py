"""Deployment: trains in the order they came over lines of limited capacity, until a plan can be carried out."""

from typing import NamedTuple

import numpy as np

from khingan.engine.chance import ASSEMBLY, JUNCTION, RELEASE, draw, lognormal, normal
from khingan.engine.compiled import kernel
from khingan.engine.logarithm import log_of
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
    ("section", "i8"),
    ("held", "i8"),  # 1 when its trains give way to those that the plan needs
    ("ready", "f8"), ("gap", "f8"), ("left", "i8"),  # next train; days between trains; trains left
    ("leaves", "f8"),  # day from which the next train may leave home, as last known
    ("share", "f8"),  # division-equivalents a train
])  # fmt: skip
LINE = np.dtype([
    ("free", "f8"), ("headway", "f8"),  # day it is next free; days between two trains
    ("travel", "f8"), ("reach", "f8"),  # days over it; days from home to its beginning
])  # fmt: skip
MOVED = np.dtype([("first_day", "f8"), ("last_day", "f8"), ("ready_day", "f8")])  # first and last train in; assembled

BLOCK = 32  # trains whose waits are drawn at once


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


class Trains(NamedTuple):
    """Room to work in, and what deploy leaves there."""

    queues: Array  # (movement,) QUEUE
    lines: Array  # (section,) LINE
    turn: Array  # (2, movement) int64 queues that wait, those first that may leave first: those that go first, and held
    ways: Array  # (section, section) int64 sections from home to the end of each, then NONE
    waits: Array  # (movement, BLOCK) days that trains wait at junctions, by number of the train
    moved: Array  # (movement,) MOVED
    passing: Array  # (section, day) trains that enter a section
    arrived: Array  # (axis, day) division-equivalents


@kernel
def deploy(
    sections: Array, movements: Array, read_sections: Array, read_movements: Array, rules: DeploymentRules, luck: int,
    trains: Trains,
) -> float:  # fmt: skip
    """Run every train; the day from the first on which all that the plan needs is assembled, NEVER without any.

    Each section is a server of constant headway, first come first served in the order in which trains leave home. The
    longest waiting leaves first; with `needed_first`, of those that wait when the trunk is free one the plan needs.
    Leaves out: empty trains coming back, accidents, rolling stock, civil traffic but for what a capacity leaves.
    """
    queues, lines, moved, arrived = trains.queues, trains.lines, trains.moved, trains.arrived
    trains.passing[:], arrived[:] = 0.0, 0.0
    open_lines(sections, read_sections, rules, lines, trains.ways)
    line_up(movements, read_movements, rules, luck, queues, moved)
    free, held = take_turns(queues, trains.turn[0], 0), take_turns(queues, trains.turn[1], 1)
    while free + held > 0:
        row = 1 if held > 0 and held_goes(queues, lines, trains.turn, free, held) else 0
        k = trains.turn[row, 0]
        if queues[k].left % BLOCK == BLOCK - 1 or moved[k].last_day == -NEVER:
            draw_waits(luck, queues[k].left // BLOCK, k, rules.junction_wait, trains.waits[k])
        day = run_train(lines, trains.ways[queues[k].section], queues[k].leaves, trains.passing)
        day += trains.waits[k, queues[k].left % BLOCK]
        moved[k].first_day, moved[k].last_day = min(moved[k].first_day, day), max(moved[k].last_day, day)
        axis = sections[queues[k].section].axis
        if axis >= 0 and day < arrived.shape[1]:
            arrived[axis, int(day)] += queues[k].share
        queues[k].ready += queues[k].gap
        queues[k].left -= 1
        queues[k].leaves = leaves_from(queues, lines, k) if queues[k].left > 0 else NEVER
        go_behind(queues, trains.turn[row], held if row else free)
        if queues[k].left == 0:
            free, held = free - 1 + row, held - row
    return assemble(movements, read_movements, rules, luck, moved)


@kernel
def open_lines(sections: Array, read_sections: Array, rules: DeploymentRules, lines: Array, ways: Array) -> None:
    """Lay out every line, free, and the way to its end."""
    for s in range(sections.shape[0]):
        before, depth = sections[s].after, 0
        lines[s].free = 0.0
        lines[s].headway = 1.0 / (rules.line_factor * read_sections[s].trains_per_day)
        lines[s].travel = read_sections[s].km / rules.train_km_per_day
        lines[s].reach = lines[before].reach + lines[before].travel if before != NONE else 0.0
        ways[s, :] = NONE
        while before != NONE and ways[before, depth] != NONE:
            ways[s, depth] = ways[before, depth]
            depth += 1
        ways[s, depth] = s


@kernel
def line_up(
    movements: Array, read_movements: Array, rules: DeploymentRules, luck: int, queues: Array, moved: Array
) -> None:
    """Every movement's trains in a queue, the first of them ready on its day."""
    for m in range(movements.shape[0]):
        late = rules.release_shift if movements[m].waits else 0.0
        spread = rules.release_spread * normal(draw(luck, 0, m, RELEASE))
        trains = max(1, int(read_movements[m].trains + 0.5))
        queues[m].section = movements[m].section
        queues[m].held = 1 if rules.needed_first > 0.0 and not movements[m].needed else 0
        queues[m].ready = max(0.0, read_movements[m].ready_day + late + spread)
        queues[m].leaves = queues[m].ready
        queues[m].gap = read_movements[m].load_days / trains
        queues[m].left = trains
        queues[m].share = read_movements[m].divisions / trains
        moved[m].first_day, moved[m].last_day = NEVER, -NEVER


@kernel
def take_turns(queues: Array, turn: Array, held: int) -> int:
    """Fill turn with the queues that are held, or not, in their order; how many they are."""
    count = 0
    for k in range(queues.shape[0] - 1, -1, -1):
        if queues[k].held == held:
            for after in range(count, 0, -1):
                turn[after] = turn[after - 1]
            turn[0] = k
            count += 1
            go_behind(queues, turn, count)
    return count


@kernel
def go_behind(queues: Array, turn: Array, count: int) -> None:
    """The first in turn finds its place among `count`: by the day from which it may leave, then by number."""
    k, place = turn[0], 0
    while place + 1 < count:
        after = turn[place + 1]
        if queues[after].leaves > queues[k].leaves or (queues[after].leaves == queues[k].leaves and after > k):
            break
        turn[place] = after
        place += 1
    turn[place] = k


@kernel
def held_goes(queues: Array, lines: Array, turn: Array, free: int, held: int) -> bool:
    """Whether the next train is a held one: no other waits when the trunk is free and its branch would take it.

    Held trains only ever come to leave later, so what was known of them is a bound until it decides.
    """
    ready = queues[turn[0, 0]].leaves if free > 0 else NEVER
    while free == 0 or ready > max(lines[0].free, queues[turn[1, 0]].leaves):
        k = turn[1, 0]
        day = leaves_from(queues, lines, k)
        if day == queues[k].leaves:
            return True
        queues[k].leaves = day
        go_behind(queues, turn[1], held)
    return False


@kernel
def leaves_from(queues: Array, lines: Array, k: int) -> float:
    """The day from which the next train of a queue may leave home: a held one when its branch would take it."""
    if queues[k].held:
        s = queues[k].section
        return max(queues[k].ready, lines[s].free - lines[s].reach)
    return queues[k].ready


@kernel
def draw_waits(luck: int, block: int, m: int, mean: float, out: Array) -> None:
    """What the trains of one block of a movement wait at junctions, out (BLOCK,): exponential, each by its number."""
    for n in range(BLOCK):
        out[n] = -mean * log_of(draw(luck, block * BLOCK + n, m, JUNCTION))


@kernel
def run_train(lines: Array, way: Array, ready: float, passing: Array) -> float:
    """The day on which a train that may leave home from `ready` comes to the end of its way, and its passage there."""
    day = ready
    for place in range(way.shape[0]):
        s = way[place]
        if s == NONE:
            break
        day = max(day, lines[s].free)
        lines[s].free = day + lines[s].headway
        if day < passing.shape[1]:
            passing[s, int(day)] += 1.0
        day += lines[s].travel
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
