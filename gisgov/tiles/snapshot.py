"""A layer of tiles as it is at one moment: never changed, so any number of threads may ask it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gisgov.errors import InputError
from gisgov.tiles.cells import cell_names, draw_cells
from gisgov.tiles.columns import NOTHING, TextBook, values_of
from gisgov.tiles.drawing import Square, draw_part
from gisgov.tiles.message import Message
from gisgov.tiles.parts import Part, Shapes
from gisgov.tiles.rules import MAX_ZOOM, Rules
from gisgov.types import Bools, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Features in rows, and how to draw them.

    Attributes
    ----------
    rules : Rules
        How the layer is drawn.
    kinds : mapping of str to int
        Names of the columns and what they hold (`gisgov.tiles.columns`).
    book : TextBook
        Texts of the columns.
    parts : tuple of Part
        The features: all as they were built, then those that were added or replaced since.
    simplified : mapping of int to Shapes
        Per zoom the vertices of the first part, where they are others than its own.
    features_from : int
        The least zoom that is drawn feature by feature; smaller ones are drawn as cells.
    """

    rules: Rules
    kinds: Mapping[str, int]
    book: TextBook
    parts: tuple[Part, ...]
    simplified: Mapping[int, Shapes]
    features_from: int

    def __len__(self) -> int:
        """Return how many features there are."""
        return sum(int(np.count_nonzero(part.is_live)) for part in self.parts)

    @property
    def ids(self) -> Ints:
        """The id of the feature in each row, −1 in rows of features that were taken away, shape (rows,)."""
        return np.concatenate([np.where(part.is_live, part.ids, -1) for part in self.parts])

    def values(self, column: str) -> npt.NDArray[Any]:
        """Return the values of a column in all rows, shape (rows,), as `Features` has them.

        Raises
        ------
        InputError
            When there is no such column.
        """
        if column not in self.kinds:
            raise InputError(f"the tiles have no attribute '{column}'")
        words = np.concatenate([part.table[:, [*self.kinds].index(column)] for part in self.parts])
        return values_of(words, self.kinds[column], self.book)

    def rows_of(self, ids: npt.ArrayLike) -> Ints:
        """Return the row of each id, −1 for ids that no feature has."""
        sought = np.asarray(ids, dtype=np.int64)
        rows, base = np.full(len(sought), -1, dtype=np.int64), 0
        for part in self.parts:
            found = part.rows_of(sought)
            rows = np.where(found >= 0, found + base, rows)
            base += len(part)
        return rows

    def tile(self, zoom: int, x: int, y: int, *, shown: Bools | None = None) -> bytes:
        """Return a tile, see `TileSet.tile`."""
        square = Square(zoom, x, y)
        if not (0 <= zoom <= MAX_ZOOM and square.is_in_world):
            return b""
        masks = self._masks(shown)
        if self.rules.max_bytes is None or zoom >= self.features_from:
            drawn = self._drawn(square, masks)
            if drawn is not None:
                return drawn
        return self._cells(square, masks)

    def draws_cells(self, zoom: int, x: int, y: int) -> bool:
        """Whether a tile is drawn as cells, because it would be too long otherwise."""
        is_cells = self.rules.max_bytes is not None and zoom < self.features_from
        return is_cells or self._drawn(Square(zoom, x, y), self._masks(None)) is None

    def _drawn(self, square: Square, masks: list[Bools]) -> bytes | None:
        kinds = np.array([*self.kinds.values()], dtype=np.int64)
        message = Message(self.rules, [*self.kinds], kinds, self.book)
        for i, (part, mask) in enumerate(zip(self.parts, masks, strict=True)):
            shapes = self.simplified.get(square.zoom, part.shapes) if i == 0 else part.shapes
            draw_part(message, part, shapes, mask, square, self.rules)
            if message.is_too_long:
                return None
        return message.tile()

    def _cells(self, square: Square, masks: list[Bools]) -> bytes:
        kinds = np.array([*self.kinds.values()], dtype=np.int64)
        words = np.array([self._word(each) for each in self.rules.classes], dtype=np.int64)
        names = cell_names(self.rules)
        for points, held in draw_cells(self.parts, masks, square, self.rules, [*self.kinds], kinds, words):
            message = Message(self.rules, names, held, self.book)
            message.add(points)
            tile = message.tile()
            if tile is not None:
                return tile
        most = self.rules.max_bytes
        raise InputError(f"one feature for all of a tile of '{self.rules.name}' is longer than {most} bytes")

    def _word(self, value: str | int | bool) -> int:
        if isinstance(value, str):
            return self.book.number.get(value, NOTHING + 1)  # the word of no feature
        return int(value)

    def _masks(self, shown: Bools | None) -> list[Bools]:
        if shown is None:
            return [part.is_live for part in self.parts]
        ends = np.cumsum([len(part) for part in self.parts])
        if len(shown) != ends[-1]:
            raise InputError(f"{ends[-1]} rows need as many answers whether they are shown, not {len(shown)}")
        return [
            part.is_live & shown[end - len(part) : end] for part, end in zip(self.parts, ends, strict=True)
        ]
