"""Another date of attack: what of the campaign goes by the calendar, and how it stands on that day.

The rule is one of differences: whatever stood on the campaign's own date stands as the campaign states it, and a date
that is sooner or later changes it by what the median of the months before says it changes between the two. On the
campaign's own date nothing changes at all. Grade C: no source knows how the other days would have been.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from json import dumps
from statistics import median
from typing import Any

import numpy as np

from khingan.engine.prelude import PreludeRecord
from khingan.engine.readiness import training
from khingan.errors import KhinganError
from khingan.evidence.parameters import read_parameters
from khingan.experiment.stocks import stock_factors
from khingan.scenario.prelude import Earlier, Prelude, read_prelude
from khingan.scenario.schema import Formation, Scenario
from khingan.simulation.opening import LEVELS, settings_of
from khingan.simulation.prelude import draw_rules, play_chunk
from khingan.simulation.settings import Settings
from khingan.world.prelude import PreludePlan, compile_prelude, prelude_rules
from khingan.world.season import later

PRELUDES = 100  # whose middle is taken; they differ by luck alone
SEED = 1945
PEAK = "combat.surprise_peak"
# The attack comes on the day that is asked for, whatever is there.
ON_THE_DAY = {"deployment.waits_for_plan": 0.0, "readiness.wait_days": 0.0}


@dataclass(frozen=True)
class Standing:
    """How the months before leave the campaign on another day than its own, against how it states itself."""

    arrives: dict[str, datetime]  # formation -> when its trains, or its call-up, bring it, where that is later
    worth: dict[str, float]  # formation -> factor on its effectiveness
    surprise: float  # factor on the attackers' gain from surprise
    dug_days: float  # by which every works had longer, or less, to be dug
    before: tuple[Earlier, ...]  # how formations of the defender stood on a day that is sooner
    stocks: dict[str, float]  # row of supply -> factor on a front's stock


_KNOWN: dict[str, Standing] = {}  # arms of one experiment ask for few dates, and many times


def standing(scenario: Scenario, h_hour: datetime, settings: Settings) -> Standing:
    """How the months before leave the campaign for an attack at `h_hour`; reckoned once a date and settings."""
    key = dumps([scenario.fingerprint, f"{h_hour:%Y-%m-%d %H:%M}", settings.as_dict()], sort_keys=True)
    if key not in _KNOWN:
        _KNOWN[key] = reckon(scenario, h_hour, settings)
    return _KNOWN[key]


def reckon(scenario: Scenario, h_hour: datetime, settings: Settings) -> Standing:
    """The median of the months before for an attack at `h_hour` against that for the campaign's own."""
    prelude, waited = read_prelude(scenario), (h_hour - scenario.calendar.h_hour).total_seconds() / 86400.0
    if h_hour < prelude.days["begins"]:
        what = f"{h_hour:%Y-%m-%d} lies before the months before, which begin on {prelude.days['begins']:%Y-%m-%d}"
        raise KhinganError("date of attack", what, "give a later date")
    if h_hour >= prelude.days["latest"] + timedelta(days=1):
        what = f"{h_hour:%Y-%m-%d} lies beyond {prelude.days['latest']:%Y-%m-%d}, after which nothing is known"
        raise KhinganError("date of attack", what, "give an earlier date")
    moved = scenario.model_copy(update={"calendar": scenario.calendar.model_copy(update={"h_hour": h_hour})})
    parameters = read_parameters()
    plans = [compile_prelude(given, prelude, parameters) for given in (scenario, moved)]
    before = settings_of(settings, plans[0])
    own = Settings("median", "best", before.pinned | ON_THE_DAY, before.scaled)
    records = [play_chunk(plan, own, SEED, 0, PRELUDES) for plan in plans]
    rules = prelude_rules(tuple(plans[0].parameters), draw_rules(plans[0], own, SEED, 0, 1)).readiness[0]
    alert = np.median(records[1].readiness, axis=0) / np.median(records[0].readiness, axis=0)
    worth = {body.formation: float(alert[observer]) for body, observer in _observed(scenario, plans[0])}
    arrives = by_rail(scenario, prelude, records[0], h_hour)
    formations = [body.formation for body in scenario.formations]
    for u, since in plans[0].raised.items():
        name, raised = formations[u], scenario.calendar.h_hour - timedelta(days=since)
        worth[name] = worth.get(name, 1.0) * float(training(since, max(waited, -since), rules))
        if raised > h_hour:
            arrives[name] = raised
    before_then = tuple(row for row in prelude.earlier if h_hour < row.until <= scenario.calendar.h_hour)
    arrives |= {row.formation: row.until for row in before_then if row.away == "yes"}
    levels = [level(scenario, plan, record) for plan, record in zip(plans, records, strict=True)]
    surprise = levels[1] / levels[0] if levels[0] > 0.0 else 1.0
    days = [
        (moment - prelude.days["begins"]).total_seconds() / 86400.0 for moment in (scenario.calendar.h_hour, h_hour)
    ]
    stocks = stock_factors(scenario, prelude, records[0], *days)
    return Standing(arrives, worth, surprise, waited, before_then, stocks)


def _observed(scenario: Scenario, plan: PreludePlan) -> list[tuple[Formation, int]]:
    """Formations that a headquarters can alert, and its number."""
    armies = [army.army for army in scenario.armies]
    found = [(body, int(plan.observer_of[armies.index(body.army)])) for body in scenario.formations]
    return [(body, observer) for body, observer in found if observer >= 0]


def by_rail(scenario: Scenario, prelude: Prelude, record: PreludeRecord, h_hour: datetime) -> dict[str, datetime]:
    """Formations whose trains come after `h_hour`, in the order of their army's rows, and when they stand assembled.

    Whoever stands in the field on the campaign's own date has come by then, however late the model's trains run.
    """
    begins = prelude.days["begins"]
    result: dict[str, datetime] = {}
    for m, movement in enumerate(prelude.movements):
        bodies = [b for b in scenario.formations if b.army == movement.army and b.role == "field" and not b.off_map]
        first, last, ready = (
            median(column[:, m].tolist()) for column in (record.first_train, record.last_train, record.assembled)
        )
        for turn, body in enumerate(bodies):
            days = first + (last - first) * (turn + 1) / len(bodies) + ready - last
            comes = min(begins + timedelta(hours=round(24.0 * days)), scenario.calendar.h_hour)
            if comes > h_hour and movement.waits == "yes":
                result[body.formation] = max(comes, result.get(body.formation, comes))
    return result


def level(scenario: Scenario, plan: PreludePlan, record: PreludeRecord) -> float:
    """Mean level of surprise of the defender's men, as a share of the greatest."""
    observed = _observed(scenario, plan)
    men = np.array([body.men for body, _ in observed])
    levels = np.mean(record.level, axis=0)[[observer for _, observer in observed]]
    return float((levels * men).sum() / max(1.0, men.sum())) / LEVELS


def stand_as_on(tables: dict[str, list[Any]], scenario: Scenario, found: Standing) -> None:
    """Write a standing into the tables of a scenario that is being changed; what another change says stays."""
    own = {body.formation: body for body in scenario.formations}
    before = {row.formation: row for row in found.before}
    rated = {(row.side, row.type) for row in scenario.ratings}
    for number, body in enumerate(tables["formations"]):
        update = _as_before(scenario, body, own.get(body.formation), before.get(body.formation))
        if body.formation in found.arrives and not body.off_map:
            arrives = found.arrives[body.formation]
            update["arrives"] = max(arrives, body.arrives) if body.arrives else arrives
        factor = found.worth.get(body.formation, 1.0)
        if "men" in update and body.men > 0.0 and (body.side, body.type) in rated:
            factor *= update["men"] / body.men  # the rating is of the whole formation
        if factor != 1.0:
            update["effectiveness"] = min(100.0, body.effectiveness * factor)
        if update:
            tables["formations"][number] = body.model_copy(update=update)
    for number, works in enumerate(tables["works"]):
        days = max(0.0, works.prepared_days + found.dug_days)
        tables["works"][number] = works.model_copy(update={"prepared_days": days})
    for number, row in enumerate(tables["supply"]):
        if row.row in found.stocks:
            tables["supply"][number] = row.model_copy(update={"value": row.value * found.stocks[row.row]})


def _as_before(scenario: Scenario, body: Formation, own: Formation | None, row: Earlier | None) -> dict[str, Any]:
    """Place and men of a formation before the day of its row, where no other change has given it others."""
    update: dict[str, Any] = {}
    if row is None or own is None:
        return update
    if row.place and (body.place, body.lat, body.lon) == (own.place, own.lat, own.lon):
        there = next(place for place in scenario.places if place.name == row.place)
        update |= {"place": there.name, "lat": there.lat, "lon": there.lon, "works": ""}
    if row.men is not None and body.men == own.men:
        update["men"] = row.men
    return update


def surprise_factor(found: Standing, peak: float) -> float:
    """The factor on a drawn peak of surprise that leaves, of its gain at `peak`, as much as the standing says."""
    return (1.0 + (peak - 1.0) * found.surprise) / peak


def rain_as_on(tables: dict[str, list[Any]], scenario: Scenario, h_hour: datetime) -> None:
    """The chance of rain at the first hour: the stated one fades towards the season's with the days between."""
    chances = later(scenario, h_hour - scenario.calendar.h_hour)
    for number, (region, before, chance) in enumerate(zip(tables["weather"], scenario.weather, chances, strict=True)):
        if region.wet_at_start == before.wet_at_start:  # what a change states stays
            tables["weather"][number] = region.model_copy(update={"wet_at_start": chance})
