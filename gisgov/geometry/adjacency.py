"""Which areas are neighbours, over what length of border, and what lies along it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gisgov.geometry.edge_classes import EdgeClass
from gisgov.geometry.noding import SEAM, add_missing_vertices
from gisgov.geometry.segments import Segments, segments_of
from gisgov.geometry.systems import CoordinateSystem
from gisgov.types import Floats, Geometries, Ints, SmallInts


@dataclass(frozen=True, slots=True, eq=False)
class Borders:
    """Borders that two areas have in common; one row per pair.

    Attributes
    ----------
    a, b : numpy.ndarray of int, shape (n,)
        Numbers of the areas, ``a < b``, ascending by ``a``, then ``b``.
    length_m : numpy.ndarray of float, shape (n,)
        Length of the common border in the unit of the measure; always above 0.
    class_length_m : numpy.ndarray of float, shape (n, 7)
        The same by what lies along it, a column for each `EdgeClass`; rows add up to ``length_m``.
    outer_length_m : numpy.ndarray of float, shape (m,)
        For each area the length of border that it has with no other.
    """

    a: Ints
    b: Ints
    length_m: Floats
    class_length_m: Floats
    outer_length_m: Floats

    def __len__(self) -> int:
        return len(self.a)


def shared_borders(
    geometries: Geometries,
    measure: Callable[[Geometries], Floats] | None = None,
    tolerance: float = SEAM,
    *,
    working: CoordinateSystem | None = None,
    edges: Geometries | None = None,
    edge_class: Ints | None = None,
) -> Borders:
    r"""Find the borders that areas share.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (m,)
        Polygons or multipolygons; None and empty ones have no neighbours.
    measure : callable, optional
        Takes lines of two points, gives their lengths. By default lengths are in the units of the
        coordinates, or metres of ``working``, which is the faster way.
    tolerance : float
        How far a corner may lie from a border and still be on it, in units of the coordinates.
    working : CoordinateSystem, optional
        A plane to measure in, for geometries in WGS84 degrees.
    edges : numpy.ndarray of shapely.LineString, shape (l,), optional
        Lines that run along borders, from vertex to vertex of the areas, to the bit. What of them lies on
        no border counts for nothing.
    edge_class : numpy.ndarray of int, shape (l,), optional
        What lies along each line: values of `EdgeClass`. Without lines all is unclassified.

    Returns
    -------
    Borders
        Areas that meet in single points are no neighbours. Nor are areas with a gap or an overlap
        wider than the tolerance between them: check the coverage first.

    Raises
    ------
    InputError
        The lines and their classes are not of one length.

    Notes
    -----
    Segments are hashed by their ends and found again exactly. Only where a corner lies on the straight
    border of another area, which is asked of the segments that no neighbour has, is it put into that
    border first (`add_missing_vertices`), and everything is hashed once more.

    Examples
    --------
    >>> from gisgov.testing import areas_from_grid
    >>> names, areas = areas_from_grid("AAB\nACD")
    >>> found = shared_borders(areas)
    >>> [f"{names[a]}{names[b]} {m:.0f}" for a, b, m in zip(found.a, found.b, found.length_m)]
    ['AB 100', 'AC 200', 'BD 100', 'CD 100']
    >>> found.outer_length_m.tolist()
    [500.0, 200.0, 100.0, 200.0]
    """
    segments = segments_of(geometries, edges, edge_class)
    if segments.lack_vertices(tolerance):
        segments = segments_of(add_missing_vertices(geometries, tolerance), edges, edge_class)

    def lengths(segment: Ints | SmallInts) -> Floats:
        if measure is None:
            return segments.lengths(segment, working)
        return measure(segments.lines(segment))

    return _added_up(segments, lengths, len(geometries))


def _added_up(segments: Segments, lengths: Callable[[Ints | SmallInts], Floats], count: int) -> Borders:
    """Add segments up to the borders of pairs and of areas that are alone."""
    segment, other = segments.pairs.T
    # rings stand in the order of their areas, so the segment found first has the smaller one
    pair = segments.owner[segment].astype(np.int64) << 32 | segments.owner[other]
    pair, row = np.unique(pair, return_inverse=True)
    cell = row * len(EdgeClass) + segments.edge_class[segment]
    by_class = _sums(cell, lengths(segment), len(pair) * len(EdgeClass)).reshape(-1, len(EdgeClass))
    alone = segments.alone
    outer = _sums(segments.owner[alone], lengths(alone), count)
    return Borders(pair >> 32, pair & 0xFFFFFFFF, by_class.sum(axis=1), by_class, outer)


def _sums(number: Ints | SmallInts, values: Floats, count: int) -> Floats:
    # of nothing bincount makes whole numbers
    return np.bincount(number, weights=values, minlength=count).astype(np.float64)
