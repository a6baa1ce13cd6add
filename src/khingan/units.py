"""Units and conversions used on both sides of the border between names and arrays."""

from math import asin, cos, radians, sin, sqrt

HOURS_PER_DAY = 24.0
EARTH_RADIUS_KM = 6371.0088
KM_PER_NAUTICAL_MILE = 1.852


def great_circle_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Distance in km between two points in degrees on the mean sphere (haversine)."""
    half_lat, half_lon = radians(lat_b - lat_a) / 2, radians(lon_b - lon_a) / 2
    a = sin(half_lat) ** 2 + cos(radians(lat_a)) * cos(radians(lat_b)) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(a))
