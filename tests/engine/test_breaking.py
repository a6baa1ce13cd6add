"""Breaking off: who gives way, how long battles last, and what becomes of the beaten."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import War, all_men, all_tanks, gather, luck, strip, war

from khingan.engine.breaking import break_off, dissolve, give_way, hazards, retreat, way_back
from khingan.engine.movement import march
from khingan.engine.occupation import rest_of_way, take_stock
from khingan.engine.state import DESTROYED, GARRISON

# The textbook case: no cohesion lost, nobody dug in, no flank, h0 = 0.3 a day, g = 1.
TEXTBOOK = {"breaking.hazard": 0.3, "breaking.ratio_exponent": 1.0, "breaking.flank_weight": 0.0}
OUTCOMES = [(0.5, 0.2, 4 / 3), (1.0, 0.5, 5 / 3), (2.0, 0.8, 4 / 3), (3.0, 0.9, 1.0)]


def battle(ratio: float = 1.0, step_hours: float = 6.0, rules: dict | None = None, **defender) -> War:
    """One division attacks another in the centre; half the patch is the defender's."""
    units = [{"start": 1}, {"side": 1, "start": 0, "fallback": 6} | defender]
    result = war(units, east=[0, 4, 5, 6, 16, 17, 18], step_hours=step_hours, rules=TEXTBOOK | (rules or {}))
    result.forces.target[0] = 0
    gather(result)
    result.state.battles[0].attack, result.state.battles[0].defence = ratio, 1.0
    return result


def broken(given: War, step: int, run: int) -> str:
    """Who gave way in this step, "" nobody."""
    rules = given.rules
    now = step * given.world.step_hours
    break_off(given.world, given.state, rules.breaking, rules.cohesion, 1, luck(run), step, now)
    if given.forces[0].pause_until_h > now:
        return "attacker"
    return "defender" if given.forces[1].place != 0 else ""


def beaten(given: War, u: int, pressed: bool = False, luck: np.uint64 | None = None, step: int = 0) -> None:
    """Formation u falls back."""
    w, s, r = given.world, given.state, given.rules
    drawn = given.luck if luck is None else luck
    retreat(
        w.edges, w.objectives, w.hours, w.roster, s.forces, s.ground, r.breaking, r.cohesion, u, pressed, drawn, step
    )  # fmt: skip


def way_of(given: War, u: int) -> int:
    """Where formation u can go back to."""
    w, s = given.world, given.state
    return way_back(w.edges, w.objectives, w.hours, w.roster, s.forces, s.ground, u)


@pytest.mark.parametrize(("ratio", "wins", "days"), OUTCOMES)
def test_hazards_give_the_chance_and_the_length_of_a_battle(ratio, wins, days):
    # T20: 1 / (1 + rho^-2g) and 1 / (h0 (rho^g + rho^-g)).
    given = battle(ratio)
    hazard_a, hazard_d = hazards(
        given.world.edges,
        given.world.roster,
        given.world.works,
        given.state.forces,
        given.state.ground,
        given.state.battles,
        given.rules.breaking,
        0,
    )
    assert hazard_d / (hazard_a + hazard_d) == pytest.approx(wins)
    assert 1 / (hazard_a + hazard_d) == pytest.approx(days)


@pytest.mark.parametrize("step_hours", [6.0, 1.2])
def test_battles_end_alike_at_two_step_lengths(step_hours):
    # T21: at 2 to 1 the attacker wins 0.8 (sd 0.013 over 1,000 battles) after 4/3 days (sd 0.042) and half a step.
    wins, lengths = 0, []
    given = battle(2.0, step_hours)
    for run in range(1000):
        place_again(given)
        step = 0
        while not (who := broken(given, step, run)):
            step += 1
        wins += who == "defender"
        lengths.append((step + 0.5) * step_hours / 24)
    assert wins / 1000 == pytest.approx(0.8, abs=0.04)
    assert np.mean(lengths) == pytest.approx(4 / 3, abs=0.13)


def place_again(given: War) -> None:
    """Everybody where he stood, fresh."""
    given.forces.place[1], given.forces.pause_until_h, given.forces.cohesion = 0, 0.0, 1.0
    given.ground.penetration_km = 0.0
    take_stock(given.world.roster, given.state.forces, given.state.ground)


@given(st.floats(0.2, 5.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 30.0))
def test_what_weakens_a_side_never_lowers_its_risk(ratio, cohesion, ammunition, prepared):
    fresh = battle(ratio)
    worn = battle(ratio)
    worn.forces.cohesion, worn.forces.ammunition = cohesion, ammunition
    for new, old in zip(risks(worn), risks(fresh), strict=True):
        assert new >= old
    worn.forces[1].prepared_days = prepared
    assert risks(worn)[1] <= risks(battle_like(worn))[1]


def battle_like(given: War) -> War:
    """The same battle with nothing dug."""
    given.forces[1].prepared_days = 0.0
    return given


def risks(given: War) -> tuple[float, float]:
    return hazards(
        given.world.edges,
        given.world.roster,
        given.world.works,
        given.state.forces,
        given.state.ground,
        given.state.battles,
        given.rules.breaking,
        0,
    )


def test_weights_by_hand():
    # Cohesion 0.5 at weight 2 multiplies by e; a week's digging at weight 0.5 by exp(-0.5).
    given = battle(rules={"breaking.hazard": 1.0})
    given.forces.cohesion = 0.5
    given.forces[1].prepared_days = 7.0
    assert risks(given) == pytest.approx((np.e, np.e * np.exp(-0.5)))


def test_being_held_from_three_sides_counts():
    # Cells 1, 2 and 3 around the centre are the attacker's: exp(0.8).
    turned = battle(rules={"breaking.flank_weight": 0.8})
    assert risks(turned)[1] == pytest.approx(0.3 * np.exp(0.8))
    turned.ground[3].owner = 1
    assert risks(turned)[1] == pytest.approx(0.3)


def test_a_defence_pressed_in_gives_way_at_once():
    # The cell has 86.6 km2, so its depth is 9.31 km.
    given = battle(0.01, rules={"breaking.hazard": 1e-12})
    given.ground[0].penetration_km = 9.30
    assert broken(given, 0, 0) == ""
    given.ground[0].penetration_km = 9.31
    assert broken(given, 0, 0) == "defender"


@pytest.mark.parametrize(
    ("depth_km", "before", "share"), [(0.0, 0.0, 0.0), (4.653, 0.0, 0.5), (4.653, 0.6, 0.6), (99.0, 0.0, 1.0)]
)
def test_who_fought_his_way_in_need_not_march_it_again(depth_km, before, share):
    # Half of a depth of 9.306 km is half of the way; more marched before stays, and the way has an end.
    given = battle(1e6, rules={"breaking.hazard": 1e6})
    given.forces.heading[0], given.forces.progress[0] = 0, before
    given.ground[0].penetration_km = depth_km
    assert broken(given, 0, 0) == "defender"
    assert (given.forces[0].place, given.forces[0].heading) == (1, 0)
    assert given.forces[0].progress == pytest.approx(share, rel=1e-3)
    assert given.forces[1].progress == 0.0


def test_what_was_marched_elsewhere_counts_for_nothing_there():
    given = battle(1e6, rules={"breaking.hazard": 1e6})
    given.forces.heading[0], given.forces.progress[0] = 2, 0.9
    given.ground[0].penetration_km = 4.653
    assert broken(given, 0, 0) == "defender"
    assert given.forces[0].progress == pytest.approx(0.5, rel=1e-3)


def test_an_attack_that_stops_rests():
    given = battle(1e-3, rules={"breaking.hazard": 1e6, "breaking.pause_log_sd": 0.0})
    given.ground[0].penetration_km = 5.0
    assert broken(given, 2, 0) == "attacker"
    # Twelve hours into the war, and a day's rest.
    assert given.forces[0].pause_until_h == pytest.approx(36.0)
    assert given.ground[0].penetration_km == 0.0
    assert given.forces[0].progress == 0.0


def test_a_retreat_by_hand():
    # Cohesion 0.5 less 0.08; 0.03 * 0.58 of the men and a tenth of the guns stay behind.
    given = battle(guns=100.0)
    given.forces[1].cohesion = 0.5
    beaten(given, 1)
    unit = given.forces[1]
    assert unit.place == 6
    assert (unit.cohesion, unit.captured, unit.guns) == pytest.approx((0.42, 10_000 * 0.03 * 0.58, 90.0))
    assert given.ground.defenders[[0, 6], 1].tolist() == [0, 1]
    assert given.ground[6].men[1] == pytest.approx(unit.men)


def test_the_beaten_leave_their_cell_at_once_and_march_the_rest():
    # 40 km: one cell of 10 at once; 30 on foot at 28.35 a day are done after 25.4 h, and there they stand.
    given = war([{"start": 7, "fallback": 0}], strip(8), rules={"breaking.retreat_km": 40.0})
    beaten(given, 0, False)
    assert (given.forces[0].place, given.forces[0].retreats_km) == (6, pytest.approx(30.0))
    r = given.rules
    for step, place in enumerate([6, 5, 4, 4, 3, 3, 3]):
        march(given.world, given.state, r.movement, r.weather, r.control, r.roads, r.turning, r.wear, 6.0 * step)
        assert given.forces[0].place == place
    assert (given.forces[0].retreats_km, given.forces[0].progress) == (0.0, 0.0)


def test_a_retreat_ends_at_the_nearest_cell_and_at_its_goal():
    # 24 km are two cells of 10, 26 are three; the line of retreat ends after one.
    assert [rest_of_way(km - 10.0, 10.0) > 0 for km in (24.0, 26.0)] == [False, True]
    given = war([{"start": 1, "fallback": 0}], strip(8), rules={"breaking.retreat_km": 40.0})
    beaten(given, 0, False)
    assert (given.forces[0].place, given.forces[0].retreats_km) == (0, 0.0)


def test_who_is_pressed_in_falls_back_a_cell_and_pays_by_the_kilometre():
    # 10 km of 20: half of 0.08 of cohesion, of a tenth of the guns, and of 3 % of the men times 0.04.
    given = battle(guns=100.0, rules={"breaking.retreat_km": 20.0})
    beaten(given, 1, True)
    unit = given.forces[1]
    assert (unit.place, unit.retreats_km) == (6, 0.0)
    assert (unit.cohesion, unit.captured, unit.guns) == pytest.approx((0.96, 10_000 * 0.015 * 0.04, 95.0))


def test_a_retreat_never_enters_ground_the_enemy_holds_or_bars():
    given = battle()
    given.ground[6].owner = 0
    assert way_of(given, 1) in (4, 5)
    given.ground.defenders[[4, 5], 0] = 1
    assert way_of(given, 1) == -1


def test_a_formation_without_a_way_stands_and_breaks_up_only_when_worn_out_in_a_ring():
    given = battle()
    given.ground.owner[1:7] = 0
    given.forces[1].cohesion = 0.5
    beaten(given, 1)
    assert given.forces[1].place == 0
    given.forces[1].cohesion = 0.1
    beaten(given, 1)
    assert given.forces[1].status == DESTROYED


def test_works_are_passed_by_and_open_towns_given_up():
    given = war(
        [{"start": 1}, {"side": 1, "role": GARRISON, "works": 0}, {"side": 1, "role": GARRISON}],
        east=[0, 4, 5, 6], works=[{"cell": 0, "strength": 2, "side": 1}],
    )  # fmt: skip
    given.forces.target[0] = 0
    gather(given)
    given.ground[0].penetration_km = 100.0
    give_way(given.world, given.state, given.rules.breaking, given.rules.cohesion, 0, given.luck, 0)
    assert given.forces.place.tolist() == [1, 0, -1]
    assert given.ground[0].entered == 1


@given(st.integers(0, 1000), st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.booleans())
def test_men_and_tanks_are_kept_through_retreat_and_break_up(run, cohesion, captured, ringed):
    given = battle(rules={"breaking.dissolve_captured": captured}, tanks=30.0)
    men, tanks = all_men(given), all_tanks(given)
    given.forces[1].cohesion = cohesion
    if ringed:
        dissolve(given.world.roster, given.state.forces, given.state.ground, given.rules.breaking, 1, luck(run), 3)
    else:
        beaten(given, 1, luck=luck(run), step=3)
    assert all_men(given) == pytest.approx(men)
    assert all_tanks(given) == pytest.approx(tanks)
    assert (given.forces.men >= 0).all()


def test_the_share_taken_of_the_broken_has_its_mean():
    # Drawn evenly from 0 to twice 0.03; 1,000 formations know the mean to 0.0005.
    given = war([{"side": 1} for _ in range(1000)])
    for u in range(1000):
        dissolve(given.world.roster, given.state.forces, given.state.ground, given.rules.breaking, u, given.luck, 0)
    assert given.forces.captured.mean() / 10_000 == pytest.approx(0.03, abs=0.002)
    assert given.forces.killed.mean() / 10_000 == pytest.approx(0.3)
