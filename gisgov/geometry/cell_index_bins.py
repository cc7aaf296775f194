"""Kernel: edges into the cells that they pass."""

from __future__ import annotations

from gisgov.geometry.cell_index_form import Bins, Frame
from gisgov.geometry.kernel import kernel
from gisgov.types import Floats, Ints, SmallInts

_BITS = 5
_WITHIN = (1 << _BITS) - 1
_PAD = 1e-5  # of a cell's side: an edge is put into every cell that it comes as near to


@kernel
def _span(low_x: float, low_y: float, x: float, y: float, row: int) -> tuple[int, int]:
    """Say between which columns an edge passes a row; it is drawn upwards, in sides of cells."""
    rise = y - low_y
    since, until = 0.0, 1.0
    if rise > 0.0:
        since = min(1.0, max(0.0, (row - _PAD - low_y) / rise))
        until = min(1.0, max(0.0, (row + 1 + _PAD - low_y) / rise))
    one, other = low_x + since * (x - low_x), low_x + until * (x - low_x)
    return int(min(one, other) - _PAD), int(max(one, other) + _PAD)


@kernel
def _number(row: int, column: int, columns: int, number: SmallInts) -> int:
    """Give the number of a cell."""
    if len(number) == 0:
        return row * columns + column
    block = number[(row >> _BITS) * (columns >> _BITS) + (column >> _BITS)]
    return int(block) << 2 * _BITS | (row & _WITHIN) << _BITS | column & _WITHIN


@kernel
def scatter(xy: Floats, rings: Ints, rank: SmallInts, frame: Frame, bins: Bins) -> None:
    """Put every edge into the cells that it passes; before that mark the blocks, and count.

    Parameters
    ----------
    xy : numpy.ndarray of float, shape (n, 2)
        Vertices, ring after ring; each ring is closed, its first vertex drawn twice.
    rings : numpy.ndarray of int, shape (r + 1,)
        Where each ring begins.
    rank : numpy.ndarray of int, shape (r,)
        Rank of its area.
    frame : Frame
        The cells; every vertex lies in one of them that is not at the rim.
    bins : Bins
        Without room for counts the blocks that edges pass are marked by 0. Without room for edges those of
        each cell are counted in ``at``. With room ``at`` says where the edges of each cell end, and is
        counted down to where they begin.
    """
    number, at, edge, of = bins.number, bins.at, bins.edge, bins.of
    across = frame.columns >> _BITS
    for ring in range(len(rings) - 2, -1, -1):
        for i in range(rings[ring], rings[ring + 1] - 1):
            ax, ay = (xy[i, 0] - frame.west) * frame.per_unit, (xy[i, 1] - frame.south) * frame.per_unit
            bx, by = (
                (xy[i + 1, 0] - frame.west) * frame.per_unit,
                (xy[i + 1, 1] - frame.south) * frame.per_unit,
            )
            if ay > by:
                ax, ay, bx, by = bx, by, ax, ay
            for row in range(int(ay - _PAD), int(by + _PAD) + 1):
                first, last = _span(ax, ay, bx, by, row)
                if len(at) == 0:
                    for column in range(first >> _BITS, (last >> _BITS) + 1):
                        number[(row >> _BITS) * across + column] = 0
                    continue
                for column in range(first, last + 1):
                    cell = _number(row, column, frame.columns, number)
                    if len(edge) == 0:
                        at[cell] += 1
                    else:
                        at[cell] -= 1
                        edge[at[cell]], of[at[cell]] = i, rank[ring]
