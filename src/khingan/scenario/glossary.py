"""The names a campaign's texts may hold: its gazetteer, and glossary.csv with readings, literal senses and dates."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from khingan.errors import CampaignError, Problem
from khingan.evidence.record import Row
from khingan.evidence.record_table import read_records
from khingan.scenario.gazetteer import folded
from khingan.scenario.schema import Scenario

FILE = "glossary.csv"
YEARS_BEFORE, YEARS_AFTER = 60, 10  # how far from H-hour a year of such a text may lie


class GlossaryRow(Row):
    """A name as it should stand, and the ways in which it may have been garbled.

    `forms`: other spellings that are right; `reading`: its characters read one by one in Chinese, a surname parted from
    a given name by a bar; `literal`: its characters translated one by one, alternatives joined by strokes; `dates`:
    days that go with it. Kind `word` is a proper word that is no name to search for, `title` a word that is none.
    """

    name: str
    kind: str
    forms: tuple[str, ...]
    reading: tuple[str, ...]
    literal: tuple[str, ...]
    dates: tuple[str, ...]


@dataclass(frozen=True)
class Name:
    """One name to search for: the form to write, and what else leads to it."""

    name: str
    kind: str
    readings: tuple[str, ...] = ()
    literals: tuple[tuple[frozenset[str], ...], ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """Every name by its folded forms, the forms as they may be written, ordinary words, known dates, and the era."""

    forms: dict[str, tuple[Name, str]]  # folded form -> name and the form itself
    written: frozenset[str]  # accepted forms, in lower case with hyphens as spaces
    ordinary: frozenset[str]  # folded words that are no names to search for
    names: tuple[Name, ...]
    dates: dict[date, str]
    years: range


def read_lexicon(scenario: Scenario) -> Lexicon:
    """Gazetteer and glossary of a campaign; a campaign without glossary.csv has its gazetteer alone.

    Raises CampaignError with every problem of the glossary.
    """
    problems: list[Problem] = []
    folder = Path(scenario.folder)
    rows: tuple[GlossaryRow, ...] = ()
    if (folder / FILE).is_file():
        table = read_records(folder, FILE, GlossaryRow, "name", problems)
        rows = table.rows
        undated = [(row, text) for row in rows for text in row.dates if _day(text) is None]
        for row, text in undated:
            problems.append(table.problem(row, "dates", f"'{text}' is no date", "write YYYY-MM-DD"))
    if problems:
        raise CampaignError(scenario.calendar.name, problems)
    places = [(place.name, place.other_names) for place in scenario.places]
    return _lexicon(rows, places, scenario.calendar.h_hour.year)


def _lexicon(rows: tuple[GlossaryRow, ...], places: list[tuple[str, tuple[str, ...]]], year: int) -> Lexicon:
    searched = [row for row in rows if row.kind not in ("word", "title")]
    names = [_name(row) for row in searched]
    forms: dict[str, tuple[Name, str]] = {}
    for name, others in zip(names, (row.forms for row in searched), strict=True):
        for form in (name.name, *others):
            forms.setdefault(folded(form), (name, form))
    for place, others in places:
        for form in (place, *others):
            forms.setdefault(folded(form), (Name(place, "place"), form))
    plain = [form for row in rows if row.kind in ("word", "title") for form in (row.name, *row.forms)]
    proper = [form for row in rows if row.kind == "word" for form in (row.name, *row.forms)]
    return Lexicon(
        forms=forms,
        written=frozenset(loosely(form) for form in (*(form for _, form in forms.values()), *proper)),
        ordinary=frozenset(folded(word) for form in plain for word in (form, *form.split())),
        names=tuple(names),
        dates={day: row.name for row in rows for text in row.dates if (day := _day(text))},
        years=range(year - YEARS_BEFORE, year + YEARS_AFTER),
    )


def _name(row: GlossaryRow) -> Name:
    literals = tuple(tuple(frozenset(group.split("/")) for group in text.lower().split()) for text in row.literal)
    return Name(row.name, row.kind, row.reading, literals)


def loosely(text: str) -> str:
    """A form as it may be written: without case, hyphens as spaces."""
    return text.casefold().replace("-", " ").replace("’", "'")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
