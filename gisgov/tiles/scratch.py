"""Memory that the tiles of one thread are made in, one after another: new memory is slow to touch."""

from __future__ import annotations

import threading
from typing import Final

import numpy as np

from gisgov.types import Bytes, Ints


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

    def rows(self, count: int) -> Ints:
        """Return room for so many rows or more."""
        if len(self._rows) < count:
            self._rows = np.empty(count, dtype=np.int64)
        return self._rows

    def octets(self, count: int) -> Bytes:
        """Return room for so many bytes or more, which begins with the bytes that were there."""
        if len(self._octets) < count:
            longer = np.empty(max(count, 2 * len(self._octets)), dtype=np.uint8)
            longer[: len(self._octets)] = self._octets
            self._octets = longer
        return self._octets


SCRATCH: Final = Scratch()
