"""Arrays as values while kernels are lowered.

For every access numba lays the array down in memory, cleared first, and reads pointer, length and stride back; the
optimiser undoes it all. Taken from the value itself the same costs a first compile a third of what it writes and reads.
"""

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.np import arrayobj

_make_array: Any = arrayobj.make_array


class ArrayValue:
    """What numba's lowering asks of an array: its fields by name, read from and written to one value."""

    def __init__(self, context: Any, builder: Any, kind: Any, value: Any) -> None:
        model = context.data_model_manager[kind]
        first = ir.Constant(model.get_value_type(), ir.Undefined) if value is None else value
        # Past __setattr__, which means a field.
        vars(self).update(
            _context=context, _builder=builder, _fe_type=kind, _datamodel=model, _given=value, _value=first, _laid=None
        )  # fmt: skip

    def __getattr__(self, name: str) -> Any:
        if self._laid:
            return getattr(self._laid, name)
        return self._datamodel.get(self._builder, self._value, self._datamodel.get_field_position(name))

    def __setattr__(self, name: str, part: Any) -> None:
        if self._laid:
            setattr(self._laid, name, part)
            return
        place = self._datamodel.get_field_position(name)
        vars(self)["_value"] = self._datamodel.set(self._builder, self._value, part, place)

    def _getvalue(self) -> Any:
        return self._laid._getvalue() if self._laid else self._value

    def _getpointer(self) -> Any:
        """Who wants its address, as unboxing does, gets it laid down in memory after all."""
        vars(self)["_laid"] = self._laid or _make_array(self._fe_type)(self._context, self._builder, value=self._given)
        return self._laid._getpointer()


def make_array(kind: Any) -> Any:
    """In place of numba's own; where that is asked for the array's address, it answers itself."""
    if type(kind) not in (types.Array, types.NestedArray) or kind.ndim == 0:
        return _make_array(kind)
    plain = kind.as_array

    def make(context: Any, builder: Any, value: Any = None, ref: Any = None) -> Any:
        if ref is not None:
            return _make_array(kind)(context, builder, value=value, ref=ref)
        return ArrayValue(context, builder, plain, value)

    return make
