"""Capitulation: how long word takes, and who lays down arms when."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import norm
from small_world import War, all_men, all_tanks, luck, strip, war

from khingan.engine.capitulation import begin_calendar, capitulate, hand_over, lay_down_arms, spread_word
from khingan.engine.state import CAPITULATED, NEVER, PRESENT

# Out of touch or not is the only difference between formations.
QUARTER = {
    "capitulation.isolated_base": 0.25, "capitulation.refusal": 0.0, "capitulation.isolated_off_road": 0.0,
}  # fmt: skip


def told(count: int, hours: np.ndarray | float = 0.0, rules: dict | None = None) -> War:
    """Many formations whose headquarters spoke at the given hours."""
    units = [{"side": 1, "headquarters": n} for n in range(count)]
    given = war(units, headquarters=[{}] * count, sources=[{"cell": 0, "side": 1}], rules=QUARTER | (rules or {}))
    given.state.headquarters.order_h = hours
    given.world.roster.army = np.arange(count)  # each of an army of its own: nobody's luck is another's
    given.state.supply_km[:] = 0.0
    spread_word(
        given.world.edges,
        given.world.roster,
        given.world.step_hours,
        given.state.forces,
        given.state.supply_km,
        given.state.headquarters,
        given.rules.capitulation,
        given.luck,
        1000.0,
    )
    return given


def heard_by(days: float, alone: float) -> float:
    """Share that has heard: a lognormal delay, and for those alone the sum of two, by numerical convolution."""
    first = norm.cdf(np.log(days / 1.5) / 0.6)
    both = quad(lambda z: norm.pdf(z) * norm.cdf(np.log(max(1e-9, days - 1.5 * np.exp(0.6 * z)) / 7) / 0.5),
                -6, np.log(days / 1.5) / 0.6)[0]  # fmt: skip
    return (1 - alone) * first + alone * both


def test_delays_from_headquarters_are_those_of_the_two_lognormals():
    days = told(4000).forces.order_h / 24
    for share in (0.1, 0.5, 0.9):
        expected = brentq(lambda d, share=share: heard_by(d, 0.25) - share, 0.1, 40)
        # 4,000 formations: the share below the expected day is known to 0.008 at most.
        assert (days < expected).mean() == pytest.approx(share, abs=0.02)


def test_delays_from_the_broadcast_are_those_of_the_reference():
    # T44: with the headquarters themselves lognormal (1.5 days, 0.4), tenth, half, nine tenths at 2.2, 3.7, 11.5 days.
    spoke = 24 * 1.5 * np.exp(0.4 * norm.ppf((np.random.default_rng(3).permutation(6000) + 0.5) / 6000))
    days = told(6000, spoke).forces.order_h / 24
    assert np.quantile(days, [0.1, 0.5]) == pytest.approx([2.2, 3.7], abs=0.2)
    assert np.quantile(days, 0.9) == pytest.approx(11.5, abs=0.4)


def test_the_cut_off_hear_later():
    # With the chance raised from 0.25 to 0.75 the median falls among those who need a second messenger.
    given = told(1000)
    given.forces.order_h = NEVER
    given.state.supply_km[:] = np.inf
    before = told(1000).forces.order_h
    spread_word(
        given.world.edges,
        given.world.roster,
        given.world.step_hours,
        given.state.forces,
        given.state.supply_km,
        given.state.headquarters,
        given.rules.capitulation,
        given.luck,
        1000.0,
    )
    assert (given.forces.order_h >= before).all()
    assert (given.forces.order_h > before).mean() == pytest.approx(0.5, abs=0.05)


def test_the_way_of_the_word_counts_by_relays_and_kilometres():
    # 0.7 of the usual 1.5 days go by two relays, 0.3 by the root of 300 km: one relay and 75 km take half of it, three
    # and 1,200 km 1.65 times as long.
    near, far = (word_over(relays, km) for relays, km in ((1, 75.0), (3, 1200.0)))
    assert near / word_over(2, 300.0) == pytest.approx(0.5)
    assert far / word_over(2, 300.0) == pytest.approx(1.65)


def word_over(relays: int, km: float) -> float:
    """Hours to the one formation of this chain, always with the same luck."""
    units = [{"side": 1, "headquarters": 0, "relays": relays, "word_km": km}]
    return float(heard(units, {"capitulation.isolated_base": 0.0})[0])


def heard(units: list[dict], rules: dict, supply_km: float = 0.0, armies: int = 1) -> np.ndarray:
    """Hours at which formations hear from the one headquarters that spoke at hour 0; army k // armies each."""
    given = war(units, headquarters=[{}], rules=QUARTER | rules)
    given.world.roster.army = np.arange(len(units)) // armies
    given.state.headquarters.order_h = 0.0
    given.state.supply_km[:] = supply_km
    spread_word(given.world.edges, given.world.roster, 6.0, given.state.forces, given.state.supply_km,
                given.state.headquarters, given.rules.capitulation, given.luck, 1000.0)  # fmt: skip
    return given.forces.order_h.copy()


def test_formations_of_one_army_hear_near_each_other():
    # Half of the variance of the logarithm is the army's: pairs of an army correlate with 1/2, known to 0.02.
    hours = np.log(heard([{"side": 1, "headquarters": 0}] * 4000, {"capitulation.isolated_base": 0.0}, armies=2))
    assert np.corrcoef(hours[::2], hours[1::2])[0, 1] == pytest.approx(0.5, abs=0.06)
    assert hours.std() == pytest.approx(0.6, abs=0.03)


def test_some_of_the_cut_off_never_hear_while_their_line_is_cut():
    # Out of touch with 0.25 + 0.5, found by nobody with 0.4: 0.3 of the cut off, and none where the line is open.
    units = [{"side": 1, "headquarters": 0}] * 2000
    never = {"capitulation.unreached": 0.4}
    assert (heard(units, never, np.inf) == NEVER).mean() == pytest.approx(0.3, abs=0.04)
    assert (heard(units, never) < NEVER).all()


def test_those_who_refuse_wait_for_a_second_messenger():
    obedient, refusing = (told(500, rules={"capitulation.refusal": share}).forces.order_h for share in (0.0, 1.0))
    assert (refusing >= obedient).all()
    assert (refusing > obedient).mean() == pytest.approx(0.75, abs=0.06)


def test_nobody_hears_before_headquarters_speaks_or_without_one():
    given = war([{"headquarters": 0}, {"headquarters": -1}], headquarters=[{"order_h": 100.0}])
    spread_word(
        given.world.edges,
        given.world.roster,
        given.world.step_hours,
        given.state.forces,
        given.state.supply_km,
        given.state.headquarters,
        given.rules.capitulation,
        given.luck,
        90.0,
    )
    assert given.forces.order_h.tolist() == [NEVER, NEVER]
    spread_word(
        given.world.edges,
        given.world.roster,
        given.world.step_hours,
        given.state.forces,
        given.state.supply_km,
        given.state.headquarters,
        given.rules.capitulation,
        given.luck,
        96.0,
    )
    assert given.forces.order_h[0] > 100.0
    assert given.forces.order_h[1] == NEVER


def test_headquarters_speak_within_their_spread():
    given = war([], headquarters=[{"order_h": 200.0, "spread_h": 24.0}])
    hours = []
    for run in range(500):
        begin_calendar(given.world.headquarters, given.state.headquarters, luck(run))
        hours.append(given.state.headquarters[0].order_h)
    assert min(hours) >= 176.0
    assert max(hours) <= 224.0
    assert np.mean(hours) == pytest.approx(200.0, abs=2.0)


def parley(step_hours: float, hours: float, distance: int = 1) -> War:
    """Many formations with the order in the western cell, one enemy `distance` cells off."""
    units = [{"side": 0, "start": distance}] + [{"side": 1, "start": 0, "tanks": 5.0} for _ in range(2000)]
    given = war(units, strip(4), step_hours=step_hours)
    given.forces.order_h[1:] = 0.0
    for step in range(round(hours / step_hours)):
        capitulate(
            given.world.near,
            given.world.roster,
            given.world.step_hours,
            given.state.forces,
            given.state.ground,
            given.rules.capitulation,
            given.luck,
            step,
            step * step_hours,
        )
    return given


@pytest.mark.parametrize("step_hours", [2.0, 6.0, 24.0])
def test_arms_are_laid_down_at_the_stated_risk_whatever_the_step(step_hours):
    # 1 - exp(-0.8) = 0.551 in a day; 2,000 formations know it to 0.011.
    given = parley(step_hours, 24.0)
    assert (given.forces.status[1:] == CAPITULATED).mean() == pytest.approx(1 - np.exp(-0.8), abs=0.035)


def test_whoever_has_the_order_is_passive_and_counts_no_more():
    given = parley(6.0, 6.0, distance=3)
    # Nobody of the enemy is near: all keep their arms.
    assert (given.forces.status == PRESENT).all()
    assert given.forces.passive[1:].all()
    assert given.ground[0].defenders[1] == 0


def test_captivity_takes_all_and_loses_nobody():
    given = war([{"side": 1, "tanks": 30.0, "guns": 10.0}])
    men, tanks = all_men(given), all_tanks(given)
    lay_down_arms(given.state.forces, 0, 300.0)
    unit = given.forces[0]
    assert (unit.captured, unit.tanks_lost, unit.men, unit.place, unit.ended_h) == (10_000, 30, 0, -1, 300.0)
    assert all_men(given).tolist() == men.tolist()
    assert all_tanks(given).tolist() == tanks.tolist()


def handed_over(days: float, met_h: float = 0.0, step_hours: float = 6.0) -> War:
    """Many formations of one army with the order at hour 0, nobody near, one of them attacked at `met_h`."""
    given = war([{"side": 1} for _ in range(1000)], step_hours=step_hours)
    given.forces.order_h, given.forces.passive = 0.0, 1
    given.forces.first_hit_h[0] = met_h
    for step in range(round(24 * days / step_hours)):
        hand_over(given.world.roster, step_hours, given.state.forces, given.state.armies, given.rules.capitulation,
                  given.luck, step * step_hours)  # fmt: skip
    return given


@pytest.mark.parametrize("step_hours", [6.0, 24.0])
def test_half_of_those_nobody_comes_for_have_handed_over_by_the_median(step_hours):
    # Median 7 days; 1,000 formations know the half to 0.016.
    given = handed_over(7, step_hours=step_hours)
    assert (given.forces.status == CAPITULATED).mean() == pytest.approx(0.5, abs=0.06)
    assert given.forces.ended_h[given.forces.status == CAPITULATED].max() <= 7 * 24


def test_a_handover_waits_for_the_armys_meeting_with_the_enemy():
    assert (handed_over(20, met_h=NEVER).forces.status == PRESENT).all()
    late = handed_over(14, met_h=7 * 24.0)
    assert (late.forces.status == CAPITULATED).mean() == pytest.approx(0.5, abs=0.06)


def test_handing_over_loses_nobody():
    given = handed_over(20)
    assert all_men(given).tolist() == [10_000.0] * 1000


def test_the_roadless_and_the_walled_in_hear_later():
    # Isolation rises by isolated_off_road for a formation in the field without roads, and not for a garrison.
    field, garrison = (
        told_as(role, {"capitulation.isolated_off_road": 0.5, "capitulation.disbelief": 0.0}) for role in (0, 1)
    )
    assert (field > garrison).mean() == pytest.approx(0.5, abs=0.06)
    believing, doubting = (
        told_as(1, {"capitulation.isolated_off_road": 0.0, "capitulation.disbelief": share}) for share in (0.0, 1.0)
    )
    assert (doubting > believing).mean() == pytest.approx(0.75, abs=0.06)


def told_as(role: int, rules: dict) -> np.ndarray:
    """Hours at which formations of this role hear, those of role 1 in works."""
    units = [{"side": 1, "headquarters": 0, "role": role, "works": 0 if role else -1} for _ in range(600)]
    given = war(units, headquarters=[{}], works=[{"cell": 0, "strength": 2, "side": 1}], rules=QUARTER | rules)
    given.state.headquarters.order_h = 0.0
    given.state.supply_km[:] = 0.0
    spread_word(given.world.edges, given.world.roster, 6.0, given.state.forces, given.state.supply_km,
                given.state.headquarters, given.rules.capitulation, given.luck, 1000.0)  # fmt: skip
    return given.forces.order_h.copy()
