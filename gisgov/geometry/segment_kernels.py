"""Kernels: segments of rings found by their two ends, in tables of hashes.

Tables have a power of two of slots and are probed one slot after another; −1 stands for an empty slot. Only
equal bits are equal places, so −0.0 must have been made 0.0 before.

The mixer is of the multiply–xorshift family (S. Vigna (2016), "An experimental exploration of Marsaglia's
xorshift generators, scrambled"); the constants are odd and otherwise of no meaning.
"""

from __future__ import annotations

import numpy as np

from gisgov.geometry.kernel import kernel
from gisgov.types import Bools, Floats, Ints, SmallInts, Unsigned

_X = np.uint64(0x9E3779B97F4A7C15)
_Y = np.uint64(0xC2B2AE3D27D4EB4F)
_M1 = np.uint64(0xFF51AFD7ED558CCD)
_S32 = np.uint64(32)
_S29 = np.uint64(29)


@kernel
def _slot(x: np.uint64, y: np.uint64, slots: int) -> int:
    h = x * _X
    h ^= h >> _S29
    h += y
    h ^= h >> _S32
    h *= _M1
    h ^= h >> _S29
    h *= _Y
    h ^= h >> _S32
    return np.int64(h & np.uint64(slots - 1))  # type: ignore[return-value]


@kernel
def number_places(bits: Unsigned, table: SmallInts, number: SmallInts, first: SmallInts) -> int:
    """Give vertices numbers from 0, equal places the same.

    Parameters
    ----------
    bits : numpy.ndarray of uint64, shape (n, 2)
        Coordinates as bits.
    table : numpy.ndarray of int32, shape (s,)
        Empty; more than n slots.
    number : numpy.ndarray of int32, shape (n,)
        Filled: the number of each vertex.
    first : numpy.ndarray of int32, shape (n,)
        Filled as far as there are numbers: the first vertex that has each.

    Returns
    -------
    int
        How many places there are.
    """
    last = len(table) - 1
    count = 0
    for i in range(len(bits)):
        at = _slot(bits[i, 0], bits[i, 1], len(table))
        while table[at] >= 0:
            j = first[table[at]]
            if bits[j, 0] == bits[i, 0] and bits[j, 1] == bits[i, 1]:
                break
            at = (at + 1) & last
        if table[at] < 0:
            table[at] = count
            first[count] = i
            count += 1
        number[i] = table[at]
    return count


@kernel
def _find(number: SmallInts, low: int, high: int, table: SmallInts) -> int:
    """Return the slot of the segment between two places, or the empty slot where it would stand."""
    at = _slot(np.uint64(low), np.uint64(high), len(table))
    while table[at] >= 0:
        a, b = number[table[at]], number[table[at] + 1]
        if min(a, b) == low and max(a, b) == high:
            break
        at = (at + 1) & (len(table) - 1)
    return at


@kernel
def pair_segments(
    number: SmallInts,
    begin: Ints,
    owner: SmallInts,
    table: SmallInts,
    head: SmallInts,
    following: SmallInts,
    found: SmallInts,
) -> int:
    """Find segments of different owners at one place.

    Parameters
    ----------
    number : numpy.ndarray of int32, shape (n,)
        Place of each vertex, ring after ring; −1 for a vertex that is nowhere.
    begin : numpy.ndarray of int, shape (r + 1,)
        Where each ring begins.
    owner : numpy.ndarray of int32, shape (n,)
        Of each vertex.
    table : numpy.ndarray of int32, shape (s,)
        Empty; more than n slots. Filled: the first segment at each place; segments are called by the
        vertex where they begin.
    head : numpy.ndarray of int32, shape (n,)
        Filled with the first segment at the place of each, −1 where no segment begins.
    following : numpy.ndarray of int32, shape (n,)
        Filled with the next segment at the same place, −1 after the last.
    found : numpy.ndarray of int32, shape (k, 2)
        Filled with pairs of segments.

    Returns
    -------
    int
        How many pairs there are; when more than k, the rest was not written.
    """
    count = 0
    for r in range(len(begin) - 1):
        for i in range(begin[r], begin[r + 1]):
            head[i], following[i] = -1, -1
            if i + 1 == begin[r + 1]:
                continue
            low, high = min(number[i], number[i + 1]), max(number[i], number[i + 1])
            if low < 0 or low == high:
                continue
            at = _find(number, low, high, table)
            if table[at] < 0:
                table[at] = i
                head[i] = i
                continue
            head[i] = table[at]
            other, last = table[at], table[at]
            while other >= 0:
                if owner[other] != owner[i]:
                    if count < len(found):
                        found[count, 0] = other
                        found[count, 1] = i
                    count += 1
                last = other
                other = following[other]
            following[last] = i
    return count


@kernel
def class_segments(
    number: SmallInts, table: SmallInts, line_number: SmallInts, begin: Ints, rank: Ints, ranked: Ints
) -> None:
    """Carry what lies along lines over to the segments under them.

    Parameters
    ----------
    number, table
        Of `pair_segments`.
    line_number : numpy.ndarray of int32, shape (m,)
        Place of each vertex of the lines, line after line.
    begin : numpy.ndarray of int, shape (l + 1,)
        Where each line begins.
    rank : numpy.ndarray of int, shape (l,)
        Rank of each line; the smallest counts.
    ranked : numpy.ndarray of int, shape (n,)
        Lowered, at the first segment of each place, to the rank of the lines there.
    """
    for line in range(len(begin) - 1):
        for i in range(begin[line], begin[line + 1] - 1):
            low = min(line_number[i], line_number[i + 1])
            high = max(line_number[i], line_number[i + 1])
            if low < 0 or low == high:
                continue
            segment = table[_find(number, low, high, table)]
            if segment >= 0 and rank[line] < ranked[segment]:
                ranked[segment] = rank[line]


@kernel
def mark_cells(start: Floats, end: Floats, frame: Floats, reach: float, cells: Bools) -> None:
    """Mark the cells of a lattice that lie within a distance of segments, and some around them.

    Parameters
    ----------
    start, end : numpy.ndarray of float, shape (k, 2)
        Ends of the segments.
    frame : numpy.ndarray of float, shape (4,)
        x and y of the lattice's corner, width and height of a cell.
    reach : float
        The distance, in units of the coordinates.
    cells : numpy.ndarray of bool, shape (columns, rows)
        Marks are added. The lattice holds the segments; ground within the distance outside of it belongs to
        its nearest cell.
    """
    columns, rows = cells.shape
    for k in range(len(start)):
        ax, ay, bx, by = start[k, 0], start[k, 1], end[k, 0], end[k, 1]
        if ax > bx:
            ax, ay, bx, by = bx, by, ax, ay
        west = ax - reach - frame[2]
        east = bx + reach + frame[2]
        first = min(max(int((west - frame[0]) / frame[2]), 0), columns - 1)
        last = min(max(int((east - frame[0]) / frame[2]), 0), columns - 1)
        slope = (by - ay) / (bx - ax) if bx > ax else 0.0
        for column in range(first, last + 1):
            low, high = min(ay, by), max(ay, by)
            if bx > ax:
                # the part of the segment over this column and a cell to either side
                left = max(ax, frame[0] + (column - 1) * frame[2] - reach)
                right = min(bx, frame[0] + (column + 2) * frame[2] + reach)
                one, other = ay + slope * (left - ax), ay + slope * (right - ax)
                low, high = max(low, min(one, other)), min(high, max(one, other))
            low -= reach + frame[3]
            high += reach + frame[3]
            bottom = min(max(int((low - frame[1]) / frame[3]), 0), rows - 1)
            top = min(max(int((high - frame[1]) / frame[3]), 0), rows - 1)
            for row in range(bottom, top + 1):
                cells[column, row] = True


@kernel
def in_marked_cells(xy: Floats, frame: Floats, cells: Bools, is_in: Bools) -> None:
    """Say which points lie in marked cells.

    Parameters
    ----------
    xy : numpy.ndarray of float, shape (n, 2)
        The points.
    frame, cells
        As for `mark_cells`.
    is_in : numpy.ndarray of bool, shape (n,)
        Filled.
    """
    columns, rows = cells.shape
    for i in range(len(xy)):
        column = min(max(int((xy[i, 0] - frame[0]) / frame[2]), 0), columns - 1)
        row = min(max(int((xy[i, 1] - frame[1]) / frame[3]), 0), rows - 1)
        is_in[i] = cells[column, row]
