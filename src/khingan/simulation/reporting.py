"""What a headquarters hears of the war it is in: losses of ground and formations of the enemy, run by run."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from khingan.engine.chance import REPORT
from khingan.engine.intelligence import hear_of_losses
from khingan.scenario.schema import Scenario
from khingan.simulation.draws import uniforms
from khingan.simulation.result import Result
from khingan.world.ground import neighbours, survey_edges

NEEDS = ("place", "capitulated", "draw")
PARAMETERS = tuple(f"intelligence.{name}" for name in ("report_hops", "report_h", "report_log_sd", "silence_h"))


@dataclass(frozen=True)
class Heard:
    """Hours from H-hour, inf if never, of the side that does not attack."""

    losses: NDArray[np.float32]  # (run, cell) when the loss of a cell is known
    lost: NDArray[np.float32]  # (run, cell) when it was lost
    enemies: NDArray[np.float64]  # (run, formation) when a formation of the attacker is first reported


def can_be_told(result: Result) -> bool:
    """Whether the study holds what reports are reckoned from; older ones do not."""
    return all(name in result.ensemble for name in NEEDS) and set(PARAMETERS) <= set(result.names("parameter"))


def hear(result: Result, scenario: Scenario, runs: int) -> Heard:
    """The reports of the first `runs` runs, with each run's own draw of the parameters; nothing feeds back."""
    places, capitulated, draw = (result.first_runs(name, runs) for name in NEEDS)
    number = {name: column for column, name in enumerate(result.names("parameter"))}
    hops, hours, log_sd, silence = (draw[:, number[name]] for name in PARAMETERS)
    sides = {formation.formation: formation.side for formation in scenario.formations}
    enemy = np.array([sides.get(name) == scenario.calendar.control_side for name in result.names("formation")])
    lost = lost_hours(result, scenario, len(hours))
    near, _ = neighbours(survey_edges(scenario))
    delays = report_delays(result.study.seed, hops, hours, log_sd, len(enemy))
    until = capitulated.astype(np.float64)
    until = np.where(enemy, -np.inf, np.where(np.isnan(until), np.inf, until))
    heard = Heard(np.empty_like(lost), lost, np.empty(until.shape))
    watch = np.empty(lost.shape[1], np.float32)
    for run, place in enumerate(places):
        hear_of_losses(
            near, place, until[run], lost[run], delays[run], float(scenario.calendar.step_hours), float(silence[run]),
            watch, heard.losses[run], heard.enemies[run],
        )  # fmt: skip
    return heard


def lost_hours(result: Result, scenario: Scenario, runs: int) -> NDArray[np.float32]:
    """(run, cell) hour at which the side that is attacked lost each cell, inf where it never did or never held it."""
    hours = result.first_runs("first_control", runs)
    own = scenario.terrain.cells["owner"] == scenario.calendar.control_side
    return np.where(np.isnan(hours) | own, np.inf, hours).astype(np.float32)


def report_delays(
    seed: int, hops: NDArray, hours: NDArray, log_sd: NDArray, formations: int
) -> NDArray[np.float64]:  # fmt: skip
    """(run, formation) hours a report takes: at each of `hops` headquarters a lognormal time of its own."""
    delays = np.zeros((len(hours), formations))
    for hop in range(round(float(hops.max()))):
        keys = np.arange(formations) + hop * formations
        times = hours[:, None] * np.exp(log_sd[:, None] * ndtri(uniforms(seed, 0, len(hours), keys, REPORT)))
        delays += np.where(hop < hops.round()[:, None], times, 0.0)
    return delays
