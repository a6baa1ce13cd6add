"""What a browser may ask: what if, or why; held to the readers of files and of the command line."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from khingan.errors import CampaignError, Problem
from khingan.evidence.record import fault
from khingan.experiment import attribution
from khingan.experiment.apply import change_scenario
from khingan.experiment.change import Change, Measure, Repertoire
from khingan.experiment.gauge import gauges
from khingan.experiment.political import politics_settings, shares_of
from khingan.experiment.repertoire import read_repertoire
from khingan.scenario.schema import Scenario
from khingan.simulation.settings import Settings

MOST_PAIRS, MOST_NAMES, LONGEST_NAME, LONGEST_OWN = 10_000, 60, 80, 32_000
MOST_FACTORS = 7  # 128 worlds lie in memory at once
MOST_PLAYED = 128_000  # runs of all combinations together
OWN = "own.yaml"
B = TypeVar("B", bound=BaseModel)
Named = Annotated[str, Field(min_length=1, max_length=200)]


class Question(BaseModel):
    """The body of a request; `own` is the text of a file of changes, measures and factors, as `--changes` takes.

    With `factors` it asks why, and `pairs` are the runs of every combination of them; without, it asks what if.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    changes: tuple[Named, ...] = Field(default=(), max_length=MOST_NAMES)
    factors: tuple[Named, ...] = Field(default=(), max_length=MOST_FACTORS)
    measures: tuple[Named, ...] = Field(default=(), max_length=MOST_NAMES)
    pairs: int = Field(default=1000, ge=2, le=MOST_PAIRS)
    seed: int = Field(default=1945, ge=0, le=2**32 - 1)
    name: str = Field(default="", max_length=LONGEST_NAME)
    own: str = Field(default="", max_length=LONGEST_OWN)
    politics: Literal["schools", "calendar", "bombs", "entry", "both", "exhaustion"] | None = (
        None  # as the command does
    )

    @model_validator(mode="after")
    def one_thing(self) -> Self:
        """Refuse a question that asks both, and one that would play longer than anybody waits."""
        if self.factors and self.changes:
            raise ValueError("give changes or factors, not both")
        if self.factors and self.played > MOST_PLAYED:
            raise ValueError(f"{self.played} runs of all combinations are more than {MOST_PLAYED}: ask for fewer")
        return self

    @property
    def played(self) -> int:
        """Runs of all arms together."""
        return self.pairs * 2 ** (len(self.factors) or 1)

    def command(self, campaign: str, folder: Path) -> str:
        """The command that answers the same question, figure for figure."""
        runs = str(self.pairs)
        words = ["khingan", "attribute" if self.factors else "what-if", campaign]
        words += ["--factors", ",".join(self.factors)] if self.factors else []
        words += [word for name in self.changes for word in ("--change", name)]
        words += [word for name in self.measures for word in ("--measure", name)]
        words += ["--runs", runs, *(["--most-runs", runs] if self.factors else []), "--seed", str(self.seed)]
        words += ["--politics", self.politics] if self.politics else []
        words += ["--changes", str(folder / OWN)] if self.own else []
        return shlex.join(words)


class Rename(BaseModel):
    """The body of a request for another name."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    name: str = Field(max_length=LONGEST_NAME)


class Again(BaseModel):
    """The body of a request to go on with a question, to more pairs if wanted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    pairs: int | None = Field(default=None, ge=2, le=MOST_PAIRS)


def parsed(model: type[B], body: bytes) -> B:
    """A request's JSON as a record; every fault at once, by the name of its field."""
    try:
        return model.model_validate_json(body or b"{}")
    except ValidationError as error:
        problems = []
        for detail in error.errors(include_url=False):
            where = ".".join(str(part) for part in detail["loc"]) or "the request"
            own = detail["type"] == "value_error"
            said = (str(detail["ctx"]["error"]), "mend it") if own else fault(detail, list(model.model_fields))
            problems.append(Problem(where, 0, 0, *said))
        raise CampaignError("the request", problems) from None


@dataclass(frozen=True)
class Answerable:
    """A question with its names looked up: what to play, and what to measure in it."""

    changes: tuple[Change, ...]  # under which everything is as the question would have it
    measures: tuple[Measure, ...]
    scenario: Scenario
    settings: Settings
    drawn: Settings  # of the campaign as it was: whose decision ends the war
    repertoire: Repertoire
    why: attribution.Question | None = None


def looked_up(
    question: Question, scenario: Scenario, folder: Path, known: Repertoire | None = None
) -> Answerable:  # fmt: skip
    """Look every name up and make the changes once; raises what the command line would say.

    `known` is the campaign's repertoire, where it was read before; a question with changes of its own reads it anew.
    """
    own = folder / OWN if question.own else ""
    repertoire = known if known is not None and not own else read_repertoire(scenario, own)
    measures = repertoire.measured(question.measures)
    named = tuple(repertoire.factor(name) for name in question.factors)
    taken = dict.fromkeys(name for factor in named for name in factor.off)
    changes = repertoire.chosen(taken if named else question.changes)
    drawn = politics_settings(scenario, question.politics, changes)
    shares_of(drawn, question.pairs)
    why = attribution.Question(scenario, repertoire, named, measures, question.seed, drawn) if named else None
    changed, settings = change_scenario(scenario, drawn, changes, repertoire.file)
    if repertoire is not known:
        gauges(scenario, measures)  # those that cannot be taken are refused here; of what is known they were before
    return Answerable(changes, measures, changed, settings, drawn, repertoire, why)
