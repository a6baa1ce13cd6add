"""Albers' equal-area conic projection on the sphere, so that areas of control can be compared by eye."""

from typing import NamedTuple, Self

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

    def unproject(self, x: NDArray, y: NDArray, radius: float = EARTH_RADIUS_KM) -> tuple[NDArray, NDArray]:
        """Longitude and latitude in degrees of points of the plane (Snyder 1987, equations 14-8 to 14-11)."""
        phi, south, north = (np.radians(angle) for angle in (self.origin, self.south, self.north))
        n = (np.sin(south) + np.sin(north)) / 2
        constant = np.cos(south) ** 2 + 2 * n * np.sin(south)
        rho_origin = radius * np.sqrt(constant - 2 * n * np.sin(phi)) / n
        rho = np.hypot(x, rho_origin - np.asarray(y))
        theta = np.arctan2(x, rho_origin - np.asarray(y))
        lat = np.arcsin((constant - (rho * n / radius) ** 2) / (2 * n))
        return self.meridian + np.degrees(theta / n), np.degrees(lat)

    @classmethod
    def fitted(cls, south: float, west: float, north: float, east: float) -> Self:
        """A projection for a box of degrees: parallels a sixth from its edges (Snyder 1987, page 99)."""
        return cls(south + (north - south) / 6, north - (north - south) / 6, (west + east) / 2, (south + north) / 2)


# The parallels and meridian of the project's maps: true to scale through Manchuria, upright at Harbin.
