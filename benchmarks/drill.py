"""The drill on three machines: khingan's kernels, a C twin and a Mesa model, in one run. Nothing here passes or fails.

The rules are frozen (drill/README.md), the map and the order of battle those of the campaign, so that the figure means
the same from release to release.
"""

import ctypes
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent / "drill"))
import kernels

from khingan.engine.buckets import BUCKETS, ENTRIES, WAITING

CAMPAIGN, STEPS, SEED = "far-east-1945", 112, 1945
BATCH, ROUNDS, AGENT_RUNS, SAMPLE = 20, 7, 3, 60


def lay_out() -> kernels.Ground:
    """The campaign's map and order of battle, at best readings, as the drill wants them."""
    from khingan.engine.occupation import edge_towards
    from khingan.engine.routes import plan_hours
    from khingan.engine.state import FIELD, GARRISON, LANDING, PACE_SHAPE
    from khingan.scenario.read import load
    from khingan.world.compile import compile_world
    from khingan.world.rules import rules_from

    world = compile_world(load(CAMPAIGN))
    arrays, roster = world.arrays, world.arrays.roster
    planning = {key: value.value for key, value in world.parameters.items() if value.value is not None}
    rules = rules_from(planning, world.tables)
    cells = len(arrays.land)
    hours = np.empty((4, cells, 6))
    for mobility in range(4):
        plan_hours(arrays, rules.movement, mobility, np.zeros(PACE_SHAPE), hours[mobility])
    near = np.ascontiguousarray(arrays.edges.neighbour, np.int32)
    back = np.zeros((cells, 6), np.uint8)
    for cell, edge in zip(*np.nonzero(near >= 0), strict=True):
        back[cell, edge] = edge_towards(arrays.edges, int(near[cell, edge]), int(cell))
    km = arrays.edges.distance_km * np.array([2.5, 1.4, 1.0, 1.0])[arrays.edges.road]
    start = world.muster.start
    fights = [u for u in range(len(roster)) if roster.role[u] in (FIELD, GARRISON, LANDING) and start[u] >= 0]
    return kernels.Ground(
        near=near,
        back=back,
        hours=hours.astype(np.float32),
        cost=np.where(near >= 0, km, np.inf).astype(np.float32),
        room=kernels.ROOM_PER_KM2 * arrays.land.area_km2.astype(float),
        cover=np.asarray(rules.combat.ground_defence)[arrays.land.ground],
        owner=arrays.land.owner.astype(np.int32),
        fields=arrays.hours,
        sources=np.stack([arrays.sources.cell, arrays.sources.side], axis=1).astype(np.int32),
        side=roster.side[fights].astype(np.int32),
        mobility=roster.mobility[fights].astype(np.int32),
        field=np.array([last_field(arrays, u) for u in fights], np.int32),
        start=start[fights].astype(np.int32),
        men=world.muster.men.best[fights].astype(float),
        quality=world.muster.quality.best[fights].astype(float),
    )


def last_field(arrays: Any, u: int) -> int:
    """The march field of the last leg of a formation's plan, -1 for who stays."""
    plan = arrays.roster.plan[u]
    if plan < 0 or arrays.plans.first[plan] == arrays.plans.first[plan + 1]:
        return -1
    objective = arrays.legs[arrays.plans.first[plan + 1] - 1]
    return int(arrays.objectives.route[objective, arrays.roster.mobility[u]])


def room_for(ground: kernels.Ground) -> tuple[kernels.Room, kernels.Told]:
    """Room for one run and its record."""
    cells, units = len(ground.owner), len(ground.side)
    whole, real, wide = np.int32, np.float64, np.int64
    shapes = {
        "owner": (cells, whole), "count": ((2, cells), whole), "men_on": ((2, cells), real), "head": (cells, whole),
        "battle": (cells, whole), "km": ((2, cells), np.float32), "came": ((2, cells), whole),
        "changes": (cells + 1, wide), "doubtful": (2 * cells, wide), "line": (ENTRIES * cells, WAITING),
        "heads": (BUCKETS, whole),
        "place": (units, whole), "target": (units, whole), "heading": (units, whole), "following": (units, whole),
        "ally": (units, whole), "men": (units, real), "progress": (units, real), "fought": (units, wide),
    }  # fmt: skip
    made = {name: np.zeros(shape, kind) for name, (shape, kind) in shapes.items()}
    made["line"] = made["line"].view(np.recarray)
    told = kernels.Told(
        place=np.zeros((STEPS, units), whole), men=np.zeros((STEPS // 4, units), np.float32),
        held=np.zeros(STEPS // 4, whole), first=np.zeros(cells, np.float32),
    )  # fmt: skip
    return kernels.Room(**made), told


def build_twin(folder: str) -> Any:
    """The C twin as a library, or None without a compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        return None
    source, library = Path(__file__).parent / "drill" / "twin.c", Path(folder) / "twin.so"
    flags = ["-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC"]
    subprocess.run([compiler, *flags, str(source), "-o", str(library), "-lm"], check=True)
    return ctypes.CDLL(str(library)).play


def pack(*values: Any) -> Any:
    """A C structure of whole numbers and pointers."""
    words = [value if isinstance(value, int) else value.ctypes.data for value in values]
    return (ctypes.c_int64 * len(words))(*words)


def twin_player(play: Any, ground: kernels.Ground, room: kernels.Room, told: kernels.Told) -> Any:
    """A function that plays one run in C."""
    g = pack(len(ground.owner), len(ground.side), len(ground.sources), *ground)
    m, t = pack(*room), pack(*told)
    return lambda run: play(
        ctypes.byref(g), ctypes.byref(m), ctypes.byref(t), ctypes.c_uint64(SEED), ctypes.c_uint64(run),
        ctypes.c_int64(STEPS),
    )  # fmt: skip


def agents(ground: kernels.Ground) -> Any:
    """A function that plays one run in Mesa, or None where it is not installed."""
    try:
        from agents import Drill
    except ImportError:
        return None
    cells = range(len(ground.owner))
    near = [[(edge, beyond) for edge, beyond in enumerate(row) if beyond >= 0] for row in ground.near.tolist()]
    laid = {
        "near": near, "cost": ground.cost.tolist(), "room": ground.room.tolist(), "cover": ground.cover.tolist(),
        "owner": ground.owner.tolist(), "sources": [tuple(row) for row in ground.sources.tolist()],
    }  # fmt: skip
    hours, fields = ground.hours.tolist(), {number: ground.fields[number].tolist() for number in set(ground.field)}
    rows = [
        {"side": int(ground.side[u]), "hours": hours[ground.mobility[u]], "men": float(ground.men[u]),
         "field": fields[ground.field[u]] if ground.field[u] >= 0 else None, "quality": float(ground.quality[u]),
         "start": int(ground.start[u])}
        for u in range(len(ground.side))
    ]  # fmt: skip

    def play(seed: int) -> tuple[float, int]:
        model = Drill(laid, rows, seed)
        for _ in range(STEPS):
            model.step()
        return sum(formation.men for formation in model.agents), sum(model.owner[cell] == 0 for cell in cells)

    return play


def seconds(action: Any, count: int, first: int = 0) -> float:
    """CPU seconds a run of this thread."""
    start = time.thread_time()
    for run in range(first, first + count):
        action(run)
    return (time.thread_time() - start) / count


def main() -> None:
    """Print the table."""
    ground = lay_out()
    room, told = room_for(ground)

    def numba(run: int) -> None:
        kernels.play(ground, room, told, SEED, run, STEPS)

    numba(0)
    size = f"{len(ground.side)} formations, {len(ground.owner)} cells"
    rows: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        play = build_twin(folder)
        twin_room, twin_told = room_for(ground)
        twin = twin_player(play, ground, twin_room, twin_told) if play else None
        pairs = [(seconds(numba, BATCH), seconds(twin, BATCH) if twin else float("nan")) for _ in range(ROUNDS)]
        quick = statistics.median(first for first, _ in pairs)
        rows.append(("khingan's kernels", f"{1 / quick:,.0f} runs/CPU s", size))
        if twin:
            ratio = statistics.median(second / first for first, second in pairs)
            same = all(same_bits(numba, twin, told, twin_told, run) for run in range(SAMPLE))
            said = "the same to the last bit" if same else "DIFFER"
            rows.append(("against C, gcc -O3", f"{ratio:.2f} x", f"{SAMPLE} runs {said}"))
        else:
            rows.append(("against C", "-", "no C compiler here"))
    play_agents = agents(ground)
    if play_agents:
        slow = seconds(play_agents, AGENT_RUNS)
        rows.append(("against Mesa", f"{slow / quick:,.0f} x", f"{slow:.1f} CPU s a run there"))
        rows.append(("the two wars", *likeness(play_agents, numba, told)))
    else:
        rows.append(("against Mesa", "-", "mesa is not installed: pip install mesa"))
    for what, figure, note in [("drill", "figure", "note"), ("---", "---:", "---"), *rows]:
        print(f"| {what:<20} | {figure:>16} | {note:<48} |")


def same_bits(numba: Any, twin: Any, told: kernels.Told, other: kernels.Told, run: int) -> bool:
    """Whether both leave the same record of one run."""
    numba(run)
    twin(run)
    return all(one.tobytes() == two.tobytes() for one, two in zip(told, other, strict=True))


def likeness(play_agents: Any, numba: Any, told: kernels.Told) -> tuple[str, str]:
    """How the mean ground held at the end differs, in standard errors of the smaller sample."""
    theirs = [play_agents(100 + run)[1] for run in range(AGENT_RUNS)]
    ours = []
    for run in range(SAMPLE):
        numba(run)
        ours.append(int(told.held[-1]))
    apart = (statistics.mean(theirs) - statistics.mean(ours)) / (statistics.stdev(ours) / AGENT_RUNS**0.5)
    return f"{apart:+.1f} s.e.", f"cells held: {statistics.mean(theirs):,.0f} there, {statistics.mean(ours):,.0f} here"


if __name__ == "__main__":
    main()
