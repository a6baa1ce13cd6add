"""Tables of engagements with the columns of CDB90: what was known before, what came of it, what may not be used."""

import csv
import io
import math
from dataclasses import dataclass
from pathlib import Path

from khingan.errors import CampaignError, Problem
from khingan.evidence.text_file import read_text
from khingan.world.engagements import Engagement, Side, ground_of

NUMBERS = (
    "year", "is_c20", "is_ww2", "is_duplicate", "usable_winner", "usable_attrition", "usable_advance", "duration_days",
    "att_strength", "def_strength", "att_strength_total", "def_strength_total", "att_tanks", "def_tanks",
    "att_artillery", "def_artillery", "att_air_sorties", "def_air_sorties", "att_front_km", "def_front_km",
    "air_superiority_att", "att_casualties", "def_casualties", "advance_km_per_day",
)  # fmt: skip
WORDS = (
    "isqno", "name", "campaign_group", "att_nation", "def_nation", "def_posture", "terrain1", "wx_precip", "wx_sky",
    "winner",
)  # fmt: skip
SIGNED = ("air_superiority_att", "advance_km_per_day")
# Without these nothing can be predicted, or nothing scored; any other column may be missing, and is then unknown.
NEEDED = ("att_strength_total", "def_strength_total", "winner", "att_casualties", "def_casualties", "duration_days")
WINNERS = ("attacker", "defender", "draw", "")
MOST_PROBLEMS = 20
UNKNOWN = ("", "na", "nan", "none", "null")


@dataclass(frozen=True)
class Row:
    """One engagement: what goes into a forecast, and what came of it (NaN or None where unknown or unusable)."""

    engagement: Engagement
    group: str
    year: float
    is_c20: bool
    is_ww2: bool
    duration_days: float
    air_superiority: float
    sorties: tuple[float, float]  # the whole battle's, attacker and defender
    won: bool | None  # None: a draw, or unknown
    casualties: tuple[float, float]
    advance_km_per_day: float


@dataclass(frozen=True)
class Table:
    """The rows that can be used, and how many there were; duplicates and rows without strengths are left out."""

    file: str
    rows: tuple[Row, ...]
    read: int
    duplicates: int
    without_strength: int
    missing: tuple[str, ...]


def read_table(path: Path) -> Table:
    """Read a table; raises CampaignError with every fault found, the first twenty of them."""
    problems: list[Problem] = []
    text = read_text(path.parent, path.name, problems)
    records = [] if text is None else _records(path.name, text, problems)
    header = records[0][1] if records else []
    for name in NEEDED if records else ():
        if name not in header:
            problems.append(Problem(path.name, 1, 0, f"column '{name}' is missing", f"add the column {name}"))
    if records and len(records) == 1:
        problems.append(Problem(path.name, 1, 0, "no row below the header", "write one engagement a line"))
    if problems:
        raise CampaignError(str(path), problems[:MOST_PROBLEMS])
    cells = [_cells(path.name, line, header, values, problems) for line, values in records[1:]]
    if problems:
        raise CampaignError(str(path), problems[:MOST_PROBLEMS])
    kept = [row for row in cells if row.number("is_duplicate", 0.0) != 1.0]
    strong = [row for row in kept if _strength(row, "att") > 0.0 and _strength(row, "def") > 0.0]
    missing = tuple(name for name in (*WORDS, *NUMBERS) if name not in header)
    return Table(
        str(path), tuple(_row(row) for row in strong), len(cells), len(cells) - len(kept), len(kept) - len(strong),
        missing,
    )  # fmt: skip


class _Cells:
    """One record: numbers read and checked, words as they stand."""

    def __init__(self, words: dict[str, str], numbers: dict[str, float]) -> None:
        self.words, self.numbers = words, numbers

    def word(self, name: str) -> str:
        text = self.words.get(name, "")
        return "" if text.lower() in UNKNOWN else text

    def number(self, name: str, unknown: float = math.nan) -> float:
        value = self.numbers.get(name, math.nan)
        return unknown if math.isnan(value) else value


def _records(file: str, text: str, problems: list[Problem]) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records, line = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                records.append((line, [cell.strip() for cell in cells]))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(file, line, 0, f"malformed CSV: {error}", "close every quotation mark"))
    return records


def _cells(file: str, line: int, header: list[str], values: list[str], problems: list[Problem]) -> _Cells:
    if len(values) != len(header):
        what = f"{len(values)} cells, the header has {len(header)}"
        problems.append(Problem(file, line, 0, what, "quote cells that hold a comma; write every cell"))
        return _Cells({}, {})
    words = dict(zip(header, values, strict=True))
    numbers = {}
    for name in NUMBERS:
        if name not in words:
            continue
        fault = _number_fault(name, words[name])
        if fault:
            problems.append(Problem(file, line, header.index(name) + 1, *fault))
        elif words[name].lower() not in UNKNOWN:
            numbers[name] = float(words[name])
    if words["winner"].lower() not in WINNERS and words["winner"].lower() not in UNKNOWN:
        what = f"winner '{words['winner'][:40]}' is not known"
        problems.append(
            Problem(file, line, header.index("winner") + 1, what, "use attacker, defender, draw or nothing")
        )
    return _Cells(words, numbers)


def _number_fault(name: str, text: str) -> tuple[str, str] | None:
    if text.lower() in UNKNOWN:
        return None
    try:
        value = float(text)
    except ValueError:
        return f"{name} '{text[:40]}' is not a number", "write a number, or nothing where it is unknown"
    if not math.isfinite(value):
        return f"{name} '{text[:40]}' is not a number", "write a number, or nothing where it is unknown"
    if value < 0.0 and name not in SIGNED:
        return f"{name} {value:g} is negative", "write 0 or more, or nothing where it is unknown"
    return None


def _strength(row: _Cells, side: str) -> float:
    return row.number(f"{side}_strength_total", row.number(f"{side}_strength", 0.0))


def _row(row: _Cells) -> Row:
    fronts = [row.number(name) for name in ("att_front_km", "def_front_km")]
    front = next((width for width in fronts if width > 0.0), None)
    sorties = row.number("att_air_sorties", 0.0), row.number("def_air_sorties", 0.0)
    word = row.word("winner").lower() if row.number("usable_winner", 1.0) else ""
    fought = row.number("duration_days") >= 0.5 and bool(row.number("usable_attrition", 1.0))
    casualties = [row.number(f"{side}_casualties") if fought else math.nan for side in ("att", "def")]
    return Row(
        engagement=Engagement(
            name=row.word("name") or row.word("isqno"),
            attacker=_side(row, "att"),
            defender=_side(row, "def"),
            front_km=front,
            ground=ground_of(row.word("terrain1")),
            posture=row.word("def_posture").upper(),
            wet=row.word("wx_precip").upper() == "W",
            sorties=sorties[0],
        ),
        group=row.word("campaign_group") or row.word("name") or row.word("isqno"),
        year=row.number("year"),
        is_c20=row.number("is_c20", float(row.number("year", 1945.0) >= 1900.0)) == 1.0,
        is_ww2=row.number("is_ww2", float(1939.0 <= row.number("year", 0.0) <= 1945.0)) == 1.0,
        duration_days=row.number("duration_days"),
        air_superiority=row.number("air_superiority_att", 0.0),
        sorties=sorties,
        won={"attacker": True, "defender": False}.get(word),
        casualties=(_loss(casualties[0], _strength(row, "att")), _loss(casualties[1], _strength(row, "def"))),
        advance_km_per_day=row.number("advance_km_per_day") if row.number("usable_advance", 1.0) else math.nan,
    )


def _loss(casualties: float, men: float) -> float:
    """Casualties that can be scored: above none, at most the men there were."""
    return casualties if 0.0 < casualties <= men else math.nan


def _side(row: _Cells, side: str) -> Side:
    guns = row.number(f"{side}_artillery")
    return Side(
        nations=tuple(part.strip() for part in row.word(f"{side}_nation").split("&") if part.strip()),
        men=_strength(row, side),
        tanks=row.number(f"{side}_tanks", 0.0),
        guns=None if math.isnan(guns) else guns,
    )
