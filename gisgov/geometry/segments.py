"""Segments of area borders, found by their ends: who shares them, what lies along them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gisgov.errors import InputError
from gisgov.geometry.coverage.rings import rings_of
from gisgov.geometry.crs import from_wgs84
from gisgov.geometry.edge_classes import RANK, EdgeClass, precedence
from gisgov.geometry.systems import CoordinateSystem
from gisgov.types import Floats, Geometries, Ints, SmallInts

_MOST_CELLS = 512  # along each side of the lattice that sifts vertices


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """All segments of the rings of areas; each is called by the vertex where it begins.

    Attributes
    ----------
    xy : numpy.ndarray of float, shape (n, 2)
        Vertices, ring after ring.
    owner : numpy.ndarray of int32, shape (n,)
        Number of the area that each vertex belongs to.
    number : numpy.ndarray of int32, shape (n,)
        Place of each vertex; equal coordinates have equal numbers, −1 is nowhere (not finite).
    first : numpy.ndarray of int32, shape (p,)
        A vertex at each place.
    pairs : numpy.ndarray of int32, shape (k, 2)
        Segments of different areas at one place; each pair once.
    alone : numpy.ndarray of int, shape (j,)
        Segments where no other area has one.
    edge_class : numpy.ndarray of int, shape (n,)
        What lies along each segment; `EdgeClass.UNCLASSIFIED` where no line does.
    """

    xy: Floats
    owner: SmallInts
    number: SmallInts
    first: SmallInts
    pairs: SmallInts
    alone: Ints
    edge_class: Ints

    def lengths(self, segment: Ints | SmallInts, working: CoordinateSystem | None) -> Floats:
        """Measure segments.

        Parameters
        ----------
        segment : numpy.ndarray of int, shape (k,)
            Which ones.
        working : CoordinateSystem, optional
            A plane to measure in when coordinates are WGS84 degrees; each place is transformed once.

        Returns
        -------
        numpy.ndarray of float, shape (k,)
            In the unit of the plane, or of the coordinates.
        """
        places = self.xy[self.first]
        if working is not None:
            places = np.column_stack(from_wgs84(places[:, 0], places[:, 1], working))
        span = places[self.number[segment + 1]] - places[self.number[segment]]
        found: Floats = np.hypot(span[:, 0], span[:, 1])
        return found

    def lines(self, segment: Ints | SmallInts) -> Geometries:
        """Draw segments as lines of two points."""
        return np.asarray(shapely.linestrings(np.stack((self.xy[segment], self.xy[segment + 1]), axis=1)))

    def lack_vertices(self, tolerance: float) -> bool:
        """Whether a vertex may lie within a distance of a segment that no other area has.

        A vertex that is within the distance of an end of the segment does not count. Where it says no,
        `gisgov.geometry.noding.add_missing_vertices` would change nothing.
        """
        if not len(self.alone):
            return False
        from gisgov.geometry.segment_kernels import in_marked_cells, mark_cells

        start, end = self.xy[self.alone], self.xy[self.alone + 1]
        places = self.xy[self.first]
        places = places[np.isfinite(places).all(axis=1)]
        low, high = places.min(axis=0), places.max(axis=0)
        side = int(np.clip(np.sqrt(len(places)), 1, _MOST_CELLS))
        size = np.maximum((high - low) / side, tolerance)
        frame = np.concatenate((low, np.where(size > 0.0, size, 1.0)))  # what is flat has one row or column
        cells, is_near = np.zeros((side, side), dtype=bool), np.empty(len(places), dtype=bool)
        # most vertices are nowhere near the few segments of an outline: a lattice sifts them out
        mark_cells(start, end, frame, tolerance, cells)
        in_marked_cells(places, frame, cells, is_near)
        near = places[is_near]
        tree = shapely.STRtree(self.lines(self.alone))
        point, segment = tree.query(shapely.points(near), predicate="dwithin", distance=tolerance)
        p, a, b = near[point], start[segment], end[segment]
        off = np.minimum(np.hypot(*(p - a).T), np.hypot(*(p - b).T)) > tolerance
        return bool(off.any())


def segments_of(
    geometries: Geometries, edges: Geometries | None = None, edge_class: Ints | None = None
) -> Segments:
    """Take the borders of areas apart and find who shares them.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        Polygons or multipolygons in any plane coordinates; others have no segments.
    edges : numpy.ndarray of shapely.LineString, shape (l,), optional
        Lines whose vertices are vertices of the areas, to the bit; what of them lies on no border of the
        areas counts for nothing.
    edge_class : numpy.ndarray of int, shape (l,), optional
        What lies along each line; where several lie on one segment, the first of `RANK` counts.

    Returns
    -------
    Segments
        Segments without length or with an end that is not finite are left out.

    Raises
    ------
    InputError
        The lines and their classes are not of one length.
    """
    from gisgov.geometry.segment_kernels import class_segments, number_places, pair_segments

    rings = rings_of(geometries)
    lines = np.zeros(0, dtype=object) if edges is None else np.asarray(edges, dtype=object)
    classes = np.zeros(0, dtype=np.int64) if edge_class is None else np.asarray(edge_class, dtype=np.int64)
    if len(lines) != len(classes):
        raise InputError(f"There are {len(lines)} edges and {len(classes)} edge classes.", field="edge_class")
    count = len(rings.xy)
    xy = np.concatenate((rings.xy, shapely.get_coordinates(lines))) + 0.0  # makes −0.0 into 0.0
    owner = np.repeat(rings.owner, np.diff(rings.begin)).astype(np.int32)
    number, first = np.empty(len(xy), dtype=np.int32), np.empty(len(xy), dtype=np.int32)
    first = first[: number_places(xy.view(np.uint64), _table(len(xy)), number, first)]
    first = first[first < count]  # places of lines alone have higher numbers than those of areas
    number[~np.isfinite(xy).all(axis=1)] = -1
    table, head, following = _table(count), np.empty(count, np.int32), np.empty(count, np.int32)
    pairs = np.empty((count // 2, 2), dtype=np.int32)  # enough unless areas overlap
    found = pair_segments(number[:count], rings.begin, owner, table, head, following, pairs)
    if found > len(pairs):
        pairs = np.empty((found, 2), dtype=np.int32)
        table = _table(count)
        pair_segments(number[:count], rings.begin, owner, table, head, following, pairs)
    pairs = pairs[:found]
    is_alone = head >= 0
    is_alone[pairs] = False
    ranked = np.full(count, precedence(np.array([EdgeClass.UNCLASSIFIED]))[0])
    begin = np.concatenate(([0], np.cumsum(shapely.get_num_coordinates(lines), dtype=np.int64)))
    class_segments(number[:count], table, number[count:], begin, precedence(classes), ranked)
    return Segments(
        xy[:count], owner, number[:count], first, pairs, np.flatnonzero(is_alone),
        np.array(RANK)[ranked[head]],
    )  # fmt: skip


def _table(entries: int) -> SmallInts:
    """Make a table with so many slots that half of them and more stay empty."""
    found: SmallInts = np.full(2 << max(entries, 1).bit_length(), -1, dtype=np.int32)
    return found
