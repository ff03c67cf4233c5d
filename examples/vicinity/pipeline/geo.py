"""Distances on the sphere."""

import math
from typing import NamedTuple

EARTH_RADIUS_KM = 6371.0088
"""The mean radius (IUGG)."""

Vector = tuple[float, float, float]


class Box(NamedTuple):
    """A rectangle of latitudes and longitudes, in degrees."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, lat: float, lon: float) -> bool:
        """Whether the point lies inside or on the edge."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


def unit_vector(lat: float, lon: float) -> Vector:
    """The point on the unit sphere; chords between such points grow with the great-circle distance."""
    phi, lam = math.radians(lat), math.radians(lon)
    return (math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi))


def chord_of_km(km: float) -> float:
    """The chord on the unit sphere under a great-circle distance."""
    return 2 * math.sin(min(km / EARTH_RADIUS_KM, math.pi) / 2)


def km_of_chord(chord: float) -> float:
    """The great-circle distance over a chord on the unit sphere."""
    return 2 * EARTH_RADIUS_KM * math.asin(min(chord / 2, 1.0))


def widen(box: Box, km: float) -> Box:
    """The box with at least `km` more on every side."""
    lat_margin = math.degrees(km / EARTH_RADIUS_KM)
    south, north = max(box.south - lat_margin, -90.0), min(box.north + lat_margin, 90.0)
    # A degree of longitude is shortest at the latitude farthest from the equator.
    shrink = math.cos(math.radians(min(max(abs(south), abs(north)), 89.0)))
    lon_margin = lat_margin / shrink
    return Box(south, box.west - lon_margin, north, box.east + lon_margin)
