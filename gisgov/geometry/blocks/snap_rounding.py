"""Segments cut where they meet, so that every cut is a point of the storage grid.

Snap rounding (J. Hobby (1999), "Practical Segment Intersection with Finite Precision Output"): each end and
each crossing, rounded to the grid, is a hot pixel of one step's width, and every segment that passes
through a hot pixel is led through its middle. The pieces then meet at common vertices only, and no segment
moved by more than half a step, so a vertex that lies on a border after rounding is a vertex of that border.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from gisgov.geometry.blocks.segments import drawn, points_at
from gisgov.types import Bools, Ints

_HALF_DIAGONAL: Final = 0.75  # of a pixel, with room for arithmetic


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Pieces of segments between numbered vertices.

    Attributes
    ----------
    xy : numpy.ndarray of int, shape (v, 2)
        Vertices, each once, ascending by x, then y.
    start, end : numpy.ndarray of int, shape (k,)
        The vertices of each piece, in the direction of its segment; never equal.
    segment : numpy.ndarray of int, shape (k,)
        Which segment it is a piece of.
    crossing : numpy.ndarray of int, shape (c, 2)
        Pairs of segments that cross inside both.
    """

    xy: Ints
    start: Ints
    end: Ints
    segment: Ints
    crossing: Ints


def cut_where_they_meet(start: Ints, end: Ints) -> Pieces:
    """Cut segments where they cross, touch or run along each other.

    Parameters
    ----------
    start, end : numpy.ndarray of int, shape (n, 2)
        Steps of a grid; both ends of a segment differ, and it is shorter than 1e9 steps.

    Returns
    -------
    Pieces
        Pieces meet at common vertices only; equal ones occur as often as segments have them.

    Examples
    --------
    >>> pieces = cut_where_they_meet(np.array([[0, 0], [0, 4]]), np.array([[4, 4], [4, 0]]))
    >>> pieces.xy.tolist()
    [[0, 0], [0, 4], [2, 2], [4, 0], [4, 4]]
    >>> pieces.start.tolist(), pieces.end.tolist(), pieces.segment.tolist()
    ([0, 2, 1, 2], [2, 4, 2, 3], [0, 0, 1, 1])
    """
    # all below is done on each segment once, from its lower end, so nothing depends on order or direction
    is_back = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    low, high = np.where(is_back[:, None], end, start), np.where(is_back[:, None], start, end)
    below, above = _numbered(np.concatenate((low, high))).reshape(2, -1)
    _, first, number = np.unique(below << 32 | above, return_index=True, return_inverse=True)
    a, b = low[first], high[first]
    one, other, at, is_inside = _crossings(a, b)
    xy, vertex_a, vertex_b, vertex_at = _vertices(a, b, at)
    through, vertex = _passes(a, b, xy)
    # a crossing that arithmetic put a hair's breadth into the next pixel still cuts both
    through = np.concatenate((through, one, other, np.arange(len(a)), np.arange(len(a))))
    vertex = np.concatenate((vertex, vertex_at, vertex_at, vertex_a, vertex_b))
    both = np.unique(through << 32 | vertex)
    through, vertex = both >> 32, both & 0xFFFFFFFF
    along = np.einsum("ij,ij->i", xy[vertex] - a[through], b[through] - a[through])
    order = np.lexsort((vertex, along, through))
    through, vertex = through[order], vertex[order]
    follows = through[1:] == through[:-1]
    return _of_all(
        xy,
        vertex[:-1][follows],
        vertex[1:][follows],
        np.bincount(through[:-1][follows], minlength=len(a)),
        number,
        is_back,
        np.column_stack((first[one], first[other]))[is_inside],
    )


def _of_all(
    xy: Ints, since: Ints, until: Ints, count: Ints, number: Ints, is_back: Bools, crossing: Ints
) -> Pieces:
    """Give every segment the pieces of the one that is equal to it, in its own direction."""
    times = count[number]
    first = np.cumsum(count) - count
    offset = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    turned = np.repeat(is_back, times)
    piece = np.repeat(first[number], times) + np.where(turned, np.repeat(times, times) - 1 - offset, offset)
    start = np.where(turned, until[piece], since[piece])
    end = np.where(turned, since[piece], until[piece])
    return Pieces(xy, start, end, np.repeat(np.arange(len(number)), times), crossing)


def _numbered(xy: Ints) -> Ints:
    """Give places numbers in the order of x, then y."""
    return _vertices_of(xy)[1]


def _vertices_of(xy: Ints) -> tuple[Ints, Ints]:
    places = (
        np.ascontiguousarray(xy.astype(np.float64)).view(np.complex128).ravel()
    )  # sorted faster than rows
    once, number = np.unique(places, return_inverse=True)
    found: Ints = np.column_stack((once.real, once.imag)).astype(np.int64)
    return found, number


def _vertices(a: Ints, b: Ints, at: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    xy, number = _vertices_of(np.concatenate((a, b, at)))
    n = len(a)
    return xy, number[:n], number[n : 2 * n], number[2 * n :]


def _crossings(a: Ints, b: Ints) -> tuple[Ints, Ints, Ints, Bools]:
    """Find pairs of segments with a common point that are not parallel, and that point, rounded.

    Returns
    -------
    one, other : numpy.ndarray of int, shape (c,)
        Each pair once.
    at : numpy.ndarray of int, shape (c, 2)
        Where.
    is_inside : numpy.ndarray of bool, shape (c,)
        Whether it is no end of either.
    """
    lines = drawn(a, b)
    one, other = shapely.STRtree(lines).query(lines)
    one, other = one[one < other], other[one < other]
    p, q = b[one] - a[one], b[other] - a[other]
    between = a[other] - a[one]
    turn, along_p, along_q = _cross(p, q), _cross(between, q), _cross(between, p)
    sign = np.sign(turn)
    size, along_p, along_q = turn * sign, along_p * sign, along_q * sign
    meet = (size > 0) & (along_p >= 0) & (along_p <= size) & (along_q >= 0) & (along_q <= size)
    one, other, p, size, along_p, along_q = (some[meet] for some in (one, other, p, size, along_p, along_q))
    share = along_p / size
    at = a[one] + np.floor(share[:, None] * p + 0.5).astype(np.int64)
    is_inside = (along_p > 0) & (along_p < size) & (along_q > 0) & (along_q < size)
    return one, other, at, is_inside


def _passes(a: Ints, b: Ints, xy: Ints) -> tuple[Ints, Ints]:
    """Find the hot pixels that segments pass through: numbers of segments and of vertices."""
    lines = drawn(a, b)
    tree = shapely.STRtree(points_at(xy))
    segment, vertex = tree.query(lines, predicate="dwithin", distance=_HALF_DIAGONAL)
    # in half steps: ends are even and sides of pixels odd, so they never coincide
    lower, upper, middle = 2 * a[segment], 2 * b[segment], 2 * xy[vertex]
    span = upper - lower
    beside = (np.minimum(lower, upper) <= middle + 1) & (np.maximum(lower, upper) >= middle - 1)
    corners = [
        np.sign(_cross(span, middle + np.array(corner) - lower))
        for corner in ((-1, -1), (1, -1), (-1, 1), (1, 1))
    ]
    least, most = np.min(corners, axis=0), np.max(corners, axis=0)
    # of its corners only the lower left one belongs to a pixel
    passes = beside.all(axis=1) & ((least < 0) & (most > 0) | (corners[0] == 0))
    return segment[passes], vertex[passes]


def _cross(p: Ints, q: Ints) -> Ints:
    return np.asarray(p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0])
