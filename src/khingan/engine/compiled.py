"""The one decorator of the engine's kernels.

Serial, releasing the interpreter's lock, and without reference counts: records of arrays passed between helpers would
otherwise cost hundreds of atomic increments a call. No kernel allocates; arrays come in from outside.
"""

from collections.abc import Callable
from typing import Any

import numba

_jit = numba.njit(cache=True, nogil=True, error_model="numpy", _nrt=False)


def kernel(function: Callable[..., Any]) -> Any:
    """Compile `function` on its first call; with NUMBA_DISABLE_JIT=1 it stays plain Python."""
    return _jit(function)
