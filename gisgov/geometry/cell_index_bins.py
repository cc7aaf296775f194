"""Kernel: edges into the cells that they pass."""

from __future__ import annotations

from gisgov.geometry.cell_index_form import Bins, Frame
from gisgov.geometry.kernel import kernel
from gisgov.types import Floats, Ints, SmallInts

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
def scatter(xy: Floats, rings: Ints, rank: SmallInts, frame: Frame, bins: Bins) -> None:
    """Put every edge into the cells that it passes, or count them first.

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
        Without room for edges those of each cell are counted in ``at``. With room ``at`` says where the edges
        of each cell end, and is counted down to where they begin.
    """
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
                for cell in range(row * frame.columns + first, row * frame.columns + last + 1):
                    if len(bins.edge) == 0:
                        bins.at[cell] += 1
                        continue
                    bins.at[cell] -= 1
                    bins.edge[bins.at[cell]] = i
                    bins.of[bins.at[cell]] = rank[ring]
