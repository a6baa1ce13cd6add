"""Prior distributions of parameters, each by its quantile function."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import betaincinv, gammaincinv, ndtr, ndtri

Quantile = Callable[[Any, float, dict[str, float]], Any]


@dataclass(frozen=True)
class Prior:
    """What is believed about a parameter beforehand; `value` is its default and, where it has one, its centre."""

    kind: str
    value: float
    arguments: tuple[tuple[str, float], ...] = ()

    def quantile(self, u: Any) -> Any:
        """The value below which the share `u` (0 to 1; a number or an array) of the prior lies."""
        return QUANTILES[self.kind](u, self.value, dict(self.arguments))

    def may_be_negative(self) -> bool:
        """Whether a number below zero makes sense; nothing is known of a parameter that does not vary."""
        return self.kind == "fixed" or bool(self.quantile(1e-9) < 0)

    def faults(self) -> list[str]:
        """What keeps the prior from being a distribution that allows its own default value."""
        arguments = dict(self.arguments)
        required, optional = ARGUMENTS[self.kind]
        found = [f"{self.kind} needs {name}" for name in required if name not in arguments]
        found += [f"{self.kind} has no {name}" for name in arguments if name not in required + optional]
        spread = ("log_sd", "sd", "a", "b", "shape", "rate")
        found += [f"{name} {arguments[name]:g} is not above 0" for name in spread if arguments.get(name, 1) <= 0]
        if arguments.get("low", -np.inf) >= arguments.get("high", np.inf):
            found.append("low is not below high")
        if self.kind == "lognormal" and self.value <= 0:
            found.append(f"a lognormal cannot have the median {self.value:g}")
        if not found and not self.quantile(0.001) <= self.value <= self.quantile(0.999):
            found.append(f"the default {self.value:g} lies outside the prior")
        return found


def _truncated(u: Any, centre: float, sd: float, low: float, high: float) -> Any:
    """Normal quantile between bounds, by the inverse of the distribution function."""
    below, above = ndtr((low - centre) / sd), ndtr((high - centre) / sd)
    return np.clip(centre + sd * ndtri(below + np.asarray(u) * (above - below)), low, high)


def _normal(u: Any, value: float, given: dict[str, float]) -> Any:
    return _truncated(u, value, given["sd"], given.get("low", -np.inf), given.get("high", np.inf))


def _lognormal(u: Any, value: float, given: dict[str, float]) -> Any:
    low = np.log(given["low"]) if given.get("low", 0.0) > 0 else -np.inf
    high = np.log(given["high"]) if "high" in given else np.inf
    return np.exp(_truncated(u, float(np.log(value)), given["log_sd"], low, high))


def _uniform(u: Any, value: float, given: dict[str, float]) -> Any:
    return given["low"] + np.asarray(u) * (given["high"] - given["low"])


def _beta(u: Any, value: float, given: dict[str, float]) -> Any:
    return betaincinv(given["a"], given["b"], u)


def _gamma(u: Any, value: float, given: dict[str, float]) -> Any:
    return gammaincinv(given["shape"], u) / given["rate"]


def _fixed(u: Any, value: float, given: dict[str, float]) -> Any:
    return np.full_like(np.asarray(u, dtype=float), value)[()]


QUANTILES: dict[str, Quantile] = {
    "lognormal": _lognormal,
    "normal": _normal,
    "uniform": _uniform,
    "beta": _beta,
    "gamma": _gamma,
    "fixed": _fixed,
}

# Required and optional arguments of each kind; missing bounds leave the side open.
ARGUMENTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "lognormal": (("log_sd",), ("low", "high")),
    "normal": (("sd",), ("low", "high")),
    "uniform": (("low", "high"), ()),
    "beta": (("a", "b"), ()),
    "gamma": (("shape", "rate"), ()),
    "fixed": ((), ()),
}
