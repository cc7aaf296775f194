"""Kernels: points asked of cells.

Whether an area covers a point of a cell that borders pass follows from the way to it from the south-western
corner of the cell, first north, then east: each edge on that way is a step into an area or out of it.

Nothing is decided by rounded numbers: on which side of an edge a point lies is decided by an error bound, and
where that does not suffice by an exact sum (J. R. Shewchuk (1997), "Adaptive Precision Floating-Point
Arithmetic and Fast Robust Geometric Predicates", Discrete & Computational Geometry 18).
"""

from __future__ import annotations

import numpy as np

from gisgov.geometry.cell_index_form import Cells, Frame
from gisgov.geometry.kernel import kernel
from gisgov.types import Bools, Bytes, Floats, Ints, SmallInts

_BOUND = 3.3306690738754716e-16
_SPLIT = 134217729.0  # 2²⁷ + 1
_UP = 1.6069380442589903e60  # 2²⁰⁰: so products of tiny coordinates do not vanish
_PAGE = 8
_BITS = 5
_WITHIN = (1 << _BITS) - 1
_HELD = 1 << 30
_NO_COORDINATE = -2
_BLOCK = 512  # points asked together: while one waits for its cell the others' arrive too
_LOWEST = np.array([max(bits & -bits, 1).bit_length() - 1 for bits in range(256)], dtype=np.uint8)
_SIZE = np.array([bits.bit_count() for bits in range(256)], dtype=np.uint8)


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
def passes(
    ax: float, ay: float, bx: float, by: float, x: float, y: float, west: float, south: float
) -> tuple[bool, bool]:
    """Say whether an edge crosses the way from a corner to a point, and whether it meets the point."""
    passed, touched = False, False
    if ay <= y < by:
        side = _turn(ax, ay, bx, by, x, y)
        touched = side == 0
        passed = (side > 0) != _is_left(ax, ay, bx, by, west, y)
    elif y == by:
        touched = x == bx or (ay == by and ax <= x <= bx)
    if (ax <= west) != (bx <= west):
        passed ^= _is_left(ax, ay, bx, by, west, south) != _is_left(ax, ay, bx, by, west, y)
    return passed, touched


@kernel
def _tell(
    areas: SmallInts, begin: int, covering: int, touching: int, rows: SmallInts, borders: Bools, place: int
) -> None:
    """List the areas of a page that cover a point."""
    for slot in range(_PAGE):
        if covering >> slot & 1:
            rows[place], borders[place] = areas[begin + slot], touching >> slot & 1
            place += 1


@kernel
def _find(
    x: Floats, y: Floats, frame: Frame, blocks: SmallInts, cells: SmallInts, place: SmallInts,
    owner: SmallInts, waiting: SmallInts, page: SmallInts,
) -> int:  # fmt: skip
    """Look up the cells of some points, and say how many points have to wait for a look at pages."""
    across, count = np.int32(frame.columns >> _BITS), 0
    for i in range(len(x)):
        column, row = (x[i] - frame.west) * frame.per_unit, (y[i] - frame.south) * frame.per_unit
        is_there = (column >= 0.0) & (column < frame.columns) & (row >= 0.0) & (row < frame.rows)
        east, north = (np.int32(column), np.int32(row)) if is_there else (np.int32(0), np.int32(0))
        place[i] = (north >> _BITS) * across + (east >> _BITS) if is_there else -1
        page[i] = (north & _WITHIN) << _BITS | east & _WITHIN
    for i in range(len(x)):
        owner[i] = blocks[place[i]] if place[i] >= 0 else -1
    for i in range(len(x)):
        if owner[i] >= _HELD:
            owner[i] = cells[(owner[i] - _HELD) << 2 * _BITS | page[i]]
    for i in range(len(x)):
        waiting[count], page[count] = i, -2 - owner[i]
        count += owner[i] < -1
    for i in range(len(x)):
        if not (x[i] - x[i] == 0.0 and y[i] - y[i] == 0.0):
            owner[i] = _NO_COORDINATE
    return count


@kernel
def _judge(
    x: Floats, y: Floats, waiting: SmallInts, page: SmallInts, count: int, frame: Frame, held: Cells,
    owner: SmallInts, told: SmallInts, list_at: Ints, rows: SmallInts, borders: Bools,
) -> None:  # fmt: skip
    """Find out which areas cover the points that wait."""
    pages, areas, edges, fine, masks = held.pages, held.areas, held.edges, held.fine, held.masks
    scale, step = frame.scale, frame.step
    for w in range(count):
        i, p = waiting[w], page[w]
        px, py = x[i], y[i]
        west = frame.west + int((px - frame.west) * frame.per_unit) * step
        south = frame.south + int((py - frame.south) * frame.per_unit) * step
        first, on_border, covers, more = -1, 0, 0, 1
        while more:
            covering, touching = int(pages[p, 2] & 0xFF), 0
            for k in range(pages[p, 0], pages[p + 1, 0]):
                if scale > 0.0:
                    ax, ay = (edges[k, 0] + frame.east) / scale, (edges[k, 1] + frame.north) / scale
                    bx, by = (edges[k, 2] + frame.east) / scale, (edges[k, 3] + frame.north) / scale
                else:
                    ax, ay, bx, by = fine[k, 0], fine[k, 1], fine[k, 2], fine[k, 3]
                passed, touched = passes(ax, ay, bx, by, px, py, west, south)
                covering ^= int(masks[k]) if passed else 0
                touching |= int(masks[k]) if touched else 0
            covering |= touching
            if covering and first < 0:
                slot = int(_LOWEST[covering])
                first, on_border = areas[pages[p, 1] + slot], touching >> slot & 1
            if len(rows):
                _tell(areas, pages[p, 1], covering, touching, rows, borders, list_at[i] + covers)
            covers += int(_SIZE[covering])
            more = pages[p, 2] >> _PAGE
            p += 1
        owner[i] = first
        if len(told):
            told[i] = max(covers - 1, 0) << 1 | on_border


@kernel
def judge_one(
    x: float, y: float, page: int, west: float, south: float, scale: float, east: float, north: float,
    pages: SmallInts, areas: SmallInts, edges: SmallInts, fine: Floats, masks: Bytes,
) -> tuple[int, bool, int]:  # fmt: skip
    """Say of a point, its page and the south-western corner of its cell what `ask` says.

    Returns the area, −1 for none, whether the point is on its border, and how many areas cover it. Handed
    numbers and arrays, not tuples of them, a kernel begins sooner.
    """
    first, on_border, covers, more = -1, False, 0, 1
    while more:
        covering, touching = int(pages[page, 2] & 0xFF), 0
        for k in range(pages[page, 0], pages[page + 1, 0]):
            if scale > 0.0:
                ax, ay = (edges[k, 0] + east) / scale, (edges[k, 1] + north) / scale
                bx, by = (edges[k, 2] + east) / scale, (edges[k, 3] + north) / scale
            else:
                ax, ay, bx, by = fine[k, 0], fine[k, 1], fine[k, 2], fine[k, 3]
            passed, touched = passes(ax, ay, bx, by, x, y, west, south)
            covering ^= int(masks[k]) if passed else 0
            touching |= int(masks[k]) if touched else 0
        covering |= touching
        if covering and first < 0:
            slot = int(_LOWEST[covering])
            first, on_border = int(areas[pages[page, 1] + slot]), (touching >> slot & 1) == 1
        covers += int(_SIZE[covering])
        more = pages[page, 2] >> _PAGE
        page += 1
    return first, on_border, covers


@kernel
def ask(
    x: Floats, y: Floats, frame: Frame, held: Cells,
    owner: SmallInts, told: SmallInts, list_at: Ints, rows: SmallInts, borders: Bools,
) -> None:  # fmt: skip
    """Say who owns points, and what else there is to tell of them.

    Parameters
    ----------
    x, y : numpy.ndarray of float, shape (n,)
        The points.
    frame, held : Frame, Cells
        The index.
    owner : numpy.ndarray of int, shape (n,)
        Filled: the area, −1 outside, −2 where a point is not finite.
    told : numpy.ndarray of int, shape (n,) or (0,)
        Filled where there is room, and left alone for points whose cell has no page: twice the number of
        other areas that cover the point, and one more when it is on the border of its owner.
    list_at : numpy.ndarray of int, shape (n,) or (0,)
        Where the areas of each point are to be listed.
    rows, borders : numpy.ndarray, shape (m,) or (0,)
        Filled where there is room: the areas that cover points of cells with pages in the order of their
        codes, and whether the point is on the border of each.
    """
    place, page, waiting = np.empty(_BLOCK, np.int32), np.empty(_BLOCK, np.int32), np.empty(_BLOCK, np.int32)
    for begin in range(0, len(x), _BLOCK):
        end = begin + _BLOCK
        count = _find(
            x[begin:end], y[begin:end], frame, held.blocks, held.cells, place, owner[begin:end], waiting, page
        )  # fmt: skip
        if count:
            _judge(
                x[begin:end], y[begin:end], waiting, page, count, frame, held,
                owner[begin:end], told[begin:end], list_at[begin:end], rows, borders,
            )  # fmt: skip
