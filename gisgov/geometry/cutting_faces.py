"""The faces that lines cut a block into, between numbered vertices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gisgov.geometry.blocks.segments import drawn
from gisgov.geometry.edges import Edges
from gisgov.types import Bools, Floats, Geometries, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Faces of one block.

    Attributes
    ----------
    polygon : numpy.ndarray of shapely.Polygon, shape (n,)
        In the coordinates of the vertices.
    sides : numpy.ndarray of int, shape (k,)
        Their sides, whichever way they run; see `undirected`.
    is_exact : bool
        Whether they make up what the border encloses, once.
    """

    polygon: Geometries
    sides: Ints
    is_exact: bool


def faces_of(xy: Ints, ring: Ints, lines: Ints) -> Faces:
    """Cut what a border encloses along lines.

    Parameters
    ----------
    xy : numpy.ndarray of int, shape (v, 2)
        Vertices ascending by x, then y.
    ring : numpy.ndarray of int, shape (n, 2)
        Straight parts of the border between numbered vertices, with the ground on the left.
    lines : numpy.ndarray of int, shape (m, 2)
        Straight parts of lines, which meet the border and each other at common vertices only.

    Returns
    -------
    Faces
        Lines that end inside, or join borders without dividing the ground, cut nothing.

    Examples
    --------
    >>> xy = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> faces = faces_of(xy, np.array([[0, 2], [2, 3], [3, 1], [1, 0]]), np.array([[0, 3]]))
    >>> len(faces.polygon), shapely.area(faces.polygon).tolist(), faces.is_exact
    (2, [0.5, 0.5], True)
    """
    forth, back = _key(ring), _key(ring[:, ::-1])
    bounds = ~np.isin(forth, back)  # what runs forth and back encloses nothing
    forth, back = forth[bounds], back[bounds]
    _, once = np.unique(undirected(lines), return_index=True)
    ends = xy[np.concatenate((ring[bounds], lines[once]))]
    found = np.asarray(shapely.get_parts(shapely.polygonize(drawn(ends[:, 0], ends[:, 1]))), dtype=object)
    polygons: Geometries = shapely.orient_polygons(found)
    edges = Edges(polygons)
    side = np.column_stack((_numbers(xy, edges.start), _numbers(xy, edges.end)))
    is_outside: Bools = np.zeros(len(polygons), dtype=bool)
    is_outside[edges.owner[np.isin(_key(side), back)]] = True  # a hole, say
    side = side[~is_outside[edges.owner]]
    inner = _key(side)
    outline = inner[~np.isin(inner, _key(side[:, ::-1]))]
    is_exact = np.array_equal(np.sort(outline), np.sort(forth))
    return Faces(polygons[~is_outside], undirected(side), is_exact and len(forth) > 0)


def undirected(pairs: Ints) -> Ints:
    """Make one number of two vertices, whichever comes first."""
    return _key(np.sort(pairs, axis=1))


def _key(pairs: Ints) -> Ints:
    return np.asarray(pairs[:, 0] << 32 | pairs[:, 1])


def _numbers(xy: Ints, places: Floats) -> Ints:
    known, wanted = (
        np.ascontiguousarray(some, dtype=np.float64).view(np.complex128).ravel() for some in (xy, places)
    )
    found: Ints = np.searchsorted(known, wanted)
    return found
