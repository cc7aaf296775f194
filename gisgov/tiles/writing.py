"""Features in the bytes of a Mapbox Vector Tile 2.1, by compiled loops.

https://github.com/mapbox/vector-tile-spec/tree/master/2.1
"""

from __future__ import annotations

from gisgov.geometry.kernel import inlined, kernel
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
def number_length(number: int) -> int:
    """Return how many bytes `put_number` writes."""
    length = 1
    while number > 127:
        number >>= 7
        length += 1
    return length


@inlined
def slot_of(kind: int, word: int, slots: Ints, values: Ints) -> int:
    """Return where in ``slots`` a value is, or may be put."""
    # a product of what is left of 64 bits: decimal fractions differ in few of their own
    at = ((((word ^ (word >> 31) ^ kind) & 0x7FFFFFFF) * 0x5851F42D) >> 28) & (len(slots) - 1)
    while slots[at] >= 0 and (values[slots[at], 0] != kind or values[slots[at], 1] != word):
        at = (at + 1) & (len(slots) - 1)
    return at


@kernel
def fill_slots(values: Ints, count: int, slots: Ints) -> None:
    """Put the first values into slots that are all −1."""
    for i in range(count):
        slots[slot_of(values[i, 0], values[i, 1], slots, values)] = i


@inlined
def put_tags(
    row: int, table: Ints, column_kind: Ints, slots: Ints, values: Ints, count: Ints, out: Bytes
) -> int:
    """Write the attributes of a feature; return their bytes. ``count[0]`` is the number of values."""
    no_value = -0x7FFFFFFFFFFFFFFF - 1
    at = 0
    for column in range(len(column_kind)):
        word = table[row, column]
        if word == no_value:
            continue
        slot = slot_of(column_kind[column], word, slots, values)
        if slots[slot] < 0:
            slots[slot] = count[0]
            values[count[0], 0], values[count[0], 1] = column_kind[column], word
            count[0] += 1
        out[at] = column
        at = put_number(out, at + 1, slots[slot])
    return at


@inlined
def put_shape(points: Ints, begin: Ints, end: Ints, first: int, last: int, kind: int, out: Bytes) -> int:
    """Write the points or the rings of a feature; return their length in bytes."""
    at, from_x, from_y = 0, 0, 0
    for r in range(first, last):
        moved, command = (
            begin[r],
            1,
        )  # as many points as there are, or to the first vertex and lines from there
        for part in range(2):
            until = end[r] if kind == 1 or part == 1 else min(begin[r] + 1, end[r])
            if until > moved:
                at = put_number(out, at, ((until - moved) << 3) | command)
            while moved < until:
                x, y = points[moved, 0], points[moved, 1]
                step_x, step_y = x - from_x, y - from_y
                at = put_number(out, at, (step_x << 1) ^ (step_x >> 63))
                at = put_number(out, at, (step_y << 1) ^ (step_y >> 63))
                from_x, from_y = x, y
                moved += 1
            command = 2
        if kind != 1 and end[r] > begin[r]:
            out[at] = 15
            at += 1
    return at


@inlined
def copy_bytes(source: Bytes, length: int, out: Bytes, at: int) -> int:
    """Write a length and as many bytes; return where the next begins."""
    at = put_number(out, at, length)
    for i in range(length):
        out[at + i] = source[i]
    return at + length


@kernel
def write_features(
    kept: Ints, kind: Bytes, skip: Bools, first_ring: Ints, begin: Ints, end: Ints, points: Ints,
    ids: Ints, table: Ints, column_kind: Ints, slots: Ints, values: Ints, count: Ints,
    shape: Bytes, tags: Bytes, out: Bytes,
) -> int:  # fmt: skip
    """Write features as the messages of a layer, and collect their values; return how many bytes they are.

    ``slots`` is a power of two and twice as long as there can be values, −1 where none is; ``count[0]``
    values are there already. ``shape`` and ``tags`` have room for the vertices and the attributes of any
    feature.
    """
    at = 0
    for f in range(len(kept)):
        if skip[f]:
            continue
        row = kept[f]
        length = put_shape(points, begin, end, first_ring[f], first_ring[f + 1], kind[row], shape)
        if length == 0:
            continue  # nothing is left of it
        tagged = put_tags(row, table, column_kind, slots, values, count, tags)
        size = 5 + number_length(ids[row]) + number_length(tagged) + tagged + number_length(length) + length
        out[at] = 18
        at = put_number(out, at + 1, size)
        out[at] = 8
        at = put_number(out, at + 1, ids[row])
        out[at] = 18
        at = copy_bytes(tags, tagged, out, at + 1)
        out[at], out[at + 1], out[at + 2] = 24, kind[row], 34
        at = copy_bytes(shape, length, out, at + 3)
    return at


@inlined
def put_value(kind: int, word: int, text_begin: Ints, text: Bytes, out: Bytes, at: int) -> int:
    """Write a value as the message of a layer; return where the next begins."""
    out[at] = 34
    if kind == 0:
        first: int = text_begin[word]
        length: int = text_begin[word + 1] - first
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
    number: int = word if word >= 0 else (word << 1) ^ (word >> 63)
    out[at + 1], out[at + 2] = 1 + number_length(number), 40 if word >= 0 else 48
    return put_number(out, at + 3, number)


@kernel
def write_values(values: Ints, count: int, text_begin: Ints, text: Bytes, out: Bytes) -> int:
    """Write values as the messages of a layer; return how many bytes they are, −1 where they find no room."""
    at = 0
    for i in range(count):
        kind, word = values[i, 0], values[i, 1]
        length = text_begin[word + 1] - text_begin[word] if kind == 0 else 0
        if at + length + 24 > len(out):
            return -1
        at = put_value(kind, word, text_begin, text, out, at)
    return at
