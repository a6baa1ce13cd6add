"""Intelligence: what observers see of a build-up, and what they come to believe about when and where it will strike."""

from typing import NamedTuple

import numpy as np

from khingan.engine.chance import SIGHTING, draw, normal
from khingan.engine.compiled import kernel
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
    early, later = 0.0, 0
    for d in range(last):
        z = (dates[d].day + 3.5 - centre) / sd
        out[d] = 0.0 if dates[d].treaty_over else max(1e-12, np.exp(-0.5 * z * z))
        out[d] *= rules.season_weight if dates[d].winter else 1.0
        early += out[d]
        later += dates[d].treaty_over
    for d in range(last):
        out[d] = kept * (1.0 - rules.never_share) / later if dates[d].treaty_over else (1.0 - kept) * out[d] / early
    out[last] = kept * rules.never_share


@kernel
def first_ahead(dates: Array, now: float) -> int:
    """The first week that is not over on day `now`; the row of "never" where all are."""
    for d in range(dates.shape[0] - 1):
        if dates[d].day + DAYS_PER_WEEK > now:
            return d
    return dates.shape[0] - 1


@kernel
def look_ahead(dates: Array, now: float, release: float, rules: IntelligenceRules, out: Array, pace: Array) -> None:
    """Logarithm of the days from the release to each date, seen from day `now`, and one over those days.

    Fills out (date,), -inf when the week is over, and pace (date,), 0 then.
    """
    never = dates.shape[0] - 1
    first = first_ahead(dates, now)
    for d in range(never + 1):
        if d < first:
            out[d], pace[d] = -np.inf, 0.0
            continue
        out[d] = np.log(max(now, dates[d].day) + 3.5 - release) if d < never else np.log(rules.never_days)
        pace[d] = np.exp(-out[d])


@kernel
def weigh_sighting(
    ahead: Array, pace: Array, axis_shares: Array, seen: float, assumed: float, days: float, rules: IntelligenceRules,
    out: Array,
) -> None:  # fmt: skip
    """Add to out (date, axis) how well each date and axis explains `seen` trains counted in `days` since the release.

    Who strikes on day D moves what it needs between the release and D, so days / (D - release) of it has come; `ahead`
    (date,) is log(D - release) and `pace` its inverse, from look_ahead, and axis_shares (axis,) of the trains pass the
    channel. Counts are negative binomial (Poisson with a Gamma scale of coefficient of variation `doubt`): the observer
    knows neither the need nor its own eyes well. More trains always speak for earlier dates (monotone likelihood
    ratio). Of weeks that are over it says nothing: rule them out first.
    """
    shape = 1.0 / (rules.doubt * rules.doubt)
    trains = days * assumed * rules.need_divisions * rules.trains_per_division
    log_trains = np.log(trains)
    for a in range(axis_shares.shape[0]):
        log_share = seen * np.log(axis_shares[a])
        for d in range(ahead.shape[0]):
            out[d, a] += log_share
    for d in range(ahead.shape[0]):
        if ahead[d] == -np.inf:
            continue
        log_rate = seen * (log_trains - ahead[d])
        rate = trains * pace[d]
        # Axes that a channel cannot tell apart share a logarithm.
        first = log_rate - (seen + shape) * np.log(rate * axis_shares[0] + shape)
        gain, share = first, axis_shares[0]
        for a in range(axis_shares.shape[0]):
            if axis_shares[a] == axis_shares[0]:
                out[d, a] += first
                continue
            if axis_shares[a] != share:
                share = axis_shares[a]
                gain = log_rate - (seen + shape) * np.log(rate * share + shape)
            out[d, a] += gain


@kernel
def temper(belief: Array, likelihood: Array, weight: float) -> None:
    """Bayes with the likelihood raised to `weight` (0 deaf, 1 exact); belief (date, axis) comes in and goes out.

    likelihood (date, axis) in logarithms. An impossible state stays impossible.
    """
    most = -np.inf
    for d in range(belief.shape[0]):
        for a in range(belief.shape[1]):
            if belief[d, a] > 0.0:
                most = max(most, likelihood[d, a])
    total, gain = 0.0, 1.0
    for d in range(belief.shape[0]):
        for a in range(belief.shape[1]):
            if belief[d, a] > 0.0:
                # What two axes explain equally well takes one exponential.
                if a == 0 or likelihood[d, a] != likelihood[d, a - 1] or belief[d, a - 1] <= 0.0:
                    gain = np.exp(weight * (likelihood[d, a] - most))
                belief[d, a] *= gain
            total += belief[d, a]
    rescale(belief, total)


@kernel
def rule_out(dates: Array, belief: Array, now: float) -> None:
    """Nothing has happened up to day `now`: weeks that are over are impossible."""
    first, total = first_ahead(dates, now), 0.0
    for d in range(belief.shape[0]):
        for a in range(belief.shape[1]):
            if d < first:
                belief[d, a] = 0.0
            total += belief[d, a]
    rescale(belief, total)


@kernel
def rescale(belief: Array, total: float) -> None:
    """Make a belief (date, axis) that sums to `total` sum to one."""
    scale = 1.0 / total
    for d in range(belief.shape[0]):
        for a in range(belief.shape[1]):
            belief[d, a] *= scale


@kernel
def add_up_weeks(belief: Array, cumulative: Array) -> None:
    """Fill cumulative (date,): the belief in an attack before each week begins; belief (date, axis)."""
    total = 0.0
    for d in range(belief.shape[0]):
        cumulative[d] = total
        for a in range(belief.shape[1]):
            total += belief[d, a]


@kernel
def chance_before(cumulative: Array, day: float) -> float:
    """Belief that the attack comes before `day`; the week in which the day lies counts by its share."""
    last = cumulative.shape[0] - 1
    week = min(last - 1, max(0, int(day / DAYS_PER_WEEK)))
    share = min(1.0, max(0.0, day / DAYS_PER_WEEK - week))
    return cumulative[week] + share * (cumulative[week + 1] - cumulative[week])


@kernel
def chance_of_axis(belief: Array, axis: int) -> float:
    """Belief that the main blow comes on an axis."""
    total = 0.0
    for d in range(belief.shape[0]):
        total += belief[d, axis]
    return total


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
