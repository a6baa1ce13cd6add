"""A disputable number on its way to the engine: best value, range, bounds."""

import numpy as np
from scipy.special import ndtri

from khingan.evidence.ledger import Ledger
from khingan.world.quantities import Quantity, key_of, quantity
from worlds import far_east, far_east_world, toy_scenario

# Standard normals at the middles of 10,000 equal shares: a sample without chance.
EVEN = ndtri((np.arange(10_000) + 0.5) / 10_000)[:, None]


def single(best: float, below: float, above: float, **options: object) -> Quantity:
    """A quantity of one element."""
    one = np.zeros(1, np.int64)
    return Quantity(np.array([best]), np.array([below]), np.array([above]), one, one, **options)  # type: ignore[arg-type]


def test_nine_draws_in_ten_lie_between_low_and_high() -> None:
    # The contract of the ledger: low and high are the 5 % and 95 % points, so 5 % lie beyond either.
    drawn = single(100, np.log(0.5), np.log(3)).draw(EVEN)
    assert np.mean(drawn < 50) == 0.05
    assert np.mean(drawn > 300) == 0.05


def test_the_median_is_the_best_value() -> None:
    assert single(100, np.log(0.5), np.log(3)).draw(np.zeros((1, 1)))[0, 0] == 100
    assert abs(np.median(single(100, np.log(0.5), np.log(3)).draw(EVEN)) - 100) < 0.1


def test_a_shift_moves_by_addition() -> None:
    # 1.645 standard deviations are the whole shift: 30 h and 3 h either way.
    hours = single(30, -3, 3, shift=True).draw(np.array([[-1.6448536269514722], [1.6448536269514722]]))
    np.testing.assert_allclose(hours[:, 0], [27, 33])


def test_draws_stay_inside_their_bounds() -> None:
    quality = single(0.9, np.log(0.5), np.log(2), bounds=(0.0, 1.0)).draw(EVEN)
    assert quality.max() == 1.0
    hours = single(1, -30, 30, shift=True).draw(EVEN)
    assert hours.min() == 0.0


def ledger(tmp_path) -> Ledger:
    return toy_scenario(tmp_path / "toy").ledger


def test_a_claim_of_the_ledger_brings_its_own_range(tmp_path) -> None:
    # garrison-men is written 800, 1000, 1500: those are the 5, 50 and 95 % points.
    men = quantity(ledger(tmp_path), [1000.0], ["garrison-men"], ["jp-army"])
    np.testing.assert_allclose(men.draw(np.array([[-1.6448536], [0], [1.6448536]]))[:, 0], [800, 1000, 1500])


def test_what_rests_on_no_claim_or_is_nothing_is_certain(tmp_path) -> None:
    # A garrison without tanks has none in any reading, however wide the claim.
    given = quantity(ledger(tmp_path), [7.0, 0.0], ["", "garrison-men"], ["a", "a"])
    np.testing.assert_array_equal(given.draw(EVEN), np.broadcast_to([7.0, 0.0], (10_000, 2)))


def test_no_two_names_share_their_luck() -> None:
    # Keys are 62 bits of a hash; two names with one key would silently be drawn as one.
    scenario, world = far_east(), far_east_world()
    names = {*scenario.ledger.claims, *world.names.armies, *world.names.parameters, *world.names.formations}
    assert len({key_of(name) for name in names}) == len(names)
    assert all(0 <= key_of(name) < 2**62 for name in names)
