"""One draw of the parameters and one reading of the ledger for every run."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtri

from khingan.engine.chance import CLAIM, CLAIM_ARMY, PARAMETER
from khingan.simulation.draws import draw_parameters, readings, uniforms, whole
from khingan.simulation.play import play_chunk
from khingan.simulation.settings import DRAWN, Settings
from khingan.world.compile import World
from khingan.world.names import Names
from khingan.world.quantities import SPAN
from worlds import far_east_world, toy_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    return toy_world(tmp_path)


def men(world: World, settings: Settings, first: int, count: int) -> np.ndarray:
    """Men of every formation as read, (run, formation)."""
    return np.stack([reading.formations.men for reading in readings(world, settings, 7, first, count)])


def test_detachments_are_taken_out_of_the_formation_they_are_counted_inside() -> None:
    # A division of 100 with a regiment of 30, which has a battalion of 20: 70, 10 and 20 stand apart.
    np.testing.assert_array_equal(whole(np.array([[100.0, 30.0, 20.0]]), np.array([-1, 0, 1])), [[70, 10, 20]])


def test_a_detachment_read_larger_than_its_formation_leaves_it_empty_not_negative() -> None:
    np.testing.assert_array_equal(whole(np.array([[10.0, 30.0]]), np.array([-1, 0])), [[0, 30]])


def test_what_is_counted_inside_is_not_counted_twice() -> None:
    """At the best reading of the real campaign each side has the men of its rows that stand inside no other."""
    world = far_east_world()
    read, muster = men(world, Settings("median", "best"), 0, 1)[0], world.muster
    for side in (0, 1):
        own = muster.roster.side == side
        assert abs(read[own].sum() - muster.men.best[own & (muster.parent < 0)].sum()) < 1e-6


def test_readings_are_the_same_for_any_chunking(world: World) -> None:
    cut = [one for first, count in ((0, 3), (3, 1), (4, 2)) for one in readings(world, DRAWN, 7, first, count)]
    for one, other in zip(readings(world, DRAWN, 7, 0, 6), cut, strict=True):
        assert all(a.tobytes() == b.tobytes() for a, b in zip(one, other, strict=True))


def test_cells_that_rest_on_one_claim_are_drawn_once() -> None:
    """All rows of an army under one strength claim are too large or too small together, by the same factor."""
    muster = far_east_world().muster
    own = np.flatnonzero((muster.men.claim == muster.men.claim[0]) & (muster.men.group == muster.men.group[0]))
    own = [u for u in own if u not in muster.parent and muster.men.best[u] > 0]
    factor = men(far_east_world(), DRAWN, 0, 8)[:, own] / muster.men.best[own]
    assert len(own) > 3
    np.testing.assert_allclose(factor, factor[:, :1] * np.ones(len(own)))
    assert np.ptp(factor[:, 0]) > 0


def test_half_of_the_variance_is_common_to_an_army_and_none_to_two(world: World) -> None:
    """reading.common_share 0.5: claims of one army correlate by 0.5, those of two armies by 0; 4,000 runs give ±0.02"""
    quantity, read = world.muster.men, men(world, DRAWN, 0, 4000)
    number = world.names.index["formations"]
    read[:, number["jp-division"]] += read[:, number["jp-garrison"]]
    log = np.log(read / quantity.best)
    z = np.where(log < 0, -log / quantity.below, log / quantity.above) * SPAN
    columns = [number[name] for name in ("jp-division", "jp-garrison", "su-division")]
    correlation = np.corrcoef(z[:, columns].T)
    assert abs(correlation[0, 1] - 0.5) < 0.05
    assert abs(correlation[0, 2]) < 0.05
    # Mixed of two standard normals, it is one again: nine in ten between low and high.
    assert abs(np.mean(np.abs(z[:, columns]) < SPAN) - 0.9) < 0.01


def test_best_and_median_do_not_vary(world: World) -> None:
    plain = Settings("median", "best")
    assert np.ptp(draw_parameters(world, plain, 7, 0, 20), axis=0).max() == 0
    first, *others = readings(world, plain, 7, 0, 5)
    assert all(a.tobytes() == b.tobytes() for other in others for a, b in zip(first, other, strict=True))
    np.testing.assert_array_equal(first.formations.start, world.muster.start)


def test_draws_follow_their_priors(world: World) -> None:
    """A quarter of the draws of every free parameter lies in each quarter of its prior; 4,000 runs give ±0.03."""
    drawn = draw_parameters(world, Settings("prior"), 7, 0, 4000)
    for column, name in enumerate(world.names.parameters):
        prior = world.parameters[name].prior
        for share in (0.25, 0.5, 0.75) if prior.kind != "fixed" else ():
            assert abs(np.mean(drawn[:, column] <= prior.quantile(share)) - share) < 0.03, name


def test_a_pinned_parameter_stands_in_the_record_and_moves_no_other(world: World) -> None:
    free = play_chunk(world, DRAWN, 7, 0, 3)["draw"]
    pinned = play_chunk(world, Settings(pinned={"combat.loss_attacker": 0.0123}), 7, 0, 3)["draw"]
    column = world.names.number("parameters", "combat.loss_attacker")
    np.testing.assert_allclose(pinned[:, column], 0.0123, rtol=1e-6)
    np.testing.assert_array_equal(np.delete(pinned, column, axis=1), np.delete(free, column, axis=1))


def test_a_parameter_more_or_in_another_place_moves_no_other(world: World) -> None:
    """Draws are keyed by name: a new parameter file must not shift the luck of the old ones."""
    names = world.names.parameters[5:][::-1]
    fields = {name: getattr(world.names, name) for name in Names.__dataclass_fields__ if name != "index"}
    fewer = replace(world, names=Names(**{**fields, "parameters": names}))
    drawn = draw_parameters(fewer, DRAWN, 7, 0, 3)
    np.testing.assert_array_equal(drawn[:, ::-1], draw_parameters(world, DRAWN, 7, 0, 3)[:, 5:])


def test_every_purpose_has_luck_of_its_own() -> None:
    # 2,000 pairs without connection: |correlation| beyond 0.1 has a chance below 1 in 100,000.
    keys = np.arange(1, 2001)
    drawn = [ndtri(uniforms(7, 0, 1, keys, purpose)[0]) for purpose in (PARAMETER, CLAIM, CLAIM_ARMY)]
    assert np.abs(np.corrcoef(drawn) - np.eye(3)).max() < 0.1


def test_starting_cells_are_among_the_choices_and_all_of_them_come_up() -> None:
    world = far_east_world()
    start = np.stack([reading.formations.start for reading in readings(world, DRAWN, 7, 0, 200)])
    for u, choices in enumerate(world.muster.start_choices):
        if choices.size:
            assert set(start[:, u].tolist()) <= set(choices.tolist())
        else:
            assert (start[:, u] == world.muster.start[u]).all()
    few = next(u for u, choices in enumerate(world.muster.start_choices) if 1 < choices.size < 8)
    assert set(start[:, few].tolist()) == set(world.muster.start_choices[few].tolist())
