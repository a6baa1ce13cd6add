"""Plays questions in a process of its own, one after another: whatever becomes of it, the server goes on.

The server writes the folder of a job on a line of standard input and reads JSON lines from standard output. The
campaign and the compiled engine stay in memory between jobs, so that the second question starts at once.
"""

import json
import math
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import Any
from zipfile import BadZipFile

import numpy as np

from khingan.errors import KhinganError
from khingan.experiment import attribution
from khingan.experiment.arm import Arm, Ground
from khingan.experiment.change import Measure
from khingan.experiment.effect import effect
from khingan.experiment.gauge import gauges, unit_of
from khingan.experiment.political import shares_of
from khingan.experiment.refine import refine
from khingan.scenario.read import load
from khingan.scenario.schema import Scenario
from khingan.serve.memory import Memory
from khingan.serve.question import Answerable, Question, looked_up
from khingan.serve.told import told
from khingan.simulation.run import Progress
from khingan.simulation.settings import DRAWN, Settings
from khingan.simulation.study import Study

Hear = Callable[[dict[str, Any]], None]
JOB, VALUES = "job.json", "values.npz"
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
TELL_S = 0.25  # between two words on how far the runs are
WORTH = 1.5  # times as many runs, before shares are reckoned and told anew


@dataclass
class Player:
    """A campaign held ready between questions."""

    ground: Ground | None = None
    memory: Memory = field(default_factory=Memory)

    def play(self, folder: Path, hear: Hear) -> None:
        """Answer the question in a job's folder; hears the figures so far after every batch."""
        record = json.loads((folder / JOB).read_text(encoding="utf-8"))
        question = Question.model_validate_json(json.dumps(record["question"]))
        hear({"phase": "reading"})
        ground = self.prepared(load(record["campaign"]), hear)
        asked = looked_up(question, ground.scenario, folder)
        ground = replace(ground, gauges=gauges(ground.scenario, asked.measures), settings=asked.drawn)
        answer(folder, question, ground, asked, hear, self.memory)

    def prepared(self, scenario: Scenario, hear: Hear) -> Ground:
        """The campaign compiled and the engine warm; kept as long as the campaign's files stay the same."""
        if self.ground is None or self.ground.scenario.fingerprint != scenario.fingerprint:
            hear({"phase": "compiling"})
            self.ground = Ground.of(scenario, DRAWN, ())
            self.ground.warm()
        return self.ground


def answer(
    folder: Path, question: Question, ground: Ground, asked: Answerable, hear: Hear, memory: Memory
) -> None:  # fmt: skip
    """Play every arm to the runs asked for, from where an earlier attempt at the same question stopped."""
    identity, arms = identity_of(question, asked), 2 ** (len(question.factors) or 1)
    kept = kept_values(folder, identity)[:, : question.pairs]
    done = kept.shape[1]
    values = np.full((arms, question.pairs, len(asked.measures)), np.nan)
    if done:
        values[:, :done] = kept
        hear(found(question, asked, values[:, :done]))
    hear({"phase": "laying out"})
    laid = arms_of(ground, asked)
    if asked.why is None:
        laid[0] = memory.of(laid[0], played_as(question, ground, asked))
    hear({"phase": "playing"})
    told_at = done
    for whole in refine(laid, question.seed, values, done, progress=heard(hear)):
        keep_values(folder, identity, values[:, :whole])
        if asked.why is None or whole >= WORTH * told_at or whole == question.pairs:
            told_at = whole
            hear(found(question, asked, values[:, :whole]))


def heard(hear: Hear) -> Progress:
    """Says how many runs of all arms are played, a few times a second."""
    last = [0.0]

    def progress(phase: str, done: int, total: int) -> None:
        now = monotonic()
        if now - last[0] > TELL_S or done == total:
            last[0] = now
            hear({"played": done})

    return progress


def arms_of(ground: Ground, asked: Answerable) -> list[Arm]:
    """As it was and as changed; or, of factors, every combination in the order of its number."""
    if asked.why is None:
        return [ground.arm(()), ground.arm(asked.changes)]
    return [ground.arm(asked.why.changes(cell)) for cell in range(2 ** len(asked.why.factors))]


def found(question: Question, asked: Answerable, values: np.ndarray) -> dict[str, Any]:
    """What the values (arm, run, measure) so far say."""
    return why(asked.why, values) if asked.why else figures(asked.measures, values, asked.drawn)


def identity_of(question: Question, asked: Answerable) -> str:
    """What must be the same for values kept on disk to count: campaign, changes, seed, measures and code."""
    if asked.why is not None:
        return json.dumps(asked.why.identity(), sort_keys=True)
    study = Study.plan(asked.scenario, 0, question.seed, asked.settings)
    parts = [study.fingerprint, study.seed, study.settings.as_dict(), study.version, study.parameter_files, study.code]
    return json.dumps([*parts, [measure.model_dump(mode="json") for measure in asked.measures]], sort_keys=True)


def played_as(question: Question, ground: Ground, asked: Answerable) -> str:
    """What the runs of the campaign as it was rest on, within one process: campaign, settings, seed, measures."""
    measures = [measure.model_dump(mode="json") for measure in asked.measures]
    return json.dumps([ground.scenario.fingerprint, asked.drawn.as_dict(), question.seed, measures], sort_keys=True)


def keep_values(folder: Path, identity: str, values: np.ndarray) -> None:
    """Put the values of whole pairs in place by rename."""
    partial = folder / (VALUES + ".partial")
    with partial.open("wb") as file:
        np.savez(file, values=values, identity=np.array(identity))
    os.replace(partial, folder / VALUES)


def kept_values(folder: Path, identity: str = "") -> np.ndarray:
    """(arm, run, measure) kept by an earlier attempt; none where there is none or it answered something else."""
    nothing = np.empty((2, 0, 0))
    try:
        with np.load(folder / VALUES, allow_pickle=False) as found:
            same = not identity or str(found["identity"]) == identity
            return found["values"] if same else nothing
    except (FileNotFoundError, BadZipFile, ValueError, KeyError):
        return nothing  # nothing kept, or damaged: it is played again


def figures(measures: Sequence[Measure], values: np.ndarray, settings: Settings) -> dict[str, Any]:
    """The effects so far, and quantiles of both arms; of every school apart, where they take turns."""
    rows = []
    for number, measure in enumerate(measures):
        for politics, chosen in shares_of(settings, values.shape[1]).items():
            factual, counterfactual = values[0, chosen, number], values[1, chosen, number]
            row: dict[str, Any] = effect(measure.name, unit_of(measure), factual, counterfactual, politics).as_dict()
            row |= {"what": measure.what, "factual_quantiles": np.quantile(factual, QUANTILES).tolist()}
            row |= {"counterfactual_quantiles": np.quantile(counterfactual, QUANTILES).tolist()}
            rows.append(finite(row))
    return {"done": values.shape[1], "effects": rows}


def why(question: attribution.Question, values: np.ndarray) -> dict[str, Any]:
    """The shares so far, with each measure in words."""
    words = {measure.name: measure.what for measure in question.measures}
    shares = [
        finite(entry.as_dict() | {"what": words[entry.measure]}) for entry in attribution.shared(question, values)
    ]
    return {"done": values.shape[1], "shares": shares}


def finite(entry: Any) -> Any:
    """The same with null for what is no number, which JSON does not know."""
    if isinstance(entry, dict):
        return {key: finite(value) for key, value in entry.items()}
    if isinstance(entry, list):
        return [finite(value) for value in entry]
    return None if isinstance(entry, float) and not math.isfinite(entry) else entry


def main() -> None:
    """Answer job after job until the server closes the line."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    sys.stdout = sys.stderr  # whatever else prints must not be taken for an answer

    def hear(said: dict[str, Any]) -> None:
        print(json.dumps(said), file=out, flush=True)

    player = Player()
    for line in sys.stdin:
        word, _, rest = line.rstrip("\n").partition(" ")
        try:
            if word == "ready":
                player.prepared(load(rest), hear)
            else:
                player.play(Path(rest), hear)
            hear({"end": True})
        except KhinganError as error:
            hear({"errors": told(error)})
        except KeyboardInterrupt:
            return
        except BrokenPipeError:
            return


if __name__ == "__main__":
    main()
