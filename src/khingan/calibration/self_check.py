"""Whether the fit can be trusted: rows of the table it has not seen are history in turn (Talts and others 2018)."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import chisquare

from khingan.calibration.regression_abc import learn_estimates, posterior

BINS = 10
HELD_OUT = 500


@dataclass(frozen=True)
class SelfCheck:
    """What became of `rows` invented histories; every table is (parameter,), `ranks` (history, parameter)."""

    rows: int
    ranks: np.ndarray  # weight of the posterior below the parameter that made the history
    evenness: np.ndarray  # p-value of the ranks' histogram against an even one
    cover50: np.ndarray
    cover90: np.ndarray
    recovered: np.ndarray  # R² of the posterior mean
    narrowed: np.ndarray  # one less the mean variance of the posterior, in variances of the prior

    @property
    def histograms(self) -> np.ndarray:
        """(parameter, bin) histories by rank."""
        return _counts(self.ranks)


def check_self(summaries: np.ndarray, z: np.ndarray, seed: int, rows: int = HELD_OUT) -> SelfCheck:
    """Hold `rows` of the table out (at most a fifth), fit to each of them as if it were history."""
    rows = max(1, min(rows, len(z) // 5))
    order = np.random.default_rng(seed).permutation(len(z))
    held, rest = order[:rows], np.sort(order[rows:])
    learned = learn_estimates(summaries[rest], z[rest])
    table, observed = learned.of(summaries[rest]), learned.of(summaries[held])
    samples = [posterior(table, z[rest], one) for one in observed]
    ranks = np.array([sample.below(z[row]) for sample, row in zip(samples, held, strict=True)])
    means = np.array([sample.mean() for sample in samples])
    off = ((means - z[held]) ** 2).mean(axis=0)
    return SelfCheck(
        rows=rows,
        ranks=ranks,
        evenness=np.array([chisquare(count).pvalue for count in _counts(ranks)]),
        cover50=(np.abs(ranks - 0.5) <= 0.25).mean(axis=0),
        cover90=(np.abs(ranks - 0.5) <= 0.45).mean(axis=0),
        recovered=1.0 - off / np.maximum(z[held].var(axis=0), 1e-9),
        narrowed=1.0 - np.mean([sample.variance() for sample in samples], axis=0),
    )


def _counts(ranks: np.ndarray) -> np.ndarray:
    return np.array([np.histogram(column, BINS, (0.0, 1.0))[0] for column in ranks.T])
