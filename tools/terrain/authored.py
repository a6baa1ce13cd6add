"""The authored tables of a campaign's terrain folder."""

import csv
from collections import defaultdict
from pathlib import Path

Point = tuple[float, float]  # (longitude, latitude), degrees


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as table:
        return list(csv.DictReader(table))


def lines(path: Path, key: str) -> dict[str, list[Point]]:
    """Points of each named line in the order of the file."""
    found: dict[str, list[Point]] = defaultdict(list)
    for row in rows(path):
        found[row[key]].append((float(row["lon"]), float(row["lat"])))
    return dict(found)
