"""Play a campaign: chunks of runs over threads, each landing on disk as soon as it is whole."""

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from khingan.errors import KhinganError
from khingan.evidence.parameters import read_parameters
from khingan.scenario.schema import Scenario
from khingan.simulation import prelude
from khingan.simulation.ensemble import intact
from khingan.simulation.opening import settings_of
from khingan.simulation.play import play_chunk
from khingan.simulation.result import Result
from khingan.simulation.settings import DRAWN, Settings
from khingan.simulation.store import CHUNK, Packed, Store, open_store, pack
from khingan.simulation.study import ENSEMBLE, Study, settle
from khingan.simulation.variables import STAGES
from khingan.world.compile import World, compile_world

MOST_RUNS, MOST_SEED, MOST_WORKERS = 1_000_000, 2**32 - 1, 1024


Kept = TypeVar("Kept")


class Progress(Protocol):
    """Hears how far a phase ("compile" or "runs") has come."""

    def __call__(self, phase: str, done: int, total: int) -> None: ...


class Stopped(KeyboardInterrupt):
    """Ctrl-C during a study: what is finished stays, and the message says how to go on."""


def quiet(phase: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def run(
    scenario: Scenario,
    runs: int = 1000,
    seed: int = 1945,
    out: str | Path | None = None,
    settings: Settings = DRAWN,
    workers: int | None = None,
    progress: Progress | None = None,
    world: World | None = None,
) -> Result:
    """Play `scenario` until its study holds `runs` runs; a study found in `out` is continued.

    `world` spares compiling a scenario twice. The result depends on campaign, seed, settings and code alone, never on
    `workers` or on interruptions.
    """
    workers = os.cpu_count() or 1 if workers is None else workers
    for name, number, least, most in (
        ("--runs", runs, 1, MOST_RUNS), ("--seed", seed, 0, MOST_SEED), ("--workers", workers, 1, MOST_WORKERS)
    ):  # fmt: skip
        if not least <= number <= most:
            raise KhinganError(name, f"{number} is out of range", f"give a whole number from {least} to {most}")
    settings.require_known({key: parameter for key, parameter in read_parameters().items() if not parameter.is_table})
    world = world or compile_world(scenario)
    folder, study = settle(Study.plan(scenario, runs, seed, settings), None if out is None else Path(out))
    try:
        with intact(folder / ENSEMBLE):
            store = open_store(folder / ENSEMBLE, axes(scenario, world), attributes(scenario, study), study.runs)
        study.write(folder)
    except OSError as error:
        raise KhinganError(str(folder), f"cannot be written: {error.strerror}", "free space or repair it") from error
    complete(world, study, store, folder, workers, progress or quiet)
    return Result.open(folder)


def warm(world: World, progress: Progress = quiet, settings: Settings = DRAWN) -> None:
    """Compile every kernel, or fetch it from the cache, by playing one run and forgetting it.

    Done in the calling thread, where Ctrl-C can interrupt it, and once, before threads would do it side by side.
    """
    with compiling(progress):
        play_chunk(world, settings, 0, 0, 1)


def warm_months(world: World, progress: Progress = quiet) -> None:
    """The same for the months before, where the campaign tells them: the runs need them not, but their page does."""
    if world.prelude is not None:
        with compiling(progress):
            prelude.play_chunk(world.prelude, settings_of(DRAWN, world.prelude), 0, 0, 1)


@contextmanager
def compiling(progress: Progress) -> Iterator[None]:
    """One phase of progress, without the collector: a compiler makes millions of objects and hardly any garbage."""
    progress("compile", 0, 1)
    collecting = gc.isenabled()
    gc.disable()  # a fifth of the time
    try:
        yield
    finally:
        if collecting:
            gc.enable()
    progress("compile", 1, 1)


def complete(world: World, study: Study, store: Store, folder: Path, workers: int, progress: Progress) -> None:
    """Play every chunk the store lacks; turn Ctrl-C and a failing disk into a stop that can be resumed."""
    missing = store.missing(study.runs)
    if not missing:
        return
    try:
        warm(world, progress, study.settings)
        progress("runs", store.kept(), study.runs)
        for first, packed in played(world, study, missing, workers, pack):
            land(store, study, folder, first, packed)
            progress("runs", store.kept(), study.runs)
    except KeyboardInterrupt:
        raise Stopped(f"{folder} | stopped: {kept(store, study)} | {again(folder)}") from None


def length(study: Study, first: int) -> int:
    """Runs of the chunk that begins with run `first`."""
    return min(CHUNK, study.runs - first)


def played(
    world: World, study: Study, firsts: Sequence[int], workers: int, keep: Callable[[Any], Kept]
) -> Iterator[tuple[int, Kept]]:
    """First run of each chunk as it finishes, and what `keep` makes of its arrays in the thread that played it.

    Few are in hand at once: memory does not grow with the number of runs.
    """

    def play(first: int) -> Kept:
        return keep(play_chunk(world, study.settings, study.seed, first, length(study, first)))

    pool = ThreadPoolExecutor(workers, thread_name_prefix="khingan")
    ahead = iter(firsts)
    running: dict[Future[Kept], int] = {}
    try:
        while True:
            while len(running) <= workers and (first := next(ahead, None)) is not None:
                running[pool.submit(play, first)] = first
            if not running:
                return
            finished = wait(running, return_when=FIRST_COMPLETED).done
            for future in sorted(finished, key=running.__getitem__):
                yield running.pop(future), future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def land(store: Store, study: Study, folder: Path, first: int, packed: Packed) -> None:
    """Write one chunk; a disk that refuses it ends the study with what it holds."""
    try:
        store.write(first, length(study, first), packed)
    except OSError as error:
        what = f"cannot be written ({error.strerror}): {kept(store, study)}"
        raise KhinganError(str(folder), what, "free space, then " + again(folder)) from error


def kept(store: Store, study: Study) -> str:
    """How much of a stopped study there is."""
    return f"{store.kept()} of {study.runs} runs kept"


def again(folder: Path) -> str:
    """How to continue a stopped study."""
    return f"repeat the command with --out {folder} to go on"


def axes(scenario: Scenario, world: World) -> dict[str, Sequence[Any]]:
    """The coordinates of the ensemble: what the numbers of its dimensions stand for."""
    calendar, cells, names = scenario.calendar, scenario.terrain.cells, world.names
    return {
        "cell": list(names.cells),
        "lat": cells["lat"].tolist(),
        "lon": cells["lon"].tolist(),
        "formation": list(names.formations),
        "army": list(names.armies),
        "works": list(names.works),
        "lift": list(names.lifts),
        "named_place": list(world.whereabouts.names),
        "parameter": list(names.parameters),
        "step_end_h": [(step + 1) * calendar.step_hours for step in range(calendar.steps)],
        "stage": list(STAGES),
        "day": list(range(1, calendar.days + 1)),
    }


def attributes(scenario: Scenario, study: Study) -> dict[str, Any]:
    """What the ensemble says about itself."""
    calendar = scenario.calendar
    return {
        "campaign": study.campaign,
        "title": calendar.title,
        "h_hour": calendar.h_hour.isoformat(),
        "horizon_h": calendar.steps * calendar.step_hours,
        "control_side": calendar.control_side,
        "seed": study.seed,
        "settings": study.settings.as_dict(),
        "version": study.version,
    }
