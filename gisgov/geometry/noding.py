"""Give neighbours the same vertices: corners that lie on another area's straight border.

Where three areas meet in a T, the long side often has no vertex at the corner of the other two.
There is no gap, but each side is transformed, rounded and dissolved by its own vertices, and then
there is one. `add_missing_vertices` puts the corner into the long side first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from gisgov.geometry.edges import Edges
from gisgov.geometry.snap import GRID_DEG
from gisgov.types import Bools, Floats, Geometries, Ints

SEAM: Final = 1.5 * GRID_DEG
"""How far a corner may lie from a border and still be meant to lie on it, in coordinate units.

Rounding to the storage grid takes a corner off its border by at most 1.41e-7°: half a diagonal of
the grid for the corner and as much for the border. In metres it is a tenth of a micrometre, which only
covers arithmetic.
"""


@dataclass(frozen=True, slots=True, eq=False)
class MissingVertices:
    """Corners of areas on borders of others that have no vertex there; one row each.

    Attributes
    ----------
    area : numpy.ndarray of int, shape (n,)
        The area whose border lacks the vertex.
    neighbour : numpy.ndarray of int, shape (n,)
        An area that has it.
    x, y : numpy.ndarray of float, shape (n,)
        The vertex.
    """

    area: Ints
    neighbour: Ints
    x: Floats
    y: Floats

    def __len__(self) -> int:
        return len(self.area)


def find_missing_vertices(geometries: Geometries, tolerance: float = SEAM) -> MissingVertices:
    """Find corners that lie on another area's border where that has no vertex.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        Lines and polygons in any plane coordinates; None and empty ones are passed over.
    tolerance : float
        How far a corner may lie from the border, in units of the coordinates.

    Returns
    -------
    MissingVertices
        In the order of the areas and along each border. They are no defects: the ground is covered
        once. (JTS and GEOS call such edges invalid all the same.)

    Examples
    --------
    >>> wide, left, right = shapely.box(0, 0, 4, 1), shapely.box(0, 1, 2, 2), shapely.box(2, 1, 4, 2)
    >>> found = find_missing_vertices(np.array([wide, left, right]))
    >>> found.area.tolist(), found.x.tolist(), found.y.tolist()
    ([0], [2.0], [1.0])
    """
    edges = Edges(geometries)
    edge, corner = _missing(edges, tolerance)
    at = edges.start[corner]
    return MissingVertices(edges.owner[edge], edges.owner[corner], at[:, 0], at[:, 1])


def add_missing_vertices(geometries: Geometries, tolerance: float = SEAM) -> Geometries:
    """Put corners of areas into the borders of others on which they lie.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        Lines and polygons in any plane coordinates; others, None and empty ones are returned as they are.
    tolerance : float
        How far a corner may lie from the border, in units of the coordinates; the border moves by
        no more than that.

    Returns
    -------
    numpy.ndarray of shapely.Geometry, shape (n,)
        Every old vertex is kept to the bit and the new ones are equal to the corners to the bit. An
        area that the new vertices would make invalid is returned as it was.

    Examples
    --------
    >>> wide, left, right = shapely.box(0, 0, 4, 1), shapely.box(0, 1, 2, 2), shapely.box(2, 1, 4, 2)
    >>> add_missing_vertices(np.array([wide, left, right]))[0].wkt
    'POLYGON ((4 0, 4 1, 2 1, 0 1, 0 0, 4 0))'
    """
    edges = Edges(geometries)
    edge, corner = _missing(edges, tolerance)
    noded = edges.with_vertices(edge, edges.start[corner])
    changed = np.unique(edges.owner[edge])
    before: Geometries = np.asarray(geometries, dtype=object)
    spoilt = changed[shapely.is_valid(before[changed]) & ~shapely.is_valid(noded[changed])]
    noded[spoilt] = before[spoilt]
    return noded


def _missing(edges: Edges, tolerance: float) -> tuple[Ints, Ints]:
    """Pair edges with the corners (numbers of the edges that start there) they lack, in ring order."""
    start, end = edges.numbered_ends()
    lonely = np.flatnonzero(_is_single(start, end))
    _, corner = np.unique(start, return_index=True)  # one edge for each place
    corners: Geometries = np.asarray(shapely.points(edges.start[corner]))
    near, hit = shapely.STRtree(edges.lines(lonely)).query(corners, predicate="dwithin", distance=tolerance)
    corner, edge = corner[near], lonely[hit]
    a, b, p = edges.start[edge], edges.end[edge], edges.start[corner]
    lacking = np.minimum(np.hypot(*(p - a).T), np.hypot(*(p - b).T)) > tolerance
    # where the area has that vertex elsewhere in its ring, a second one would make it touch itself
    lacking &= ~np.isin(_pair(start[corner], edges.owner[edge]), _pair(start, edges.owner))
    along = np.einsum("ij,ij->i", p - a, b - a)
    edge, corner, along = edge[lacking], corner[lacking], along[lacking]
    order = np.lexsort((along, edge))
    return edge[order], corner[order]


def _is_single(start: Ints, end: Ints) -> Bools:
    """Whether no other edge has the same two ends; where one has, nothing can be missing."""
    ends = _pair(np.minimum(start, end), np.maximum(start, end))
    _, number, count = np.unique(ends, return_inverse=True, return_counts=True)
    return np.asarray(count[number] == 1)


def _pair(one: Ints, other: Ints) -> Ints:
    """Make one number of two below 2³¹."""
    return one << 32 | other
