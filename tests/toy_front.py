"""The toy with a front: both sides spread along the whole border, by the true length of the cells' sides.

Every attacker has a plan of his own, straight east: with one road for all of them most would march to it first.
"""
# ruff: noqa: E501 - a row of a table stands on one line

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

import toy
from khingan.engine.bundles import Packed
from khingan.engine.campaign import play_campaign
from khingan.engine.state import PRESENT

SU = "{name},SU,su-army,,{name},rifle,field,{men:.0f},0,{guns:.1f},,,{lat:.5f},{lon:.5f},,attack,{name}-east,,,,,,su-presence,su-strength,,"
JP = "{name},JP,jp-army,,{name},infantry,field,{men:.0f},,{guns:.1f},,35,{lat:.5f},{lon:.5f},,hold,,Easton,,,,,su-presence,jp-strength,jp-division-worth,"
EAST = "{name}-goal,,{lat:.5f},{east},town,JP,A,gazetteer"
PLAN = "{name}-east: {{army: su-army, echelon: 1, starts: 0, legs: [{name}-goal], claim: plans, note: straight east}}"
EAST_LON = 131.55
GUNS_PER_MAN = 0.01


def write_front(folder: Path, resolution: int, step_hours: float, su_men: float, jp_men: float) -> Path:
    """The toy without orders, works and landings, its border manned on both sides."""
    toy.write_toy_campaign(folder, resolution=resolution, step_hours=step_hours)
    for file in ("orders.csv", "works.csv", "lifts.csv"):
        (folder / file).write_text((folder / file).read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    rows = toy.TABLES["order_of_battle.csv"].splitlines()
    attackers, defenders = side(folder, "SU", su_men), side(folder, "JP", jp_men)
    manned = [*(SU.format(**row) for row in attackers), *(JP.format(**row) for row in defenders)]
    (folder / "order_of_battle.csv").write_text("\n".join([rows[0], rows[2], *manned]) + "\n", encoding="utf-8")
    for file, line in (("places.csv", EAST), ("plans.yaml", PLAN)):
        with (folder / file).open("a", encoding="utf-8") as text:
            text.writelines(line.format(**row, east=EAST_LON) + "\n" for row in attackers)
    return folder


def side(folder: Path, owner: str, men: float) -> list[dict[str, Any]]:
    """A formation in every border cell of one side, with its share of the men."""
    cells, edges = (pq.read_table(folder / f"terrain/{name}.parquet").to_pandas() for name in ("cells", "edges"))
    first, second = cells.owner.to_numpy()[edges.a], cells.owner.to_numpy()[edges.b]
    border = edges[first != second]
    here = np.where(first[first != second] == owner, border.a, border.b)
    length = np.bincount(here, border.side_km, len(cells))
    return [
        {"name": f"{owner.lower()}-{cell}", "men": share, "guns": GUNS_PER_MAN * share, "lat": cells.lat[cell],
         "lon": cells.lon[cell]}
        for cell, share in enumerate(men * length / length.sum()) if share > 0
    ]  # fmt: skip


def gained(arrays: Any, reading: Any, rules: Any, state: Any, *more: Any) -> float:
    """Play a run; km2 of the enemy's ground at its end: held, pressed into in a battle, or marched over on the way in.

    Whole cells alone would count a sixth of the front at once on the coarse mesh, and a cell half taken not at all.
    """
    play_campaign(arrays, reading, rules, state, *more)
    tables = state.kept[0] if isinstance(state, Packed) else state  # packed for the kernels, or as it is
    steps, ground, forces = more[-1], tables.ground, tables.forces
    area = arrays.land.area_km2.astype(float)
    foreign = arrays.land.owner != 0
    share = np.where(foreign & (ground.owner == 0), 1.0, 0.0)
    fought = foreign & (ground.owner != 0) & (ground.battle_step >= steps - 2)
    share[fought] = np.minimum(1.0, ground.penetration_km / np.sqrt(area))[fought]
    for side, unit in zip(arrays.roster.side, forces, strict=True):
        if side == 0 and unit.status == PRESENT and unit.heading >= 0 and foreign[unit.heading]:
            share[unit.heading] = max(share[unit.heading], unit.progress)
    return float(share @ area)
