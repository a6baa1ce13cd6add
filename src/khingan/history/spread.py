"""Where the width of the intervals comes from: luck, parameters, or the readings of the evidence."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from khingan.errors import KhinganError
from khingan.history.compare import never_h
from khingan.history.measure import hours
from khingan.history.score import Array
from khingan.history.targets import Target, read_history
from khingan.scenario.schema import Scenario
from khingan.simulation.result import Result
from khingan.simulation.run import Progress, Stopped, run
from khingan.simulation.settings import DRAWN, Settings
from khingan.simulation.study import STUDY
from khingan.units import HOURS_PER_DAY
from khingan.world.compile import World, compile_world

RUNS, FOLDER = 40, "width"

# Times (run, target) in hours from H-hour, never already counted as a time, of an ensemble played with these settings.
Play = Callable[[str, str], Array]


@dataclass(frozen=True)
class Share:
    """Shares of the variance of the dates of one operation or phase; they add up to one unless nothing varies."""

    by: str
    key: str
    targets: int
    sd_days: float
    luck: float
    claims: float
    parameters: float


def spread_of(
    result: Result, scenario: Scenario, progress: Progress | None = None, world: World | None = None
) -> tuple[Share, ...]:
    """Variance shares of a study's dates, from two small ensembles that share its seed and lie in its folder.

    Empty where the study itself does not draw both parameters and claims, or has nothing to compare with.
    """
    targets = read_history(scenario).targets
    if result.study.settings != DRAWN or not targets:
        return ()
    world = world or compile_world(scenario)

    def play(parameters: str, claims: str) -> Array:
        settings = Settings.from_dict({"parameters": parameters, "claims": claims, "pinned": {}})
        runs, out = min(RUNS, result.runs), result.folder / FOLDER / f"{parameters}-{claims}"
        part = result
        if settings != DRAWN:
            part = play_part(result, scenario, runs, out, settings, world, progress)
        times = hours(part, scenario, targets)
        return np.where(np.isnan(times), never_h(part), times)

    return spread(play, targets)


def found_spread(result: Result, scenario: Scenario) -> tuple[Share, ...]:
    """The same from ensembles that already lie in the study's folder; nothing is played. Empty where they do not."""
    targets = read_history(scenario).targets
    folders = {key: result.folder / FOLDER / "-".join(key) for key in (("median", "prior"), ("median", "best"))}
    if result.study.settings != DRAWN or not targets or not all((f / STUDY).is_file() for f in folders.values()):
        return ()
    parts = {key: Result.open(folder) for key, folder in folders.items()}
    if any((part.study.code, part.study.seed) != (result.study.code, result.study.seed) for part in parts.values()):
        return ()

    def play(parameters: str, claims: str) -> Array:
        part = parts.get((parameters, claims), result)
        times = hours(part, scenario, targets)
        return np.where(np.isnan(times), never_h(part), times)

    return spread(play, targets)


def play_part(
    result: Result, scenario: Scenario, runs: int, out: Path, settings: Settings, world: World,
    progress: Progress | None,
) -> Result:  # fmt: skip
    """One of the small ensembles; whatever stops it is told of the study it belongs to."""
    left = "all runs of the study are kept; where the width comes from is not yet measured"
    try:
        return run(scenario, runs, result.study.seed, out, settings, progress=progress, world=world)
    except Stopped:
        raise Stopped(f"{result.folder} | stopped: {left} | repeat the command to go on") from None
    except KhinganError as error:
        raise KhinganError(str(result.folder), f"{left}: {error.what}", error.remedy) from error


def spread(play: Play, targets: Sequence[Target]) -> tuple[Share, ...]:
    """Variance shares from three ensembles: all drawn, parameters at their medians, and claims at their best too.

    `play(parameters, claims)` is called with the settings' own words. What parameters and claims do only together is
    counted with the parameters; a share that sampling noise would make negative is zero.
    """
    with ThreadPoolExecutor(2) as pool:
        parts = pool.map(play, ("median", "median"), ("prior", "best"))
        everything = play(DRAWN.parameters, "prior").var(axis=0)
        without_parameters, luck = (part.var(axis=0) for part in parts)
    without_parameters = np.minimum(without_parameters, everything)
    luck = np.minimum(luck, without_parameters)
    shares = []
    for by in ("all", "phase", "group"):
        for key in dict.fromkeys(_key(target, by) for target in targets):
            chosen = [k for k, target in enumerate(targets) if _key(target, by) == key]
            whole, middle, least = (values[chosen].sum() for values in (everything, without_parameters, luck))
            shares.append(_share(by, key, len(chosen), whole, middle, least))
    return tuple(shares)


def _share(by: str, key: str, count: int, whole: float, middle: float, least: float) -> Share:
    scale = whole if whole > 0 else 1.0
    return Share(
        by=by,
        key=key,
        targets=count,
        sd_days=float(np.sqrt(whole / count)) / HOURS_PER_DAY,
        luck=float(least / scale),
        claims=float((middle - least) / scale),
        parameters=float((whole - middle) / scale),
    )


def _key(target: Target, by: str) -> str:
    return "all" if by == "all" else str(getattr(target, by))
