"""The toy with a front: both sides spread along the whole border, by the true length of the cells' sides."""
# ruff: noqa: E501 - a row of a table stands on one line

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

import toy

SU = "{name},SU,su-army,,{name},rifle,field,{men:.0f},0,{guns:.1f},,,{lat:.5f},{lon:.5f},,attack,su-axis,,,,,,su-presence,su-strength,,"
JP = "{name},JP,jp-army,,{name},infantry,field,{men:.0f},,{guns:.1f},,35,{lat:.5f},{lon:.5f},,hold,,Easton,,,,,su-presence,jp-strength,jp-division-worth,"
GUNS_PER_MAN = 0.01


def write_front(folder: Path, resolution: int, step_hours: float, su_men: float, jp_men: float) -> Path:
    """The toy without orders, works and landings, its border manned on both sides."""
    toy.write_toy_campaign(folder, resolution=resolution, step_hours=step_hours)
    for file in ("orders.csv", "works.csv", "lifts.csv"):
        (folder / file).write_text((folder / file).read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    rows = toy.TABLES["order_of_battle.csv"].splitlines()
    manned = [*side(folder, "SU", SU, su_men), *side(folder, "JP", JP, jp_men)]
    (folder / "order_of_battle.csv").write_text("\n".join([rows[0], rows[2], *manned]) + "\n", encoding="utf-8")
    return folder


def side(folder: Path, owner: str, row: str, men: float) -> list[str]:
    """A formation in every border cell of one side, with its share of the men."""
    cells, edges = (pq.read_table(folder / f"terrain/{name}.parquet").to_pandas() for name in ("cells", "edges"))
    first, second = cells.owner.to_numpy()[edges.a], cells.owner.to_numpy()[edges.b]
    border = edges[first != second]
    here = np.where(first[first != second] == owner, border.a, border.b)
    length = np.bincount(here, border.side_km, len(cells))
    return [
        row.format(name=f"{owner.lower()}-{cell}", men=share, guns=GUNS_PER_MAN * share, lat=cells.lat[cell],
                   lon=cells.lon[cell])
        for cell, share in enumerate(men * length / length.sum()) if share > 0
    ]  # fmt: skip
