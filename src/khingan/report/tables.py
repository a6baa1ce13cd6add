"""The page's tables as HTML: targets by operation, losses, and the scores summed up."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from html import escape

from khingan.history.comparison import MEASURE_WORDS, Comparison, ComparisonRow, SummaryLine
from khingan.history.nulls import NULLS
from khingan.history.spread import Share
from khingan.report.strips import HEIGHT, WIDTH, date_strip, date_x, men_strip
from khingan.scenario.schema import Scenario
from khingan.units import HOURS_PER_DAY

NULL_WORDS = {"plan": "Plan", "calendar": "Calendar", "distance": "Distance"}
BY_WORDS = {
    "all": "Everything", "phase": "By phase", "group": "By operation", "measure": "By measure",
    "fitted": "Open to fitting, and held out", "axis": "By axis",
}  # fmt: skip
MEN_WORDS = {
    "irrecoverable_losses": "Killed, missing, taken and dead of sickness",
    "killed": "Killed and missing",
    "sanitary_losses": "Wounded and sick",
    "tanks_written_off": "Tanks written off",
    "prisoners": "Prisoners",
}


def target_tables(scenario: Scenario, comparison: Comparison) -> str:
    """One table an operation, worst row first."""
    parts = []
    for operation in scenario.calendar.operations:
        rows = [row for row in comparison.dated if row.group == operation.key]
        if rows:
            inside = sum(row.inside for row in rows)
            heading = f"{escape(operation.name)} <small>{inside} of {len(rows)} inside</small>"
            body = "".join(_target_row(row, comparison) for row in rows)
            parts.append(f"<h3>{heading}</h3>" + _table(_target_head(comparison), body, "wide dated"))
    return "".join(parts)


def loss_table(scenario: Scenario, comparison: Comparison) -> str:
    """Published totals of men and tanks beside the model's."""
    rows = [row for row in comparison.rows if not row.timed]
    if not rows:
        return "<p>This campaign gives no published losses to compare.</p>"
    names = _names(scenario)
    head = _cells(("Figure", "", "History", "Median", "5-95 %", "Rank"), "th")
    return _table(head, "".join(_loss_row(row, names.get(row.place, row.place)) for row in rows))


def summary_table(scenario: Scenario, comparison: Comparison, groupings: Sequence[str]) -> str:
    """Coverage, width, score and skill by phase, operation and so on."""
    names = _names(scenario)
    titles = ("", "Targets", "Inside", "Inside by axis", "Width, d", "Median late, d", "Never", "CRPS, d")
    head = _cells((*titles, *(f"Skill v. {NULL_WORDS[null].lower()}" for null in NULLS)), "th")
    body = ""
    lines = comparison.summary()
    for by in groupings:
        body += f'<tr class="by"><th colspan="11">{BY_WORDS[by]}</th></tr>'
        body += "".join(_summary_row(line, names.get(line.key, line.key)) for line in lines if line.by == by)
    return _table(head, body)


def spread_table(scenario: Scenario, shares: Iterable[Share]) -> str:
    """Where the width of the intervals comes from."""
    names = _names(scenario)
    head = _cells(("", "Targets", "Typical spread, d", "Luck", "Evidence", "Parameters"), "th")
    body = "".join(
        "<tr>"
        + _cells((names.get(share.key, share.key), share.targets, f"{share.sd_days:.1f}"))
        + _cells(f"{part:.0%}" for part in (share.luck, share.claims, share.parameters))
        + "</tr>"
        for share in shares
    )
    return _table(head, body)


def _names(scenario: Scenario) -> dict[str, str]:
    """The words for keys of operations, measures and of everything together."""
    operations = {operation.key: operation.name for operation in scenario.calendar.operations}
    return {**MEASURE_WORDS, **operations, "all": "all together"}


def _target_head(comparison: Comparison) -> str:
    """Column titles; over the strips stand the dates of the axis, a week apart."""
    marks = ""
    for hours in range(0, int(comparison.horizon_h), 7 * int(HOURS_PER_DAY)):
        moment = comparison.h_hour + timedelta(hours=hours)
        x = date_x(hours, comparison.horizon_h)
        anchor = "start" if hours == 0 else "middle"
        marks += f'<text x="{x if hours else 1:.0f}" y="13" text-anchor="{anchor}">{moment.day} {moment:%b}</text>'
    marks += f'<text x="{WIDTH}" y="13" text-anchor="end">never</text>'
    axis = f'<svg class="dates" width="{WIDTH}" height="{HEIGHT}" aria-hidden="true">{marks}</svg>'
    nulls = "".join(f'<th class="null">{NULL_WORDS[null]}</th>' for null in NULLS)
    return (
        f'<th>Place</th><th class="drawn">{axis}</th>'
        + _cells(("History", "Median", "5-95 %", "Rank", "Never", "CRPS"), "th")
        + nulls
    )


def _target_row(row: ComparisonRow, comparison: Comparison) -> str:
    days = [row.crps, *(row.null_crps[null] or 0.0 for null in NULLS)]
    score, *nulls = (f"{hours / HOURS_PER_DAY:.1f}" for hours in days)
    date = comparison.date
    measure = "" if row.measure == "control" else f" <small>{MEASURE_WORDS[row.measure]}</small>"
    never = f"{row.never:.0%}" if row.never else ""
    return (
        f'<tr class="{"in" if row.inside else "out"}"><th scope="row">{escape(row.place)}{measure}</th>'
        f'<td class="drawn">{date_strip(row, comparison.horizon_h)}</td>'
        + _cells((date(row.observed), date(row.median), f"{date(row.q05)} – {date(row.q95)}"))
        + f'<td class="rank">{row.rank:.0%}</td>'
        + _cells((never, score))
        + "".join(f'<td class="null">{value}</td>' for value in nulls)
        + "</tr>"
    )


def _loss_row(row: ComparisonRow, whose: str) -> str:
    front = f" <small>{escape(whose)}</small>"
    return (
        f'<tr class="{"in" if row.inside else "out"}"><th scope="row">{MEN_WORDS[row.measure]}{front}</th>'
        f'<td class="drawn">{men_strip(row)}</td>'
        + _cells((f"{row.observed:,.0f}", f"{row.median:,.0f}", f"{row.q05:,.0f} – {row.q95:,.0f}"))
        + f'<td class="rank">{row.rank:.0%}</td></tr>'
    )


def _summary_row(line: SummaryLine, name: str) -> str:
    skills = ("" if line.skill[null] is None else f"{line.skill[null]:+.2f}" for null in NULLS)
    return (
        f'<tr><th scope="row">{escape(name)}</th>'
        + _cells((line.targets, f"{line.inside} ({line.coverage:.0%})", f"{line.axis_coverage:.0%} of {line.axes}"))
        + _cells((f"{line.width_days:.1f}", f"{line.median_late_days:+.1f}", f"{line.never:.0%}"))
        + _cells((f"{line.crps_h / HOURS_PER_DAY:.1f}", *skills))
        + "</tr>"
    )


def _cells(values: Iterable[object], element: str = "td") -> str:
    return "".join(f"<{element}>{escape(str(value))}</{element}>" for value in values)


def _table(head: str, body: str, kind: str = "wide") -> str:
    return f'<div class="{kind}"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
