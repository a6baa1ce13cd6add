"""Contact: what lines that face each other lose without an attack, and what troops behind a battle lose."""

import numpy as np
import plain
import pytest
from small_world import RIFLE_POINTS, SIDE_KM, War, all_men, war

from khingan.engine.contact import begin_account, enemy_sides, hold_the_line, list_faced, lose_behind
from khingan.engine.state import NEVER, SUPPORT

EVEN = {"combat.quality_ratio": 1.0, "combat.frontage": 1e9, "combat.holding": 0.2}
RATE = 0.2 * np.sqrt(0.015 * 0.018)  # a day: the mean of the rates of attack and defence, a fifth of a battle


def facing(*units: dict, **rules: float) -> War:
    """One day along the lines of formations that nobody attacks now; side 0 in cell 0, side 1 beside it."""
    given = war(list(units), east=[1, 2], step_hours=24.0, rules=EVEN | rules)
    given.forces.first_hit_h = 0.0  # the war has begun
    hold_the_line(given.world, given.reading, given.state, given.rules.combat, given.rules.cohesion)
    return given


def test_the_list_of_cells_beside_the_enemy_is_what_a_look_around_every_cell_finds():
    given = war([{}, {"side": 1, "start": 3}, {"side": 1, "start": 3}, {"side": 1, "start": 4, "role": SUPPORT}])
    near, ground, faced = given.world.near, given.state.ground, given.state.doubtful
    count = list_faced(near, given.world.roster, given.state.forces, ground, faced, 0)
    expected = [cell for cell in range(len(ground)) if enemy_sides(near, ground, cell, 0) > 0]
    assert sorted(faced[:count]) == expected == np.flatnonzero(given.ground.faced).tolist()
    assert facing({}, {"side": 1, "start": 1}).ground.faced.sum() == 0  # afterwards no cell is marked


def test_equal_lines_lose_a_fixed_share_a_day():
    # At equal power the law of losses is exponential, whatever its exponent.
    given = facing({}, {"side": 1, "start": 1})
    assert given.forces.men == pytest.approx(10_000 * np.exp(-RATE))
    assert all_men(given) == pytest.approx([10_000, 10_000])


def test_lines_in_woods_lose_by_the_factor_of_woods():
    lost = []
    for woods in (1.0, 2.0):
        given = war([{}, {"side": 1, "start": 1}], step_hours=24.0, rules=EVEN | {"combat.woods_losses": woods})
        given.world.land.ground[:], given.forces.first_hit_h = 0, 0.0  # rugged, wooded; the war has begun
        hold_the_line(given.world, given.reading, given.state, given.rules.combat, given.rules.cohesion)
        lost.append(np.log(10_000 / given.forces.men))
    assert lost[1] == pytest.approx(2.0 * lost[0])


def test_a_line_faced_from_two_cells_shares_its_power_among_them():
    # Two cells with half of its power each face it: all three lose the share of equals, but for the men whom the first
    # side costs and the second no longer finds.
    given = facing({"men": 10_000}, {"side": 1, "start": 1, "men": 5_000}, {"side": 1, "start": 2, "men": 5_000})
    assert given.forces.men == pytest.approx(np.array([10_000, 5_000, 5_000]) * np.exp(-RATE), rel=1e-5)


def test_only_what_has_room_on_the_common_side_loses():
    # Room for a tenth of the points of either: a tenth of the men are exposed to the same loss.
    whole = facing({}, {"side": 1, "start": 1})
    room = 0.1 * 10 * RIFLE_POINTS * 1.05 / SIDE_KM  # the ground defends by 1.05
    part = facing({}, {"side": 1, "start": 1}, **{"combat.frontage": room})
    assert 10_000 - part.forces[0].men == pytest.approx(0.1 * (10_000 - whole.forces[0].men))


def test_more_superiority_than_the_law_was_seen_at_changes_nothing():
    # The share lost hangs on the ratio alone: at a hundred to one it is that of four to one.
    four, hundred = (
        facing({"men": men}, {"side": 1, "start": 1, "men": 100.0}, **{"combat.losses_most_ratio": 4.0})
        for men in (400.0, 10_000.0)
    )
    assert hundred.forces.men / (10_000, 100) == pytest.approx(four.forces.men / (400, 100))


@pytest.mark.parametrize("still", ["passive", "far", "off", "fought", "peace"])
def test_no_losses_without_contact(still):
    given = war([{}, {"side": 1, "start": 8 if still == "far" else 1}], east=[1],
                rules=EVEN | {"combat.holding": 0.0 if still == "off" else 0.2})  # fmt: skip
    if still == "passive":
        given.forces.passive[1], given.ground.defenders[1, 1] = 1, 0
    given.forces.fought, given.forces.first_hit_h = still == "fought", NEVER if still == "peace" else 0.0
    hold_the_line(given.world, given.reading, given.state, given.rules.combat, given.rules.cohesion)
    assert (given.forces.men == 10_000).all()


def test_troops_behind_lose_their_part_of_the_armys_share():
    # A division of 10,000 loses 500 in battle, seven in ten of them wounded; of 4,000 behind it 0.4 * 5 % are hit.
    given = war([{}, {"role": SUPPORT, "men": 4_000}, {"side": 1, "start": 8}], rules={"combat.behind_losses": 0.4})
    begin_account(given.world.roster, given.forces, given.state.armies)
    given.forces[0].killed, given.forces[0].wounded = 150.0, 350.0
    lose_behind(given.world.roster, given.forces, given.state.armies, given.rules.combat, given.rules.cohesion)
    assert given.forces.men == pytest.approx([10_000, 4_000 * (1 - 0.4 * 0.05), 10_000])
    assert given.forces[1].killed == pytest.approx(0.3 * 80)


def test_lines_lose_what_the_list_of_pairs_says():
    # The twin: all pairs of neighbouring cells of both sides, each fought by the law integrated in small steps.
    men = np.random.default_rng(3).uniform(2_000, 12_000, 7)
    sides = np.array([0, 1, 0, 1, 1, 0, 1])
    given = facing(*({"side": int(s), "start": n, "men": m} for n, (s, m) in enumerate(zip(sides, men, strict=True))))
    near = given.world.edges.neighbour[:7]
    pairs = [(a, b) for a in range(7) for b in near[a] if sides[a] == 0 and 0 <= b < 7 and sides[b] == 1]
    parts = [[c for pair in pairs for c in pair].count(cell) for cell in range(7)]
    lost = np.zeros(7)
    for a, b in pairs:
        before = men[a] / parts[a], men[b] / parts[b]
        after = plain.fight(*before, RATE, RATE, 0.5, 1.0)
        lost[[a, b]] += [before[0] - after[0], before[1] - after[1]]
    assert men - given.forces.men == pytest.approx(lost, rel=0.01)  # the engine takes one pair after the other
