"""Kernels: cell by cell, what each holds.

Rows are walked from west to east along their southern side, and the areas around are kept by entering and
leaving them where their borders cross the way. So what is known of the south-western corner of every cell is
as exact as the crossing of one edge. Ways that meet a vertex or run along an edge are taken a little east and
much less north of where they are (H. Edelsbrunner and E. P. Mücke (1990), "Simulation of Simplicity", ACM
Transactions on Graphics 9), here as in `gisgov.geometry.cell_index_asking`.

The exact side of an edge is written there a second time: the compiler's cache notices changes of a kernel's
own file alone. A test holds both to the same text.
"""

from __future__ import annotations

import numpy as np

from gisgov.geometry.cell_index_form import Bins, Cells, Frame
from gisgov.geometry.kernel import kernel
from gisgov.types import Floats, Ints, SmallInts

_BOUND = 3.3306690738754716e-16
_SPLIT = 134217729.0  # 2²⁷ + 1
_UP = 1.6069380442589903e60  # 2²⁰⁰: so products of tiny coordinates do not vanish
_PAGE = 8
_BITS = 5
_WITHIN = (1 << _BITS) - 1
_HELD = 1 << 30
_WINDOW = 64  # how far back an edge is looked for that is the same
_LISTS = 4096  # how many lists of areas are remembered


@kernel
def _product(a: float, b: float) -> tuple[float, float]:
    """Multiply exactly: the rounded product and what was rounded off (T. J. Dekker)."""
    p = a * b
    c = _SPLIT * a
    ah = c - (c - a)
    al = a - ah
    c = _SPLIT * b
    bh = c - (c - b)
    bl = b - bh
    return p, al * bl - (((p - ah * bh) - al * bh) - ah * bl)


@kernel
def _exact_turn(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> int:
    """Sum the six products of the determinant without rounding, and give the sign."""
    terms = np.empty(12)
    terms[0], terms[1] = _product(ax, by)
    terms[2], terms[3] = _product(-ay, bx)
    terms[4], terms[5] = _product(bx, cy)
    terms[6], terms[7] = _product(-by, cx)
    terms[8], terms[9] = _product(cx, ay)
    terms[10], terms[11] = _product(-cy, ax)
    parts = np.zeros(12)
    for k in range(12):
        carry = terms[k]
        for j in range(k):  # grow the expansion: parts stay free of overlap, the largest last
            total = carry + parts[j]
            virtual = total - carry
            parts[j] = (carry - (total - virtual)) + (parts[j] - virtual)
            carry = total
        parts[k] = carry
    for k in range(11, -1, -1):
        if parts[k] != 0.0:
            return 1 if parts[k] > 0.0 else -1
    return 0


@kernel
def _turn(ax: float, ay: float, bx: float, by: float, x: float, y: float) -> int:
    """Say on which side of the line from a to b a point lies: 1 left, −1 right, 0 on it; exact."""
    left = (ax - x) * (by - y)
    right = (ay - y) * (bx - x)
    difference = left - right
    if abs(difference) > _BOUND * (abs(left) + abs(right)):
        return 1 if difference > 0.0 else -1
    return _exact_turn(ax * _UP, ay * _UP, bx * _UP, by * _UP, x * _UP, y * _UP)


@kernel
def _is_left(ax: float, ay: float, bx: float, by: float, x: float, y: float) -> bool:
    """Whether a place lies left of an edge drawn upwards that passes its height or its meridian."""
    if ax > x and bx > x:
        return True
    if ax <= x and bx <= x:
        return False
    if ay == by:
        return y >= ay
    return _turn(ax, ay, bx, by, x, y) > 0


@kernel
def _upwards(xy: Floats, i: int) -> tuple[float, float, float, float]:
    """Give an edge from its lower end to its upper one, from the western one where it is level."""
    ax, ay, bx, by = xy[i, 0], xy[i, 1], xy[i + 1, 0], xy[i + 1, 1]
    if ay > by or (ay == by and ax > bx):
        return bx, by, ax, ay
    return ax, ay, bx, by


@kernel
def _put(ranks: SmallInts, count: int, rank: int, toggles: bool) -> int:
    """Put a rank into an ascending list; where it is there already it stays, or goes if that is meant."""
    k = count
    while k > 0 and ranks[k - 1] > rank:
        k -= 1
    if k > 0 and ranks[k - 1] == rank:
        if not toggles:
            return count
        for m in range(k, count):
            ranks[m - 1] = ranks[m]
        return count - 1
    for m in range(count, k, -1):
        ranks[m] = ranks[m - 1]
    ranks[k] = rank
    return count + 1


@kernel
def _cross(
    xy: Floats, bins: Bins, begin: int, end: int, x: float, y: float, until: float,
    inside: SmallInts, depth: int,
) -> int:  # fmt: skip
    """Go east from a corner to the next one, into areas and out of them; say in how many that one lies."""
    for k in range(begin, end):
        ax, ay, bx, by = _upwards(xy, bins.edge[k])
        if ay <= y < by and _is_left(ax, ay, bx, by, x, y) != _is_left(ax, ay, bx, by, until, y):
            depth = _put(inside, depth, bins.of[k], True)
    return depth


@kernel
def _list(
    ranks: SmallInts, first: int, last: int, numbers: SmallInts, areas: SmallInts, end: int, lists: SmallInts
) -> int:
    """Say where some areas are listed: where a little before they were, or at the end."""
    code = 0
    for k in range(first, last):
        code = (code * 31 + ranks[k]) % _LISTS
    begin = lists[code]
    is_known = 0 <= begin <= end - (last - first)
    for k in range(first, last):
        is_known = is_known and areas[begin + k - first] == numbers[ranks[k]]
    if is_known:
        return int(begin)
    for k in range(first, last):
        areas[end + k - first] = numbers[ranks[k]]
    lists[code] = end
    return end


@kernel
def _slot(ranks: SmallInts, first: int, last: int, rank: int) -> int:
    """Say which of some areas has a rank, −1 for none."""
    for k in range(first, last):
        if ranks[k] == rank:
            return k - first
    return -1


@kernel
def _keep(
    ends: tuple[float, float, float, float], bit: int, frame: Frame, begin: int, count: int, cells: Cells
) -> int:
    """Keep an edge of a page, or let it bound one area more; say how many edges there are then."""
    edges, fine, masks = cells.edges, cells.fine, cells.masks
    since = max(begin, count - _WINDOW)
    if frame.scale > 0.0:
        for k in range(4):
            edges[count, k] = int(np.rint(ends[k] * frame.scale) - (frame.north if k % 2 else frame.east))
        k = count - 1
        while k >= since and not (
            edges[k, 0] == edges[count, 0] and edges[k, 1] == edges[count, 1]
            and edges[k, 2] == edges[count, 2] and edges[k, 3] == edges[count, 3]
        ):  # fmt: skip
            k -= 1
    else:
        for k in range(4):
            fine[count, k] = ends[k]
        k = count - 1
        while k >= since and not (
            fine[k, 0] == fine[count, 0] and fine[k, 1] == fine[count, 1]
            and fine[k, 2] == fine[count, 2] and fine[k, 3] == fine[count, 3]
        ):  # fmt: skip
            k -= 1
    if k >= since:
        masks[k] |= bit
        return count
    masks[count] = bit
    return count + 1


@kernel
def _write(
    xy: Floats, bins: Bins, begin: int, end: int, frame: Frame, numbers: SmallInts,
    inside: SmallInts, depth: int, ranks: SmallInts, lists: SmallInts, cells: Cells, used: Ints,
) -> int:  # fmt: skip
    """Write the pages of a cell, and say which is the first."""
    count, start = 0, used[0]
    for k in range(depth):
        count = _put(ranks, count, inside[k], False)
    for k in range(begin, end):
        count = _put(ranks, count, bins.of[k], False)
    for first in range(0, count, _PAGE):
        last, since, bits = min(first + _PAGE, count), used[2], 0
        for k in range(depth):
            slot = _slot(ranks, first, last, inside[k])
            bits |= 1 << slot if slot >= 0 else 0
        listed = _list(ranks, first, last, numbers, cells.areas, used[1], lists)
        cells.pages[used[0], 0], cells.pages[used[0], 1] = since, listed
        cells.pages[used[0], 2] = bits | (1 << _PAGE if last < count else 0)
        used[0] += 1
        used[1] += last - first if listed == used[1] else 0
        for k in range(begin, end):
            slot = _slot(ranks, first, last, bins.of[k])
            if slot >= 0:
                used[2] = _keep(_upwards(xy, bins.edge[k]), 1 << slot, frame, since, used[2], cells)
    return int(start)


@kernel
def _has_room(used: Ints, most: int, cells: Cells) -> bool:
    """Whether pages of so many areas can be written."""
    pages, areas = int(used[0]) + most // _PAGE + 2, int(used[1]) + most
    return pages <= len(cells.pages) and areas <= len(cells.areas)


@kernel
def _walk_row(
    row: int, xy: Floats, bins: Bins, frame: Frame, numbers: SmallInts,
    inside: SmallInts, ranks: SmallInts, lists: SmallInts, cells: Cells, used: Ints,
) -> bool:  # fmt: skip
    """Walk a row of cells; False when there was no room."""
    across, y, depth, page = frame.columns >> _BITS, frame.south + row * frame.step, 0, -1
    for block in range((row >> _BITS) * across, ((row >> _BITS) + 1) * across):
        held, first, side = int(bins.number[block]), 0, 1
        if held >= 0:
            first, side = held << 2 * _BITS | (row & _WITHIN) << _BITS, 1 << _BITS
            cells.blocks[block] = _HELD + held
        elif row & _WITHIN:
            continue  # what such a block holds was said in its first row
        for k in range(side):
            begin, end = (int(bins.at[first + k]), int(bins.at[first + k + 1])) if held >= 0 else (0, 0)
            found = numbers[inside[0]] if depth else -1
            if end > begin or depth > 1:
                if not _has_room(used, depth + end - begin, cells):
                    return False
                if end > begin or page < 0:
                    page = _write(
                        xy, bins, begin, end, frame, numbers, inside, depth, ranks, lists, cells, used
                    )  # fmt: skip
                found = -2 - page
            if held >= 0:
                cells.cells[first + k] = found
            else:
                cells.blocks[block] = found
            if end > begin:
                column = ((block % across) << _BITS) + k
                x, beyond = frame.west + column * frame.step, frame.west + (column + 1) * frame.step
                depth, page = _cross(xy, bins, begin, end, x, y, beyond, inside, depth), -1
    return True


@kernel
def walk(row: int, xy: Floats, bins: Bins, frame: Frame, numbers: SmallInts, cells: Cells, used: Ints) -> int:
    """Walk rows of cells and write down what each cell holds.

    Parameters
    ----------
    row : int
        The row to begin with.
    xy : numpy.ndarray of float, shape (n, 2)
        Vertices of the rings of areas.
    bins : Bins
        Their edges by cells of blocks.
    frame : Frame
        The cells.
    numbers : numpy.ndarray of int, shape (m,)
        Number of the area of each rank.
    cells : Cells
        Filled; there has to be room for every edge of ``bins`` and one more.
    used : numpy.ndarray of int, shape (3,)
        How many pages, areas and edges are written; counted on.

    Returns
    -------
    int
        The row to go on with when there is more room for pages and areas; the number of rows at the end.
    """
    inside, ranks = np.zeros(len(numbers) + 1, np.int32), np.empty(len(numbers) + 1, np.int32)
    lists, before = np.full(_LISTS, -1, np.int32), np.empty(3, np.int64)
    while row < frame.rows:
        before[:] = used
        if not _walk_row(row, xy, bins, frame, numbers, inside, ranks, lists, cells, used):
            used[:] = before
            return row
        row += 1
    return row
