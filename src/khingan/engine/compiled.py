"""The decorator of the engine's kernels.

Serial, releasing the interpreter's lock, and without reference counts: records of arrays passed between helpers would
otherwise cost hundreds of atomic increments a call. No kernel allocates; arrays come in from outside.

numba would optimise each kernel with everything it calls, and turn it into machine code, before its caller does the
same again. A kernel called by another is therefore only lowered here (a part); the kernel that Python calls (an entry)
links its parts, is optimised once as a whole, and is the only one cached. NUMBA_DISABLE_JIT=1 leaves plain Python.
"""

import functools
import inspect
from collections.abc import Callable
from typing import Any

import numba
from llvmlite.binding import Linkage, parse_assembly
from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.registry import cpu_target
from numba.core.typed_passes import NativeLowering
from numba.extending import typeof_impl

from khingan.engine.bundles import Packed, is_bundle
from khingan.engine.pieces import CodeWithPieces, Piece, load_pieces, yard
from khingan.engine.quick_compiling import spared

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
# Contexts, closures, inlined calls, loops over literals, expressions of whole arrays: no kernel holds any.
NOT_NEEDED = {
    "WithLifting", "InlineClosureLikes", "RewriteDynamicRaises", "MakeFunctionToJitFunction", "InlineInlinables",
    "FindLiterallyCalls", "LiteralUnroll", "LiteralPropagationSubPipelinePass", "DumpParforDiagnostics",
    "NopythonRewrites",
}  # fmt: skip
_in_vectors: set[Any] = set()
_config: Any = numba.config
_njit: Any = numba.njit


class LateLibrary(JITCodeLibrary):
    """Code that is optimised as a whole, and not function by function before."""

    def _optimize_functions(self, ll_module: Any) -> None:
        """Left for later."""
        ll_module.data_layout = self._codegen._data_layout


class PartLibrary(LateLibrary):
    """Code that waits to be linked: neither optimised nor made executable; or the stand-in of a piece made apart."""

    piece: Piece | None = None
    symbol = ""  # by which callers declare it

    def _optimize_final_module(self) -> None:
        """Left to the entry that links this part."""

    def finalize(self) -> None:
        """Closed, without the parts it calls: each is linked once, by the entry."""
        self._raise_if_finalized()
        self._finalize_dynamic_globals()
        self._finalized = True


def with_parts(libraries: list[Any]) -> list[Any]:
    """These and the parts that parts call, callers before callees; what a piece calls is its own affair."""
    found = list(dict.fromkeys(libraries))
    for library in found:  # grows while it is walked
        for below in library._linking_libraries if isinstance(library, PartLibrary) else ():
            if below not in found:
                found.append(below)
    return found


def optimise(codegen: Any, module: Any, vectors: bool = False) -> None:
    """One round; numba's other one is for reference counts, of which there are none. `vectors`: loops over vectors too.

    Nobody else calls this module's copies of the parts, so arguments that they do not read need not be passed.
    """
    for function in module.functions:
        if not function.is_declaration and function.linkage == Linkage.linkonce_odr:
            function.linkage = Linkage.internal
    options = {"loop_vectorize": True} if vectors else {}
    passes, builder = codegen._module_pass_manager(**options)
    passes.run(module, builder)


def rename_pieces(module: Any, stand_ins: list[Any]) -> list[Piece]:
    """Call pieces by the names that they have in every process."""
    for library in stand_ins:
        module.get_function(library.symbol).name = library.piece.symbol
    return [library.piece for library in stand_ins]


class EntryLibrary(LateLibrary):
    """Code that Python calls: linked with all the parts below it, optimised once and made executable."""

    vectors = False  # whether its loops become loops over vectors

    def finalize(self) -> None:
        """numba's own, after the parts that parts call have joined."""
        found = with_parts(self._linking_libraries)
        self.stand_ins = [library for library in found if getattr(library, "piece", None)]
        self._linking_libraries = [library for library in found if library not in self.stand_ins]
        super().finalize()

    def _optimize_final_module(self) -> None:
        """Once, while others make the pieces."""
        pieces = rename_pieces(self._final_module, self.stand_ins)
        optimise(self._codegen, self._final_module, self.vectors)
        yard.complete(pieces)
        self.made = {piece.symbol: piece.code for piece in pieces}
        load_pieces(self.made)

    def serialize_using_object_code(self) -> Any:
        """numba's own, with the pieces."""
        name, kind, (code, bitcode) = super().serialize_using_object_code()
        carrying = CodeWithPieces(code)
        carrying.pieces = self.made
        return name, kind, (carrying, bitcode)


@register_pass(mutates_CFG=True, analysis_only=False)
class EntryLowering(NativeLowering):
    """Lowers a kernel to an entry."""

    _name = "khingan_entry_lowering"

    def run_pass(self, state: Any) -> bool:
        state.library = EntryLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.vectors = state.func_id.func in _in_vectors
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


@register_pass(mutates_CFG=True, analysis_only=False)
class StandInLowering(PartLowering):
    """Lowers the stand-in of a kernel apart, and orders the kernel."""

    _name = "khingan_stand_in_lowering"

    def run_pass(self, state: Any) -> bool:
        changed = super().run_pass(state)
        function = state.func_id.func
        state.library.symbol = state["cr"].fndesc.llvm_func_name
        state.library.piece = Piece(function.__module__, function.__name__, tuple(state.args))
        yard.order(state.library.piece)
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


class StandInCompiler(EntryCompiler):
    """The same, for stand-ins."""

    lowering = StandInLowering


def stand_in(function: Callable[..., Any]) -> Any:
    """A function of the same name and arguments that does nothing: what a caller needs to know of one apart."""
    space: dict[str, Any] = {"__name__": function.__module__}
    exec(f"def {function.__name__}({', '.join(inspect.signature(function).parameters)}): pass", space)
    return space[function.__name__]


class Kernel:
    """A function that other kernels link as a part, and that Python may call: then it is compiled as an entry."""

    is_apart = False

    def __init__(self, function: Callable[..., Any]) -> None:
        functools.update_wrapper(self, function)
        self.py_func = function

    # numba takes its time over each of these, and few kernels need all three: a start from the cache needs one entry.
    @functools.cached_property
    def entry(self) -> Any:
        """What Python calls, cached on disk."""
        return _njit(**_OPTIONS, no_cfunc_wrapper=True, cache=True, pipeline_class=EntryCompiler)(self.py_func)

    @functools.cached_property
    def whole(self) -> Any:
        """The kernel as a part."""
        return part_by(PartCompiler, self.py_func)

    @functools.cached_property
    def part(self) -> Any:
        """What other kernels call."""
        return part_by(StandInCompiler, stand_in(self.py_func)) if self.is_apart else self.whole

    def __call__(self, *arguments: Any) -> Any:
        return self.entry(*[Packed(each) if is_bundle(each) else each for each in arguments])

    def object_code(self, arguments: tuple[Any, ...], symbol: str) -> bytes:
        """Machine code of this kernel with all that it calls, for arguments of these types."""
        self.whole.compile(arguments)
        result, codegen = self.whole.overloads[arguments], cpu_target.target_context.codegen()
        module = parse_assembly(str(codegen._create_empty_module(symbol)))
        module.link_in(result.library._final_module, preserve=True)
        for library in with_parts([result.library])[1:]:
            module.link_in(library._get_module_for_linking(), preserve=True)
        module.get_function(result.fndesc.llvm_func_name).name = symbol
        for variable in module.global_variables:
            if variable.linkage == Linkage.common:
                variable.linkage = Linkage.internal
        optimise(codegen, module, self.py_func in _in_vectors)
        return bytes(codegen._tm.emit_object(module))


def part_by(compiler: Any, function: Callable[..., Any]) -> Any:
    """A function that kernels call, compiled so."""
    return _njit(**_OPTIONS, no_cpython_wrapper=True, no_cfunc_wrapper=True, pipeline_class=compiler)(function)


def apart(*kernels: Any) -> None:
    """Compile these, which return nothing and call none of each other, apart from their callers."""
    for each in kernels:
        if isinstance(each, Kernel):
            each.is_apart = True


def in_vectors(entry: Any) -> Any:
    """Make a kernel that Python calls, or one apart, one whose loops and those of all it calls go over vectors.

    For loops over whole columns, which gain; the rest of the engine would only compile longer. Changes no bit: numbers
    are never added up in another order.
    """
    if isinstance(entry, Kernel):
        _in_vectors.add(entry.py_func)
    return entry


@typeof_impl.register(Kernel)
def _(value: Kernel, context: Any) -> Any:
    return types.Dispatcher(value.part)


def laid_out(given: Any) -> Any:
    """A named tuple of tables as kernels read it, laid out once for many calls; plain Python takes it as it is."""
    return given if _config.DISABLE_JIT else Packed(given)


def kernel(function: Callable[..., Any]) -> Any:
    """Make `function` a kernel."""
    return function if _config.DISABLE_JIT else Kernel(function)
