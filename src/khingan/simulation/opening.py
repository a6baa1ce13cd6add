"""The first hour as a run's own prelude leaves it: readiness, alert, works, surprise and place of the defender."""

from typing import Any

import numpy as np

from khingan.engine.prelude import PreludeRecord
from khingan.engine.readiness import at_posts, issued, training
from khingan.engine.state import FIELD, Reading
from khingan.engine.state import World as Arrays
from khingan.errors import KhinganError
from khingan.simulation.prelude import draw_rules, play_chunk
from khingan.simulation.settings import Settings
from khingan.world.compile import World
from khingan.world.prelude import PreludePlan, prelude_rules
from khingan.world.season import likely_wet

LEVELS = 3.0  # of surprise, counted from none


def start_from_preludes(
    world: World, settings: Settings, seed: int, first_run: int, values: np.ndarray, readings: list[Reading],
    given: list[Arrays],
) -> tuple[list[Arrays], np.ndarray]:  # fmt: skip
    """Each run's own world after its prelude, and by how many hours its H-hour is later than the campaign's, (run,).

    `given` are the world's tables as each run reads them.

    Changes the run's reading, and its row of values (run, parameter), in place. The run is played from its own H-hour,
    with which orders and plans move; what has a date of its own (the cease-fires, the shocks, late formations) comes so
    much sooner after it. What the plan needs is taken as there; the rest comes as its trains do.
    """
    plan = world.prelude
    if plan is None:
        remedy = "leave the option out, or use a campaign with a folder prelude"
        raise KhinganError("--from prelude", "this campaign says nothing of the months before its first hour", remedy)
    own = settings_of(settings, plan)
    record = play_chunk(plan, own, seed, first_run, len(readings))
    later = 24.0 * np.round(record.attack_day - plan.arrays.calendar.attack[0])
    rules = prelude_rules(tuple(plan.parameters), draw_rules(plan, own, seed, first_run, len(readings))).readiness
    peak = world.names.parameters.index("combat.surprise_peak")
    entry = world.names.parameters.index("politics.entry_shift_days")
    values[:, entry] += later / 24.0  # the entry is the attack: it moves with H-hour
    arrays = []
    for run, reading in enumerate(readings):
        roster = given[run].roster.copy()
        roster.arrives_h = np.maximum(0.0, roster.arrives_h - later[run])
        make_ready(world, plan, record, rules[run], run, reading, roster)
        bring_up(world, plan, record, run, roster)
        foresee_rain(world.arrays, reading, float(later[run]))
        take_disposition(world, plan, int(record.disposition[run]), reading)
        surprised = surprise_of(world, plan, record, run, reading) / LEVELS
        values[run, peak] = 1.0 + (values[run, peak] - 1.0) * surprised
        arrays.append(given[run]._replace(roster=roster, **sooner(given[run], float(later[run]))))
    return arrays, later


def settings_of(settings: Settings, plan: PreludePlan) -> Settings:
    """The part of a study's settings that the months before know of."""
    pinned, scaled = ({key: value for key, value in given.items() if key in plan.parameters}
                      for given in (settings.pinned, settings.scaled))  # fmt: skip
    return Settings(
        settings.parameters, settings.claims, pinned, scaled, settings.changes, settings.changes_file, settings.start
    )


def sooner(arrays: Arrays, hours: float) -> dict[str, Any]:
    """The calendars of surrender and politics as they lie after an H-hour that is later by some hours."""
    headquarters, politics = arrays.headquarters.copy(), arrays.politics.copy()
    headquarters.order_h -= hours
    for field in politics.dtype.names or ():
        politics[field] -= hours
    day = arrays.season_day + hours / 24.0
    return {"headquarters": headquarters, "politics": politics, "season_day": day}


def foresee_rain(arrays: Arrays, reading: Reading, hours: float) -> None:
    """The chance of rain at an H-hour that is later by some hours, in the season of that day."""
    regions, day = reading.regions, int(arrays.season_day + hours / 24.0) % arrays.season.shape[1]
    onset = regions.dry_to_wet * (1.0 - arrays.season[:, day].drier)
    regions.wet_at_start = likely_wet(regions.wet_at_start, regions.wet_to_wet, onset, np.array(hours))


HOURS_OF = ("first_control", "works_fall", "order_arrival", "capitulated", "landed", "halt_began", "surrender")
LEVELS_OF = {"men": "men", "tanks": "tanks", "fuel": "fuel_carried"}
TOTALS = (
    "killed", "wounded", "captured", "prisoners", "sick", "died", "tanks_lost", "tanks_out", "tanks_repaired",
    "deserted",
)  # fmt: skip


def to_calendar(chunk: dict[str, np.ndarray], run: int, later: float, reading: Reading, horizon: float) -> None:
    """Put the record of a run that began `later` hours after the campaign's H-hour on the campaign's own clock.

    Whole days. Until its H-hour everybody stands where he stood and nothing is lost; what falls behind the horizon (h)
    is not on record, but for a surrender.
    """
    days = round(later / 24.0)
    if days == 0:
        return
    for name in HOURS_OF:
        hours = chunk[name][run]
        hours += later
        if name != "surrender":
            hours[hours > horizon] = np.nan
    forces = reading.formations
    for name, field in LEVELS_OF.items():
        put_off(chunk[name][run], days, forces[field])
    for name in TOTALS:
        put_off(chunk[name][run], days, 0.0)
    put_off(chunk["wet_share"][run], days, chunk["wet_share"][run][0])
    steps = chunk["place"].shape[1]
    put_off(chunk["place"][run], days * steps // chunk["men"].shape[1], forces.start)


def put_off(series: np.ndarray, rows: int, before: Any) -> None:
    """Move a series (time, ...) by some rows, and write `before` into those that come first."""
    rows = min(rows, len(series))
    series[rows:] = series[: len(series) - rows].copy()
    series[:rows] = before


def make_ready(
    world: World, plan: PreludePlan, record: PreludeRecord, rules: Any, run: int, reading: Reading, roster: Any
) -> None:
    """Worth, men at their posts, ammunition and digging of every formation that an observer can alert."""
    observer = plan.observer_of[world.arrays.roster.army]
    alerted = observer >= 0
    days = np.where(alerted, record.alert_days[run, observer], 0.0)
    forces = reading.formations
    forces.quality[alerted] *= record.readiness[run, observer[alerted]]
    waited = float(record.attack_day[run] - plan.arrays.calendar.attack[0])
    for u, since in plan.raised.items():
        forces.quality[u] *= training(since, waited, rules)
    np.clip(forces.quality, 0.0, 1.0, out=forces.quality)
    stood = record.alert_days[run].tolist()
    forces.men[alerted] *= np.array([at_posts(since, rules) for since in stood])[observer[alerted]]
    extra = np.array([issued(since, rules) for since in stood])[observer[alerted]]
    forces.ammunition_carried[alerted] += np.minimum(forces.ammunition_carried[alerted], extra)
    roster.prepared_days[alerted] = np.maximum(0.0, roster.prepared_days + days + waited)[alerted]


def bring_up(world: World, plan: PreludePlan, record: PreludeRecord, run: int, roster: Any) -> None:
    """Formations of an army that the plan did not wait for come in turn, as its trains do."""
    for movement, army in plan.late_armies:
        late = np.flatnonzero((roster.army == army) & (roster.role == FIELD))
        first, last = record.first_train[run, movement], record.last_train[run, movement]
        lag = record.assembled[run, movement] - last
        turn = (np.arange(late.size) + 1.0) / max(1, late.size)
        hours = 24.0 * (first + (last - first) * turn + lag - record.attack_day[run])
        roster.arrives_h[late] = np.maximum(0.0, hours)


def take_disposition(world: World, plan: PreludePlan, disposition: int, reading: Reading) -> None:
    """Formations that stand elsewhere in this disposition."""
    for u, place in plan.moves[disposition]:
        if reading.formations.start[u] >= 0:
            reading.formations.start[u] = world.place_cell[place]


def surprise_of(world: World, plan: PreludePlan, record: PreludeRecord, run: int, reading: Reading) -> float:
    """Mean level of surprise of the defender's men, 0 to 3."""
    observer = plan.observer_of[world.arrays.roster.army]
    men = np.where(observer >= 0, reading.formations.men, 0.0)
    return float((record.level[run, observer] * men).sum() / max(1.0, men.sum()))
