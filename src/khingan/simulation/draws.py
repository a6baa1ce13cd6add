"""What differs from run to run besides luck: one draw of the parameters and one reading of the ledger."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.special import ndtri

from khingan.engine import state as engine
from khingan.engine.chance import CLAIM, CLAIM_ARMY, PARAMETER, fill_uniforms
from khingan.engine.state import Reading
from khingan.errors import KhinganError
from khingan.evidence.parameters import Parameter
from khingan.evidence.posterior import Posterior
from khingan.simulation.politics import IN_TURN, SCHOOL, schools_of_runs
from khingan.simulation.settings import Settings
from khingan.units import EARTH_RADIUS_KM
from khingan.world.compile import World
from khingan.world.quantities import Quantity, key_of
from khingan.world.stated import Whereabouts

Draw = Callable[[Quantity], np.ndarray]
ROW = "row of the posterior"


def uniforms(seed: int, first_run: int, count: int, keys: np.ndarray, purpose: Any) -> np.ndarray:
    """Draws (run, key) for runs first_run.. and named keys; the same for any splitting into chunks."""
    distinct, where = np.unique(keys, return_inverse=True)
    out = np.empty((count, len(distinct)))
    fill_uniforms(seed, first_run, distinct, purpose, out)
    return out[:, where]


def draw_parameters(world: World, settings: Settings, seed: int, first_run: int, count: int) -> np.ndarray:
    """Every scalar parameter (run, parameter) as `draw_named` gives it."""
    return draw_named(world.names.parameters, world.parameters, world.posterior, settings, (seed, first_run, count))


def draw_named(
    names: Sequence[str], parameters: Mapping[str, Parameter], posterior: Posterior | None, settings: Settings,
    runs: tuple[int, int, int],
) -> np.ndarray:  # fmt: skip
    """Parameters (run, name) for `runs`: seed, first run, count. Drawn, their middle, or the pinned value; then scaled.

    One row of the posterior a run, the rest by priors.
    The row has a key of its own, so that another posterior moves no other draw.
    """
    u = uniforms(*runs, np.array([key_of(name) for name in names], np.int64), PARAMETER)
    fitted = fitted_draws(posterior, settings, runs)
    values = np.empty_like(u)
    for column, name in enumerate(names):
        parameter = parameters[name]
        if name in settings.pinned:
            values[:, column] = settings.pinned[name]
            if name == SCHOOL and settings.pinned[name] == IN_TURN:
                values[:, column] = schools_of_runs(runs[1], runs[2])
        elif name in fitted:
            values[:, column] = fitted[name]
        elif settings.parameters == "median":
            values[:, column] = parameter.value
        else:
            values[:, column] = parameter.prior.quantile(u[:, column])
        values[:, column] *= settings.scaled.get(name, 1.0)
    return values


def fitted_draws(posterior: Posterior | None, settings: Settings, runs: tuple[int, int, int]) -> dict[str, Any]:
    """The fitted parameters by name: joint draws (run,), or their middles; none where priors are asked for."""
    if settings.parameters == "prior":
        return {}
    if posterior is None:
        if settings.parameters == "posterior":
            raise KhinganError("--parameters posterior", "no posterior is shipped", "use --parameters prior")
        return {}
    if settings.parameters == "median":
        return dict(posterior.medians)
    rows = posterior.rows(uniforms(*runs, np.array([key_of(ROW)], np.int64), PARAMETER)[:, 0])
    return dict(zip(posterior.names, rows.T, strict=True))


def readings(world: World, settings: Settings, seed: int, first_run: int, count: int) -> list[Reading]:
    """One reading of the ledger for each run.

    A claim is drawn once a run, whatever cells rest on it; part of its error (reading.common_share) is common to all
    claims about one army, so that the errors of many small claims do not cancel.
    """
    common = world.parameters["reading.common_share"].value or 0.0
    draw = claim_draws(settings, common, seed, first_run, count)
    tables = read_all(world, draw, starts(world, settings, seed, first_run, count), count)
    return [Reading(*rows) for rows in zip(*tables, strict=True)]


def claim_draws(settings: Settings, common: float, seed: int, first_run: int, count: int) -> Draw:
    """How claims are drawn for runs first_run..: each once a run, `common` of its variance shared within its group.

    A claim whose reading is fixed is read so in every run, and moves no other.
    """
    fixed = {key_of(name): z for name, z in settings.read.items()}

    def draw(given: Quantity) -> np.ndarray:
        if not given.best.size or (settings.claims == "best" and not fixed):
            return np.broadcast_to(np.clip(given.best, *given.bounds), (count, given.best.size))
        z = np.zeros((count, given.best.size))
        if settings.claims != "best":
            claims, groups, which = given.errors
            z = claim_errors(seed, first_run, count, claims, groups, common)[:, which]
        for key, reading in fixed.items():
            z[:, given.claim == key] = reading
        return given.draw(z)

    return draw


def claim_errors(
    seed: int, first_run: int, count: int, claims: np.ndarray, groups: np.ndarray, common: float
) -> np.ndarray:
    """Standard normal errors (run, n) of claims by key, of which `common` of the variance belongs to the group."""
    own = ndtri(uniforms(seed, first_run, count, claims, CLAIM))
    army = ndtri(uniforms(seed, first_run, count, groups, CLAIM_ARMY))
    return np.sqrt(common) * army + np.sqrt(1.0 - common) * own


def read_all(world: World, draw: Draw, start: np.ndarray, count: int) -> tuple[np.ndarray, ...]:
    """The tables of `count` readings, each (run, ...), in the order of the record's fields."""
    muster, logistics = world.muster, world.logistics
    formations = room(count, len(world.names.formations), engine.READ_FORMATION)
    formations.start = start
    for name in ("men", "tanks", "guns"):
        formations[name] = whole(draw(getattr(muster, name)), muster.parent)
    formations.quality = np.minimum(1.0, draw(muster.quality) * draw(muster.rated))
    for name in ("refill_t", "unit_of_fire_t", "fuel_carried", "ammunition_carried"):
        formations[name] = draw(getattr(logistics, name))
    armies = room(count, len(world.names.armies), engine.READ_ARMY)
    for fleet in range(2):
        own = logistics.truck_fleet == fleet
        add_up(draw(logistics.trucks)[:, own], logistics.truck_army[own], armies.trucks[:, :, fleet])
    add_up(draw(logistics.airlift_t), logistics.airlift_army, armies.airlift_t)
    armies.tied = draw(logistics.tied)
    add_up(draw(logistics.support_men), logistics.support_army, armies.support_men)
    add_up(draw(logistics.support_guns), logistics.support_army, armies.support_guns)
    depots = logistics.depots
    sources = room(count, len(depots.sources), engine.READ_SOURCE)
    sources.issue_t, sources.rail_t = draw(depots.issue_t), draw(depots.rail_t)
    pools = room(count, len(depots.mixed_t.best), engine.READ_POOL)
    for name in engine.READ_POOL.fields or ():
        pools[name] = draw(getattr(depots, name))
    fronts = room(count, len(world.names.fronts), engine.READ_FRONT)
    add_up(draw(logistics.sorties), logistics.sortie_front, fronts.sorties)
    regions = room(count, len(world.names.regions), engine.READ_REGION)
    for name in engine.READ_REGION.fields or ():
        regions[name] = draw(getattr(logistics, name))
    orders = room(count, len(world.names.orders), engine.READ_ORDER)
    orders.start_h = draw(world.start_h)
    lifts = room(count, len(world.names.lifts), engine.READ_LIFT)
    lifts.passage_h, lifts.interval_h = draw(world.passage_h), draw(world.interval_h)
    lifts.guns = draw(world.ship_guns)
    return formations, armies, sources, pools, fronts, regions, orders, lifts


def arrays_read(world: World, settings: Settings, seed: int, first_run: int, count: int) -> list[engine.World]:
    """The world's tables for each run, as it reads what they state of plans, works, landings and cease-fires."""
    if settings.claims == "best" and not settings.read:
        return [world.arrays] * count
    common = world.parameters["reading.common_share"].value or 0.0
    draw = claim_draws(settings, common, seed, first_run, count)
    stated, arrays = world.stated, world.arrays
    start_h, days, wave, spread_h = map(draw, (stated.plan_start_h, stated.prepared_days, stated.wave, stated.spread_h))
    read = []
    for run in range(count):
        plans, roster, lifts, seats = (
            t.copy() for t in (arrays.plans, arrays.roster, arrays.lifts, arrays.headquarters)
        )
        plans.start_h[:-1], roster.prepared_days[:] = start_h[run], days[run]
        lifts.wave[:], seats.spread_h[:] = wave[run], spread_h[run]
        read.append(arrays._replace(plans=plans, roster=roster, lifts=lifts, headquarters=seats))
    return read


def place_cells(world: World, settings: Settings, seed: int, first_run: int, count: int) -> np.ndarray:
    """The cell (run, place) in which each run finds each named place; the stated one where its claim is exact."""
    where = world.whereabouts
    km = claim_draws(settings, 0.0, seed, first_run, count)(where.km)
    turn = np.pi * uniforms(seed, first_run, count, where.bearing, CLAIM)
    north, east = (km / EARTH_RADIUS_KM * part(turn) for part in (np.cos, np.sin))
    drawn = nearest_choice(where, north, east)
    # Centres tell cells apart a little otherwise than their borders: only who comes nearer to another has moved.
    return np.where(drawn == nearest_choice(where, *np.zeros((2, 1, len(where.names)))), where.cell, drawn)


def nearest_choice(where: Whereabouts, north: np.ndarray, east: np.ndarray) -> np.ndarray:
    """The cell (run, place) nearest to each place moved so far (run, place) in Earth radii; -1 off the map."""
    nearness = where.nearness + north[..., None] * where.gain[0] + east[..., None] * where.gain[1]
    return np.take_along_axis(where.choices[None], nearness.argmax(axis=2)[..., None], axis=2)[..., 0]


def room(count: int, length: int, kind: np.dtype) -> Any:
    """An empty table (run, length) of structured elements."""
    return np.zeros((count, length), engine.records(kind)).view(np.recarray)


def whole(values: np.ndarray, parent: np.ndarray) -> np.ndarray:
    """Take detachments out of the formations they are counted inside; nothing falls below zero."""
    left = values.copy()
    for child in np.flatnonzero(parent >= 0):
        taken = np.minimum(values[:, child], left[:, parent[child]])
        left[:, parent[child]] -= taken
    return left


def add_up(values: np.ndarray, owner: np.ndarray, out: np.ndarray) -> None:
    """Add rows (run, row) to their owners' elements of out (run, owner)."""
    for row, number in enumerate(owner.tolist()):
        out[:, number] += values[:, row]


def starts(world: World, settings: Settings, seed: int, first_run: int, count: int) -> np.ndarray:
    """The cell (run, formation) where each formation stands at H-hour, within the range of its claim."""
    muster = world.muster
    result = np.repeat(muster.start[None, :], count, axis=0)
    if settings.claims == "best":
        return result
    keys = np.array([key_of("start " + name) for name in world.names.formations], np.int64)
    u = uniforms(seed, first_run, count, keys, CLAIM)
    for number, choices in enumerate(muster.start_choices):
        if choices.size:
            result[:, number] = choices[(u[:, number] * choices.size).astype(int)]
    return result
