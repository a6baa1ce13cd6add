"""Answers questions one after another; campaign, engine and every run stay in memory between them."""

import json
import math
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any
from zipfile import BadZipFile

import numpy as np

from khingan.experiment import attribution
from khingan.experiment.arm import Ground, in_threads
from khingan.experiment.change import Change, Measure, Repertoire
from khingan.experiment.effect import effect
from khingan.experiment.gauge import gauges, unit_of
from khingan.experiment.political import politics_settings, shares_of
from khingan.experiment.refine import refine
from khingan.experiment.repertoire import read_repertoire
from khingan.scenario.folder import Stamp, stamp_of
from khingan.scenario.read import load
from khingan.scenario.schema import Scenario
from khingan.serve.maps import Tally
from khingan.serve.memory import AHEAD, Memory, Remembered
from khingan.serve.question import Answerable, Question, looked_up
from khingan.simulation.run import Progress, warm_months
from khingan.simulation.settings import DRAWN, Settings
from khingan.simulation.study import Study

Hear = Callable[[dict[str, Any]], None]
JOB, VALUES = "job.json", "values.npz"
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
TELL_S = 0.25  # between two words on how far the runs are
FIGURES_S = 0.5  # between two tellings of the figures
TELLING = 0.05  # share of the time that may go into telling them
WORTH = 1.5  # times as many runs, before shares are reckoned and told anew
USUAL = Question()
UNPLAYED = {"file", "line"}  # of a record: where it is written


@dataclass(frozen=True)
class Held:
    """A campaign as its files stand: read, compiled, and with every measure of its repertoire ready to be taken."""

    stamp: Stamp
    repertoire: Repertoire
    ground: Ground


@dataclass
class Player:
    """A campaign held ready between questions, with the runs that were played; `stop` ends what is played now.

    What was played ahead is kept in the file `kept`, if one is named, for the next server.
    """

    held: Held | None = None
    kept: Path | None = None
    memory: Memory = field(default_factory=Memory)
    stop: Event = field(default_factory=Event)

    def play(self, folder: Path, hear: Hear) -> None:
        """Answer the question in a job's folder; hears the figures so far again and again."""
        record = json.loads((folder / JOB).read_text(encoding="utf-8"))
        question = Question.model_validate_json(json.dumps(record["question"]))
        hear({"phase": "reading"})
        held = self.prepared(record["campaign"], hear)
        asked = looked_up(question, held.ground.scenario, folder, held.repertoire)
        hear({"phase": "laying out"})
        answer(folder, question, asked, self.arms(held, question.seed, asked), hear, self.stop)

    def prepared(self, campaign: str, hear: Hear) -> Held:
        """The campaign compiled and the engine warm; kept as long as the campaign's files stay the same."""
        stamp = stamp_of(campaign)
        if self.held is None or self.held.stamp != stamp:
            hear({"phase": "compiling"})
            scenario = load(campaign)
            repertoire = read_repertoire(scenario)
            ground = Ground.of(scenario, DRAWN, list(repertoire.measures.values()))
            ground.warm()
            warm_months(ground.world)  # another date of attack asks for them
            self.held = Held(stamp, repertoire, ground)
            if self.kept is not None:
                self.usual(self.held).recall(self.kept, self.usual_rests_on(self.held))
        return self.held

    def arms(self, held: Held, seed: int, asked: Answerable) -> list[Remembered]:
        """As it was and as changed; or, of factors, every combination in the order of its number."""
        own = asked.repertoire is not held.repertoire
        scenario, every = held.ground.scenario, list(asked.repertoire.measures.values())
        ground = replace(
            held.ground, settings=asked.drawn, gauges=gauges(scenario, every) if own else held.ground.gauges
        )
        if asked.why is None:
            laid = [
                ((), ground.arm(())),
                (asked.changes, ground.laid(asked.scenario, asked.settings, asked.changes)),
            ]
        else:
            taken = [asked.why.changes(cell) for cell in range(2 ** len(asked.why.factors))]
            laid = [(changes, ground.arm(changes)) for changes in taken]
        names = [measure.name for measure in every]
        columns = [names.index(measure.name) for measure in asked.measures]
        days = 0 if asked.why else scenario.calendar.days  # of many combinations no map is drawn
        return [self.memory.of(arm, played_as(ground, seed, every, changes), columns, days) for changes, arm in laid]

    def usual(self, held: Held) -> Remembered:
        """The campaign as it was, as the next question will most likely want it."""
        scenario, every = held.ground.scenario, list(held.repertoire.measures.values())
        ground = replace(held.ground, settings=politics_settings(scenario, None, ()))
        return self.memory.of(ground.arm(()), played_as(ground, USUAL.seed, every, ()), (), scenario.calendar.days)

    def usual_rests_on(self, held: Held) -> str:
        """What its values rest on."""
        scenario, every = held.ground.scenario, list(held.repertoire.measures.values())
        return rests_on(scenario, politics_settings(scenario, None, ()), USUAL.seed, every)

    def ahead(self) -> bool:
        """Play a little of the campaign as it was; whether there was anything to play."""
        if self.held is None:
            return False
        arm = self.usual(self.held)
        lacking = next((run for run in range(USUAL.pairs) if arm.lacks(run)), None)
        if lacking is None:
            return False
        starts = range(USUAL.pairs)[lacking : lacking + AHEAD * (os.cpu_count() or 1) : AHEAD]
        for _ in in_threads([partial(arm.play, USUAL.seed, run, min(AHEAD, USUAL.pairs - run)) for run in starts]):
            pass
        if self.kept is not None and not any(map(arm.lacks, range(USUAL.pairs))):
            with suppress(OSError):  # a disk that is full or read-only: the next server plays them again
                arm.keep(self.kept, self.usual_rests_on(self.held))
        return True


def answer(
    folder: Path, question: Question, asked: Answerable, arms: Sequence[Remembered], hear: Hear, stop: Event
) -> None:  # fmt: skip
    """Play every arm to the runs asked for, from where an earlier attempt at the same question stopped."""
    identity = identity_of(question, asked)
    kept, tally = begun(folder, identity, question, asked, arms)
    done = kept.shape[1]
    values = np.full((len(arms), question.pairs, len(asked.measures)), np.nan)

    def tell(whole: int) -> None:
        if tally is not None:
            tally.add(arms, whole)
            tally.keep(folder, identity)
        keep_values(folder, identity, values[:, :whole])
        hear(found(question, asked, values[:, :whole]) | {"mapped": tally.runs if tally else 0})

    if done:
        values[:, :done] = kept
        tell(done)
    hear({"phase": "playing"})
    told_at, due, whole = done, 0.0, done
    for whole in refine(arms, question.seed, values, done, progress=heard(hear), stop=stop):
        worth = asked.why is None or whole >= WORTH * told_at or whole == question.pairs
        now = monotonic()
        if worth and (now > due or whole == question.pairs):
            tell(whole)
            told_at, due = whole, now + max(FIGURES_S, (monotonic() - now) / TELLING)
    if whole > told_at:  # it was stopped
        tell(whole)


def begun(
    folder: Path, identity: str, question: Question, asked: Answerable, arms: Sequence[Remembered]
) -> tuple[np.ndarray, Tally | None]:  # fmt: skip
    """Values (arm, run, measure) of an earlier attempt, and what its maps count; of questions why there are no maps.

    Values whose maps are not known, or are of other runs, do not count: what is remembered is not played again.
    """
    kept = kept_values(folder, identity)
    if asked.why is not None:
        return kept[:, : question.pairs], None
    tally = Tally.kept(folder, identity)
    if tally is not None and tally.runs == kept.shape[1] <= question.pairs:
        return kept, tally
    cells = len(asked.scenario.terrain.cells["cell"])
    return kept[:, :0], Tally.empty(len(arms), cells, arms[0].days)


def heard(hear: Hear) -> Progress:
    """Says how many runs of all arms are played, a few times a second."""
    last = [0.0]

    def progress(phase: str, done: int, total: int) -> None:
        now = monotonic()
        if now - last[0] > TELL_S or done == total:
            last[0] = now
            hear({"played": done})

    return progress


def found(question: Question, asked: Answerable, values: np.ndarray) -> dict[str, Any]:
    """What the values (arm, run, measure) so far say."""
    return why(asked.why, values) if asked.why else figures(asked.measures, values, asked.drawn)


def identity_of(question: Question, asked: Answerable) -> str:
    """What must be the same for values kept on disk to count: campaign, changes, seed, measures and code."""
    if asked.why is not None:
        return json.dumps(asked.why.identity(), sort_keys=True)
    return rests_on(asked.scenario, asked.settings, question.seed, asked.measures)


def rests_on(scenario: Scenario, settings: Settings, seed: int, measures: Sequence[Measure]) -> str:
    """What values rest on, from one process to the next: campaign, settings, seed, measures and code."""
    study = Study.plan(scenario, 0, seed, settings)
    parts = [study.fingerprint, study.seed, study.settings.as_dict(), study.version, study.parameter_files, study.code]
    return json.dumps([*parts, [measure.model_dump(mode="json") for measure in measures]], sort_keys=True)


def played_as(ground: Ground, seed: int, measures: Sequence[Measure], changes: Sequence[Change]) -> str:
    """What the runs of an arm rest on, within one process: campaign, settings, seed, measures and changes."""
    records = [[record.model_dump(mode="json", exclude=UNPLAYED) for record in rows] for rows in (measures, changes)]
    return json.dumps([ground.scenario.fingerprint, ground.settings.as_dict(), seed, *records], sort_keys=True)


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
    except (FileNotFoundError, EOFError, BadZipFile, ValueError, KeyError):
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
