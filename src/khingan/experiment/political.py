"""The switches of a campaign's politics as changes like any other, so that the war itself is played under them."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from khingan.engine.prelude import PreludeRules
from khingan.errors import KhinganError
from khingan.experiment.change import Change, Edit, Removal, Scale, Takes, Where
from khingan.scenario.politics import FILE, Politics, Switch, read_politics, require_politics
from khingan.scenario.schema import Scenario
from khingan.scenario.vocabulary import SCHOOLS
from khingan.simulation.politics import (
    CALENDAR,
    EACH,
    IN_TURN,
    SCHOOL,
    politics_named,
    politics_number,
    schools_of_runs,
)
from khingan.simulation.settings import Settings

Start = Literal["history", "prelude"]
NEVER_DAYS = 1000.0  # after the order to stop: an errand that nobody is sent on
STANDS = {"disarming.start_days": NEVER_DAYS}


def political_changes(scenario: Scenario) -> dict[str, Change]:
    """A change for each switch of politics.yaml; none where a campaign has no such file."""
    politics = read_politics(scenario)
    if politics is None:
        return {}
    return {switch.key: _change(scenario, politics, switch) for switch in politics.switches}


def _change(scenario: Scenario, politics: Politics, switch: Switch) -> Change:
    """Without the entry the control side never sets out, and nobody answers an attack that does not come."""
    never = switch.attack == "never"
    own: Where = {"side": scenario.calendar.control_side}
    orders: Where = {"order": tuple(order.order for order in scenario.orders)}
    pins: dict[str, float | Scale] = {**switch.pins, **(STANDS if never else {})}
    return Change(
        name=switch.key,
        file=FILE,
        line=0,
        what=switch.title + ".",
        author="the campaign's politics",
        grade="C",
        parameters=pins,
        edit=(Edit(table="formations", where=own, to={"plan": ""}),) if never else (),
        remove=(Removal(table="orders", where=orders),) if never and scenario.orders else (),
        takes=Takes(what="h_hour") if switch.attack == "on-date" else None,
    )


def is_political(change: Change) -> bool:
    """Whether a change bears on the decision to end the war, so that by the historical calendar it would do nothing."""
    return any(key.startswith("politics.") for key in change.parameters)


def silences(change: Change) -> bool:
    """Whether a change takes headquarters out of the calendar, which a drawn decision would have speak all the same."""
    return any(removal.table == "headquarters" for removal in change.remove)


def shares_of(settings: Settings, runs: int) -> dict[str, np.ndarray]:
    """Whose decision -> the numbers of the runs that it was played in, where runs 0.. are played with these settings.

    One name and all runs, unless the schools take turns: then each school, and all of them behind. Raises KhinganError
    where there are fewer than two runs a school.
    """
    number, every = settings.pinned.get(SCHOOL, 0.0), np.arange(runs)
    if number != IN_TURN:
        return {politics_named(number): every}
    if runs < 2 * len(SCHOOLS):
        what = f"{runs} are too few for {len(SCHOOLS)} schools in turn"
        raise KhinganError("--runs", what, f"give {2 * len(SCHOOLS)} or more, or one school with --politics")
    played = schools_of_runs(0, runs)
    return {name: every[played == number + 1] for number, name in enumerate(SCHOOLS)} | {EACH: every}


def politics_settings(
    scenario: Scenario, politics: str | None, changes: Sequence[Change], start: Start = "history"
) -> Settings:
    """The settings of an experiment: schools in turn unless something else is asked for, the calendar without politics.

    A change that silences headquarters is played by the calendar. Raises KhinganError where a change bears on the
    decision and the calendar is to be played, or the other way round, or on the months before alone and they are not.
    """
    require_use(changes, start)
    known = read_politics(scenario) is not None and not any(silences(change) for change in changes)
    chosen = politics or (EACH if known else CALENDAR)
    if chosen != CALENDAR:
        require_politics(scenario)
    for change in changes:
        if chosen == CALENDAR and is_political(change):
            what = "bears on a decision that the historical calendar does not draw"
            raise KhinganError(f"--change {change.name}", what, "leave out --politics calendar, or name a school")
        if chosen != CALENDAR and silences(change):
            what = "takes away orders of the historical calendar, and a drawn decision does not follow it"
            raise KhinganError(f"--change {change.name}", what, "use --politics calendar")
    return Settings(pinned={SCHOOL: politics_number(chosen)} if chosen != CALENDAR else {}, start=start)


def require_use(changes: Sequence[Change], start: Start) -> None:
    """Refuse a change that bears on the months before alone where the campaign starts as history left it."""
    for change in changes:
        pinned = {key.split(".")[0] for key in change.parameters}
        alone = not (change.edit or change.add or change.remove or change.h_hour)
        if start == "history" and alone and pinned and pinned <= set(PreludeRules._fields):
            what = "bears on the months before the first hour alone"
            raise KhinganError(f"--change {change.name}", what, "add --from prelude, or ask `khingan prelude`")
