"""khingan: an open laboratory for historical campaigns."""

from typing import Any

__version__ = "0.1.0"

# Fetched when first asked for: the scientific stack takes seconds to import, and `khingan --help` needs none of it.
DOORS = {"load": "khingan.scenario.read", "run": "khingan.simulation.run", "compare": "khingan.history.compare"}

__all__ = ["__version__", "compare", "load", "run"]


def __getattr__(name: str) -> Any:
    if name not in DOORS:
        raise AttributeError(f"module 'khingan' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(DOORS[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *DOORS])
