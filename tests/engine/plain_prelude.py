"""Slow twins of the months before H-hour: lists of bookings, quantiles of the library, beliefs in whole columns."""

from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import plain
from plain_choice import best_guard, dates_believed
from scipy.integrate import solve_ivp
from scipy.stats import lognorm, norm

from khingan.engine.chance import ASSEMBLY, JUNCTION, RELEASE, SIGHTING
from khingan.engine.intelligence import DAYS_PER_MONTH


class Lines:
    """Sections of line as (section before, trains a day, days over it), each with the list of days it was entered."""

    def __init__(self, sections: list[tuple[int, float, float]]) -> None:
        self.sections = sections
        self.entered: list[list[float]] = [[] for _ in sections]

    def way(self, s: int) -> list[int]:
        """Sections from home to the end of one."""
        before = self.sections[s][0]
        return [*(self.way(before) if before >= 0 else []), s]

    def free(self, s: int) -> float:
        """The day on which a section would take another train."""
        return self.entered[s][-1] + 1 / self.sections[s][1] if self.entered[s] else 0.0

    def run(self, s: int, day: float) -> float:
        """Book a train to the end of a section; the day it comes there."""
        for part in self.way(s):
            day = max(day, self.free(part))
            self.entered[part].append(day)
            day += self.sections[part][2]
        return day

    def wanted(self, s: int, ready: float) -> float:
        """The day on which a train would leave home that wants to find its branch free."""
        return max(ready, self.free(s) - sum(self.sections[part][2] for part in self.way(s)[:-1]))


def dispatched(lines: Lines, loads: list[dict[str, Any]], wait: float, seed: int, run: int) -> list[list[float]]:
    """Days on which each movement's trains come in; loads have section, trains, ready, gap and held."""
    ready = [list(accumulate([load["gap"]] * (load["trains"] - 1), initial=load["ready"])) for load in loads]
    came: list[list[float]] = [[] for _ in loads]
    while any(ready):
        first, held = [
            sorted((lines.wanted(load["section"], days[0]) if load["held"] else days[0], m)
                   for m, (load, days) in enumerate(zip(loads, ready, strict=True)) if days and load["held"] == kind)
            for kind in (False, True)
        ]  # fmt: skip
        give_way = first and (not held or first[0][0] <= max(lines.free(0), held[0][0]))
        day, m = first[0] if give_way else held[0]
        u = plain.uniform(seed, run, len(ready[m]), m, int(JUNCTION))
        came[m].append(lines.run(loads[m]["section"], day) - wait * np.log(u))
        ready[m].pop(0)
    return came


def reported(trains: float, channel: Any, rules: Any, key: tuple[int, int, int, int]) -> float:
    """What a channel counts: a normal as wide as a Poisson, its open share and its decoys apart."""
    seen = min(1.0, rules.detection * channel.share) * (1 - min(1.0, rules.concealment * rules.hiding * channel.hidden))
    mean = trains * (seen + rules.concealment * rules.decoy_share * channel.decoys * channel.share)
    return max(0.0, float(norm.ppf(plain.uniform(*key, int(SIGHTING)), mean, np.sqrt(mean)))) if mean else 0.0


def grown(days: float, start: float, time: float) -> float:
    """What approaches one at a constant rate of what is missing."""
    missing = solve_ivp(lambda _, y: -y / time, (0, days), [1 - start], rtol=1e-10, atol=1e-12).y[0, -1]
    return 1 - float(missing)


def alert_since(watched: list[tuple[float, float]], level: float, wolf: float) -> float | None:
    """The day of the alert that stands after (day, chance) have been looked at; each that lapses raises the level."""
    if not watched:
        return None
    up = next((n for n, (_, chance) in enumerate(watched) if chance > level), None)
    if up is None:
        return None
    down = next((n for n, (_, chance) in enumerate(watched) if n > up and chance <= level), None)
    return watched[up][0] if down is None else alert_since(watched[down + 1 :], level + wolf, wolf)


class Prelude:
    """One prelude of a plan, reckoned from its rules, its reading and its luck."""

    def __init__(self, plan: Any, rules: Any, reading: Any, seed: int, run: int) -> None:
        self.world, self.calendar, self.key = plan.arrays, plan.arrays.calendar[0], (seed, run)
        self.move, self.see, self.wake = (element[0] for element in rules)
        self.sections, self.moves, self.channels, self.observers = (table[0] for table in reading)
        self.release = self.calendar.release + self.move.release_shift
        self.run_trains()
        attack = self.calendar.attack + self.wake.wait_days
        self.attack = max(attack, min(np.ceil(self.executable), self.world.steps[-1]))
        self.days = [*(day for day in self.world.steps if day < self.attack), self.attack]
        self.count()

    def run_trains(self) -> None:
        """First and last trains, assembly and the day of execution."""
        d, w = self.move, self.world
        lines = Lines([(s.after, d.line_factor * r.trains_per_day, r.km / d.train_km_per_day)
                       for s, r in zip(w.sections, self.sections, strict=True)])  # fmt: skip
        loads = []
        for m, (move, read) in enumerate(zip(w.movements, self.moves, strict=True)):
            late = norm.ppf(plain.uniform(*self.key, 0, m, int(RELEASE))) * d.release_spread
            ready = max(0.0, read.ready_day + late + (d.release_shift if move.waits else 0.0))
            trains = max(1, int(read.trains + 0.5))
            loads.append({"section": move.section, "trains": trains, "ready": ready, "gap": read.load_days / trains,
                          "held": bool(d.needed_first and not move.needed)})  # fmt: skip
        came = dispatched(lines, loads, d.junction_wait, *self.key)
        self.entered = lines.entered
        self.first, self.last = ([end(days) for days in came] for end in (min, max))
        lag = [lognorm.ppf(plain.uniform(*self.key, 0, m, int(ASSEMBLY)), d.assembly_spread, scale=d.assembly_days)
               for m in range(len(came))]  # fmt: skip
        self.assembled = [last + d.unload_days + read.march_km / d.march_km_per_day + days
                          for last, read, days in zip(self.last, self.moves, lag, strict=True)]  # fmt: skip
        self.executable = max(day for day, move in zip(self.assembled, w.movements, strict=True) if move.needed)

    def passed(self, section: int, first: float, last: float) -> int:
        """Trains that entered a section on whole days."""
        return sum(int(first) <= int(day) < int(last) for day in self.entered[section])

    def count(self) -> None:
        """Reports by step and channel, and of them those since the release."""
        self.seen, self.counted = [], []
        for step, (then, now) in enumerate(pairwise([0.0, *self.days])):
            parts = (then, min(now, max(then, self.release))), (max(then, self.release), now)
            all_ = len(self.channels)
            early, late = (
                [reported(self.passed(known.section, *part), read, self.see, (*self.key, step, n * all_ + c))
                 for c, (known, read) in enumerate(zip(self.world.channels, self.channels, strict=True))]
                for n, part in enumerate(parts)
            )  # fmt: skip
            self.seen.append(np.add(early, late))
            self.counted.append(late)

    def belief(self, o: int, now: float) -> np.ndarray:
        """What observer o believes on a day, (date, axis)."""
        s, observer, weeks = self.see, self.observers[o], self.world.dates[:-1]
        known = self.release <= now
        sd = s.planning_sd if known else np.hypot(s.release_sd, s.planning_sd)
        centre = (self.release if known else s.expected_release) + observer.months * DAYS_PER_MONTH
        halved = s.denunciation if self.calendar.denounced <= now else 1.0
        dates = dates_believed(weeks.day, weeks.winter > 0, weeks.treaty_over > 0, observer.treaty, centre, sd,
                               s.season_weight, halved, s.never_share)  # fmt: skip
        axes = np.full(self.world.below.shape[1], (1 - observer.axis_share) / (self.world.below.shape[1] - 1))
        axes[observer.axis] = observer.axis_share
        dates *= np.append(weeks.day + 7 > now, True)
        belief = np.outer(dates, axes) * np.exp(min(1.0, s.tempering * observer.heed) * self.likelihood(o, now))
        return belief / belief.sum()

    def likelihood(self, o: int, now: float) -> np.ndarray:
        """Logarithm of the negative binomial over date and axis, up to what is the same for all."""
        s, axes, since = self.see, self.world.below.shape[1], now - self.release
        if since < 1:
            return np.zeros((len(self.world.dates), axes))
        to_go = np.append(np.maximum(now, self.world.dates.day[:-1]) + 3.5 - self.release, s.never_days)
        parts = np.full((axes, axes), (1 - s.main_share) / (axes - 1))
        np.fill_diagonal(parts, s.main_share)
        heard = np.flatnonzero(self.world.hears[o])
        passes = np.maximum(0.01, self.world.below[self.world.channels.section[heard]] @ parts) * self.observers[o].need
        whole = self.channels.assumed[heard, None] * s.need_divisions * s.trains_per_division * since
        counted = np.sum(self.counted[: self.days.index(now) + 1], axis=0)[heard, None, None]
        means, size = (whole * passes)[:, None, :] / to_go[:, None], s.doubt**-2
        total = (counted * np.log(means) - (counted + size) * np.log(means + size)).sum(axis=0)
        return total - total.max()

    def before(self, belief: np.ndarray, day: float) -> float:
        """Chance of an attack before a day."""
        return float(np.interp(day, 7.0 * np.arange(len(belief)), np.append(0.0, belief.sum(axis=1).cumsum()[:-1])))

    def alert_days(self, o: int) -> float:
        """How long an alert has stood at H-hour: a look once a week with the belief of the last step."""
        watched, horizon = [], self.wake.horizon_days
        for now, until in pairwise([*self.days[:-1], self.attack]):
            belief = self.belief(o, now)
            for day in np.arange(now, until, 7.0):
                over = self.before(belief, day)
                watched.append((day, (self.before(belief, day + horizon) - over) / (1 - over)))
        since = alert_since(watched, self.wake.alert_level, self.wake.alert_level * self.wake.cry_wolf)
        return 0.0 if since is None else self.attack - since

    def disposition(self) -> int:
        """The guard chosen on the first step of its day."""
        day = next(now for now in self.days if now >= min(self.calendar.decided, self.attack))
        among = np.flatnonzero(self.world.weighed)
        belief = self.belief(self.calendar.decider, day)
        return int(among[best_guard(belief, self.world.guards[among], self.wake.reserve_in_time, self.see.main_share)])

    def surprise(self, o: int) -> list[float]:
        """Bits by date, axis and both."""
        belief, main = self.belief(o, self.attack), self.calendar.main_axis
        week = int(self.attack // 7)
        return [-np.log2(p) for p in (belief[week].sum(), belief[:, main].sum(), belief[week, main])]

    def strength(self, o: int, step: int) -> float:
        """Division-equivalents believed in place: a Gamma thinned by the best of the channels."""
        best = max(np.flatnonzero(self.world.hears[o]), key=lambda c: self.channels.assumed[c])
        total = sum(row[best] for row in self.seen[: step + 1])
        prior = 1 / (self.see.need_divisions * self.see.trains_per_division)
        return (1 + total) / (prior + self.channels.assumed[best]) / self.see.trains_per_division
