"""One point located in the cells of an index and measured to its borders, with little between.

What `gisgov.geometry.cell_index.CellIndex.locate` says of many points is said of one here, by the same cells
and borders. All that does not depend on the point is looked up before: most of what a point takes otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from gisgov.geometry.cell_index_form import BITS, HELD
from gisgov.geometry.cell_index_measuring import Borders
from gisgov.geometry.cell_index_points import OUTSIDE, AskedCells

Found: TypeAlias = tuple[int, bool, float, int, tuple[int, ...]]
"""The fields of `gisgov.geometry.cell_index_points.LocatedOne`."""


class Locator(NamedTuple):
    """How a point is located.

    Attributes
    ----------
    move : callable
        From x and y in the system of the index to the plane in which distances are measured; the same for
        indexes of the same systems.
    locate : callable
        From x and y, and the same point in the plane, to what there is to say of it.
    """

    move: Callable[[float, float], tuple[float, float]]
    locate: Callable[[float, float, float, float], Found]


def locator_of(asked: AskedCells, borders: Borders) -> Locator:
    """Return how points are located one by one.

    Parameters
    ----------
    asked : AskedCells
        The cells.
    borders : Borders
        What is measured to.
    """
    west, south, per_unit = asked.frame.west, asked.frame.south, asked.frame.per_unit
    columns, rows, across = asked.frame.columns, asked.frame.rows, asked.frame.columns >> BITS
    blocks, cells, tell = asked.cells.blocks.data, asked.cells.cells.data, asked.tell_on
    within, twice = (1 << BITS) - 1, 2 * BITS
    measure, parts, ranks, order = borders.parts()

    def locate(x: float, y: float, east: float, north: float) -> Found:
        column, row = (x - west) * per_unit, (y - south) * per_unit
        others: tuple[int, ...] = ()
        if 0.0 <= column < columns and 0.0 <= row < rows:
            i, j = int(row), int(column)
            area = blocks[(i >> BITS) * across + (j >> BITS)]
            if area >= HELD:
                area = cells[(area - HELD) << twice | (i & within) << BITS | j & within]
            if area < OUTSIDE:  # it has a page
                area, is_on, others = tell(-2 - area, x, y, j, i)
                if is_on:
                    return area, True, 0.0, area, others
        elif x - x == 0.0 and y - y == 0.0:
            area = OUTSIDE
        else:
            return OUTSIDE, False, math.nan, OUTSIDE, ()
        if area >= 0:
            return area, False, measure(east, north, ranks[area], *parts)[0], area, others
        metres, found = measure(east, north, -1, *parts)
        return area, False, metres, order[found] if found >= 0 else area, others

    return Locator(borders.move, locate)
