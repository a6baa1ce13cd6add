"""The months before H-hour: trains, sightings, belief, alert and disposition of many runs, in this order."""

from typing import Any, NamedTuple

import numpy as np

from khingan.engine.chance import luck_of
from khingan.engine.compiled import in_vectors, kernel
from khingan.engine.deployment import DeploymentRules, Trains, deploy
from khingan.engine.intelligence import (
    IntelligenceRules,
    add_up_weeks,
    chance_before,
    count_trains,
    first_ahead,
    look_ahead,
    prior_of_dates,
    rule_out,
    sighted,
    strength,
    sum_of,
    surprise_bits,
    temper,
    weigh_sighting,
)
from khingan.engine.readiness import (
    ReadinessRules,
    choose_disposition,
    readiness,
    surprise_level,
    watch,
)
from khingan.engine.state import NEVER, Array

CALENDAR = np.dtype([
    ("attack", "f8"),  # H-hour as it was, days from the first day
    ("release", "f8"),  # the other war ends
    ("denounced", "f8"),  # the treaty is denounced
    ("decided", "f8"),  # the disposition is chosen
    ("cut", "f8"),  # the day that the table of belief is cut at
    ("main_axis", "i8"),
    ("decider", "i8"),  # observer that chooses the disposition
])  # fmt: skip


class PreludeRules(NamedTuple):
    """Rules of the prelude's mechanisms, each an array (run,) of structured elements."""

    deployment: DeploymentRules
    intelligence: IntelligenceRules
    readiness: ReadinessRules


class PreludeWorld(NamedTuple):
    """What is the same in every prelude."""

    calendar: Array  # (1,) CALENDAR
    steps: Array  # (step,) float64 days on which beliefs are settled
    dates: Array  # (date,) DATE
    sections: Array  # (section,) SECTION
    below: Array  # (section, axis) 1 where trains for the axis pass
    movements: Array  # (movement,) MOVEMENT
    channels: Array  # (channel,) CHANNEL
    hears: Array  # (observer, channel) 1 where the observer hears it
    guards: Array  # (disposition, axis) share of the army
    weighed: Array  # (disposition,) 1 where belief may choose it


class PreludeReading(NamedTuple):
    """Readings of the ledger, each with a leading run axis."""

    sections: Array  # (run, section) READ_SECTION
    movements: Array  # (run, movement) READ_MOVEMENT
    channels: Array  # (run, channel) READ_CHANNEL
    observers: Array  # (run, observer) READ_OBSERVER


class PreludeRoom(NamedTuple):
    """Room to work in."""

    trains: Trains
    belief: Array  # (observer, axis, date)
    prior: Array  # (observer, date)
    news: Array  # (observer,) int64 what its prior rests on: 1 the release is known, 2 the treaty is denounced
    cumulative: Array  # (date,)
    counted: Array  # (channel,) trains reported since the other war ended
    ahead: Array  # (date,) log days from the release
    pace: Array  # (date,) one over those days
    gain: Array  # (date,)
    heard: Array  # (axis, date)
    shares: Array  # (axis,)
    alert: Array  # (observer,) ALERT


class PreludeRecord(NamedTuple):
    """What preludes leave behind; NaN where a step lies after H-hour. Days from the first day."""

    attack_day: Array  # (run,)
    executable_day: Array  # (run,)
    first_train: Array  # (run, movement)
    last_train: Array  # (run, movement)
    assembled: Array  # (run, movement)
    trains: Array  # (run, step) that left home since the step before
    in_place: Array  # (run, step) division-equivalents brought so far
    believed: Array  # (run, step, observer) division-equivalents
    seen: Array  # (run, step, channel) trains reported since the step before
    before_cut: Array  # (run, step + 1, observer) belief in an attack before the cut; the first row is the prior
    soon: Array  # (run, step + 1, observer) belief in an attack within the horizon
    axes: Array  # (run, step + 1, observer, axis)
    density: Array  # (step + 1, observer, axis, date) belief summed over the runs of the call
    alert_days: Array  # (run, observer) an alert had stood at H-hour
    readiness: Array  # (run, observer)
    bits: Array  # (run, observer, 3) surprise by date, by axis, by both
    level: Array  # (run, observer) 0..3
    disposition: Array  # (run,)


@in_vectors
@kernel
def play_preludes(
    world: PreludeWorld, reading: PreludeReading, rules: PreludeRules, room: PreludeRoom, record: PreludeRecord,
    seed: int, first_run: int,
) -> None:  # fmt: skip
    """Play a prelude for every run of the readings; each run depends on seed and number alone."""
    for run in range(record.attack_day.shape[0]):
        luck = luck_of(seed, first_run + run)
        record.executable_day[run] = deploy(
            world.sections, world.movements, reading.sections[run], reading.movements[run], rules.deployment[run], luck,
            room.trains,
        )  # fmt: skip
        for m in range(world.movements.shape[0]):
            record.first_train[run, m] = room.trains.moved[m].first_day
            record.last_train[run, m] = room.trains.moved[m].last_day
            record.assembled[run, m] = room.trains.moved[m].ready_day
        play_estimates(
            world, reading.channels[run], reading.observers[run], rules.deployment[run], rules.intelligence[run],
            rules.readiness[run], room, record, luck, run,
        )  # fmt: skip


@kernel
def play_estimates(
    world: PreludeWorld, channels: Array, observers: Array, movement: Any, rules: Any, waking: Any, room: PreludeRoom,
    record: PreludeRecord, luck: int, run: int,
) -> None:  # fmt: skip
    """Month by month: what is seen, what each observer believes, whether it is alerted, how the defender stands."""
    calendar = world.calendar[0]
    attack = h_hour(world, movement, waking, record.executable_day[run])
    record.attack_day[run] = attack
    begin(world, observers, rules, room, record, run, waking)
    now = 0.0
    chosen = -1
    for step in range(world.steps.shape[0]):
        if now >= attack:
            break
        then, now = now, min(world.steps[step], attack)
        see(world, channels, movement, rules, room, record, luck, run, step, then, now)
        release = calendar.release + movement.release_shift
        first = first_ahead(world.dates, now)
        if now > release:
            look_ahead(world.dates, now, release, rules, room.ahead, room.pace)
        for o in range(observers.shape[0]):
            weigh(world, channels, observers[o], movement, rules, room, now, first, o)
            believe(world, observers[o], movement, rules, room, now, first, o)
            note(world, rules, waking, room, record, run, step + 1, o, now)
            record.believed[run, step, o] = believed_strength(
                world.hears[o], channels, record.seen[run], rules, step, now
            )
            keep_watch(waking, room, o, now, min(attack, next_step(world.steps, step, attack)))
        if chosen < 0 and now >= min(calendar.decided, attack):
            chosen = choose_disposition(
                room.belief[calendar.decider], world.guards, world.weighed, waking, rules.main_share
            )
    record.disposition[run] = chosen
    for o in range(observers.shape[0]):
        conclude(world, waking, room, record, run, o, attack)


@kernel
def h_hour(world: PreludeWorld, movement: Any, waking: Any, executable: float) -> float:
    """The day of the attack: as in history and so much later as it waits, or the first on which the plan can be begun.

    It is never earlier than its day, which was promised to allies; and never later than the calendar reaches.
    """
    attack = world.calendar[0].attack + waking.wait_days
    if movement.waits_for_plan > 0.0 and world.steps.shape[0] > 0:
        attack = max(attack, min(np.ceil(executable), world.steps[world.steps.shape[0] - 1]))
    return attack


@kernel
def next_step(steps: Array, step: int, last: float) -> float:
    """The day of the step after this one."""
    return steps[step + 1] if step + 1 < steps.shape[0] else last


@kernel
def begin(
    world: PreludeWorld, observers: Array, rules: Any, room: PreludeRoom, record: PreludeRecord, run: int, waking: Any
) -> None:
    """The prior of every observer on the first day, and no alert."""
    room.counted[:] = 0.0
    room.news[:] = -1
    for o in range(observers.shape[0]):
        set_prior(world, observers[o], rules, room, NEVER, False, o)
        room.alert[o].since, room.alert[o].false_alerts = NEVER, 0.0
        note(world, rules, waking, room, record, run, 0, o, 0.0)


@kernel
def see(
    world: PreludeWorld, channels: Array, movement: Any, rules: Any, room: PreludeRoom, record: PreludeRecord,
    luck: int, run: int, step: int, then: float, now: float,
) -> None:  # fmt: skip
    """Count trains, arrivals and what each channel reports of them between two days."""
    release = world.calendar[0].release + movement.release_shift
    record.trains[run, step] = count_trains(room.trains.passing[0], then, now)
    brought = 0.0
    for a in range(room.trains.arrived.shape[0]):
        brought += count_trains(room.trains.arrived[a], then, now)
    record.in_place[run, step] = brought + (record.in_place[run, step - 1] if step > 0 else 0.0)
    for c in range(channels.shape[0]):
        passing = room.trains.passing[world.channels[c].section]
        before = count_trains(passing, then, min(now, max(then, release)))
        after = count_trains(passing, max(then, release), now)
        early = sighted(before, channels[c], rules, luck, step, c)
        late = sighted(after, channels[c], rules, luck, step, channels.shape[0] + c)
        record.seen[run, step, c] = early + late
        room.counted[c] += late


@kernel
def weigh(
    world: PreludeWorld,
    channels: Array,
    observer: Any,
    movement: Any,
    rules: Any,
    room: PreludeRoom,
    now: float,
    first: int,
    o: int,
) -> None:
    """How well each date and axis explains, to one observer, all that its channels have reported since the release.

    `first` is the first week that is not over.
    """
    release = world.calendar[0].release + movement.release_shift
    room.heard[:] = 0.0
    if now - release < 1.0:
        return
    axes = room.shares.shape[0]
    for c in range(channels.shape[0]):
        if not world.hears[o, c]:
            continue
        for a in range(axes):
            passes = 0.0
            for b in range(axes):
                part = rules.main_share if a == b else (1.0 - rules.main_share) / (axes - 1)
                passes += part * world.below[world.channels[c].section, b]
            room.shares[a] = max(0.01, passes) * observer.need
        weigh_sighting(
            first, room.ahead, room.pace, room.shares, room.counted[c], channels[c].assumed, now - release, rules,
            room.gain, room.heard,
        )  # fmt: skip


@kernel
def believe(
    world: PreludeWorld, observer: Any, movement: Any, rules: Any, room: PreludeRoom, now: float, first: int, o: int
) -> None:
    """What an observer believes on a day: the prior with what all know, its reports tempered, no day that is over.

    All it has counted since the release is weighed at once: its doubt is of its own scale, so that months are no
    independent witnesses.
    """
    calendar = world.calendar[0]
    release = calendar.release + movement.release_shift
    set_prior(world, observer, rules, room, release if release <= now else NEVER, calendar.denounced <= now, o)
    rule_out(first, room.belief[o])
    if now > release:
        temper(first, room.belief[o], room.heard, min(1.0, rules.tempering * observer.heed))


@kernel
def set_prior(
    world: PreludeWorld, observer: Any, rules: Any, room: PreludeRoom, release: float, denounced: bool, o: int
) -> None:
    """What an observer believes before any sighting; release NEVER while the other war still goes on.

    It changes only with the news, so it is reckoned once for each.
    """
    known = release < NEVER
    news = (1 if known else 0) + (2 if denounced else 0)
    if room.news[o] != news:
        room.news[o] = news
        sd = rules.planning_sd if known else np.sqrt(rules.release_sd**2 + rules.planning_sd**2)
        expected = release if known else rules.expected_release
        prior_of_dates(world.dates, observer, rules, expected, sd, denounced, room.prior[o])
    axes = room.belief.shape[1]
    for a in range(axes):
        share = (1.0 - observer.axis_share) / (axes - 1)
        if a == observer.axis:
            share = observer.axis_share
        for d in range(room.prior.shape[1]):
            room.belief[o, a, d] = room.prior[o, d] * share


@kernel
def note(
    world: PreludeWorld, rules: Any, waking: Any, room: PreludeRoom, record: PreludeRecord, run: int, row: int, o: int,
    now: float,
) -> None:  # fmt: skip
    """Write down a belief."""
    belief = room.belief[o]
    add_up_weeks(belief, room.cumulative)
    record.before_cut[run, row, o] = chance_before(room.cumulative, world.calendar[0].cut)
    record.soon[run, row, o] = chance_before(room.cumulative, now + waking.horizon_days)
    for a in range(belief.shape[0]):
        record.axes[run, row, o, a] = sum_of(belief[a])
        density = record.density[row, o, a]
        for d in range(belief.shape[1]):
            density[d] += belief[a, d]


@kernel
def believed_strength(hears: Array, channels: Array, seen: Array, rules: Any, step: int, now: float) -> float:
    """Division-equivalents an observer thinks have come, by the channel that counts most; seen (step, channel)."""
    best = -1
    for c in range(channels.shape[0]):
        if hears[c] and (best < 0 or channels[c].assumed > channels[best].assumed):
            best = c
    if best < 0:
        return 0.0
    total = 0.0
    for s in range(step + 1):
        total += seen[s, best]
    whole = rules.need_divisions * rules.trains_per_division
    return strength(1.0, 1.0 / whole, total, channels[best].assumed) / rules.trains_per_division


@kernel
def keep_watch(waking: Any, room: PreludeRoom, o: int, now: float, until: float) -> None:
    """Look ahead once a week with the latest belief, as `note` left it, less the days that passed without an attack."""
    day = now
    while day < until:
        over = chance_before(room.cumulative, day)
        soon = chance_before(room.cumulative, day + waking.horizon_days) - over
        watch(room.alert, o, soon / max(1e-12, 1.0 - over), day, waking)
        day += 7.0


@kernel
def conclude(
    world: PreludeWorld, waking: Any, room: PreludeRoom, record: PreludeRecord, run: int, o: int, attack: float
) -> None:
    """Alert, readiness and surprise of an observer at H-hour."""
    belief, main = room.belief[o], world.calendar[0].main_axis
    days = max(0.0, attack - room.alert[o].since)
    record.alert_days[run, o] = days
    record.readiness[run, o] = readiness(days, waking)
    week = world.dates.shape[0] - 1
    for d in range(week):
        if world.dates[d].day <= attack < world.dates[d].day + 7.0:
            week = d
            break
    on_date = 0.0
    for a in range(belief.shape[0]):
        on_date += belief[a, week]
    on_axis = sum_of(belief[main])
    record.bits[run, o, 0] = surprise_bits(on_date)
    record.bits[run, o, 1] = surprise_bits(on_axis)
    record.bits[run, o, 2] = surprise_bits(belief[main, week])
    add_up_weeks(belief, room.cumulative)
    soon = chance_before(room.cumulative, attack + waking.horizon_days)
    record.level[run, o] = surprise_level(days > 0.0, on_axis, soon, waking)
