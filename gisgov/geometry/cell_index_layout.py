"""Areas put into cells: the frame, the edges by cells, and what each cell holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from gisgov.errors import InputError
from gisgov.geometry.cell_index_form import BITS, Bins, Cells, Frame
from gisgov.geometry.coverage.rings import Rings, rings_of
from gisgov.geometry.validity import find_invalid
from gisgov.types import Floats, Geometries, Ints, SmallInts, Texts

_FINE_CELLS: Final = 512  # of an area, while there are few
_COARSE_CELLS: Final = 64  # of an area, when there are many: a hundred thousand areas take 130 MB then
_FREE_CELLS: Final = 1_200_000
_SCALES: Final = (1e7, 1e3, 1.0)
_CHUNK: Final = 65_536
_FURTHEST: Final = 1e12
_MOST_BLOCKS: Final = 1 << 20
_NONE: Final[SmallInts] = np.zeros(0, dtype=np.int32)


def order_of(codes: Sequence[str] | Texts) -> SmallInts:
    """Return the numbers of areas in the order of their codes, by code point; equal ones in their own."""
    return np.array(sorted(range(len(codes)), key=list(codes).__getitem__), dtype=np.int32)


def rank_of(order: SmallInts) -> SmallInts:
    """Return the place of each area in the order of the codes."""
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank


def sound_rings(geometries: Geometries, codes: Sequence[str] | Texts) -> Rings:
    """Take the rings out of areas, and refuse areas that are none.

    Raises
    ------
    InputError
        An area is missing, empty or invalid, or no place on Earth.
    """
    from gisgov.geometry.coverage.ring_tests import judge_rings

    rings = rings_of(geometries)
    is_simple = np.empty(len(rings.owner), dtype=bool)
    judge_rings(rings.xy, rings.begin, is_simple)
    # a simple ring by itself is a valid area: the others alone are judged by the longer way
    count = np.bincount(rings.owner, minlength=len(geometries))
    doubtful = count != 1
    doubtful[rings.owner[~is_simple]] = True
    numbers = np.flatnonzero(doubtful)
    invalid = find_invalid(geometries[numbers])
    if len(invalid):
        raise InputError(
            f"Area {codes[numbers[invalid.index[0]]]} cannot be asked for points: {invalid.reason[0]}"
            f" at ({invalid.x[0]}, {invalid.y[0]}).",
            hint="Check the areas and mend them first.",
        )
    far = np.flatnonzero(~(np.abs(rings.xy).max(axis=1) < _FURTHEST))
    if far.size:
        x, y = rings.xy[far[0]]
        raise InputError(
            f"The areas reach to ({x}, {y}), which is no place.", hint="Check their coordinates."
        )
    return rings


def side_of(xy: Floats, begin: Ints, cells: int) -> float:
    """Return the side of square cells of which rings hold about so many; few large ones do not count."""
    if not len(xy):
        return 1.0
    x, y = (xy - xy[0]).T
    turn = x[:-1] * y[1:] - x[1:] * y[:-1]
    turn[begin[1:-1] - 1] = 0.0  # from ring to ring
    area = np.abs(np.add.reduceat(np.append(turn, 0.0), begin[:-1])) / 2.0
    return float(np.sqrt(min(area.mean(), np.median(area)) * len(area) / cells))


def frame_of(xy: Floats, step: float, most: int) -> Frame:
    """Lay square cells over vertices, at least half a cell beyond them all.

    Parameters
    ----------
    xy : numpy.ndarray of float, shape (n, 2)
        Finite; there may be none.
    step : float
        Side of a cell; longer where that is needed.
    most : int
        How many cells there may be, about.

    Returns
    -------
    Frame
        Without a scale.
    """
    if not len(xy):
        return Frame(0.0, 0.0, 1.0, 1.0, 1, 1)
    low, high = _bounds(xy)
    wide, tall = (high - low).tolist()
    step = max(
        step,
        float(np.sqrt(wide * tall / most)),
        max(wide, tall) / most,
        # cells are much wider than coordinates are fine: where a point lies among them is certain then
        float(np.abs([low, high]).max()) * 2.0**-28,
        1e-100,
    )
    west, south = (low - step / 2).tolist()
    return Frame(west, south, step, 1.0 / step, int(wide / step) + 2, int(tall / step) + 2)


def _bounds(xy: Floats) -> tuple[Floats, Floats]:
    return np.array([xy[:, 0].min(), xy[:, 1].min()]), np.array([xy[:, 0].max(), xy[:, 1].max()])


def scaled(frame: Frame, xy: Floats) -> Frame:
    """Say in which whole numbers the vertices can be kept to the last bit, when there are such."""
    if not len(xy):
        return frame
    low, high = _bounds(xy)
    for scale in _SCALES:
        east, north = np.rint(low * scale).tolist()
        if ((high - low) * scale < 2**31 - 2).all() and all(
            np.array_equal(np.rint(some * scale) / scale, some)
            for some in np.split(xy, range(_CHUNK, len(xy), _CHUNK))
        ):
            return frame._replace(scale=scale, east=east, north=north)
    return frame


def sort_edges(xy: Floats, rings: Ints, rank: SmallInts, frame: Frame, number: SmallInts = _NONE) -> Bins:
    """Sort the edges of rings by the cells that they pass.

    Parameters
    ----------
    xy : numpy.ndarray of float, shape (n, 2)
        Vertices, ring after ring, each closed.
    rings : numpy.ndarray of int, shape (r + 1,)
        Where each begins.
    rank : numpy.ndarray of int, shape (r,)
        Rank of its area.
    frame : Frame
        The cells.
    number : numpy.ndarray of int, shape (b,)
        What `_number_blocks` said, where only blocks that edges pass are to have cells.
    """
    from gisgov.geometry.cell_index_bins import scatter

    cells = (int(number.max()) + 1) << 2 * BITS if len(number) else frame.columns * frame.rows
    at: SmallInts = np.zeros(cells + 1, dtype=np.int32)
    scatter(xy, rings, rank, frame, Bins(number, at, _NONE, _NONE))
    np.cumsum(at, out=at)
    bins = Bins(number, at, np.empty(at[-1], dtype=np.int32), np.empty(at[-1], dtype=np.int32))
    scatter(xy, rings, rank, frame, bins)
    return bins


def _number_blocks(xy: Floats, rings: Ints, frame: Frame) -> SmallInts:
    """Give numbers to the blocks of cells that edges pass, −1 to the others."""
    from gisgov.geometry.cell_index_bins import scatter

    number: SmallInts = np.full(frame.columns * frame.rows >> 2 * BITS, -1, dtype=np.int32)
    scatter(xy, rings, _NONE, frame, Bins(number, _NONE, _NONE, _NONE))
    filled = np.flatnonzero(number == 0)
    number[filled] = np.arange(len(filled), dtype=np.int32)
    return number


def _framed(rings: Rings) -> tuple[Frame, SmallInts]:
    """Choose cells that fit the areas and the memory; give them and the numbers of their blocks."""
    wanted = min(_FINE_CELLS * rings.count, max(_FREE_CELLS, _COARSE_CELLS * rings.count))
    wanted = max(wanted, len(rings.xy) // 2, 1)
    most = 2 * max(wanted, _FREE_CELLS)
    side = side_of(rings.xy, rings.begin, wanted)
    while True:
        frame = frame_of(rings.xy, side, _MOST_BLOCKS << 2 * BITS)
        columns, rows = (-(-count // (1 << BITS)) << BITS for count in (frame.columns, frame.rows))
        frame = frame._replace(columns=columns, rows=rows)
        number = _number_blocks(rings.xy, rings.begin, frame)
        cells = (int(number.max()) + 1) << 2 * BITS
        if cells <= most:
            return frame, number
        side = frame.step * max(1.25, (cells / most) ** 0.5)  # areas are of very different size


def lay_out(rings: Rings, order: SmallInts) -> tuple[Frame, Cells]:
    """Say of every cell what it holds.

    Parameters
    ----------
    rings : Rings
        Of sound areas.
    order : numpy.ndarray of int, shape (m,)
        The numbers of the areas in the order of their codes.
    """
    from gisgov.geometry.cell_index_walking import walk

    frame, number = _framed(rings)
    frame = scaled(frame, rings.xy)
    bins = sort_edges(rings.xy, rings.begin, rank_of(order)[rings.owner], frame, number)
    most = len(bins.edge) + 1
    held = Cells(
        np.empty(len(bins.number), dtype=np.int32),
        np.empty(len(bins.at) - 1, dtype=np.int32),
        np.empty((np.count_nonzero(np.diff(bins.at)) + 64, 3), dtype=np.int32),
        np.empty(most + 64, dtype=np.int32),
        np.empty((most if frame.scale else 0, 4), dtype=np.int32),
        np.empty((0 if frame.scale else most, 4)),
        np.empty(most, dtype=np.uint8),
    )
    used, row = np.zeros(3, dtype=np.int64), 0
    while (row := walk(row, rings.xy, bins, frame, order, held, used)) < frame.rows:
        # areas that lie over each other take more pages than there are cells with borders
        held = held._replace(
            pages=np.concatenate((held.pages, np.empty_like(held.pages))),
            areas=np.concatenate((held.areas, np.empty_like(held.areas))),
        )
    pages, listed, edges = used.tolist()
    held.pages[pages] = edges, 0, 0
    return frame, held._replace(
        pages=held.pages[: pages + 1].copy(),
        areas=held.areas[:listed].copy(),
        edges=held.edges[:edges].copy(),
        fine=held.fine[:edges].copy(),
        masks=held.masks[:edges].copy(),
    )
