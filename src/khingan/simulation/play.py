"""Play a chunk of runs: the one place where Python calls the engine."""

import numpy as np

from khingan.engine import state as engine
from khingan.engine.buckets import BUCKETS, ENTRIES, WAITING
from khingan.engine.campaign import play_campaign
from khingan.engine.compiled import laid_out
from khingan.simulation.draws import arrays_read, draw_parameters, place_cells, readings
from khingan.simulation.opening import start_from_preludes, to_calendar
from khingan.simulation.settings import Settings
from khingan.simulation.variables import STAGES, VARIABLES
from khingan.world.compile import World
from khingan.world.rules import rules_of_draws

CACHE_LINE = 64  # bytes


def play_chunk(world: World, settings: Settings, seed: int, first_run: int, count: int) -> dict[str, np.ndarray]:
    """Play runs first_run.. and return every variable with a leading run axis.

    Bit-identical however the runs are cut into chunks and on whatever thread they are played.
    """
    chunk = empty_chunk(world, count)
    state = laid_out(new_state(world))
    values = draw_parameters(world, settings, seed, first_run, count)
    given = readings(world, settings, seed, first_run, count)
    arrays, later = arrays_read(world, settings, seed, first_run, count), np.zeros(count)
    if settings.start == "prelude":
        arrays, later = start_from_preludes(world, settings, seed, first_run, values, given, arrays)
    chunk["draw"][:] = values
    chunk["place_cell"][:] = place_cells(world, settings, seed, first_run, count)
    rules_of = rules_of_draws(world.names.parameters, values, world.tables)
    for run, (reading, rules) in enumerate(zip(given, rules_of, strict=True)):
        record = engine.Record(**{name: chunk[name][run] for name in engine.Record._fields})
        play_campaign(arrays[run], reading, rules, state, record, seed, first_run + run, world.steps)
        to_calendar(chunk, run, float(later[run]), reading, world.steps * world.arrays.step_hours)
    return chunk


def sizes(world: World) -> dict[str, int]:
    """The length of every dimension of a record."""
    names = world.names
    return {
        "cell": len(names.cells), "formation": len(names.formations), "army": len(names.armies),
        "works": len(names.works), "lift": len(names.lifts), "parameter": len(names.parameters), "day": world.days,
        "stage": len(STAGES),
        "step": world.steps, "named_place": len(world.whereabouts.names),
    }  # fmt: skip


def empty_chunk(world: World, count: int) -> dict[str, np.ndarray]:
    """Room for the records of `count` runs."""
    length = sizes(world)
    return {
        name: np.zeros((count, *(length[dim] for dim in variable.dims)), variable.dtype)
        for name, variable in VARIABLES.items()
    }


def new_state(world: World) -> engine.State:
    """Room for all that changes in a run; one for each thread, used again and again."""
    length = sizes(world)
    room = {
        "forces": (length["formation"], engine.FORMATION), "ground": (length["cell"], engine.CELL),
        "regions": (len(world.names.regions), engine.REGION), "orders": (len(world.names.orders), engine.ORDER_STATE),
        "lifts": (length["lift"], engine.LIFT_STATE), "works": (length["works"], engine.WORKS_STATE),
        "flotillas": (len(world.arrays.flotillas) - 1, engine.FLOTILLA_STATE),
        "headquarters": (len(world.arrays.headquarters), engine.HEADQUARTERS_STATE),
        "politics": (1, engine.POLITICS_STATE),
        "armies": (length["army"], engine.ARMY_STATE), "fronts": (len(world.names.fronts), engine.FRONT_STATE),
        "points": (len(world.arrays.points), engine.POINT_STATE),
        "sources": (len(world.arrays.sources), engine.SOURCE_STATE),
        "pools": (len(world.logistics.depots.mixed_t.best), engine.POOL_STATE),
        "served": (length["formation"], engine.SERVED), "rails": (len(world.arrays.rails), engine.RAIL_STATE),
        "battles": (length["formation"], engine.BATTLE), "passing": (length["cell"], engine.PASSING),
        "ways": (length["cell"], engine.WAY),
        "waiting": (ENTRIES * length["cell"], WAITING),
    }  # fmt: skip
    tables = {name: table(count, kind) for name, (count, kind) in room.items()}
    cells = length["cell"]
    lists = {
        "changes": np.zeros(cells + 1, np.int64), "line": np.zeros(cells + 1, np.int64),
        "doubtful": np.zeros(max(cells, length["formation"]), np.int64), "supply_km": np.zeros((2, cells), np.float32),
        "supply_from": np.zeros((2, cells), engine.width_of(cells)), "truck_km": np.zeros((cells, 6), np.float32),
        "heads": np.zeros(BUCKETS, np.int32),
    }  # fmt: skip
    tables["roads"] = np.zeros((cells, 6), engine.records(engine.ROAD_USE)).view(np.recarray)
    return engine.State(
        **tables, **lists, edge_power=np.zeros(7), pace=np.zeros(engine.PACE_SHAPE),
        terrain=np.zeros(engine.TERRAIN_SHAPE),
    )  # fmt: skip


def table(count: int, kind: np.dtype) -> np.ndarray:
    """An empty table whose first element begins a line of the machine's cache."""
    size = count * kind.itemsize
    room = np.zeros(size + CACHE_LINE, np.uint8)
    first = -room.ctypes.data % CACHE_LINE
    return room[first : first + size].view(engine.records(kind)).view(np.recarray)
