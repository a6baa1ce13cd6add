"""Summaries of a run that parameters are fitted to: dates along the axes of advance, and losses of the fronts.

A date is right-censored by the order to stop: where a place fell later, both in history and in a run, the order's hour
stands for it. Sources that disagree are an interval; its middle is taken as a report that errs evenly over its width.
The errors of model and record are added to the rows of the table, so that a row is what a record of it would be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from khingan.calibration.campaign_measures import Measures
from khingan.errors import KhinganError
from khingan.evidence.parameters import Parameter, known_parameter, read_parameters
from khingan.history.compare import observed_h
from khingan.history.losses import Figure
from khingan.history.targets import Target
from khingan.scenario.schema import Scenario
from khingan.units import HOURS_PER_DAY

LEAST_FOR_LENGTH = 3  # places of an axis from which on the time between the first and the last is told


@dataclass(frozen=True)
class Summaries:
    """Linear in days of censored dates and in ln(1 + losses); `observed` is history's value of each.

    `half` is the half width of each term's report in the term's own unit.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    columns: np.ndarray  # (term,) of the table
    dated: np.ndarray  # (term,) bool
    stop: np.ndarray  # (term,) days at which the order to stop cuts a date; infinite for losses
    report: np.ndarray  # (term,) what the record says
    half: np.ndarray  # (term,)
    axis: np.ndarray  # (term,) number of the axis whose error the term shares
    weights: np.ndarray  # (term, summary)
    discrepancy: Mapping[str, float]

    @property
    def observed(self) -> np.ndarray:
        """(summary,) of the record."""
        return np.minimum(self.report, self.stop) @ self.weights

    def of(self, rows: np.ndarray, seed: int | None = None) -> np.ndarray:
        """(run, summary) of rows (run, measure) of the table; with a seed as a record of them would have it."""
        given = rows[:, self.columns].astype(np.float64)
        terms = np.where(self.dated, _late(given) / HOURS_PER_DAY, np.log1p(np.maximum(given, 0.0)))
        if seed is not None:
            terms += self._errors(len(rows), seed)
        return np.minimum(terms, self.stop) @ self.weights

    def _errors(self, runs: int, seed: int) -> np.ndarray:
        """(run, term) of the record, evenly over its interval, and of the model, normal."""
        chance = np.random.default_rng(seed)
        record = self.half * chance.uniform(-1.0, 1.0, (runs, len(self.half)))
        own = chance.standard_normal((runs, len(self.half)))
        shared = chance.standard_normal((runs, self.axis.max() + 1))[:, self.axis]
        common = self.discrepancy["common"]
        dates = self.discrepancy["days"] * (np.sqrt(common) * shared + np.sqrt(1.0 - common) * own)
        return record + np.where(self.dated, dates, self.discrepancy["losses"] * own)


def _late(hours: np.ndarray) -> np.ndarray:
    """Never is later than any order to stop."""
    return np.where(np.isnan(hours), np.inf, hours)


def summaries_of(scenario: Scenario, measures: Measures) -> Summaries:
    """The summaries of a campaign; raises KhinganError where its history has nothing that may be fitted."""
    parameters = read_parameters()
    dates = [k for k, target in enumerate(measures.targets) if target.fitted and target.measure != "disarmed"]
    losses = [k for k, figure in enumerate(measures.figures) if _is_fitted(figure, measures.figures)]
    if not dates and not losses:
        where = f"{scenario.folder}/history"
        raise KhinganError(where, "nothing that parameters may be fitted to", "mark targets as fitted, or add losses")
    targets, figures = [measures.targets[k] for k in dates], [measures.figures[k] for k in losses]
    stop = np.array([_stop_days(scenario, target) for target in targets] + [np.inf] * len(figures))
    days = np.array([observed_h(target, scenario) / HOURS_PER_DAY for target in targets])
    ends = np.log1p([_interval(figure, parameters) for figure in figures]).reshape(-1, 2)
    groups = _date_groups(targets, days < stop[: len(targets)])
    names, weights = _weights(groups, targets, figures, days)
    axes = sorted({target.axis for target in targets})
    return Summaries(
        names=tuple(names),
        units=tuple("days" if column[: len(targets)].any() else "ln men" for column in weights.T),
        columns=np.array([*dates, *(len(measures.targets) + k for k in losses)]),
        dated=np.array([True] * len(targets) + [False] * len(figures)),
        stop=stop,
        report=np.concatenate([days, ends.mean(axis=1)]),
        half=np.concatenate([[t.precision_h / HOURS_PER_DAY for t in targets], np.diff(ends, axis=1)[:, 0] / 2]),
        axis=np.array([axes.index(target.axis) for target in targets] + [len(axes)] * len(figures)),
        weights=weights,
        discrepancy={name: _number(parameters, key) for name, key in (
            ("days", "date_discrepancy_days"), ("common", "date_discrepancy_common"), ("losses", "loss_discrepancy")
        )},
    )  # fmt: skip


def _is_fitted(figure: Figure, figures: Sequence[Figure]) -> bool:
    """Losses of fronts, and no sums of such figures; those of single armies stand in nobody's way."""
    parts = (other for other in figures if other.fitted and other.word == figure.word)
    return figure.fitted and not any(set(part.armies) < set(figure.armies) for part in parts)


def _date_groups(targets: Sequence[Target], before: np.ndarray) -> dict[str, list[int]]:
    """Places by axis that fell before the order to stop; apart from them what still stood then, by measure."""
    groups: dict[str, list[int]] = {}
    for k, target in enumerate(targets):
        name = f"axis {target.axis}" if before[k] else f"still held {target.measure.replace('_', ' ')}"
        groups.setdefault(name, []).append(k)
    return groups


def _weights(
    groups: Mapping[str, list[int]], targets: Sequence[Target], figures: Sequence[Figure], days: np.ndarray
) -> tuple[list[str], np.ndarray]:
    """Mean day of each group, the time from the first to the last place of a long axis, each loss by itself."""
    names, columns = [], []
    terms = len(targets) + len(figures)
    for name, members in groups.items():
        names.append(f"{name}: mean day")
        columns.append(np.bincount(members, minlength=terms) / len(members))
        if len(members) >= LEAST_FOR_LENGTH and name.startswith("axis"):
            last, first = max(members, key=days.__getitem__), min(members, key=days.__getitem__)
            names.append(f"{name}: {targets[first].place} to {targets[last].place}")
            columns.append(np.eye(terms)[last] - np.eye(terms)[first])
    for number, figure in enumerate(figures, start=len(targets)):
        names.append(f"{figure.word} {figure.whose}")
        columns.append(np.eye(terms)[number])
    return names, np.column_stack(columns)


def _stop_days(scenario: Scenario, target: Target) -> float:
    """The latest hour at which the first headquarters over the defenders of the operation had the order, or the end."""
    armies = {
        army.army
        for army in scenario.armies
        if army.operation == target.group and army.side != scenario.calendar.control_side
    }
    orders = [
        (hq.order - scenario.calendar.h_hour).total_seconds() / 3600 + hq.spread_h
        for hq in scenario.surrender.headquarters
        if armies & set(hq.armies)
    ]
    return min([*orders, scenario.calendar.days * HOURS_PER_DAY]) / HOURS_PER_DAY


def _interval(figure: Figure, parameters: Mapping[str, Parameter]) -> tuple[float, float]:
    """Low and high of a published loss; a lone figure of lower grade than A is an interval about it."""
    if figure.low < figure.high or figure.grade == "A":
        return figure.low, figure.high
    share = _number(parameters, "loss_interval_b")
    return figure.best * (1.0 - share), figure.best * (1.0 + share)


def _number(parameters: Mapping[str, Parameter], name: str) -> float:
    return float(known_parameter(dict(parameters), f"history.{name}").value or 0.0)
