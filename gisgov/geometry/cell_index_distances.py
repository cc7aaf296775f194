"""Kernel: how far it is from points to borders, found in the cells around each point."""

from __future__ import annotations

import numpy as np

from gisgov.geometry.cell_index_form import Bins, Blocks, Frame
from gisgov.geometry.kernel import kernel
from gisgov.types import Bytes, Floats, Ints, SmallInts

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
    x: float, y: float, first: int, last: int, wanted: int,
    xy: Floats, bins: Bins, best: float, nearest: int,
) -> tuple[float, int]:  # fmt: skip
    """Look through neighbouring cells for a border that is nearer, or as near and of a smaller rank."""
    for m in range(bins.at[first], bins.at[last + 1]):
        i, of = bins.edge[m], bins.of[m]
        if wanted < 0 or of == wanted:
            squared = _squared(xy[i, 0], xy[i, 1], xy[i + 1, 0], xy[i + 1, 1], x, y)
            if squared < best or (squared == best and of < nearest):
                best, nearest = squared, of
    return best, nearest


@kernel
def _around(
    x: float, y: float, column: int, row: int, wanted: int, frame: Frame, xy: Floats, bins: Bins
) -> tuple[float, int]:
    """Look through the cell of a point and the ring around it."""
    best, nearest = np.inf, -1
    first, last = max(0, column - 1), min(frame.columns - 1, column + 1)
    for k in range(max(0, row - 1), min(frame.rows - 1, row + 1) + 1):
        if first <= last:
            begin = k * frame.columns
            best, nearest = _search(x, y, begin + first, begin + last, wanted, xy, bins, best, nearest)
    return best, nearest


@kernel
def _beyond(across: float, up: float, column: int, row: int, side: int) -> float:
    """Square of the distance to a block of cells, in sides of cells, rather a little less."""
    east = max(0.0, column - across - _SLACK, across - column - side - _SLACK)
    north = max(0.0, row - up - _SLACK, up - row - side - _SLACK)
    return east * east + north * north


@kernel
def _outwards(
    x: float, y: float, across: float, up: float, wanted: int, frame: Frame,
    xy: Floats, bins: Bins, blocks: Blocks, best: float, nearest: int,
) -> tuple[float, int]:  # fmt: skip
    """Look through the cells further out, the nearest first; blocks without borders are passed by."""
    levels, per_square = len(blocks.levels), frame.per_unit * frame.per_unit
    waiting = np.empty((3 * levels + 1, 3), np.int64)
    waiting[0, 0], waiting[0, 1], waiting[0, 2] = levels - 1, 0, 0
    count = 1
    while count > 0:
        count -= 1
        level, column, row = waiting[count]
        side = 1 << level
        if _beyond(across, up, column * side, row * side, side) > best * per_square:
            continue
        if level == 0:
            cell = row * frame.columns + column
            best, nearest = _search(x, y, cell, cell, wanted, xy, bins, best, nearest)
            continue
        begin, columns, rows = blocks.levels[level - 1]
        near = (across >= (column + 0.5) * side) + 2 * (up >= (row + 0.5) * side)
        for k in range(3, -1, -1):  # of its quarters the one that the point lies towards is taken up first
            east, north = 2 * column + ((k ^ near) & 1), 2 * row + ((k ^ near) >> 1)
            if east < columns and north < rows and blocks.filled[begin + north * columns + east]:
                waiting[count, 0], waiting[count, 1], waiting[count, 2] = level - 1, east, north
                count += 1
    return best, nearest


@kernel
def measure_one(
    x: float, y: float, wanted: int, frame: Frame, xy: Floats, bins: Bins, blocks: Blocks
) -> tuple[float, int]:
    """Measure from one point; NaN and −1 where nothing is found. See `measure`."""
    across, up = (x - frame.west) * frame.per_unit, (y - frame.south) * frame.per_unit
    if not (abs(across) < _FURTHEST and abs(up) < _FURTHEST):
        return np.nan, -1
    column, row = int(np.floor(across)), int(np.floor(up))
    best, found = _around(x, y, column, row, wanted, frame, xy, bins)
    looked = 1.0 - _SLACK + min(across - column, column + 1 - across, up - row, row + 1 - up)
    if best * frame.per_unit * frame.per_unit >= looked * looked:
        best, found = _outwards(x, y, across, up, wanted, frame, xy, bins, blocks, best, found)
    return (np.sqrt(best), found) if found >= 0 else (np.nan, -1)


@kernel
def measure_at(
    x: float, y: float, wanted: int, west: float, south: float, step: float, per_unit: float, columns: int,
    rows: int, xy: Floats, at: SmallInts, edge: SmallInts, of: SmallInts, filled: Bytes, levels: Ints,
) -> tuple[float, int]:  # fmt: skip
    """Do what `measure_one` does; handed numbers and arrays, not tuples of them, a kernel begins sooner."""
    frame = Frame(west, south, step, per_unit, columns, rows, 0.0, 0.0, 0.0)
    return measure_one(x, y, wanted, frame, xy, Bins(of, at, edge, of), Blocks(filled, levels))


@kernel
def measure(
    x: Floats, y: Floats, wanted: Ints, frame: Frame, xy: Floats, bins: Bins, blocks: Blocks,
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
    blocks : Blocks
        Which blocks of cells hold any.
    metres, found : numpy.ndarray, shape (n,)
        Filled: the distance, and the rank of the area (of equally near ones the smallest); NaN and −1 for a
        point that is not finite, and where there are no borders.
    """
    for i in range(len(x)):
        metres[i], found[i] = measure_one(x[i], y[i], wanted[i], frame, xy, bins, blocks)
