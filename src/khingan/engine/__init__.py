"""The jitted engine: every mechanism of war, over arrays alone.

numba checks only a caller's own file when it decides whether a cached kernel is fresh, so an edited helper in another
file would be answered from the stale cache. The cache folder is therefore named by a hash of all kernel sources.
"""

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

# Set before numba reads them: a fifth off the first compile, and no loss: kernels hold no loop worth vectorising.
for _name, _value in (("NUMBA_LOOP_VECTORIZE", "0"), ("NUMBA_SLP_VECTORIZE", "0")):
    os.environ.setdefault(_name, _value)

import numba  # noqa: E402

_SOURCES = sorted(Path(__file__).parent.glob("*.py"))
_ROOT = Path(
    os.environ.get("KHINGAN_CACHE", Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "khingan")
)


def fingerprint() -> str:
    """Hash of every kernel source and of numba's version: what a compiled engine depends on."""
    digest = sha256(f"{numba.__version__}".encode())
    for source in _SOURCES:
        digest.update(source.name.encode() + source.read_bytes())
    return digest.hexdigest()[:16]


_config: Any = numba.config
_config.CACHE_DIR = str(_ROOT / fingerprint())
