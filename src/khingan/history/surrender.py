"""The historical date of the surrender beside each school's distribution, and what that one date says of the schools.

The likelihood of a school is the chance it gives to a decision inside the window of the record. A Bayes factor is the
ratio of two likelihoods; schools are never weighed together.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from khingan.errors import CampaignError, Problem
from khingan.evidence.record import LocalTime, Row
from khingan.evidence.record_table import read_records
from khingan.scenario.schema import Scenario
from khingan.simulation.politics import CHANCES, Outcome, outcomes

FILE = "surrender.csv"


class SurrenderRow(Row):
    """One dated step of the surrender, with the earliest and latest moment the record allows."""

    event: str
    low: LocalTime
    observed: LocalTime
    high: LocalTime
    source: str
    note: str


@dataclass(frozen=True)
class SchoolRow:
    """One school beside the record."""

    outcome: Outcome
    likelihood: float
    rank: float
    against: dict[str, float]

    def as_json(self) -> dict[str, Any]:
        """Plain values in the order of docs/json.md."""
        school = self.outcome.school
        moments = {f"{chance:g}": self.outcome.broadcast_at(chance) for chance in CHANCES}
        return {
            "school": school.key,
            "title": school.title,
            "holders": school.holders,
            "sources": list(school.sources),
            "broadcast": {chance: moment and moment.isoformat() for chance, moment in moments.items()},
            "never": 1.0 - float(self.outcome.announced[-1]),
            "likelihood": self.likelihood,
            "rank": self.rank,
            "bayes_factor": self.against,
        }


def read_surrender(scenario: Scenario) -> dict[str, SurrenderRow]:
    """The dated steps by name; raises CampaignError where the file is absent or faulty."""
    problems: list[Problem] = []
    table = read_records(Path(scenario.folder) / "history", FILE, SurrenderRow, "event", problems)
    found = {row.event: row for row in table.rows}
    for event in {"decision", "broadcast"} - found.keys():
        problems.append(Problem(f"history/{FILE}", 0, 0, f"event '{event}' is missing", f"add a row {event}"))
    if problems:
        raise CampaignError(scenario.calendar.name, problems)
    return found


def beside_history(outcomes: list[Outcome], record: dict[str, SurrenderRow]) -> list[SchoolRow]:
    """Each school's likelihood, its rank of the broadcast, and its Bayes factor against every other."""
    window = record["decision"]
    chances = {found.school.key: found.share_decided(window.low, window.high) for found in outcomes}
    rows = []
    for found in outcomes:
        own = chances[found.school.key]
        others = {key: own / other for key, other in chances.items() if key != found.school.key and other > 0}
        rows.append(SchoolRow(found, own, found.share_announced(record["broadcast"].observed), others))
    return rows


def widest_factor(scenario: Scenario) -> float | None:
    """The greatest Bayes factor that the historical window gives one school over another; None without its record."""
    if not (Path(scenario.folder) / "history" / FILE).is_file():
        return None
    rows = beside_history(outcomes(scenario, {}), read_surrender(scenario))
    return max(factor for row in rows for factor in row.against.values())


def said(moment: datetime | None) -> str:
    """A day for a table."""
    return "later than a year" if moment is None else f"{moment.day} {moment:%b %Y}"
