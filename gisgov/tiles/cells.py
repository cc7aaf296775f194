"""One tile as cells: a point for all features of a cell, with their number and the worst of their classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gisgov.tiles.columns import INTEGER, NOTHING
from gisgov.tiles.drawing import Square
from gisgov.tiles.features import POINT
from gisgov.tiles.message import Outlines
from gisgov.tiles.parts import Part
from gisgov.tiles.rules import STANDS_FOR, UNCLASSIFIED, Rules
from gisgov.types import Bools, Floats, Ints

FINEST: Final = 6
"""Halvings of a tile's side into cells: 64 of them."""


def cell_names(rules: Rules) -> list[str]:
    """Return the names of the attributes of cells, in the order of their columns."""
    names = [STANDS_FOR, *rules.sums]
    if rules.worst is not None:
        names += [rules.worst, *(f"count_{each}" for each in (*rules.classes, UNCLASSIFIED))]
    return names


def draw_cells(
    parts: Sequence[Part],
    shown: Sequence[Bools],
    square: Square,
    rules: Rules,
    columns: Sequence[str],
    kinds: Ints,
    words: Ints,
) -> Iterator[tuple[Outlines, Ints]]:
    """Give the tile as cells, with ever fewer and larger ones; the first that is short enough is taken.

    Parameters
    ----------
    parts, shown : sequence
        The features, and which of them are counted.
    square : Square
        The tile.
    rules : Rules
        Which columns the cells carry.
    columns : sequence of str
        Names of the columns of the features.
    kinds : numpy.ndarray of int
        What those hold.
    words : numpy.ndarray of int
        The classes, the worst first, as words of their column.

    Yields
    ------
    Outlines, numpy.ndarray
        One point per cell that has features, and what its attributes hold.
    """
    from gisgov.tiles import choosing

    worst = columns.index(rules.worst) if rules.worst is not None else -1
    sums = np.array([columns.index(name) for name in rules.sums], dtype=np.int64)
    for halvings in range(FINEST, -1, -1):
        cells = np.zeros((4**halvings, 4 + len(words) + len(sums)))
        for part, mask in zip(parts, shown, strict=True):
            for low, high in part.tile_rows(square.zoom, square.x, square.y):
                level = 28 - square.zoom - halvings
                choosing.add_to_cells(part.key, low, high, level, mask, part.table, worst, words, sums, cells)
        used = np.flatnonzero(cells[:, 0])
        kind = int(kinds[worst]) if worst >= 0 else INTEGER
        yield _points(cells[used], used, square, rules, words, kind)


def _points(
    cells: Floats, number: Ints, square: Square, rules: Rules, words: Ints, worst_kind: int
) -> tuple[Outlines, Ints]:
    count = len(cells)
    corner = np.array([square.x, square.y]) * float(rules.extent)
    middle = cells[:, 1:3] / cells[:, :1] * 0.5**28
    at = np.floor(middle * float(rules.extent << square.zoom)) - corner
    # anchors are cells of the curve, so their mean may be a unit off at great zooms
    points = np.clip(at, 0, rules.extent - 1).astype(np.int64)
    per_class = cells[:, 3 : 4 + len(words)].astype(np.int64)
    sums = cells[:, 4 + len(words) :].astype(np.int64)
    table: list[npt.NDArray[Any]] = [cells[:, 0].astype(np.int64), *sums.T]
    kinds = [INTEGER] * len(table)
    if rules.worst is not None:
        worst = np.append(words, NOTHING)[np.argmax(per_class > 0, axis=1)]
        table += [worst, *np.where(per_class > 0, per_class, NOTHING).T]
        kinds += [worst_kind] + [INTEGER] * per_class.shape[1]
    places = np.arange(count + 1)
    flags = np.zeros(count + 1, dtype=bool)
    return Outlines(
        number, np.full(count, POINT, dtype=np.uint8), np.ascontiguousarray(np.column_stack(table)), count,
        places[:-1], places, places[:-1].copy(), places[1:].copy(), flags, flags, points,
    ), np.array(kinds, dtype=np.int64)  # fmt: skip
