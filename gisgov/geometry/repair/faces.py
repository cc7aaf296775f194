"""The faces of planar linework, and who lies on each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from gisgov.geometry.repair.linework import Linework
from gisgov.types import Floats, Geometries, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Ground that no edge runs through.

    Attributes
    ----------
    polygon : numpy.ndarray of shapely.Polygon, shape (n,)
        In the coordinates of the areas.
    left, right : numpy.ndarray of int, shape (m,)
        For each edge of the linework the face on its left and on its right, −1 for none.
    begin : numpy.ndarray of int, shape (n + 1,)
        Where the edges of each face begin in ``edge``.
    edge : numpy.ndarray of int, shape (k,)
        The edges around the faces.
    side : numpy.ndarray of int, shape (k,)
        1 where the face is on the left of the edge, −1 where it is on its right.
    """

    polygon: Geometries
    left: Ints
    right: Ints
    begin: Ints
    edge: Ints
    side: Ints

    def __len__(self) -> int:
        return len(self.polygon)

    def around(self, face: int) -> Iterator[tuple[int, int, int]]:
        """Go through the edges of a face: edge, side, and the face beyond it or −1."""
        for at in range(self.begin[face], self.begin[face + 1]):
            edge, side = int(self.edge[at]), int(self.side[at])
            yield edge, side, int(self.right[edge] if side > 0 else self.left[edge])


def faces_of(linework: Linework, boxes: Geometries) -> Faces:
    """Find the faces of linework in some boxes.

    Parameters
    ----------
    linework : Linework
        Planar, with every edge that meets a box; of other edges some may be missing.
    boxes : numpy.ndarray of shapely.Geometry, shape (b,)
        In the coordinates of the areas.

    Returns
    -------
    Faces
        Those that lie in a box as a whole, so that no missing edge runs through them.
    """
    ends = np.stack((linework.xy[linework.lower], linework.xy[linework.upper]), axis=1)
    polygon: Geometries = shapely.get_parts(shapely.polygonize(np.asarray(shapely.linestrings(ends))))
    extents = shapely.box(*shapely.bounds(polygon).T)
    polygon = polygon[np.unique(shapely.STRtree(boxes).query(extents, predicate="covered_by")[0])]
    rings, face = shapely.get_rings(shapely.orient_polygons(polygon), return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    vertex = _numbers_of(xy, linework)
    runs = ring[1:] == ring[:-1]
    start, end, face = vertex[:-1][runs], vertex[1:][runs], face[ring[:-1][runs]]
    edge = np.searchsorted(linework.keys, np.minimum(start, end) * len(linework.xy) + np.maximum(start, end))
    side = np.where(start < end, 1, -1)
    left, right = np.full(len(linework), -1), np.full(len(linework), -1)
    left[edge[side > 0]], right[edge[side < 0]] = face[side > 0], face[side < 0]
    begin = np.searchsorted(face, np.arange(len(polygon) + 1))
    return Faces(polygon, left, right, begin, edge, side)


def _numbers_of(xy: Floats, linework: Linework) -> Ints:
    """Find the numbers of vertices by their coordinates."""
    used = linework.used
    known = np.ascontiguousarray(linework.xy[used]).view(np.complex128).ravel()
    order = np.argsort(known, kind="stable")
    at = np.searchsorted(known[order], np.ascontiguousarray(xy).view(np.complex128).ravel())
    return used[order[at]]
