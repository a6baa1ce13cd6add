"""Fit combat and breaking to a table of engagements and carry the posterior into the package:

    python tools/fit_engagements.py FILE [ARDENNES]

FILE has the columns of CDB90. Writes values and priors in src/khingan/parameters, the worth of nations among them, and
docs/validation/engagements.md with the cross-validated scores. Some minutes on two cores; the same file gives the same
numbers. Then run tools/parameter_tables.py.
"""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from khingan.calibration.ardennes import forecast_by_day
from khingan.calibration.engagement_fit import Evidence, Fit, fit, gather_evidence
from khingan.calibration.engagement_scores import MEASURES
from khingan.calibration.engagement_table import read_table
from khingan.calibration.engagements import priors, summary, validate
from khingan.evidence.parameters import Parameter, read_parameters

ROOT = Path(__file__).parents[1]
PARAMETERS = ROOT / "src" / "khingan" / "parameters"
PAGE = ROOT / "docs" / "validation" / "engagements.md"
BEGIN, END = "<!-- scores, from tools/fit_engagements.py: begin -->", "<!-- scores: end -->"
RESAMPLES = 40
SOURCE = "engagement-fit"


def main() -> None:
    """Fit, write, validate, write."""
    file = Path(sys.argv[1])
    rows = [row for row in read_table(file).rows if row.is_c20]
    evidence = gather_evidence(rows, priors())
    found = fit(evidence, priors())
    carry_over(found, spread_over_campaigns(evidence))
    days = forecast_by_day(Path(sys.argv[2])) if len(sys.argv) > 2 else None
    write_page(validate(file), days)


def spread_over_campaigns(evidence: Evidence) -> tuple[np.ndarray, dict[str, float]]:
    """How the mode moves when other campaigns are drawn: standard deviations in z, and of each nation's ln worth."""
    rng = np.random.default_rng(1945)
    names = np.array([row.group for row in evidence.rows])
    groups = sorted(set(names.tolist()))
    fits = []
    for _ in range(RESAMPLES):
        drawn = rng.choice(groups, len(groups))
        fits.append(fit(evidence.only(np.concatenate([np.flatnonzero(names == group) for group in drawn])), priors()))
    worth = {nation: float(np.std([np.log(one.quality[nation]) for one in fits])) for nation in evidence.nations}
    return np.std([one.mode for one in fits], axis=0), worth


def carry_over(found: Fit, spread: tuple[np.ndarray, Mapping[str, float]]) -> None:
    """Write every fitted parameter: the mode as value, posterior and spread over campaigns together as prior."""
    before = priors()
    own = np.sqrt(np.diag(found.covariance))[: len(found.keys)]
    # No fit on some campaigns tells more of another war than the two errors together; none tells less than the prior.
    wide = np.minimum(1.0, np.sqrt(own**2 + spread[0][: len(found.keys)] ** 2))
    for key, sd in zip(found.keys, wide, strict=True):
        write_parameter(before[key], found.values[key], float(sd))
    write_nations(found, spread[1])


def write_parameter(before: Parameter, value: float, sd: float) -> None:
    """Replace value, prior, source, grade and note of one entry."""
    mechanism, name = before.key.split(".")
    arguments = dict(before.prior.arguments)
    for word in ("log_sd", "sd"):
        if word in arguments:
            arguments[word] = float(f"{arguments[word] * sd:.2g}")
    prior = f"{before.prior.kind}: {{{', '.join(f'{word}: {number:g}' for word, number in arguments.items())}}}"
    note = f"before the fit {before.value:g}, {words(before)}"
    if before.note:
        note += f"; {before.note}"
    entry = (
        f'{name}:\n  value: {value:.3g}\n  unit: "{before.unit}"\n  prior: {{{prior}}}\n  meaning: {before.meaning}\n'
        f"  source: {SOURCE}\n  grade: B\n  note: {note}\n"
    )
    path = PARAMETERS / f"{mechanism}.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(rf"(?m)^{name}:\n(?:  .*\n)+", lambda _: entry, text), encoding="utf-8")


def words(parameter: Parameter) -> str:
    """A prior's spread in words."""
    return " ".join(f"{word} {number:g}" for word, number in parameter.prior.arguments if word in ("log_sd", "sd"))


def write_nations(found: Fit, spread: Mapping[str, float]) -> None:
    """Replace the table of fighting worth by nation."""
    own = found.prior_quality_sd * np.sqrt(np.diag(found.covariance))[len(found.keys) :]
    rows = {
        nation: (quality, min(0.25, float(np.hypot(sd, spread[nation]))))
        for (nation, quality), sd in zip(found.quality.items(), own, strict=True)
    }
    entry = (
        f'nation_quality:\n  unit: "1"\n  rows: [{", ".join(rows)}]\n  columns: [quality, log_sd]\n'
        f"  values: [{', '.join(f'[{quality:.2f}, {sd:.2f}]' for quality, sd in rows.values())}]\n"
        f"  meaning: fighting worth of a nation's troops at equal numbers and weapons, and the standard deviation of "
        f"its logarithm\n  source: {SOURCE}\n  grade: C\n"
        "  note: prior 1 with the spread above; only ratios count, and they also carry what the table does not tell\n"
    )
    path = PARAMETERS / "engagements.yaml"
    text = re.sub(r"(?m)^nation_quality:\n(?:  .*\n)+", "", path.read_text(encoding="utf-8"))
    path.write_text(text + entry, encoding="utf-8")


def write_page(result: Mapping[str, Any], days: Mapping[str, Any] | None) -> None:
    """Replace the scores of the page."""
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    parts = [scores(result), differences(result), curve(result), posterior()]
    if days is not None:
        parts.append(by_day(days))
    PAGE.write_text(f"{before}{BEGIN}\n\n" + "\n".join(parts) + f"\n{END}{after}", encoding="utf-8")


def scores(result: Mapping[str, Any]) -> str:
    """One line a model, standard errors in brackets."""
    counts = result["counts"]
    lines = [
        [name.replace("_", " "), *(f"{values[m]:.3f} ({errors[m]:.3f})" for m in MEASURES)]
        for name, values, errors in summary(result)
    ]
    head = ["model", "Brier", "log score", "AUC", "accuracy", "ln casualties, attacker", "defender", "advance, km/day"]
    return (
        f"Rows of 1939-45: {counts['winner']} with a winner, {counts['casualties']} with losses of both sides, "
        f"{counts['advance']} with an advance, {result['groups']} campaign groups; {result['folds']} folds, "
        f"{result['assignments']} assignments; fitted on the other folds' part of {result['fitted_rows']} rows since "
        f"1900.\n\n" + table(head, lines)
    )


def differences(result: Mapping[str, Any]) -> str:
    """Ours less theirs, with 90 % intervals."""
    lines = [
        [name.replace("_", " "), *(f"{d['mean']:+.3f} ({d['low']:+.3f} to {d['high']:+.3f})"
                                   for d in (found["difference"][m] for m in MEASURES))]
        for name, found in result["baselines"].items()
    ]  # fmt: skip
    head = ["khingan less", "Brier", "log score", "AUC", "accuracy", "ln casualties, attacker", "defender", "advance"]
    return "Differences on the same rows, 90 % intervals by bootstrap over campaign groups:\n\n" + table(head, lines)


def curve(result: Mapping[str, Any]) -> str:
    """The calibration curve."""
    lines = [
        [f"{step['from']:.1f}-{step['to']:.1f}", f"{step['rows']}", f"{step['forecast']:.2f}",
         f"{step['observed']:.2f}"]
        for step in result["winner"]["calibration"] if step["rows"]
    ]  # fmt: skip
    return "Calibration of the chance that the attackers win:\n\n" + table(["chance", "rows", "forecast", "won"], lines)


def posterior() -> str:
    """What the fit made of the parameters, with 90 % intervals."""
    before, now = priors(), read_parameters()
    lines = []
    for key, parameter in now.items():
        if parameter.source == SOURCE and parameter.value is not None:
            old, new = before[key].prior, parameter.prior
            lines.append([
                f"`{key}`", parameter.unit, f"{old.value:g}", f"{old.quantile(0.05):.3g} to {old.quantile(0.95):.3g}",
                f"{new.value:g}", f"{new.quantile(0.05):.3g} to {new.quantile(0.95):.3g}",
            ])  # fmt: skip
    head = ["parameter", "unit", "before", "90 % before", "fitted", "90 % shipped"]
    return "Parameters; the shipped interval holds the posterior and its spread over campaigns:\n\n" + table(
        head, lines
    )


def by_day(days: Mapping[str, Any]) -> str:
    """The Ardennes."""
    lines = [[name, *(f"{error:.2f}" for error in found.values())] for name, found in days["ln_mae"].items()]
    return (
        f"The Ardennes by day, the last {days['forecast_days']} of {days['days']} days forecast from the first, mean "
        "absolute error of ln daily losses:\n\n" + table(["rule", "Allied", "German"], lines)
    )


def table(head: list[str], lines: list[list[str]]) -> str:
    """A table in Markdown."""
    return "".join("| " + " | ".join(cells) + " |\n" for cells in (head, ["---"] * len(head), *lines))


if __name__ == "__main__":
    main()
