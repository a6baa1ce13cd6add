"""`khingan prelude` and `khingan run --from prelude`: streams, messages, the fields of the JSON."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from khingan.cli import app
from khingan.errors import KhinganError
from khingan.simulation.draws import draw_parameters, readings
from khingan.simulation.opening import HOURS_OF, TOTALS, start_from_preludes, to_calendar
from khingan.simulation.settings import Settings
from worlds import far_east_world, toy_world

DOCS = Path(__file__).parents[1] / "docs"


def khingan(*words):
    return CliRunner().invoke(app, words)


def test_json_alone_on_standard_output_with_the_fields_of_the_page():
    done = khingan("prelude", "far-east-1945", "--runs", "20", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    text = (
        (DOCS / "json.md")
        .read_text(encoding="utf-8")
        .split("## `khingan prelude CAMPAIGN --json`")[1]
        .split("\n## ")[0]
    )
    described = [
        word for cell in re.findall(r"^\| (`[^|]+`) \|", text, re.MULTILINE) for word in re.findall(r"`(.+?)`", cell)
    ]
    assert list(found) == described
    assert set(found["months"][0]) <= set(re.findall(r"`(\w+)`", text))
    assert set(found["observers"][0]) <= set(re.findall(r"`(\w+)`", text))


def test_a_disposition_by_name_is_taken_in_every_prelude():
    found = json.loads(khingan("prelude", "--runs", "10", "--disposition", "redoubt", "--json").stdout)
    assert found["dispositions"]["redoubt"] == 1.0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--disposition", "est"), "--disposition | no disposition 'est' | did you mean"),
        (("--set", "intelligence.concealmet=0"), "no such parameter | did you mean intelligence.concealment"),
    ],
)
def test_what_is_wrong_is_told_with_a_remedy(words, told):
    done = khingan("prelude", "far-east-1945", "--runs", "1", *words)
    assert done.exit_code == 1
    assert told in done.stderr


def opened(**pins):
    """Readings, worlds and values of three runs that start from their preludes."""
    world = far_east_world()
    pinned = {name.replace("__", "."): value for name, value in pins.items()}
    settings = Settings(pinned=pinned, start="prelude")
    values = draw_parameters(world, settings, 3, 0, 3)
    given = readings(world, settings, 3, 0, 3)
    return (
        world,
        given,
        start_from_preludes(world, settings, 3, 0, values, given, [world.arrays] * len(given))[0],
        values,
    )


def test_a_run_from_a_prelude_changes_the_defender_and_no_other_draw():
    world, given, arrays, values = opened(deployment__waits_for_plan=0.0)
    plain = readings(world, Settings(), 3, 0, 3)
    attackers = world.arrays.roster.side == 0
    for before, after in zip(plain, given, strict=True):
        for name in ("men", "quality", "ammunition_carried", "start"):
            np.testing.assert_array_equal(before.formations[name][attackers], after.formations[name][attackers])
        assert (after.formations.quality <= before.formations.quality).all()
        assert (after.formations.quality < before.formations.quality).any()
    peak = world.names.parameters.index("combat.surprise_peak")
    others = np.delete(np.arange(values.shape[1]), peak)
    expected = draw_parameters(world, Settings(pinned={"deployment.waits_for_plan": 0.0}), 3, 0, 3)
    np.testing.assert_array_equal(values[:, others], expected[:, others])
    assert (values[:, peak] <= expected[:, peak]).all()
    assert all(array.roster is not world.arrays.roster for array in arrays)


def test_a_later_h_hour_moves_the_entry_and_brings_the_calendar_nearer():
    # Nineteen days late: the orders of headquarters come so many hours sooner after H-hour; the entry is H-hour still.
    world, _, arrays, values = opened(readiness__wait_days=19.0, deployment__waits_for_plan=0.0)
    shift = world.names.parameters.index("politics.entry_shift_days")
    assert values[:, shift].tolist() == [19.0] * 3
    for after in arrays:
        np.testing.assert_allclose(after.headquarters.order_h, world.arrays.headquarters.order_h - 19 * 24)
        assert after.politics.entry_h + 24 * 19.0 == world.arrays.politics.entry_h
        assert after.politics.first_bomb_h == world.arrays.politics.first_bomb_h - 24 * 19


def test_a_run_that_began_later_is_told_on_the_campaign_s_clock():
    # Two days late in a record of four days with two steps each, its horizon 96 h.
    reading = readings(far_east_world(), Settings(), 3, 0, 1)[0]
    units = len(reading.formations.men)
    levels = {name: np.arange(4.0)[None, :, None] * np.ones((1, 4, units)) for name in ("men", "tanks", "fuel")}
    totals = {name: np.arange(1.0, 5.0)[None, :, None] * np.ones((1, 4, 2)) for name in TOTALS}
    hours = {name: np.array([[10.0, 60.0, np.nan]]) for name in HOURS_OF}
    chunk = levels | totals | hours | {
        "wet_share": np.array([[0.5, 1.0, 0.0, 0.0]]), "place": np.zeros((1, 8, units), np.int16)}  # fmt: skip
    to_calendar(chunk, 0, 48.0, reading, 96.0)
    np.testing.assert_array_equal(chunk["first_control"], [[58.0, np.nan, np.nan]])
    np.testing.assert_array_equal(chunk["surrender"], [[58.0, 108.0, np.nan]])  # may lie behind the horizon
    assert chunk["killed"][0, :, 0].tolist() == [0, 0, 1, 2]
    np.testing.assert_array_equal(chunk["men"][0, 0], reading.formations.men)
    assert chunk["wet_share"][0].tolist() == [0.5, 0.5, 0.5, 1.0]
    np.testing.assert_array_equal(chunk["place"][0, 3], reading.formations.start)


def test_warning_makes_the_defender_readier_and_moves_nobody():
    _, cold, _, _ = opened(readiness__warning_h=0.0)
    _, warned, _, _ = opened(readiness__warning_h=48.0)
    for before, after in zip(cold, warned, strict=True):
        assert (after.formations.quality >= before.formations.quality).all()
        np.testing.assert_array_equal(before.formations.start, after.formations.start)


def test_a_disposition_moves_its_formations_alone():
    world, east, _, _ = opened(readiness__disposition=0.0)
    _, west, _, _ = opened(readiness__disposition=1.0)
    moved = np.flatnonzero(east[0].formations.start != west[0].formations.start)
    assert moved.tolist() == sorted(u for u, _ in world.prelude.moves[1])


def test_a_campaign_without_the_months_before_says_so(tmp_path):
    with pytest.raises(KhinganError, match="says nothing of the months before"):
        start_from_preludes(toy_world(tmp_path), Settings(start="prelude"), 1, 0, np.zeros((1, 1)), [], [])


def test_the_start_is_part_of_what_a_study_is():
    assert Settings.from_dict(Settings(start="prelude").as_dict()) == Settings(start="prelude")
    with pytest.raises(KhinganError, match="--from"):
        Settings(start="peace")
