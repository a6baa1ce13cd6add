"""Write report.html: one page that opens from a file, asks nothing of any network, and says first what fails."""

import os
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

from khingan.errors import KhinganError
from khingan.history.comparison import Comparison
from khingan.history.spread import Share
from khingan.report.chronicle import chronicle_section
from khingan.report.map_data import island, map_data
from khingan.report.tables import loss_table, spread_table, summary_table, target_tables
from khingan.scenario.schema import Scenario
from khingan.simulation.politics import SCHOOL, school_named
from khingan.simulation.result import Result
from khingan.units import HOURS_PER_DAY


def write_page(
    result: Result, scenario: Scenario, comparison: Comparison, path: str | Path, spread: Sequence[Share] = ()
) -> Path:
    """Put the page in place by rename, so that a half-written one is never found."""
    path = Path(path)
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_text(page(result, scenario, comparison, spread), encoding="utf-8")
        os.replace(partial, path)
    except OSError as error:
        raise KhinganError(str(path), f"cannot be written: {error.strerror}", "name another folder") from error
    return path


def page(result: Result, scenario: Scenario, comparison: Comparison, spread: Sequence[Share] = ()) -> str:
    """The page as text."""
    study = result.study
    facts = [
        f"{result.runs:,} runs",
        f"seed {study.seed}",
        f"parameters {study.settings.parameters}, claims {study.settings.claims}",
        f"campaign {study.fingerprint[:8]}",
        *_politics(study.settings.pinned),
        f"khingan {study.version}",
    ]
    return Template(_part("page.html")).substitute(
        title=escape(scenario.calendar.title),
        summary=escape(scenario.calendar.summary),
        finding=escape(comparison.finding()),
        facts=escape(" · ".join(facts)),
        conditioned=escape(comparison.conditioned_on),
        side=escape(scenario.calendar.sides[scenario.calendar.control_side].name),
        never=f"{(comparison.never_at_h - comparison.horizon_h) / HOURS_PER_DAY:g}",
        worst=_list(comparison.explain_worst(8)),
        targets=target_tables(scenario, comparison),
        losses=loss_table(scenario, comparison),
        without=_without(comparison),
        scores=summary_table(scenario, comparison, ("all", "phase", "group", "measure", "fitted")),
        axes=summary_table(scenario, comparison, ("axis",)),
        spread=spread_table(scenario, spread) if spread else "<p>Not measured for this study.</p>",
        chronicle=chronicle_section(scenario),
        style=_part("page.css"),
        script=_part("page.js"),
        map=island(map_data(result, scenario, comparison)),
    )


def _politics(pinned: Mapping[str, float]) -> list[str]:
    """The school whose surrender was played; nothing for the historical calendar."""
    school = school_named(pinned.get(SCHOOL, 0.0))
    return [f"surrender drawn by the school {school}"] if school else []


def _part(name: str) -> str:
    return (files("khingan.report") / name).read_text(encoding="utf-8")


def _list(sentences: Iterable[str]) -> str:
    return "<ol>" + "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences) + "</ol>"


def _without(comparison: Comparison) -> str:
    """The published figures that the model has no like of."""
    if not comparison.not_compared:
        return ""
    return f"<p>Not compared, for want of a like in the model: {escape('; '.join(comparison.not_compared))}.</p>"
