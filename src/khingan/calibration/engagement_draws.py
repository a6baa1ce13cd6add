"""What is believed of combat's parameters, drawn once for each play: a forecast carries its width."""

from collections.abc import Mapping, Sequence
from zlib import crc32

import numpy as np
from scipy.special import ndtr, ndtri

from khingan.calibration.engagement_advance import ADVANCE
from khingan.calibration.engagement_fit import FITTED, Fit
from khingan.calibration.engagement_plays import Draw, defaults, values_at
from khingan.calibration.engagement_table import Row
from khingan.evidence.parameters import Parameter, read_parameters


def draws_of_mode(values: Mapping[str, float], quality: Mapping[str, float], plays: int) -> list[Draw]:
    """The same opinion in every play."""
    return [Draw(values, quality)] * plays


def draws_of_fit(
    found: Fit, parameters: Mapping[str, Parameter], rows: Sequence[Row], plays: int, seed: int = 1945
) -> list[Draw]:
    """Draws for rows of campaigns that the fit has not seen: its posterior and its sway by campaigns together.

    Nations that it has not seen are drawn from their prior.
    """
    own = np.column_stack([strata(name, plays, seed) for name in (*found.keys, *found.nations)])
    z = found.mode + own @ root(predictive(found))
    others = sorted(nations_of(rows) - set(found.nations))
    unseen = {name: strata(name, plays, seed) for name in others}
    count, draws = len(found.keys), []
    for play, point in enumerate(z):
        worth = dict(zip(found.nations, point[count:], strict=True)) | {name: unseen[name][play] for name in others}
        values = defaults(parameters) | values_at(parameters, found.keys, point[:count])
        draws.append(Draw(values, {name: float(np.exp(w * found.prior_quality_sd)) for name, w in worth.items()}))
    return draws


def predictive(found: Fit) -> np.ndarray:
    """Covariance for a campaign never seen, in units of the prior; no direction is known less well than beforehand."""
    levels, directions = np.linalg.eigh(found.covariance + found.sway)
    return (directions * np.clip(levels, 0.0, 1.0)) @ directions.T


def root(covariance: np.ndarray) -> np.ndarray:
    """The symmetric root: each coordinate keeps to its own luck as nearly as the others allow."""
    levels, directions = np.linalg.eigh(covariance)
    return (directions * np.sqrt(np.maximum(levels, 0.0))) @ directions.T


def draws_of_package(rows: Sequence[Row], plays: int, seed: int = 1945) -> list[Draw]:
    """Draws of the fitted parameters and of the nations' worth from the priors that the package ships."""
    parameters = read_parameters()
    keys, values = FITTED + ADVANCE, defaults()
    drawn = {key: parameters[key].prior.quantile(ndtr(strata(key, plays, seed))) for key in keys}
    table = parameters["engagements.nation_quality"]
    known = dict(zip(table.rows, table.values, strict=True))
    unknown = (1.0, values["engagements.quality_log_sd"])
    worth = {
        name: known.get(name, unknown)[0] * np.exp(known.get(name, unknown)[1] * strata(name, plays, seed))
        for name in nations_of(rows)
    }
    return [
        Draw(
            values | {key: float(drawn[key][play]) for key in keys}, {name: float(worth[name][play]) for name in worth}
        )
        for play in range(plays)
    ]


def nations_of(rows: Sequence[Row]) -> set[str]:
    """Every nation that fought in a row."""
    return {n for row in rows for side in (row.engagement.attacker, row.engagement.defender) for n in side.nations}


def strata(name: str, plays: int, seed: int) -> np.ndarray:
    """(play,) standard normal: middles of equal parts of the distribution, in an order that is the name's own luck."""
    places = np.random.default_rng([seed, crc32(name.encode())]).permutation(plays)
    return ndtri((places + 0.5) / plays)
