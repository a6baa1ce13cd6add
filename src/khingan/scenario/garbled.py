"""A garbled place of a text and the ways to read it."""

from typing import NamedTuple


class Option(NamedTuple):
    """One way to read a place of the text, why, and how many edits away."""

    text: str
    reason: str
    edits: float


class Place(NamedTuple):
    """A stretch of the text that may be garbled."""

    start: int
    end: int
    kind: str  # digits, order, space, hour, name, reading, literal
    options: tuple[Option, ...]
    possible: bool  # whether the printed form may stand as it is
