"""Where the time goes: the drill by its parts and a run of the campaign by its mechanisms, on this machine.

The kernels are the engine's own. Their sentences are read from the source and a clock is looked at after each, so that
the list below is always that of the step; whatever is called once a run or a step costs a look of some 30 ns more.
"""

import ast
import ctypes
import importlib.util
import inspect
import sys
import tempfile
import textwrap
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numba import njit
from numba.core.errors import NumbaWarning

sys.path.insert(0, str(Path(__file__).parent / "drill"))
sys.path.insert(0, str(Path(__file__).parent))

RUNS, LEAST_SHARE, CHUNK = 40, 0.01, 50
MONOTONIC = 1  # CLOCK_MONOTONIC
BUILT_IN = {"range", "max", "min", "int", "round"}
_gettime = ctypes.CDLL(None).clock_gettime
_gettime.argtypes, _gettime.restype = [ctypes.c_int, ctypes.c_void_p], ctypes.c_int


@njit(nogil=True)
def look(clock: Any, spent: Any, part: int) -> None:
    """Add the nanoseconds since the last look to a part's account; clock holds seconds and nanoseconds."""
    before = clock[0] * 1_000_000_000 + clock[1]
    _gettime(MONOTONIC, clock.ctypes.data)
    spent[part] += clock[0] * 1_000_000_000 + clock[1] - before


class Looks(ast.NodeTransformer):
    """Puts a look after every sentence of a kernel; `inside` are the kernels whose own sentences are told apart."""

    def __init__(self, parts: list[str], inside: set[str]) -> None:
        self.parts, self.inside = parts, inside

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Two arguments more, and looks in the body and in what stands in a loop over steps or under a condition."""
        node.args.args += [ast.arg("clock"), ast.arg("spent")]
        node.body = self.watched(node.body)
        node.returns, node.name = None, f"timed_{node.name}"
        for argument in node.args.args:
            argument.annotation = None
        return node

    def watched(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """The sentences, each with a look after it."""
        found: list[ast.stmt] = []
        for sentence in body:
            if isinstance(sentence, ast.If) or (isinstance(sentence, ast.For) and is_over_steps(sentence)):
                sentence.body = self.watched(sentence.body)
                found.append(sentence)
                continue
            name = called(sentence)
            if name in self.inside and isinstance(sentence, ast.Expr) and isinstance(sentence.value, ast.Call):
                sentence.value.func = ast.Name(f"timed_{name}", ast.Load())
                sentence.value.args += [ast.Name("clock", ast.Load()), ast.Name("spent", ast.Load())]
                found.append(sentence)
                continue
            found.append(sentence)
            if name:
                if name not in self.parts:
                    self.parts.append(name)
                found.append(ast.parse(f"look(clock, spent, {self.parts.index(name)})").body[0])
        return found


def is_over_steps(loop: ast.For) -> bool:
    """Whether a loop goes from step to step."""
    return isinstance(loop.target, ast.Name) and loop.target.id == "step"


def called(sentence: ast.stmt) -> str:
    """The kernel that a sentence calls, nothing where it calls none."""
    calls = [node for node in ast.walk(sentence) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    names = [call.func.id for call in calls if isinstance(call.func, ast.Name) and call.func.id not in BUILT_IN]
    return names[0] if names else ""


def with_looks(kernels: list[Any], folder: Path) -> tuple[Any, list[str]]:
    """The last of the kernels with looks in it and in those before it, and the names of the parts."""
    from khingan.engine.compiled import kernel

    parts = ["the call"]  # from Python until the first sentence
    looks = Looks(parts, {each.py_func.__name__ for each in kernels})
    space: dict[str, Any] = {"kernel": kernel, "look": look}
    texts = []
    for each in kernels:
        space = {**each.py_func.__globals__, **space}
        tree = looks.visit(ast.parse(textwrap.dedent(inspect.getsource(each.py_func))))
        if each is kernels[-1]:
            tree.body[0].body.insert(0, ast.parse("look(clock, spent, 0)").body[0])
        texts.append(ast.unparse(ast.fix_missing_locations(tree)))
    file = folder / f"timed_{kernels[-1].py_func.__name__}.py"
    file.write_text("\n\n".join(texts), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    module.__dict__.update({name: value for name, value in space.items() if not name.startswith("__")})
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return module.__dict__[f"timed_{kernels[-1].py_func.__name__}"], parts


def account(play: Callable[[int, np.ndarray, np.ndarray], None], parts: list[str]) -> dict[str, float]:
    """Milliseconds a run by part."""
    clock, spent = np.zeros(2, np.int64), np.zeros(len(parts), np.int64)
    play(0, clock, spent)
    spent[:] = 0
    for run in range(RUNS):
        _gettime(MONOTONIC, clock.ctypes.data)
        play(run, clock, spent)
    return dict(zip(parts, spent / RUNS / 1e6, strict=True))


def drill(folder: Path) -> dict[str, float]:
    """The drill by its parts."""
    import kernels

    from drill import SEED, STEPS, lay_out, room_for

    ground = lay_out()
    room, told = room_for(ground)
    timed, parts = with_looks([kernels.play], folder)
    return account(lambda run, clock, spent: timed(ground, room, told, SEED, run, STEPS, clock, spent), parts)


def campaign(folder: Path) -> dict[str, float]:
    """A run of the campaign by mechanism, and what is done for it before and after."""
    from khingan.engine import state as engine
    from khingan.engine.campaign import play_campaign
    from khingan.engine.compiled import laid_out
    from khingan.engine.step import battle, play_step, supply
    from khingan.scenario.read import load
    from khingan.simulation.draws import arrays_read, draw_parameters, readings
    from khingan.simulation.play import empty_chunk, new_state, play_chunk
    from khingan.simulation.run import warm
    from khingan.simulation.settings import DRAWN
    from khingan.simulation.store import pack
    from khingan.world.compile import compile_world
    from khingan.world.rules import rules_of_draws

    world = compile_world(load("far-east-1945"))
    warm(world)
    timed, parts = with_looks([battle, supply, play_step, play_campaign], folder)

    def lay() -> tuple[Any, Any, list[Any]]:
        values = draw_parameters(world, DRAWN, 1945, 0, CHUNK)
        given, arrays = readings(world, DRAWN, 1945, 0, CHUNK), arrays_read(world, DRAWN, 1945, 0, CHUNK)
        return given, arrays, list(rules_of_draws(world.names.parameters, values, world.tables))

    lay()  # the first draws load what the later ones use
    begin = time.thread_time()
    given, arrays, rules = lay()
    drawn = (time.thread_time() - begin) / CHUNK * 1e3
    chunk, state = empty_chunk(world, CHUNK), laid_out(new_state(world))

    def play(run: int, clock: np.ndarray, spent: np.ndarray) -> None:
        record = engine.Record(**{name: chunk[name][run] for name in engine.Record._fields})
        timed(arrays[run], given[run], rules[run], state, record, 1945, run, world.steps, clock, spent)

    found = account(play, parts)
    played = play_chunk(world, DRAWN, 1945, 0, CHUNK)
    begin = time.thread_time()
    pack(played)
    return {"draws": drawn, **found, "packing": (time.thread_time() - begin) / CHUNK * 1e3}


def main() -> None:
    """Print both tables, the costliest parts first."""
    warnings.simplefilter("ignore", NumbaWarning)
    with tempfile.TemporaryDirectory() as folder:
        for title, found in (("the drill", drill(Path(folder))), ("the campaign", campaign(Path(folder)))):
            whole = sum(found.values())
            told = {name: ms for name, ms in found.items() if ms >= LEAST_SHARE * whole}
            lines = sorted(told.items(), key=lambda part: -part[1])
            lines.append((f"the other {len(found) - len(told)}", whole - sum(told.values())))
            print(f"| where a run of {title} spends its time | ms | share |\n| --- | ---: | ---: |")
            for name, ms in [*lines, ("all", whole)]:
                print(f"| {name.replace('_', ' ')} | {ms:.2f} | {ms / whole:.0%} |")
            print()


if __name__ == "__main__":
    main()
