"""What a study lets vary from run to run: parameters, claims, and what the user has pinned."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self

from khingan.errors import KhinganError, suggestion
from khingan.evidence.parameters import Parameter
from khingan.evidence.posterior import is_shipped

CHOICES = {
    "parameters": ("posterior", "prior", "median"),
    "claims": ("prior", "best"),
    "from": ("history", "prelude"),
}  # fmt: skip
LARGEST = 1e9  # of a pinned value, either way
Parameters = Literal["posterior", "prior", "median"]


def usual() -> Parameters:
    """How parameters are drawn where nobody says: by the shipped posterior, by their priors where none is shipped."""
    return "posterior" if is_shipped() else "prior"


@dataclass(frozen=True)
class Settings:
    """`posterior` and `prior` draw once a run; `median` and `best` switch the draw off; `pinned` fixes parameters by
    full name. A posterior draws the parameters that were fitted together; all others have their priors.

    `scaled` multiplies what was drawn. `changes` names the changes that made the scenario, and `changes_file` the
    user's own file of changes, so that a study finds its scenario again.
    `read` fixes the reading of claims by name, in standard deviations from best: -1.645 is low, 1.645 high.
    `start` is how the defender stands at H-hour: as the campaign states it, or as the run's own prelude leaves him.
    """

    parameters: Parameters = field(default_factory=usual)
    claims: Literal["prior", "best"] = "prior"
    pinned: dict[str, float] = field(default_factory=dict)
    scaled: dict[str, float] = field(default_factory=dict)
    changes: tuple[str, ...] = ()
    changes_file: str = ""
    start: Literal["history", "prelude"] = "history"
    read: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, allowed in CHOICES.items():
            chosen = getattr(self, "start" if name == "from" else name)
            if chosen not in allowed:
                raise KhinganError(f"--{name}", f"no choice {chosen!r}", "use " + " or ".join(allowed))
        for name, value in (*self.pinned.items(), *self.scaled.items()):
            if not math.isfinite(value):
                raise KhinganError(f"--set {name}", f"{value} is not a finite number", "give a number")

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> Self:
        """The settings a study was written with."""
        return cls(
            record["parameters"],
            record["claims"],
            dict(record["pinned"]),
            dict(record.get("scaled", {})),  # studies of 0.1.0 knew no changes
            tuple(record.get("changes", ())),
            record.get("changes_file", ""),
            record.get("start", "history"),
            dict(record.get("read", {})),
        )

    def as_dict(self) -> dict[str, Any]:
        """Plain values for study.json; pinned parameters in the order of their names."""
        ordered = {name: dict(sorted(getattr(self, name).items())) for name in ("pinned", "scaled", "read")}
        return asdict(self) | ordered | {"changes": list(self.changes)}

    def require_known(self, known: Mapping[str, Parameter]) -> None:
        """Refuse a pinned parameter that no parameter file defines, and a number that it cannot be."""
        for name in (*self.pinned, *self.scaled):
            if name not in known:
                raise KhinganError(f"--set {name}", "no such parameter", suggestion(name, known))
        for name, value in self.pinned.items():
            if abs(value) > LARGEST:
                raise KhinganError(f"--set {name}", f"{value:g} is no quantity of a war", f"stay within {LARGEST:g}")
            if value < 0 and not known[name].prior.may_be_negative():
                raise KhinganError(f"--set {name}", f"{value:g} is below 0", "this parameter has no negative values")


DRAWN = Settings()
