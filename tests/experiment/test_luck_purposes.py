"""T35 for every purpose of a draw: who draws it, by which keys, and that no change can give those keys to another."""

import ast
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from test_luck import KEPT

import khingan.engine
from khingan.engine import chance
from khingan.engine import prelude as engine
from khingan.evidence.parameters import read_parameters
from khingan.experiment.apply import change_scenario
from khingan.experiment.change import TABLES
from khingan.experiment.repertoire import read_repertoire
from khingan.scenario.prelude import read_prelude
from khingan.simulation.draws import draw_parameters
from khingan.simulation.prelude import draw_rules, empty_record, new_room, read
from khingan.simulation.settings import DRAWN, Settings
from khingan.world.prelude import compile_prelude, prelude_rules
from worlds import far_east, far_east_world

BEGUN = "state.ground[cell].battle_since"
# purpose: file of the engine, keys of step and of who draws as they stand there, and where the test lies that sees a
# change elsewhere leave it alone: `war` the two wars of test_luck.py, `months` below, `names` keyed by hashed names.
PURPOSES = {
    "PARAMETER": ("", "", "", "names"), "CLAIM": ("", "", "", "names"), "CLAIM_ARMY": ("", "", "", "names"),
    "WEATHER": ("weather", "0 step+1", "region", "war"), "ORDER_DELAY": ("command", "0", "order", "war"),
    "BATTLE_DAY": ("fighting", "step", "cell", "war"), "BATTLE_INTENSITY": ("fighting", "since", "cell", "war"),
    "BATTLE_EXCHANGE": ("fighting", "since", "cell", "war"), "BATTLE_BREAK": ("breaking", "step", "cell", "war"),
    "BATTLE_WHO": ("breaking", "step", "cell", "war"), "BATTLE_ADVANCE": ("fighting", BEGUN, "cell", "war"),
    "PAUSE": ("breaking", "step", "cell", "war"), "DISSOLVE": ("breaking", "step", "u", "war"),
    "SIEGE_INTENSITY": ("siege", "0", "works", "war"), "SIEGE_EXCHANGE": ("siege", "0", "works", "war"),
    "HEADQUARTERS": ("capitulation", "0", "h", "war"), "WORD": ("capitulation", "0", "u", "war"),
    "ISOLATED": ("capitulation", "0", "u", "war"), "SECOND_CHANNEL": ("capitulation", "0", "u", "war"),
    "COMPLIANCE": ("capitulation", "0", "u", "war"), "PARLEY": ("capitulation", "step", "u", "war"),
    "DECISION": ("politics", "0", "0", "war"), "VETO": ("politics", "0", "0", "war"),
    "VETO_DELAY": ("politics", "0", "0", "war"), "IMPERIAL_ORDER": ("politics", "0", "h", "war"),
    "HANDOVER": ("capitulation", "0", "u", "war"), "ARMY_WORD": ("capitulation", "0", "roster[u].army", "war"),
    "UNREACHED": ("capitulation", "0", "u", "war"), "PASSAGE": ("landing", "0", "lift", "war"),
    "REPULSE": ("landing", "step", "lift", "war"), "RECEPTION": ("landing", "step", "lift", "war"),
    "DESERTION": ("cohesion", "step", "u", "war"), "RELAY": ("command", "order", "u", "war"),
    "RESERVE": ("command", "0", "u", "war"), "FALL_BACK": ("command", "step", "u", "war"),
    "AIR_WORD": ("landing", "0", "lift", "war"), "RELEASE": ("deployment", "0", "m", "months"),
    "JUNCTION": ("deployment", "block*BLOCK+n", "m", "months"), "ASSEMBLY": ("deployment", "0", "m", "months"),
    "SIGHTING": ("intelligence", "step", "channel", "months"),
    "REPORT": ("", "", "", "names"),
}  # fmt: skip
# What each key counts, as the world names it; `test_luck.py` sees that no change of the campaign renumbers these.
COUNTED = {"region": "regions", "order": "orders", "cell": "cells", "u": "formations", "works": "works",
           "lift": "lifts", "roster[u].army": "armies"}  # fmt: skip
ELSEWHERE = {"h", "m", "channel", "0", ""}  # tested below; one draw for all; names


def drawn() -> dict[str, set[tuple[str, str, str]]]:
    """Every call of `draw` in the engine by purpose: file, step, entity as they are written."""
    found: dict[str, set[tuple[str, str, str]]] = {}
    for file in Path(khingan.engine.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "draw" and file.stem != "chance":
                step, entity, purpose = (ast.unparse(part).replace(" ", "") for part in node.args[1:])
                found.setdefault(purpose, set()).add((file.stem, step, entity))
    return found


def test_every_purpose_has_its_row_and_a_number_of_its_own():
    numbers = {
        name: int(value) for name, value in vars(chance).items() if name.isupper() and isinstance(value, np.int64)
    }
    assert set(numbers) == set(PURPOSES)
    assert len(set(numbers.values())) == len(numbers)


def test_each_purpose_is_drawn_by_one_mechanism_by_the_keys_of_its_row():
    stated = {name: {(file, step, entity) for step in steps.split()}
              for name, (file, steps, entity, _) in PURPOSES.items() if file}  # fmt: skip
    assert drawn() == stated


def test_no_change_renumbers_what_luck_is_keyed_by():
    keys = {entity for _, _, entity, _ in PURPOSES.values()}
    assert keys == set(COUNTED) | ELSEWHERE
    assert set(COUNTED.values()) <= set(KEPT)
    assert not {"movements", "channels", "buildup", "railways"} & set(TABLES)  # no change touches the months before
    before = [row.key for row in far_east().surrender.headquarters]
    for change in read_repertoire(far_east()).changes.values():
        changed = change_scenario(far_east(), DRAWN, (change,))[0]
        assert [row.key for row in changed.surrender.headquarters][: len(before)] == before, change.name


def test_a_pinned_parameter_moves_no_other_draw_of_any_name():
    names = list(far_east_world().names.parameters)
    free = draw_parameters(far_east_world(), Settings("prior"), 7, 0, 3)
    for name in names[:: len(names) // 8]:
        pinned = draw_parameters(far_east_world(), Settings("prior", pinned={name: 1.0}), 7, 0, 3)
        others = [column for column, other in enumerate(names) if other != name]
        assert np.array_equal(pinned[:, others], free[:, others])


@cache
def plan():
    return compile_prelude(far_east(), read_prelude(far_east()), read_parameters())


def months(table: str = "", field: str = "", row: int = 0, factor: float = 1.0, **pins: float) -> engine.PreludeRecord:
    """Four preludes on lines without queues, one number of the reading changed."""
    pinned = {"deployment.line_factor": 1e7, "deployment.waits_for_plan": 0.0} | pins
    settings, count = Settings(pinned=pinned), 4
    reading, record = read(plan(), settings, 7, 0, count), empty_record(plan(), count)
    if table:
        getattr(reading, table)[field][:, row] *= factor
    values = draw_rules(plan(), settings, 7, 0, count)
    engine.play_preludes(plan().arrays, reading, prelude_rules(tuple(plan().parameters), values), new_room(plan()),
                         record, 7, 0)  # fmt: skip
    return record


@pytest.mark.parametrize("which", [0, 1, 9])
def test_more_trains_of_one_army_move_no_draw_of_another(which):
    # Ready, waits at junctions and assembly: RELEASE, JUNCTION, ASSEMBLY. Lines without queues let nobody wait.
    before, after = months(), months("movements", "trains", which, 2.0)
    others = [m for m in range(before.first_train.shape[1]) if m != which]
    for name in ("first_train", "last_train", "assembled"):
        first, then = getattr(before, name), getattr(after, name)
        assert first[:, others] == pytest.approx(then[:, others], abs=1e-3), name
        assert not np.array_equal(first[:, which], then[:, which]), name


def test_what_one_post_sees_moves_no_count_of_another():
    before, after = months(), months("channels", "share", 1, 0.5)
    others = [c for c in range(before.seen.shape[2]) if c != 1]
    assert before.seen[:, :, others].tobytes() == after.seen[:, :, others].tobytes()
    assert not np.array_equal(before.seen[:, :, 1], after.seen[:, :, 1], equal_nan=True)


def test_what_an_observer_believes_moves_no_train_and_no_count():
    before, after = months(), months(**{"intelligence.doubt": 0.9, "readiness.alert_level": 0.05})
    for name in ("first_train", "last_train", "assembled", "trains", "seen"):
        assert getattr(before, name).tobytes() == getattr(after, name).tobytes(), name
    assert not np.array_equal(before.before_cut, after.before_cut, equal_nan=True)
