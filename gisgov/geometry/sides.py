"""Which side of an area each piece of its border is on, and what lies beyond it and along it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import shapely

from gisgov.geometry.crs import from_wgs84
from gisgov.geometry.edges import Edges
from gisgov.geometry.noding import SEAM, add_missing_vertices
from gisgov.geometry.systems import CoordinateSystem
from gisgov.types import Floats, Geometries, Ints

NONE = -1


class Side(IntEnum):
    """The sides of an area, in the order in which bounds are told."""

    EAST = 0
    SOUTH = 1
    WEST = 2
    NORTH = 3


@dataclass(frozen=True, slots=True, eq=False)
class BorderPieces:
    """The straight pieces of the outer borders of areas, as parallel columns.

    Attributes
    ----------
    area : numpy.ndarray of int, shape (n,)
        Whose border it is; what two areas share comes twice.
    other : numpy.ndarray of int, shape (n,)
        The area beyond it, `NONE` where there is none.
    along : numpy.ndarray of int, shape (n,)
        Label of the line along it, `NONE` where there is none.
    side : numpy.ndarray of int, shape (n,)
        Where it looks to: values of `Side`.
    length_m : numpy.ndarray of float, shape (n,)
        Metres.
    """

    area: Ints
    other: Ints
    along: Ints
    side: Ints
    length_m: Floats


def border_pieces(
    areas: Geometries,
    working: CoordinateSystem | None,
    lines: Geometries | None = None,
    labels: npt.ArrayLike = (),
) -> BorderPieces:
    """Take the outer borders of areas apart by where they look to.

    Parameters
    ----------
    areas : numpy.ndarray of shapely.Polygon or shapely.MultiPolygon, shape (m,)
        A coverage: WGS84 degrees, or a plane.
    working : CoordinateSystem or None
        Plane to measure in; None where the coordinates are metres.
    lines : numpy.ndarray of shapely.LineString, shape (l,), optional
        Lines that run along borders from vertex to vertex, to the bit, such as streets.
    labels : array_like of int, shape (l,)
        What is told of each line.

    Returns
    -------
    BorderPieces
        A piece looks to the side that its outward normal is nearest to; of two as near, east or west.
        Borders of holes are left out: what lies inside an area bounds it on no side.

    Examples
    --------
    >>> from gisgov.testing import areas_from_grid
    >>> names, areas = areas_from_grid("AB")
    >>> found = border_pieces(areas, None)
    >>> [(names[a], Side(s).name) for a, s, o in zip(found.area, found.side, found.other) if o != NONE]
    [('A', 'EAST'), ('B', 'WEST')]
    """
    noded = add_missing_vertices(areas, SEAM if working is not None else 1e-6)
    parts, of_area = shapely.get_parts(noded, return_index=True)
    outer: Geometries = np.asarray(
        shapely.orient_polygons(shapely.polygons(shapely.get_exterior_ring(parts)))
    )
    drawn: Geometries = np.zeros(0, dtype=object) if lines is None else lines
    edges = Edges(np.concatenate([outer, noded, drawn]))
    start, end = edges.numbered_ends()
    key = np.minimum(start, end) << 32 | np.maximum(start, end)
    number = edges.owner - len(outer)
    own = np.flatnonzero(number < 0)
    area = of_area[edges.owner[own]]
    a, b = edges.start[own], edges.end[own]
    if working is not None:
        a, b = (np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], working)) for xy in (a, b))
    dx, dy = (b - a).T
    # rings run against the clock, so that the area lies on the left and the normal is (dy, -dx)
    is_across = np.abs(dy) >= np.abs(dx)
    side = np.where(
        is_across, np.where(dy > 0, Side.EAST, Side.WEST), np.where(dx > 0, Side.SOUTH, Side.NORTH)
    )
    ground = np.flatnonzero((number >= 0) & (number < len(noded)))
    least, most = _owners(key[ground], number[ground], key[own])
    line = np.flatnonzero(number >= len(noded))
    label = np.asarray(labels, dtype=np.int64)
    along, _ = _owners(key[line], label[number[line] - len(noded)], key[own])
    return BorderPieces(
        area=area,
        other=np.where(least != area, least, np.where(most != area, most, NONE)),
        along=along,
        side=side.astype(np.int64),
        length_m=np.hypot(dx, dy),
    )


def _owners(keys: Ints, owners: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """Return the smallest and the largest owner of each key that is wanted; `NONE` where it has none."""
    order = np.lexsort((owners, keys))
    keys, owners = keys[order], np.append(owners[order], NONE)
    first, last = np.searchsorted(keys, wanted, "left"), np.searchsorted(keys, wanted, "right")
    is_known = last > first
    return np.where(is_known, owners[first], NONE), np.where(is_known, owners[last - 1], NONE)
