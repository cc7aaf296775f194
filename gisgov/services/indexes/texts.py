"""Texts of areas that stay in a mapped file and are read one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import overload

import numpy as np

from gisgov.types import Bytes, Ints


class MappedTexts(Sequence[str]):
    """Texts, one after the other in UTF-8: the layout of Arrow's large strings.

    Parameters
    ----------
    ends : numpy.ndarray of int64, shape (n + 1,)
        Where each text begins, and where the last one ends.
    octets : numpy.ndarray of uint8
        All texts.

    Examples
    --------
    >>> texts = MappedTexts.of(["网格", "", "A1"])
    >>> texts[0], texts[-1], list(texts), len(texts)
    ('网格', 'A1', ['网格', '', 'A1'], 3)
    """

    __slots__ = ("_begins", "_view", "ends", "octets")

    def __init__(self, ends: Ints, octets: Bytes) -> None:
        self.ends, self.octets = ends, octets
        self._begins, self._view = ends.data, octets.data

    @classmethod
    def of(cls, texts: Sequence[str]) -> MappedTexts:
        """Lay texts one after the other."""
        octets = [text.encode() for text in texts]
        ends = np.zeros(len(octets) + 1, dtype=np.int64)
        np.cumsum([len(one) for one in octets], out=ends[1:])
        return cls(ends, np.frombuffer(b"".join(octets), dtype=np.uint8))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._begins) - 1

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        """Return one text, or a list of some."""
        if isinstance(row, slice):
            return [self[i] for i in range(*row.indices(len(self)))]
        if row < 0:
            row += len(self)
        if not 0 <= row < len(self):
            raise IndexError(row)
        return str(self._view[self._begins[row] : self._begins[row + 1]], "utf-8")

    def __iter__(self) -> Iterator[str]:
        """Yield all texts."""
        octets = bytes(self._view)
        for begin, end in pairwise(self.ends.tolist()):
            yield octets[begin:end].decode()


class MappedTextLists(Sequence[tuple[str, ...]]):
    """Lists of texts, as the parents of areas are.

    Parameters
    ----------
    ends : numpy.ndarray of int64, shape (n + 1,)
        Which text each list begins with, and how many texts there are.
    texts : MappedTexts
        The texts of all lists.

    Examples
    --------
    >>> lists = MappedTextLists.of([("A", "B"), (), ("C",)])
    >>> lists[0], lists[1], list(lists)
    (('A', 'B'), (), [('A', 'B'), (), ('C',)])
    """

    __slots__ = ("_begins", "ends", "texts")

    def __init__(self, ends: Ints, texts: MappedTexts) -> None:
        self.ends, self.texts = ends, texts
        self._begins = ends.data

    @classmethod
    def of(cls, lists: Sequence[Iterable[str]]) -> MappedTextLists:
        """Lay lists one after the other."""
        each = [tuple(one) for one in lists]
        ends = np.zeros(len(each) + 1, dtype=np.int64)
        np.cumsum([len(one) for one in each], out=ends[1:])
        return cls(ends, MappedTexts.of([text for one in each for text in one]))

    def __len__(self) -> int:
        """Return how many lists there are."""
        return len(self._begins) - 1

    @overload
    def __getitem__(self, row: int) -> tuple[str, ...]: ...
    @overload
    def __getitem__(self, row: slice) -> list[tuple[str, ...]]: ...
    def __getitem__(self, row: int | slice) -> tuple[str, ...] | list[tuple[str, ...]]:
        """Return one list, or a list of some."""
        if isinstance(row, slice):
            return [self[i] for i in range(*row.indices(len(self)))]
        if row < 0:
            row += len(self)
        if not 0 <= row < len(self):
            raise IndexError(row)
        return tuple(self.texts[self._begins[row] : self._begins[row + 1]])
