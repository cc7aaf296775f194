"""Kernels: whether rings are simple, decided without rounding.

Two tests. Seen from the mean of its vertices most rings of real areas turn once and always the same way
round (they are star-shaped), which shows in one pass that they are simple. The others are swept: their
edges in order of their western ends, each against those it overlaps in x.

The side of a line on which a point lies is decided by an error bound, and where that does not suffice by an
exact sum (J. R. Shewchuk (1997), "Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric
Predicates", Discrete & Computational Geometry 18).
"""

from __future__ import annotations

import numpy as np

from gisgov.geometry.kernel import kernel
from gisgov.types import Bools, Floats, Ints

_BOUND = 3.3306690738754716e-16
_SPLIT = 134217729.0  # 2²⁷ + 1


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
def _exact_sign(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> int:
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
        if parts[k] > 0.0:
            return 1
        if parts[k] < 0.0:
            return -1
    return 0


@kernel
def side(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> int:
    """Say on which side of the line from a to b the point c lies: 1 left, −1 right, 0 on it; exact."""
    left = (ax - cx) * (by - cy)
    right = (ay - cy) * (bx - cx)
    turn = left - right
    if abs(turn) > _BOUND * (abs(left) + abs(right)):
        return 1 if turn > 0.0 else -1
    return _exact_sign(ax, ay, bx, by, cx, cy)


@kernel
def _is_star(xy: Floats, begin: int, end: int) -> bool:
    """Whether a ring is seen to turn once round the mean of its vertices."""
    if xy[begin, 0] != xy[end - 1, 0] or xy[begin, 1] != xy[end - 1, 1]:
        return False
    cx, cy = 0.0, 0.0
    for i in range(begin, end - 1):
        cx += xy[i, 0]
        cy += xy[i, 1]
    cx /= end - 1 - begin
    cy /= end - 1 - begin
    ax, ay = xy[begin, 0] - cx, xy[begin, 1] - cy
    forth, back, passes = 0, 0, 0
    for i in range(begin + 1, end):
        bx, by = xy[i, 0] - cx, xy[i, 1] - cy
        left, right = ax * by, ay * bx
        turn = left - right
        bound = _BOUND * (abs(left) + abs(right))
        if turn > bound:
            forth += 1
        elif turn < -bound:
            back += 1
        else:
            return False
        if (ay < 0.0) != (by < 0.0):
            passes += 1
        ax, ay = bx, by
    return passes == 2 and (forth == 0 or back == 0)


@kernel
def _meet(ax: float, ay: float, bx: float, by: float, cx: float, cy: float, dx: float, dy: float) -> bool:
    """Whether two segments whose extents in x overlap have a point in common."""
    if max(ay, by) < min(cy, dy) or max(cy, dy) < min(ay, by):
        return False
    return (
        side(ax, ay, bx, by, cx, cy) * side(ax, ay, bx, by, dx, dy) <= 0
        and side(cx, cy, dx, dy, ax, ay) * side(cx, cy, dx, dy, bx, by) <= 0
    )


@kernel
def _folds(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> bool:
    """Whether the path a, b, c turns back on itself in b."""
    backwards = (bx - ax) * (cx - bx) + (by - ay) * (cy - by) < 0.0
    return backwards and side(ax, ay, bx, by, cx, cy) == 0


@kernel
def _corners(xy: Floats, begin: int, end: int) -> tuple[Floats, int]:
    """Give the vertices of a ring without those drawn twice running, and how many edges; 0 for no ring."""
    points = np.empty((end - begin, 2))
    n = 0
    for i in range(begin, end):
        if not (np.isfinite(xy[i, 0]) and np.isfinite(xy[i, 1])):
            return points, 0
        if n == 0 or xy[i, 0] != points[n - 1, 0] or xy[i, 1] != points[n - 1, 1]:
            points[n] = xy[i]
            n += 1
    n -= 1
    closed = points[0, 0] == points[n, 0] and points[0, 1] == points[n, 1]
    return points, n if closed and n >= 3 else 0


@kernel
def _crosses(points: Floats, n: int) -> bool:
    """Whether edges of a ring that do not follow each other have a point in common."""
    west = np.minimum(points[:n, 0], points[1 : n + 1, 0])
    east = np.maximum(points[:n, 0], points[1 : n + 1, 0])
    order = np.argsort(west)
    for k in range(n):
        i = order[k]
        a, b = points[i], points[i + 1]
        for m in range(k + 1, n):
            j = order[m]
            if west[j] > east[i]:
                break
            apart = abs(i - j)
            if apart == 1 or apart == n - 1:
                continue
            c, d = points[j], points[j + 1]
            if _meet(a[0], a[1], b[0], b[1], c[0], c[1], d[0], d[1]):
                return True
    return False


@kernel
def _is_simple(xy: Floats, begin: int, end: int) -> bool:
    """Whether a ring neither crosses, touches nor retraces itself; a vertex drawn twice running is none."""
    points, n = _corners(xy, begin, end)
    if n == 0:
        return False
    for i in range(n):
        a, b = points[i], points[i + 1]
        c = points[i + 2] if i + 2 <= n else points[1]
        if _folds(a[0], a[1], b[0], b[1], c[0], c[1]):
            return False
    return not _crosses(points, n)


@kernel
def judge_rings(xy: Floats, rings: Ints, is_simple: Bools) -> None:
    """Say of each ring whether it is simple.

    Parameters
    ----------
    xy : numpy.ndarray of float, shape (n, 2)
        Vertices, ring after ring.
    rings : numpy.ndarray of int, shape (r + 1,)
        Where each ring begins.
    is_simple : numpy.ndarray of bool, shape (r,)
        Filled: closed, finite, of three edges or more that meet only where they follow each other.
    """
    for r in range(len(is_simple)):
        begin, end = rings[r], rings[r + 1]
        is_simple[r] = end - begin >= 4 and (_is_star(xy, begin, end) or _is_simple(xy, begin, end))
