"""Memory that the tiles of one thread are made in, one after another: new memory is slow to touch."""

from __future__ import annotations

import threading
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gisgov.types import Bytes, Ints

_MOST_KEPT: Final = 1 << 18
"""Elements of an array that is kept; larger ones are new each time, few tiles need them."""


class Scratch(threading.local):
    """Arrays of one thread. What is in them lasts until it makes its next tile.

    Examples
    --------
    >>> own = Scratch()
    >>> octets = own.octets(10)
    >>> octets[:2] = 7, 8
    >>> longer = own.octets(1_000_000)
    >>> len(longer) >= 1_000_000, longer[:2].tolist()
    (True, [7, 8])
    """

    def __init__(self) -> None:
        self._rows: Ints = np.empty(0, dtype=np.int64)
        self._octets: Bytes = np.empty(1 << 16, dtype=np.uint8)
        self._named: dict[str, npt.NDArray[Any]] = {}

    def rows(self, count: int) -> Ints:
        """Return room for so many rows or more."""
        if len(self._rows) < count:
            self._rows = np.empty(count, dtype=np.int64)
        return self._rows

    def named(
        self, name: str, count: int, dtype: npt.DTypeLike = np.int64, *, columns: int = 0
    ) -> npt.NDArray[Any]:
        """Return an array of so many rows or more, the same for the same name, with any values in it.

        Parameters
        ----------
        name : str
            What it is for: arrays that are used together have different names.
        count : int
            How many rows.
        dtype : numpy dtype
            Of its elements, always the same for a name.
        columns : int
            How many elements a row has; 0 for an array of one dimension.
        """
        kept = self._named.get(name)
        if kept is not None and len(kept) >= count:
            return kept
        made = np.empty((count, columns) if columns else count, dtype=dtype)
        if made.size <= _MOST_KEPT:
            self._named[name] = made
        return made

    def octets(self, count: int) -> Bytes:
        """Return room for so many bytes or more, which begins with the bytes that were there."""
        if len(self._octets) < count:
            longer = np.empty(max(count, 2 * len(self._octets)), dtype=np.uint8)
            longer[: len(self._octets)] = self._octets
            self._octets = longer
        return self._octets


SCRATCH: Final = Scratch()
