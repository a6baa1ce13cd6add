"""Sieges: who is pinned by works, how a garrison ends, and when works fall."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import War, all_men, all_tanks, war

from khingan.engine.siege import besiege, end_garrisons, garrison_power, post_masks, shell_works, watch_works
from khingan.engine.state import DESTROYED, GARRISON, NEVER

WIDE = {"combat.frontage": 1e9, "combat.quality_ratio": 1.0}


def siege(
    *besiegers: dict, garrison: float = 5000.0, strength: int = 1, run: int = 0, rules: dict | None = None
) -> War:
    """Besiegers own the cell in which a garrison holds its works."""
    units = [*besiegers, {"side": 1, "role": GARRISON, "works": 0, "men": garrison}]
    works = [{"cell": 0, "strength": strength, "side": 1}]
    return war(units, works=works, rules=WIDE | (rules or {}), run=run)


def post(given: War) -> list[int]:
    post_masks(given.world, given.reading, given.state, given.rules.combat, given.rules.siege)
    return given.forces.masking.tolist()


def days_of(given: War, days: float) -> War:
    """The siege goes on."""
    r = given.rules
    for step in range(round(days * 4)):
        post(given)
        shell_works(given.world, given.reading, given.state, r.siege, step)
        besiege(given.world, given.reading, given.state, r.combat, r.cohesion, r.siege, r.engineers, given.luck, step)
        end_garrisons(given.world.roster, given.reading.formations, given.state.forces, given.state.ground, r.siege)
        watch_works(
            given.world.roster,
            given.world.works,
            given.world.step_hours,
            given.state.forces,
            given.state.works,
            step,
            6.0 * step,
        )
    return given


def test_masks_are_posted_infantry_first_and_no_more_than_needed():
    # The garrison: 3.5 points * 1.6 * 1.05 = 5.88, of which 0.6 is 3.53: one division of 7 points on foot will do.
    given = siege({"mobility": 3}, {}, {})
    assert garrison_power(given.world, given.reading, given.state, given.rules.combat, 0) == pytest.approx(5.88)
    assert post(given) == [0, 1, 0, 0]


def test_a_strong_garrison_pins_more():
    # 14 points * 2.2 * 1.05 * 0.6 = 19.4: three divisions of 7.
    assert post(siege({}, {}, {}, {}, garrison=20_000.0, strength=2)) == [1, 1, 1, 0, 0]


def test_works_in_their_own_side_s_cell_pin_nobody():
    given = siege({})
    given.ground[0].owner = 1
    assert post(given) == [0, 0]


def test_without_a_masking_force_nothing_is_lost():
    given = days_of(siege(), 10)
    assert given.forces[0].men == 5000.0
    assert given.state.works[0].fall_h == NEVER


def test_a_garrison_that_obeys_a_cease_fire_is_left_alone():
    given = siege({})
    given.forces[1].passive = 1
    assert days_of(given, 5).forces[1].men == 5000.0


def life(men: float, run: int) -> float:
    """Hours until the works fall."""
    return float(days_of(siege({"men": men}, run=run), 30).state.works[0].fall_h)


@given(st.integers(0, 10_000), st.floats(2000, 40_000), st.floats(1.0, 4.0))
def test_a_stronger_masking_force_never_leaves_the_garrison_alive_longer(run, men, more):
    assert life(men * more, run) <= life(men, run)


@given(st.integers(0, 10_000), st.floats(1000, 30_000), st.floats(100, 20_000))
def test_men_and_tanks_are_kept_to_the_last(run, men, garrison):
    given = siege({"men": men, "tanks": 10.0}, garrison=garrison, run=run)
    given.forces[1].tanks = 7.0
    before, tanks = all_men(given), all_tanks(given)
    days_of(given, 20)
    assert all_men(given) == pytest.approx(before)
    assert all_tanks(given) == pytest.approx(tanks)


def test_the_last_of_a_garrison_are_taken_or_dead():
    # Just below a twentieth: 249 of 5,000 men, 0.4 of them taken alive.
    given = siege({})
    given.forces[1].men, given.forces[1].fought = 249.0, 1
    end_garrisons(
        given.world.roster, given.reading.formations, given.state.forces, given.state.ground, given.rules.siege
    )
    unit = given.forces[1]
    assert (unit.status, unit.men) == (DESTROYED, 0.0)
    assert (unit.captured, unit.killed) == pytest.approx((99.6, 149.4))
    assert given.ground[0].garrisons[1] == 0


def test_works_fall_once_and_at_the_end_of_the_step_that_emptied_them():
    given = siege({})
    for step, status in enumerate((1, 1, 5, 1, 5)):
        given.forces[1].status = status
        watch_works(
            given.world.roster,
            given.world.works,
            given.world.step_hours,
            given.state.forces,
            given.state.works,
            step,
            6.0 * step,
        )
        expected = NEVER if step < 2 else 18.0
        assert given.state.works[0].fall_h == expected


def test_works_that_nobody_ever_manned_do_not_fall():
    given = war([{}], works=[{"cell": 3, "strength": 1, "side": 1}])
    for step in range(5):
        watch_works(
            given.world.roster,
            given.world.works,
            given.world.step_hours,
            given.state.forces,
            given.state.works,
            step,
            6.0 * step,
        )
    assert given.state.works[0].fall_h == NEVER


def test_a_sealed_garrison_bleeds_at_the_stated_multiple():
    # First order in a short step: intensity 0.5, five times 0.018 a day, (7 / 5.88)^0.5.
    given = siege({}, rules={"combat.engagement_sd": 0.0, "combat.exchange_sd": 0.0})
    days_of(given, 0.25)
    expected = 1 - np.exp(-0.5 * 5 * 0.018 * (7 / 5.88) ** 0.5 * 0.25)
    assert 1 - given.forces[1].men / 5000 == pytest.approx(expected, rel=0.01)


def shelled(days: float, guns: float = 1000.0, km: float = 60.0, step_hours: float = 6.0, **rules: float) -> War:
    """Concrete works masked by a division `km` from its railhead; `guns` guns stand behind its army."""
    given = siege({}, strength=2, rules={"siege.heavy_share": 0.1} | {f"siege.{k}": v for k, v in rules.items()})
    given = War(given.world._replace(step_hours=step_hours), given.reading, given.rules, given.state, given.luck)
    given.reading.armies[0].support_guns = guns
    given.state.armies[0].sieges = 1.0
    given.state.supply_km[0, 0] = km
    for step in range(round(days * 24.0 / step_hours)):
        post(given)
        shell_works(given.world, given.reading, given.state, given.rules.siege, step)
    return given


@pytest.mark.parametrize("step_hours", [3.0, 6.0, 12.0])
def test_siege_guns_come_after_days_and_then_take_the_cover(step_hours):
    # A day to form up and 60 km at 60 a day: of four days they fire two, 100 heavy guns: exp(-0.5 * 2) of the cover is
    # left: 1 + 1.2 * exp(-1).
    given = shelled(4.0, step_hours=step_hours)
    assert given.state.works[0].gun_days == pytest.approx(200.0)
    shell_works(given.world, given.reading, given.state, given.rules.siege, 99)
    cover = garrison_power(given.world, given.reading, given.state, given.rules.combat, 0) / (3.5 * 1.05)
    assert cover == pytest.approx(1 + 1.2 * np.exp(-1.0), rel=0.15)
    assert shelled(2.0, step_hours=step_hours).state.works[0].gun_days == 0.0


def test_siege_guns_do_not_come_to_a_besieger_who_is_cut_off_or_by_a_share_of_zero():
    assert shelled(10.0, km=np.inf).state.works[0].gun_days == 0.0
    assert shelled(10.0, heavy_share=0.0).state.works[0].gun_days == 0.0


def test_an_army_shares_its_siege_guns():
    given = shelled(0.0)
    given.state.works.brought, given.state.armies.sieges = 1.0, 4.0
    post(given)
    shell_works(given.world, given.reading, given.state, given.rules.siege, 0)
    assert given.state.works[0].gun_days == pytest.approx(100.0 / 4 / 4)


def test_siege_guns_turn_back_with_the_besieger():
    given = shelled(4.0)
    given.forces[0].status = 0
    given.forces.masking = 0
    shell_works(given.world, given.reading, given.state, given.rules.siege, 99)
    assert given.state.works[0].brought == 0.0


@given(st.floats(0, 5000), st.floats(0, 5000), st.floats(0, 10))
def test_more_siege_guns_never_help_the_garrison(guns, more, days):
    def power(count: float) -> float:
        given = shelled(days, guns=count)
        return garrison_power(given.world, given.reading, given.state, given.rules.combat, 0)

    assert power(guns + more) <= power(guns) <= 3.5 * 1.05 * 2.2 + 1e-9
