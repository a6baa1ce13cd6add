"""Plots of block characters for a terminal: the months before H-hour at a glance."""

from collections.abc import Iterator, Sequence
from typing import Any

SHADES, BARS, LONGEST = " ░▒▓█", "▏▎▍▌▋▊▉█", 40
FAINTEST = 0.05
Summary = dict[str, Any]


def sketches(summary: Summary) -> Iterator[str]:
    """Trains, forces in place against forces believed, belief over week and axis, readiness, line by line."""
    yield from trains(summary["months"])
    yield from forces(summary["months"], [row["observer"] for row in summary["observers"]])
    yield from belief(summary)
    yield "Readiness at H-hour (median), of 1"
    for row in summary["observers"]:
        yield f"{row['name']:>22} {bar(row['readiness']['median'], 1.0)} {row['readiness']['median']:.2f}"


def trains(months: Sequence[Summary]) -> Iterator[str]:
    """Trains a day by month."""
    known = [month for month in months if month["trains_per_day"]]
    most = max(month["trains_per_day"]["median"] for month in known)
    yield "Trains a day, up to the day (median)"
    for month in known:
        value = month["trains_per_day"]["median"]
        yield f"{month['day']:>22} {bar(value, most)} {value:.0f}"
    yield ""


def forces(months: Sequence[Summary], names: Sequence[str]) -> Iterator[str]:
    """Division-equivalents in place, and what each headquarters believed."""
    known = [month for month in months if month["in_place"]]
    rows = [("in place", [month["in_place"]["median"] for month in known])]
    rows += [(f"{name} believes", [month["believed_in_place"][name]["median"] for month in known]) for name in names]
    most = max(max(values) for _, values in rows)
    yield "Divisions brought east, in place against believed (median)"
    for number, month in enumerate(known):
        for label, values in rows:
            day = month["day"] if label == "in place" else ""
            yield f"{day:>10} {label:>17.17} {bar(values[number], most)} {values[number]:.0f}"
    yield ""


def belief(summary: Summary) -> Iterator[str]:
    """Mean belief on history's H-hour: a row an axis, a column a week from then on, and apart that no attack comes."""
    given = summary["belief"]
    weeks = given["weeks"]
    first = max(number for number, day in enumerate(weeks) if day and day <= summary["planned"])
    yield f"Belief over week and axis on {summary['planned']}: a column a week from {weeks[first]}, then 'never'"
    for row in summary["observers"]:
        table = given["h_hour"][row["observer"]]
        most = max(max(week) for week in table[first:])
        for number, axis in enumerate(given["axes"]):
            marks = "".join(shade(week[number], most) for week in table[first:-1])
            share = sum(week[number] for week in table)
            who = row["name"] if number == 0 else ""
            yield f"{who:>22} {axis:<6}|{marks}|{shade(table[-1][number], most)}| {share:.0%}"
    starts = [weeks[first], *(day for day in weeks[first + 1 :] if day)]
    yield " " * 30 + month_marks(starts)
    yield ""


def month_marks(weeks: Sequence[str]) -> str:
    """The number of each month over the week in which it begins."""
    out, seen = [" "] * (len(weeks) + 3), weeks[0][:7]
    for number, day in enumerate(weeks):
        if day[:7] != seen:
            seen = day[:7]
            for offset, mark in enumerate(str(int(day[5:7]))):
                out[number + offset] = mark
    return "".join(out).rstrip() + "  (months)"


def shade(value: float, most: float) -> str:
    """One character, darker the greater the value; blank below a twentieth of the greatest."""
    if most <= 0.0 or value < FAINTEST * most:
        return SHADES[0]
    return SHADES[min(len(SHADES) - 1, 1 + int(value / most * (len(SHADES) - 1)))]


def bar(value: float, most: float) -> str:
    """A bar in eighths of a character, as long as the screen allows for the greatest value."""
    eighths = round(8 * LONGEST * max(0.0, value) / most) if most > 0 else 0
    whole, part = divmod(eighths, 8)
    return (BARS[-1] * whole + (BARS[part - 1] if part else "")).ljust(LONGEST)
