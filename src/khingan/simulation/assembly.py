"""Play an assembly many times: when the plan could be carried out, and what the other side had left."""

from dataclasses import dataclass

import numpy as np

from khingan.engine import deployment
from khingan.engine.chance import PARAMETER, luck_of
from khingan.engine.deployment import DeploymentRules, deploy
from khingan.simulation.draws import claim_draws, room, uniforms
from khingan.simulation.prelude import room_for_trains
from khingan.simulation.settings import Settings
from khingan.world.assembly import FOLLOWED_DAYS, AssemblyPlan
from khingan.world.quantities import key_of

READ = {"sections": deployment.READ_SECTION, "movements": deployment.READ_MOVEMENT}


@dataclass(frozen=True)
class Assemblies:
    """What `runs` assemblies came to, in days from the plan's first day."""

    executable: np.ndarray  # (run,) all that the plan needs is assembled
    assembled: np.ndarray  # (run, movement)
    levels: dict[str, np.ndarray]  # level -> (run, row) strengths as each run reads them


def play_assemblies(plan: AssemblyPlan, settings: Settings, runs: int, seed: int) -> Assemblies:
    """The assemblies of runs 0..; a run depends on seed and number alone."""
    draw = claim_draws(settings, 0.0, seed, 0, runs)
    read = {}
    for name, kind in READ.items():
        given = plan.quantities[name]
        read[name] = room(runs, next(iter(given.values())).best.size, kind)
        for field, numbers in given.items():
            read[name][field] = draw(numbers)
    rules = draw_rules(plan, settings, seed, runs)
    trains = room_for_trains(len(plan.sections), len(plan.movements), axes=1, days=FOLLOWED_DAYS)
    executable, assembled = np.empty(runs), np.empty((runs, len(plan.movements)))
    for run in range(runs):
        executable[run] = deploy(
            plan.sections, plan.movements, read["sections"][run], read["movements"][run], rules[run],
            np.uint64(luck_of(seed, run)), trains,
        )  # fmt: skip
        assembled[run] = trains.moved.ready_day
    return Assemblies(executable, assembled, {name: draw(given) for name, given in plan.levels.items()})


def draw_rules(plan: AssemblyPlan, settings: Settings, seed: int, runs: int) -> list[DeploymentRules]:
    """The parameters of deployment, drawn for each run from their priors."""
    names = [f"deployment.{field}" for field in DeploymentRules._fields]
    drawn = uniforms(seed, 0, runs, np.array([key_of(name) for name in names]), PARAMETER)
    for column, name in enumerate(names):
        parameter = plan.parameters[name]
        if name in settings.pinned:
            drawn[:, column] = settings.pinned[name]
        elif settings.parameters == "median":
            drawn[:, column] = parameter.value
        else:
            drawn[:, column] = parameter.prior.quantile(drawn[:, column])
        drawn[:, column] *= settings.scaled.get(name, 1.0)
    return [DeploymentRules(*map(float, row)) for row in drawn]
