"""The months before H-hour as a summary: what moved, what was seen and believed, beside what is documented."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from khingan.engine.deployment import greatest_flow
from khingan.errors import CampaignError, Problem, suggestion
from khingan.evidence.parameters import read_parameters
from khingan.evidence.record import LocalTime, Row
from khingan.history.targets import read_rows
from khingan.scenario.prelude import Prelude
from khingan.scenario.schema import Scenario
from khingan.simulation.prelude import Preludes
from khingan.world.prelude import PreludePlan, network

ESTIMATES, DEPLOYMENTS = "history/estimates.csv", "history/deployments.csv"
QUANTILES = {"q05": 0.05, "median": 0.5, "q95": 0.95}


class Estimate(Row):
    """What a headquarters is on record to have thought, in our words; low and high a chance of attack by the cut."""

    observer: str
    day: LocalTime
    said: str
    low: float | None
    high: float | None
    grade: str
    note: str


class Deployment(Row):
    """What is on record of a movement or of all; `low` and `high` are days or numbers."""

    movement: str
    measure: str
    low: str
    high: str
    unit: str
    grade: str
    note: str


def read_documented(scenario: Scenario, prelude: Prelude) -> tuple[tuple[Estimate, ...], tuple[Deployment, ...]]:
    """What is on record of the months before; empty where the campaign has no such table."""
    problems: list[Problem] = []
    folder = Path(scenario.folder)
    estimates = read_rows(folder, ESTIMATES, Estimate, problems)
    deployments = read_rows(folder, DEPLOYMENTS, Deployment, problems)
    observers = [row.observer for row in prelude.observers]
    for row in estimates:
        if row.observer not in observers:
            what = f"unknown observer '{row.observer}'"
            problems.append(Problem(row.file, row.line, 1, what, suggestion(row.observer, observers)))
    movements = ["all", *(row.movement for row in prelude.movements)]
    for found in deployments:
        if found.movement not in movements:
            what = f"unknown movement '{found.movement}'"
            problems.append(Problem(found.file, found.line, 1, what, suggestion(found.movement, movements)))
    if problems:
        raise CampaignError(scenario.calendar.name, problems)
    return estimates, deployments


def wagons_per_train() -> float:
    """Wagons that a train is counted as, from parameters/history.yaml."""
    return read_parameters()["history.wagons_per_train"].value or 0.0


def summarise(scenario: Scenario, prelude: Prelude, plan: PreludePlan, played: Preludes) -> dict[str, Any]:
    """The months before as plain values; the fields stand in docs/json.md."""
    estimates, deployments = read_documented(scenario, prelude)
    record, begins = played.record, prelude.days["begins"]
    share = np.bincount(record.disposition.astype(int), minlength=len(prelude.dispositions)) / played.runs
    return {
        "campaign": scenario.calendar.name,
        "runs": played.runs,
        "seed": played.seed,
        "settings": played.settings.as_dict(),
        "planned": calendar_day(begins, float(plan.arrays.calendar.attack[0])),
        "attack": spread_of_days(begins, record.attack_day),
        "executable": spread_of_days(begins, record.executable_day),
        "lines_bear": capacity(prelude),
        "wagons": spread(np.nansum(record.trains, axis=1) * wagons_per_train()),
        "movements": movements(prelude, begins, played),
        "months": list(months(prelude, plan, played)),
        "observers": observers(prelude, played),
        "belief": beliefs(prelude, plan, played),
        "dispositions": dict(zip(prelude.dispositions, share.tolist(), strict=True)),
        "defender": defender(scenario),
        "drained": [{"body": row.body, "left": f"{row.left:%Y-%m-%d}", "destination": row.destination, "type": row.type,
                     "men": row.men, "tanks": row.tanks, "guns": row.guns, "effectiveness": row.effectiveness}
                    for row in prelude.drained],
        "tied": [{"year": int(row.year), "insurgents": row.insurgents, "tied": row.tied, "allies_tied": row.allies_tied}
                 for row in prelude.tied],
        "documented": {
            "estimates": [{"observer": row.observer, "day": f"{row.day:%Y-%m-%d}", "said": row.said, "low": row.low,
                           "high": row.high, "grade": row.grade} for row in estimates],
            "deployments": [row.model_dump(exclude={"file", "line"}) for row in deployments],
        },
    }  # fmt: skip


def defender(scenario: Scenario) -> dict[str, float]:
    """The defender on the map under the changes: formations, men, men weighed by their effect, men tied to the rear."""
    bodies = [body for body in scenario.formations if body.side != scenario.calendar.control_side and not body.off_map]
    share = {row.army: row.value for row in scenario.supply if row.kind == "tied_share"}
    return {
        "formations": len(bodies),
        "men": sum(body.men for body in bodies),
        "worth": sum(body.men * body.effectiveness / 100.0 for body in bodies),
        "tied": sum(body.men * share.get(body.army, 0.0) for body in bodies),
    }


def spread(values: np.ndarray) -> dict[str, float]:
    """Quantiles over the runs."""
    return {name: float(np.quantile(values, share)) for name, share in QUANTILES.items()}


def spread_of_days(begins: datetime, days: np.ndarray) -> dict[str, str | None]:
    """Quantiles as days of the calendar; None for what never came."""
    return {name: calendar_day(begins, value) for name, value in spread(days).items()}


def calendar_day(begins: datetime, day: float) -> str | None:
    """A day counted from the first one as a date."""
    return f"{begins + timedelta(days=day):%Y-%m-%d}" if abs(day) < 1e5 else None


def capacity(prelude: Prelude) -> dict[str, float]:
    """Trains a day that the lines bear to the end of each section, and to all axes at once."""
    lines = network(prelude.sections)
    ends = [number + 1 for number, row in enumerate(prelude.sections) if row.axis]
    every = np.zeros((len(lines) + 1, len(lines) + 1))
    every[:-1, :-1] = lines
    every[ends, -1] = lines.sum()
    result = {row.section: flow(lines, number + 1) for number, row in enumerate(prelude.sections)}
    return result | {"all axes": flow(every, len(every) - 1)}


def flow(lines: np.ndarray, sink: int) -> float:
    """The greatest flow from home to a node."""
    nodes = len(lines)
    return float(greatest_flow(lines.copy(), 0, sink, np.zeros(nodes, np.int64), np.zeros(nodes, np.int64)))


def movements(prelude: Prelude, begins: datetime, played: Preludes) -> list[dict[str, Any]]:
    """First and last train, and the day on which it stands assembled."""
    fields = ("first_train", "last_train", "assembled")
    return [
        {"movement": row.movement, "name": row.name, "trains": row.trains, "needed": row.needed == "yes"}
        | {field: spread_of_days(begins, getattr(played.record, field)[:, number]) for field in fields}
        for number, row in enumerate(prelude.movements)
    ]


def months(prelude: Prelude, plan: PreludePlan, played: Preludes) -> Iterator[dict[str, Any]]:
    """The prior on the first day, then every month to H-hour; beliefs are medians over the runs with their spread."""
    record, begins = played.record, prelude.days["begins"]
    attack = float(np.median(record.attack_day))
    names, axes = [row.observer for row in prelude.observers], [row.axis for row in prelude.axes]
    then = 0.0
    for row in range(len(plan.arrays.steps) + 1):
        now = 0.0 if row == 0 else min(float(plan.arrays.steps[row - 1]), attack)
        if row and then >= attack:
            return
        reached = ~np.isnan(record.before_cut[:, row, 0])
        step = row - 1
        yield {
            "day": calendar_day(begins, now),
            "trains_per_day": None if row == 0 else spread(record.trains[reached, step] / (now - then)),
            "in_place": None if row == 0 else spread(record.in_place[reached, step]),
            "believed_in_place": None if row == 0 else
                {name: spread(record.believed[reached, step, o]) for o, name in enumerate(names)},
            "before_cut": {name: spread(record.before_cut[reached, row, o]) for o, name in enumerate(names)},
            "soon": {name: spread(record.soon[reached, row, o]) for o, name in enumerate(names)},
            "axes": {name: {axis: float(record.axes[reached, row, o, a].mean()) for a, axis in enumerate(axes)}
                     for o, name in enumerate(names)},
        }  # fmt: skip
        then = now


def beliefs(prelude: Prelude, plan: PreludePlan, played: Preludes) -> dict[str, Any]:
    """Mean belief over week and axis, (week, axis), on the first day and history's H-hour; the last week is "never"."""
    last = 1 + int(np.searchsorted(plan.arrays.steps, plan.arrays.calendar.attack[0]))
    density = played.record.density / np.maximum(1e-300, played.record.density.sum(axis=(2, 3), keepdims=True))
    return {
        "weeks": [calendar_day(prelude.days["begins"], day) for day in plan.arrays.dates["day"].tolist()],
        "axes": [row.axis for row in prelude.axes],
        "prior": {row.observer: density[0, o].tolist() for o, row in enumerate(prelude.observers)},
        "h_hour": {row.observer: density[last, o].tolist() for o, row in enumerate(prelude.observers)},
    }


def observers(prelude: Prelude, played: Preludes) -> list[dict[str, Any]]:
    """Alert, readiness and surprise of each headquarters at H-hour."""
    record = played.record
    return [
        {
            "observer": row.observer,
            "name": row.name,
            "alerted": float((record.alert_days[:, o] > 0).mean()),
            "readiness": spread(record.readiness[:, o]),
            "bits": {kind: spread(record.bits[:, o, k]) for k, kind in enumerate(("date", "axis", "both"))},
            "level": float(record.level[:, o].mean()),
        }
        for o, row in enumerate(prelude.observers)
    ]
