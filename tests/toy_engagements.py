"""Synthetic tables of engagements with the columns of CDB90: no battle in them was ever fought."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

COLUMNS = (
    "isqno", "name", "campaign_group", "year", "att_nation", "def_nation", "att_strength_total", "def_strength_total",
    "att_tanks", "def_tanks", "att_artillery", "def_artillery", "att_front_km", "def_posture", "terrain1", "wx_precip",
    "winner", "att_casualties", "def_casualties", "duration_days", "advance_km_per_day", "is_duplicate", "is_ww2",
    "is_c20",
)  # fmt: skip


def engagement_rows(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Rows with strengths, ground and posture at random; nothing has come of them yet."""
    rng = np.random.default_rng(seed)
    return [
        {
            "isqno": n, "name": f"toy {n}", "campaign_group": f"group {n % 12}", "year": 1944,
            "att_nation": "Redland" if n % 2 else "Blueland", "def_nation": "Blueland" if n % 2 else "Redland",
            "att_strength_total": round(float(15_000 * rng.lognormal(0.4, 0.4))),
            "def_strength_total": round(float(12_000 * rng.lognormal(0.0, 0.4))), 
            "att_tanks": int(rng.integers(0, 250)),
            "def_tanks": int(rng.integers(0, 80)), "att_artillery": int(rng.integers(50, 250)),
            "def_artillery": int(rng.integers(30, 120)), "att_front_km": round(float(rng.uniform(4, 14)), 1),
            "def_posture": ("HD", "PD", "FD")[n % 3], "terrain1": ("RM0", "FB0", "GW0", "FM0")[n % 4],
            "wx_precip": "WD"[n % 2], "winner": "attacker" if n % 3 else "defender", "att_casualties": 600,
            "def_casualties": 700, "duration_days": 1 + n % 4, "advance_km_per_day": 1.5, "is_duplicate": 0,
            "is_ww2": 1, "is_c20": 1,
        }
        for n in range(count)
    ]  # fmt: skip


def write_engagements(path: Path, rows: Sequence[dict[str, Any]], columns: Sequence[str] = COLUMNS) -> Path:
    """The rows as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path
