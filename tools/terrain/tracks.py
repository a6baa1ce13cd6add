"""Railways and roads as curves for drawing: each link of links.csv along the cells it was laid on, made smooth."""

import heapq
from collections import defaultdict
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import shapely
from scipy.ndimage import gaussian_filter1d

from khingan.report.projection import Albers
from terrain.authored import rows
from terrain.outlines import in_plane
from terrain.roads import RAIL_OF_MODE, ROAD_OF_MODE

ASTRAY = 25.0  # a step off the laid line costs this much more, so that a gap of a cell is bridged and no more
SMOOTH_CELLS, POINTS_A_CELL = 1.6, 3
FARTHEST_KM = 40.0  # a link whose end lies farther than this from any cell leaves the map: it is drawn straight

Steps = dict[int, list[tuple[int, float, str, str]]]


def drawn_links(folder: Path, plane: Albers, box: shapely.Polygon) -> list[tuple[str, list[float]]]:
    """Kind (a gauge, `road` or `track`) and curve of every link by land."""
    cells = pq.read_table(folder / "cells.parquet", columns=["lat", "lon"])
    x, y = plane.project(cells["lat"].to_numpy(), cells["lon"].to_numpy())
    where, steps = np.stack([x, y], axis=1), neighbours(folder)
    found = []
    for row in rows(folder / "links.csv"):
        rail = RAIL_OF_MODE.get(row["mode"], "")
        kind = rail or ("road" if ROAD_OF_MODE.get(row["mode"]) in ("road", "main") else "track")
        if not rail and row["mode"] not in ROAD_OF_MODE and row["mode"] != "mountain_pass":
            continue
        ends = [plane.project(np.array(float(row[f"{end}_lat"])), np.array(float(row[f"{end}_lon"])))
                for end in ("from", "to")]  # fmt: skip
        line = shapely.LineString(course(np.array(ends), where, steps, rail)).intersection(box)
        found += [(kind, in_plane(part, 0.6)) for part in shapely.get_parts(line) if part.geom_type == "LineString"]
    return found


def neighbours(folder: Path) -> Steps:
    """Cell -> (neighbour, km, rail, road)."""
    edges = pq.read_table(folder / "edges.parquet", columns=["a", "b", "distance_km", "rail", "road"]).to_pydict()
    steps: Steps = defaultdict(list)
    for a, b, km, rail, road in zip(*edges.values(), strict=True):
        steps[a].append((b, km, rail, road))
        steps[b].append((a, km, rail, road))
    return steps


def course(ends: np.ndarray, where: np.ndarray, steps: Steps, rail: str) -> np.ndarray:
    """Points from end to end: the two stations themselves, and the smoothed line of cells between."""
    near = [np.hypot(*(where - end).T) for end in ends]
    first, last = (int(np.argmin(far)) for far in near)
    if max(near[0][first], near[1][last]) > FARTHEST_KM or first == last:
        return ends
    path = cheapest(first, last, steps, rail)
    line = np.concatenate([ends[:1], where[path[1:-1]], ends[1:]])
    at = np.linspace(0, len(line) - 1, POINTS_A_CELL * len(line))
    dense = np.stack([np.interp(at, np.arange(len(line)), line[:, k]) for k in (0, 1)], axis=1)
    # Departures from the straight line are smoothed, so that both ends stay where they are.
    straight = np.linspace(0, 1, len(dense))[:, None] * (ends[1] - ends[0]) + ends[0]
    away = np.concatenate([-(dense - straight)[::-1], dense - straight, -(dense - straight)[::-1]])
    smooth = gaussian_filter1d(away, SMOOTH_CELLS * POINTS_A_CELL, axis=0)[len(dense) : 2 * len(dense)]
    return np.concatenate([ends[:1], (straight + smooth)[1:-1], ends[1:]])


def cheapest(start: int, end: int, steps: Steps, rail: str) -> list[int]:
    """Cells of the shortest path that keeps to the rails of one gauge, or to roads."""
    cost, came, queue = {start: 0.0}, {}, [(0.0, start)]
    while queue:
        spent, cell = heapq.heappop(queue)
        if cell == end:
            break
        for other, km, laid, road in steps[cell]:
            on = laid == rail if rail else road != "none"
            total = spent + km * (1.0 if on else ASTRAY)
            if total < cost.get(other, np.inf):
                cost[other], came[other] = total, cell
                heapq.heappush(queue, (total, other))
    path = [end]
    while path[-1] != start and path[-1] in came:
        path.append(came[path[-1]])
    return path[::-1]
