"""Kernels: the directed edges of rings, hashed and summed so that an edge cancels its reverse.

An edge contributes +h where its ring runs from the lower end to the upper one (by x, then y) and −h where
it runs back; h is a hash of the two ends in that order. All sums are modulo 2⁶⁴. The ends are hashed as
bits, so that only equal coordinates cancel; −0.0 counts as 0.0.

The mixers are of the multiply–xorshift family (S. Vigna (2016), "An experimental exploration of Marsaglia's
xorshift generators, scrambled"); the constants are odd and otherwise of no meaning.
"""

from __future__ import annotations

import numpy as np

from gisgov.geometry.kernel import kernel
from gisgov.types import Bools, Bytes, Floats, Ints, Unsigned

_X = np.uint64(0xC2B2AE3D27D4EB4F)
_Y = np.uint64(0x9E3779B97F4A7C15)
_SECOND = np.uint64(0xD6E8FEB86659FD93)
_LOW = np.uint64(0x165667B19E3779F9)
_LOW2 = np.uint64(0xE7037ED1A0B428DB)
_M1 = np.uint64(0xFF51AFD7ED558CCD)
_M2 = np.uint64(0xC4CEB9FE1A85EC53)
_S29 = np.uint64(29)
_S32 = np.uint64(32)
_ZERO = np.uint64(0)
_SEVEN = np.uint64(7)
_POLYGON = 0x0301  # byte order and type as they stand in little-endian binary
_MULTIPOLYGON = 0x0601
_BOUND = 3.3306690738754716e-16  # of a turn as it is computed, after J. R. Shewchuk (1997)
_MINUS_ZERO = np.uint64(0x8000000000000000)


@kernel
def _mix(h: np.uint64) -> np.uint64:
    h ^= h >> _S32
    h *= _M1
    h ^= h >> _S29
    h *= _M2
    return h ^ (h >> _S32)


@kernel
def _vertex(x: np.uint64, y: np.uint64) -> tuple[np.uint64, np.uint64]:
    if x == _MINUS_ZERO:
        x = _ZERO
    if y == _MINUS_ZERO:
        y = _ZERO
    y *= _Y
    y ^= y >> _S32
    first = _mix(x * _X + y)
    return first, first * _SECOND + y  # x and y follow from the two: no two vertices have both alike


@kernel
def sum_edges(xy: Floats, bits: Unsigned, rings: Ints, is_shell: Bools, owner: Ints, sums: Unsigned) -> None:
    """Add the directed edges of rings to the sums of their owners.

    Parameters
    ----------
    xy : numpy.ndarray of float, shape (n, 2)
        Vertices, ring after ring, each ring closed.
    bits : numpy.ndarray of uint64, shape (n, 2)
        The same memory as bits.
    rings : numpy.ndarray of int, shape (r + 1,)
        Where each ring begins.
    is_shell : numpy.ndarray of bool, shape (r,)
        Shells count anticlockwise and holes clockwise, however they are drawn.
    owner : numpy.ndarray of int, shape (r,)
        Row of ``sums``.
    sums : numpy.ndarray of uint64, shape (m, 2)
        Two independent sums per owner; added to.
    """
    for r in range(len(owner)):
        begin, end = rings[r], rings[r + 1]
        if begin == end:
            continue
        ox, oy = xy[begin, 0], xy[begin, 1]
        px, py = ox, oy
        p1, p2 = _vertex(bits[begin, 0], bits[begin, 1])
        s1, s2 = _ZERO, _ZERO
        doubled = 0.0
        for i in range(begin + 1, end):
            qx, qy = xy[i, 0], xy[i, 1]
            q1, q2 = _vertex(bits[i, 0], bits[i, 1])
            doubled += (px - ox) * (qy - oy) - (qx - ox) * (py - oy)
            if px < qx or (px == qx and py < qy):
                s1 += _mix(p1 * _LOW + q1)
                s2 += _mix(p2 * _LOW2 + q2)
            elif px != qx or py != qy:
                s1 -= _mix(q1 * _LOW + p1)
                s2 -= _mix(q2 * _LOW2 + p2)
            px, py, p1, p2 = qx, qy, q1, q2
        if (doubled > 0.0) == is_shell[r]:
            sums[owner[r], 0] += s1
            sums[owner[r], 1] += s2
        else:
            sums[owner[r], 0] -= s1
            sums[owner[r], 1] -= s2


@kernel
def sum_rows(
    octets: Bytes, floats: Floats, words: Unsigned, rows: Ints, sums: Unsigned, edges: Ints, is_done: Bools
) -> None:
    """Add up rows of well-known binary that are one ring which is seen to be simple, without a copy of it.

    Parameters
    ----------
    octets : numpy.ndarray of uint8, shape (b,)
        The rows one after another.
    floats, words : numpy.ndarray of float and uint64, shape (b − 7,)
        The number that begins at each byte; rows are not aligned as numbers are.
    rows : numpy.ndarray of int, shape (n + 1,)
        Where each row begins.
    sums : numpy.ndarray of uint64, shape (n, 2)
        Two independent sums per row, as `sum_edges` gives them; added to.
    edges : numpy.ndarray of int, shape (n,)
        Filled: how many edges there are.
    is_done : numpy.ndarray of bool, shape (n,)
        Filled. False where the row has holes, several parts, heights or another byte order, or its ring is
        not seen to turn once and always the same way round the mean of its vertices.
    """
    for i in range(len(is_done)):
        begin, end = rows[i], rows[i + 1]
        if end - begin > 22 and _word(octets, begin) == _MULTIPOLYGON and octets[begin + 5] == 1:
            begin += 9
        is_done[i] = False
        if end - begin < 13 + 64 or _word(octets, begin) != _POLYGON or octets[begin + 5] != 1:
            continue
        begin += 13
        if (end - begin) % 16 == 0 and _size(octets, begin - 4) == (end - begin) // 16:
            is_done[i] = _sum_star(floats, words, begin, end - 16, sums[i])
            edges[i] = (end - begin) // 16 - 1


@kernel
def _size(octets: Bytes, at: int) -> int:
    low = int(octets[at]) | int(octets[at + 1]) << 8
    return low | int(octets[at + 2]) << 16 | int(octets[at + 3]) << 24


@kernel
def _word(octets: Bytes, at: int) -> int:
    """Read byte order and type of a geometry, and that it has less than 256 parts or rings."""
    few = octets[at + 6] == 0 and octets[at + 7] == 0 and octets[at + 8] == 0
    return int(octets[at]) | _size(octets, at + 1) << 8 if few else 0


@kernel
def _sum_star(floats: Floats, words: Unsigned, first: int, last: int, sums: Unsigned) -> bool:
    """Add up one ring whose vertices begin at every sixteenth byte; False, and nothing added, for no star."""
    if floats[first] != floats[last] or floats[first + 8] != floats[last + 8]:
        return False
    cx, cy = 0.0, 0.0
    for at in range(first, last, 16):
        cx += floats[at]
        cy += floats[at + 8]
    cx /= (last - first) // 16
    cy /= (last - first) // 16
    px, py = floats[first], floats[first + 8]
    p1, p2 = _vertex(words[first], words[first + 8])
    s1, s2 = _ZERO, _ZERO
    forth, back, passes = 0, 0, 0
    for at in range(first + 16, last + 16, 16):
        qx, qy = floats[at], floats[at + 8]
        q1, q2 = _vertex(words[at], words[at + 8])
        left, right = (px - cx) * (qy - cy), (py - cy) * (qx - cx)
        bound = _BOUND * (abs(left) + abs(right))
        if left - right > bound:
            forth += 1
        elif left - right < -bound:
            back += 1
        else:
            return False
        passes += (py < cy) != (qy < cy)
        if px < qx or (px == qx and py < qy):
            s1 += _mix(p1 * _LOW + q1)
            s2 += _mix(p2 * _LOW2 + q2)
        else:
            s1 -= _mix(q1 * _LOW + p1)
            s2 -= _mix(q2 * _LOW2 + p2)
        px, py, p1, p2 = qx, qy, q1, q2
    if passes != 2 or (forth > 0 and back > 0):
        return False
    sums[0] += s1 if forth > 0 else _ZERO - s1
    sums[1] += s2 if forth > 0 else _ZERO - s2
    return True


@kernel
def sum_in_cells(
    xy: Floats, bits: Unsigned, rings: Ints, is_shell: Bools, frame: Floats, cells: Unsigned
) -> None:
    """Add the directed edges of rings up by cells of a lattice, so that a sum of 0 clears all edges in it.

    Parameters
    ----------
    xy, bits, rings, is_shell
        As for `sum_edges`.
    frame : numpy.ndarray of float, shape (4,)
        The lattice: x and y of its corner, and how many cells a unit is across and along.
    cells : numpy.ndarray of uint64, shape (rows, columns, 8)
        Added to. An edge belongs to the cell of its lower end, or to the nearest one where that lies outside,
        and in it to one of eight sums by its hash: together they are what a processor fetches at once.
    """
    for r in range(len(is_shell)):
        begin, end = rings[r], rings[r + 1]
        forth = _runs_forth(xy, begin, end) == is_shell[r]
        for i in range(begin, end - 1):
            mark, is_up, row, column = _mark(xy, bits, i, frame, cells)
            if is_up == forth:
                cells[row, column, mark & _SEVEN] += mark
            else:
                cells[row, column, mark & _SEVEN] -= mark


@kernel
def collect_uncancelled(
    xy: Floats, bits: Unsigned, rings: Ints, is_shell: Bools, frame: Floats, cells: Unsigned, found: Ints
) -> int:
    """List the edges whose sum does not cancel.

    Parameters
    ----------
    xy, bits, rings, is_shell, frame, cells
        As for `sum_in_cells`, which has filled the cells.
    found : numpy.ndarray of int, shape (k, 3)
        Filled: vertex at which the edge begins, its ring, and +1 where it runs from the lower end to the
        upper one when shells run anticlockwise, else −1.

    Returns
    -------
    int
        How many there are; when more than k, the rest was not written.
    """
    count = 0
    for r in range(len(is_shell)):
        begin, end = rings[r], rings[r + 1]
        forth = _runs_forth(xy, begin, end) == is_shell[r]
        for i in range(begin, end - 1):
            mark, is_up, row, column = _mark(xy, bits, i, frame, cells)
            if mark != _ZERO and cells[row, column, mark & _SEVEN] != _ZERO:
                if count < len(found):
                    found[count, 0] = i
                    found[count, 1] = r
                    found[count, 2] = 1 if is_up == forth else -1
                count += 1
    return count


@kernel
def _runs_forth(xy: Floats, begin: int, end: int) -> bool:
    doubled = 0.0
    for i in range(begin, end - 1):
        ax, ay = xy[i, 0] - xy[begin, 0], xy[i, 1] - xy[begin, 1]
        bx, by = xy[i + 1, 0] - xy[begin, 0], xy[i + 1, 1] - xy[begin, 1]
        doubled += ax * by - bx * ay
    return doubled > 0.0


@kernel
def _mark(
    xy: Floats, bits: Unsigned, i: int, frame: Floats, cells: Unsigned
) -> tuple[np.uint64, bool, int, int]:
    """Hash an edge and find its cell; an edge without length has no mark."""
    px, py, qx, qy = xy[i, 0], xy[i, 1], xy[i + 1, 0], xy[i + 1, 1]
    is_up = bool(px < qx or (px == qx and py < qy))
    first, _ = _vertex(bits[i, 0], bits[i, 1])
    second, _ = _vertex(bits[i + 1, 0], bits[i + 1, 1])
    if is_up:
        mark = _mix(first * _LOW + second)
        x, y = px, py
    else:
        mark = _mix(second * _LOW + first)
        x, y = qx, qy
        if px == qx and py == qy:
            mark = _ZERO
    row = min(max((y - frame[1]) * frame[3], 0.0), cells.shape[0] - 1.0)
    column = min(max((x - frame[0]) * frame[2], 0.0), cells.shape[1] - 1.0)
    return mark, is_up, int(row), int(column)
