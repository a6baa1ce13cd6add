"""questions.yaml: what a war of which there is no outcome can be asked, read and checked against what can be played."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from khingan.errors import CampaignError, KhinganError, Problem, suggestion
from khingan.evidence.record import LocalTime, Record, fault
from khingan.evidence.yaml_tree import YamlTree, read_yaml
from khingan.experiment.change import Repertoire
from khingan.experiment.repertoire import read_repertoire
from khingan.scenario.assembly import has_assembly, read_assembly
from khingan.scenario.schema import Scenario

FILE = "questions.yaml"


class Fall(Record):
    """A strength of the other side that the attacker waits to see fall to a share of its first figure."""

    level: str
    falls_to: float = Field(gt=0, lt=1)
    what: str


class Season(Record):
    """The day on which the season ends, and the days that the attacker needs before it; each rests on a claim."""

    closes: LocalTime
    closes_claim: str
    needs_days: float = Field(gt=0)
    needs_claim: str


class Wanted(Record):
    """When the attacker would call it a success: a bound on a measure, and the share of runs that shall keep it."""

    measure: str
    at_least: float
    share: float = Field(gt=0, le=1)


class Question(Record):
    """One question: a window of days, measures of the plan as it stands, and changes to lay beside it."""

    name: str
    file: str
    line: int
    asks: str = Field(min_length=1)
    assembly: bool = False
    levels: tuple[Fall, ...] = ()
    season: Season | None = None
    measures: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    worst_first: bool = False
    wanted: Wanted | None = None
    note: str = ""

    def combinations(self) -> tuple[tuple[str, ...], ...]:
        """Every change alone, then those that are asked for together."""
        return (*((name,) for name in self.changes), *self.together)


def has_questions(scenario: Scenario) -> bool:
    """Whether the campaign brings questions of its own."""
    return (Path(scenario.folder) / FILE).is_file()


def read_questions(scenario: Scenario, repertoire: Repertoire) -> dict[str, Question]:
    """The campaign's questions by name; every fault of the file is reported at once."""
    folder, problems = Path(scenario.folder), list[Problem]()
    if not has_questions(scenario):
        what = "this campaign brings no questions of its own"
        raise KhinganError(str(folder / FILE), what, f"write {FILE}, or ask with what-if")
    tree = read_yaml(folder, FILE, problems)
    found: dict[str, Question] = {}
    for name, entry in tree.content.items() if tree else ():
        question = _question(tree, name, entry, problems) if tree else None
        if question is not None:
            found[name] = question
            problems += _doubts(question, scenario, repertoire)
    if problems:
        raise CampaignError(scenario.calendar.name, problems)
    return found


def _question(tree: YamlTree, name: str, entry: Any, problems: list[Problem]) -> Question | None:
    fields = [field for field in Question.model_fields if field not in ("name", "file", "line")]
    if not isinstance(entry, dict):
        problems.append(tree.problem((name,), f"'{name}' is no mapping", "give it " + ", ".join(fields)))
        return None
    try:
        return Question(**{**entry, "name": name, "file": tree.file, "line": tree.position((name,))[0]})
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            problems.append(tree.problem((name, *detail["loc"]), *fault(detail, fields)))
        return None


def _doubts(question: Question, scenario: Scenario, repertoire: Repertoire) -> Iterator[Problem]:
    """Names that do not exist, and figures without a claim."""
    measures = (*question.measures, *((question.wanted.measure,) if question.wanted else ()))
    changes = [name for combination in question.combinations() for name in combination]
    assembly = read_assembly(scenario) if has_assembly(scenario) else None
    levels = {row.level for row in assembly.levels} if assembly else set()
    claims = question.season and (question.season.closes_claim, question.season.needs_claim)
    for kind, names, known in (
        ("measure", measures, set(repertoire.measures)),
        ("change", changes, set(repertoire.changes)),
        ("level", [fall.level for fall in question.levels], levels),
        ("claim", claims or (), set(scenario.ledger.claims)),
    ):
        for name in names:
            if name not in known:
                what = f"unknown {kind} '{name}' of '{question.name}'"
                yield Problem(question.file, question.line, 0, what, suggestion(name, known))
    if question.assembly and assembly is None:
        what = f"'{question.name}' asks when the attacker stood assembled, and the campaign has no assembly"
        yield Problem(question.file, question.line, 0, what, "add the folder assembly, or leave the question out")
    if question.combinations() and not measures:
        what = f"'{question.name}' lays changes beside the plan and measures nothing"
        yield Problem(question.file, question.line, 0, what, "name its measures")
    if question.wanted and question.wanted.measure not in question.measures:
        what = f"'{question.name}' wants '{question.wanted.measure}' and does not measure it"
        yield Problem(question.file, question.line, 0, what, "add it to the measures")


def try_questions(scenario: Scenario) -> None:
    """Read a campaign's questions, where it brings some, for all their faults together."""
    if has_questions(scenario):
        read_questions(scenario, read_repertoire(scenario))
