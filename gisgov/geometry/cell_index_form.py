"""What an index of areas is made of: its frame of square cells, and what the cells hold."""

from __future__ import annotations

from typing import Final, NamedTuple

from gisgov.types import Bytes, Floats, Ints, SmallInts

PAGE: Final = 8
"""Most areas of a page: as many as a byte has bits."""

NO_COORDINATE: Final = -2
"""What is said of a point that is not finite."""


BITS: Final = 5
"""Cells come in blocks of 2⁵ × 2⁵; a block that no border passes is held as one number."""

HELD: Final = 1 << 30
"""What is held of a block with cells, less its number among those."""


class Frame(NamedTuple):
    """Where the cells lie, and how coordinates are kept.

    Attributes
    ----------
    west, south : float
        Corner of the first cell; no area reaches it.
    step, per_unit : float
        Side of a cell in units of the coordinates, and how many sides a unit has.
    columns, rows : int
        How many cells there are each way, from the south-west.
    scale, east, north : float
        A coordinate is (whole number + east or north) / scale, to the last bit; scale 0 says that coordinates
        are kept as they are, because they are not multiples of 10⁻⁷ or of another such step.
    """

    west: float
    south: float
    step: float
    per_unit: float
    columns: int
    rows: int
    scale: float = 0.0
    east: float = 0.0
    north: float = 0.0


class Bins(NamedTuple):
    """Edges sorted by the cells that they pass.

    Attributes
    ----------
    number : numpy.ndarray of int, shape (b,) or (0,)
        Of each block of cells its number, −1 for one that no edge passes; empty where cells are numbered row
        by row without blocks.
    at : numpy.ndarray of int, shape (cells + 1,)
        Where the edges of each cell begin.
    edge, of : numpy.ndarray of int, shape (m,)
        The vertex at which each begins (it ends at the next one), and the rank of its area.
    """

    number: SmallInts
    at: SmallInts
    edge: SmallInts
    of: SmallInts


class Blocks(NamedTuple):
    """Which cells hold edges, and which blocks of four, sixteen and more cells do.

    Attributes
    ----------
    filled : numpy.ndarray of int, shape (b,)
        1 for a block that does, level after level, each level row by row; the cells come first.
    levels : numpy.ndarray of int, shape (n, 3)
        Of each level where it begins, and how many columns and rows of blocks it has; the last has one block.
    """

    filled: Bytes
    levels: Ints


class Cells(NamedTuple):
    """What the cells hold.

    Attributes
    ----------
    blocks : numpy.ndarray of int, shape (b,)
        Of each block of cells, row by row: what is held of all its cells, or `HELD` and its number.
    cells : numpy.ndarray of int, shape (c,)
        Of each cell of the numbered blocks, row by row in each: the area that alone covers the whole cell; −1
        where none does; −2 − p where page p has to be asked.
    pages : numpy.ndarray of int, shape (p + 1, 3)
        Of each page where its edges and where its areas begin, and bits: of the up to `PAGE` areas those that
        hold the south-western corner of the cell, then whether the cell goes on on the next page.
    areas : numpy.ndarray of int
        Numbers of areas in the order of their codes; pages may share a list.
    edges : numpy.ndarray of int, shape (e, 4)
        Edges of pages from their lower end to their upper one, as whole numbers.
    fine : numpy.ndarray of float, shape (e, 4)
        The same where the coordinates are kept as they are; one of both is empty.
    masks : numpy.ndarray of int, shape (e,)
        Which areas of the page each edge bounds, as bits.
    """

    blocks: SmallInts
    cells: SmallInts
    pages: SmallInts
    areas: SmallInts
    edges: SmallInts
    fine: Floats
    masks: Bytes
