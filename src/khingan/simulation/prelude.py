"""Play the months before H-hour many times, and say what came of them."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from khingan.engine import deployment, intelligence, readiness
from khingan.engine import prelude as engine
from khingan.errors import KhinganError
from khingan.simulation.draws import claim_draws, draw_named, room
from khingan.simulation.settings import Settings
from khingan.world.prelude import PreludePlan, prelude_rules

CHUNK = 500
MOST_RUNS, MOST_SEED = 1_000_000, 2**32 - 1


@dataclass(frozen=True)
class Preludes:
    """The preludes of runs 0.., as the engine left them; `density` (row, observer, date, axis) is their mean belief."""

    record: engine.PreludeRecord
    runs: int
    seed: int
    settings: Settings


def play(plan: PreludePlan, settings: Settings, runs: int, seed: int, workers: int | None = None) -> Preludes:
    """`runs` preludes; the result depends on seed and settings alone, never on `workers`."""
    for name, number, least, most in (("--runs", runs, 1, MOST_RUNS), ("--seed", seed, 0, MOST_SEED)):
        if not least <= number <= most:
            raise KhinganError(name, f"{number} is out of range", f"give a whole number from {least} to {most}")
    settings.require_known(plan.parameters)
    pieces = [(first, min(CHUNK, runs - first)) for first in range(0, runs, CHUNK)]
    with ThreadPoolExecutor(workers or os.cpu_count() or 1, thread_name_prefix="khingan") as pool:
        records = list(pool.map(lambda piece: play_chunk(plan, settings, seed, *piece), pieces))
    joined = {name: np.concatenate([getattr(record, name) for record in records])
              for name in engine.PreludeRecord._fields if name != "density"}  # fmt: skip
    density = np.sum([record.density for record in records], axis=0).swapaxes(2, 3) / runs
    return Preludes(engine.PreludeRecord(**joined, density=density), runs, seed, settings)


def play_chunk(plan: PreludePlan, settings: Settings, seed: int, first_run: int, count: int) -> engine.PreludeRecord:
    """Preludes of runs first_run..; the same run is the same in any chunk."""
    values = draw_rules(plan, settings, seed, first_run, count)
    record = empty_record(plan, count)
    engine.play_preludes(
        plan.arrays, read(plan, settings, seed, first_run, count), prelude_rules(tuple(plan.parameters), values),
        new_room(plan), record, seed, first_run,
    )  # fmt: skip
    return record


def draw_rules(plan: PreludePlan, settings: Settings, seed: int, first_run: int, count: int) -> np.ndarray:
    """The prelude's parameters (run, parameter), the same as in a campaign of the same seed and run."""
    return draw_named(list(plan.parameters), plan.parameters, plan.posterior, settings, (seed, first_run, count))


def read(plan: PreludePlan, settings: Settings, seed: int, first_run: int, count: int) -> engine.PreludeReading:
    """Readings of the ledger (run, ...) for the months before."""
    draw = claim_draws(settings, 0.0, seed, first_run, count)
    kinds = {"sections": deployment.READ_SECTION, "movements": deployment.READ_MOVEMENT,
             "channels": intelligence.READ_CHANNEL, "observers": intelligence.READ_OBSERVER}  # fmt: skip
    tables = {}
    for name, kind in kinds.items():
        given = plan.quantities[name]
        tables[name] = room(count, next(iter(given.values())).best.size, kind)
        for field, numbers in given.items():
            tables[name][field] = draw(numbers)
    tables["observers"]["axis"] = plan.favoured
    return engine.PreludeReading(**tables)


def lengths(plan: PreludePlan) -> dict[str, int]:
    """The length of every dimension of a record."""
    arrays = plan.arrays
    return {
        "step": len(arrays.steps), "row": len(arrays.steps) + 1, "observer": len(arrays.hears),
        "channel": len(arrays.channels), "movement": len(arrays.movements), "axis": arrays.below.shape[1],
        "date": len(arrays.dates), "section": len(arrays.sections), "kind": 3,
    }  # fmt: skip


SHAPES: dict[str, tuple[str, ...]] = {
    "attack_day": (), "executable_day": (), "first_train": ("movement",), "last_train": ("movement",),
    "assembled": ("movement",), "trains": ("step",), "in_place": ("step",), "believed": ("step", "observer"),
    "seen": ("step", "channel"), "before_cut": ("row", "observer"), "soon": ("row", "observer"),
    "axes": ("row", "observer", "axis"), "alert_days": ("observer",), "readiness": ("observer",),
    "bits": ("observer", "kind"), "level": ("observer",), "disposition": (),
}  # fmt: skip


def empty_record(plan: PreludePlan, count: int) -> engine.PreludeRecord:
    """Room for `count` preludes, NaN until played."""
    length = lengths(plan)
    shapes = {name: (count, *(length[dim] for dim in dims)) for name, dims in SHAPES.items()}
    tables = {name: np.full(shape, np.nan) for name, shape in shapes.items()}
    density = np.zeros(tuple(length[dim] for dim in ("row", "observer", "axis", "date")))
    return engine.PreludeRecord(**tables, density=density)


def room_for_trains(sections: int, movements: int, axes: int, days: int) -> deployment.Trains:
    """Room in which trains run."""
    return deployment.Trains(
        queues=np.zeros(movements, deployment.QUEUE).view(np.recarray),
        lines=np.zeros(sections, deployment.LINE).view(np.recarray),
        turn=np.zeros((2, movements), np.int64),
        ways=np.zeros((sections, sections), np.int64),
        waits=np.zeros((movements, deployment.BLOCK)),
        moved=np.zeros(movements, deployment.MOVED).view(np.recarray),
        passing=np.zeros((sections, days)),
        arrived=np.zeros((axes, days)),
    )


def new_room(plan: PreludePlan) -> engine.PreludeRoom:
    """Room to work in, one for each thread."""
    n = lengths(plan)
    table: Callable[[str, np.dtype], np.ndarray] = lambda dim, kind: np.zeros(n[dim], kind).view(np.recarray)  # noqa: E731
    return engine.PreludeRoom(
        trains=room_for_trains(n["section"], n["movement"], n["axis"], plan.days),
        belief=np.zeros((n["observer"], n["axis"], n["date"])),
        prior=np.zeros((n["observer"], n["date"])),
        news=np.zeros(n["observer"], np.int64),
        cumulative=np.zeros(n["date"]),
        counted=np.zeros(n["channel"]),
        ahead=np.zeros(n["date"]),
        pace=np.zeros(n["date"]),
        gain=np.zeros(n["date"]),
        heard=np.zeros((n["axis"], n["date"])),
        shares=np.zeros(n["axis"]),
        alert=table("observer", readiness.ALERT),
    )
