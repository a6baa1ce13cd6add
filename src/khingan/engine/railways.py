"""Railways: whose trains run where, as lines are taken, re-laid to the owner's gauge, or run with captured stock."""

from typing import NamedTuple

import numpy as np

from khingan.engine.compiled import kernel
from khingan.engine.control import note_change
from khingan.engine.fetching import fetch
from khingan.engine.state import Array, State, World

FULL_GAUGE = 2  # rail classes from here on carry an army; a narrow line is the capacity of its railhead
CAPTURED, OWN = 1, 2
AHEAD = 8  # railway cells further on in the list whose ground is brought near


class RailwaysRules(NamedTuple):
    """Parameters of parameters/railways.yaml."""

    laid_km_per_day: float
    trains_after_days: float
    captured_t_per_day: float


@kernel
def open_railways(world: World, state: State) -> None:
    """At H-hour every side's trains run on the railways it holds; the ground is laid out without any."""
    for i in range(world.rails.shape[0]):
        state.rails[i].trains, state.rails[i].laid_km = world.land[world.rails[i]].owner, 0.0
        state.ground[world.rails[i]].line = OWN


@kernel
def run_railways(world: World, state: State, rules: RailwaysRules, now: float, days: float) -> None:
    """Carry the railheads forward by a day, and note the cells whose trains changed for the measure of supply.

    The head is read before any line changes: a cell joins the owner's net when track has been laid to it from a cell
    that was on the net this morning. Cells already on it cost one look. Leaves out: demolitions, bridges, coal and
    water, one brigade for several lines, and the price of a change of gauge at the seam.
    """
    off = list_off_the_net(world.rails, state)
    for k in range(off):
        i = state.doubtful[k]
        if state.rails[i].trains != state.ground[world.rails[i]].owner:
            lay_track(world.edges, state.ground, state.rails, rules, i, world.rails[i], days)
    for k in range(off):
        i = state.doubtful[k]
        cell = world.rails[i]
        line = trains_of(state.ground, state.rails, rules, i, cell, now)
        if line != state.ground[cell].line:
            state.ground[cell].line = line
            note_change(state.ground, state.changes, cell)


@kernel
def list_off_the_net(cells: Array, state: State) -> int:
    """List in `doubtful` the rows of rails that are not on their owner's net, and stop trains of the other gauge there.

    How many are listed.
    """
    off = 0
    for i in range(cells.shape[0]):
        cell = cells[i]
        fetch(state.ground, cells[min(i + AHEAD, cells.shape[0] - 1)])
        strange = state.rails[i].trains != state.ground[cell].owner
        if strange and state.ground[cell].line == OWN:
            state.ground[cell].line = 0
            note_change(state.ground, state.changes, cell)
        if strange or state.ground[cell].line != OWN:
            state.doubtful[off] = i
            off += 1
    return off


@kernel
def lay_track(edges: Array, ground: Array, rails: Array, rules: RailwaysRules, i: int, cell: int, days: float) -> None:
    """A day's work on the captured cell nearest the railhead; it changes hands when the whole way to it is laid."""
    km = way_from_net(edges, ground, cell)
    if np.isinf(km):
        rails[i].laid_km = 0.0
        return
    rails[i].laid_km += rules.laid_km_per_day * days
    if rails[i].laid_km >= km:
        rails[i].trains, rails[i].laid_km = ground[cell].owner, 0.0


@kernel
def way_from_net(edges: Array, ground: Array, cell: int) -> float:
    """Kilometres of railway from the nearest neighbour on the owner's own net, inf where there is none."""
    km = np.inf
    for edge in range(6):
        beyond = edges[cell, edge].neighbour
        if beyond < 0 or edges[cell, edge].rail < FULL_GAUGE or ground[beyond].owner != ground[cell].owner:
            continue
        if ground[beyond].line == OWN:
            km = min(km, edges[cell, edge].distance_km)
    return km


@kernel
def trains_of(ground: Array, rails: Array, rules: RailwaysRules, i: int, cell: int, now: float) -> int:
    """Trains that the cell's owner can run: his own, captured ones some days after he took it, none."""
    if rails[i].trains == ground[cell].owner:
        return OWN
    waited = now - ground[cell].taken_h >= 24.0 * rules.trains_after_days
    return CAPTURED if waited and rules.captured_t_per_day > 0.0 else 0
