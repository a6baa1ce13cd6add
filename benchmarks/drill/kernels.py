"""The drill: a small frozen war on the real map, to compare machines for playing wars. See README.md for its rules.

Written with the engine's own decorators, luck, law of attrition and distances; twin.c says the same in C.
"""

from typing import Any, NamedTuple

import numpy as np

from khingan.engine.buckets import clear_buckets, put
from khingan.engine.chance import draw, luck_of, normal
from khingan.engine.compiled import kernel
from khingan.engine.distances import BARRED, find_ways, lose_ways, spread_ways
from khingan.engine.fighting import helmbold_losses

Array = Any
NOISE, END, WHO = np.int64(1), np.int64(2), np.int64(3)
STEP_H, ASSAULT_H, ROOM_PER_KM2 = 6.0, 24.0, 200.0
LOSS_A, LOSS_D, HELMBOLD, HAZARD, NOISE_SD, SUPPLIED_KM = 0.02, 0.018, 0.5, 0.3, 0.5, 400.0


class Ground(NamedTuple):
    """What no run changes."""

    near: Array  # (cell, edge) int32
    back: Array  # (cell, edge) int32
    hours: Array  # (mobility, cell, edge) float32 march over an edge
    cost: Array  # (cell, edge) float32 truck km, inf where the edge leads nowhere
    room: Array  # (cell,) float64 men
    cover: Array  # (cell,) float64 defender's multiplier
    owner: Array  # (cell,) int32
    fields: Array  # (field, cell) float32 march hours to an objective
    sources: Array  # (source, 2) int32 cell, side
    side: Array  # (formation,) int32
    mobility: Array  # (formation,) int32
    field: Array  # (formation,) int32, -1 stays
    start: Array  # (formation,) int32
    men: Array  # (formation,) float64
    quality: Array  # (formation,) float64


class Room(NamedTuple):
    """What a run changes, and room to work in."""

    owner: Array  # (cell,) int32
    count: Array  # (side, cell) int32
    men_on: Array  # (side, cell) float64
    head: Array  # (cell,) int32 first formation standing there
    battle: Array  # (cell,) int32 first attacker
    km: Array  # (side, cell) float32
    came: Array  # (side, cell) int32
    changes: Array  # (cell + 1,) int64, the last is their count
    doubtful: Array  # (2 cell,) int64
    line: Array  # (entry,) buckets.WAITING
    heads: Array  # (bucket,) int32
    place: Array  # (formation,) int32
    target: Array  # (formation,) int32
    heading: Array  # (formation,) int32
    following: Array  # (formation,) int32 next in the same cell
    ally: Array  # (formation,) int32 next attacker of the same cell
    men: Array  # (formation,) float64
    progress: Array  # (formation,) float64
    fought: Array  # (formation,) int64 cells attacked in this step, in order


class Told(NamedTuple):
    """What a run leaves behind."""

    place: Array  # (step, formation) int32
    men: Array  # (day, formation) float32
    held: Array  # (day,) int32 cells held by side 0
    first: Array  # (cell,) float32 hour side 0 first held it, -1 never


@kernel
def play(ground: Ground, room: Room, told: Told, seed: int, run: int, steps: int) -> None:
    """One run of the drill."""
    luck = luck_of(seed, run)
    begin(ground, room, told)
    for step in range(steps):
        if step % 4 == 0:
            measure(ground, room)
        take_stock(ground, room)
        for u in range(room.men.shape[0]):
            march(ground, room, told, u, step)
        take_stock(ground, room)
        fight(ground, room, luck, step)
        record(ground, room, told, step)


@kernel
def begin(ground: Ground, room: Room, told: Told) -> None:
    """Everything as at H-hour."""
    cells = room.owner.shape[0]
    clear_buckets(room.heads)
    for cell in range(cells):
        room.owner[cell], room.changes[cell], room.battle[cell] = ground.owner[cell], cell, -1
        told.first[cell] = 0.0 if ground.owner[cell] == 0 else -1.0
        for side in range(2):
            room.count[side, cell], room.men_on[side, cell] = 0, 0.0
    room.changes[cells] = cells
    for u in range(room.men.shape[0]):
        room.place[u], room.men[u], room.progress[u] = ground.start[u], ground.men[u], 0.0
        room.heading[u], room.target[u] = -1, -1


@kernel
def measure(ground: Ground, room: Room) -> None:
    """Bring both sides' truck distances up to date."""
    cells = room.owner.shape[0]
    for side in range(2):
        km, came = room.km[side], room.came[side]
        count = room.changes[cells]
        for i in range(count):
            cell = room.changes[i]
            room.doubtful[i] = cell
            km[cell] = np.inf if room.owner[cell] == side else BARRED
            came[cell] = -1
        count = lose_ways(ground.near, km, came, room.doubtful, count)
        entries = 0
        for s in range(ground.sources.shape[0]):
            cell = np.int64(ground.sources[s, 0])
            if ground.sources[s, 1] == side and km[cell] > 0.0:
                km[cell], came[cell] = 0.0, -1
                entries = put(room.line, room.heads, entries, cell, km[cell], 0.0)
        entries = find_ways(
            ground.near, ground.back, ground.cost, km, came, room.doubtful, count, room.line, room.heads, entries, 1.0
        )
        spread_ways(ground.near, ground.cost, km, came, room.line, room.heads, entries, 1.0)
    room.changes[cells] = 0


@kernel
def take_stock(ground: Ground, room: Room) -> None:
    """Count and list who stands where."""
    for u in range(room.men.shape[0]):
        cell = room.place[u]
        if cell >= 0:
            room.head[cell] = -1
    for side in range(2):
        for u in range(room.men.shape[0]):
            cell = room.place[u]
            if cell >= 0:
                room.count[side, cell], room.men_on[side, cell] = 0, 0.0
    for u in range(room.men.shape[0] - 1, -1, -1):
        cell = room.place[u]
        if cell >= 0:
            room.following[u] = room.head[cell]
            room.head[cell] = u
            room.count[ground.side[u], cell] += 1
            room.men_on[ground.side[u], cell] += room.men[u]


@kernel
def march(ground: Ground, room: Room, told: Told, u: int, step: int) -> None:
    """Formation u marches for a step, or names the cell it attacks."""
    room.target[u] = -1
    if room.place[u] < 0 or ground.field[u] < 0:
        return
    side, left = ground.side[u], STEP_H
    field, hours = ground.fields[ground.field[u]], ground.hours[ground.mobility[u]]
    while left > 0.0:
        cell, best, best_hours, best_edge = np.int64(room.place[u]), -1, np.inf, -1
        for edge in range(6):
            beyond = np.int64(ground.near[cell, edge])
            if beyond < 0 or not field[beyond] < field[cell]:
                continue
            need = np.float64(field[beyond]) + hours[cell, edge]
            if room.count[1 - side, beyond] > 0:
                need += ASSAULT_H
            elif room.men_on[side, beyond] + room.men[u] > ground.room[beyond]:
                continue
            if need < best_hours:
                best, best_hours, best_edge = beyond, need, edge
        if best < 0:
            return
        if room.count[1 - side, best] > 0:
            room.target[u] = best
            return
        if room.heading[u] != best:
            room.heading[u], room.progress[u] = best, 0.0
        need = np.float64(hours[cell, best_edge])
        if not (room.km[side, cell] >= 0.0 and room.km[side, cell] <= SUPPLIED_KM):
            need *= 2.0
        share = min(1.0 - room.progress[u], left / need)
        room.progress[u] += share
        left -= share * need
        if room.progress[u] < 1.0 - 1e-9:
            return
        enter(ground, room, told, u, best, step * STEP_H + STEP_H - left)


@kernel
def enter(ground: Ground, room: Room, told: Told, u: int, cell: int, hour: float) -> None:
    """Formation u enters a cell and takes it."""
    side, old = ground.side[u], room.place[u]
    room.count[side, old] -= 1
    room.men_on[side, old] -= room.men[u]
    room.place[u], room.progress[u], room.heading[u] = cell, 0.0, -1
    room.count[side, cell] += 1
    room.men_on[side, cell] += room.men[u]
    if room.owner[cell] != side:
        room.owner[cell] = side
        cells = room.owner.shape[0]
        if room.changes[cells] < cells:
            room.changes[room.changes[cells]] = cell
            room.changes[cells] += 1
        if side == 0 and told.first[cell] < 0.0:
            told.first[cell] = hour


@kernel
def fight(ground: Ground, room: Room, luck: int, step: int) -> None:
    """Every attacked cell is one battle: losses by Helmbold's law, then perhaps an end."""
    battles = 0
    for u in range(room.men.shape[0]):
        cell = room.target[u]
        if cell < 0:
            continue
        if room.battle[cell] < 0:
            room.fought[battles] = cell
            battles += 1
        room.ally[u] = room.battle[cell]
        room.battle[cell] = u
    for i in range(battles):
        cell = room.fought[i]
        clash(ground, room, luck, step, cell)
        room.battle[cell] = -1


@kernel
def clash(ground: Ground, room: Room, luck: int, step: int, cell: int) -> None:
    """One battle."""
    attack, defence = 0.0, 0.0
    side = ground.side[room.battle[cell]]
    u = room.battle[cell]
    while u >= 0:
        attack += room.men[u] * ground.quality[u]
        u = room.ally[u]
    u = room.head[cell]
    while u >= 0:
        if ground.side[u] != side:
            defence += room.men[u] * ground.quality[u] * ground.cover[cell]
        u = room.following[u]
    if attack <= 0.0 or defence <= 0.0:
        return
    days = STEP_H / 24.0
    noise = np.exp(NOISE_SD * normal(draw(luck, step, cell, NOISE)) - 0.5 * NOISE_SD * NOISE_SD)
    loss_a, loss_d = helmbold_losses(attack, defence, LOSS_A * noise, LOSS_D * noise, HELMBOLD, days)
    u = room.battle[cell]
    while u >= 0:
        room.men[u] *= 1.0 - loss_a
        u = room.ally[u]
    u = room.head[cell]
    while u >= 0:
        if ground.side[u] != side:
            room.men[u] *= 1.0 - loss_d
        u = room.following[u]
    ratio = attack / defence
    hazard_a, hazard_d = HAZARD / ratio, HAZARD * ratio
    ends = draw(luck, step, cell, END) < 1.0 - np.exp(-(hazard_a + hazard_d) * days)
    if ends and draw(luck, step, cell, WHO) * (hazard_a + hazard_d) < hazard_d:
        fall_back(ground, room, cell, 1 - side)


@kernel
def fall_back(ground: Ground, room: Room, cell: int, side: int) -> None:
    """The defenders of a cell go to the best supplied of their own cells beside it, or are lost."""
    best, least = -1, np.float32(np.inf)
    for edge in range(6):
        beyond = np.int64(ground.near[cell, edge])
        if beyond < 0 or room.owner[beyond] != side or room.count[1 - side, beyond] > 0:
            continue
        if room.km[side, beyond] >= 0.0 and room.km[side, beyond] < least:
            best, least = beyond, room.km[side, beyond]
    u = room.head[cell]
    while u >= 0:
        if ground.side[u] == side:
            room.place[u], room.progress[u], room.heading[u] = best, 0.0, -1
            if best >= 0:
                room.count[side, best] += 1
                room.men_on[side, best] += room.men[u]
            else:
                room.men[u] = 0.0
        u = room.following[u]
    room.count[side, cell], room.men_on[side, cell] = 0, 0.0


@kernel
def record(ground: Ground, room: Room, told: Told, step: int) -> None:
    """Every place at the end of a step, strengths and ground held at the end of a day."""
    for u in range(room.men.shape[0]):
        told.place[step, u] = room.place[u]
    if step % 4 != 3:
        return
    day, held = step // 4, 0
    for u in range(room.men.shape[0]):
        told.men[day, u] = room.men[u]
    for cell in range(room.owner.shape[0]):
        held += room.owner[cell] == 0
    told.held[day] = held
