"""Tables of attributes that follow each other, without copying a whole one for every change."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from gisgov.types import Ints


def _holders(held: list[Any]) -> int:
    return sys.getrefcount(held[0])


_NOBODY_ELSE: Final = _holders([object()])
"""What `_holders` counts of an object that only its list holds, whatever the interpreter counts beside."""


class TableTurns:
    """Two tables that take turns: the one before the last is changed next, once nobody reads it any more.

    A table of a million features takes as long to copy as all else that a change takes together. Whoever
    reads an older table, or a view of it, holds it, which the interpreter counts; then a copy is made.

    Examples
    --------
    >>> turns, first = TableTurns(), np.zeros((2, 1), dtype=np.int64)
    >>> second = turns.changed(first, np.array([0]), {0: np.array([7])})
    >>> first.tolist(), second.tolist()
    ([[0], [0]], [[7], [0]])
    """

    def __init__(self) -> None:
        self._spare: list[Ints] = []
        self._behind: Ints = np.zeros(0, dtype=np.int64)  # rows that the spare one does not have as the last
        self._last: weakref.ref[Ints] | None = None

    def expect(self, table: Ints) -> None:
        """Make the second table before the first change, which need not wait for it then."""
        self._spare, self._last = [np.array(table)], weakref.ref(table)
        self._behind = np.zeros(0, dtype=np.int64)

    def changed(self, table: Ints, rows: Ints, words: Mapping[int, Ints]) -> Ints:
        """Return a table with other words in some rows; ``table`` stays as it is while somebody holds it.

        Parameters
        ----------
        table : numpy.ndarray of int64, shape (n, c)
            The newest one.
        rows : numpy.ndarray of int64, shape (m,)
            Which rows.
        words : mapping of int to numpy.ndarray of int64, shape (m,)
            New words by the column.
        """
        new = self._turned(table)
        for column, of_column in words.items():
            new[rows, column] = of_column
        self._last = weakref.ref(new)
        self._behind = rows
        # memory that another array owns may be read by way of that one
        self._spare = [table] if table.flags.owndata else []
        return new

    def _turned(self, table: Ints) -> Ints:
        held, self._spare = self._spare, []
        is_next = self._last is not None and self._last() is table
        if not (held and is_next and _holders(held) == _NOBODY_ELSE):
            return np.array(table)
        spare = held.pop()
        spare[self._behind] = table[self._behind]
        return spare
