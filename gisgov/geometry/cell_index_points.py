"""Points asked of the cells of an index, one or many, in threads when they are many."""

from __future__ import annotations

import functools
import itertools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NamedTuple, TypeVar, cast

import numpy as np
import numpy.typing as npt

from gisgov.geometry.cell_index_form import BITS, HELD, NO_COORDINATE, Cells, Frame
from gisgov.types import Bools, Floats, Ints, SmallInts

OUTSIDE: Final = -1
"""What is said of a point that no area covers."""

_WITHIN: Final = (1 << BITS) - 1
_FEW: Final = 32_768  # points for which a thread is not worth while
_NO_INTS: Final[SmallInts] = np.zeros(0, dtype=np.int32)
_NO_BOOLS: Final[Bools] = np.zeros(0, dtype=np.bool_)
_Array = TypeVar("_Array", bound=npt.NDArray[Any])


class LocatedOne(NamedTuple):
    """The owner of one point; the fields mean what those of `gisgov.geometry.locate.Located` do."""

    area: int
    on_border: bool
    border_m: float
    nearest: int
    candidates: tuple[int, ...]


class AskedCells:
    """The cells of an index, to be asked.

    Parameters
    ----------
    frame : Frame
        Where they lie.
    cells : Cells
        What they hold.
    """

    __slots__ = ("_across", "_blocks", "_cells", "_judged_by", "_looked_up_in", "cells", "frame")

    def __init__(self, frame: Frame, cells: Cells) -> None:
        self.frame = frame
        self.cells = Cells(
            held(cells.blocks), held(cells.cells), held(cells.pages), held(cells.areas),
            held(cells.edges), held(cells.fine), held(cells.masks),
        )  # fmt: skip
        self._blocks, self._cells = self.cells.blocks.data, self.cells.cells.data
        self._judged_by = tuple(self.cells[2:])
        self._across = frame.columns >> BITS
        self._looked_up_in = (frame.west, frame.south, frame.per_unit, frame.columns, frame.rows)

    def look_up(self, x: float, y: float) -> int:
        """Return what the cell of a point says: its owner, −1, −2, or less where a page has to be asked."""
        west, south, per_unit, columns, rows = self._looked_up_in
        column, row = (x - west) * per_unit, (y - south) * per_unit
        if 0.0 <= column < columns and 0.0 <= row < rows:
            found = self._held(int(row), int(column))
            return found if found >= OUTSIDE else found - 1
        return OUTSIDE if x - x == 0.0 and y - y == 0.0 else NO_COORDINATE

    def _held(self, row: int, column: int) -> int:
        """Return what is held of a cell."""
        found: int = self._blocks[(row >> BITS) * self._across + (column >> BITS)]
        if found >= HELD:
            found = self._cells[(found - HELD) << 2 * BITS | (row & _WITHIN) << BITS | column & _WITHIN]
        return found

    def owners(self, x: Floats, y: Floats) -> SmallInts:
        """Return the owner of each point."""
        return self._asked(x, y, _NO_INTS)

    def tell(self, x: Floats, y: Floats) -> tuple[SmallInts, SmallInts]:
        """Return the owners, and twice the number of other areas that cover a point, one more on a border."""
        told: SmallInts = np.zeros(len(x), dtype=np.int32)
        return self._asked(x, y, told), told

    def tell_one(self, x: float, y: float) -> tuple[int, bool, tuple[int, ...]]:
        """Return the owner of a point, whether it is on its border, and the other areas that cover it."""
        frame = self.frame
        column, row = int((x - frame.west) * frame.per_unit), int((y - frame.south) * frame.per_unit)
        return self.tell_on(-2 - self._held(row, column), x, y, column, row)

    def tell_on(
        self, page: int, x: float, y: float, column: int, row: int
    ) -> tuple[int, bool, tuple[int, ...]]:
        """Do what `tell_one` does, for a page and the cell of the point that are known."""
        frame = self.frame
        owner, is_on, covers = _judge_one()(
            x, y, page, frame.west + column * frame.step, frame.south + row * frame.step,
            frame.scale, frame.east, frame.north, *self._judged_by,
        )  # fmt: skip
        if covers < 2:
            return owner, is_on, ()
        told = held(np.array([covers - 1 << 1], dtype=np.int32))
        _, area, _ = self.list_covering(np.array([x]), np.array([y]), told)
        return owner, is_on, tuple(area[1:].tolist())

    def make_ready(self) -> None:
        """Have the kernels of `tell_one` compiled, for arguments of the kinds that it is handed."""
        if len(self.cells.pages) > 1:
            self.tell_on(0, self.frame.west, self.frame.south, 0, 0)
        self.list_covering(np.zeros(1), np.zeros(1), np.zeros(1, dtype=np.int32))

    def list_covering(self, x: Floats, y: Floats, told: SmallInts) -> tuple[Ints, SmallInts, Bools]:
        """List the areas of the points that several cover, in the order of their codes.

        Parameters
        ----------
        x, y : numpy.ndarray of float, shape (n,)
            The points.
        told : numpy.ndarray of int, shape (n,)
            What `tell` said of them.

        Returns
        -------
        point, area : numpy.ndarray of int, shape (m,)
            The point, and an area that covers it; the owner comes first.
        on_border : numpy.ndarray of bool, shape (m,)
            Whether the point is on the border of that area.
        """
        from gisgov.geometry.cell_index_asking import ask

        which = np.flatnonzero(told > 1)
        count = (told[which] >> 1) + 1
        end = np.cumsum(count, dtype=np.int64)
        area, on_border = np.empty(count.sum(), dtype=np.int32), np.empty(count.sum(), dtype=np.bool_)
        owner = np.empty(len(which), dtype=np.int32)
        some = points(x[which], y[which])
        ask(*some, self.frame, self.cells, owner, _NO_INTS, held(end - count), area, on_border)
        return np.repeat(which, count), area, on_border

    def _asked(self, x: Floats, y: Floats, told: SmallInts) -> SmallInts:
        from gisgov.geometry.cell_index_asking import ask

        owner: SmallInts = np.empty(len(x), dtype=np.int32)

        def work(part: slice) -> None:
            ask(
                x[part], y[part], self.frame, self.cells,
                owner[part], told[part], _no_places(), _NO_INTS, _NO_BOOLS,
            )  # fmt: skip

        in_parts(len(x), work)
        return owner


def frame_from(numbers: Floats) -> Frame:
    """Return the frame that was kept as an array."""
    west, south, step, per_unit, columns, rows, *scale = numbers.tolist()
    return Frame(west, south, step, per_unit, int(columns), int(rows), *scale)


def held(array: _Array) -> _Array:
    """Look at an array as the kernels are compiled for it: in one piece, and not to be written to."""
    view = np.require(np.asarray(array), requirements=("C", "A")).view()
    view.setflags(write=False)
    return cast("_Array", view)


def points(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Take coordinates in as the kernels are compiled for them; one number goes with many."""
    xs, ys = np.broadcast_arrays(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
    return held(xs.reshape(-1)), held(ys.reshape(-1))


def in_parts(count: int, work: Callable[[slice], None]) -> None:
    """Do work for parts of many points in threads: kernels run without Python's lock."""
    parts = min(os.cpu_count() or 1, count // _FEW)
    if parts < 2:
        work(slice(0, count))
        return
    ends = np.linspace(0, count, parts + 1).astype(np.int64).tolist()
    with ThreadPoolExecutor(parts) as pool:
        for done in [pool.submit(work, slice(a, b)) for a, b in itertools.pairwise(ends)]:
            done.result()


@functools.cache
def _judge_one() -> Callable[..., tuple[int, bool, int]]:
    from gisgov.geometry.cell_index_asking import judge_one

    return judge_one


@functools.cache
def _no_places() -> Ints:
    return held(np.zeros(0, dtype=np.int64))
