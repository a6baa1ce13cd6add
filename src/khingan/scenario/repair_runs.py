"""A garbled run of date words: one digit moved or printed twice, or its words out of order.

A run is a stretch of numbers, months, seasons and small words around one month or season. Where it is no date as it
stands, every change of one kind that makes a date of it is an option; a date that the glossary knows costs less.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from khingan.scenario.garbled import Option, Place
from khingan.scenario.glossary import Lexicon

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
MONTH = rf"(?:{'|'.join(MONTHS)})"
SEASON = r"(?:spring|summer|autumn|winter)"
SUFFIX = r"(?:st|nd|rd|th)?"
_NUMBER = r"\d+(?:(?:st|nd|rd|th)\b)?"
_WORD = rf"(?:{MONTH}(?:\s?[-–]\s?{MONTH})?|{SEASON}|(?:[Ii]n|[Oo]n|of|the)\b)"
RUN = re.compile(rf"(?<![\d.:])(?<!\d,)(?:{_NUMBER}|(?<![A-Za-z]){_WORD})(?:,? ?(?:{_NUMBER}|{_WORD}))*(?![A-Za-z\d:])")
YEAR = r"1[89]\d\d"
DAY = r"(?:[12]\d|3[01]|[1-9])"
_SOUND_DAY = rf"{DAY}{SUFFIX}(?: of)? {MONTH}(?:,? {YEAR})?|{MONTH} {DAY}{SUFFIX}(?:,? {YEAR})?"
_SOUND_SPAN = rf"{MONTH}(?:\s?[-–]\s?{MONTH})?(?:,? (?:of )?{YEAR})?|{SEASON} (?:of|in) {YEAR}|{SEASON}|{YEAR}"
SOUND = re.compile(rf"(?:(?:[Ii]n|[Oo]n|of) )?(?:the )?(?:{_SOUND_DAY}|{_SOUND_SPAN})(?: (?:in|on|of|the))*")
OPENING = re.compile(r"(?:(?:[Ii]n|[Oo]n|of|the) )*")
TRAILING = re.compile(r"(?:,? (?:in|on|of|the))+$")
ADJACENT, HEAD, ANYWHERE, ORDER, GLUED, TURNED = 0.5, 0.8, 1.2, 0.5, 1.0, 1.0
KNOWN_DATE = 0.5  # edits that a reading is spared when the glossary dates something so


class Words(NamedTuple):
    """What a run consists of: its numbers with their places in it, and its words."""

    groups: tuple[str, ...]
    month: str  # one month, or two with a hyphen; empty for a season
    season: str
    glued: bool  # whether a digit stands right against a word
    text: str


class Variant(NamedTuple):
    """The numbers after one change, what was changed, and its cost."""

    groups: tuple[str, ...]
    reason: str
    edits: float


def garbled_runs(text: str, lexicon: Lexicon) -> Iterator[Place]:
    """Every run that is no date as it stands and that one change makes one."""
    for match in RUN.finditer(text):
        start = match.start() + len(OPENING.match(match[0])[0])  # type: ignore[index]
        run = TRAILING.sub("", text[start : match.end()])
        words = _words(run)
        if words is None or SOUND.fullmatch(run):
            continue
        options = list(_options(words, lexicon))
        if options:
            inside = bool(re.search(r"\b(?:In|On)\b", run))
            possible = not words.glued and not inside and len("".join(words.groups)) < 5
            yield Place(start, start + len(run), "digits" if words.glued else "order", tuple(options), possible)


def _words(text: str) -> Words | None:
    months = re.findall(rf"{MONTH}(?:\s?[-–]\s?{MONTH})?", text)
    seasons = re.findall(SEASON, text)
    groups = tuple(re.findall(r"\d+", text))
    if len(months) + len(seasons) != 1 or not groups or len(groups) > 3:
        return None
    glued = bool(re.search(r"\d[A-Za-z]", re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", text)))
    return Words(groups, months[0] if months else "", seasons[0] if seasons else "", glued, text)


def _options(words: Words, lexicon: Lexicon) -> Iterator[Option]:
    for variant in _variants(words, lexicon.years):
        yield from _dates(words, variant, lexicon)


def _variants(words: Words, years: range) -> Iterator[Variant]:
    """The groups as printed, and after every change of one digit."""
    groups = words.groups
    if words.glued:
        yield Variant(groups, "a space is missing", GLUED)
    else:
        yield Variant(groups, "the words stand out of their order", ORDER)
    yield from _joined(words)
    yield from _turned(groups, years)
    for number, group in enumerate(groups):
        for at, digit in enumerate(group):
            rest = [*groups[:number], group[:at] + group[at + 1 :], *groups[number + 1 :]]
            head = number == 0 and at == 0 and len(groups) > 1
            yield from _without(words, rest, digit, number, at, head)
            yield from _moved(rest, digit, number, at, head)


def _joined(words: Words) -> Iterator[Variant]:
    """Two numbers with one space between them as one."""
    for number in range(len(words.groups) - 1):
        one, two = words.groups[number : number + 2]
        if re.search(rf"(?<!\d){one} {two}(?!\d)", words.text):
            joined = (*words.groups[:number], one + two, *words.groups[number + 2 :])
            yield Variant(joined, "a space strayed into a number", ADJACENT)


def _turned(groups: tuple[str, ...], years: range) -> Iterator[Variant]:
    """Two neighbouring digits of a year outside the era turned round."""
    for number, group in enumerate(groups):
        for at in range(len(group) - 1):
            if len(group) == 4 and int(group) not in years and group[at] != group[at + 1]:
                turned = group[:at] + group[at + 1] + group[at] + group[at + 2 :]
                yield Variant((*groups[:number], turned, *groups[number + 1 :]), "two digits are turned round", TURNED)


def _without(
    words: Words, rest: list[str], digit: str, number: int, at: int, head: bool
) -> Iterator[Variant]:  # fmt: skip
    """The digit taken away, as printed twice; dearer where no neighbour is its double."""
    left = rest[number]
    beside = digit in (left[at - 1 : at], left[at : at + 1])
    if beside or digit in "".join(rest):
        edits = HEAD if beside or head else ANYWHERE
        yield Variant(tuple(group for group in rest if group), "a digit is printed twice", edits)


def _moved(rest: list[str], digit: str, number: int, at: int, head: bool) -> Iterator[Variant]:
    """The digit put into another group; cheapest over the nearest space."""
    for other, group in enumerate(rest):
        if other == number:
            continue
        for place in range(len(group) + 1):
            over = (other == number - 1 and at == 0 and place == len(group)) or (
                other == number + 1 and at == len(rest[number]) and place == 0
            )
            edits = ADJACENT if over and rest[number] else HEAD if head else ANYWHERE
            filled = [*rest[:other], group[:place] + digit + group[place:], *rest[other + 1 :]]
            yield Variant(tuple(g for g in filled if g), "a digit of the date is out of its place", edits)


def _dates(words: Words, variant: Variant, lexicon: Lexicon) -> Iterator[Option]:
    """The variant as a date of the era, if it is one."""
    years = [group for group in variant.groups if len(group) == 4 and int(group) in lexicon.years]
    others = [group for group in variant.groups if group not in years]
    if len(years) != 1 or len(others) > 1:
        return
    year = years[0]
    if not others:
        yield Option(_undated(words, year), variant.reason, variant.edits)
    elif words.month in MONTHS and others[0][0] != "0":
        day = int(others[0])
        try:
            known = lexicon.dates.get(date(int(year), MONTHS.index(words.month) + 1, day))
        except ValueError:
            return
        if known:
            reason = f"{variant.reason}; the glossary dates {known} so"
            yield Option(f"{day} {words.month} {year}", reason, variant.edits - KNOWN_DATE)
        else:
            yield Option(f"{day} {words.month} {year}", variant.reason, variant.edits)


def _undated(words: Words, year: str) -> str:
    """Month or season with its year; the small word in front stays."""
    opening = re.search(r"(?:\b|(?<=\d))(?:[Ii]n|[Oo]n)\b", words.text)
    small = "in " if opening else ""
    if words.season:
        article = "the " if re.search(r"the\b", words.text) else ""
        return f"{small}{article}{words.season} of {year}"
    return f"{small}{words.month} {year}"
