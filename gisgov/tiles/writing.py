"""Features in the bytes of a Mapbox Vector Tile 2.1, by compiled loops.

https://github.com/mapbox/vector-tile-spec/tree/master/2.1
"""

from __future__ import annotations

import numpy as np

from gisgov.geometry.kernel import kernel
from gisgov.types import Bools, Bytes, Ints


@kernel
def put_number(out: Bytes, at: int, number: int) -> int:
    """Write a number of 7 bits a byte; return where the next begins."""
    while number > 127:
        out[at] = (number & 127) | 128
        number >>= 7
        at += 1
    out[at] = number
    return at + 1


@kernel
def put_step(out: Bytes, at: int, x: int, y: int, pen: Ints) -> int:
    """Write the way from where the pen is to a point, and move the pen."""
    dx, dy = x - pen[0], y - pen[1]
    pen[0], pen[1] = x, y
    at = put_number(out, at, (dx << 1) ^ (dx >> 63))
    return put_number(out, at, (dy << 1) ^ (dy >> 63))


@kernel
def number_length(number: int) -> int:
    """Return how many bytes `put_number` writes."""
    length = 1
    while number > 127:
        number >>= 7
        length += 1
    return length


@kernel
def slot_of(kind: int, word: int, slots: Ints, values: Ints) -> int:
    """Return where in ``slots`` a value is, or may be put."""
    at = (word ^ (word >> 17) ^ (word >> 35) ^ (word >> 52) ^ (kind << 3)) & (len(slots) - 1)
    while slots[at] >= 0 and (values[slots[at], 0] != kind or values[slots[at], 1] != word):
        at = (at + 1) & (len(slots) - 1)
    return at


@kernel
def with_room(slots: Ints, values: Ints, count: int, more: int) -> tuple[Ints, Ints]:
    """Return both with room for so many values more, and the slots never half full."""
    if 2 * (count + more) <= len(slots):
        return slots, values
    wide = len(slots)
    while wide < 2 * (count + more):
        wide *= 2
    slots_out, values_out = np.full(wide, -1), np.empty((wide // 2, 2), dtype=np.int64)
    for i in range(count):
        values_out[i, 0], values_out[i, 1] = values[i, 0], values[i, 1]
        slots_out[slot_of(values[i, 0], values[i, 1], slots_out, values_out)] = i
    return slots_out, values_out


@kernel
def put_tags(
    words: Ints, column_kind: Ints, slots: Ints, values: Ints, count: int, out: Bytes, at: int
) -> tuple[int, int]:
    """Write the attributes of a feature; return where the next byte goes and how many values there are now."""
    no_value = -0x7FFFFFFFFFFFFFFF - 1
    for column in range(len(words)):
        word = words[column]
        if word == no_value:
            continue
        slot = slot_of(column_kind[column], word, slots, values)
        if slots[slot] < 0:
            slots[slot] = count
            values[count, 0], values[count, 1] = column_kind[column], word
            count += 1
        at = put_number(out, at, column)
        at = put_number(out, at, slots[slot])
    return at, count


@kernel
def put_polygons(points: Ints, begin: Ints, end: Ints, first: int, last: int, out: Bytes) -> int:
    """Write the rings of a feature; return their length in bytes."""
    pen = np.zeros(2, dtype=np.int64)
    at = 0
    for r in range(first, last):
        if begin[r] == end[r]:
            continue
        out[at] = 9
        at = put_step(out, at + 1, points[begin[r], 0], points[begin[r], 1], pen)
        at = put_number(out, at, ((end[r] - begin[r] - 1) << 3) | 2)
        for i in range(begin[r] + 1, end[r]):
            at = put_step(out, at, points[i, 0], points[i, 1], pen)
        out[at] = 15
        at += 1
    if at == 0:  # smaller than a unit
        x, y = points[begin[first], 0], points[begin[first], 1]
        out[0] = 9
        at = put_step(out, 1, x, y, pen)
        out[at] = 26
        at = put_step(out, at + 1, x + 1, y, pen)
        at = put_step(out, at, x + 1, y + 1, pen)
        at = put_step(out, at, x, y + 1, pen)
        out[at] = 15
        at += 1
    return at


@kernel
def put_points(points: Ints, begin: int, end: int, out: Bytes) -> int:
    """Write the points of a feature; return their length in bytes."""
    pen = np.zeros(2, dtype=np.int64)
    at = put_number(out, 0, ((end - begin) << 3) | 1)
    for i in range(begin, end):
        at = put_step(out, at, points[i, 0], points[i, 1], pen)
    return at


@kernel
def write_features(
    kept: Ints, kind: Bytes, skip: Bools, first_ring: Ints, begin: Ints, end: Ints, points: Ints,
    ids: Ints, table: Ints, column_kind: Ints, slots: Ints, values: Ints, count: int, most: int,
) -> tuple[Bytes, Ints, Ints, int]:  # fmt: skip
    """Write features as the messages of a layer, and collect their values.

    Returns the bytes (nothing, when they are more than ``most``), slots, values, and how many values there are.
    """
    out, at = np.empty(64 * len(kept) + 64, dtype=np.uint8), 0
    shape, tags = np.empty(64, dtype=np.uint8), np.empty(20 * len(column_kind) + 20, dtype=np.uint8)
    for f in range(len(kept)):
        if skip[f]:
            continue
        row, first, last = kept[f], first_ring[f], first_ring[f + 1]
        room = 64 + 12 * (last - first) + 20 * (end[last - 1] - begin[first])
        if room > len(shape):
            shape = np.empty(2 * room, dtype=np.uint8)
        if kind[row] == 1:
            length = put_points(points, begin[first], end[first], shape)
        else:
            length = put_polygons(points, begin, end, first, last, shape)
        slots, values = with_room(slots, values, count, len(column_kind))
        tagged, count = put_tags(table[row], column_kind, slots, values, count, tags, 0)
        if at + length + tagged + 64 > len(out):
            larger = np.empty(2 * (len(out) + length + tagged + 64), dtype=np.uint8)
            larger[:at] = out[:at]
            out = larger
        size = 5 + number_length(ids[row]) + number_length(tagged) + tagged + number_length(length) + length
        out[at] = 18
        at = put_number(out, at + 1, size)
        out[at] = 8
        at = put_number(out, at + 1, ids[row])
        out[at] = 18
        at = put_number(out, at + 1, tagged)
        for i in range(tagged):
            out[at + i] = tags[i]
        at += tagged
        out[at], out[at + 1], out[at + 2] = 24, kind[row], 34
        at = put_number(out, at + 3, length)
        for i in range(length):
            out[at + i] = shape[i]
        at += length
        if at > most:
            return out[:0], slots, values, count
    return out[:at], slots, values, count


@kernel
def put_value(kind: int, word: int, text_begin: Ints, text: Bytes, out: Bytes, at: int) -> int:
    """Write a value as the message of a layer; return where the next begins."""
    out[at] = 34
    if kind == 0:
        first, length = text_begin[word], text_begin[word + 1] - text_begin[word]
        at = put_number(out, at + 1, 1 + number_length(length) + length)
        out[at] = 10
        at = put_number(out, at + 1, length)
        for i in range(length):
            out[at + i] = text[first + i]
        return at + length
    if kind == 2:
        out[at + 1], out[at + 2] = 9, 25
        for i in range(8):
            out[at + 3 + i] = (word >> (8 * i)) & 255
        return at + 11
    if kind == 3:
        out[at + 1], out[at + 2], out[at + 3] = 2, 56, word
        return at + 4
    number = word if word >= 0 else (word << 1) ^ (word >> 63)
    out[at + 1], out[at + 2] = 1 + number_length(number), 40 if word >= 0 else 48
    return put_number(out, at + 3, number)


@kernel
def write_values(values: Ints, count: int, text_begin: Ints, text: Bytes) -> Bytes:
    """Write values as the messages of a layer."""
    size = 0
    for i in range(count):
        size += 24
        if values[i, 0] == 0:
            size += text_begin[values[i, 1] + 1] - text_begin[values[i, 1]]
    out, at = np.empty(size, dtype=np.uint8), 0
    for i in range(count):
        at = put_value(values[i, 0], values[i, 1], text_begin, text, out, at)
    return out[:at]
