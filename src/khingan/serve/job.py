"""A job: a question, how far its answer is, and what went wrong; kept on disk, so that a restart forgets nothing."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import ValidationError

from khingan.serve.player import JOB
from khingan.serve.question import OWN, Question
from khingan.serve.told import Told

State = Literal["queued", "running", "done", "stopped", "failed"]
WAITING, ENDED = ("queued", "running"), ("done", "stopped", "failed")
INTERRUPTED = {"where": "the server", "what": "stopped while this was waiting or playing", "remedy": "press Resume"}


@dataclass
class Job:
    """One card of the page. `number` counts its changes, `seconds` what the answer took so far."""

    id: str
    campaign: str
    question: Question
    sentences: list[str] = field(default_factory=list)
    state: State = "queued"
    phase: str = ""
    done: int = 0
    played: int = 0
    mapped: int = 0
    effects: list[dict[str, Any]] = field(default_factory=list)
    shares: list[dict[str, Any]] = field(default_factory=list)
    errors: list[Told] = field(default_factory=list)
    created: str = ""
    seconds: float = 0.0
    first_seconds: float | None = None
    number: int = 0
    cancelled: bool = False

    @classmethod
    def new(cls, campaign: str, question: Question, sentences: list[str], name: str) -> Self:
        """A job that waits its turn."""
        created = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(name, campaign, question, sentences, created=created)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The job in a folder; one that was not finished is told as stopped, a damaged one as failed."""
        try:
            record = json.loads((folder / JOB).read_text(encoding="utf-8"))
            question = Question.model_validate_json(json.dumps(record.pop("question")))
            job = cls(**record | {"id": folder.name, "question": question})
        except (OSError, ValueError, KeyError, TypeError, AttributeError, ValidationError) as error:
            fault = {"where": str(folder / JOB), "what": f"cannot be read: {error}", "remedy": "delete it"}
            return cls(folder.name, "", Question(name=folder.name), state="failed", errors=[fault])
        if job.state in WAITING:
            job.state, job.errors = "stopped", [INTERRUPTED]
        return job

    def write(self, folder: Path) -> None:
        """Put the job's record in place by rename."""
        record = asdict(self) | {"question": self.question.model_dump(mode="json")}
        for passing in ("number", "cancelled", "id"):
            del record[passing]
        partial = folder / (JOB + ".partial")
        partial.write_text(json.dumps(record), encoding="utf-8")
        os.replace(partial, folder / JOB)

    def card(self, folder: Path) -> dict[str, Any]:
        """What the page shows."""
        asked = self.question
        return {
            "id": self.id, "name": asked.name, "state": self.state, "phase": self.phase, "campaign": self.campaign,
            "changes": list(asked.changes), "factors": list(asked.factors), "measures": list(asked.measures),
            "politics": asked.politics, "sentences": self.sentences, "pairs": asked.pairs, "seed": asked.seed,
            "done": self.done, "mapped": self.mapped, "played": self.played, "of": asked.played,
            "effects": self.effects, "shares": self.shares, "errors": self.errors, "created": self.created,
            "seconds": round(self.seconds, 1),
            "first_seconds": None if self.first_seconds is None else round(self.first_seconds, 1),
            "command": asked.command(self.campaign, folder),
        }  # fmt: skip


def new_name() -> str:
    """A name for a new job: time (UTC) and four random bytes."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S-") + secrets.token_hex(4)


def keep_own(folder: Path, question: Question) -> None:
    """Write the text of a question's own changes where the reader of changes finds it."""
    folder.mkdir(parents=True)
    if question.own:
        (folder / OWN).write_text(question.own, encoding="utf-8")
