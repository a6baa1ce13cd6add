"""What a fit found as plain values: the documented JSON, and what the page of the docs is made from."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from khingan.calibration.campaign_fit import Calibration
from khingan.calibration.history_matching import CUTOFF
from khingan.evidence.parameters import Parameter, known_parameter, read_parameters
from khingan.history.advance import published_halt, published_rate
from khingan.history.compare import observed_h
from khingan.history.score import meets, rank
from khingan.scenario.schema import Scenario
from khingan.simulation.study import Study
from khingan.units import HOURS_PER_DAY

SHARES = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}
RANKED = 40  # parameters whose influence is told
NARROWED = 0.8  # of the prior's spread: a parameter with less is called identified
Values = dict[str, Any]


def result_of(found: Calibration, scenario: Scenario, study: Study) -> Values:
    """The documented JSON of a fit."""
    parameters = read_parameters()
    after = found.summaries.of(found.predicted, study.seed)
    return {
        "campaign": study.campaign,
        "version": study.version,
        "code": study.code,
        "seed": study.seed,
        "runs": len(found.table),
        "kept": len(found.sample.weights),
        "effective": found.sample.effective,
        "clipped": found.sample.clipped,
        "invented": found.check.rows,
        "cutoff": CUTOFF,
        "left": found.matching.left,
        "parameters": [_parameter(found, k, parameters[name]) for k, name in enumerate(found.fitted)],
        "ranking": [{"name": name, "index": index} for name, index in found.ranking[:RANKED]],
        "summaries": [_summary(found, after, k) for k in range(len(found.summaries.names))],
        "influence": [_influence(found, k) for k in range(len(found.influence.names))],
        "predictive": _predictive(found, scenario, parameters),
    }


def _spread(values: np.ndarray) -> Values:
    return {name: float(np.quantile(values, share)) for name, share in SHARES.items()}


def _parameter(found: Calibration, k: int, parameter: Parameter) -> Values:
    """One fitted parameter: what was believed, what is believed now, and whether the fit can tell."""
    draws = found.posterior.values[:, k]
    spread = float(np.sqrt(found.sample.variance()[k]))
    return {
        "name": parameter.key,
        "unit": parameter.unit,
        "grade": parameter.grade,
        "meaning": parameter.meaning,
        "prior": {name: float(parameter.prior.quantile(share)) for name, share in SHARES.items()},
        "posterior": _spread(draws),
        "shift": float(found.sample.mean()[k]),
        "spread": spread,
        "identified": spread < NARROWED,
        "recovered": float(found.check.recovered[k]),
        "narrowed": float(found.check.narrowed[k]),
        "cover50": float(found.check.cover50[k]),
        "cover90": float(found.check.cover90[k]),
        "evenness": float(found.check.evenness[k]),
        "ranks": [int(count) for count in found.check.histograms[k]],
    }


def _summary(found: Calibration, after: np.ndarray, k: int) -> Values:
    """One summary in its own unit, days or ln(1 + men), as records of runs would have it before and after the fit."""
    observed = float(found.summaries.observed[k])
    before = found.rows[:, k]
    return {
        "name": found.summaries.names[k],
        "unit": found.summaries.units[k],
        "observed": observed,
        "prior": _spread(before),
        "rank_before": float((before <= observed).mean()),
        "posterior": _spread(after[:, k]),
        "explained": float(found.influence.explained[k]),
        "ruled_out": float(found.matching.worst[k]),
        "least_implausibility": float(found.matching.least[k]),
    }


def _influence(found: Calibration, k: int) -> Values:
    """Indices of a parameter: the mean over the summaries, and the summary it matters most to."""
    first, total = found.influence.first[k], found.influence.total[k]
    return {
        "name": found.influence.names[k],
        "first": float(first.mean()),
        "total": float(total.mean()),
        "most": found.summaries.names[int(np.argmax(total))],
        "first_there": float(first.max()),
        "total_there": float(total.max()),
    }


def _predictive(found: Calibration, scenario: Scenario, parameters: Mapping[str, Parameter]) -> list[Values]:
    """Every measure of history beside runs of the posterior and of the prior; `fitted` says whether the fit saw it."""
    measures = found.measures
    never_after = float(known_parameter(dict(parameters), "history.never_after_h").value or 0.0)
    never = scenario.calendar.days * HOURS_PER_DAY + never_after
    reports = [
        *((observed_h(t, scenario) - t.precision_h, observed_h(t, scenario), observed_h(t, scenario) + t.precision_h)
          for t in measures.targets),
        *((figure.low, figure.best, figure.high) for figure in measures.figures),
        *(published_halt(halt) for halt in measures.halts),
        *(published_rate(pace) for pace in measures.paces),
    ]  # fmt: skip
    used = set(found.summaries.columns.tolist())
    rows = []
    for k, (name, unit, (low, best, high)) in enumerate(zip(measures.names, measures.units, reports, strict=True)):
        gap = never if unit == "h" else 0.0
        after, before = (np.nan_to_num(table[:, k], nan=gap).astype(float) for table in (found.predicted, found.table))
        q05, q95 = np.quantile(after, (0.05, 0.95))
        rows.append(
            {
                "name": name, "unit": unit, "fitted": k in used, "low": low, "observed": best, "high": high,
                "posterior": _spread(after), "prior": _spread(before), "rank": rank(after, low, high),
                "inside": meets(low, high, float(q05), float(q95)),
                "missing": float(np.isnan(found.predicted[:, k]).mean()),
            }
        )  # fmt: skip
    return rows
