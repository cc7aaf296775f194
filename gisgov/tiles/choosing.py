"""Which rows a tile needs: compiled searches along the curve of `gisgov.tiles.ordering`."""

from __future__ import annotations

import numpy as np

from gisgov.geometry.kernel import inlined, kernel
from gisgov.types import Bools, Floats, Ints


@kernel
def spread(number: int) -> int:
    """Put a zero between any two bits of a number below 2²⁸."""
    number = (number | (number << 16)) & 0x0000FFFF0000FFFF
    number = (number | (number << 8)) & 0x00FF00FF00FF00FF
    number = (number | (number << 4)) & 0x0F0F0F0F0F0F0F0F
    number = (number | (number << 2)) & 0x3333333333333333
    return (number | (number << 1)) & 0x5555555555555555


@kernel
def gathered(number: int) -> int:
    """Take every second bit of a number: the inverse of `spread`."""
    number &= 0x5555555555555555
    number = (number | (number >> 1)) & 0x3333333333333333
    number = (number | (number >> 2)) & 0x0F0F0F0F0F0F0F0F
    number = (number | (number >> 4)) & 0x00FF00FF00FF00FF
    number = (number | (number >> 8)) & 0x0000FFFF0000FFFF
    return (number | (number >> 16)) & 0x00000000FFFFFFFF


@kernel
def first_at(key: Ints, low: int, high: int, sought: int) -> int:
    """Return the first row from ``low`` to ``high`` whose key is not below the sought one."""
    while low < high:
        middle = (low + high) >> 1
        if key[middle] < sought:
            low = middle + 1
        else:
            high = middle
    return low


@inlined
def next_at(key: Ints, low: int, high: int, sought: int) -> int:
    """Return what `first_at` does, sooner where it is near ``low``: by steps that double."""
    step = 16
    while low + step < high and key[low + step] < sought:
        step <<= 1
    return first_at(key, low + (step >> 1 if step > 16 else 0), min(low + step, high), sought)


@inlined
def take_run(
    key: Ints, low: int, high: int, box: Ints, is_inside: bool, shown: Bools, rows: Ints, count: int
) -> int:
    """Add the rows of a run that are shown and have their anchor in the box; return how many there are."""
    for row in range(low, high):
        if not shown[row]:
            continue
        if not is_inside:
            x, y = gathered(key[row] & 0xFFFFFFFFFFFFFF), gathered((key[row] & 0xFFFFFFFFFFFFFF) >> 1)
            if x < box[0] or x > box[2] or y < box[1] or y > box[3]:
                continue
        rows[count] = row
        count += 1
    return count


@inlined
def search_class(
    key: Ints, low: int, high: int, rank: int, box: Ints, shown: Bools, rows: Ints, count: int
) -> int:
    """Add the rows of one class with an anchor in the box, walking down the quadtree that the curve is.

    Cells that lie in the box are taken whole; those that lie across its side are divided until they are an
    eighth of it, or have few rows.
    """
    wide = max(box[2] - box[0], box[3] - box[1]) + 1
    top = 0
    while (1 << top) < wide:
        top += 1
    stop = max(top - 3, 0)
    stack = np.empty((64, 5), dtype=np.int64)  # of cells: column, row, level; their rows begin, end
    depth = 0
    for y in range(box[3] >> top, (box[1] >> top) - 1, -1):
        for x in range(box[2] >> top, (box[0] >> top) - 1, -1):
            place = (rank << 56) | ((spread(x) | (spread(y) << 1)) << (2 * top))
            stack[depth, 0], stack[depth, 1], stack[depth, 2] = x, y, top
            stack[depth, 3] = first_at(key, low, high, place)
            stack[depth, 4] = next_at(key, stack[depth, 3], high, place + (1 << (2 * top)))
            depth += 1
    while depth > 0:
        depth -= 1
        x, y, level = stack[depth, 0], stack[depth, 1], stack[depth, 2]
        begin, end = stack[depth, 3], stack[depth, 4]
        west, north, east, south = x << level, y << level, ((x + 1) << level) - 1, ((y + 1) << level) - 1
        if begin == end or west > box[2] or east < box[0] or north > box[3] or south < box[1]:
            continue
        is_inside = west >= box[0] and east <= box[2] and north >= box[1] and south <= box[3]
        if is_inside or level <= stop or end - begin <= 16:
            count = take_run(key, begin, end, box, is_inside, shown, rows, count)
            continue
        place = (rank << 56) | ((spread(x) | (spread(y) << 1)) << (2 * level))
        for child in range(3, -1, -1):
            stack[depth, 0], stack[depth, 1] = 2 * x + (child & 1), 2 * y + (child >> 1)
            stack[depth, 2] = level - 1
            first = first_at(key, begin, end, place + (child << (2 * level - 2))) if child > 0 else begin
            stack[depth, 3], stack[depth, 4] = first, end
            end = first
            depth += 1
    return count


@kernel
def choose_rows(
    key: Ints, begin: Ints, reach: Floats, tile: Floats, margin: float, shown: Bools, rows: Ints, count: int
) -> int:
    """Find the rows that may reach into a tile with its margin; return how many there are.

    ``begin`` has where each class of rows begins and ``reach`` how far each reaches at most; ``tile`` is the
    tile's box and ``margin`` the width around it, all in shares of the world. ``rows`` has room for every
    row, and ``count`` of them already.
    """
    box = np.empty(4, dtype=np.int64)
    for rank in range(len(reach)):
        if begin[rank] == begin[rank + 1]:
            continue
        for side in range(4):
            around = margin + reach[rank]
            at = np.floor((tile[side] + (around if side > 1 else -around)) * 268435456.0)
            box[side] = int(min(max(at, 0.0), 268435455.0))
        count = search_class(key, begin[rank], begin[rank + 1], rank, box, shown, rows, count)
    return count


@kernel
def add_to_cells(
    key: Ints, low: int, high: int, level: int, shown: Bools, table: Ints, worst: int, words: Ints,
    sums: Ints, cells: Floats,
) -> None:  # fmt: skip
    """Add the rows from ``low`` to ``high`` to the cells of a tile.

    A cell is the bits of the curve from ``level`` (twice) upwards, taken modulo the number of cells. Each has
    the number of rows, the sums of their anchors' columns and rows on the curve, the number of rows per word
    of the column ``worst`` (the last: of any other word), and the sums of the columns ``sums`` (negative:
    ``~`` of a column of floats).
    """
    no_value = -0x7FFFFFFFFFFFFFFF - 1
    for row in range(low, high):
        if not shown[row]:
            continue
        place = key[row] & 0xFFFFFFFFFFFFFF
        cell = (place >> (2 * level)) & (len(cells) - 1)
        cells[cell, 0] += 1.0
        cells[cell, 1] += gathered(place) + 0.5
        cells[cell, 2] += gathered(place >> 1) + 0.5
        if worst >= 0:
            number = 0
            while number < len(words) and words[number] != table[row, worst]:
                number += 1
            cells[cell, 3 + number] += 1.0
        for i in range(len(sums)):
            if table[row, sums[i]] != no_value:
                cells[cell, 4 + len(words) + i] += table[row, sums[i]]
