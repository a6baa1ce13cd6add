"""Fetching: the machine is told which rows a kernel will read soon, and brings them near while it works on others."""

from typing import Any

from llvmlite import ir
from numba import config
from numba.core import cgutils, types
from numba.extending import intrinsic

from khingan.engine.state import Array

_config: Any = config
_intrinsic: Any = intrinsic


def _hint(_context: Any, array: Any, row: Any) -> Any:
    """Typing and code of `fetch`: the hint for the line in which the row begins."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        view = context.make_array(array)(context, builder, value=values[0])
        place = context.cast(builder, values[1], row, types.intp)
        stride = cgutils.unpack_tuple(builder, view.strides)[0]
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        start = builder.gep(builder.bitcast(view.data, byte), [builder.mul(place, stride)])
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        builder.call(prefetch, [start, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(array, row), generate


def _nothing(array: Array, row: int) -> None:
    """In plain Python there is nothing to hasten."""


# fetch(array, row) brings the line in which array[row] begins near. It changes nothing, and a row that does not exist
# does no harm.
fetch: Any = _nothing if _config.DISABLE_JIT else _intrinsic(_hint)
