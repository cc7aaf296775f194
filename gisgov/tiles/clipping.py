"""Polygons of whole units cut to a box, so that what is left is a polygon again.

Clipping follows the chains of edges inside the box and joins the end of each, along the sides of the box, to
the chain that begins next. A concave polygon falls into as many parts as it has in the box, a hole that
reaches out of the box becomes part of the outline, and nothing runs along a side and back.

An edge is cut from its western (then northern) end whichever way it is drawn, so an edge that two areas share
is cut at the same unit in both.
"""

from __future__ import annotations

import numpy as np

from gisgov.geometry.kernel import inlined, kernel
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


@inlined
def cut_end(
    x: float, y: float, code: int, ax: float, ay: float, bx: float, by: float, low: float, high: float
) -> tuple[bool, float, float]:
    """Move an end of the edge from a to b along it into the box; False when there is no part of it there."""
    tries = 0
    while code != 0:
        tries += 1
        if tries > 2 or (code & 3 and ax == bx) or (not code & 3 and ay == by):
            return False, x, y
        if code & 3:
            x = low if code & 1 else high
            y = ay + (by - ay) * ((x - ax) / (bx - ax))
        else:
            y = low if code & 4 else high
            x = ax + (bx - ax) * ((y - ay) / (by - ay))
        # beyond the edge's ends: its line meets the box, it does not
        if x < ax or x > bx or y < min(ay, by) or y > max(ay, by):
            return False, x, y
        code = side_code(x, y, low, high)
    return True, x, y


@kernel
def cut_edge(
    px: float, py: float, qx: float, qy: float, low: float, high: float
) -> tuple[bool, float, float, float, float, float, float, bool, bool]:
    """Find the part of the edge from p to q in the box; False when there is none, or along a side only.

    Returns besides that: the part's ends as whole units, where they are on the sides before they were
    rounded, and whether each is the edge's own end. Numbers alone, no arrays: so it costs next to nothing.
    """
    swap = px > qx or (px == qx and py > qy)
    ax, ay, bx, by = (qx, qy, px, py) if swap else (px, py, qx, qy)
    code_a, code_b = side_code(ax, ay, low, high), side_code(bx, by, low, high)
    is_there = code_a & code_b == 0  # otherwise both ends are beyond the same side
    x0, y0, x1, y1 = ax, ay, bx, by
    if is_there and code_a:
        is_there, x0, y0 = cut_end(ax, ay, code_a, ax, ay, bx, by, low, high)
    if is_there and code_b:
        is_there, x1, y1 = cut_end(bx, by, code_b, ax, ay, bx, by, low, high)
    at0, at1 = place_on_sides(x0, y0, low, high), place_on_sides(x1, y1, low, high)
    x0, y0, x1, y1 = np.floor(x0 + 0.5), np.floor(y0 + 0.5), np.floor(x1 + 0.5), np.floor(y1 + 0.5)
    if x0 == x1 and (x0 in (low, high) or y0 == y1):
        is_there = False
    if y0 == y1 and y0 in (low, high):
        is_there = False
    if swap:
        return is_there, x1, y1, x0, y0, at1, at0, code_b == 0, code_a == 0
    return is_there, x0, y0, x1, y1, at0, at1, code_a == 0, code_b == 0


@inlined
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
    top, goes_on = starts[count], False
    a = first
    for _ in range(end - begin):
        b = a + 1 if a + 1 < end else begin
        is_there, x0, y0, x1, y1, at0, at1, is_start, is_end = cut_edge(
            float(xy[a, 0]), float(xy[a, 1]), float(xy[b, 0]), float(xy[b, 1]), low, high
        )
        a = b
        if not is_there:
            goes_on = False
            continue
        if not (goes_on and is_start):
            starts[count], places[count, 0] = top, at0
            chains[top, 0], chains[top, 1] = int(x0), int(y0)
            top += 1
            count += 1
        chains[top, 0], chains[top, 1] = int(x1), int(y1)
        top += 1
        starts[count], places[count - 1, 1] = top, at1
        goes_on = is_end
    return count


@inlined
def match_chains(places: Floats, count: int, follower: Ints) -> None:
    """Find the chain that follows each: the next to begin along the sides that no other takes."""
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


@inlined
def close_chain(
    chains: Ints, first: int, last: int, at: float, to: float, low: int, high: int, found: Ints, top: int
) -> int:
    """Add a chain and the corners on the way from its end to where the next begins; return the next place."""
    for i in range(first, last):
        found[top, 0], found[top, 1] = chains[i, 0], chains[i, 1]
        top += 1
    side = float(high - low)
    if to < at:
        to += 4.0 * side
    corner = int(np.floor(at / side)) + 1
    while corner * side < to:
        found[top, 0] = high if corner & 3 == 1 or corner & 3 == 2 else low
        found[top, 1] = high if corner & 3 >= 2 else low
        top += 1
        corner += 1
    return top


@inlined
def join_chains(
    chains: Ints, starts: Ints, places: Floats, count: int, low: int, high: int, found: Ints, rings: Ints
) -> int:
    """Join chains along the sides into rings, with the corners between; return how many rings there are."""
    rings[0] = 0
    if count == 1:  # as most: it closes itself, and needs no lists
        rings[1] = close_chain(chains, 0, starts[1], places[0, 1], places[0, 0], low, high, found, 0)
        return 1
    follower = np.empty(count, dtype=np.int64)
    match_chains(places, count, follower)
    done = np.zeros(count, dtype=np.bool_)
    top, number = 0, 0
    for first in range(count):
        chain = first
        while not done[chain]:
            done[chain] = True
            after = follower[chain]
            top = close_chain(
                chains,
                starts[chain],
                starts[chain + 1],
                places[chain, 1],
                places[after, 0],
                low,
                high,
                found,
                top,
            )
            chain = after
        if top > rings[number]:
            number += 1
            rings[number] = top
    return number


@inlined
def surrounds(xy: Ints, begin: int, end: int, x: float, y: float) -> bool:
    """Whether a ring is drawn around a point that is not on it."""
    inside = False
    j = end - 1
    for i in range(begin, end):
        if (xy[i, 1] > y) != (xy[j, 1] > y):
            inside ^= x < xy[i, 0] + (xy[j, 0] - xy[i, 0]) * ((y - xy[i, 1]) / (xy[j, 1] - xy[i, 1]))
        j = i
    return inside


@inlined
def is_whole(xy: Ints, begin: int, end: int, low: int, high: int) -> bool:
    """Whether a ring lies in the box, which it may touch from inside."""
    i = begin
    while i < end and side_code(float(xy[i, 0]), float(xy[i, 1]), low, high) == 0:
        i += 1
    return i == end


@inlined
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


@inlined
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


@inlined
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
