"""The projection of the map."""

import numpy as np
import pytest

from khingan.report.projection import Albers
from khingan.units import EARTH_RADIUS_KM

PLANE = Albers(40, 52, 127, 45)


def test_snyders_example() -> None:
    """Snyder 1987, page 291: sphere of radius 1, parallels 29.5 and 45.5, origin 23 N 96 W, point 35 N 75 W."""
    x, y = Albers(29.5, 45.5, -96, 23).project(np.array(35.0), np.array(-75.0), radius=1)
    assert (float(x), float(y)) == pytest.approx((0.2952720, 0.2416774), abs=5e-8)


def test_areas_are_kept() -> None:
    """A cap of one degree by one degree has the area R² (sin 46 - sin 45) times one degree, wherever it lies."""
    lat, lon = np.linspace(45, 46, 200), np.linspace(149, 150, 200)
    ring_lat = np.concatenate([np.full(200, 45), lat, np.full(200, 46), lat[::-1]])
    ring_lon = np.concatenate([lon, np.full(200, 150), lon[::-1], np.full(200, 149)])
    x, y = PLANE.project(ring_lat, ring_lon)
    area = abs(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) / 2
    expected = EARTH_RADIUS_KM**2 * (np.sin(np.radians(46)) - np.sin(np.radians(45))) * np.radians(1)
    assert area == pytest.approx(expected, rel=1e-5)


def test_there_and_back() -> None:
    """Unprojecting a projected point gives its degrees again."""
    lon, lat = PLANE.unproject(*PLANE.project(np.array([44.0, 52.5]), np.array([118.0, 156.0])))
    assert lon == pytest.approx([118, 156])
    assert lat == pytest.approx([44, 52.5])


def test_a_box_gets_its_parallels_a_sixth_from_its_edges() -> None:
    """Snyder 1987, page 99: from 30 to 60 N they are 35 and 55."""
    assert Albers.fitted(30, 0, 60, 40) == (35, 55, 20, 45)
