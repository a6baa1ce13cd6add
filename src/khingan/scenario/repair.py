"""Readings for garbled dates and names of a translated text. The text itself is never changed.

A reading costs edits: about one for a sign moved, dropped, doubled or changed, half of one for a space or a capital.
Where the printed form may stand as it is, it competes as a reading of two edits. A reading weighs a tenth for each of
its edits, and its confidence is its share of all weights at one place.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from khingan.errors import KhinganError, Problem
from khingan.evidence.text_file import read_text
from khingan.scenario.garbled import Option, Place
from khingan.scenario.glossary import Lexicon
from khingan.scenario.repair_dates import garbled_dates
from khingan.scenario.repair_names import garbled_names

LARGEST = 500_000  # bytes; a longer text is no document but an archive
AS_IT_STANDS = 2.0
WEIGHT_OF_AN_EDIT = 0.1


@dataclass(frozen=True)
class Reading:
    """A proposal: the text to read, why, and the share of the weight it has among all readings of its place."""

    text: str
    reason: str
    confidence: float


@dataclass(frozen=True)
class Finding:
    """A garbled place: line and column from 1, the printed form, and its readings, the likeliest first."""

    line: int
    column: int
    printed: str
    kind: str
    readings: tuple[Reading, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values in the order of docs/json.md."""
        return {**vars(self), "readings": [vars(reading) for reading in self.readings]}


def read_document(path: Path) -> str:
    """The text of a file, or an error: missing, no text, empty, or larger than `LARGEST`."""
    try:
        if path.is_dir():
            raise KhinganError(str(path), "this is a folder", "name a text file")
        if path.is_file() and path.stat().st_size > LARGEST:
            what = f"{path.stat().st_size / 1e6:.1f} MB is too large for one document"
            raise KhinganError(str(path), what, f"cut it into files below {LARGEST / 1e6:g} MB")
    except (OSError, ValueError) as error:
        raise KhinganError(str(path), f"cannot be read: {error}", "name a text file") from error
    problems: list[Problem] = []
    text = read_text(path.parent, path.name, problems)
    if text is None:
        problem = problems[0]
        where = f"{path}:{problem.line}" if problem.line else str(path)
        raise KhinganError(where, problem.what, "name a text file in UTF-8")
    return text


def repair(text: str, lexicon: Lexicon) -> list[Finding]:
    """Every garbled place of a text with its readings, in order; places never overlap, dates go before names."""
    taken: list[tuple[int, int]] = []
    places = []
    for found in (garbled_dates(text, lexicon), garbled_names(text, lexicon)):
        for place in found:
            if place.options and not any(place.start < end and start < place.end for start, end in taken):
                taken.append((place.start, place.end))
                places.append(place)
    return [_finding(text, place) for place in sorted(places)]


def _finding(text: str, place: Place) -> Finding:
    before = text[: place.start]
    line, column = before.count("\n") + 1, place.start - before.rfind("\n")
    return Finding(line, column, text[place.start : place.end], place.kind, tuple(_ranked(place)))


def _ranked(place: Place) -> Iterable[Reading]:
    best: dict[str, Option] = {}
    for option in sorted(place.options, key=lambda option: option.edits):
        best.setdefault(option.text, option)
    weights = {text: WEIGHT_OF_AN_EDIT**option.edits for text, option in best.items()}
    total = sum(weights.values()) + (WEIGHT_OF_AN_EDIT**AS_IT_STANDS if place.possible else 0.0)
    return (Reading(text, option.reason, round(weights[text] / total, 3)) for text, option in best.items())
