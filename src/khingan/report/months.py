"""The months before H-hour as one figure in SVG: trains, forces and what was believed of them, belief, readiness."""

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from typing import Any

WIDTH, LEFT, RIGHT, PANEL = 860, 190, 24, 190
COLOURS = ("#1b4f72", "#b9770e", "#7b241c", "#4a235a", "#145a32")
INK, FAINT, HEAT = "#222", "#bbb", (27, 79, 114)
Summary = dict[str, Any]


def figure(summary: Summary) -> str:
    """The whole figure; `summary` is that of history/months_before.py."""
    names = [row["observer"] for row in summary["observers"]]
    heat = 26 * len(names) * len(summary["belief"]["axes"]) + 70
    height = 60 + 2 * PANEL + heat + 30 * len(names) + 70
    parts = [text(LEFT, 24, f"The months before H-hour: {summary['campaign']}, {summary['runs']} preludes", size=16)]
    months = [month for month in summary["months"] if month["in_place"]]
    parts += trains(months, 60)
    parts += forces(months, names, [row["name"] for row in summary["observers"]], 60 + PANEL)
    parts += belief(summary, 70 + 2 * PANEL)
    parts += readiness(summary["observers"], 70 + 2 * PANEL + heat)
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
        f'role="img"><title>The months before H-hour</title>\n<rect width="100%" height="100%" fill="#fff"/>\n'
        f"{body}\n</svg>\n"
    )


def trains(months: Sequence[Summary], top: float) -> Iterator[str]:
    """A bar a month, its height the trains a day in the median, with the 5-95 % span."""
    most = max(month["trains_per_day"]["q95"] for month in months) or 1.0
    step = (WIDTH - LEFT - RIGHT) / len(months)
    yield text(LEFT, top, "Trains a day leaving for the east, up to the day (median, 5-95 %)")
    for number, month in enumerate(months):
        x, spread = LEFT + step * number, month["trains_per_day"]
        high, low, middle = (top + 145 - 125 * spread[name] / most for name in ("q95", "q05", "median"))
        yield rect(x + 8, middle, step - 16, top + 145 - middle, COLOURS[0])
        yield line([(x + step / 2, high), (x + step / 2, low)], INK)
        yield text(x + step / 2 + 6, middle - 4, f"{spread['median']:.0f}", size=11)
        yield text(x + step / 2, top + 160, month["day"][5:], anchor="middle", size=11)


def forces(months: Sequence[Summary], keys: Sequence[str], names: Sequence[str], top: float) -> Iterator[str]:
    """Divisions in place, and by headquarters what was believed of them."""
    rows = [("in place", [month["in_place"]["median"] for month in months])]
    rows += [
        (f"{name} believes", [month["believed_in_place"][key]["median"] for month in months])
        for key, name in zip(keys, names, strict=True)
    ]
    most = max(max(values) for _, values in rows) or 1.0
    days = [date.fromisoformat(month["day"]).toordinal() for month in months]
    scale = (WIDTH - LEFT - RIGHT) / max(1, days[-1] - days[0])
    yield text(LEFT, top, "Divisions brought east: in place against believed (median)")
    for number, (label, values) in enumerate(rows):
        points = [
            (LEFT + scale * (day - days[0]), top + 145 - 125 * v / most) for day, v in zip(days, values, strict=True)
        ]
        yield line(points, COLOURS[number % len(COLOURS)], 2.5 if number == 0 else 1.5)
        yield text(8, top + 30 + 18 * number, label, size=12, fill=COLOURS[number % len(COLOURS)])
        yield text(WIDTH - RIGHT, points[-1][1] - 4, f"{values[-1]:.0f}", anchor="end", size=11)
    for day, month in zip(days, months, strict=True):
        yield text(LEFT + scale * (day - days[0]), top + 160, month["day"][5:], anchor="middle", size=11)


def belief(summary: Summary, top: float) -> Iterator[str]:
    """A row an axis of each headquarters, a column a week from history's H-hour on, the last one that none comes."""
    given = summary["belief"]
    weeks, axes = given["weeks"], given["axes"]
    first = max(number for number, day in enumerate(weeks) if day and day <= summary["planned"])
    step = (WIDTH - LEFT - RIGHT - 70) / (len(weeks) - first + 1)
    yield text(LEFT, top, f"Belief over week and axis on {summary['planned']}; last column: never")
    y = top + 12
    for row in summary["observers"]:
        table = given["h_hour"][row["observer"]][first:]
        most = max(max(week) for week in table) or 1.0
        for number, axis in enumerate(axes):
            yield text(8, y + 16, f"{row['name']}: {axis}", size=12)
            for column, week in enumerate(table):
                x = LEFT + step * (column + (column == len(table) - 1))
                fill = tint(week[number] / most)
                yield rect(x, y, step, 22, fill)
            total = sum(week[number] for week in given["h_hour"][row["observer"]])
            yield text(WIDTH - RIGHT, y + 16, f"{total:.0%}", anchor="end", size=12)
            y += 26
    for column, day in enumerate(weeks[first:]):
        if day and column % 8 == 0:
            yield text(LEFT + step * column, y + 14, day, size=11)


def readiness(rows: Sequence[Summary], top: float) -> Iterator[str]:
    """A bar a headquarters."""
    yield text(LEFT, top, "Readiness at H-hour (median, 5-95 %), and share of preludes that find it alerted")
    long = WIDTH - LEFT - RIGHT - 120
    for number, row in enumerate(rows):
        y, spread = top + 12 + 30 * number, row["readiness"]
        yield text(8, y + 15, row["name"], size=12)
        yield rect(LEFT, y, long * spread["median"], 20, COLOURS[0])
        yield line([(LEFT + long * spread["q05"], y + 10), (LEFT + long * spread["q95"], y + 10)], COLOURS[1], 3)
        yield text(
            WIDTH - RIGHT, y + 15, f"{spread['median']:.2f}, alerted {row['alerted']:.0%}", anchor="end", size=12
        )


def rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    """A filled box."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"/>'


def tint(share: float) -> str:
    """White to the darkest tone."""
    red, green, blue = (round(255 - (255 - tone) * min(1.0, max(0.0, share)) ** 0.6) for tone in HEAT)
    return f"#{red:02x}{green:02x}{blue:02x}"


def line(points: Sequence[tuple[float, float]], colour: str, width: float = 1.0) -> str:
    """A broken line."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def text(x: float, y: float, said: str, *, anchor: str = "start", size: int = 13, fill: str = INK) -> str:
    """A line of text."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{fill}">{escape(said)}</text>'
    )
