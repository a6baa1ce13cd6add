"""Luck under published tests of random bits, along every key: neighbouring keys must be strangers.

Marsaglia's birthday spacings and matrix ranks (Diehard, 1995), NIST SP 800-22 frequency and runs, and the strict
avalanche criterion (Webster and Tavares 1985). The draws are fixed, so a test that passes passes always.
"""

import numpy as np
import plain
import pytest
from scipy.stats import chisquare, norm, poisson

AXES = ("seed", "run", "step", "entity", "purpose")
BITS = np.arange(52, -1, -1, dtype=np.uint64)


def words(count: int, **moving: int) -> np.ndarray:
    """The 53 bits of draws whose named keys go up by the given strides together, the others held."""
    keys = {"seed": 1945, "run": 3, "step": 5, "entity": 11, "purpose": 13}
    n = np.arange(count, dtype=np.uint64)
    columns = [np.uint64(value) + n * np.uint64(moving.get(name, 0)) for name, value in keys.items()]
    with np.errstate(over="ignore"):
        return hashed(*columns) >> np.uint64(11)


def scramble(x: np.ndarray) -> np.ndarray:
    """The finaliser, on a whole column."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(plain.FIRST)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(plain.SECOND)
    return x ^ (x >> np.uint64(31))


def hashed(seed, run, step, entity, purpose) -> np.ndarray:
    """The chained hash of columns of keys; compared with the engine's own in the first test."""
    golden, first, second = (np.uint64(word) for word in (plain.GOLDEN, plain.FIRST, plain.SECOND))
    x = scramble(scramble(seed + golden) ^ (run * golden + first))
    for key, salt in ((step, second), (entity, first), (purpose, np.uint64(0))):
        x = scramble(x ^ (key * golden + salt))
    return x


STREAMS = [{axis: 1} for axis in AXES] + [{"run": 1, "step": 1}, {"step": 1, "entity": 1}, {"entity": 2**40}]
each_stream = pytest.mark.parametrize("moving", STREAMS, ids=lambda moving: "+".join(moving))


def test_the_columns_are_the_engine_s_own_numbers():
    got = (words(50, run=1, entity=3) + 0.5) / 2**53
    assert got.tolist() == [plain.uniform(1945, 3 + n, 5, 11 + 3 * n, 13) for n in range(50)]


@each_stream
def test_every_bit_is_as_often_one_as_nought_and_runs_are_as_long_as_they_should_be(moving):
    # NIST 2.1 and 2.3 for each of the 53 bits: 106 statistics, so a limit that one in ten thousand would pass.
    bits = (words(1 << 15, **moving)[:, None] >> BITS & np.uint64(1)).astype(float)
    share, limit = bits.mean(axis=0), norm.isf(1e-6)
    assert (np.abs(2 * share - 1) * np.sqrt(len(bits)) < limit).all()
    runs = 1 + (bits[1:] != bits[:-1]).sum(axis=0)
    even = 2 * len(bits) * share * (1 - share)
    assert (np.abs(runs - even) / (2 * np.sqrt(len(bits)) * share * (1 - share)) < limit).all()


@each_stream
def test_birthdays_are_spaced_by_chance(moving):
    # 512 birthdays in a year of 2**24 days: equal spacings are Poisson with mean m**3 / 4n = 2. 500 years.
    years = words(512 * 500, **moving).reshape(500, 512) & np.uint64(2**24 - 1)
    spacings = np.sort(np.diff(np.sort(years, axis=1), axis=1), axis=1)
    repeats = (np.diff(spacings, axis=1) == 0).sum(axis=1)
    expected = np.append(poisson.pmf(np.arange(6), 2.0), poisson.sf(5, 2.0)) * len(years)
    assert chisquare(np.bincount(np.minimum(repeats, 6), minlength=7), expected).pvalue > 1e-4


@each_stream
def test_matrices_of_bits_have_the_ranks_of_random_ones(moving):
    # 32 x 32: rank 32 in 28.88 %, 31 in 57.76 %, less in 13.36 % (Marsaglia and Tsay 1985).
    rows = words(32 * 600, **moving).reshape(600, 32) >> np.uint64(21)
    ranks = np.array([rank([int(row) for row in matrix]) for matrix in rows])
    counts = [(ranks == 32).sum(), (ranks == 31).sum(), (ranks <= 30).sum()]
    assert chisquare(counts, np.array([0.2888, 0.5776, 0.1336]) * len(rows)).pvalue > 1e-4


def rank(rows: list[int]) -> int:
    """Rank of a matrix over the field of two elements, a whole number a row."""
    found = 0
    while rows:
        pivot = rows.pop()
        if pivot:
            found += 1
            low = pivot & -pivot
            rows = [row ^ pivot if row & low else row for row in rows]
    return found


@pytest.mark.parametrize("axis", AXES)
def test_one_changed_bit_of_a_key_changes_half_of_the_number(axis):
    # Each of the 53 bits flips with chance one half: over 20,000 keys its share has sd 0.0035.
    keys = {name: np.arange(20_000, dtype=np.uint64) * np.uint64(7919) for name in AXES}
    with np.errstate(over="ignore"):
        before = hashed(**keys)
        for bit in (0, 1, 7, 31, 53):
            after = hashed(**(keys | {axis: keys[axis] ^ np.uint64(1 << bit)}))
            flipped = ((before ^ after) >> np.uint64(11))[:, None] >> BITS & np.uint64(1)
            assert np.abs(flipped.mean(axis=0) - 0.5).max() < 5.5 * 0.0035
