"""What the defender's headquarters believed before H-hour, for the page: date, axis, and what is on record beside."""

from typing import Any

from khingan.evidence.parameters import read_parameters
from khingan.history.months_before import summarise
from khingan.scenario.prelude import Prelude, has_prelude, read_prelude
from khingan.scenario.schema import Scenario
from khingan.simulation.opening import settings_of
from khingan.simulation.prelude import play
from khingan.simulation.study import Study
from khingan.world.prelude import compile_prelude

PRELUDES = 200  # as many as tell a belief to a per cent or two; a page must not wait for more
DIGITS = 4


def belief(scenario: Scenario, study: Study) -> dict[str, Any] | None:
    """Belief month by month, on the first day and at H-hour; None where the campaign has no prelude.

    The preludes have the study's seed and settings, so that they are those that `--from prelude` would start from.
    """
    if not has_prelude(scenario):
        return None
    before = read_prelude(scenario)
    plan = compile_prelude(scenario, before, read_parameters())
    runs = max(1, min(study.runs, PRELUDES))
    told = summarise(scenario, before, plan, play(plan, settings_of(study.settings, plan), runs, study.seed))
    shown = ("runs", "planned", "attack", "observers", "dispositions")
    return {
        **{key: told[key] for key in shown},
        "begins": f"{before.days['begins']:%Y-%m-%d}",
        "cut": f"{before.days['cut']:%Y-%m-%d}",
        "marks": marks(before),
        "axes": [{"axis": row.axis, "name": row.name, "main": row.main == "yes"} for row in before.axes],
        "months": [
            {key: rounded(month[key]) for key in ("day", "in_place", "believed_in_place", "before_cut", "axes")}
            for month in told["months"]
        ],
        "weeks": told["belief"]["weeks"],
        "prior": rounded(told["belief"]["prior"]),
        "h_hour": rounded(told["belief"]["h_hour"]),
        "estimates": told["documented"]["estimates"],
    }


def marks(before: Prelude) -> list[list[str]]:
    """Days that both sides could see, for the axis of time."""
    named = {"denounced": "pact denounced", "released": "war in Europe over"}
    return [[f"{before.days[key]:%Y-%m-%d}", text] for key, text in named.items() if key in before.days]


def rounded(entry: Any) -> Any:
    """The same with fewer digits, for a small page."""
    if isinstance(entry, dict):
        return {key: rounded(value) for key, value in entry.items()}
    if isinstance(entry, list):
        return [rounded(value) for value in entry]
    return round(entry, DIGITS) if isinstance(entry, float) else entry
