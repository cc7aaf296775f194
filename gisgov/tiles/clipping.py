"""Polygons of whole units cut to a box, so that what is left is a polygon again.

Clipping follows the chains of edges inside the box and joins the end of each, along the sides of the box, to
the chain that begins next. A concave polygon falls into as many parts as it has in the box, a hole that
reaches out of the box becomes part of the outline, and nothing runs along a side and back.

An edge is cut from its western (then northern) end whichever way it is drawn, so an edge that two areas share
is cut at the same unit in both.
"""

from __future__ import annotations

import numpy as np

from gisgov.geometry.kernel import kernel
from gisgov.types import Bools, Floats, Ints


@kernel
def side_code(x: float, y: float, low: float, high: float) -> int:
    """Return a bit for each side of the box that a point lies beyond."""
    return (1 if x < low else 2 if x > high else 0) | (4 if y < low else 8 if y > high else 0)


@kernel
def place_on_sides(x: float, y: float, low: float, high: float) -> float:
    """Return how far along the sides a point is, from the north-west corner as outlines run; −1 inside."""
    if y == low:
        return x - low
    if x == high:
        return high - low + y - low
    if y == high:
        return 2.0 * (high - low) + high - x
    if x == low:
        return 3.0 * (high - low) + high - y
    return -1.0


@kernel
def cut_edge(xy: Ints, a: int, b: int, low: float, high: float, cut: Floats) -> bool:
    """Find the part of an edge in the box; False when there is none, or along a side only.

    ``cut`` is given the part's ends as whole units, where they are on the sides before they were rounded, and
    whether each is the edge's own end (1) or cut off.
    """
    swap = xy[a, 0] > xy[b, 0] or (xy[a, 0] == xy[b, 0] and xy[a, 1] > xy[b, 1])
    if swap:
        a, b = b, a
    ax, ay = float(xy[a, 0]), float(xy[a, 1])
    bx, by = float(xy[b, 0]), float(xy[b, 1])
    code_a, code_b = side_code(ax, ay, low, high), side_code(bx, by, low, high)
    if code_a & code_b:
        return False  # both ends beyond the same side
    for end in range(2):
        x, y = (ax, ay) if end == 0 else (bx, by)
        code, tries = code_a if end == 0 else code_b, 0
        place = (end == 0) == swap
        cut[6 + place] = 1.0 if code == 0 else 0.0
        while code != 0:
            tries += 1
            if tries > 2 or (code & 3 and ax == bx) or (not code & 3 and ay == by):
                return False
            if code & 3:
                x = float(low if code & 1 else high)
                y = ay + (by - ay) * ((x - ax) / (bx - ax))
            else:
                y = float(low if code & 4 else high)
                x = ax + (bx - ax) * ((y - ay) / (by - ay))
            # beyond the edge's ends: its line meets the box, it does not
            if x < ax or x > bx or y < min(ay, by) or y > max(ay, by):
                return False
            code = side_code(x, y, low, high)
        cut[4 + place] = place_on_sides(x, y, low, high)
        cut[2 * place], cut[2 * place + 1] = np.floor(x + 0.5), np.floor(y + 0.5)
    along_y = cut[0] == cut[2] and (cut[0] == low or cut[0] == high or cut[1] == cut[3])
    return not (along_y or (cut[1] == cut[3] and (cut[1] == low or cut[1] == high)))


@kernel
def cut_ring(
    xy: Ints, begin: int, end: int, low: float, high: float, chains: Ints, starts: Ints, places: Floats,
    count: int,
) -> int:  # fmt: skip
    """Add the chains of a ring's edges in the box; return how many chains there are now.

    ``chains`` are vertices, ``starts[i]`` is where chain i begins in them, ``places[i]`` where on the sides
    it begins and ends; ``starts[count]`` is where the next one may begin.
    """
    first = begin
    while side_code(float(xy[first, 0]), float(xy[first, 1]), low, high) == 0:
        first += 1  # to a vertex outside, which no chain runs through
    cut = np.empty(8)
    top, goes_on = starts[count], False
    for step in range(end - begin):
        a = first + step if first + step < end else first + step - (end - begin)
        if not cut_edge(xy, a, a + 1 if a + 1 < end else begin, low, high, cut):
            goes_on = False
            continue
        if not (goes_on and cut[6] == 1.0):
            starts[count], places[count, 0] = top, cut[4]
            chains[top, 0], chains[top, 1] = int(cut[0]), int(cut[1])
            top += 1
            count += 1
        chains[top, 0], chains[top, 1] = int(cut[2]), int(cut[3])
        top += 1
        starts[count], places[count - 1, 1] = top, cut[5]
        goes_on = cut[7] == 1.0
    return count


@kernel
def match_chains(places: Floats, count: int, follower: Ints) -> None:
    """Find the chain that follows each: the next to begin along the sides that no other takes."""
    if count == 1:
        follower[0] = 0
        return
    events = np.empty(2 * count, dtype=np.int64)  # chain i begins: 2 i, it ends: 2 i + 1
    for i in range(2 * count):
        j = i
        while j > 0 and places[events[j - 1] >> 1, events[j - 1] & 1] > places[i >> 1, i & 1]:
            events[j] = events[j - 1]
            j -= 1
        events[j] = i
    waiting, depth = np.empty(2 * count, dtype=np.int64), 0
    taken = np.zeros(count, dtype=np.bool_)
    for lap in range(2):
        for i in range(2 * count):
            chain = events[i] >> 1
            if events[i] & 1:
                if lap == 0:
                    waiting[depth] = chain
                    depth += 1
            elif depth > 0 and not taken[chain]:
                depth -= 1
                follower[waiting[depth]] = chain
                taken[chain] = True


@kernel
def join_chains(
    chains: Ints, starts: Ints, places: Floats, count: int, low: int, high: int, found: Ints, rings: Ints
) -> int:
    """Join chains along the sides into rings, with the corners between; return how many rings there are."""
    follower = np.empty(count, dtype=np.int64)
    match_chains(places, count, follower)
    done = np.zeros(count, dtype=np.bool_)
    side = float(high - low)
    top, number = 0, 0
    rings[0] = 0
    for first in range(count):
        chain = first
        while not done[chain]:
            done[chain] = True
            for i in range(starts[chain], starts[chain + 1]):
                found[top, 0], found[top, 1] = chains[i, 0], chains[i, 1]
                top += 1
            at, chain = places[chain, 1], follower[chain]
            to = places[chain, 0] + (4.0 * side if places[chain, 0] < at else 0.0)
            corner = int(np.floor(at / side)) + 1
            while corner * side < to:
                found[top, 0] = high if corner % 4 == 1 or corner % 4 == 2 else low
                found[top, 1] = high if corner % 4 >= 2 else low
                top += 1
                corner += 1
        if top > rings[number]:
            number += 1
            rings[number] = top
    return number


@kernel
def surrounds(xy: Ints, begin: int, end: int, x: float, y: float) -> bool:
    """Whether a ring is drawn around a point that is not on it."""
    inside = False
    j = end - 1
    for i in range(begin, end):
        if (xy[i, 1] > y) != (xy[j, 1] > y):
            inside ^= x < xy[i, 0] + (xy[j, 0] - xy[i, 0]) * ((y - xy[i, 1]) / (xy[j, 1] - xy[i, 1]))
        j = i
    return inside


@kernel
def is_whole(xy: Ints, begin: int, end: int, low: int, high: int) -> bool:
    """Whether a ring lies in the box, which it may touch from inside."""
    i = begin
    while i < end and side_code(float(xy[i, 0]), float(xy[i, 1]), low, high) == 0:
        i += 1
    return i == end


@kernel
def cut_polygon(
    xy: Ints, begin: Ints, end: Ints, r: int, after: int, low: int, high: int,
    chains: Ints, starts: Ints, places: Floats, found: Ints, rings: Ints,
) -> int:  # fmt: skip
    """Find what is in the box of rings r (an outline) to ``after`` (its holes), but for holes that are whole.

    Returns the number of outlines; outline i is ``found[rings[i]:rings[i + 1]]``.
    """
    middle = 0.5 * (low + high) + 0.25  # on no vertex
    starts[0] = 0
    count, cover = starts[0], 0
    for i in range(r, after):
        if begin[i] == end[i] or is_whole(xy, begin[i], end[i], low, high):
            continue
        before = count
        count = cut_ring(xy, begin[i], end[i], low, high, chains, starts, places, count)
        if count == before and surrounds(xy, begin[i], end[i], middle, middle):
            cover += 1 if i == r else -1
    if count > 0:
        return join_chains(chains, starts, places, count, low, high, found, rings)
    if cover <= 0:
        return 0
    for corner in range(4):
        found[corner, 0] = high if corner == 1 or corner == 2 else low
        found[corner, 1] = high if corner >= 2 else low
    rings[0], rings[1] = 0, 4
    return 1


@kernel
def copy_ring(
    xy: Ints, first: int, last: int, hole: bool, begin: Ints, end: Ints, is_hole: Bools, points: Ints,
    ring: int,
) -> int:  # fmt: skip
    """Add a ring to those that are drawn; return how many there are now."""
    top = end[ring - 1] if ring > 0 else 0
    begin[ring], is_hole[ring], end[ring] = top, hole, top + last - first
    for i in range(last - first):
        points[top + i, 0], points[top + i, 1] = xy[first + i, 0], xy[first + i, 1]
    return ring + 1


@kernel
def copy_holes(
    xy: Ints, begin: Ints, end: Ints, r: int, after: int, low: int, high: int, found: Ints, rings: Ints, o:
    int, outlines: int, begin_out: Ints, end_out: Ints, is_hole_out: Bools, points_out: Ints, put: int,
) -> int:  # fmt: skip
    """Add those holes of ring r, up to ``after``, that are whole and lie in outline ``o`` of the found."""
    for h in range(r + 1, after):
        if begin[h] == end[h] or not is_whole(xy, begin[h], end[h], low, high):
            continue
        x, y = xy[begin[h], 0] + 0.25, xy[begin[h], 1] + 0.5
        if outlines == 1 or surrounds(found, rings[o], rings[o + 1], x, y):
            put = copy_ring(xy, begin[h], end[h], True, begin_out, end_out, is_hole_out, points_out, put)
    return put


@kernel
def cut_features(
    kept: Ints, is_cut: Bools, first_ring: Ints, begin: Ints, end: Ints, is_hole: Bools, xy: Ints,
    low: int, high: int, room: int,
    kept_out: Ints, first_ring_out: Ints, begin_out: Ints, end_out: Ints, is_hole_out: Bools, points_out:
    Ints,
) -> int:  # fmt: skip
    """Cut the features that lie across the box; return how many of them are in it.

    ``room`` is the number of vertices of them all; ``points_out`` has room for eight times as many.
    """
    chains, starts = np.empty((2 * room, 2), dtype=np.int64), np.empty(room + 1, dtype=np.int64)
    places, found = np.empty((room, 2)), np.empty((8 * room, 2), dtype=np.int64)
    rings = np.empty(room + 2, dtype=np.int64)
    first_ring_out[0] = 0
    count, put = 0, first_ring_out[0]
    for f in range(len(kept)):
        r = first_ring[f] if is_cut[f] else first_ring[f + 1]
        while r < first_ring[f + 1]:
            after = r + 1
            while after < first_ring[f + 1] and is_hole[after]:
                after += 1
            outlines = 0
            if is_whole(xy, begin[r], end[r], low, high):
                for i in range(r, after):
                    put = copy_ring(
                        xy, begin[i], end[i], i > r, begin_out, end_out, is_hole_out, points_out, put
                    )
            else:
                outlines = cut_polygon(
                    xy, begin, end, r, after, low, high, chains, starts, places, found, rings
                )
            for o in range(outlines):
                put = copy_ring(
                    found, rings[o], rings[o + 1], False, begin_out, end_out, is_hole_out, points_out, put
                )
                put = copy_holes(
                    xy, begin, end, r, after, low, high, found, rings, o, outlines,
                    begin_out, end_out, is_hole_out, points_out, put,
                )  # fmt: skip
            r = after
        if put > first_ring_out[count]:
            kept_out[count] = kept[f]
            count += 1
            first_ring_out[count] = put
    return count
