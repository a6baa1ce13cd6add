"""The decorator of the engine's kernels.

Serial, releasing the interpreter's lock, and without reference counts: records of arrays passed between helpers would
otherwise cost hundreds of atomic increments a call. No kernel allocates; arrays come in from outside.

numba would optimise each kernel with everything it calls, and turn it into machine code, before its caller does the
same again. A kernel called by another is therefore only lowered here (a part); the kernel that Python calls (an entry)
links its parts, is optimised once as a whole, and is the only one cached. NUMBA_DISABLE_JIT=1 leaves plain Python.
"""

import functools
from collections.abc import Callable
from typing import Any

import numba
from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.typed_passes import NativeLowering
from numba.extending import typeof_impl

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
_config: Any = numba.config
_njit: Any = numba.njit


class PartLibrary(JITCodeLibrary):
    """Code that waits to be linked: neither optimised as a module nor made executable."""

    def _optimize_final_module(self) -> None:
        """Left to the entry that links this part."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class PartLowering(NativeLowering):
    """Lowers a kernel to a part."""

    _name = "khingan_part_lowering"

    def run_pass(self, state: Any) -> bool:
        state.library = PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        state.flags.no_compile = True
        changed = bool(super().run_pass(state))
        # numba files a compiled function under its executable. A part has none, so a builtin of its own stands for it.
        stand_in: Any = [].index
        state["cr"] = state["cr"]._replace(cfunc=stand_in)
        state.targetctx.insert_user_function(stand_in, state["cr"].fndesc, [state.library])
        return changed


class PartCompiler(CompilerBase):
    """numba's compiler, with a lowering that stops at parts."""

    def define_pipelines(self) -> list[Any]:
        """The default passes, one of them replaced."""
        pipeline = DefaultPassBuilder.define_nopython_pipeline(self.state)
        pipeline.passes = [(PartLowering if step is NativeLowering else step, why) for step, why in pipeline.passes]
        pipeline.finalize()
        return [pipeline]


class Kernel:
    """A function that other kernels link as a part, and that Python may call: then it is compiled as an entry."""

    def __init__(self, function: Callable[..., Any]) -> None:
        functools.update_wrapper(self, function)
        self.py_func = function
        self.part = _njit(
            **_OPTIONS, no_cpython_wrapper=True, no_cfunc_wrapper=True, pipeline_class=PartCompiler
        )(function)  # fmt: skip
        self.entry = _njit(**_OPTIONS, no_cfunc_wrapper=True, cache=True)(function)

    def __call__(self, *arguments: Any) -> Any:
        return self.entry(*arguments)


@typeof_impl.register(Kernel)
def _(value: Kernel, context: Any) -> Any:
    return types.Dispatcher(value.part)


def kernel(function: Callable[..., Any]) -> Any:
    """Make `function` a kernel."""
    return function if _config.DISABLE_JIT else Kernel(function)
