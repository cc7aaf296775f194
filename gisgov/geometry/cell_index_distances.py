"""Kernel: how far it is from points to borders, found in the cells around each point, ring after ring."""

from __future__ import annotations

import numpy as np

from gisgov.geometry.cell_index_form import Bins, Frame
from gisgov.geometry.kernel import kernel
from gisgov.types import Floats, SmallInts

_FURTHEST = 1e15  # sides of cells: what is further is nowhere
_SLACK = 1e-9  # of a cell's side: rounding of coordinates in cells


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
def _search(
    x: float, y: float, column: int, row: int, ring: int, wanted: int,
    frame: Frame, xy: Floats, bins: Bins, best: float, nearest: int,
) -> tuple[float, int]:  # fmt: skip
    """Look through a ring of cells for a border that is nearer, or as near and of an area of smaller rank."""
    for k in range(max(0, row - ring), min(frame.rows - 1, row + ring) + 1):
        is_side = abs(k - row) == ring  # elsewhere the ring is one cell at either end
        for end in range(1 if is_side else 2):
            first = column + ring if end else column - ring
            last = column + ring if is_side else first
            first, last = max(first, 0), min(last, frame.columns - 1)
            if first > last:
                continue
            for m in range(bins.at[k * frame.columns + first], bins.at[k * frame.columns + last + 1]):
                i, of = bins.edge[m], bins.of[m]
                if wanted < 0 or of == wanted:
                    squared = _squared(xy[i, 0], xy[i, 1], xy[i + 1, 0], xy[i + 1, 1], x, y)
                    if squared < best or (squared == best and of < nearest):
                        best, nearest = squared, of
    return best, nearest


@kernel
def measure_one(x: float, y: float, wanted: int, frame: Frame, xy: Floats, bins: Bins) -> tuple[float, int]:
    """Measure from one point; NaN and −1 where nothing is found. See `measure`."""
    across, up = (x - frame.west) * frame.per_unit, (y - frame.south) * frame.per_unit
    if not (abs(across) < _FURTHEST and abs(up) < _FURTHEST):
        return np.nan, -1
    column, row = int(np.floor(across)), int(np.floor(up))
    margin = min(across - column, column + 1 - across, up - row, row + 1 - up) - _SLACK
    best, found = np.inf, -1
    # before the first of these rings there are no cells, and none after the last
    ring = max(0, -column, column - frame.columns + 1, -row, row - frame.rows + 1)
    last = max(column, frame.columns - 1 - column, row, frame.rows - 1 - row)
    while ring <= last and not (max(0.0, ring - 1 + margin) * frame.step) ** 2 > best:
        best, found = _search(x, y, column, row, ring, wanted, frame, xy, bins, best, found)
        ring += 1
    return (np.sqrt(best), found) if found >= 0 else (np.nan, -1)


@kernel
def measure(
    x: Floats, y: Floats, wanted: SmallInts, frame: Frame, xy: Floats, bins: Bins,
    metres: Floats, found: SmallInts,
) -> None:  # fmt: skip
    """Measure from points to the border of an area, or to the nearest one.

    Parameters
    ----------
    x, y : numpy.ndarray of float, shape (n,)
        Points in the plane.
    wanted : numpy.ndarray of int, shape (n,)
        Rank of the area whose border is meant, −1 for that of any.
    frame : Frame
        The cells.
    xy : numpy.ndarray of float, shape (v, 2)
        Vertices of borders in the plane.
    bins : Bins
        Their edges by cells.
    metres, found : numpy.ndarray, shape (n,)
        Filled: the distance, and the rank of the area (of equally near ones the smallest); NaN and −1 for a
        point that is not finite, and where there are no borders.
    """
    for i in range(len(x)):
        metres[i], found[i] = measure_one(x[i], y[i], wanted[i], frame, xy, bins)
