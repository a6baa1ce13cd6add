"""Bits: the edges of a cell that pass a test, gathered without a branch, so that only they are looked at again."""

from typing import Any

from llvmlite import ir
from numba import config
from numba.core import types
from numba.extending import intrinsic

_config: Any = config
_intrinsic: Any = intrinsic


def _count_zeros(_context: Any, bits: Any) -> Any:
    """Typing and code of `lowest`: the machine's own count of the zeros below the lowest bit."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.cttz(context.cast(builder, values[0], bits, types.int64), ir.IntType(1)(True))

    return types.int64(bits), generate


def _lowest(bits: int) -> int:
    """The same in plain Python."""
    return (int(bits) & -int(bits)).bit_length() - 1


# lowest(bits) is the place, from 0, of the lowest bit that is set; there must be one.
lowest: Any = _lowest if _config.DISABLE_JIT else _intrinsic(_count_zeros)
