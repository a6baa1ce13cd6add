"""Named tuples of tables, handed to kernels by address.

numba unpacks a tuple of arrays into pointers, shapes and strides at every call: a sentence of the step, which gets the
records `world`, `reading` and `state`, would be called with a thousand numbers, and half of all that a first compile
writes, reads and optimises would be those numbers. A bundle is one address: of a block of words that Python fills
before it calls an entry, and of which a kernel reads those that it uses. A word is a number, or the address of an
array (its lengths and strides follow), of an element or of a bundle within the bundle. What a field holds is part of
the bundle's type, so another dtype or another number of dimensions is another kernel, or an error, and never a false
reading.
"""

from ctypes import addressof, c_char
from functools import cache
from hashlib import sha256
from struct import Struct
from typing import Any

import numpy as np
from llvmlite import ir
from numba import typeof
from numba.core import cgutils, types
from numba.core.datamodel import models, register_default
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import NativeValue, typeof_impl, unbox

WORD = ir.IntType(64)
MOST_SEEN = 4096
LAID_OUT = 0x0503  # numpy's flags for rows close together, columns close together, aligned, writeable
NUMBERS = {types.int64: "q", types.uint64: "Q", types.float64: "d"}


class Bundle(types.Type):
    """The type of a named tuple: its fields and what each holds."""

    def __init__(self, kind: str, names: tuple[str, ...], held: tuple[Any, ...]) -> None:
        self.names, self.held = names, held
        told = sha256(" ".join([*names, *map(str, held)]).encode()).hexdigest()[:16]
        super().__init__(name=f"{kind}.{told}")
        self.places: dict[str, int] = {}  # the first word of each field
        place = 0
        for name, each in zip(names, held, strict=True):
            self.places[name] = place
            place += len(_format(each))

    def holds(self, name: str) -> Any:
        """The type of a field, None if there is none of that name."""
        return self.held[self.names.index(name)] if name in self.names else None


def _format(held: Any) -> str:
    """The words of a field, one letter each, as `struct` knows them."""
    return "q" + "qq" * held.ndim if isinstance(held, types.Array) else NUMBERS.get(held, "q")


@cache
def _bundle(kind: str, names: tuple[str, ...], held: tuple[Any, ...]) -> tuple[Bundle, Struct]:
    return Bundle(kind, names, held), Struct("".join(map(_format, held)))


_bundles: dict[tuple[Any, ...], tuple[Bundle, Struct, tuple[Any, ...]]] = {}


def _bundle_of(given: Any, held: tuple[Any, ...]) -> tuple[Bundle, Struct]:
    """The bundle's type and form, looked for by the identity of what it holds: types take long to compare."""
    key = (type(given), *map(id, held))
    if key not in _bundles:
        if len(_bundles) >= MOST_SEEN:
            _bundles.clear()
        _bundles[key] = *_bundle(type(given).__name__, given._fields, held), held
    return _bundles[key][:2]


class Packed:
    """A named tuple as the engine reads it; what it holds stays alive with it."""

    __slots__ = ("address", "kept", "kind")

    def __init__(self, given: Any) -> None:
        words: list[Any] = []
        held: list[Any] = []
        self.kept: list[Any] = [given]
        for value in given:
            held.append(self._lay(value, words))
        self.kind, form = _bundle_of(given, tuple(held))
        block = bytearray(form.pack(*words))
        self.address = _address(block) if block else 0
        self.kept.append(block)

    def _lay(self, value: Any, words: list[Any]) -> Any:
        """Add the words of a field; the type of what it holds."""
        if isinstance(value, np.ndarray):
            value = np.asarray(value)  # a record array looks for fields before it tells of itself
            words.append(value.ctypes.data)
            words.extend(value.shape)
            words.extend(value.strides)
            return _type_of(value, value.ndim, value.flags.num & LAID_OUT)
        if isinstance(value, np.void):
            words.append(np.frombuffer(value, np.uint8).ctypes.data)
            return _type_of(value)
        if is_bundle(value):
            inner = Packed(value)
            self.kept.append(inner)
            words.append(inner.address)
            return inner.kind
        if value is None:
            words.append(0)
            return types.none
        kind = typeof(value)
        if kind not in NUMBERS:
            raise TypeError(f"a bundle holds tables, elements, bundles and numbers of eight bytes, not {kind}")
        words.append(value)
        return kind


_seen: dict[tuple[Any, ...], tuple[Any, Any]] = {}
_known: dict[tuple[Any, ...], Any] = {}


def _type_of(value: Any, *form: Any) -> Any:
    """numba's type of an array (with its form) or an element, asked once.

    A dtype is first looked for by identity, for its fields take long to compare; it is kept, so that nothing else gets
    its identity. Copies of record arrays bring dtypes of their own, so these are forgotten from time to time.
    """
    dtype = value.dtype
    key = (id(dtype), *form)
    seen = _seen.get(key)
    if seen is None:
        if len(_seen) >= MOST_SEEN:
            _seen.clear()
        whole = (dtype.type, dtype, *form)
        if whole not in _known:
            _known[whole] = typeof(value)
        seen = _seen[key] = _known[whole], dtype
    return seen[0]


def _address(block: bytearray) -> int:
    return addressof(c_char.from_buffer(block))


def is_bundle(value: Any) -> bool:
    """Whether it is a named tuple."""
    return isinstance(value, tuple) and hasattr(value, "_fields")


@typeof_impl.register(Packed)
def _(value: Packed, context: Any) -> Any:
    return value.kind


@register_default(Bundle)
class BundleModel(models.PrimitiveModel):
    """An address."""

    def __init__(self, manager: Any, kind: Bundle) -> None:
        super().__init__(manager, kind, WORD.as_pointer())


@unbox(Bundle)
def _(kind: Bundle, given: Any, c: Any) -> Any:
    number = c.pyapi.object_getattr_string(given, "address")
    address = c.pyapi.long_as_voidptr(number)
    c.pyapi.decref(number)
    return NativeValue(
        c.builder.bitcast(address, WORD.as_pointer()), is_error=cgutils.is_not_null(c.builder, c.pyapi.err_occurred())
    )


@infer_getattr
class BundleFields(AttributeTemplate):
    """What a field holds."""

    key = Bundle

    def generic_resolve(self, kind: Bundle, name: str) -> Any:  # type: ignore[override]
        """Its type, None for an unknown field: numba then says which."""
        return kind.holds(name)


@lower_getattr_generic(Bundle)
def _(context: Any, builder: Any, kind: Bundle, value: Any, name: str) -> Any:
    held = kind.holds(name)

    def word(place: int, as_type: Any = WORD) -> Any:
        return _read(builder, value, kind.places[name] + place, as_type)

    if isinstance(held, types.Array):
        return _array(context, builder, held, word)
    if held is types.none:
        return context.get_dummy_value()
    return word(0, context.get_value_type(held))


def _read(builder: Any, block: Any, place: int, as_type: Any) -> Any:
    """One word. Nothing changes it while a kernel plays, which the optimiser may rely on."""
    address = builder.gep(block, [ir.Constant(WORD, place)], inbounds=True)
    if as_type != WORD:
        address = builder.bitcast(address, as_type.as_pointer())
    loaded = builder.load(address)
    loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return loaded


def _array(context: Any, builder: Any, held: Any, word: Any) -> Any:
    """numba's own array, without an owner. The strides of rows that lie close are known."""
    model = context.data_model_manager[held]
    struct = model.get_value_type()
    size = context.get_abi_sizeof(context.get_data_type(held.dtype))
    lengths = [word(1 + i) for i in range(held.ndim)]
    if held.layout == "C":
        strides = [ir.Constant(WORD, size)]
        for length in lengths[:0:-1]:
            strides.insert(0, builder.mul(strides[0], length))
    else:
        strides = [word(1 + held.ndim + i) for i in range(held.ndim)]
    items = lengths[0]
    for length in lengths[1:]:
        items = builder.mul(items, length)
    fields = {
        "nitems": items, "itemsize": ir.Constant(WORD, size), "data": word(0, struct.elements[4]),
        "shape": _together(builder, lengths), "strides": _together(builder, strides),
    }  # fmt: skip
    array = ir.Constant(struct, None)
    for name, part in fields.items():
        array = builder.insert_value(array, part, model.get_field_position(name))
    return array


def _together(builder: Any, parts: list[Any]) -> Any:
    """Words as one array of words."""
    if all(isinstance(part, ir.Constant) for part in parts):
        return ir.Constant(ir.ArrayType(WORD, len(parts)), parts)
    return cgutils.pack_array(builder, parts)
