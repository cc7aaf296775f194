"""Features that nothing has to be cut from, from coordinates to bytes in one go: most of any tile.

Points, and polygons of one ring that lie wholly in the frame. What the loops of `gisgov.tiles.quantising`,
`gisgov.tiles.tidying` and `gisgov.tiles.writing` do in three passes over all features is done here while a
feature is still near the processor, and to the same unit and byte.
"""

from __future__ import annotations

import numpy as np

from gisgov.geometry.kernel import inlined, kernel
from gisgov.types import Bytes, Floats, Ints


@kernel
def put_number(out: Bytes, at: int, number: int) -> int:
    """Write a number of 7 bits a byte; return where the next begins."""
    while number > 127:
        out[at] = (number & 127) | 128
        number >>= 7
        at += 1
    out[at] = number
    return at + 1


@inlined
def close_message(out: Bytes, at: int, end: int) -> int:
    """Write how long a message is, for which one byte is free at ``at``; return where the message ends.

    One that takes more than that is moved on.
    """
    length = end - at - 1
    if length < 128:
        out[at] = length
        return end
    more, rest = 0, length >> 7
    while rest > 0:
        more += 1
        rest >>= 7
    for i in range(end - 1, at, -1):
        out[i + more] = out[i]
    put_number(out, at, length)
    return end + more


@inlined
def put_tags(
    row: int, table: Ints, column_kind: Ints, slots: Ints, values: Ints, state: Ints, out: Bytes, at: int
) -> int:
    """Write the attributes of a feature; return where the next begins. ``state[2]`` is the number of values.

    ``slots`` find them, as `gisgov.tiles.writing.slot_of` does.
    """
    no_value = -0x7FFFFFFFFFFFFFFF - 1
    mask = len(slots) - 1
    for column in range(len(column_kind)):
        word, kind = table[row, column], column_kind[column]
        if word == no_value:
            continue
        slot = ((((word ^ (word >> 31) ^ kind) & 0x7FFFFFFF) * 0x5851F42D) >> 28) & mask
        number = slots[slot]
        while number >= 0 and (values[number, 1] != word or values[number, 0] != kind):
            slot = (slot + 1) & mask
            number = slots[slot]
        if number < 0:
            number = state[2]
            slots[slot] = number
            values[number, 0], values[number, 1] = kind, word
            state[2] += 1
        out[at] = column
        at = put_number(out, at + 1, number)
    return at


@inlined
def put_vertices(xy: Floats, first: int, last: int, from_x: float, from_y: float, out: Bytes, at: int) -> int:
    """Write steps from a place along some points; return where the next begins."""
    for i in range(first, last):
        step_x, step_y = int(xy[i, 0] - from_x), int(xy[i, 1] - from_y)
        at = put_number(out, at, (step_x << 1) ^ (step_x >> 63))
        at = put_number(out, at, (step_y << 1) ^ (step_y >> 63))
        from_x, from_y = xy[i, 0], xy[i, 1]
    return at


@inlined
def put_shape(xy: Floats, count: int, kind: int, out: Bytes, at: int) -> int:
    """Write points, or a ring; return where the next begins."""
    if kind == 1:
        return put_vertices(xy, 0, count, 0.0, 0.0, out, put_number(out, at, (count << 3) | 1))
    out[at] = 9
    at = put_vertices(xy, 0, 1, 0.0, 0.0, out, at + 1)
    at = put_number(out, at, ((count - 1) << 3) | 2)
    at = put_vertices(xy, 1, count, xy[0, 0], xy[0, 1], out, at)
    out[at] = 15
    return at + 1


@kernel
def turns_back(ax: float, ay: float, bx: float, by: float) -> bool:
    """Whether a step stops, or goes back where the step before it came from."""
    return ax * by == ay * bx and ax * bx + ay * by <= 0.0


@kernel
def is_spike(xy: Floats, a: int, b: int, c: int) -> bool:
    """Whether the way from a by b to c turns back at b."""
    return turns_back(xy[b, 0] - xy[a, 0], xy[b, 1] - xy[a, 1], xy[c, 0] - xy[b, 0], xy[c, 1] - xy[b, 1])


@kernel
def is_folded(xy: Floats, count: int) -> bool:
    """Whether a ring has a spike anywhere."""
    ax, ay = xy[0, 0] - xy[count - 1, 0], xy[0, 1] - xy[count - 1, 1]
    for i in range(count):
        j = i + 1 if i + 1 < count else 0
        bx, by = xy[j, 0] - xy[i, 0], xy[j, 1] - xy[i, 1]
        if turns_back(ax, ay, bx, by):
            return True
        ax, ay = bx, by
    return False


@kernel
def fold_ring(xy: Floats, count: int) -> int:
    """Take out spikes, as `gisgov.tiles.tidying.tidy_ring` does; return how many vertices are left."""
    top = 0
    for i in range(count):
        xy[top, 0], xy[top, 1] = xy[i, 0], xy[i, 1]
        top += 1
        while top >= 2 and (
            (xy[top - 1, 0] == xy[top - 2, 0] and xy[top - 1, 1] == xy[top - 2, 1])
            or (top >= 3 and is_spike(xy, top - 3, top - 2, top - 1))
        ):
            xy[top - 2, 0], xy[top - 2, 1] = xy[top - 1, 0], xy[top - 1, 1]
            top -= 1
    while top >= 3:
        if is_spike(xy, top - 2, top - 1, 0):
            top -= 1
        elif is_spike(xy, top - 1, 0, 1):
            top -= 1
            xy[0, 0], xy[0, 1] = xy[top, 0], xy[top, 1]
        else:
            break
    return top


@inlined
def tidy_ring(xy: Floats, count: int) -> int:
    """Tidy a ring; return how many vertices it has now, 0 when it has no area."""
    if is_folded(xy, count):
        count = fold_ring(xy, count)
    area = 0.0
    for i in range(1, count - 1):
        ax, ay = xy[i, 0] - xy[0, 0], xy[i, 1] - xy[0, 1]
        area += ax * (xy[i + 1, 1] - xy[0, 1]) - (xy[i + 1, 0] - xy[0, 0]) * ay
    if area == 0.0:
        return 0
    if area < 0.0:
        for i in range(1, (count + 1) // 2):
            j = count - i
            for axis in range(2):
                kept = xy[i, axis]
                xy[i, axis] = xy[j, axis]
                xy[j, axis] = kept
    return count


@kernel
def draw_square(xy: Floats) -> int:
    """Draw a square of one unit from a ring's first vertex; return how many vertices that are."""
    for i in range(1, 4):
        xy[i, 0], xy[i, 1] = xy[0, 0] + (i < 3), xy[0, 1] + (i > 1)
    return 4


@inlined
def quantise_ring(xy: Floats, first: int, last: int, frame: Floats, units: Floats) -> int:
    """Put a ring's vertices in units; return how many, 0 when it lies out of the frame, less when across."""
    scale, west, north, low, high = frame[0], frame[1], frame[2], frame[3], frame[4]
    least_x, least_y, most_x, most_y = np.inf, np.inf, -np.inf, -np.inf
    before_x, before_y = np.inf, np.inf
    top = 0
    for i in range(first, last):
        x = np.floor(xy[i, 0] * scale + 0.5) - west
        y = np.floor(xy[i, 1] * scale + 0.5) - north
        if x == before_x and y == before_y:
            continue
        units[top, 0], units[top, 1] = x, y
        before_x, before_y = x, y
        top += 1
        least_x, least_y = min(least_x, x), min(least_y, y)
        most_x, most_y = max(most_x, x), max(most_y, y)
    if least_x > high or least_y > high or most_x < low or most_y < low:
        return 0
    if top > 1 and units[top - 1, 0] == units[0, 0] and units[top - 1, 1] == units[0, 1]:
        top -= 1
    return -top if least_x < low or least_y < low or most_x > high or most_y > high else top


@kernel
def quantise_points(xy: Floats, first: int, last: int, frame: Floats, units: Floats) -> int:
    """Put those points of a feature that are in the frame in units; return how many."""
    top = 0
    for i in range(first, last):
        x = np.floor(xy[i, 0] * frame[0] + 0.5) - frame[1]
        y = np.floor(xy[i, 1] * frame[0] + 0.5) - frame[2]
        if frame[3] <= x <= frame[4] and frame[3] <= y <= frame[4]:
            units[top, 0], units[top, 1] = x, y
            top += 1
    return top


@kernel
def keep_ring(
    row: int, xy: Floats, count: int, state: Ints, kept: Ints, first_ring: Ints, begin: Ints, end: Ints,
    points: Ints,
) -> None:  # fmt: skip
    """Keep a ring that has to be cut."""
    at, top = state[4], state[5]
    kept[at], first_ring[at], first_ring[at + 1] = row, at, at + 1
    begin[at], end[at] = top, top + count
    for i in range(count):
        points[top + i, 0], points[top + i, 1] = int(xy[i, 0]), int(xy[i, 1])
    state[4], state[5] = at + 1, top + count


@kernel
def write_plain(
    rows: Ints, k: int, most: int, kind: Bytes, feature: Ints, ring: Ints, xy: Floats, frame: Floats,
    ids: Ints, table: Ints, column_kind: Ints, slots: Ints, values: Ints, state: Ints, rest: Ints,
    kept: Ints, first_ring: Ints, begin: Ints, end: Ints, points: Ints, out: Bytes,
) -> int:  # fmt: skip
    """Write features from ``rows[k]`` on as messages of a layer; return the first that is not written yet.

    It stops before a feature that one of the arrays may have no room for, and where more than ``most`` bytes
    are written. ``state`` is how many bytes are written, how many rows are left in ``rest`` for the loops of
    any features, how many values there are, how long ``out`` had to be for the feature, and how many
    features, and vertices of theirs, have to be cut: they are in ``kept``, ``first_ring``, ``begin``, ``end``
    and ``points``. ``frame`` is as in `gisgov.tiles.quantising.quantise_rows`, ``slots`` as in
    `gisgov.tiles.writing.write_features`.
    """
    units = np.empty((1024, 2))
    columns = len(column_kind)
    while k < len(rows) and state[0] <= most:
        row, at = rows[k], state[0]
        first, last = ring[feature[row]], ring[feature[row] + 1]
        if feature[row + 1] - feature[row] > 1 or last - first > 1020:
            rest[state[1]] = row
            state[1] += 1
            k += 1
            continue
        state[3] = at + 20 * (last - first + 4) + 10 * columns + 64
        if state[3] > len(out) or 2 * (state[2] + columns) > len(slots):
            break
        if state[4] + 1 >= len(kept) or state[5] + last - first > len(points):
            break
        k += 1
        if kind[row] == 1:
            count = quantise_points(xy, first, last, frame, units)
        else:
            count = quantise_ring(xy, first, last, frame, units)
            if count < 0:
                count = tidy_ring(units, -count)
                if count > 0:
                    keep_ring(row, units, count, state, kept, first_ring, begin, end, points)
                continue
            if count > 0:
                left = tidy_ring(units, count)
                count = left if left > 0 else draw_square(units)
        if count == 0:
            continue
        out[at], out[at + 2] = 18, 8
        tags = put_number(out, at + 3, ids[row])
        out[tags] = 18
        shape = close_message(
            out, tags + 1, put_tags(row, table, column_kind, slots, values, state, out, tags + 2)
        )
        out[shape], out[shape + 1], out[shape + 2] = 24, kind[row], 34
        stop = close_message(out, shape + 3, put_shape(units, count, kind[row], out, shape + 4))
        state[0] = close_message(out, at + 1, stop)
    return k
