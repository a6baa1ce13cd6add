"""How the cost of a run grows with formations, cells, steps and runs: benchmarks/scaling.md and scaling.svg.

Campaigns of other sizes are made from the one that is shipped. Fewer formations: every n-th is kept, with the lifts and
orders that still have somebody. More: field formations are split in place into equal parts. Other meshes: cells of the
next coarser resolution take their centre child's ground, cells of the next finer their parent's, and roads and railways
run from centre to centre. These are no histories, only as much work as a history of that size would make. Every size
plays the same seeds; sizes are measured in turn, several times over, and the least CPU time counts.
"""

import math
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import h3
import numpy as np

from khingan.scenario.read import load
from khingan.scenario.schema import Scenario, Terrain
from khingan.scenario.vocabulary import RAILS, RIVERS, ROADS
from khingan.simulation.play import play_chunk
from khingan.simulation.settings import DRAWN
from khingan.units import EARTH_RADIUS_KM
from khingan.world.compile import World, compile_world

CAMPAIGN, HERE = "far-east-1945", Path(__file__).parent
NO_PRELUDE = str(HERE)  # the months before name formations that may be gone; no run asks for them
ROUNDS, RUNS, SEED = 3, 4, 1945
Edge = dict[str, Any]
RANKED = {"road": ROADS, "rail": RAILS, "river": RIVERS}


def resized(scenario: Scenario, count: int) -> Scenario:
    """The campaign with `count` formations."""
    if count <= len(scenario.formations):
        return thinned(scenario, count)
    field = [formation for formation in scenario.formations if formation.role == "field"]
    added = count - len(scenario.formations)
    parts = {one.formation: 1 + (added - i + len(field) - 1) // len(field) for i, one in enumerate(field)}
    split = [shared_out(one, parts.get(one.formation, 1)) for one in scenario.formations]
    clones = [
        shared_out(one, parts[one.formation]).model_copy(update={"formation": f"{one.formation}/{n}", "parent": ""})
        for one in field
        for n in range(1, parts[one.formation])
    ]
    return scenario.model_copy(update={"formations": (*split, *clones)})


def shared_out(formation: Any, parts: int) -> Any:
    """One of `parts` equal parts of a formation."""
    return formation.model_copy(update={name: getattr(formation, name) / parts for name in ("men", "tanks", "guns")})


def thinned(scenario: Scenario, count: int) -> Scenario:
    """The campaign with `count` of its formations, evenly taken."""
    total = len(scenario.formations)
    kept = [scenario.formations[i * total // count] for i in range(count)]
    names = {one.formation for one in kept}
    gone = {one.formation for one in scenario.formations} - names
    formations = tuple(one if one.parent in names else one.model_copy(update={"parent": ""}) for one in kept)
    orders = tuple(
        order.model_copy(update={"addressees": tuple(name for name in order.addressees if name not in gone)})
        for order in scenario.orders
    )
    lifts = tuple(lift for lift in scenario.lifts if lift.formation in names)
    changed = {"formations": formations, "orders": orders, "lifts": lifts, "folder": NO_PRELUDE}
    return scenario.model_copy(update=changed)


def remeshed(scenario: Scenario, resolution: int) -> Scenario:
    """The campaign on cells of a resolution next to its own."""
    own = scenario.calendar.resolution
    if resolution == own:
        return scenario
    terrain = coarser(scenario.terrain, resolution) if resolution < own else finer(scenario.terrain, resolution)
    calendar = scenario.calendar.model_copy(update={"resolution": resolution})
    return scenario.model_copy(update={"terrain": terrain, "calendar": calendar})


def cells_of(terrain: Terrain, names: list[str], models: list[int], areas: list[float]) -> dict[str, np.ndarray]:
    """Cells by name, each with the ground of a cell of the given map."""
    cells = {name: values[models] for name, values in terrain.cells.items()}
    centres = np.array([h3.cell_to_latlng(name) for name in names])
    return cells | {"cell": np.array(names), "lat": centres[:, 0], "lon": centres[:, 1], "area_km2": np.array(areas)}


def coarser(terrain: Terrain, resolution: int) -> Terrain:
    """Seven cells become one; its edges have the best road and railway and the widest river of those they replace."""
    children = terrain.cells["cell"].tolist()
    number = {name: i for i, name in enumerate(children)}
    areas: dict[str, float] = {}
    models: dict[str, int] = {}
    for i, child in enumerate(children):
        parent = h3.cell_to_parent(child, resolution)
        areas[parent] = areas.get(parent, 0.0) + float(terrain.cells["area_km2"][i])
        models.setdefault(parent, number.get(h3.cell_to_center_child(parent, resolution + 1), i))
    names = sorted(areas)
    place = {name: i for i, name in enumerate(names)}
    above = [place[h3.cell_to_parent(child, resolution)] for child in children]
    edges: dict[tuple[int, int], Edge] = {}
    for edge in rows_of(terrain.edges):
        a, b = sorted((above[edge["a"]], above[edge["b"]]))
        if a != b:
            join(edges.setdefault((a, b), edge | {"side_km": 0.0, "blocked": True, "mountain_pass": False}), edge)
    return laid(cells_of(terrain, names, [models[n] for n in names], [areas[n] for n in names]), edges)


def join(whole: Edge, part: Edge) -> None:
    """Add a part to an edge."""
    whole["side_km"] += part["side_km"]
    whole["blocked"] &= part["blocked"]
    whole["mountain_pass"] |= part["mountain_pass"]
    better(whole, part, ("road", "rail", "river"))


def better(edge: Edge, other: Edge, layers: Sequence[str]) -> None:
    """Give an edge the higher class of the two in each of these layers."""
    for layer in layers:
        edge[layer] = max(edge[layer], other[layer], key=RANKED[layer].index)


def finer(terrain: Terrain, resolution: int) -> Terrain:
    """One cell becomes seven; what lay between two lies between their children, roads and railways on one way only."""
    parents = terrain.cells["cell"].tolist()
    pairs = sorted((child, i) for i, parent in enumerate(parents) for child in h3.cell_to_children(parent, resolution))
    names, above = [child for child, _ in pairs], [i for _, i in pairs]
    place = {name: i for i, name in enumerate(names)}
    centre = [place[h3.cell_to_center_child(parent, resolution)] for parent in parents]
    between = {(edge["a"], edge["b"]): edge for edge in rows_of(terrain.edges)}
    side = float(np.mean(terrain.edges["side_km"])) / math.sqrt(7)
    plain = {"side_km": side, "road": "none", "rail": "none", "river": "none", "mountain_pass": False, "blocked": False}
    edges: dict[tuple[int, int], Edge] = {}
    bridges: dict[tuple[int, int], tuple[int, int]] = {}
    for a, name in enumerate(names):
        for b in sorted(place[other] for other in h3.grid_disk(name, 1) if place.get(other, -1) > a):
            pair = min(above[a], above[b]), max(above[a], above[b])
            if pair[0] != pair[1] and pair not in between:
                continue
            edges[a, b] = dict(plain)
            if pair[0] != pair[1]:
                edges[a, b].update({key: between[pair][key] for key in ("river", "mountain_pass", "blocked")})
                bridges.setdefault(pair, (a, b))
    for pair, (a, b) in bridges.items():
        for way in ((a, b), (a, centre[above[a]]), (b, centre[above[b]])):
            if (key := (min(way), max(way))) in edges:
                better(edges[key], between[pair], ("road", "rail"))
    areas = [float(terrain.cells["area_km2"][i]) / 7 for i in above]
    return laid(cells_of(terrain, names, above, areas), edges)


def rows_of(edges: dict[str, np.ndarray]) -> list[Edge]:
    """Edges one by one."""
    return [dict(zip(edges, row, strict=True)) for row in zip(*(v.tolist() for v in edges.values()), strict=True)]


def laid(cells: dict[str, np.ndarray], edges: dict[tuple[int, int], Edge]) -> Terrain:
    """A map of these cells and edges, as long as the way between centres."""
    keys = sorted(edges)
    a, b = np.array(keys).T
    lat, lon = np.radians(cells["lat"]), np.radians(cells["lon"])
    cosine = np.sin(lat[a]) * np.sin(lat[b]) + np.cos(lat[a]) * np.cos(lat[b]) * np.cos(lon[a] - lon[b])
    columns = {name: np.array([edges[key][name] for key in keys]) for name in edges[keys[0]]}
    columns |= {"a": a, "b": b, "distance_km": EARTH_RADIUS_KM * np.arccos(np.clip(cosine, -1, 1))}
    return Terrain(cells=cells, edges=columns)


def lasting(scenario: Scenario, days: int) -> Scenario:
    """The campaign cut off after `days`."""
    return scenario.model_copy(update={"calendar": scenario.calendar.model_copy(update={"days": days})})


def seconds(world: World, runs: int) -> float:
    """CPU seconds of a chunk."""
    start = time.process_time()
    play_chunk(world, DRAWN, SEED, 0, runs)
    return time.process_time() - start


def least(worlds: Sequence[World], runs: Sequence[int]) -> list[float]:
    """The least CPU seconds of each size, measured in turn."""
    for world in worlds:
        play_chunk(world, DRAWN, SEED, 0, 1)
    rounds = [[seconds(world, n) for world, n in zip(worlds, runs, strict=True)] for _ in range(ROUNDS)]
    return [min(times) for times in zip(*rounds, strict=True)]


Series = tuple[str, list[int], list[float]]


def measured() -> list[Series]:
    """What grew, its sizes, and the cost of each."""
    scenario = load(CAMPAIGN)
    own = compile_world(scenario)
    result: list[Series] = []

    def series(what: str, sizes: list[int], worlds: list[World], runs: list[int]) -> None:
        print(f"measuring {what} ...", file=sys.stderr)
        result.append((what, sizes, least(worlds, runs)))

    counts = [150, 300, len(scenario.formations), 600, 1000]
    worlds = [own if n == len(scenario.formations) else compile_world(resized(scenario, n)) for n in counts]
    series("formations", counts, worlds, [RUNS] * len(counts))
    meshes = [compile_world(remeshed(scenario, 4)), own, compile_world(remeshed(scenario, 6))]
    series("cells", [len(world.names.cells) for world in meshes], meshes, [RUNS] * 3)
    cuts = [compile_world(lasting(scenario, days), own) for days in (7, 14)] + [own]
    series("steps", [world.steps for world in cuts], cuts, [RUNS] * 3)
    series("runs", [4, 8, 16], [own] * 3, [4, 8, 16])
    return result


def slope(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """The exponent: how the logarithm of the cost grows with that of the size, by least squares."""
    return float(np.polyfit(np.log(sizes), np.log(costs), 1)[0])


def table(found: list[Series]) -> str:
    """Cost by size, against the smallest, with the exponents."""
    lines = ["| what | size | CPU ms a run | size, ratio | cost, ratio |", "| --- | ---: | ---: | ---: | ---: |"]
    for what, sizes, costs in found:
        for size, cost in zip(sizes, costs, strict=True):
            runs = size if what == "runs" else RUNS
            ratios = f"{size / sizes[0]:.2f} | {cost / costs[0]:.2f}"
            lines.append(f"| {what} | {size:,} | {1000 * cost / runs:.1f} | {ratios} |")
    lines += ["", "| what | exponent, all sizes | exponent, the two largest |", "| --- | ---: | ---: |"]
    for what, sizes, costs in found:
        lines.append(f"| {what} | {slope(sizes, costs):.2f} | {slope(sizes[-2:], costs[-2:]):.2f} |")
    return "\n".join(lines) + "\n"


INTRO = """\
# What a run costs as the campaign grows

Written by `benchmarks/scaling.py`, which says how campaigns of other sizes are made from the one that is shipped. Cost
is CPU time of {runs} runs of one thread ({rounds} rounds in turn, the least of each), without start, disk and page.
Compare figures within one table only. An exponent of 1 is cost in proportion to size; below 1, part does not grow.

![Cost against size, both logarithmic](scaling.svg)

"""


def drawing(found: list[Series]) -> str:
    """Four panels, cost ratio against size ratio, both logarithmic; the dashed line is proportion."""
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 230" font-family="sans-serif" font-size="12">',
        "<title>Cost of a run against its size, both logarithmic; dashed: in proportion</title>",
    ]
    for panel, (what, sizes, costs) in enumerate(found):
        left, top, side = 30 + panel * 195, 30, 150
        reach = math.log(max(sizes[-1] / sizes[0], costs[-1] / costs[0])) * 1.05
        spots = [
            (left + side * math.log(x / sizes[0]) / reach, top + side - side * max(0.0, math.log(y / costs[0])) / reach)
            for x, y in zip(sizes, costs, strict=True)
        ]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        parts += [
            f'<text x="{left}" y="{top - 10}">{what}: exponent {slope(sizes, costs):.2f}</text>',
            f'<path d="M{left},{top} V{top + side} H{left + side}" fill="none" stroke="#888"/>',
            f'<path d="M{left},{top + side} L{left + side},{top}" stroke="#888" stroke-dasharray="4 4"/>',
            f'<polyline points="{line}" fill="none" stroke="#a33" stroke-width="2"/>',
            *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#a33"/>' for x, y in spots),
            f'<text x="{left}" y="{top + side + 18}">{sizes[0]:,}</text>',
            f'<text x="{left + side}" y="{top + side + 18}" text-anchor="end">{sizes[-1]:,}</text>',
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"


def main() -> None:
    """Measure, print the tables and write both files."""
    found = measured()
    (HERE / "scaling.md").write_text(INTRO.format(runs=RUNS, rounds=ROUNDS) + table(found), encoding="utf-8")
    (HERE / "scaling.svg").write_text(drawing(found), encoding="utf-8")
    print(table(found))


if __name__ == "__main__":
    main()
