"""A line that a planner drew, laid on the borders that it comes near, so that it cuts no sliver off."""

from __future__ import annotations

import numpy as np
import shapely

from gisgov.geometry.blocks.segments import drawn, metres_per_step, points_at
from gisgov.types import Floats, Geometries, Ints


def lay(line: Ints, start: Ints, end: Ints, reach_m: float) -> Ints:
    """Lead a line through vertices of borders, and on to borders, that it comes near.

    A vertex of the line moves to the nearest vertex of a border within reach, else on to the nearest border
    within reach; then every stretch is led through the vertices that it passes within reach.

    Parameters
    ----------
    line : numpy.ndarray of int, shape (p, 2)
        Vertices in steps of the storage grid.
    start, end : numpy.ndarray of int, shape (n, 2)
        Straight parts of borders, likewise.
    reach_m : float
        How far it may move, in metres; above 0.

    Returns
    -------
    numpy.ndarray of int, shape (q, 2)
        The line, no two vertices in a row equal; a single one where all became one.

    Examples
    --------
    >>> border = np.array([[0, 0], [100, 0]]), np.array([[100, 0], [100, 100]])
    >>> lay(np.array([[50, -3], [103, 2]]), *border, 0.1).tolist()
    [[50, 0], [100, 0]]
    """
    origin = line.min(axis=0)
    scale = metres_per_step(np.array([float(line[:, 1].mean())]))
    a, b, places = ((some - origin) * scale for some in (start, end, line))
    corners = np.unique(np.concatenate((start, end)), axis=0)
    corner_tree = shapely.STRtree(points_at((corners - origin) * scale))
    at = points_at(places)
    moved = line.copy()
    vertex, corner = corner_tree.query_nearest(at, max_distance=reach_m, all_matches=False)
    moved[vertex] = corners[corner]
    rest = np.setdiff1d(np.arange(len(line)), vertex)
    one, border = shapely.STRtree(drawn(a, b)).query_nearest(
        at[rest], max_distance=reach_m, all_matches=False
    )
    moved[rest[one]] = _projected(line[rest[one]], start[border], end[border], scale)
    return without_repeats(_led_through(without_repeats(moved), corners, corner_tree, origin, scale, reach_m))


def without_repeats(line: Ints) -> Ints:
    """Leave out vertices that equal the one before."""
    kept: Ints = line[np.append(True, (line[1:] != line[:-1]).any(axis=1))[: len(line)]]
    return kept


def _projected(places: Ints, start: Ints, end: Ints, scale: Floats) -> Ints:
    """Move places on to straight borders, to the grid point nearest to the border's nearest."""
    span = (end - start) * scale
    share = (((places - start) * scale) * span).sum(axis=1) / (span * span).sum(axis=1)
    found: Ints = start + np.rint(np.clip(share, 0.0, 1.0)[:, None] * (end - start)).astype(np.int64)
    return found


def _led_through(
    line: Ints, corners: Ints, tree: shapely.STRtree, origin: Ints, scale: Floats, reach_m: float
) -> Ints:
    a, b = ((some - origin) * scale for some in (line[:-1], line[1:]))
    stretches: Geometries = drawn(a, b)
    stretch, corner = tree.query(stretches, predicate="dwithin", distance=reach_m)
    span = (b - a)[stretch]
    share = (((corners[corner] - origin) * scale - a[stretch]) * span).sum(axis=1) / (span * span).sum(axis=1)
    inside = (share > 0.0) & (share < 1.0)
    order = np.lexsort((share[inside], stretch[inside]))
    return np.insert(line, stretch[inside][order] + 1, corners[corner[inside][order]], axis=0)
