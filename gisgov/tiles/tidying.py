"""Rings of whole units as tiles may have them: no vertex twice, no spike, the right way round, with an area.

Rounding can make a ring touch or cross itself, by less than a unit. That is left as it is: it fills the same
pixels, and a repair polygon by polygon would take apart what neighbours share.
"""

from __future__ import annotations

from gisgov.geometry.kernel import inlined, kernel
from gisgov.types import Bools, Bytes, Ints


@kernel
def turns_back(xy: Ints, a: int, b: int, c: int) -> bool:
    """Whether the way from a by b to c stops at b, or goes back where it came from."""
    px, py = float(xy[b, 0] - xy[a, 0]), float(xy[b, 1] - xy[a, 1])
    qx, qy = float(xy[c, 0] - xy[b, 0]), float(xy[c, 1] - xy[b, 1])
    return px * qy == py * qx and px * qx + py * qy <= 0.0


@inlined
def tidy_ring(xy: Ints, begin: int, end: int) -> int:
    """Take out vertices drawn twice and spikes, in place; return where the ring ends now."""
    top = begin
    for i in range(begin, end):
        xy[top, 0], xy[top, 1] = xy[i, 0], xy[i, 1]
        top += 1
        while top - begin >= 2 and (
            (xy[top - 1, 0] == xy[top - 2, 0] and xy[top - 1, 1] == xy[top - 2, 1])
            or (top - begin >= 3 and turns_back(xy, top - 3, top - 2, top - 1))
        ):
            xy[top - 2, 0], xy[top - 2, 1] = xy[top - 1, 0], xy[top - 1, 1]
            top -= 1
    while top - begin >= 3:
        if turns_back(xy, top - 2, top - 1, begin):
            top -= 1
        elif turns_back(xy, top - 1, begin, begin + 1):
            top -= 1
            xy[begin, 0], xy[begin, 1] = xy[top, 0], xy[top, 1]
        else:
            break
    return top


@inlined
def twice_area(xy: Ints, begin: int, end: int) -> float:
    """Return twice the area by the surveyor's formula, positive for outlines as tiles want them."""
    area = 0.0  # of coordinates that may be far out of the tile, whose products are too great for integers
    for i in range(begin + 1, end - 1):
        ax, ay = float(xy[i, 0] - xy[begin, 0]), float(xy[i, 1] - xy[begin, 1])
        bx, by = float(xy[i + 1, 0] - xy[begin, 0]), float(xy[i + 1, 1] - xy[begin, 1])
        area += ax * by - bx * ay
    return area


@inlined
def turn_ring(xy: Ints, begin: int, end: int) -> None:
    """Let a ring run the other way, from the same vertex."""
    i, j = begin + 1, end - 1
    while i < j:
        x, y = xy[i, 0], xy[i, 1]
        xy[i, 0], xy[i, 1] = xy[j, 0], xy[j, 1]
        xy[j, 0], xy[j, 1] = x, y
        i, j = i + 1, j - 1


@kernel
def draw_square(xy: Ints, begin: int) -> None:
    """Draw a square of one unit from a ring's first vertex."""
    for i in range(1, 4):
        xy[begin + i, 0], xy[begin + i, 1] = xy[begin, 0] + (i < 3), xy[begin, 1] + (i > 1)


@kernel
def tidy_rings(
    kept: Ints,
    kind: Bytes,
    first_ring: Ints,
    begin: Ints,
    end: Ints,
    is_hole: Bools,
    is_cut: Bools,
    points: Ints,
) -> None:
    """Tidy the rings of polygons in place; one without an area is left empty, and so are its holes.

    Of a feature that is smaller than a unit, and is not to be cut, a square of one unit is left. Each ring
    has room for four vertices.
    """
    for f in range(len(kept)):
        if kind[kept[f]] == 1:
            continue
        is_drawn, is_seen = True, is_cut[f]
        for r in range(first_ring[f], first_ring[f + 1]):
            top = tidy_ring(points, begin[r], end[r])
            area = twice_area(points, begin[r], top)
            if not is_hole[r]:
                is_drawn = area != 0.0
            end[r] = top if is_drawn and area != 0.0 else begin[r]
            is_seen |= end[r] > begin[r]
            if (area < 0.0) != is_hole[r]:
                turn_ring(points, begin[r], end[r])
        if not is_seen:
            draw_square(points, begin[first_ring[f]])
            end[first_ring[f]] += 4
