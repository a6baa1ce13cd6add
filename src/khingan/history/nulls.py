"""Three forecasts that know nothing of war, to be beaten: the plan, the calendar and the distance.

Each gives every target a predictive distribution as sorted samples in hours from H-hour. The plan may be read by
anybody on 8 August; the calendar and the distance look at the other dates of history, so they are hard to beat.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from khingan.history.score import Array
from khingan.history.targets import Target
from khingan.units import HOURS_PER_DAY

NULLS = ("plan", "calendar", "distance")

# A slope, a constant and a residual need three places.
LEAST_PLACES = 3

# A distribution given in closed form is scored by its quantiles at the middles of this many equal shares.
SHARES = (np.arange(400) + 0.5) / 400


@dataclass(frozen=True)
class Known:
    """What the nulls may use: targets, their times (h) and distances (km) in the same order; norms are planned
    rates of advance in km of route a day, each with its front."""

    targets: Sequence[Target]
    observed_h: Array
    distance_km: Array
    norms: Sequence[tuple[str, float]]
    log_sd: float
    route_factor: float


def forecasts(known: Known, index: int) -> dict[str, Array | None]:
    """The three predictive distributions for a target, none of which saw its date; None where one knows too little."""
    return {"plan": plan(known, index), "calendar": calendar(known, index), "distance": distance(known, index)}


def plan(known: Known, index: int) -> Array | None:
    """Lognormal around the planned day; where the target has none, around its distance at the planned pace."""
    target = known.targets[index]
    days = target.planned_days
    if days is None:
        pace = _planned_pace(known, target)
        if pace is None:
            return None
        days = known.distance_km[index] * known.route_factor / pace
    return HOURS_PER_DAY * days * np.exp(known.log_sd * ndtri(SHARES))


def calendar(known: Known, index: int) -> Array | None:
    """The dates of the other targets of the same phase, each as likely as the next."""
    phase = known.targets[index].phase
    others = [k for k, other in enumerate(known.targets) if other.phase == phase and k != index]
    return np.sort(known.observed_h[others]) if others else None


def distance(known: Known, index: int) -> Array | None:
    """Lognormal from a regression of ln(time) on ln(distance) and front over every other place."""
    target = known.targets[index]
    rest = [k for k, other in enumerate(known.targets) if other.place != target.place]
    if len(rest) < LEAST_PLACES:
        return None
    same_front = any(known.targets[k].front == target.front for k in rest)
    fronts = sorted({known.targets[k].front for k in rest}) if same_front else []
    rows = np.array([_regressors(known, k, fronts) for k in rest])
    times = np.log(known.observed_h[rest])
    slopes, _, order, _ = np.linalg.lstsq(rows, times, rcond=None)
    spread = np.sqrt(((times - rows @ slopes) ** 2).sum() / max(len(rest) - order, 1))
    return np.exp(_regressors(known, index, fronts) @ slopes + spread * ndtri(SHARES))


def _regressors(known: Known, k: int, fronts: list[str]) -> Array:
    """ln(distance) and one dummy a front; one constant where the front has no other place to learn from."""
    dummies = [float(known.targets[k].front == front) for front in fronts] or [1.0]
    return np.array([np.log(known.distance_km[k]), *dummies])


def _planned_pace(known: Known, target: Target) -> float | None:
    """Planned km of route a day: the median of the axis's planned places, else the front's norm, else any norm."""
    axis = [
        known.distance_km[k] * known.route_factor / other.planned_days
        for k, other in enumerate(known.targets)
        if other.axis == target.axis and other.planned_days
    ]
    own = [pace for front, pace in known.norms if front == target.front]
    paces = axis or own or [pace for _, pace in known.norms]
    return float(np.median(paces)) if paces else None
