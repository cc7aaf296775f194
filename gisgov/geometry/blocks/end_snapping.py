"""Ends of lines that were meant to meet another line and miss it by a little."""

from __future__ import annotations

import numpy as np
import shapely

from gisgov.geometry.blocks.segments import Segments, drawn, metres_per_step, points_at
from gisgov.types import Bools, Floats, Geometries, Ints


def extensions_of(lines: Segments, outlines: Segments, level: Ints, snap_m: float) -> Segments:
    """Draw ends of lines on to the nearest line or outline.

    Parameters
    ----------
    lines : Segments
        Lines with their numbers as owners.
    outlines : Segments
        What else lines may end on.
    level : numpy.ndarray of int
        By number of line: one above the ground does not end on one below it.
    snap_m : float
        How far an end may miss it; metres.

    Returns
    -------
    Segments
        From ends of lines to what they miss. None for ends at which another line has a vertex, or whose own
        line crosses what is near.
    """
    ends, owner = _loose_ends(lines, outlines)
    start = np.concatenate((lines.start, outlines.start))
    end = np.concatenate((lines.end, outlines.end))
    everything = np.concatenate((ends, start, end))
    if not len(ends) or snap_m == 0.0:
        return Segments(ends[:0], ends[:0], owner[:0])
    origin = everything.min(axis=0)
    scale = metres_per_step((everything[:, 1].min(keepdims=True) + everything[:, 1].max()) / 2.0)[0]
    a, b, p = (start - origin) * scale, (end - origin) * scale, (ends - origin) * scale
    lines_m = drawn(a, b)
    at, near = shapely.STRtree(lines_m).query(points_at(p), predicate="dwithin", distance=snap_m)
    whose = np.concatenate((lines.owner, np.full(len(outlines), -1)))[near]
    others = whose != owner[at]
    at, near, whose = at[others], near[others], whose[others]
    # an end that lies on another line already, or lies beyond one that its own line crosses, misses nothing
    away, foot = _feet(a[near], b[near], p[at])
    misses = np.ones(len(ends), dtype=bool)
    misses[at[away <= scale.max()]] = False
    misses[at[_crosses(lines_m, lines, owner[at], near)]] = False
    levels = np.append(level, 0)  # outlines lie on the ground
    kept = misses[at] & ((levels[whose] == levels[owner[at]]) | (whose < 0))
    at, near, away, foot = at[kept], near[kept], away[kept], foot[kept]
    target = np.rint(foot / scale).astype(np.int64) + origin
    order = np.lexsort((target[:, 1], target[:, 0], away, at))
    at, target = at[order], target[order]
    _, first = np.unique(at, return_index=True)
    return Segments(ends[at[first]], target[first], owner[at[first]])


def _loose_ends(lines: Segments, outlines: Segments) -> tuple[Ints, Ints]:
    """Find vertices that occur once, and their lines."""
    every = np.concatenate((lines.start, lines.end, outlines.start, outlines.end))
    places = np.ascontiguousarray(every.astype(np.float64)).view(np.complex128).ravel()
    _, first, count = np.unique(places, return_index=True, return_counts=True)
    first = first[(count == 1) & (first < 2 * len(lines))]
    return every[first], np.tile(lines.owner, 2)[first]


def _feet(a: Floats, b: Floats, p: Floats) -> tuple[Floats, Floats]:
    """Find the nearest points of segments, and how far away they are."""
    span = b - a
    share = np.clip(np.einsum("ij,ij->i", p - a, span) / np.einsum("ij,ij->i", span, span), 0.0, 1.0)
    foot = a + share[:, None] * span
    return np.hypot(*(p - foot).T), foot


def _crosses(lines_m: Geometries, lines: Segments, owner: Ints, near: Ints) -> Bools:
    """Say whether lines cross what is near their ends."""
    if not owner.size:
        return np.zeros(0, dtype=bool)
    once, number = np.unique(owner, return_inverse=True)
    mine = np.flatnonzero(np.isin(lines.owner, once))
    whole = shapely.multilinestrings(lines_m[mine], indices=np.searchsorted(once, lines.owner[mine]))
    return np.asarray(shapely.intersects(np.asarray(whole)[number], lines_m[near]))
