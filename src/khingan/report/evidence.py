"""The ledger and the document's statements as the page shows them."""

import re
from datetime import datetime
from typing import Any

from khingan.scenario.chronicle import Entry, has_chronicle, read_chronicle
from khingan.scenario.schema import Scenario
from khingan.units import HOURS_PER_DAY


def claims(scenario: Scenario) -> dict[str, list[Any]]:
    """Claim -> [kind, low, best, high, unit, source, locus, grade, basis, note]."""
    return {
        key: [c.kind, c.low, c.best, c.high, c.unit, c.source, c.locus, c.grade, c.basis, c.note]
        for key, c in scenario.ledger.claims.items()
    }


def sources(scenario: Scenario) -> dict[str, list[str]]:
    """Source -> [citation, kind, basis, trust]."""
    return {key: [s.citation, s.kind, s.basis, s.trust] for key, s in scenario.ledger.sources.items()}


def statements(scenario: Scenario) -> list[dict[str, Any]]:
    """The document's statements in its order, each with the hours and the places of the campaign it speaks of."""
    told = {entry.statement.claim: entry for entry in read_chronicle(scenario)} if has_chronicle(scenario) else {}
    found = [told[claim].statement for claim in told] or list(scenario.ledger.document.values())
    return [
        {
            **_told(told.get(s.claim)),
            "claim": s.claim, "paragraph": s.paragraph, "statement": s.statement, "printed": s.printed,
            "reading": s.reading, "kind": s.kind, "correction": s.correction, "held": s.held_by,
            "disputed": s.disputed_by, "use": s.place_in_product, "dates": [s.start, s.end],
            "hours": [_hours(s.start, scenario), _hours(s.end, scenario)],
            "places": _named(s.statement, scenario) or _named(s.reading, scenario),
            "operations": _operations(f"{s.statement} {s.reading}", scenario),
        }
        for s in found
    ]  # fmt: skip


def _told(entry: Entry | None) -> dict[str, Any]:
    """What the chronicle adds: why a form was read so, who agrees and differs, what rests on it."""
    if entry is None:
        return {"why": "", "agree": "", "differ": "", "feeds": []}
    voices = [[f"{v.source}: {v.says}" if v.says else v.source for v in side] for side in (entry.agree, entry.differ)]
    agree, differ = ("; ".join(side) for side in voices)
    return {"why": entry.why, "agree": agree, "differ": differ, "feeds": [" ".join(feed) for feed in entry.feeds]}


def _hours(text: str, scenario: Scenario) -> float | None:
    """A date of the document in hours from H-hour; None where there is none."""
    try:
        return (datetime.fromisoformat(text) - scenario.calendar.h_hour).total_seconds() / 3600
    except ValueError:
        return None


def _named(text: str, scenario: Scenario) -> list[str]:
    """Places of the gazetteer that the text names, in any of their names, in the order in which they stand."""
    found = []
    for place in scenario.places:
        names = (place.name, *place.other_names)
        said = [name for name in names if len(name) > 3 and name in text]  # few are
        hits = [re.search(rf"\b{re.escape(name)}\b", text) for name in said]
        found += [(hit.start(), place.name) for hit in hits if hit][:1]
    return [name for _, name in sorted(found)]


def _operations(text: str, scenario: Scenario) -> list[str]:
    """Operations whose name, without the last word, stands in the text."""
    return [o.key for o in scenario.calendar.operations if o.name.rsplit(" ", 1)[0].lower() in text.lower()]


def moments(scenario: Scenario) -> list[dict[str, Any]]:
    """The calendar of the end as the timeline shows it: the broadcast and the first order to stop."""
    surrender = scenario.surrender
    start = scenario.calendar.h_hour
    orders = sorted((h.order, h.key) for h in surrender.headquarters)
    made = [{"hours": 0.0, "text": "H-hour"}]
    if surrender.broadcast:
        hours = (surrender.broadcast - start).total_seconds() / 3600
        made.append({"hours": hours, "text": "Broadcast of the surrender"})
    if orders:
        hours = (orders[0][0] - start).total_seconds() / 3600
        made.append({"hours": hours, "text": "First cease-fire order"})
    if scenario.calendar.official_end:
        made.append({"hours": (scenario.calendar.official_end - start).days * HOURS_PER_DAY, "text": "Official end"})
    return made
