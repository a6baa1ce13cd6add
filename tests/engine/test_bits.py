"""The lowest bit that is set, as the machine counts it and as arithmetic does."""

from khingan.engine.bits import _lowest, lowest
from khingan.engine.compiled import kernel


@kernel
def first_of(bits):
    """The place of the lowest bit."""
    return lowest(bits)


def test_the_lowest_bit_of_every_set_of_six_edges():
    """bits & -bits leaves the lowest bit alone, 2 to the power of its place."""
    for bits in range(1, 64):
        assert first_of(bits) == _lowest(bits)
        assert 2 ** first_of(bits) == bits & -bits
