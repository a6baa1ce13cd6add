"""Trace: what a result rests on. Which draws moved it from run to run, and what if a source is wrong throughout."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np
from scipy.special import ndtri
from scipy.stats import rankdata

from khingan.engine.chance import CLAIM, CLAIM_ARMY
from khingan.errors import KhinganError
from khingan.evidence.ledger import Claim
from khingan.evidence.parameters import read_parameters
from khingan.evidence.posterior import read_posterior
from khingan.experiment.effect import Effect, effect
from khingan.history.values import Values, values_of
from khingan.scenario.schema import Scenario
from khingan.simulation.draws import uniforms
from khingan.simulation.result import Result
from khingan.simulation.run import Progress, quiet, run
from khingan.world.compile import compile_world
from khingan.world.quantities import SPAN, key_of

FOLDER = "trace"
FIFTH = 0.2  # the swing is told between the runs of the highest and of the lowest fifth of a draw
LEAST_RUNS = 30  # fewer runs tell no draw from chance
SOURCES = 3  # sources whose claims are read low and high throughout, those that move the result most


@dataclass(frozen=True)
class Influence:
    """One drawn number and the result: rank correlation with its 95 % interval, and what it shifts.

    `share` of the variance of ranks; `swing`: mean of the result in the runs of the draw's highest fifth less that in
    its lowest. `told` where the correlation is larger than chance alone would give the largest of all draws in one
    study of twenty.
    """

    kind: Literal["parameter", "claim", "army"]
    name: str
    grade: str
    source: str
    basis: str
    correlation: float
    low: float
    high: float
    share: float
    swing: float
    told: bool


@dataclass(frozen=True)
class Reading:
    """The result when all of these claims are read one way throughout, against the same runs as they were drawn."""

    reading: str
    claims: tuple[str, ...]
    effect: Effect


@dataclass(frozen=True)
class Trace:
    """What one result of a study rests on. `explained`: share of the variance of ranks that the told draws hold."""

    target: str
    unit: str
    runs: int
    seed: int
    version: str
    parameters: str
    quantiles: dict[str, float]
    draws: int
    explained: float
    influences: tuple[Influence, ...]
    readings: tuple[Reading, ...]

    def as_dict(self) -> dict[str, Any]:
        """The documented JSON object."""
        return asdict(self)


@dataclass(frozen=True)
class Drawn:
    """A number drawn in every run, as a column (run,) in any increasing scale, and where it comes from."""

    kind: Literal["parameter", "claim", "army"]
    name: str
    grade: str
    source: str
    basis: str
    column: np.ndarray


def trace(
    result: Result, scenario: Scenario, target: str, runs: int = 100, progress: Progress = quiet,
    sources: int = SOURCES,
) -> Trace:  # fmt: skip
    """Everything that moved `target` in a study. `runs` are replayed for each reading; 0 replays nothing.

    Raises KhinganError for an unknown target and for a study too small to tell a draw from chance.
    """
    found = values_of(result, scenario, target)
    if result.runs < LEAST_RUNS:
        what = f"{result.runs} runs tell no draw from chance"
        raise KhinganError(str(result.folder), what, f"extend the study to {LEAST_RUNS} runs or more")
    drawn = list(draws_of(result, scenario))
    influences = sorted(measured(drawn, found.values), key=lambda influence: -influence.share)
    told = [influence for influence in influences if influence.told]
    readings = replayed(result, scenario, found, told, min(runs, result.runs), sources, progress) if runs else ()
    q05, median, q95 = (float(value) for value in np.quantile(found.values, (0.05, 0.5, 0.95)))
    return Trace(
        target=found.target,
        unit=found.unit,
        runs=result.runs,
        seed=result.study.seed,
        version=result.study.version,
        parameters=result.study.settings.parameters,
        quantiles={"0.05": q05, "0.5": median, "0.95": q95},
        draws=len(drawn),
        explained=min(1.0, sum(influence.share for influence in told)),
        influences=tuple(influences),
        readings=tuple(readings),
    )


def draws_of(result: Result, scenario: Scenario) -> Iterator[Drawn]:
    """Every parameter, claim and common error of an army that varied over the runs of a study."""
    parameters, settings = read_parameters(), result.study.settings
    posterior = read_posterior() if settings.parameters == "posterior" else None
    fitted = posterior.names if posterior else ()
    table = result.values("draw")
    for column, name in enumerate(result.names("parameter")):
        values = table[:, column]
        if np.ptp(values) > 0:
            known = parameters[name]
            basis = "posterior" if name in fitted else "prior"
            yield Drawn("parameter", name, known.grade, known.source, basis, values)
    if settings.claims == "best":
        return
    # Points on the map are drawn row by row, not by their claim.
    ranged = [
        claim
        for claim in scenario.ledger.claims.values()
        if has_range(claim) and claim.shift_unit != "km" and claim.claim not in settings.read
    ]
    for claim, values in zip(ranged, _normals(result, [claim.claim for claim in ranged], CLAIM), strict=True):
        yield Drawn("claim", claim.claim, claim.grade, claim.source, claim.basis, values)
    armies = [army.army for army in scenario.armies]
    for army, values in zip(armies, _normals(result, armies, CLAIM_ARMY), strict=True):
        yield Drawn("army", army, "C", "", "common error of all claims about it", values)


def has_range(claim: Claim) -> bool:
    """Whether runs may read the claim differently."""
    return claim.low < claim.high or claim.shift > 0


def _normals(result: Result, names: Sequence[str], purpose: Any) -> np.ndarray:
    """(name, run) the standard normal error of each name in each run of the study."""
    numbers = result.numbers
    keys = np.array([key_of(name) for name in names], np.int64)
    if not keys.size:
        return np.empty((0, numbers.size))
    return ndtri(uniforms(result.study.seed, 0, int(numbers.max()) + 1, keys, purpose))[numbers].T


def measured(drawn: Sequence[Drawn], values: np.ndarray) -> list[Influence]:
    """The influence of every draw on the values (run,); nothing moves a value that is the same in every run."""
    runs = len(values)
    bound = float(ndtri(1 - 0.05 / (2 * max(len(drawn), 1)))) / np.sqrt(runs - 1)
    ranks = rankdata(values)
    found = []
    for draw in drawn:
        rho = _correlation(rankdata(draw.column), ranks)
        half = 1.96 / np.sqrt(runs - 3)  # Fisher's transformation makes the error of a correlation normal
        low, high = (float(np.tanh(np.arctanh(np.clip(rho, -0.999999, 0.999999)) + sign * half)) for sign in (-1, 1))
        swing = _swing(draw.column, values)
        found.append(
            Influence(draw.kind, draw.name, draw.grade, draw.source, draw.basis, rho, low, high, rho * rho, swing,
                      bool(abs(rho) > bound))
        )  # fmt: skip
    return found


def _correlation(a: np.ndarray, b: np.ndarray) -> float:
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / scale if scale > 0 else 0.0


def _swing(column: np.ndarray, values: np.ndarray) -> float:
    """Mean of the values where the draw lies in its highest fifth less the mean where it lies in its lowest."""
    order, count = np.argsort(column, kind="stable"), max(1, int(FIFTH * len(values)))
    return float(values[order[-count:]].mean() - values[order[:count]].mean())


def replayed(
    result: Result, scenario: Scenario, found: Values, told: Sequence[Influence], runs: int, sources: int,
    progress: Progress,
) -> Iterator[Reading]:  # fmt: skip
    """The first runs of the study again with whole groups of claims read one way; kept in the study's folder."""
    world = compile_world(scenario)
    before = found.values[:runs]
    for name, read in readings_of(scenario, told, sources):
        settings = replace(result.study.settings, read={**result.study.settings.read, **read})
        part = run(
            scenario, runs, result.study.seed, result.folder / FOLDER / name, settings, progress=progress, world=world
        )
        after = values_of(part, scenario, found.target).values[:runs]
        yield Reading(name, tuple(read), effect(found.target, found.unit, before, after))


def readings_of(scenario: Scenario, told: Sequence[Influence], sources: int) -> Iterator[tuple[str, dict[str, float]]]:
    """Name and fixed readings: each side's figures throughout, then the sources that move the result most.

    The ledger holds one series of figures, so a side's own series is stood in for: its own strength at best, and its
    enemy's at the high end, as each side counted the other.
    """
    for side, entry in scenario.calendar.sides.items():
        enemy = strength_claims(scenario, entry.adversary)
        own = strength_claims(scenario, side) - enemy
        yield f"figures-of-{side.lower()}", {**dict.fromkeys(sorted(own), 0.0), **dict.fromkeys(sorted(enemy), SPAN)}
    weight: dict[str, float] = {}
    for influence in told:
        if influence.kind == "claim":
            weight[influence.source] = weight.get(influence.source, 0.0) + influence.share
    for source in sorted(weight, key=lambda key: -weight[key])[:sources]:
        claims = [
            claim.claim for claim in scenario.ledger.claims.values() if claim.source == source and has_range(claim)
        ]
        yield f"{source}-low", dict.fromkeys(claims, -SPAN)
        yield f"{source}-high", dict.fromkeys(claims, SPAN)


def strength_claims(scenario: Scenario, side: str) -> set[str]:
    """The claims with a range on which the strength of a side's formations rests."""
    ledger = scenario.ledger.claims
    named = {formation.strength_claim for formation in scenario.formations if formation.side == side}
    return {name for name in named if name in ledger and has_range(ledger[name])}
