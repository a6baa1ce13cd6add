"""The combat model beside a table of engagements: cross-validated with its fit, or with the parameters it ships."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from khingan.calibration.engagement_baselines import BASELINES, published, require_scikit_learn
from khingan.calibration.engagement_draws import draws_of_fit, draws_of_package
from khingan.calibration.engagement_fit import Evidence, fit, gather_evidence
from khingan.calibration.engagement_plays import Forecasts, forecast
from khingan.calibration.engagement_scores import Truth, score
from khingan.calibration.engagement_table import Row, Table, read_table
from khingan.errors import KhinganError
from khingan.evidence.parameters import Parameter, read_parameters

FOLDS, ASSIGNMENTS, PLAYS, PLAYS_SHIPPED = 5, 10, 1600, 1600  # fewer plays leave luck of their own in the scores
LEAST_GROUPS, LEAST_ROWS = 5, 40
PRIORS = Path(__file__).parent / "engagement_priors"
Hear = Callable[[str, int, int], None]


def quiet(phase: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def priors() -> dict[str, Parameter]:
    """Every parameter, those that are fitted with what was believed before any engagement was looked at."""
    return read_parameters() | read_parameters(PRIORS)


def validate_shipped(path: Path, plays: int = PLAYS_SHIPPED) -> dict[str, Any]:
    """Score the package's own parameters on a table; nothing is fitted. Raises CampaignError for a faulty table."""
    table = read_table(path)
    if not table.rows:
        raise KhinganError(table.file, "no row has the strengths of both sides", "fill att_ and def_strength_total")
    ours = forecast(table.rows, draws_of_package(table.rows, plays))
    scored = {"ww2": np.array([row.is_ww2 for row in table.rows]), "all": np.ones(len(table.rows), bool)}
    blocks = {name: _score_shipped(table.rows, ours, chosen) for name, chosen in scored.items() if chosen.any()}
    first = "ww2" if "ww2" in blocks else "all"
    return {
        **head(table, int(scored[first].sum()), "shipped", 0, 0, first), **blocks[first],
        "subsets": {name: {"rows": int(scored[name].sum()), **found} for name, found in blocks.items()},
    }  # fmt: skip


def _score_shipped(rows: Sequence[Row], ours: Forecasts, chosen: np.ndarray) -> dict[str, Any]:
    some = [row for row, use in zip(rows, chosen, strict=True) if use]
    truth, told = Truth.of(some), Forecasts(ours.win[chosen], ours.ln_loss[chosen], ours.advance[chosen])
    return {"counts": truth.counts(), **score(truth, [told], {"published_rules": [published(some)]})}


def validate(
    path: Path, hear: Hear = quiet, assignments: int = ASSIGNMENTS, plays: int = PLAYS, design: int | None = None
) -> dict[str, Any]:
    """Cross-validate on a table: campaigns in five folds, fitted on the rows since 1900 of the other four.

    Scored are the rows of 1939-45 where there are any, with every baseline in the same folds. Raises CampaignError for
    a faulty table and KhinganError for one too small.
    """
    require_scikit_learn()
    table = read_table(path)
    rows = [row for row in table.rows if row.is_c20] or list(table.rows)
    scored = np.array([row.is_ww2 for row in rows]) if any(row.is_ww2 for row in rows) else np.ones(len(rows), bool)
    refuse_small(table, rows, scored)
    hear("playing the prior", 0, 1)
    evidence = gather_evidence(rows, priors(), **({} if design is None else {"design": design}))
    made: dict[str, list[Forecasts]] = {name: [] for name in ("khingan", *BASELINES)}
    for assignment in range(assignments):
        hear("folds", assignment, assignments)
        for name, forecasts in fold_forecasts(evidence, scored, assignment, plays).items():
            made[name].append(forecasts)
    hear("folds", assignments, assignments)
    truth = Truth.of([row for row, use in zip(rows, scored, strict=True) if use])
    ours = made.pop("khingan")
    which = "ww2" if any(row.is_ww2 for row in rows) else "all"
    return {
        **head(table, int(scored.sum()), "fitted", FOLDS, assignments, which),
        "fitted_rows": len(rows), "groups": len(set(truth.groups)), "counts": truth.counts(),
        **score(truth, ours, made),
    }  # fmt: skip


def refuse_small(table: Table, rows: Sequence[Row], scored: np.ndarray) -> None:
    """Five folds of whole campaigns need campaigns and rows, with both kinds of winner."""
    groups = {row.group for row, use in zip(rows, scored, strict=True) if use}
    decided = {row.won for row in rows if row.won is not None}
    if len(groups) < LEAST_GROUPS or len(rows) < LEAST_ROWS or len(decided) < 2:
        what = f"{len(rows)} usable rows in {len(groups)} campaigns are too few for five folds"
        raise KhinganError(table.file, what, "give more rows, or score with --parameters shipped")


def head(table: Table, used: int, parameters: str, folds: int, assignments: int, which: str) -> dict[str, Any]:
    """What was read and what of it is used."""
    return {
        "rows": table.read, "used": used, "folds": folds, "assignments": assignments, "parameters": parameters,
        "scored": which, "left_out": {"duplicates": table.duplicates, "without_strength": table.without_strength},
        "missing_columns": list(table.missing),
    }  # fmt: skip


def folds_of(rows: Sequence[Row], scored: np.ndarray, assignment: int) -> np.ndarray:
    """(row,) fold of each row: campaign groups in random order, each to the fold with the fewest scored rows."""
    rng = np.random.default_rng([1945, assignment])
    names = np.array([row.group for row in rows])
    fold = np.zeros(len(rows), int)
    load = np.zeros((FOLDS, 2))
    groups = rng.permutation(sorted(set(names.tolist())))
    for group in sorted(groups, key=lambda group: not scored[names == group].any()):
        own = np.array([scored[names == group].sum(), (names == group).sum()])
        least = min(range(FOLDS), key=lambda k: (load[k, 0], load[k, 1]) if own[0] else (load[k, 1], load[k, 0]))
        fold[names == group] = least
        load[least] += own
    return fold


def fold_forecasts(evidence: Evidence, scored: np.ndarray, assignment: int, plays: int) -> dict[str, Forecasts]:
    """Forecasts of the scored rows by every model, each row by a fit that saw nothing of its campaign."""
    parameters, fold = priors(), folds_of(evidence.rows, scored, assignment)
    places = np.cumsum(scored) - 1
    room = {name: empty(int(scored.sum())) for name in ("khingan", *BASELINES)}
    for number in range(FOLDS):
        train, test = np.flatnonzero(fold != number), np.flatnonzero((fold == number) & scored)
        if not test.size:
            continue
        known, unseen = [evidence.rows[i] for i in train], [evidence.rows[i] for i in test]
        found = fit(evidence.only(train), parameters)
        told = {"khingan": forecast(unseen, draws_of_fit(found, parameters, unseen, plays))}
        told |= {name: model(known, unseen) for name, model in BASELINES.items()}
        for name, forecasts in told.items():
            put(room[name], places[test], forecasts)
    return room


def empty(count: int) -> Forecasts:
    """Room for forecasts."""
    return Forecasts(np.empty(count), np.empty((count, 2)), np.empty(count))


def put(room: Forecasts, places: np.ndarray, given: Forecasts) -> None:
    """Copy forecasts to their places."""
    room.win[places], room.ln_loss[places], room.advance[places] = given.win, given.ln_loss, given.advance


def summary(result: Mapping[str, Any]) -> list[tuple[str, dict[str, float], dict[str, float]]]:
    """(model, measures, standard errors), khingan first."""
    lines = []
    for name, found in (("khingan", result), *result["baselines"].items()):
        values: dict[str, float] = {}
        errors: dict[str, float] = {}
        for block in ("winner", "casualties", "advance"):
            errors |= found[block]["standard_errors"]
            values |= {key: value for key, value in found[block].items() if isinstance(value, float)}
        lines.append((name, values, errors))
    return lines
