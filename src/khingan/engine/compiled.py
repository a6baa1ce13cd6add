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
from llvmlite.binding import Linkage
from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.typed_passes import NativeLowering
from numba.extending import typeof_impl

from khingan.engine.quick_compiling import spared

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
# Contexts, closures, inlined calls, loops over literals: no kernel holds any.
NOT_NEEDED = {
    "WithLifting", "InlineClosureLikes", "RewriteDynamicRaises", "MakeFunctionToJitFunction", "InlineInlinables",
    "FindLiterallyCalls", "LiteralUnroll", "LiteralPropagationSubPipelinePass", "DumpParforDiagnostics",
}  # fmt: skip
_config: Any = numba.config
_njit: Any = numba.njit


class PartLibrary(JITCodeLibrary):
    """Code that waits to be linked: neither optimised nor made executable."""

    def _optimize_functions(self, ll_module: Any) -> None:
        """Left to the entry that links this part."""
        ll_module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self) -> None:
        """Left to the entry that links this part."""

    def finalize(self) -> None:
        """Closed, without the parts it calls: each is linked once, by the entry."""
        self._raise_if_finalized()
        self._finalize_dynamic_globals()
        self._finalized = True


class EntryLibrary(JITCodeLibrary):
    """Code that Python calls: linked with all the parts below it, optimised once and made executable."""

    def finalize(self) -> None:
        """numba's own, after the parts that parts call have joined."""
        for library in self._linking_libraries:  # grows while it is walked
            for below in library._linking_libraries if isinstance(library, PartLibrary) else ():
                if below not in self._linking_libraries:
                    self._linking_libraries.append(below)
        super().finalize()

    def _optimize_final_module(self) -> None:
        """One round; numba's other one is for reference counts, of which there are none.

        Nobody but the entry calls its copies of the parts, so arguments that they do not read need not be passed.
        """
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage == Linkage.linkonce_odr:
                function.linkage = Linkage.internal
        passes, builder = self._codegen._module_pass_manager()
        passes.run(self._final_module, builder)


@register_pass(mutates_CFG=True, analysis_only=False)
class EntryLowering(NativeLowering):
    """Lowers a kernel to an entry."""

    _name = "khingan_entry_lowering"

    def run_pass(self, state: Any) -> bool:
        state.library = EntryLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return bool(super().run_pass(state))


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


class EntryCompiler(CompilerBase):
    """numba's compiler, spared what no kernel needs."""

    lowering: Any = EntryLowering

    def define_pipelines(self) -> list[Any]:
        """The default passes, less some; the lowering is this compiler's own."""
        pipeline = DefaultPassBuilder.define_nopython_pipeline(self.state)
        pipeline.passes = [
            (self.lowering if step is NativeLowering else step, why)
            for step, why in pipeline.passes
            if step.__name__ not in NOT_NEEDED
        ]
        pipeline.finalize()
        return [pipeline]

    def _compile_core(self) -> Any:
        with spared():
            return super()._compile_core()


class PartCompiler(EntryCompiler):
    """The same, stopping at parts."""

    lowering = PartLowering


class Kernel:
    """A function that other kernels link as a part, and that Python may call: then it is compiled as an entry."""

    def __init__(self, function: Callable[..., Any]) -> None:
        functools.update_wrapper(self, function)
        self.py_func = function
        self.part = _njit(
            **_OPTIONS, no_cpython_wrapper=True, no_cfunc_wrapper=True, pipeline_class=PartCompiler
        )(function)  # fmt: skip
        self.entry = _njit(**_OPTIONS, no_cfunc_wrapper=True, cache=True, pipeline_class=EntryCompiler)(function)

    def __call__(self, *arguments: Any) -> Any:
        return self.entry(*arguments)


@typeof_impl.register(Kernel)
def _(value: Kernel, context: Any) -> Any:
    return types.Dispatcher(value.part)


def kernel(function: Callable[..., Any]) -> Any:
    """Make `function` a kernel."""
    return function if _config.DISABLE_JIT else Kernel(function)
