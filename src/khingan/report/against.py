"""The comparison as the page shows it: every row, the scores summed up, the spread of each subject over the runs."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from khingan.history.comparison import MEASURE_WORDS, Comparison, ComparisonRow
from khingan.history.measure import hours
from khingan.history.spread import Share
from khingan.history.targets import History
from khingan.report.front import by_step
from khingan.report.packing import Pack
from khingan.scenario.schema import Scenario
from khingan.simulation.result import Result

WORDS = {
    **MEASURE_WORDS,
    "irrecoverable_losses": "killed, missing, taken and dead of sickness",
    "killed": "killed and missing",
    "sanitary_losses": "wounded and sick",
    "tanks_written_off": "tanks written off",
    "prisoners": "prisoners",
    "killed_missing": "killed, missing",
}


def comparison_rows(comparison: Comparison | None, history: History | None) -> list[dict[str, Any]]:
    """Rows as in the documented JSON and what the page needs besides, the farthest from history first."""
    if comparison is None:
        return []
    number = {target.target: k for k, target in enumerate(history.targets)} if history else {}
    worst = {row.target: k for k, row in enumerate(comparison.worst(len(comparison.rows)))}
    ordered = sorted(comparison.rows, key=lambda row: worst.get(row.target, len(worst)))
    return [_row(row, comparison, number) for row in ordered]


def _row(row: ComparisonRow, comparison: Comparison, number: dict[str, int]) -> dict[str, Any]:
    return {
        **row.as_dict(), "place": row.place, "never": row.never, "inside": row.inside, "grade": row.grade,
        "why": row.why, "words": WORDS.get(row.measure, row.measure.replace("_", " ")),
        "subject": number.get(row.target, -1),
        "said": comparison.explain(row) if row.timed else "",
    }  # fmt: skip


def summary_rows(comparison: Comparison | None) -> list[dict[str, Any]]:
    """The scores by phase, operation, measure and so on."""
    if comparison is None or not comparison.dated:
        return []
    return [
        {
            "by": line.by, "key": line.key, "targets": line.targets, "inside": line.inside, "axes": line.axes,
            "axis_coverage": line.axis_coverage, "width": line.width_days, "crps": line.crps_h,
            "late": line.median_late_days, "never": line.never, "skill": line.skill,
        }
        for line in comparison.summary()
    ]  # fmt: skip


def width_rows(shares: Sequence[Share]) -> list[dict[str, Any]]:
    """Where the width of the intervals comes from."""
    return [
        {"by": s.by, "key": s.key, "targets": s.targets, "sd": s.sd_days, "luck": s.luck, "claims": s.claims,
         "parameters": s.parameters}
        for s in shares
    ]  # fmt: skip


def pack_spreads(
    result: Result, scenario: Scenario, history: History | None, places: dict[str, int], pack: Pack
) -> None:  # fmt: skip
    """Runs by step, never last: `by_place`, `by_target`, `by_works`, `by_end` (laying down of arms) of each subject.

    `places` names the cell that each place stands for, -1 off the map.
    """
    steps, step_hours = scenario.calendar.steps, scenario.calendar.step_hours
    cells = np.array(list(places.values()), dtype=np.int64)
    at = result.place_control(list(places), np.maximum(cells, 0).tolist()).astype(np.float64)
    at[:, cells < 0] = np.nan
    pack.add("by_place", by_step(at, steps, step_hours))
    targets = history.targets if history else ()
    times = hours(result, scenario, targets) if targets else np.zeros((result.runs, 0))
    pack.add("by_target", by_step(times, steps, step_hours))
    for name, variable in (("by_works", "works_fall"), ("by_end", "capitulated")):
        held = variable in result.ensemble
        values = result.values(variable).astype(np.float64) if held else np.zeros((result.runs, 0))
        pack.add(name, by_step(values, steps, step_hours))
