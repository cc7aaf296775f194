"""Near zero and in metres: where floats are finest and widths mean something."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from gisgov.geometry.systems import CoordinateSystem
from gisgov.types import Floats, Geometries

_DEGREE_M: Final = 111_320.0


def metres_per_unit(y: Floats, system: CoordinateSystem | None) -> Floats:
    """Say how many metres a unit of the coordinates is.

    Parameters
    ----------
    y : numpy.ndarray of float, shape (n,)
        Second coordinates: latitudes in a geographic system.
    system : CoordinateSystem or None
        What the coordinates are in; None for a plane in metres.

    Returns
    -------
    numpy.ndarray of float, shape (n, 2)
        Across and along; in degrees true to half a percent, which is enough for widths.

    Examples
    --------
    >>> from gisgov.geometry.systems import WGS84
    >>> metres_per_unit(np.array([60.0]), WGS84).round().tolist()
    [[55660.0, 111320.0]]
    >>> metres_per_unit(np.array([4e6]), None).tolist()
    [[1.0, 1.0]]
    """
    scale = np.ones((len(y), 2))
    if system is None:
        return scale
    if system.is_geographic or system.crs is None:
        scale[:, 0] = _DEGREE_M * np.cos(np.radians(np.clip(y, -89.9, 89.9)))
        scale[:, 1] = _DEGREE_M
    else:
        scale *= float(system.crs.axis_info[0].unit_conversion_factor)
    return scale


def in_metres(polygons: Geometries, system: CoordinateSystem | None) -> Geometries:
    """Move each polygon near zero and stretch it to metres, straight borders staying straight.

    Parameters
    ----------
    polygons : numpy.ndarray of shapely.Geometry, shape (n,)
        None stays None.
    system : CoordinateSystem or None
        What their coordinates are in; None for a plane in metres.

    Returns
    -------
    numpy.ndarray of shapely.Geometry, shape (n,)
        For widths and for telling what is thin, not for maps.
    """
    west, south, _, north = shapely.bounds(polygons).T
    scale = metres_per_unit((south + north) / 2.0, system)
    xy, number = shapely.get_coordinates(polygons, return_index=True)
    corner = np.column_stack((west, south))
    moved: Geometries = shapely.set_coordinates(polygons.copy(), (xy - corner[number]) * scale[number])
    return moved


def widths_m(in_plane: Geometries) -> Floats:
    """Measure mean widths: twice the area over the perimeter.

    Parameters
    ----------
    in_plane : numpy.ndarray of shapely.Geometry, shape (n,)
        Polygons in metres.

    Returns
    -------
    numpy.ndarray of float, shape (n,)
        Metres: of a long strip its width, of a wedge half its width, of a circle its radius; NaN for None.

    Examples
    --------
    >>> widths_m(np.array([shapely.box(0, 0, 1000, 0.5)])).round(3).tolist()
    [0.5]
    """
    perimeter = shapely.length(in_plane)
    found: Floats = np.divide(
        2.0 * shapely.area(in_plane), perimeter, out=np.full(len(in_plane), np.nan), where=perimeter > 0.0
    )
    return found


def exact_corner(xy: Floats) -> Floats:
    """Choose what to take from coordinates so that they lie near zero and lose no bit.

    Parameters
    ----------
    xy : numpy.ndarray of float, shape (n, 2)
        Coordinates of one place.

    Returns
    -------
    numpy.ndarray of float, shape (2,)
        Their lower corner, or zeros where the differences would be rounded.
    """
    corner: Floats = xy.min(axis=0)
    return corner if np.array_equal((xy - corner) + corner, xy) else np.zeros(2)
