"""Kernels: how often boundaries wind round a point, and whether a point lies in an area."""

from __future__ import annotations

from gisgov.geometry.kernel import kernel
from gisgov.types import Bools, Floats, Ints


@kernel
def wind(
    x: Floats, y: Floats, group: Ints, start: Floats, end: Floats, times: Ints, begin: Ints, turns: Ints
) -> None:
    """Count how often directed edges wind round points, anticlockwise positive.

    Parameters
    ----------
    x, y : numpy.ndarray of float, shape (p,)
        Points, none of them on an edge.
    group : numpy.ndarray of int, shape (p,)
        Which group of edges each is asked about.
    start, end : numpy.ndarray of float, shape (k, 2)
        Ends of the edges, group after group.
    times : numpy.ndarray of int, shape (k,)
        How often each edge counts.
    begin : numpy.ndarray of int, shape (g + 1,)
        Where each group begins.
    turns : numpy.ndarray of int, shape (p,)
        Filled.
    """
    for p in range(len(x)):
        total = 0
        for e in range(begin[group[p]], begin[group[p] + 1]):
            ay, by = start[e, 1], end[e, 1]
            if (ay <= y[p]) != (by <= y[p]):
                ax, bx = start[e, 0], end[e, 0]
                left = (bx - ax) * (y[p] - ay) - (x[p] - ax) * (by - ay)
                if by > ay and left > 0.0:
                    total += times[e]
                elif by < ay and left < 0.0:
                    total -= times[e]
        turns[p] = total


@kernel
def contain(x: Floats, y: Floats, area: Ints, xy: Floats, ring: Ints, first: Ints, is_inside: Bools) -> None:
    """Say for pairs of a point and an area whether the one lies in the other.

    Parameters
    ----------
    x, y : numpy.ndarray of float, shape (p,)
        Points; for one on a border either may come out.
    area : numpy.ndarray of int, shape (p,)
        Numbers of areas.
    xy : numpy.ndarray of float, shape (n, 2)
        Vertices, ring after ring.
    ring : numpy.ndarray of int, shape (r + 1,)
        Where each ring begins.
    first : numpy.ndarray of int, shape (a + 1,)
        The first ring of each area.
    is_inside : numpy.ndarray of bool, shape (p,)
        Filled.
    """
    for p in range(len(x)):
        inside = False
        for r in range(first[area[p]], first[area[p] + 1]):
            for i in range(ring[r], ring[r + 1] - 1):
                ay, by = xy[i, 1], xy[i + 1, 1]
                if (ay <= y[p]) != (by <= y[p]):
                    across = xy[i, 0] + (y[p] - ay) / (by - ay) * (xy[i + 1, 0] - xy[i, 0])
                    if across > x[p]:
                        inside = not inside
        is_inside[p] = inside
