"""Albers' equal-area conic projection on the sphere, so that areas of control can be compared by eye."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from khingan.units import EARTH_RADIUS_KM


class Albers(NamedTuple):
    """Two standard parallels, the central meridian and the latitude of the origin, in degrees."""

    south: float
    north: float
    meridian: float
    origin: float

    def project(self, lat: NDArray, lon: NDArray, radius: float = EARTH_RADIUS_KM) -> tuple[NDArray, NDArray]:
        """East and north of the origin in units of `radius` (Snyder 1987, equations 14-1 to 14-6)."""
        phi, south, north, origin = (np.radians(angle) for angle in (lat, self.south, self.north, self.origin))
        n = (np.sin(south) + np.sin(north)) / 2
        constant = np.cos(south) ** 2 + 2 * n * np.sin(south)
        rho = radius * np.sqrt(constant - 2 * n * np.sin(phi)) / n
        rho_origin = radius * np.sqrt(constant - 2 * n * np.sin(origin)) / n
        theta = n * np.radians(np.asarray(lon) - self.meridian)
        return rho * np.sin(theta), rho_origin - rho * np.cos(theta)


# The parallels and meridian of the project's maps: true to scale through Manchuria, upright at Harbin.
FAR_EAST = Albers(40, 52, 127, 45)
