"""Compare: lay every dated event and published total of the real campaign beside the ensemble."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from khingan.errors import KhinganError
from khingan.evidence.parameters import Parameter, known_parameter, read_parameters
from khingan.history.advance import halt_rows, pace_rows
from khingan.history.comparison import Comparison, ComparisonRow, badness
from khingan.history.losses import loss_rows
from khingan.history.measure import hours
from khingan.history.nulls import Known, forecasts
from khingan.history.score import Array, crps, meets, rank, with_never
from khingan.history.targets import History, Target, read_history
from khingan.scenario.schema import Formation, Scenario
from khingan.simulation.politics import SCHOOL, school_named
from khingan.simulation.result import Result
from khingan.units import great_circle_km

# Formations that could march or land at H-hour: no place waits for guns, aircraft, fleets or fortress garrisons.
COMING = ("field", "landing")


def compare(result: Result, scenario: Scenario) -> Comparison:
    """Every target against the runs, operation by operation and worst first within each."""
    history = read_history(scenario)
    parameters = read_parameters()
    never_at = result.horizon_h + _number(parameters, "never_after_h")
    known = _known(scenario, history, parameters)
    times = hours(result, scenario, history.targets)
    rows = [_row(target, known, k, times[:, k], result.horizon_h, never_at) for k, target in enumerate(history.targets)]
    why = {reason.target: reason.why for reason in history.reasons}
    rows = [replace(row, why=why.get(row.target, "")) for row in rows]
    order = {operation.key: k for k, operation in enumerate(scenario.calendar.operations)}
    rows.sort(key=lambda row: (order[row.group], *badness(row)))
    losses, without = loss_rows(result, scenario, history)
    paces, unlike = pace_rows(result, scenario, history)
    return Comparison(
        rows=(*rows, *losses, *halt_rows(result, scenario, history), *paces),
        h_hour=scenario.calendar.h_hour,
        horizon_h=result.horizon_h,
        never_at_h=never_at,
        runs=result.runs,
        seed=result.study.seed,
        conditioned_on=conditioned_on(result.study.settings.pinned),
        not_compared=(*without, *unlike),
    )


def conditioned_on(pinned: Mapping[str, float]) -> str:
    """Whose surrender the dates rest on: history's calendar, or a decision drawn as one school reads it."""
    school = school_named(pinned.get(SCHOOL, 0.0))
    return f"a surrender drawn by the school '{school}' (grade C)" if school else Comparison.conditioned_on


def never_h(result: Result) -> float:
    """Hours from H-hour at which an event that never came is counted."""
    return result.horizon_h + _number(read_parameters(), "never_after_h")


def observed_h(target: Target, scenario: Scenario) -> float:
    """The target's date in hours from H-hour."""
    return (target.observed - scenario.calendar.h_hour).total_seconds() / 3600


def _row(target: Target, known: Known, k: int, times: Array, horizon_h: float, never_at: float) -> ComparisonRow:
    """One dated target beside its time in every run, NaN for never."""
    values = with_never(times, never_at)
    q05, q25, median, q75, q95 = (float(value) for value in np.quantile(values, (0.05, 0.25, 0.5, 0.75, 0.95)))
    observed = float(known.observed_h[k])
    low, high = observed - target.precision_h, observed + target.precision_h
    return ComparisonRow(
        target=target.target,
        group=target.group,
        phase=target.phase,
        measure=target.measure,
        fitted=target.fitted,
        unit="h",
        observed_low=low,
        observed=observed,
        observed_high=high,
        q05=q05,
        median=median,
        q95=q95,
        rank=rank(values, low, high),
        crps=crps(values, observed),
        null_crps=_null_scores(known, k, horizon_h, never_at),
        never=float(np.isnan(times).mean()),
        inside=meets(low, high, q05, q95),
        axis=target.axis,
        place=target.place,
        grade=target.grade,
        q25=q25,
        q75=q75,
    )


def _null_scores(known: Known, k: int, horizon_h: float, never_at: float) -> dict[str, float | None]:
    """CRPS in hours of each null, cut at the horizon as the runs are; None where it has no forecast."""
    observed = float(known.observed_h[k])
    return {
        name: None if samples is None else crps(np.where(samples > horizon_h, never_at, samples), observed)
        for name, samples in forecasts(known, k).items()
    }


def _known(scenario: Scenario, history: History, parameters: dict[str, Parameter]) -> Known:
    targets = history.targets
    return Known(
        targets=targets,
        observed_h=np.array([observed_h(target, scenario) for target in targets]),
        distance_km=_distances(scenario, targets, _number(parameters, "least_distance_km")),
        norms=_norms(scenario, history),
        log_sd=_number(parameters, "planned_pace_log_sd"),
        route_factor=_number(parameters, "route_per_great_circle"),
    )


def _norms(scenario: Scenario, history: History) -> list[tuple[str, float]]:
    """Planned rates with the front of the army whose name the row begins with."""
    fronts = {army.name: army.front for army in scenario.armies if army.side == scenario.calendar.control_side}
    return [
        (front, pace.planned)
        for pace in history.paces
        if pace.planned is not None
        for name, front in fronts.items()
        if pace.formation.startswith(name)
    ]


def _distances(scenario: Scenario, targets: Sequence[Target], least_km: float) -> Array:
    """(target,) great circle in km to the nearest attacker that stood ready at H-hour."""
    ready = [formation for formation in scenario.formations if _ready(formation, scenario)]
    nearest = [
        min(great_circle_km(target.lat, target.lon, formation.lat, formation.lon) for formation in ready)
        for target in targets
    ]
    return np.maximum(nearest, least_km)


def _ready(formation: Formation, scenario: Scenario) -> bool:
    """Whether an attacker's formation was on the map at H-hour and could march or land."""
    present = formation.arrives is None or formation.arrives <= scenario.calendar.h_hour
    attacker = formation.side == scenario.calendar.control_side
    return attacker and present and not formation.off_map and formation.role in COMING


def _number(parameters: dict[str, Parameter], name: str) -> float:
    value = known_parameter(parameters, f"history.{name}").value
    if value is None:
        raise KhinganError(f"parameters/history.yaml {name}", "a table where a number is meant", "give it a value")
    return value
