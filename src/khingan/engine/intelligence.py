"""Intelligence: what observers see of a build-up, and what they come to believe about when and where it will strike."""

from typing import NamedTuple

import numpy as np

from khingan.engine.chance import SIGHTING, draw, normal
from khingan.engine.compiled import kernel
from khingan.engine.logarithm import exp_of, log_of
from khingan.engine.state import Array

DATE = np.dtype([
    ("day", "f8"),  # first day of the week, days from the first day: 0, 7, ...; the last row is "never"
    ("winter", "u1"),  # 1 outside the campaigning season
    ("treaty_over", "u1"),  # 1 after the treaty has run out
])  # fmt: skip
CHANNEL = np.dtype([("section", "i8")])  # section of line it watches
READ_CHANNEL = np.dtype([
    ("share", "f8"),  # of the trains that pass by, counted when nothing is hidden
    ("assumed", "f8"),  # what those who hear it take that share to be
    ("hidden", "f8"),  # share of the concealment that works against it
    ("decoys", "f8"),  # share of the decoys that are shown to it
])  # fmt: skip
READ_OBSERVER = np.dtype([
    ("months", "f8"),  # it thinks the build-up must take once the other war has ended
    ("treaty", "f8"),  # chance it gives, beforehand, that the treaty is kept
    ("need", "f8"),  # share of the common need that it thinks enough
    ("heed", "f8"),  # of sightings, against the common tempering
    ("axis", "i8"),  # it favours beforehand
    ("axis_share", "f8"),  # chance it gives that axis beforehand
])  # fmt: skip
DAYS_PER_MONTH, DAYS_PER_WEEK = 30.4375, 7.0


class IntelligenceRules(NamedTuple):
    """Parameters of parameters/intelligence.yaml."""

    concealment: float
    hiding: float
    detection: float
    decoy_share: float
    tempering: float
    doubt: float
    need_divisions: float
    trains_per_division: float
    main_share: float
    expected_release: float
    release_sd: float
    planning_sd: float
    season_weight: float
    denunciation: float
    never_share: float
    never_days: float
    report_hops: float
    report_h: float
    report_log_sd: float
    silence_h: float


@kernel
def count_trains(passing: Array, first: float, last: float) -> float:
    """Trains that entered a section on the days from `first` up to, not including, `last`; passing (day,)."""
    total = 0.0
    for day in range(max(0, int(first)), min(passing.shape[0], int(last))):
        total += passing[day]
    return total


@kernel
def sighted(trains: float, read_channel: Array, rules: IntelligenceRules, luck: int, step: int, channel: int) -> float:
    """Trains a channel reports of those that passed: Poisson in mean and spread, by its normal approximation.

    Fewer where they run by night, silent and under false names; more by the decoys. With the same luck the count never
    falls when more could be seen. Leaves out: reports that are late, or contradict each other.
    """
    open_share = 1.0 - min(1.0, rules.concealment * rules.hiding * read_channel.hidden)
    real = min(1.0, rules.detection * read_channel.share) * open_share
    shown = rules.concealment * rules.decoy_share * read_channel.decoys * read_channel.share
    mean = trains * (real + shown)
    return max(0.0, mean + np.sqrt(mean) * normal(draw(luck, step, channel, SIGHTING)))


@kernel
def prior_of_dates(
    dates: Array, observer: Array, rules: IntelligenceRules, release: float, sd: float, denounced: bool, out: Array
) -> None:
    """What an observer believes about the date (date,) before any sighting, when the other war ends on day `release`.

    Either the treaty is broken: a normal around release and the months it takes, thinned in winter; or it is kept: then
    after it has run out, or never. A denounced treaty has its odds divided by `denunciation`.
    """
    odds = observer.treaty / (1.0 - observer.treaty)
    kept = odds / (rules.denunciation + odds) if denounced else observer.treaty
    last = dates.shape[0] - 1
    centre = release + observer.months * DAYS_PER_MONTH
    for d in range(last):
        out[d] = (dates[d].day + 3.5 - centre) / sd
    for d in range(last):
        out[d] = max(1e-12, exp_of(-0.5 * out[d] * out[d]))
    early, later = 0.0, 0
    for d in range(last):
        out[d] *= rules.season_weight if dates[d].winter else 1.0
        early += 0.0 if dates[d].treaty_over else out[d]
        later += dates[d].treaty_over
    even, scale = kept * (1.0 - rules.never_share) / later if later else 0.0, (1.0 - kept) / early
    for d in range(last):
        out[d] = even if dates[d].treaty_over else scale * out[d]
    out[last] = kept * rules.never_share


@kernel
def first_ahead(dates: Array, now: float) -> int:
    """The first week that is not over on day `now`; the row of "never" where all are."""
    for d in range(dates.shape[0] - 1):
        if dates[d].day + DAYS_PER_WEEK > now:
            return d
    return dates.shape[0] - 1


@kernel
def look_ahead(dates: Array, now: float, release: float, rules: IntelligenceRules, out: Array, pace: Array) -> int:
    """The first week that is not over on day `now`; from it on, the logarithm of the days from the release to a date.

    Fills out (date,), and pace (date,) with one over those days.
    """
    never = dates.shape[0] - 1
    first = first_ahead(dates, now)
    for d in range(first, never):
        out[d] = max(now, dates[d].day) + 3.5 - release
    out[never] = rules.never_days
    for d in range(first, never + 1):
        pace[d] = 1.0 / out[d]
        out[d] = log_of(out[d])
    return first


@kernel
def weigh_sighting(
    first: int, ahead: Array, pace: Array, axis_shares: Array, seen: float, assumed: float, days: float,
    rules: IntelligenceRules, gain: Array, out: Array,
) -> None:  # fmt: skip
    """Add to out (axis, date) how well each axis and date explains `seen` trains counted in `days` since the release.

    Who strikes on day D moves what it needs between the release and D, so days / (D - release) of it has come; `first`
    and `ahead` (date,), log(D - release), and `pace`, its inverse, are look_ahead's; axis_shares (axis,) of the trains
    pass the channel; gain (date,) is room to work in. Counts are negative binomial (Poisson with a Gamma scale of
    coefficient of variation `doubt`): the observer knows neither the need nor its own eyes well. More trains always
    speak for earlier dates (monotone likelihood ratio). Nothing is said of weeks before `first`, which are over.
    """
    shape = 1.0 / (rules.doubt * rules.doubt)
    trains = days * assumed * rules.need_divisions * rules.trains_per_division
    for a in range(axis_shares.shape[0]):
        # Axes that a channel cannot tell apart share a logarithm.
        if first_alike(axis_shares, a) < a:
            continue
        need = trains * axis_shares[a]
        log_need = np.log(need)
        for d in range(first, ahead.shape[0]):
            gain[d] = seen * (log_need - ahead[d]) - (seen + shape) * log_of(need * pace[d] + shape)
        for b in range(a, axis_shares.shape[0]):
            if axis_shares[b] == axis_shares[a]:
                for d in range(first, ahead.shape[0]):
                    out[b, d] += gain[d]


@kernel
def first_alike(values: Array, a: int) -> int:
    """The first of the values that equals the a-th."""
    for b in range(a):
        if values[b] == values[a]:
            return b
    return a


@kernel
def temper(first: int, belief: Array, likelihood: Array, weight: float) -> None:
    """Bayes with the likelihood raised to `weight` (0 deaf, 1 exact); belief (axis, date) comes in and goes out.

    likelihood (axis, date) in logarithms, from date `first` on; before it nothing is believed. An impossible state
    stays impossible.
    """
    most = -np.inf
    for d in range(first, belief.shape[1]):
        for a in range(belief.shape[0]):
            if belief[a, d] > 0.0:
                most = max(most, likelihood[a, d])
    for a in range(belief.shape[0]):
        for d in range(first, belief.shape[1]):
            belief[a, d] *= exp_of(min(0.0, weight * (likelihood[a, d] - most)))
    rescale(belief)


@kernel
def rule_out(first: int, belief: Array) -> None:
    """Nothing has happened before week `first`: weeks that are over are impossible; belief (axis, date)."""
    for a in range(belief.shape[0]):
        belief[a, :first] = 0.0
    rescale(belief)


@kernel
def rescale(belief: Array) -> None:
    """Make a belief (axis, date) sum to one."""
    total = 0.0
    for a in range(belief.shape[0]):
        total += sum_of(belief[a])
    scale = 1.0 / total
    for a in range(belief.shape[0]):
        for d in range(belief.shape[1]):
            belief[a, d] *= scale


@kernel
def sum_of(values: Array) -> float:
    """The sum, in four strands: one addition need not wait for the one before it."""
    first, second, third, fourth = 0.0, 0.0, 0.0, 0.0
    whole = values.shape[0] - values.shape[0] % 4
    for d in range(0, whole, 4):
        first += values[d]
        second += values[d + 1]
        third += values[d + 2]
        fourth += values[d + 3]
    for d in range(whole, values.shape[0]):
        first += values[d]
    return (first + second) + (third + fourth)


@kernel
def add_up_weeks(belief: Array, cumulative: Array) -> None:
    """Fill cumulative (date,): the belief in an attack before each week begins; belief (axis, date)."""
    total = 0.0
    for d in range(belief.shape[1]):
        cumulative[d] = total
        week = 0.0
        for a in range(belief.shape[0]):
            week += belief[a, d]
        total += week


@kernel
def chance_before(cumulative: Array, day: float) -> float:
    """Belief that the attack comes before `day`; the week in which the day lies counts by its share."""
    last = cumulative.shape[0] - 1
    week = min(last - 1, max(0, int(day / DAYS_PER_WEEK)))
    share = min(1.0, max(0.0, day / DAYS_PER_WEEK - week))
    return cumulative[week] + share * (cumulative[week + 1] - cumulative[week])


@kernel
def strength(shape: float, rate: float, seen: float, share: float) -> float:
    """Mean of what is believed there: Gamma(shape, rate) before, `seen` of it counted where `share` is; conjugate."""
    return (shape + seen) / (rate + share)


@kernel
def hear_of_losses(
    near: Array, place: Array, fights_until: Array, lost_h: Array, delay_h: Array, step_hours: float, silence_h: float,
    watch: Array, heard: Array, known: Array,
) -> None:  # fmt: skip
    """When a headquarters hears of each cell that is lost, and of each formation of the enemy: hours, inf if never.

    place (step, formation) cells; fights_until (formation,) hour at which one of its own lays down arms, -inf for the
    enemy's; lost_h (cell,) hour of the loss, inf where none; delay_h (formation,) of a report on its way up. At the end
    of each step its own see what stands in their cell and in those beside it. Of ground that nobody sees it hears
    silence_h after the loss. watch (cell,) is room to work in; fills heard (cell,) and known (formation,).
    Leaves out: false reports, what flyers and listening posts see of formations, and reports that are not believed.
    """
    for cell in range(heard.shape[0]):
        heard[cell] = lost_h[cell] + silence_h
    known[:] = np.inf
    for step in range(place.shape[0]):
        now = (step + 1) * step_hours
        watch[:] = np.inf
        for u in range(place.shape[1]):
            if place[step, u] >= 0 and fights_until[u] >= now:
                watch_around(near, watch, np.int64(place[step, u]), now + delay_h[u])
        for cell in range(watch.shape[0]):
            if lost_h[cell] <= now:
                heard[cell] = min(heard[cell], watch[cell])
        for u in range(place.shape[1]):
            if place[step, u] >= 0 and fights_until[u] == -np.inf:
                known[u] = min(known[u], watch[place[step, u]])


@kernel
def watch_around(near: Array, watch: Array, cell: int, hour: float) -> None:
    """What is seen in a cell and in those beside it is known by `hour` at the latest."""
    watch[cell] = min(watch[cell], hour)
    for edge in range(near.shape[1]):
        if near[cell, edge] >= 0:
            watch[near[cell, edge]] = min(watch[near[cell, edge]], hour)


@kernel
def surprise_bits(belief: float) -> float:
    """Surprise of what was believed with this chance, -log2; at most 20 bits, which is one in a million."""
    return min(20.0, -np.log2(max(belief, 1e-9)))
