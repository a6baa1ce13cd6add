"""A small study of the toy campaign, as a file and as a plan."""

from pathlib import Path
from typing import Any

from khingan.experiment.read_study import read_study
from khingan.experiment.sweep_plan import Plan

STUDY = """\
name: pace-and-mass
what: What do pace, mass and the date do?
campaign: campaign
runs: 6
design: {kind: latin_hypercube, points: 20}
parameters:
  movement.pace: {low: 0.6, high: 1.2}
  combat.surprise_peak: {quantiles: [0.05, 0.95]}
changes:
  mass: [as-it-was, small-division]
dates: {values: [1945-08-09T00:00, 1945-08-10T00:00]}
measures: [days-to-bridge, irrecoverable-jp]
"""


def write_study(folder: Path, *edits: tuple[str, str]) -> Path:
    """The study beside the toy campaign's folder, with some of its text replaced."""
    text = STUDY
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    path = folder.parent / "study.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def plan_of(folder: Path, *edits: tuple[str, str]) -> Plan:
    """The study as a plan; folder is the toy campaign's."""
    return read_study(write_study(folder, *edits))


def rows_of(folder: Path) -> dict[str, list[Any]]:
    """All rows of a played study, in the order of point and run."""
    import pyarrow.parquet as pq

    table = pq.read_table(folder / "rows.parquet")
    keys = [(name, "ascending") for name in ("point", "run") if name in table.column_names]
    return table.sort_by(keys).to_pydict()
