"""Coordinates of the world as whole units of one tile.

A coordinate is multiplied by a power of two, which is exact, and rounded to the nearest unit of the whole
world; the tile's own corner is subtracted after that. So a vertex that two areas share is one unit in both,
and the same unit in every tile that shows it.
"""

from __future__ import annotations

import numpy as np

from gisgov.geometry.kernel import inlined, kernel
from gisgov.types import Bools, Bytes, Floats, Ints


@inlined
def quantise_ring(xy: Floats, first: int, last: int, frame: Floats, points: Ints, top: int, box: Ints) -> int:
    """Add a ring's vertices, none twice running; widen the box by them; return where the next ring begins."""
    begin = top
    units, west, north = frame[0], frame[1], frame[2]
    before_x, before_y = 1 << 60, 1 << 60
    least_x, least_y, most_x, most_y = box[0], box[1], box[2], box[3]
    for i in range(first, last):
        x = int(np.floor(xy[i, 0] * units + 0.5) - west)
        y = int(np.floor(xy[i, 1] * units + 0.5) - north)
        if x == before_x and y == before_y:
            continue
        points[top, 0], points[top, 1] = x, y
        before_x, before_y = x, y
        top += 1
        least_x, least_y = min(least_x, x), min(least_y, y)
        most_x, most_y = max(most_x, x), max(most_y, y)
    box[0], box[1], box[2], box[3] = least_x, least_y, most_x, most_y
    if top - begin > 1 and points[top - 1, 0] == points[begin, 0] and points[top - 1, 1] == points[begin, 1]:
        top -= 1
    return top


@inlined
def quantise_points(xy: Floats, first: int, last: int, frame: Floats, points: Ints, top: int) -> int:
    """Add those points of a feature that are in the frame; return where the next may be put."""
    for i in range(first, last):
        x = np.floor(xy[i, 0] * frame[0] + 0.5) - frame[1]
        y = np.floor(xy[i, 1] * frame[0] + 0.5) - frame[2]
        if frame[3] <= x <= frame[4] and frame[3] <= y <= frame[4]:
            points[top, 0], points[top, 1] = int(x), int(y)
            top += 1
    return top


@kernel
def next_vertex(begin: Ints, end: Ints, rings: int) -> int:
    """Return where the next ring begins: the one before it is left room for a square."""
    return max(end[rings - 1], begin[rings - 1] + 4) if rings > 0 else 0


@inlined
def quantise_polygon(
    r: int, after: int, ring: Ints, xy: Floats, frame: Floats, begin: Ints, end: Ints, rings: int, points:
    Ints, box: Ints,
) -> bool:  # fmt: skip
    """Quantise rings r (an outline) to ``after`` (its holes); False when the outline lies out of the frame.

    ``box`` is left as the outline's.
    """
    top = next_vertex(begin, end, rings)
    box[0], box[1], box[2], box[3] = 1 << 60, 1 << 60, -(1 << 60), -(1 << 60)
    begin[rings] = top
    end[rings] = quantise_ring(xy, ring[r], ring[r + 1], frame, points, top, box)
    if box[0] > frame[4] or box[1] > frame[4] or box[2] < frame[3] or box[3] < frame[3]:
        return False
    for h in range(r + 1, after):
        rings += 1
        begin[rings] = next_vertex(begin, end, rings)
        end[rings] = quantise_ring(xy, ring[h], ring[h + 1], frame, points, begin[rings], box)
    return True


@kernel
def quantise_rows(
    rows: Ints, kind: Bytes, feature: Ints, ring: Ints, hole: Bools, xy: Floats, frame: Floats,
    kept: Ints, first_ring: Ints, begin: Ints, end: Ints, is_hole: Bools, is_cut: Bools, points: Ints,
) -> int:  # fmt: skip
    """Quantise the features of ``rows``; return how many of them are left.

    ``frame`` is units per world, the tile's corner in units, and the least and greatest unit that is drawn.
    What lies beyond is left out, feature by feature and polygon by polygon; ``is_cut`` tells of which
    features something lies across.
    """
    first_ring[0] = 0
    count, rings = 0, first_ring[0]
    box = np.empty(4, dtype=np.int64)
    for k in range(len(rows)):
        row = rows[k]
        r, is_cut[count] = feature[row], False
        while r < feature[row + 1]:
            after = r + 1
            if kind[row] == 1:
                begin[rings] = next_vertex(begin, end, rings)
                end[rings] = quantise_points(xy, ring[r], ring[after], frame, points, begin[rings])
                is_there = end[rings] > begin[rings]
            else:
                while after < feature[row + 1] and hole[after]:
                    after += 1
                is_there = quantise_polygon(r, after, ring, xy, frame, begin, end, rings, points, box)
                is_inside = min(box[0], box[1]) >= frame[3] and max(box[2], box[3]) <= frame[4]
                is_cut[count] |= is_there and not is_inside
            if is_there:
                for i in range(after - r):
                    is_hole[rings + i] = i > 0
                rings += after - r
            r = after
        if rings > first_ring[count]:
            kept[count] = row
            count += 1
            first_ring[count] = rings
    return count
