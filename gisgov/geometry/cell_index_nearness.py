"""Kernel: which areas have their border near points, found in the cells around each point.

The distance to a segment is written in `gisgov.geometry.cell_index_distances` too: the compiler's cache
notices changes of a kernel's own file alone. A test holds both to the same text.
"""

from __future__ import annotations

import numpy as np

from gisgov.geometry.cell_index_form import Bins, Frame
from gisgov.geometry.kernel import kernel
from gisgov.types import Floats, Ints

_FURTHEST = 1e9  # sides of cells: what is further is nowhere


@kernel
def _squared(ax: float, ay: float, bx: float, by: float, x: float, y: float) -> float:
    """Square of the distance to a segment; the same number whichever way the segment runs."""
    if ay > by or (ay == by and ax > bx):
        ax, ay, bx, by = bx, by, ax, ay
    across, up = bx - ax, by - ay
    length = across * across + up * up
    share = 0.0
    if length > 0.0:
        share = min(1.0, max(0.0, ((x - ax) * across + (y - ay) * up) / length))
    # from the nearer end: so the ends are met exactly
    if share > 0.5:
        ax, ay, share = bx, by, share - 1.0
    east, north = x - (ax + share * across), y - (ay + share * up)
    return east * east + north * north


@kernel
def _note(
    i: int, of: int, far: float, begin: int, count: int, point: Ints, rank: Ints, squared: Floats
) -> int:
    """Note an area near a point, once with its least distance; say how many are noted, or would be."""
    for at in range(begin, min(count, len(point))):
        if rank[at] == of:
            squared[at] = min(squared[at], far)
            return count
    if count < len(point):
        point[count], rank[count], squared[count] = i, of, far
    return count + 1


@kernel
def _cells(low: float, high: float, west: float, per_unit: float, most: int) -> tuple[int, int]:
    """Give the first and last cell of a stretch; none where it is nowhere."""
    first, last = (low - west) * per_unit, (high - west) * per_unit
    if not (last >= 0.0 and first < _FURTHEST):
        return 0, -1
    return max(0, int(np.floor(first))), int(min(most - 1.0, np.floor(last)))


@kernel
def list_near(
    x: Floats, y: Floats, reach: float, frame: Frame, xy: Floats, bins: Bins,
    point: Ints, rank: Ints, squared: Floats,
) -> int:  # fmt: skip
    """List ranks of areas whose border is within a reach of each point, with the square of the distance.

    Parameters
    ----------
    x, y : numpy.ndarray of float, shape (n,)
        Points in the plane.
    reach : float
        How far is near.
    frame : Frame
        The cells.
    xy : numpy.ndarray of float, shape (v, 2)
        Vertices of borders in the plane.
    bins : Bins
        Their edges by cells.
    point, rank, squared : numpy.ndarray, shape (room,)
        Filled as far as there is room.

    Returns
    -------
    int
        How many pairs there are. Where that is more than there is room for, so much room is enough.
    """
    count = 0
    for i in range(len(x)):
        begin = count
        first, last = _cells(x[i] - reach, x[i] + reach, frame.west, frame.per_unit, frame.columns)
        south, north = _cells(y[i] - reach, y[i] + reach, frame.south, frame.per_unit, frame.rows)
        for row in range(south, north + 1):
            if first > last:
                break
            cell = row * frame.columns
            for m in range(bins.at[cell + first], bins.at[cell + last + 1]):
                k = bins.edge[m]
                far = _squared(xy[k, 0], xy[k, 1], xy[k + 1, 0], xy[k + 1, 1], x[i], y[i])
                if far <= reach * reach:
                    count = _note(i, bins.of[m], far, begin, count, point, rank, squared)
    return count
