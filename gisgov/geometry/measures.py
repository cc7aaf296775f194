"""Areas, lengths, distances and compactness, measured in metres in a working plane.

Stored coordinates are degrees, in which nothing is measured; `gisgov.geometry.crs.working_crs`
chooses the plane. Inside its zone a CGCS2000 3-degree plane is true to 0.04 % in length, a UTM
plane to 0.1 %.
"""

from __future__ import annotations

import numpy as np
import shapely

from gisgov.geometry.crs import from_wgs84_geometries
from gisgov.geometry.systems import CoordinateSystem
from gisgov.types import Floats, Geometries


def areas_m2(geometries: Geometries, working: CoordinateSystem) -> Floats:
    """Measure areas.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        In WGS84 degrees.
    working : CoordinateSystem
        A plane in metres.

    Returns
    -------
    numpy.ndarray of float, shape (n,)
        Square metres; 0 for empty geometries, points and lines, NaN for None. An invalid polygon
        gives what its rings enclose with their turns counted, which need not be its ground.

    Examples
    --------
    >>> from gisgov.geometry.crs import parse_crs
    >>> cell = np.array([shapely.box(120.0, 30.0, 120.01, 30.01)], dtype=object)
    >>> areas_m2(cell, parse_crs("EPSG:4549")).round().tolist()
    [1069521.0]
    """
    found: Floats = shapely.area(from_wgs84_geometries(geometries, working))
    return found


def lengths_m(geometries: Geometries, working: CoordinateSystem) -> Floats:
    """Measure lengths of lines, or perimeters of polygons.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        In WGS84 degrees.
    working : CoordinateSystem
        A plane in metres.

    Returns
    -------
    numpy.ndarray of float, shape (n,)
        Metres, holes' rings included; 0 for empty geometries and points, NaN for None.

    Examples
    --------
    >>> from gisgov.geometry.crs import parse_crs
    >>> line = np.array([shapely.LineString([(120.0, 30.0), (120.0, 30.01)])], dtype=object)
    >>> lengths_m(line, parse_crs("EPSG:4549")).round(1).tolist()
    [1108.5]
    """
    found: Floats = shapely.length(from_wgs84_geometries(geometries, working))
    return found


def distances_m(geometries: Geometries, others: Geometries, working: CoordinateSystem) -> Floats:
    """Measure the shortest distance of each pair.

    Parameters
    ----------
    geometries, others : numpy.ndarray of shapely.Geometry, shape (n,)
        In WGS84 degrees; the two arrays are broadcast against each other.
    working : CoordinateSystem
        A plane in metres.

    Returns
    -------
    numpy.ndarray of float, shape (n,)
        Metres; 0 where the pair meets, NaN where one is None or empty.

    Examples
    --------
    >>> from gisgov.geometry.crs import parse_crs
    >>> here, there = shapely.points([[120.0, 30.0], [120.0, 30.01]])
    >>> distances_m(np.array([here]), np.array([there]), parse_crs("EPSG:4549")).round(1).tolist()
    [1108.5]
    """
    found: Floats = shapely.distance(
        from_wgs84_geometries(geometries, working), from_wgs84_geometries(others, working)
    )
    return found


def polsby_popper(geometries: Geometries, working: CoordinateSystem) -> Floats:
    """Measure how compact polygons are: 4π · area / perimeter².

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        Polygons in WGS84 degrees.
    working : CoordinateSystem
        A plane in metres.

    Returns
    -------
    numpy.ndarray of float, shape (n,)
        1 for a circle, 0.785 for a square, towards 0 for a thread; NaN for None and for what has no
        perimeter. Borders with many small bends score low: compare areas of one layer only.

    Notes
    -----
    D. D. Polsby and R. D. Popper (1991), "The Third Criterion: Compactness as a Procedural
    Safeguard Against Partisan Gerrymandering", Yale Law & Policy Review 9 (2).

    Examples
    --------
    >>> from gisgov.geometry.crs import parse_crs
    >>> cell = np.array([shapely.box(120.0, 0.0, 120.01, 0.01)], dtype=object)
    >>> polsby_popper(cell, parse_crs("EPSG:4549")).round(3).tolist()
    [0.785]
    """
    in_plane = from_wgs84_geometries(geometries, working)
    perimeter = shapely.length(in_plane)
    perimeter[perimeter == 0.0] = np.nan
    found: Floats = 4.0 * np.pi * shapely.area(in_plane) / perimeter**2
    return found
