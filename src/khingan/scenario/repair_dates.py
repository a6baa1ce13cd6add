"""Garbled dates and hours that show in two or three signs: spaces astray, the hour behind the day, a day too many."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date

from khingan.scenario.garbled import Option, Place
from khingan.scenario.glossary import Lexicon
from khingan.scenario.repair_runs import KNOWN_DATE, MONTH, MONTHS, SUFFIX, garbled_runs

BEFORE_YEAR = rf"(?:{MONTH}|\d{SUFFIX},|\b[Ii]n|\b[Oo]f|\b[Ss]ince|\b[Uu]ntil|\b[Ff]rom|\b[Bb]y|\b[Tt]he|\b[Tt]o|,)"
BEFORE_HOUR = re.compile(r"\b(?:[Aa]t|[Bb]y|[Aa]bout|[Aa]round|[Uu]ntil|[Ff]rom)\s$")
SEASONS = ("spring", "summer", "autumn", "winter")
CUT_WORDS = "|".join(f"{word[:at]} {word[at:]}" for word in (*MONTHS, *SEASONS) for at in range(1, len(word)))
MOVED, SHARED, SPACE = 1.0, 0.8, 0.5


def garbled_dates(text: str, lexicon: Lexicon) -> Iterator[Place]:
    """Every place where a date or an hour is garbled, the rules with the most context first."""
    yield from _ruled(FIRST, text, lexicon)
    yield from garbled_runs(text, lexicon)
    yield from _ruled(THEN, text, lexicon)


def _ruled(rules: "tuple[tuple[str, Rule], ...]", text: str, lexicon: Lexicon) -> Iterator[Place]:
    for pattern, rule in rules:
        for match in re.finditer(pattern, text):
            kind, options = rule(match, lexicon)
            if options:
                yield Place(match.start(), match.end(), kind, tuple(options), False)


def _days(month: str) -> int:
    """The days of a month in a leap year."""
    return monthrange(2000, MONTHS.index(month) + 1)[1]


def _run_together(match: re.Match[str], lexicon: Lexicon) -> "Found":
    """A year of three digits before more digits: its last digit stands with the day, or once for both."""
    year, month, tail = int(match["head"] + match["tail"][0]), match["month"], match["tail"]
    tries = (tail[1:], "the space before the day has moved", SPACE), (tail, "one digit stands for year and day", SHARED)
    options = []
    for text, reason, edits in tries:
        day = int(text)
        if year not in lexicon.years or not 1 <= day <= monthrange(year, MONTHS.index(month) + 1)[1]:
            continue
        known = lexicon.dates.get(date(year, MONTHS.index(month) + 1, day))
        reason, edits = (f"{reason}; the glossary dates {known} so", edits - KNOWN_DATE) if known else (reason, edits)
        options.append(Option(f"{day} {month} {year}", reason, edits))
    return "digits", options


def _cut_month(match: re.Match[str], lexicon: Lexicon) -> "Found":
    return "space", [Option(match[0].replace(" ", ""), "a space strayed into the month", SPACE)]


def _glued_day(match: re.Match[str], lexicon: Lexicon) -> "Found":
    if not 1 <= int(match["day"]) <= _days(match["month"]):
        return "space", []
    return "space", [Option(f"{int(match['day'])} {match['month']}", "a space is missing behind the day", SPACE)]


def _day_before(match: re.Match[str], lexicon: Lexicon) -> "Found":
    if not 1 <= int(match["day"]) <= _days(match["month"]):
        return "order", []
    reason = "day and month have changed places around the preposition"
    return "order", [Option(f"{int(match['day'])} {match['month']}", reason, SPACE)]


def _split_year(match: re.Match[str], lexicon: Lexicon) -> "Found":
    """A year with a space in it, where a word that goes before years stands before it."""
    whole = match["one"] + match["two"]
    led = re.search(rf"{BEFORE_YEAR}\s$", match.string[: match.start()])
    if len(whole) != 4 or int(whole) not in lexicon.years or not led:
        return "space", []
    return "space", [Option(whole, "a space strayed into the year", SPACE)]


def _two_numbers(match: re.Match[str], lexicon: Lexicon) -> "Found":
    """A second number behind the day: the hour, a split day, or the day itself."""
    month, one, two = match["month"], match["one"], match["two"]
    options = []
    split = len(one) == len(two) == 1 and 10 <= int(one + two) <= _days(month)
    if split:
        options.append(Option(f"{int(one + two)} {month}", "a space strayed into the day", SPACE))
    if int(two) <= 24 and 1 <= int(one) <= _days(month):
        edits = SHARED if split else SPACE
        options.append(Option(f"{one} {month}, {two}:00", "the number behind the day is the hour", edits))
    if 1 <= int(two) <= _days(month):
        options.append(Option(f"{two} {month}", "the first number does not belong here", MOVED))
    return "hour", options


def _split_day(match: re.Match[str], lexicon: Lexicon) -> "Found":
    day = int(match["one"] + match["two"])
    if not 10 <= day <= _days(match["month"]):
        return "space", []
    return "space", [Option(f"{day} {match['month']}", "a space strayed into the day", SPACE)]


def _hour(match: re.Match[str], lexicon: Lexicon) -> "Found":
    """A space beside the colon of an hour; a score or a chapter looks the same unless a word tells."""
    hour, minute = match["hour"].replace(" ", ""), match["minute"]
    told = BEFORE_HOUR.search(match.string[: match.start()]) or minute == "00"
    if " " not in match[0] or not told or int(hour) > 24 or int(minute) > 59:
        return "space", []
    return "space", [Option(f"{hour}:{minute}", "a space strayed into the hour", SPACE)]


def _cut_minute(match: re.Match[str], lexicon: Lexicon) -> "Found":
    return "space", [Option(match[0].replace(" ", ""), "a space strayed into the hour", SPACE)]


def _no_such_day(match: re.Match[str], lexicon: Lexicon) -> "Found":
    """A day that its month does not have, and that has one with its digits turned."""
    day, turned = int(match["day"]), int(match["day"][::-1])
    if day <= _days(match["month"]) or not 1 <= turned <= _days(match["month"]):
        return "digits", []
    return "digits", [Option(f"{turned} {match['month']}", "the digits of the day are turned round", MOVED)]


Found = tuple[str, list[Option]]
Rule = Callable[[re.Match[str], Lexicon], Found]
FIRST: tuple[tuple[str, Rule], ...] = (
    (rf"(?P<month>{MONTH}),? (?P<head>1[89]\d) (?P<tail>\d{{2,3}})(?!\d)", _run_together),
    (rf"\b(?:{CUT_WORDS})\b", _cut_month),
)
THEN: tuple[tuple[str, Rule], ...] = (
    (r"(?<![\d.])(?P<one>\d{1,3}) (?P<two>\d{1,3})(?![\d:])", _split_year),
    (rf"(?<!\w)(?P<day>\d{{1,2}})(?P<month>{MONTH})\b", _glued_day),
    (rf"(?<![\d,.])(?P<day>\d{{1,2}}){SUFFIX} (?:In|On) (?P<month>{MONTH})\b", _day_before),
    (rf"\b(?P<month>{MONTH}) (?P<one>\d{{1,2}}){SUFFIX} (?P<two>\d{{1,2}})(?![\d:]| ?:|{SUFFIX}\w)", _two_numbers),
    (rf"(?<!\d)(?<!\d )(?P<one>\d) (?P<two>\d){SUFFIX} (?P<month>{MONTH})\b", _split_day),
    (r"(?<![\d:])(?P<hour>\d ?\d|\d) ?: ?(?P<minute>\d\d)(?![\d:])", _hour),
    (r"(?<![\d:])\d{1,2}:[0-5] \d(?![\d:])", _cut_minute),
    (rf"(?<!\d)(?P<day>[3-9]\d){SUFFIX} (?P<month>{MONTH})\b", _no_such_day),
    (rf"\b(?P<month>{MONTH}) (?P<day>[3-9]\d)(?!\d)", _no_such_day),
)  # fmt: skip
