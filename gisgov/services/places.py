"""One place on the ground: read from any coordinate system, measured in metres."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import pyproj
import shapely

from gisgov.errors import CoordinateError
from gisgov.geometry.cell_index_layout import order_of
from gisgov.geometry.cell_index_measuring import borders_of
from gisgov.geometry.crs import CoordinateSystem, parse_crs, to_wgs84
from gisgov.geometry.systems import WGS84

_METRES_PER_DEGREE = 110_500.0  # of latitude, at its least (110,574) less what a plane's scale may add
FAR_M = 100_000.0
"""What lies farther is measured along the ellipsoid, not in a plane."""
_GEOD = pyproj.Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in EPSG:4326."""

    lon: float
    lat: float


class Shaped(Protocol):
    """An area with its geometry (EPSG:4326) and the system it is measured in."""

    @property
    def code(self) -> str:
        """Code of the area."""
        ...

    @property
    def working_crs(self) -> str:
        """Projected system, in metres."""
        ...

    @property
    def geometry(self) -> shapely.Geometry:
        """Ground of the area, EPSG:4326."""
        ...


Area = TypeVar("Area", bound=Shaped)


def place_of(x: float, y: float, system: CoordinateSystem) -> Place:
    """Return the place that a coordinate of ``system`` names.

    Raises
    ------
    CoordinateError
        It is not finite, out of range, or no place of the globe in that system.
    """
    for name, value in (("lon", x), ("lat", y)):
        if not math.isfinite(value):
            raise CoordinateError(f"{name} is {value}, which is no number on a map.", field=name)
    if system.is_geographic:
        for name, title, value, most in (("lon", "longitude", x, 180), ("lat", "latitude", y, 90)):
            if abs(value) > most:
                raise CoordinateError(
                    f"The {title} {value!r} is out of range.",
                    hint=f"It lies from -{most} to {most} degrees; x (longitude) comes first.",
                    field=name,
                )
    lon, lat = (float(out[0]) for out in to_wgs84(np.array([x]), np.array([y]), system))
    if not (abs(lon) <= 180 and abs(lat) <= 90):  # also not when they are NaN or infinite
        raise CoordinateError(
            f"({x!r}, {y!r}) is no place on the globe in {system.name}.",
            hint="Name the system the coordinate is in; x (easting) comes first.",
            field="lon",
        )
    return Place(lon, lat)


def border_m(place: Place, geometry: shapely.Geometry, working_crs: str) -> float:
    """Return the distance from a place to the border of an area around it.

    Parameters
    ----------
    place : Place
        Where from.
    geometry : shapely.Geometry
        The area, EPSG:4326.
    working_crs : str
        The plane to measure in.

    Returns
    -------
    float
        Metres.
    """
    order = np.zeros(1, dtype=np.int32)
    borders = borders_of(np.array([geometry], dtype=object), order, WGS84, parse_crs(working_crs))
    return borders.measure_one(place.lon, place.lat, 0)[1]


def nearest_of(place: Place, areas: Sequence[Area]) -> tuple[Area, float]:
    """Return the area nearest to a place outside them all and its distance in metres.

    Of equally near areas it is the one with the smallest code. Distances are measured in the plane of the
    first area given, and along the ellipsoid where the place is too far away for a plane.
    """
    geometries = np.array([area.geometry for area in areas], dtype=object)
    codes = [area.code for area in areas]
    borders = borders_of(geometries, order_of(codes), WGS84, parse_crs(areas[0].working_crs))
    nearest, distance = borders.measure_one(place.lon, place.lat, -1)
    if distance <= FAR_M:
        return areas[nearest], distance
    point = shapely.points(place.lon, place.lat)
    distances = [
        _GEOD.inv(place.lon, place.lat, *shapely.shortest_line(shape, point).coords[0])[2]
        for shape in geometries
    ]
    distance, _, i = min(zip(distances, codes, range(len(areas)), strict=True))
    return areas[i], float(distance)


def reach_deg(place: Place, metres: float) -> tuple[float, float]:
    """Return the half sides, in degrees of longitude and latitude, of a box that holds a circle of metres."""
    lat_deg = metres / _METRES_PER_DEGREE * 1.01 + 1e-6
    widest = math.cos(math.radians(min(89.9, abs(place.lat) + lat_deg)))
    return min(360.0, lat_deg / widest), lat_deg
