"""The schools of the war's end for the page: each in its own words with its sources, beside the one historical date."""

from pathlib import Path
from typing import Any

from khingan.history.surrender import FILE, beside_history, read_surrender
from khingan.scenario.politics import read_politics
from khingan.scenario.schema import Scenario
from khingan.simulation.politics import SCHOOL, outcomes, politics_named
from khingan.simulation.study import Study


def played(scenario: Scenario, study: Study) -> str:
    """Whose decision ended the war in the study: `calendar`, a school, `schools` in turn; empty without politics."""
    if read_politics(scenario) is None:
        return ""
    return politics_named(study.settings.pinned.get(SCHOOL, 0.0))


def schools(scenario: Scenario) -> dict[str, Any] | None:
    """The schools with their distributions of the broadcast at default values; None without politics.

    They are reckoned and not played, and never weighed together.
    """
    politics = read_politics(scenario)
    if politics is None:
        return None
    works = scenario.ledger.sources
    recorded = (Path(scenario.folder) / "history" / FILE).is_file()
    record = read_surrender(scenario) if recorded else {}
    reckoned = {row.outcome.school.key: row for row in beside_history(outcomes(scenario, {}), record)} if record else {}
    rows = []
    for school in politics.schools:
        beside = reckoned[school.key].as_json() if school.key in reckoned else {}
        rows.append({
            "key": school.key, "title": school.title, "holders": school.holders, "thesis": school.thesis,
            "evidence": list(school.evidence),
            "sources": [works[key].citation for key in school.sources if key in works],
            **{key: beside.get(key) for key in ("broadcast", "never", "likelihood", "bayes_factor")},
        })  # fmt: skip
    return {
        "rows": rows,
        "shocks": [[shock.time.isoformat(), shock.title] for shock in politics.shocks],
        "broadcast": record["broadcast"].observed.isoformat() if record else None,
        "window": [record["decision"].low.isoformat(), record["decision"].high.isoformat()] if record else None,
    }
