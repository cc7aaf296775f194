"""Pieces of ground: polygons with the areas that lie on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from gisgov.types import Bools, Floats, Geometries, Ints

_INTERIORS_MEET: Final = "2********"  # DE-9IM: the common part of both interiors is a surface
# up to which coordinate which grid: 13 digits leave the rest of a float for arithmetic between grid
# points. Powers of ten whose reciprocals are exact (GEOS divides by them: 1e-5 and 1e-9 change bits).
_GRIDS: Final = (
    (1e1, 1e-12),
    (1e2, 1e-11),
    (1e3, 1e-10),
    (1e5, 1e-8),
    (1e6, 1e-7),
    (1e8, 1e-6),
    (np.inf, 1e-4),
)


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Polygons, each with the numbers of the areas involved.

    Attributes
    ----------
    polygon : numpy.ndarray of shapely.Polygon, shape (n,)
        Single polygons in the coordinates of the areas.
    areas : tuple of tuple of int, length n
        Numbers of the areas, ascending.
    """

    polygon: Geometries
    areas: tuple[tuple[int, ...], ...]


def fine_grid(*geometries: Geometries) -> float:
    """Choose the grid on which overlays are computed.

    Parameters
    ----------
    *geometries : numpy.ndarray of shapely.Geometry
        All that will be overlaid; None and empty ones are passed over.

    Returns
    -------
    float
        A power of ten in units of the coordinates: 1e-10 in degrees (a hundredth of a millimetre),
        1e-6 in metres of a zone.

    Notes
    -----
    On free floats GEOS sometimes loses a whole area beside a sliver: lines that nearly coincide are
    not cut where they cross. On a grid every crossing is found (J. Hobby (1999), "Practical Segment
    Intersection with Finite Precision Output"). Vertices with fewer decimals than the grid, as stored
    or surveyed ones have, keep their bits; longer ones move by less than a step.
    """
    bounds = np.concatenate([shapely.bounds(some).ravel() for some in geometries])
    largest = float(np.abs(bounds[np.isfinite(bounds)]).max(initial=1.0))
    return next(step for reach, step in _GRIDS if largest <= reach)


def cut_along(lines: Geometries, grid: float | None) -> Geometries:
    """Cut the plane along lines into faces.

    Parameters
    ----------
    lines : numpy.ndarray of shapely.Geometry, shape (n,)
        Lines that may cross, touch and coincide.
    grid : float or None
        See `fine_grid`; a hundred times coarser where the overlay fails on it, which was seen once in ten
        thousand maps on a hundred times finer grids. None cuts on free floats.

    Returns
    -------
    numpy.ndarray of shapely.Polygon, shape (k,)
        The faces they enclose, holes of others among them.

    Examples
    --------
    >>> outlines = shapely.boundary(np.array([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)]))
    >>> sorted(shapely.area(cut_along(outlines, 1e-10)).tolist())
    [1.0, 1.0, 1.0]
    """
    try:
        noded = shapely.union_all(lines, grid_size=grid)
    except shapely.GEOSException:
        noded = shapely.union_all(lines, grid_size=100.0 * (grid or fine_grid(lines)))
    return np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts([noded]))), dtype=object)


def interiors_meet(geometries: Geometries, others: Geometries) -> Bools:
    """Say for each pair whether they have ground in common.

    Parameters
    ----------
    geometries, others : numpy.ndarray of shapely.Geometry, shape (n,)
        Valid polygons; prepared ones on the left are faster.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
        False where they only touch along borders or in points.
    """
    return np.asarray(shapely.relate_pattern(geometries, others, _INTERIORS_MEET), dtype=bool)


def surfaces(geometries: Geometries) -> tuple[Geometries, Ints]:
    """Take geometries apart into single polygons.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        Whatever an overlay gave: polygons, collections, lines, empty ones, None.

    Returns
    -------
    polygons : numpy.ndarray of shapely.Polygon, shape (k,)
        The polygons in them that are not empty; lines and points are dropped.
    number : numpy.ndarray of int, shape (k,)
        Which geometry each comes from.
    """
    parts, number = shapely.get_parts(geometries, return_index=True)
    parts, within = shapely.get_parts(parts, return_index=True)  # a collection may hold a multipolygon
    kept = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)
    return parts[kept], number[within][kept]


def is_thin(polygons: Geometries, width: float) -> Bools:
    """Say which polygons are nowhere as wide as a width.

    Parameters
    ----------
    polygons : numpy.ndarray of shapely.Polygon, shape (n,)
        Polygons that are not empty.
    width : float
        In units of the coordinates.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
        True where no circle of that diameter fits in; never for a width of 0.

    Notes
    -----
    A circle of radius area/perimeter fits into any polygon, which settles all but the doubtful ones
    at once; those are shrunk by half the width to see whether anything is left.
    """
    thin = np.asarray(2.0 * shapely.area(polygons) < width * shapely.length(polygons))
    doubtful = np.flatnonzero(thin)
    if doubtful.size:
        thin[doubtful] = shapely.is_empty(_cores(polygons[doubtful], width))
    return thin


def _cores(polygons: Geometries, width: float | Floats) -> Geometries:
    """Shrink polygons to where they are thick: a circle of the width round every point lies inside."""
    corner = shapely.bounds(polygons)[:, :2]
    return shift(shapely.buffer(shift(polygons, -corner), -width / 2.0), corner)


def inner_points(polygons: Geometries) -> Geometries:
    """Find a point well inside each polygon.

    Parameters
    ----------
    polygons : numpy.ndarray of shapely.Geometry, shape (n,)
        Polygons and multipolygons that are not empty, or None.

    Returns
    -------
    numpy.ndarray of shapely.Point, shape (n,)
        Not nearer to the border than a quarter of area/perimeter; None for None.

    Notes
    -----
    `shapely.point_on_surface` looks along a single line, which may meet nothing but a thread that hangs on a
    wide face: its point is then nearer to a border than that border is exact.
    """
    inside = np.asarray(shapely.point_on_surface(polygons))
    depth = shapely.area(polygons) / shapely.length(polygons)
    shallow = np.flatnonzero(shapely.distance(shapely.boundary(polygons), inside) < depth / 4.0)
    if shallow.size:
        core = _cores(polygons[shallow], depth[shallow])
        inside[shallow] = np.where(shapely.is_empty(core), inside[shallow], shapely.point_on_surface(core))
    return inside


def shift(geometries: Geometries, by: Floats) -> Geometries:
    """Move each geometry by its own vector: near zero floats are finest.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        None stays None.
    by : numpy.ndarray of float, shape (n, 2)
        In units of the coordinates.

    Returns
    -------
    numpy.ndarray of shapely.Geometry, shape (n,)
        New geometries.
    """
    xy, number = shapely.get_coordinates(geometries, return_index=True)
    moved: Geometries = shapely.set_coordinates(geometries.copy(), xy + by[number])
    return moved
