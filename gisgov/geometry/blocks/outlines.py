"""From faces to blocks: their polygons, and the lines of their borders."""

from __future__ import annotations

import numpy as np
import shapely

from gisgov.geometry.blocks.plane import Plane, rings_of, rotated
from gisgov.geometry.blocks.segments import in_degrees
from gisgov.types import Geometries, Ints


def polygons_of(plane: Plane, left: Ints, count: int) -> Geometries:
    """Draw blocks.

    Parameters
    ----------
    plane : Plane
        Borders of blocks, and nothing else.
    left : numpy.ndarray of int, shape (2m,)
        The block on the left of each half-edge, or ``count`` for none; different on both sides of an edge.
    count : int
        How many blocks there are, each of them connected.

    Returns
    -------
    numpy.ndarray of shapely.Polygon, shape (count,)
        In WGS84 degrees, with all vertices, shells anticlockwise. Where a block touches itself in a point,
        two of its rings do.
    """
    rings = rings_of(_following(plane, left))
    block = left[rings.half_edge[rings.begin[:-1]]]
    xy = plane.xy[plane.origin[rings.half_edge]]
    begins, sizes = rings.begin[:-1], np.diff(rings.begin)
    is_hole = _twice_area(xy, rings.begin) < 0
    chosen = np.flatnonzero(block < count)
    order = chosen[np.lexsort((is_hole[chosen], block[chosen]))]
    # every ring is closed with its first vertex
    length = sizes[order] + 1
    offset = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    vertex = np.repeat(begins[order], length) + offset % np.repeat(sizes[order], length)
    polygons = np.append(0, np.cumsum(np.bincount(block[order], minlength=count)))
    built: Geometries = shapely.from_ragged_array(
        shapely.GeometryType.POLYGON, in_degrees(xy[vertex]), (np.append(0, np.cumsum(length)), polygons)
    )
    return built


def _following(plane: Plane, left: Ints) -> Ints:
    """Choose the next half-edge of the same block so that no ring touches itself.

    Where a block has several corners at one vertex, a ring goes on along the other ground that lies there,
    not along its own corner: a hole that touches the outer border is then a ring of its own.
    """
    order = plane.around[np.lexsort((left[plane.around], plane.origin[plane.around]))]
    corner = plane.origin[order] * (int(left.max(initial=0)) + 1) + left[order]
    after = np.empty(len(left), dtype=np.int64)
    after[order] = rotated(order, corner, -1)
    return after[plane.following]


def _twice_area(xy: Ints, begin: Ints) -> Ints:
    """Twice the area on the left of each ring, in steps."""
    first = np.repeat(begin[:-1], np.diff(begin))
    here = xy - xy[first]
    after = np.roll(here, -1, axis=0)
    if len(after):
        after[begin[1:] - 1] = 0
    found = np.zeros(len(begin) - 1, dtype=np.int64)
    number = np.repeat(np.arange(len(found)), np.diff(begin))
    np.add.at(found, number, here[:, 0] * after[:, 1] - here[:, 1] * after[:, 0])
    return found


def chains_of(plane: Plane, kind: Ints) -> tuple[Geometries, Ints]:
    """Join borders to lines.

    Parameters
    ----------
    plane : Plane
        Borders of blocks.
    kind : numpy.ndarray of int, shape (m,)
        The class of each edge.

    Returns
    -------
    lines : numpy.ndarray of shapely.LineString, shape (k,)
        In WGS84 degrees, by their vertices. They are as long as they can be without another border or class
        beginning on the way; each edge is in one of them.
    line_kind : numpy.ndarray of int, shape (k,)
        The class of each.
    """
    half = np.arange(2 * len(plane))
    arrived = plane.origin[half ^ 1]
    count = np.bincount(plane.origin, minlength=len(plane.xy))
    # at its end a line turns back, so that its walk is there and back; one without an end has two walks
    goes_on = (count[arrived] == 2) & (kind[plane.following // 2] == kind[half // 2])
    begins = np.ones(len(half), dtype=bool)
    begins[plane.following[goes_on]] = False
    rank = np.lexsort((plane.origin, ~begins))
    priority = np.empty(len(half), dtype=np.int64)
    priority[rank] = half
    rings = rings_of(np.where(goes_on, plane.following, half ^ 1), priority)
    first, size = rings.half_edge[rings.begin[:-1]], np.diff(rings.begin)
    is_open = begins[first]
    lowest = np.minimum.reduceat(rings.half_edge, rings.begin[:-1]) if len(first) else first
    chosen = np.flatnonzero(is_open | (lowest % 2 == 0))
    steps = np.where(is_open, size // 2, size)[chosen]
    offset = np.arange(steps.sum()) - np.repeat(np.cumsum(steps) - steps, steps)
    walked = rings.half_edge[np.repeat(rings.begin[:-1][chosen], steps) + offset]
    # all origins, and where the last half-edge arrives
    ends = np.cumsum(steps)
    vertex = np.insert(plane.origin[walked], ends, plane.origin[walked[ends - 1] ^ 1])
    lines: Geometries = np.asarray(
        shapely.linestrings(
            in_degrees(plane.xy[vertex]), indices=np.repeat(np.arange(len(chosen)), steps + 1)
        )
    )
    return lines, kind[first[chosen] // 2]
