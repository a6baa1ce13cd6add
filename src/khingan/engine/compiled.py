"""The decorators of the engine's kernels.

Serial, releasing the interpreter's lock, and without reference counts: records of arrays passed between helpers would
otherwise cost hundreds of atomic increments a call. No kernel allocates; arrays come in from outside.

Only entries can be called from Python: a wrapper for every kernel would nearly double the time of the first compile.
Tests ask for all of them by setting KHINGAN_CALL_KERNELS before the engine is imported; NUMBA_DISABLE_JIT=1 leaves
every kernel plain Python.
"""

import os
from collections.abc import Callable
from typing import Any

import numba

CALL_KERNELS = bool(os.environ.get("KHINGAN_CALL_KERNELS"))
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}


_njit: Any = numba.njit


def kernel(function: Callable[..., Any]) -> Any:
    """Compile `function` on its first call from another kernel, into which it is linked and with which it is cached."""
    return _njit(**_OPTIONS, cache=CALL_KERNELS, no_cpython_wrapper=not CALL_KERNELS)(function)


def entry(function: Callable[..., Any]) -> Any:
    """Compile a kernel that Python itself calls."""
    return _njit(**_OPTIONS, cache=True)(function)
