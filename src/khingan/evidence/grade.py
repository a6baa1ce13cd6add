"""Ranges for claims whose source gives none: by kind of claim and grade of confidence, from one parameter file."""

from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from khingan.errors import CampaignError, Problem
from khingan.evidence.record import Record, fault
from khingan.evidence.source import Basis
from khingan.evidence.yaml_tree import YamlTree, read_yaml

Grade = Literal["A", "B", "C"]
GRADES = ("A", "B", "C")
PARAMETERS = Path(__file__).parents[1] / "parameters"
FILE = "evidence.yaml"


class Range(Record):
    """How far a claim of one kind may be off, by grade.

    `ratio`: low and high multiply the value. `shift`: they are added to it, in `unit`; for a point on the map they
    are the distance by which it may lie elsewhere.
    """

    kind: str
    form: Literal["ratio", "shift"]
    unit: str
    A: tuple[float, float]
    B: tuple[float, float]
    C: tuple[float, float]
    meaning: str
    grade: Grade
    basis: Basis
    note: str = ""

    def of(self, grade: str) -> tuple[float, float]:
        """Low and high for a grade."""
        return {"A": self.A, "B": self.B, "C": self.C}[grade]


def read_ranges(folder: Path = PARAMETERS) -> dict[str, Range]:
    """Every kind of claim with its ranges."""
    problems: list[Problem] = []
    tree = read_yaml(folder, FILE, problems)
    ranges = {kind: _range(tree, kind, problems) for kind in tree.content} if tree else {}
    if problems:
        raise CampaignError(FILE, problems)
    return {kind: entry for kind, entry in ranges.items() if entry is not None}


def _range(tree: YamlTree, kind: str, problems: list[Problem]) -> Range | None:
    entry = tree.content[kind]
    if not isinstance(entry, dict):
        problems.append(tree.problem((kind,), f"kind '{kind}' is no mapping", "give it form, unit, A, B, C, meaning"))
        return None
    try:
        found = Range(**{**entry, "kind": kind})
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            problems.append(tree.problem((kind, *detail["loc"]), *fault(detail, Range.model_fields)))
        return None
    neutral = 1.0 if found.form == "ratio" else 0.0
    for grade in GRADES:
        low, high = found.of(grade)
        if not low <= neutral <= high:
            what = f"{kind} {grade} {low:g} to {high:g} leaves out {neutral:g}"
            problems.append(tree.problem((kind, grade), what, f"let the range hold {neutral:g}"))
    return found
