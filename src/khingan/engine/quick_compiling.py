"""What kernels spare numba while it compiles them, and the machine while it plays.

Types: for every `a + b` numba tries each of dozens of meanings of `+`, those of strings, lists and dates too, until
one fits: a third of the time of a first compile. The answer depends on the operation and its operands' types alone, so
it is found out once.

Indices: numba lets every index count from the end when it is negative, a comparison and a choice at each access. No
kernel counts from the end (a test plays the first day with arrays that refuse it).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from numba.core.types import Function, intp, uintp
from numba.core.types.functions import BaseFunction
from numba.np import arrayobj

_functions: Any = BaseFunction
_indexing: Any = arrayobj
_ask = _functions.get_call_type
_known: dict[tuple[int, ...], tuple[Any, ...]] = {}


def _remember(self: Any, context: Any, args: Any, kws: Any) -> Any:
    """numba's own answer, kept for builtin operations; types are unique objects, so their identities are the key."""
    if type(self) is not Function or kws:
        return _ask(self, context, args, kws)
    key = (id(context), id(self), *map(id, args))
    if key not in _known:
        # What is kept with the answer keeps the identities of the key alive.
        _known[key] = (_ask(self, context, args, kws), context, self, args)
    return _known[key][0]


def _as_it_is(context: Any, builder: Any, kind: Any, index: Any, size: Any) -> Any:
    """The index widened to that of the machine; the length of the array is not asked."""
    return context.cast(builder, index, kind, intp if kind.signed else uintp)


@contextmanager
def spared() -> Iterator[None]:
    """Within it numba compiles so. Its compiler's lock must be held, so that nobody else compiles meanwhile."""
    outer = _functions.get_call_type, _indexing.fix_integer_index
    _functions.get_call_type, _indexing.fix_integer_index = _remember, _as_it_is
    try:
        yield
    finally:
        _functions.get_call_type, _indexing.fix_integer_index = outer
