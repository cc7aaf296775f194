"""Kernel: whether the border of an area may run through the ground of a face."""

from __future__ import annotations

from gisgov.geometry.kernel import kernel
from gisgov.types import Bools, Floats, Ints

_BOUND = 3.3306690738754716e-16


@kernel
def _side(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> int:
    """Say on which side of a line a point lies; 0 as well where rounding leaves it open."""
    left = (ax - cx) * (by - cy)
    right = (ay - cy) * (bx - cx)
    turn = left - right
    if abs(turn) <= _BOUND * (abs(left) + abs(right)):
        return 0
    return 1 if turn > 0.0 else -1


@kernel
def _enters(ax: float, ay: float, bx: float, by: float, edges: Floats, begin: int, end: int) -> bool:
    """Whether the segment a b may run through the face of some edges."""
    west, east = min(ax, bx), max(ax, bx)
    south, north = min(ay, by), max(ay, by)
    mx, my = 0.5 * (ax + bx), 0.5 * (ay + by)
    inside = False
    for k in range(begin, end):
        cx, cy, dx, dy = edges[k, 0], edges[k, 1], edges[k, 2], edges[k, 3]
        if (cy <= my) != (dy <= my) and cx + (my - cy) / (dy - cy) * (dx - cx) > mx:
            inside = not inside
        if max(cx, dx) < west or min(cx, dx) > east or max(cy, dy) < south or min(cy, dy) > north:
            continue
        starts = (ax == cx and ay == cy) or (ax == dx and ay == dy)
        ends = (bx == cx and by == cy) or (bx == dx and by == dy)
        if starts and ends:
            return False
        if (
            not (starts or ends)
            and _side(ax, ay, bx, by, cx, cy) * _side(ax, ay, bx, by, dx, dy) <= 0
            and _side(cx, cy, dx, dy, ax, ay) * _side(cx, cy, dx, dy, bx, by) <= 0
        ):
            return True
    return inside


@kernel
def may_enter(
    face: Ints, area: Ints, edges: Floats, begin: Ints, boxes: Floats, xy: Floats, ring: Ints, first: Ints,
    answer: Bools,
) -> None:  # fmt: skip
    """Say for pairs of a face and an area whether the border of the area may run through the face.

    Parameters
    ----------
    face, area : numpy.ndarray of int, shape (p,)
        The pairs.
    edges : numpy.ndarray of float, shape (e, 4)
        Edges of the faces, face after face: x and y of both ends.
    begin : numpy.ndarray of int, shape (f + 1,)
        Where each face begins.
    boxes : numpy.ndarray of float, shape (f, 4)
        Of the faces.
    xy, ring, first
        Vertices of the areas, where each ring begins, and the first ring of each area.
    answer : numpy.ndarray of bool, shape (p,)
        Filled. False means that the face lies in the area as a whole, or not at all; True that an overlay
        has to tell.
    """
    for p in range(len(face)):
        f = face[p]
        found = False
        for r in range(first[area[p]], first[area[p] + 1]):
            for i in range(ring[r], ring[r + 1] - 1):
                ax, ay, bx, by = xy[i, 0], xy[i, 1], xy[i + 1, 0], xy[i + 1, 1]
                is_near = max(ax, bx) >= boxes[f, 0] and min(ax, bx) <= boxes[f, 2]
                if is_near and max(ay, by) >= boxes[f, 1] and min(ay, by) <= boxes[f, 3]:
                    found = found or _enters(ax, ay, bx, by, edges, begin[f], begin[f + 1])
            if found:
                break
        answer[p] = found
