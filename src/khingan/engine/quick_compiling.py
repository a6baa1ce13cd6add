"""What kernels spare numba while it compiles them, and the machine while it plays.

Types: for every `a + b` numba tries each of dozens of meanings of `+`, those of strings, lists and dates too, until
one fits: a third of the time of a first compile. The answer depends on the operation and its operands' types alone, so
it is found out once.

Names: the type of a table is told by all its fields, and numba makes that text, names made from it and hashes of it
again and again: a tenth of a first compile. Each is made once.

Indices: numba lets every index count from the end when it is negative, a comparison and a choice at each access. No
kernel counts from the end (a test plays the first day with arrays that refuse it).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from numba.core import itanium_mangler
from numba.core.types import Function, Record, Type, intp, uintp
from numba.core.types.functions import BaseFunction
from numba.np import arrayobj

from khingan.engine.array_values import make_array

_ask: Any = BaseFunction.get_call_type
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


def _once(question: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A question about a type that is asked once of each; what is kept with the answer keeps its identity."""
    answers: dict[int, tuple[Any, Any]] = {}

    def answer(self: Any) -> Any:
        known = answers.get(id(self))
        if known is None:
            known = answers[id(self)] = question(self), self
        return known[0]

    return answer


_mangler: Any = itanium_mangler
QUICK: tuple[tuple[Any, str, Any], ...] = (
    (BaseFunction, "get_call_type", _remember), (arrayobj, "fix_integer_index", _as_it_is),
    (arrayobj, "make_array", make_array),
    (Type, "__hash__", _once(Type.__hash__)), (Record, "__repr__", _once(Record.__repr__)),
    (_mangler, "_escape_string", cache(_mangler._escape_string)),
)  # fmt: skip


@contextmanager
def spared() -> Iterator[None]:
    """Within it numba compiles so. Its compiler's lock must be held, so that nobody else compiles meanwhile."""
    outer = [getattr(owner, name) for owner, name, _ in QUICK]
    for owner, name, quick in QUICK:
        setattr(owner, name, quick)
    try:
        yield
    finally:
        for (owner, name, _), before in zip(QUICK, outer, strict=True):
            setattr(owner, name, before)
