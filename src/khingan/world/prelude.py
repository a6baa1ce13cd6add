"""The border for the months before H-hour: tables and parameters become the arrays of the prelude's engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_type_hints

import numpy as np

from khingan.engine import deployment, intelligence
from khingan.engine.prelude import CALENDAR, PreludeRules, PreludeWorld
from khingan.engine.state import NONE
from khingan.evidence.parameters import Parameter
from khingan.evidence.posterior import Posterior, read_posterior
from khingan.scenario.prelude import Prelude, RailSection
from khingan.scenario.schema import Scenario
from khingan.world.quantities import Quantity, quantity

WEEK = 7.0
LATEST_DAYS = 150.0  # by which H-hour may be put off
YEAR_AHEAD = 80.0  # days after the treaty's end up to which dates of attack are told apart


@dataclass(frozen=True)
class PreludePlan:
    """The months before as arrays, and every number that a reading of the ledger may change."""

    arrays: PreludeWorld
    quantities: dict[str, dict[str, Quantity]]  # by record and field
    favoured: np.ndarray  # (observer,) axis each observer favours beforehand
    observer_of: np.ndarray  # (army,) observer that alerts the army, -1 none
    raised: dict[int, float]  # formation -> days from being raised to H-hour
    moves: dict[int, tuple[tuple[int, str], ...]]  # disposition -> (formation, place)
    late_armies: tuple[tuple[int, int], ...]  # (movement, army) that the plan does not wait for
    days: int  # that trains are followed
    parameters: dict[str, Parameter]  # of the prelude's mechanisms
    posterior: Posterior | None


def prelude_parameters(parameters: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """The parameters that the prelude's mechanisms read."""
    return {key: found for key, found in parameters.items() if key.split(".")[0] in PreludeRules._fields}


def prelude_rules(names: Sequence[str], values: np.ndarray) -> PreludeRules:
    """Rules for each draw, values (draw, name): one structured element a draw and mechanism."""
    number = {name: column for column, name in enumerate(names)}
    filled: list[Any] = []
    for mechanism, record in get_type_hints(PreludeRules).items():
        element = np.zeros(len(values), [(field, np.float64) for field in record._fields]).view(np.recarray)
        for field in record._fields:
            element[field] = values[:, number[f"{mechanism}.{field}"]]
        filled.append(element)
    return PreludeRules(*filled)


def compile_prelude(scenario: Scenario, prelude: Prelude, parameters: Mapping[str, Parameter]) -> PreludePlan:
    """Compile the months before a checked scenario."""
    begins = prelude.days["begins"]
    attack = _days(begins, scenario.calendar.h_hour)
    axes = [axis.axis for axis in prelude.axes]
    observers = [row.observer for row in prelude.observers]
    sections = [row.section for row in prelude.sections]
    armies = [army.army for army in scenario.armies]
    formations = {body.formation: number for number, body in enumerate(scenario.formations)}
    observer_of = {army: number for number, row in enumerate(prelude.observers) for army in row.armies}
    weighed = {row.disposition for row in prelude.guards if row.weighed == "yes"}
    arrays = PreludeWorld(
        calendar=_calendar(prelude, attack, axes, observers),
        steps=np.unique([*_month_ends(begins, attack + LATEST_DAYS), attack]),
        dates=_dates(prelude),
        sections=_sections(prelude, sections, axes),
        below=_below(prelude, sections, axes),
        movements=_movements(prelude, sections),
        channels=_channels(prelude, sections),
        hears=np.array([[name in row.heard_by for row in prelude.channels] for name in observers], np.uint8),
        guards=_guards(prelude, axes),
        weighed=np.array([name in weighed for name in prelude.dispositions], np.uint8),
    )
    return PreludePlan(
        arrays=arrays,
        quantities=_quantities(scenario, prelude),
        favoured=np.array([axes.index(row.axis) for row in prelude.observers]),
        observer_of=np.array([observer_of.get(army, NONE) for army in armies]),
        raised={formations[row.formation]: _days(row.raised, scenario.calendar.h_hour) for row in prelude.raised},
        moves={number: tuple((formations[row.formation], row.place) for row in prelude.moves if row.disposition == name)
               for number, name in enumerate(prelude.dispositions)},
        late_armies=tuple((number, armies.index(row.army)) for number, row in enumerate(prelude.movements)
                          if row.army and row.needed == "no"),
        days=int(attack + LATEST_DAYS) + 1,
        parameters=prelude_parameters(parameters),
        posterior=read_posterior(),
    )  # fmt: skip


def _days(first: datetime, then: datetime) -> float:
    return (then - first).total_seconds() / 86400


def _month_ends(begins: datetime, last: float) -> np.ndarray:
    """Days from the first day to the first of each month that follows, up to `last`."""
    ends: list[float] = []
    day = begins
    while not ends or ends[-1] < last:
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        ends.append(_days(begins, day))
    return np.array(ends)


def _calendar(prelude: Prelude, attack: float, axes: list[str], observers: list[str]) -> np.ndarray:
    row = np.zeros(1, CALENDAR).view(np.recarray)
    row.attack = attack
    for field, key in (("release", "released"), ("denounced", "denounced"), ("decided", "decided"), ("cut", "cut")):
        row[field] = _days(prelude.days["begins"], prelude.days[key])
    row.main_axis = next(axes.index(axis.axis) for axis in prelude.axes if axis.main == "yes")
    row.decider = next(observers.index(found.observer) for found in prelude.observers if found.chooses == "yes")
    return row


def _dates(prelude: Prelude) -> np.ndarray:
    """Weeks from the first day to some months after the treaty has run out, and "never"."""
    day = {key: _days(prelude.days["begins"], when) for key, when in prelude.days.items()}
    weeks = np.arange(0.0, day["treaty_ends"] + YEAR_AHEAD, WEEK)
    result = np.zeros(len(weeks) + 1, intelligence.DATE).view(np.recarray)
    result.day = [*weeks, np.inf]
    result.winter[:-1] = (weeks >= day["season_closes"]) & (weeks < day["season_opens"])
    result.treaty_over[:-1] = weeks >= day["treaty_ends"]
    return result


def _sections(prelude: Prelude, sections: list[str], axes: list[str]) -> np.ndarray:
    result = np.zeros(len(sections), deployment.SECTION).view(np.recarray)
    result.after = [sections.index(row.after) if row.after else NONE for row in prelude.sections]
    result.axis = [axes.index(row.axis) if row.axis else NONE for row in prelude.sections]
    return result


def _below(prelude: Prelude, sections: list[str], axes: list[str]) -> np.ndarray:
    """(section, axis) 1 where trains for the axis pass the section."""
    after = {row.section: row.after for row in prelude.sections}
    result = np.zeros((len(sections), len(axes)))
    for row in prelude.sections:
        name = row.section if row.axis else ""
        while name:
            result[sections.index(name), axes.index(row.axis)] = 1.0
            name = after[name]
    return result


def _movements(prelude: Prelude, sections: list[str]) -> np.ndarray:
    result = np.zeros(len(prelude.movements), deployment.MOVEMENT).view(np.recarray)
    result.section = [sections.index(row.section) for row in prelude.movements]
    result.waits = [row.waits == "yes" for row in prelude.movements]
    result.needed = [row.needed == "yes" for row in prelude.movements]
    return result


def _channels(prelude: Prelude, sections: list[str]) -> np.ndarray:
    result = np.zeros(len(prelude.channels), intelligence.CHANNEL).view(np.recarray)
    result.section = [sections.index(row.section) for row in prelude.channels]
    return result


def _guards(prelude: Prelude, axes: list[str]) -> np.ndarray:
    result = np.zeros((len(prelude.dispositions), len(axes)))
    for row in prelude.guards:
        result[prelude.dispositions.index(row.disposition), axes.index(row.axis)] = row.share
    return result


def _quantities(scenario: Scenario, prelude: Prelude) -> dict[str, dict[str, Quantity]]:
    """Every disputable number; errors of rows on one claim go together, and those of one table in part."""
    begins = prelude.days["begins"]

    def taken(rows: Sequence[Any], field: str, claim: str, **options: Any) -> Quantity:
        values = [getattr(row, field) for row in rows]
        return quantity(scenario.ledger, values, [getattr(row, claim) for row in rows], [field] * len(rows), **options)

    ready = [_days(begins, row.ready) for row in prelude.movements]
    shares = {
        field: taken(prelude.channels, field, "claim", bounds=(0.0, 1.0)) for field in ("share", "hidden", "decoys")
    }
    return {
        "sections": {"trains_per_day": taken(prelude.sections, "trains_per_day", "claim"),
                     "km": taken(prelude.sections, "km", "km_claim")},
        "movements": {"trains": taken(prelude.movements, "trains", "claim"),
                      "divisions": _certain([row.divisions for row in prelude.movements]),
                      "ready_day": _certain(ready),
                      "load_days": _certain([row.load_days for row in prelude.movements]),
                      "march_km": taken(prelude.movements, "march_km", "march_claim")},
        "channels": shares | {"assumed": _certain([row.assumed for row in prelude.channels])},
        "observers": {"months": taken(prelude.observers, "months", "claim"),
                      "treaty": taken(prelude.observers, "treaty", "claim", bounds=(0.01, 0.99)),
                      "need": taken(prelude.observers, "need", "claim"),
                      "heed": taken(prelude.observers, "heed", "claim"),
                      "axis_share": taken(prelude.observers, "axis_share", "claim", bounds=(0.05, 0.95))},
    }  # fmt: skip


def _certain(values: list[float]) -> Quantity:
    """Numbers that no reading changes: what is uncertain about them has a parameter of its own."""
    none = np.zeros(len(values))
    return Quantity(np.array(values, float), none, none, none.astype(np.int64), none.astype(np.int64))


def network(sections: Sequence[RailSection]) -> np.ndarray:
    """Trains a day between the nodes of the lines: node 0 is home, node s + 1 the end of section s."""
    names = [row.section for row in sections]
    result = np.zeros((len(names) + 1, len(names) + 1))
    for number, row in enumerate(sections):
        result[names.index(row.after) + 1 if row.after else 0, number + 1] = row.trains_per_day
    return result
