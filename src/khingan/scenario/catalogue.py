"""What a campaign holds, for its page: the tally by front and army, and what is kept off the map and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from khingan.scenario.folder import campaign_names
from khingan.scenario.schema import Formation, Scenario

__all__ = ["ArmyTally", "CampaignSummary", "Count", "FrontTally", "OffMap", "campaign_names", "summary"]


@dataclass(frozen=True)
class Count:
    """Formations and their men, tanks, guns and aircraft; what is counted inside a formation is not added again."""

    formations: int
    men: float
    tanks: float
    guns: float
    aircraft: float


@dataclass(frozen=True)
class ArmyTally:
    """One army: all of it, and the part that is off the map."""

    army: str
    name: str
    total: Count
    off_map: Count


@dataclass(frozen=True)
class FrontTally:
    """One front or area army and the armies in it."""

    side: str
    front: str
    total: Count
    off_map: Count
    armies: tuple[ArmyTally, ...]


@dataclass(frozen=True)
class OffMap:
    """A formation kept off the map and the reason."""

    formation: str
    name: str
    army: str
    men: float
    reason: str


@dataclass(frozen=True)
class CampaignSummary:
    """A campaign at a glance."""

    name: str
    title: str
    summary: str
    h_hour: datetime
    official_end: datetime | None
    days: int
    step_hours: float
    resolution: int
    counts: dict[str, int]
    operations: tuple[tuple[str, str], ...]
    fronts: tuple[FrontTally, ...]
    off_map: tuple[OffMap, ...]


def summary(scenario: Scenario) -> CampaignSummary:
    """The campaign's page."""
    calendar = scenario.calendar
    away = (formation for formation in scenario.formations if formation.off_map)
    return CampaignSummary(
        name=calendar.name,
        title=calendar.title,
        summary=calendar.summary,
        h_hour=calendar.h_hour,
        official_end=calendar.official_end,
        days=calendar.days,
        step_hours=calendar.step_hours,
        resolution=calendar.resolution,
        counts=_counts(scenario),
        operations=tuple((operation.key, operation.name) for operation in calendar.operations),
        fronts=_fronts(scenario),
        off_map=tuple(OffMap(body.formation, body.name, body.army, body.men, body.off_map) for body in away),
    )


def _counts(scenario: Scenario) -> dict[str, int]:
    return {
        "cells": len(scenario.terrain.cells["cell"]),
        "edges": len(scenario.terrain.edges["a"]),
        "places": len(scenario.places),
        "armies": len(scenario.armies),
        "formations": len(scenario.formations),
        "plans": len(scenario.plans),
        "orders": len(scenario.orders),
        "works": len(scenario.works),
        "lifts": len(scenario.lifts),
        "claims": len(scenario.ledger.claims),
        "claims of the document": len(scenario.ledger.document),
        "sources": len(scenario.ledger.sources),
    }


def _fronts(scenario: Scenario) -> tuple[FrontTally, ...]:
    """Fronts in the order in which the table of armies first names them."""
    fronts = dict.fromkeys((army.side, army.front) for army in scenario.armies)
    tallies = []
    for side, front in fronts:
        armies = [army for army in scenario.armies if (army.side, army.front) == (side, front)]
        names = {army.army for army in armies}
        bodies = [body for body in scenario.formations if body.army in names]
        rows = tuple(
            ArmyTally(army.army, army.name, *_both(body for body in bodies if body.army == army.army))
            for army in armies
        )
        tallies.append(FrontTally(side, front, *_both(bodies), rows))
    return tuple(tallies)


def _both(formations: Iterable[Formation]) -> tuple[Count, Count]:
    """All formations, and those off the map."""
    bodies = list(formations)
    return _count(bodies), _count([body for body in bodies if body.off_map])


def _count(formations: list[Formation]) -> Count:
    whole = [body for body in formations if not body.parent]
    return Count(
        len(formations),
        sum(body.men for body in whole),
        sum(body.tanks for body in whole),
        sum(body.guns for body in whole),
        sum(body.aircraft for body in whole),
    )
