"""A campaign's parameters fitted to its history: reference table, choice of parameters, posterior, examination."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from scipy.special import ndtr, ndtri

from khingan.calibration import hermite
from khingan.calibration.campaign_measures import Measures, measures_of
from khingan.calibration.campaign_summaries import Summaries, summaries_of
from khingan.calibration.history_matching import Matching, match
from khingan.calibration.reference_table import PRIOR, ReferenceTable, fill, identity_of
from khingan.calibration.regression_abc import Sample, learn_estimates, posterior
from khingan.calibration.self_check import SelfCheck, check_self
from khingan.engine.chance import PARAMETER
from khingan.errors import KhinganError
from khingan.evidence.parameters import Parameter
from khingan.evidence.posterior import Posterior
from khingan.scenario.schema import Scenario
from khingan.simulation.draws import uniforms
from khingan.simulation.run import Progress, quiet
from khingan.simulation.settings import Settings
from khingan.world.compile import World, compile_world
from khingan.world.quantities import key_of

LEAST_RUNS, MOST_RUNS, MOST_SEED = 200, 1_000_000, 2**32 - 2
MOST_FITTED = 12
LEAST_INFLUENCE = 0.002  # mean index over the summaries; with less nothing is learned
SCREENED = 24  # parameters of the emulator that tells indices
DRAWS = 2000  # of the posterior
PREDICTED = 1000  # runs played with it
TABLE, PREDICTIVE = "table", "predictive"


@dataclass(frozen=True)
class Influence:
    """First-order and total indices (parameter, summary) of the strongest parameters, and how much is explained."""

    names: tuple[str, ...]
    first: np.ndarray
    total: np.ndarray
    explained: np.ndarray  # (summary,) share of the variance that the emulator explains


@dataclass(frozen=True)
class Calibration:
    """All that a fit found. Coordinates z are normal quantiles of each parameter's prior."""

    fitted: tuple[str, ...]
    ranking: tuple[tuple[str, float], ...]  # every free parameter, the mean index over the summaries
    measures: Measures
    summaries: Summaries
    table: np.ndarray  # (run, measure)
    rows: np.ndarray  # (run, summary) as records of the runs would have them
    sample: Sample
    posterior: Posterior
    check: SelfCheck
    matching: Matching
    influence: Influence
    predicted: np.ndarray  # (run, measure) played with the posterior


def calibrate(
    scenario: Scenario, folder: Path, budget: int = 100_000, seed: int = 1946, workers: int | None = None,
    progress: Progress = quiet,
) -> Calibration:  # fmt: skip
    """Fill the table in `folder` to `budget` runs, fit, and play the posterior; what stands there is not played again.

    The result depends on campaign, seed, budget and code alone.
    """
    for name, number, least, most in (("--budget", budget, LEAST_RUNS, MOST_RUNS), ("--seed", seed, 0, MOST_SEED)):
        if not least <= number <= most:
            raise KhinganError(name, f"{number} is out of range", f"give a whole number from {least} to {most}")
    measures = measures_of(scenario)
    summaries = summaries_of(scenario, measures)
    world = compile_world(scenario)
    store = ReferenceTable(folder / TABLE, identity_of(scenario, measures, seed))
    table = fill(store, scenario, world, measures, budget, seed, PRIOR, workers, progress)
    progress("fit", 0, 1)
    z = coordinates(world.parameters, seed, budget)
    found = fit(world.parameters, z, measures, summaries, table, seed)
    progress("fit", 1, 1)
    predicted = predict(scenario, folder, world, found, workers, progress, seed + 1)
    return replace(found, predicted=predicted)


def coordinates(parameters: Mapping[str, Parameter], seed: int, runs: int) -> np.ndarray:
    """(run, parameter) normal coordinates of every free parameter in runs 0.., as the engine drew them."""
    keys = np.array([key_of(name) for name in free(parameters)], np.int64)
    return ndtri(np.clip(uniforms(seed, 0, runs, keys, PARAMETER), 1e-9, 1.0 - 1e-9))


def free(parameters: Mapping[str, Parameter]) -> list[str]:
    """The parameters that are drawn."""
    return [name for name, found in parameters.items() if not found.is_table and found.prior.kind != "fixed"]


def fit(
    parameters: Mapping[str, Parameter], z: np.ndarray, measures: Measures, summaries: Summaries, table: np.ndarray,
    seed: int,
) -> Calibration:  # fmt: skip
    """The posterior and its examination from the table; nothing is played. `predicted` is left empty."""
    names = free(parameters)
    rows = summaries.of(table, seed)
    strength = hermite.influence(z, rows).mean(axis=1)
    order = np.argsort(-strength, kind="stable")
    chosen = order[: max(1, min(MOST_FITTED, int((strength > LEAST_INFLUENCE).sum())))]
    fitted, z_fitted = tuple(names[k] for k in chosen), z[:, chosen]
    learned = learn_estimates(rows, z_fitted)
    observed = summaries.observed
    sample = posterior(learned.of(rows), z_fitted, learned.of(observed[None])[0])
    draws = sample.draws(DRAWS, seed)
    values = [parameters[name].prior.quantile(ndtr(draws[:, column])) for column, name in enumerate(fitted)]
    return Calibration(
        fitted=fitted,
        ranking=tuple((names[k], float(strength[k])) for k in order),
        measures=measures,
        summaries=summaries,
        table=table,
        rows=rows,
        sample=sample,
        posterior=Posterior(fitted, np.column_stack(values), {}),
        check=check_self(rows, z_fitted, seed),
        matching=match(hermite.fit(z_fitted, rows), len(chosen), observed, seed),
        influence=indices([names[k] for k in order[:SCREENED]], z[:, order[:SCREENED]], summaries.of(table)),
        predicted=np.empty((0, table.shape[1])),
    )


def indices(names: list[str], z: np.ndarray, answers: np.ndarray) -> Influence:
    """Sobol indices of the answers as the runs have them, without errors of model and record."""
    emulator = hermite.fit(z, answers)
    variance = np.maximum(answers.var(axis=0), 1e-12)
    first, total = hermite.sobol(emulator, len(names), variance)
    return Influence(tuple(names), first, total, np.clip(1.0 - emulator.left / variance, 0.0, 1.0))


def predict(
    scenario: Scenario, folder: Path, world: World, found: Calibration, workers: int | None, progress: Progress,
    seed: int,
) -> np.ndarray:  # fmt: skip
    """Runs of the engine with the posterior, in a folder of their own; another posterior is another folder."""
    print_of = sha256(found.posterior.values.tobytes() + "".join(found.fitted).encode()).hexdigest()
    store = ReferenceTable(
        folder / f"{PREDICTIVE}-{print_of[:12]}", identity_of(scenario, found.measures, seed, posterior=print_of)
    )
    played = replace(world, posterior=found.posterior)
    runs, settings = min(PREDICTED, len(found.table)), Settings("posterior", "prior")
    return fill(store, scenario, played, found.measures, runs, seed, settings, workers, progress, "predict")
