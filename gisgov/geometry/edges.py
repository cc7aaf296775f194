"""The edges of many geometries as arrays, and geometries with vertices put into their edges."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from gisgov.types import Bools, Floats, Geometries, Ints

_WITH_EDGES: Final = (
    shapely.GeometryType.LINESTRING,
    shapely.GeometryType.POLYGON,
    shapely.GeometryType.MULTILINESTRING,
    shapely.GeometryType.MULTIPOLYGON,
)


class Edges:
    """All edges of lines and polygons, each with its two ends and its owner.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (m,)
        In any plane coordinates. None, empty geometries, points and collections have no edges.

    Attributes
    ----------
    start, end : numpy.ndarray of float, shape (n, 2)
        Where each edge begins and ends as its ring runs.
    owner : numpy.ndarray of int, shape (n,)
        Number of the geometry it belongs to.

    Examples
    --------
    >>> edges = Edges(np.array([shapely.box(0, 0, 2, 1), None], dtype=object))
    >>> edges.start.tolist(), edges.owner.tolist()
    ([[2.0, 0.0], [2.0, 1.0], [0.0, 1.0], [0.0, 0.0]], [0, 0, 0, 0])
    >>> edges.with_vertices(np.array([3]), np.array([[1.0, 0.0]]))[0].wkt
    'POLYGON ((2 0, 2 1, 0 1, 0 0, 1 0, 2 0))'
    """

    __slots__ = ("_geometries", "_runs", "end", "owner", "start")

    def __init__(self, geometries: Geometries) -> None:
        self._geometries: Geometries = np.asarray(geometries, dtype=object)
        kinds = shapely.get_type_id(self._geometries)
        filled = ~shapely.is_empty(self._geometries)
        self._runs = [
            _Run(self._geometries, np.flatnonzero((kinds == kind) & filled)) for kind in _WITH_EDGES
        ]
        self.start: Floats = np.concatenate([run.xy[run.first] for run in self._runs])
        self.end: Floats = np.concatenate([run.xy[run.first + 1] for run in self._runs])
        self.owner: Ints = np.concatenate([run.owner for run in self._runs])

    def __len__(self) -> int:
        return len(self.owner)

    def canonical(self) -> tuple[Floats, Floats, Bools]:
        """Give both ends in an order that does not depend on how the ring runs.

        Returns
        -------
        lower, upper : numpy.ndarray of float, shape (n, 2)
            The end with the smaller x (of equal x the smaller y), and the other one.
        is_backward : numpy.ndarray of bool, shape (n,)
            Whether the ring runs from upper to lower.
        """
        a, b = self.start, self.end
        is_backward: Bools = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
        flip = is_backward[:, None]
        return np.where(flip, b, a), np.where(flip, a, b), is_backward

    def numbered_ends(self) -> tuple[Ints, Ints]:
        """Give the places where edges begin and end a number, equal places the same.

        Returns
        -------
        start, end : numpy.ndarray of int, shape (n,)
            Numbers from 0; equal coordinates, and only those, have equal numbers.
        """
        ends = np.ascontiguousarray(np.concatenate((self.start, self.end)))
        # pairs as complex numbers: sorted ten times faster than rows
        _, number = np.unique(ends.view(np.complex128).ravel(), return_inverse=True)
        return number[: len(self)], number[len(self) :]

    def lines(self, edge: Ints) -> Geometries:
        """Draw edges as lines of two points.

        Parameters
        ----------
        edge : numpy.ndarray of int, shape (k,)
            Which edges.

        Returns
        -------
        numpy.ndarray of shapely.LineString, shape (k,)
            From start to end.
        """
        return np.asarray(shapely.linestrings(np.stack([self.start[edge], self.end[edge]], axis=1)))

    def with_vertices(self, edge: Ints, xy: Floats) -> Geometries:
        """Put vertices into edges.

        Parameters
        ----------
        edge : numpy.ndarray of int, shape (k,)
            Which edge each vertex goes into, ascending; several in one edge in the order of its run.
        xy : numpy.ndarray of float, shape (k, 2)
            The vertices.

        Returns
        -------
        numpy.ndarray of shapely.Geometry, shape (m,)
            All geometries; those without new vertices are the same objects.
        """
        changed = self._geometries.copy()
        begin = 0
        for run in self._runs:
            mine = slice(*np.searchsorted(edge, (begin, begin + len(run.first))))
            if mine.stop > mine.start:
                changed[run.chosen] = run.with_vertices(edge[mine] - begin, xy[mine])
            begin += len(run.first)
        is_same = np.ones(len(changed), dtype=bool)
        is_same[self.owner[edge]] = False
        changed[is_same] = self._geometries[is_same]
        return changed


class _Run:
    """The geometries of one type, taken apart."""

    __slots__ = ("chosen", "first", "kind", "offsets", "owner", "xy")

    def __init__(self, geometries: Geometries, chosen: Ints) -> None:
        self.chosen = chosen
        self.xy: Floats = np.zeros((0, 2))
        self.first: Ints = np.zeros(0, dtype=np.int64)
        self.owner: Ints = np.zeros(0, dtype=np.int64)
        if not chosen.size:
            return
        alike = geometries[chosen]
        self.kind, self.xy, self.offsets = shapely.to_ragged_array(alike, include_z=False)
        starts_edge = np.ones(len(self.xy), dtype=bool)
        starts_edge[self.offsets[0][1:] - 1] = False  # the last vertex of a ring or line
        self.first = np.flatnonzero(starts_edge)
        self.owner = np.repeat(chosen, shapely.get_num_coordinates(alike))[self.first]

    def with_vertices(self, edge: Ints, xy: Floats) -> Geometries:
        at = self.first[edge] + 1
        denser = np.insert(self.xy, at, xy, axis=0)
        rings = self.offsets[0] + np.searchsorted(at, self.offsets[0], side="left")
        built: Geometries = shapely.from_ragged_array(self.kind, denser, (rings, *self.offsets[1:]))
        return built
