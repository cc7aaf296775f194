"""Coordinates from any system to WGS84 and back, and the plane in which a place is measured.

Everything is ``x, y`` = easting, northing or longitude, latitude, whatever axis order a register
says (EPSG:4326 and EPSG:4490 are registered as latitude first, EPSG:4547 as northing first).
Geometries are transformed vertex by vertex, so vertices that were shared stay shared; see
`gisgov.geometry.snap.densify` for what that does to long straight borders.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from gisgov.errors import CoordinateError, CrsError
from gisgov.geometry.offsets import bd09_to_wgs84, gcj02_to_wgs84, wgs84_to_bd09, wgs84_to_gcj02
from gisgov.geometry.systems import BD09, GCJ02, WGS84, CoordinateSystem, parse_crs
from gisgov.types import BBox, Floats, Geometries

__all__ = [
    "BD09",
    "CGCS2000_BOX",
    "GCJ02",
    "WGS84",
    "CoordinateSystem",
    "from_wgs84",
    "from_wgs84_geometries",
    "parse_crs",
    "point_mover",
    "to_wgs84",
    "to_wgs84_geometries",
    "working_crs",
]

CGCS2000_BOX: Final[BBox] = (73.62, 16.70, 134.77, 53.56)
"""Where CGCS2000 is registered for use (EPSG:4490), in degrees: there its zones measure."""

_MOST_SCALE_ERROR: Final = 0.01

_Transform = Callable[[npt.ArrayLike, npt.ArrayLike], tuple[Floats, Floats]]


def to_wgs84(x: npt.ArrayLike, y: npt.ArrayLike, system: CoordinateSystem) -> tuple[Floats, Floats]:
    """Transform coordinates to WGS84.

    Parameters
    ----------
    x, y : array_like of float, shape (n,)
        Easting and northing in the units of ``system``, or longitude and latitude in degrees.
    system : CoordinateSystem
        What they mean.

    Returns
    -------
    lon, lat : numpy.ndarray of float, shape (n,)
        WGS84 degrees. NaN, an infinity, or a coordinate that the system cannot express gives NaN
        for both.

    Notes
    -----
    CGCS2000 and WGS84 differ by centimetres and no transformation between them is published: PROJ
    takes them as equal. Older Chinese datums without a published shift are only as good as PROJ's choice.

    Examples
    --------
    >>> lon, lat = to_wgs84([500000.0], [3320113.398], parse_crs("EPSG:4547"))
    >>> round(float(lon[0]), 6), round(float(lat[0]), 6)
    (114.0, 30.0)
    """
    return _transform(x, y, _into_wgs84(system))


def from_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike, system: CoordinateSystem) -> tuple[Floats, Floats]:
    """Transform WGS84 coordinates to another system.

    Parameters
    ----------
    lon, lat : array_like of float, shape (n,)
        WGS84 degrees.
    system : CoordinateSystem
        Where to.

    Returns
    -------
    x, y : numpy.ndarray of float, shape (n,)
        Easting and northing in the units of ``system``, or degrees. NaN, an infinity, or a place
        that the system cannot express gives NaN for both.

    Examples
    --------
    >>> x, y = from_wgs84([114.0], [30.0], parse_crs("EPSG:4547"))
    >>> round(float(x[0]), 3), round(float(y[0]), 3)
    (500000.0, 3320113.398)
    """
    return _transform(lon, lat, _out_of_wgs84(system))


def to_wgs84_geometries(geometries: Geometries, system: CoordinateSystem) -> Geometries:
    """Transform geometries to WGS84, vertex by vertex.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        In ``system``; None stays None, empty stays empty.
    system : CoordinateSystem
        What their coordinates mean.

    Returns
    -------
    numpy.ndarray of shapely.Geometry, shape (n,)
        In WGS84 degrees, without heights; equal vertices stay equal to the last bit. A vertex that
        the system cannot express becomes infinite and its geometry invalid, which
        `gisgov.geometry.validity.find_invalid` names; the others are unharmed.

    Examples
    --------
    >>> import shapely
    >>> place = np.array([shapely.Point(500000.0, 3320113.398)], dtype=object)
    >>> shapely.to_wkt(to_wgs84_geometries(place, parse_crs(4547))[0], rounding_precision=6)
    'POINT (114 30)'
    """
    return _transform_geometries(geometries, _into_wgs84(system))


def from_wgs84_geometries(geometries: Geometries, system: CoordinateSystem) -> Geometries:
    """Transform WGS84 geometries to another system, vertex by vertex.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        In WGS84 degrees; None stays None, empty stays empty.
    system : CoordinateSystem
        Where to.

    Returns
    -------
    numpy.ndarray of shapely.Geometry, shape (n,)
        In ``system``, without heights; equal vertices stay equal to the last bit.

    Examples
    --------
    >>> import shapely
    >>> place = np.array([shapely.Point(114.0, 30.0)], dtype=object)
    >>> shapely.to_wkt(from_wgs84_geometries(place, parse_crs(4547))[0], rounding_precision=3)
    'POINT (500000 3320113.398)'
    """
    return _transform_geometries(geometries, _out_of_wgs84(system))


def point_mover(
    source: CoordinateSystem, target: CoordinateSystem
) -> Callable[[float, float], tuple[float, float]]:
    """Return what takes one point to another system, sooner than arrays of one point would be taken.

    Parameters
    ----------
    source, target : CoordinateSystem
        From where, and where to.

    Returns
    -------
    callable
        Of x and y; gives those in ``target``, not finite where the point has no place in it.

    Examples
    --------
    >>> x, y = point_mover(WGS84, parse_crs(4547))(114.0, 30.0)
    >>> round(x), round(y)
    (500000, 3320113)
    """
    if source == target:
        return lambda x, y: (x, y)
    if GCJ02 in (source, target) or BD09 in (source, target):

        def move(x: float, y: float) -> tuple[float, float]:
            xs, ys = from_wgs84(*to_wgs84(x, y, source), target)
            return float(xs[0]), float(ys[0])

        return move
    steps = [step for step in (_into_wgs84(source), _out_of_wgs84(target)) if step is not None]

    def transform(x: float, y: float) -> tuple[float, float]:
        place: Any = (x, y)
        for step in steps:
            place = step(*place)
        return float(place[0]), float(place[1])

    return transform


def working_crs(lon: float, lat: float, configured: str | None = None) -> CoordinateSystem:
    """Choose the plane in which a place is measured.

    Parameters
    ----------
    lon, lat : float
        Centre of the scope, in WGS84 degrees.
    configured : str, optional
        A system chosen by the operator instead.

    Returns
    -------
    CoordinateSystem
        The CGCS2000 3-degree zone whose central meridian is nearest (the eastern one half-way
        between two) inside `CGCS2000_BOX`, the UTM zone elsewhere, polar stereographic beyond
        84°N and 80°S.

    Raises
    ------
    CoordinateError
        When the centre is not a place on Earth.
    CrsError
        When the configured system is unknown, not a plane in metres, Web Mercator, or one that
        stretches a length at the centre by more than 1 % (the plane of another region).

    Examples
    --------
    >>> working_crs(114.06, 22.54).title
    'CGCS2000 / 3-degree Gauss-Kruger CM 114E'
    >>> working_crs(-73.97, 40.78).title
    'WGS 84 / UTM zone 18N'
    """
    if not (-180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0):  # also refuses NaN
        raise CoordinateError(
            f"The centre ({lon}, {lat}) is not a place on Earth.",
            hint="Give longitude, then latitude, in WGS84 degrees.",
        )
    if configured is not None:
        return _measuring(parse_crs(configured), lon, lat)
    west, south, east, north = CGCS2000_BOX
    if west <= lon <= east and south <= lat <= north:
        meridian = 3 * math.floor(lon / 3 + 0.5)
        return parse_crs(4534 + (meridian - 75) // 3)
    if lat > 84.0 or lat < -80.0:
        return parse_crs(5041 if lat > 0 else 5042)
    zone = min(math.floor((lon + 180.0) / 6.0), 59) + 1
    return parse_crs((32600 if lat >= 0 else 32700) + zone)


def _measuring(system: CoordinateSystem, lon: float, lat: float) -> CoordinateSystem:
    """Refuse a plane in which areas and lengths at the centre would be wrong."""
    hint = "Choose a zone of CGCS2000 or UTM, or a local plane in metres, that covers the scope."
    crs = system.crs
    if crs is None or not crs.is_projected or crs.axis_info[0].unit_conversion_factor != 1.0:
        raise CrsError(f"{system.title} cannot measure: it is not a plane in metres.", hint=hint)
    factors = pyproj.Proj(crs).get_factors(lon, lat)
    stretch = max(abs(factors.tissot_semimajor - 1.0), abs(factors.tissot_semiminor - 1.0))
    is_web_mercator = "Pseudo Mercator" in (
        crs.coordinate_operation.method_name if crs.coordinate_operation else ""
    )
    if is_web_mercator or not stretch <= _MOST_SCALE_ERROR:
        raise CrsError(
            f"{system.title} cannot measure at ({lon:g}, {lat:g}): it stretches lengths by {stretch:.1%}.",
            hint=hint,
        )
    return system


def _transform(x: npt.ArrayLike, y: npt.ArrayLike, transform: _Transform | None) -> tuple[Floats, Floats]:
    xs, ys = np.array(x, dtype=np.float64, ndmin=1), np.array(y, dtype=np.float64, ndmin=1)
    known = np.isfinite(xs) & np.isfinite(ys)
    if transform is not None:
        xs[known], ys[known] = transform(xs[known], ys[known])
        known &= np.isfinite(xs) & np.isfinite(ys)
    xs[~known] = ys[~known] = np.nan
    return xs, ys


def _transform_geometries(geometries: Geometries, transform: _Transform | None) -> Geometries:
    def move(xy: Floats) -> Floats:
        moved = np.column_stack(_transform(xy[:, 0], xy[:, 1], transform))
        return np.where(np.isnan(moved), np.inf, moved)  # NaN equals nothing, so no ring could close on it

    moved: Geometries = shapely.transform(np.asarray(geometries, dtype=object), move)
    return moved


def _into_wgs84(system: CoordinateSystem) -> _Transform | None:
    """Return the step to WGS84; None where there is nothing to do."""
    if system == WGS84:
        return None
    if system == GCJ02:
        return gcj02_to_wgs84
    if system == BD09:
        return bd09_to_wgs84
    return _transformer(system.name, WGS84.name).transform


def _out_of_wgs84(system: CoordinateSystem) -> _Transform | None:
    if system == WGS84:
        return None
    if system == GCJ02:
        return wgs84_to_gcj02
    if system == BD09:
        return wgs84_to_bd09
    return _transformer(WGS84.name, system.name).transform


@functools.lru_cache(maxsize=64)
def _transformer(source: str, target: str) -> pyproj.Transformer:
    # One object serves all threads: pyproj (3.1 and later) keeps PROJ's state per thread inside it.
    return pyproj.Transformer.from_crs(source, target, always_xy=True)
