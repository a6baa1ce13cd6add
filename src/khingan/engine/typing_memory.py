"""A memory for numba's type inference: what an operation of known operands is, is found out once.

For every `a + b` numba tries each of dozens of meanings of `+`, those of strings, lists and dates included, until one
fits: a third of the time of a first compile. The answer depends on the operation and its operands' types alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from numba.core.types import Function
from numba.core.types.functions import BaseFunction

_functions: Any = BaseFunction
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


@contextmanager
def remembered() -> Iterator[None]:
    """Within it numba remembers. Its compiler's lock must be held, so that nobody else compiles meanwhile."""
    outer = _functions.get_call_type
    _functions.get_call_type = _remember
    try:
        yield
    finally:
        _functions.get_call_type = outer
