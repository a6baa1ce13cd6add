"""The days on which an attack could have begun: after the last train, the other side weak enough, before the frost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from khingan.evidence.parameters import read_parameters
from khingan.experiment.question import Fall, Question, Season
from khingan.scenario.assembly import read_assembly
from khingan.scenario.schema import Scenario
from khingan.simulation.assembly import Assemblies, play_assemblies
from khingan.simulation.draws import claim_draws
from khingan.simulation.settings import DRAWN
from khingan.world.assembly import AssemblyPlan, compile_assembly, days_after
from khingan.world.quantities import quantity


@dataclass(frozen=True)
class Window:
    """Days (run,) from `begins`: assembled, latest start before the season ends; NaN where a level never falls."""

    begins: datetime
    movements: dict[str, np.ndarray]
    assembled: np.ndarray
    latest: np.ndarray | None
    falls: tuple[tuple[Fall, np.ndarray, np.ndarray], ...]  # with the day, and the least share of the first figure

    def as_dict(self) -> dict[str, Any]:
        """The documented JSON object."""
        open_ = self.assembled <= self.latest if self.latest is not None else None
        fallen = [np.nan_to_num(day, nan=np.inf) for _, day, _ in self.falls]
        weak = np.logical_and.reduce([day <= self.latest for day in fallen]) if fallen and open_ is not None else None
        return {
            "assembled": self.spread(self.assembled),
            "movements": [{"movement": name} | self.spread(days) for name, days in self.movements.items()],
            "latest": None if self.latest is None else self.spread(self.latest),
            "in_time": None if open_ is None else float(open_.mean()),
            "falls": [
                {"level": fall.level, "what": fall.what, "falls_to": fall.falls_to,
                 "reached": float(np.isfinite(day).mean()), "least": quantiles(least)} | self.spread(day)
                for fall, day, least in self.falls
            ],
            "weak_in_time": None if weak is None else float(weak.mean()),
        }  # fmt: skip

    def spread(self, days: np.ndarray) -> dict[str, str | None]:
        """Days as dates at 5, 50 and 95 % of the runs; null where that share of the runs never comes to it."""
        never = np.nan_to_num(days, nan=np.inf)
        at = np.quantile(never, [0.05, 0.5, 0.95], method="lower")
        dates = [(self.begins + timedelta(days=float(day))).date().isoformat() if day < np.inf else None for day in at]
        return dict(zip(("q05", "median", "q95"), dates, strict=True))


def quantiles(values: np.ndarray) -> dict[str, float]:
    """5, 50 and 95 % of the runs."""
    found = np.quantile(values, [0.05, 0.5, 0.95])
    return dict(zip(("q05", "median", "q95"), map(float, found), strict=True))


def window(scenario: Scenario, question: Question, runs: int, seed: int) -> Window:
    """Play the assembly and draw the claims on strengths and season, once a run."""
    assembly = read_assembly(scenario)
    plan = compile_assembly(scenario, assembly, read_parameters())
    played = play_assemblies(plan, DRAWN, runs, seed)
    latest = latest_start(scenario, question.season, plan, runs, seed) if question.season else None
    names = [row.movement for row in assembly.movements]
    return Window(
        begins=plan.begins,
        movements={name: played.assembled[:, number] for number, name in enumerate(names)},
        assembled=played.executable,
        latest=latest,
        falls=tuple((fall, *falls(fall, plan, played)) for fall in question.levels),
    )


def latest_start(scenario: Scenario, season: Season, plan: AssemblyPlan, runs: int, seed: int) -> np.ndarray:
    """(run,) the last day on which the attack can begin and have its days before the season ends."""
    draw = claim_draws(DRAWN, 0.0, seed, 0, runs)
    ends = quantity(
        scenario.ledger, [24 * days_after(plan.begins, season.closes)], [season.closes_claim], ["season"], shift=True
    )
    needs = quantity(scenario.ledger, [season.needs_days], [season.needs_claim], ["phase"])
    return draw(ends)[:, 0] / 24 - draw(needs)[:, 0]


def falls(fall: Fall, plan: AssemblyPlan, played: Assemblies) -> tuple[np.ndarray, np.ndarray]:
    """(day, least share) by run: when the level first falls to its share, on straight lines between its figures."""
    days, values = plan.level_days[fall.level], played.levels[fall.level]
    shares = values / values[:, :1]
    when = np.full(len(values), np.nan)
    for step in range(1, len(days)):
        before, after = shares[:, step - 1], shares[:, step]
        here = np.isnan(when) & (before > fall.falls_to) & (after <= fall.falls_to)
        part = (before - fall.falls_to) / np.where(here, before - after, 1.0)
        when = np.where(here, days[step - 1] + part * (days[step] - days[step - 1]), when)
    return when, shares.min(axis=1)
