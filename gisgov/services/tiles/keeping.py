"""What is kept because it may be asked for again, and forgotten when there is too much of it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final, Generic, TypeVar

Kept = TypeVar("Kept")

_MOST_BYTES: Final = 64 << 20
_OF_ONE: Final = 200  # what an entry takes besides its bytes


class Recent(Generic[Kept]):
    """The few that were asked for last.

    Parameters
    ----------
    most : int
        How many.

    Examples
    --------
    >>> recent = Recent[int](1)
    >>> recent.put("a", 1); recent.put("b", 2)
    >>> recent.get("a"), recent.get("b")
    (None, 2)
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: OrderedDict[Hashable, Kept] = OrderedDict()

    def get(self, key: Hashable) -> Kept | None:
        """Return what was put under a key; None if it was not, or was forgotten."""
        found = self._entries.get(key)
        if found is not None:
            self._entries.move_to_end(key)
        return found

    def put(self, key: Hashable, value: Kept) -> None:
        """Keep something."""
        self._entries[key] = value
        self._entries.move_to_end(key)
        if len(self._entries) > self._most:
            self._entries.popitem(last=False)


class KeptTiles:
    """Tiles that were made, as they are sent, by what they show.

    Parameters
    ----------
    most_bytes : int
        How much memory they take.

    Examples
    --------
    >>> kept = KeptTiles(most_bytes=500)
    >>> kept.put("a", bytes(200)); kept.put("b", bytes(100))
    >>> kept.get("a"), kept.get("b") == bytes(100)
    (None, True)
    """

    def __init__(self, *, most_bytes: int = _MOST_BYTES) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._tiles: OrderedDict[Hashable, bytes] = OrderedDict()

    def get(self, key: Hashable) -> bytes | None:
        """Return a tile; None if it was not made, or was forgotten."""
        found = self._tiles.get(key)
        if found is not None:
            self._tiles.move_to_end(key)
        return found

    def put(self, key: Hashable, data: bytes) -> None:
        """Keep a tile."""
        known = self._tiles.pop(key, None)
        if known is not None:
            self._bytes -= len(known) + _OF_ONE
        self._tiles[key] = data
        self._bytes += len(data) + _OF_ONE
        while self._bytes > self._most:
            _, forgotten = self._tiles.popitem(last=False)
            self._bytes -= len(forgotten) + _OF_ONE
