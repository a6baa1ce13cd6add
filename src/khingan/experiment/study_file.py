"""What a study file says, as records; the words are those of STUDY.yaml."""

from typing import Literal

from pydantic import Field, model_validator

from khingan.evidence.record import LocalTime, Record
from khingan.simulation.settings import Parameters, usual

MOST_POINTS, MOST_RUNS = 1_000_000, 1_000_000
LARGEST_CELL = 10_000  # runs that one chunk holds where whole points are reduced to quantiles


class Range(Record):
    """How a parameter is varied: from low to high, between two shares of its prior, or over a list of values."""

    low: float | None = None
    high: float | None = None
    quantiles: tuple[float, float] | None = None
    values: tuple[float, ...] = ()

    @model_validator(mode="after")
    def one_way(self) -> "Range":
        ways = (self.low is not None or self.high is not None, self.quantiles is not None, bool(self.values))
        if sum(ways) != 1:
            raise ValueError("is not varied in one way | write low and high, or quantiles, or values")
        if ways[0] and (self.low is None or self.high is None):
            raise ValueError("has one end only | write both low and high")
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError(f"runs from low {self.low:g} to high {self.high:g} | swap them")
        if self.quantiles and not 0 < self.quantiles[0] < self.quantiles[1] < 1:
            low, high = self.quantiles
            raise ValueError(f"has quantiles {low:g} to {high:g} | write two shares between 0 and 1, the lower first")
        if len(set(self.values)) < len(self.values):
            raise ValueError("has the same value twice | name each once")
        return self


class Dates(Record):
    """Dates of the attack, and what keeps its distance from them."""

    values: tuple[LocalTime, ...] = Field(min_length=1)
    moves: tuple[Literal["orders", "arrivals", "surrender"], ...] = ("orders",)

    @model_validator(mode="after")
    def each_once(self) -> "Dates":
        if len(set(self.values)) < len(self.values):
            raise ValueError("names a date twice | name each once")
        return self


class Design(Record):
    """Which points are played. `points` of a Sobol design are its base points; `levels` cut a factorial's ranges."""

    kind: Literal["latin_hypercube", "sobol", "factorial", "listed"]
    points: int | None = Field(default=None, ge=2, le=MOST_POINTS)
    levels: int = Field(default=3, ge=2, le=100)

    @model_validator(mode="after")
    def counted(self) -> "Design":
        random = self.kind in ("latin_hypercube", "sobol")
        if random and self.points is None:
            raise ValueError(f"says not how many points | add points to the {self.kind} design")
        if not random and self.points is not None:
            raise ValueError(f"counts points, which a {self.kind} design has of itself | leave points out")
        if self.kind == "sobol" and self.points is not None and self.points & (self.points - 1):
            below = 1 << (self.points.bit_length() - 1)
            raise ValueError(f"has {self.points} base points, no power of two | use {below} or {2 * below}")
        return self


class Listed(Record):
    """One point of a listed design; a parameter that is not named is drawn as ever."""

    parameters: dict[str, float] = Field(default_factory=dict)
    changes: tuple[str, ...] = ()
    date: LocalTime | None = None


class StudyFile(Record):
    """A whole study file. `others` and `claims` say what becomes of all that is not varied."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")
    what: str = Field(min_length=1)
    campaign: str = Field(min_length=1)
    changes_file: str = ""
    seed: int = Field(default=1945, ge=0, le=2**32 - 1)
    runs: int = Field(ge=1, le=MOST_RUNS)
    others: Parameters = Field(default_factory=usual)
    claims: Literal["prior", "best"] = "prior"
    start: Literal["history", "prelude"] = "history"
    design: Design
    parameters: dict[str, Range] = Field(default_factory=dict)
    changes: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    dates: Dates | None = None
    points: tuple[Listed, ...] = ()
    measures: tuple[str, ...] = ()
    output: Literal["runs", "cells"] = "runs"

    @model_validator(mode="after")
    def fits_its_design(self) -> "StudyFile":
        varied = bool(self.parameters or self.changes or self.dates)
        if self.design.kind == "listed":
            if not self.points or varied:
                raise ValueError("has a listed design | write its points under `points`, and vary nothing else")
        elif self.points:
            raise ValueError(f"lists points beside a {self.design.kind} design | leave points out, or use listed")
        elif not varied:
            raise ValueError("varies nothing | add parameters, changes or dates")
        if self.output == "cells" and self.runs > LARGEST_CELL:
            raise ValueError(
                f"reduces {self.runs} runs to a cell at once | use {LARGEST_CELL} or fewer, or output: runs"
            )
        return self
