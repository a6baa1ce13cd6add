#!/usr/bin/env python3
"""Build the terrain tables and the drawn map of a small campaign from what is authored in its folder alone.

    python tools/build_small_terrain.py lake-khasan-1938            writes the two tables and map/outlines.json
    python tools/build_small_terrain.py lake-khasan-1938 --check    compares a new build with the committed files

Nothing but the campaign's own files is read: `campaign.yaml` (box and resolution), `places.csv` (owners), and in
`terrain/`: `ground.yaml` (what holds everywhere, and whose ground it is), `borders.csv`, `covers.csv`, `reliefs.csv`,
`heights.csv`, `lakes.csv`, `river_courses.csv`, `rivers.csv`, `crossings.csv`, `links.csv`; for the map also
`map/borders.csv` (which lines are drawn) and `map/names.csv`. No package of coastlines is needed.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from ruamel.yaml import YAML

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from terrain import small_map
from terrain.small import Edges, Grid, bridge, claims, covers, heights, lay_links, lay_rivers, owners, reliefs

CAMPAIGNS = Path(__file__).parents[1] / "src/khingan/campaigns"
TABLES = ("cells.parquet", "edges.parquet")


def build(campaign: Path) -> tuple[pa.Table, pa.Table]:
    """(cells, edges) of a campaign's folder."""
    folder = campaign / "terrain"
    calendar = read(campaign / "campaign.yaml")
    ground = read(folder / "ground.yaml")
    grid = Grid.of(folder, calendar["extent"], calendar["resolution"])
    edges = Edges.of(folder, grid)
    lay_rivers(folder, grid, edges)
    lay_links(folder, grid, edges)
    bridge(folder, grid, edges)
    return cell_table(folder, grid, edges, ground), edge_table(edges)


def read(path: Path) -> dict[str, Any]:
    """A YAML file as it stands."""
    found: dict[str, Any] = YAML(typ="safe").load(path)
    return found


def cell_table(folder: Path, grid: Grid, edges: Edges, ground: dict[str, Any]) -> pa.Table:
    """The cells in the order of their ids."""
    owner = owners(folder, grid, ground["owner"])
    border = np.zeros(len(grid.cells), bool)
    parted = owner[edges.pairs[:, 0]] != owner[edges.pairs[:, 1]]
    border[edges.pairs[parted].ravel()] = True
    columns = {
        "cell": grid.cells,
        "lat": grid.centres[:, 1].round(6),
        "lon": grid.centres[:, 0].round(6),
        "area_km2": grid.areas_km2().round(4),
        "land": np.ones(len(grid.cells)),
        "elevation_m": heights(folder, grid, ground["elevation_m"]),
        "cover": covers(folder, grid, ground["cover"]),
        "relief": reliefs(folder, grid, ground["relief"]),
        "owner": owner.tolist(),
        "claimed": claims(folder, grid, ground["claimed"]).tolist(),
        "border": border,
    }
    return pa.table(columns)


def edge_table(edges: Edges) -> pa.Table:
    """The pairs of neighbours, the smaller row first."""
    columns = {
        "a": edges.pairs[:, 0].astype(np.int32),
        "b": edges.pairs[:, 1].astype(np.int32),
        "distance_km": edges.distance_km.round(3),
        "side_km": edges.side_km.round(3),
        "road": edges.road,
        "rail": edges.rail,
        "river": edges.river,
        "mountain_pass": np.zeros(len(edges.pairs), bool),
        "blocked": edges.blocked,
    }
    return pa.table(columns)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("campaign", help="its name, or its folder")
    parser.add_argument("--check", action="store_true", help="compare with the committed files and write nothing")
    wanted = parser.parse_args()
    campaign = CAMPAIGNS / wanted.campaign if (CAMPAIGNS / wanted.campaign).is_dir() else Path(wanted.campaign)
    built = dict(zip(TABLES, build(campaign), strict=True))
    if wanted.check:
        same = {name: pq.read_table(campaign / "terrain" / name).equals(table) for name, table in built.items()}
        print("\n".join(f"{name}: {'same' if equal else 'DIFFERS'}" for name, equal in same.items()))
        return 0 if all(same.values()) else 1
    for name, table in built.items():
        pq.write_table(table, campaign / "terrain" / name, compression="zstd", store_schema=False)
        print(f"{name}: {table.num_rows} rows")
    print(small_map.write(campaign, read(campaign / "campaign.yaml")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
