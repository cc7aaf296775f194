"""Coordinate systems by reference: the addresses of the OGC register, whose systems keep the register's axes.

Elsewhere here coordinates are ``x, y`` whatever a register says. Whoever names a system by its address means
the axes that its authority gave it: ``…/EPSG/0/4326`` and ``…/EPSG/0/4490`` are latitude, longitude,
``…/EPSG/0/4547`` and the other zones of CGCS2000 northing, easting, ``…/OGC/1.3/CRS84`` longitude, latitude
(OGC 18-058r1, "Coordinate Reference Systems by Reference").
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyproj

from gisgov.errors import CoordinateError, CrsError
from gisgov.geometry.crs import to_wgs84
from gisgov.geometry.systems import WGS84, CoordinateSystem
from gisgov.types import Floats

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
"""Longitude, latitude in WGS84 degrees: what is meant where nothing is said."""

_EPSG: Final = "http://www.opengis.net/def/crs/EPSG/0/"
_EVERYWHERE: Final = (4326, 3857, 4490)
# the 3-degree zones of CGCS2000, by number (with it in the easting) and by central meridian
_ZONES: Final = tuple(range(4513, 4555))
_STEPS: Final = 32


@dataclass(frozen=True, slots=True)
class CrsReference:
    """A coordinate system with the axes of its authority.

    Attributes
    ----------
    uri : str
        Its address in the OGC register.
    system : CoordinateSystem
        The system, whose coordinates are ``x, y``.
    epsg : int
        Its number in the EPSG register.
    is_flipped : bool
        Whether its authority puts latitude or northing first.
    """

    uri: str
    system: CoordinateSystem
    epsg: int
    is_flipped: bool


def offered_references(working: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the addresses of the systems that features are offered in, CRS84 first.

    Parameters
    ----------
    working : iterable of str
        Names of further systems, such as the working ones of plans; those without an EPSG code cannot be
        referred to and are left out.

    Examples
    --------
    >>> offered = offered_references(["EPSG:32618", "GCJ-02"])
    >>> len(offered), offered[1]
    (47, 'http://www.opengis.net/def/crs/EPSG/0/4326')
    """
    named = [re.fullmatch(r"EPSG:(\d+)", name) for name in working]
    further = sorted({int(found[1]) for found in named if found})
    codes = dict.fromkeys((*_EVERYWHERE, *_ZONES, *further))
    return (CRS84, *(f"{_EPSG}{code}" for code in codes))


def find_reference(uri: str, offered: Iterable[str] | None = None, *, field: str = "crs") -> CrsReference:
    """Return the system that an address names.

    Parameters
    ----------
    uri : str
        An address of the OGC register, by http or https, or in short ``EPSG:4547`` (with the axes of the
        authority too).
    offered : iterable of str, optional
        See `offered_references`.
    field : str
        What it was given as.

    Raises
    ------
    CrsError
        It is none of those offered.

    Examples
    --------
    >>> find_reference("[EPSG:4547]").is_flipped, find_reference(CRS84).is_flipped
    (True, False)
    """
    said = uri.strip().strip("[]").replace("https://", "http://", 1)
    short = re.fullmatch(r"EPSG:(\d+)", said)
    wanted = CRS84 if said == "OGC:CRS84" else f"{_EPSG}{short[1]}" if short else said
    if wanted not in (offered_references() if offered is None else offered):
        raise CrsError(
            f"Features are not offered in {uri!r}.",
            hint=f"The collection lists its systems; write one as {_EPSG}4547.",
            field=field,
        )
    return _reference(wanted)


def lonlat_of(first: Floats, second: Floats, reference: CrsReference) -> tuple[Floats, Floats]:
    """Return longitudes and latitudes of coordinates in the axes of a reference.

    Parameters
    ----------
    first, second : numpy.ndarray of float, shape (n,)
        In the order and the units of ``reference``.
    reference : CrsReference
        What they mean.

    Returns
    -------
    lon, lat : numpy.ndarray of float, shape (n,)
        WGS84 degrees.

    Raises
    ------
    CoordinateError
        One is not finite, or lies where the system cannot express it.

    Examples
    --------
    >>> zone = find_reference("EPSG:4547")
    >>> lon, lat = lonlat_of(np.array([3320113.398]), np.array([500000.0]), zone)
    >>> round(float(lon[0]), 6), round(float(lat[0]), 6)
    (114.0, 30.0)
    """
    x, y = (second, first) if reference.is_flipped else (first, second)
    lon, lat = to_wgs84(x, y, reference.system)
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        raise CoordinateError(
            f"A coordinate lies where {reference.system.title} has none.",
            hint="Give them in the axes of the authority: EPSG:4326, EPSG:4490 and the zones of CGCS2000 "
            "have latitude or northing first.",
        )
    return lon, lat


def outlines_of_box(box: tuple[float, float, float, float], reference: CrsReference) -> list[Floats]:
    """Return the outlines, in longitude and latitude, of a box in the axes of a reference.

    Parameters
    ----------
    box : tuple of float
        Lower corner, then upper corner, in the axes of ``reference``. In degrees a western side east of the
        eastern one means a box across the antimeridian.
    reference : CrsReference
        What it means.

    Returns
    -------
    list of numpy.ndarray of float, shape (n, 2)
        Closed rings: two for a box across the antimeridian. Straight sides of a plane bend in degrees and
        are given by steps; a box without width or height gives a ring without ground.

    Raises
    ------
    CoordinateError
        The corners are in the wrong order, not finite, or not on Earth.

    Examples
    --------
    >>> [ring[:, 0].tolist() for ring in outlines_of_box((179, -1, -179, 1), find_reference(CRS84))]
    [[179.0, 180.0, 180.0, 179.0, 179.0], [-180.0, -179.0, -179.0, -180.0, -180.0]]
    """
    one, two, three, four = box
    left, bottom, right, top = (two, one, four, three) if reference.is_flipped else box
    degrees = reference.system.is_geographic
    _check_corners((left, bottom, right, top), degrees=degrees)
    if not degrees:
        return [_ring(left, bottom, right, top, reference, _STEPS)]
    spans = [(left, right)] if left <= right else [(left, 180.0), (-180.0, right)]
    return [_ring(west, bottom, east, top, reference, 1) for west, east in spans]


def _check_corners(sides: tuple[float, float, float, float], *, degrees: bool) -> None:
    left, bottom, right, top = sides
    if not np.isfinite(sides).all() or bottom > top or (left > right and not degrees):
        raise CoordinateError("The corners of the box are not its lower and its upper one.", field="bbox")
    if degrees and (max(abs(left), abs(right)) > 180.0 or max(abs(bottom), abs(top)) > 90.0):
        raise CoordinateError("The box reaches beyond 180 degrees east or west, or a pole.", field="bbox")


def _ring(
    left: float, bottom: float, right: float, top: float, reference: CrsReference, steps: int
) -> Floats:
    rising, falling = np.linspace(0.0, 1.0, steps + 1)[:-1], np.linspace(1.0, 0.0, steps + 1)[:-1]
    across = np.concatenate([rising, np.ones(steps), falling, np.zeros(steps + 1)])
    along = np.concatenate([np.zeros(steps), rising, np.ones(steps), falling, np.zeros(1)])
    x, y = left + across * (right - left), bottom + along * (top - bottom)
    first, second = (y, x) if reference.is_flipped else (x, y)
    return np.column_stack(lonlat_of(first, second, reference))


@functools.lru_cache(maxsize=256)
def _reference(uri: str) -> CrsReference:
    if uri == CRS84:
        return CrsReference(CRS84, WGS84, 4326, is_flipped=False)
    code = int(uri.rpartition("/")[2])
    crs = pyproj.CRS.from_epsg(code)
    system = CoordinateSystem(f"EPSG:{code}", crs.name)
    return CrsReference(uri, system, code, is_flipped=crs.axis_info[0].direction == "north")
