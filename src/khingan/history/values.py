"""One value a run of anything the comparison knows, or of the taking of any place."""

from dataclasses import dataclass

import numpy as np

from khingan.errors import KhinganError, suggestion
from khingan.history.compare import never_h
from khingan.history.losses import VARIABLE, published, row_key, total
from khingan.history.measure import hours, point_control
from khingan.history.score import Array
from khingan.history.targets import History, has_history, read_history
from khingan.scenario.gazetteer import resolve
from khingan.scenario.schema import Scenario
from khingan.simulation.result import Result
from khingan.units import HOURS_PER_DAY


@dataclass(frozen=True)
class Values:
    """(run,) values of one target; times are days from H-hour, never counted as in the comparison."""

    target: str
    unit: str
    values: Array


def values_of(result: Result, scenario: Scenario, name: str) -> Values:
    """The values of a target of the history, of a published figure, or of the day a place was first held.

    Raises KhinganError with near names where `name` is none of these.
    """
    if has_history(scenario):
        history = read_history(scenario)
        found = _dated(result, scenario, history, name) or _counted(result, scenario, history, name)
        if found:
            return found
        known = [target.target for target in history.targets]
        known += [figure.key for figure in published(scenario, history) if figure.has_like]
    else:
        known = []
    try:
        point = resolve(scenario, name)
    except KhinganError as error:
        remedy = suggestion(name, [*known, *(place.name for place in scenario.places)])
        raise KhinganError(name, "no target, figure or place of this campaign", remedy) from error
    return Values(point.place or name, "days", _days(result, point_control(result, point)))


def _dated(result: Result, scenario: Scenario, history: History, name: str) -> Values | None:
    chosen = [target for target in history.targets if target.target == name]
    return Values(name, "days", _days(result, hours(result, scenario, chosen)[:, 0])) if chosen else None


def _counted(result: Result, scenario: Scenario, history: History, name: str) -> Values | None:
    for figure in published(scenario, history):
        if figure.has_like and figure.key == name:
            return Values(name, VARIABLE[figure.word][2], total(result, scenario, figure))
    armies = {army.army: army.name for army in scenario.armies}
    for halt in history.halts:
        if row_key("halted_for_fuel", armies[halt.army]) == name:
            return Values(name, "hours", np.asarray(result.of("halted_hours", "army", halt.army), np.float64))
    return None


def _days(result: Result, times: Array) -> Array:
    return np.where(np.isnan(times), never_h(result), times) / HOURS_PER_DAY
