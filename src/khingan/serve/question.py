"""What a browser may ask: a what-if question, held to the readers of files and of the command line."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from khingan.errors import CampaignError, Problem
from khingan.evidence.record import fault
from khingan.experiment.apply import change_scenario
from khingan.experiment.change import Change, Measure
from khingan.experiment.gauge import gauges
from khingan.experiment.political import politics_settings
from khingan.experiment.repertoire import read_repertoire
from khingan.scenario.schema import Scenario
from khingan.simulation.settings import Settings

MOST_PAIRS, MOST_NAMES, LONGEST_NAME, LONGEST_OWN = 10_000, 60, 80, 32_000
OWN = "own.yaml"
B = TypeVar("B", bound=BaseModel)
Named = Annotated[str, Field(min_length=1, max_length=200)]


class Question(BaseModel):
    """The body of a request; `own` is the text of a file of changes, measures and factors, as `--changes` takes."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    changes: tuple[Named, ...] = Field(default=(), max_length=MOST_NAMES)
    measures: tuple[Named, ...] = Field(default=(), max_length=MOST_NAMES)
    pairs: int = Field(default=1000, ge=2, le=MOST_PAIRS)
    seed: int = Field(default=1945, ge=0, le=2**32 - 1)
    name: str = Field(default="", max_length=LONGEST_NAME)
    own: str = Field(default="", max_length=LONGEST_OWN)
    politics: Literal["calendar", "bombs", "entry", "both", "exhaustion"] = "calendar"

    def command(self, campaign: str, folder: Path) -> str:
        """The command that answers the same question, figure for figure."""
        words = ["khingan", "what-if", campaign]
        words += [word for name in self.changes for word in ("--change", name)]
        words += [word for name in self.measures for word in ("--measure", name)]
        words += ["--runs", str(self.pairs), "--seed", str(self.seed)]
        words += ["--politics", self.politics]
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
            problems.append(Problem(where, 0, 0, *fault(detail, list(model.model_fields))))
        raise CampaignError("the request", problems) from None


@dataclass(frozen=True)
class Answerable:
    """A question with its names looked up: what to play, and what to measure in it."""

    changes: tuple[Change, ...]
    measures: tuple[Measure, ...]
    scenario: Scenario
    settings: Settings
    drawn: Settings  # of the campaign as it was: whose decision ends the war


def looked_up(question: Question, scenario: Scenario, folder: Path) -> Answerable:
    """Look every name up and make the changes once; raises what `khingan what-if` would say."""
    own = folder / OWN if question.own else ""
    repertoire = read_repertoire(scenario, own)
    changes, measures = repertoire.chosen(question.changes), repertoire.measured(question.measures)
    drawn = politics_settings(scenario, question.politics, changes)
    changed, settings = change_scenario(scenario, drawn, changes, repertoire.file)
    gauges(scenario, measures)
    return Answerable(changes, measures, changed, settings, drawn)
