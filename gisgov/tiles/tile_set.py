"""A layer of tiles in memory, which changes as what it shows does."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gisgov.errors import InputError
from gisgov.tiles.columns import TextBook, kind_of, table_of, words_of
from gisgov.tiles.features import Features
from gisgov.tiles.fullness import features_from
from gisgov.tiles.joining import joined, live_features
from gisgov.tiles.parts import Part
from gisgov.tiles.rules import Rules
from gisgov.tiles.simplifying import simplified_shapes
from gisgov.tiles.snapshot import Snapshot
from gisgov.tiles.stored import read_snapshot, snapshot_arrays
from gisgov.tiles.tables import TableTurns
from gisgov.types import Bools, Ints

_MOST_BESIDE: Final = 0.1
"""Share of features that may be kept beside the built ones before all are built anew."""


class TileSet:
    """Vector tiles of one layer, encoded from memory.

    Threads may ask for tiles while another changes the features: each tile is of one moment (`now`). Changes
    wait for each other.

    Examples
    --------
    >>> from gisgov.tiles import features_of
    >>> import shapely
    >>> place = np.array([shapely.Point(120.1, 30.2)])
    >>> features = features_of(place, [7], {"class": np.array(["alert"], object)})
    >>> tiles = TileSet.build(features, Rules("buildings"))
    >>> len(tiles.tile(0, 0, 0)), tiles.tile(1, 0, 0)
    (51, b'')
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._now = snapshot
        self._changing = threading.Lock()
        self._turns = TableTurns()

    @classmethod
    def build(cls, features: Features, rules: Rules) -> TileSet:
        """Make the tiles of features.

        Parameters
        ----------
        features : Features
            In any order.
        rules : Rules
            How they are drawn.

        Returns
        -------
        TileSet

        Raises
        ------
        InputError
            When ids are negative or not distinct, a coordinate is not finite, or a column does not fit (of
            another length, of values that tiles do not have, named by the rules but not there).
        """
        kinds = {name: kind_of(name, values) for name, values in features.columns.items()}
        rules.check_columns(kinds)
        table, book = table_of(features.columns, kinds, len(features), TextBook.empty())
        return cls(_built(features, table, rules, kinds, book))

    @property
    def now(self) -> Snapshot:
        """The tiles as they are at this moment; later changes do not reach it."""
        return self._now

    def __len__(self) -> int:
        """Return how many features there are."""
        return len(self._now)

    def tile(self, zoom: int, x: int, y: int, *, shown: Bools | None = None) -> bytes:
        """Return a tile as a Mapbox Vector Tile 2.1.

        Parameters
        ----------
        zoom, x, y : int
            As tiles are numbered on the web (XYZ): y from the north.
        shown : numpy.ndarray of bool, shape (rows,), optional
            Which features may be seen, by the rows of `Snapshot.ids`; others are neither drawn nor counted.
            Ask the same snapshot (`now`) for the rows and the tile when features may be added or replaced
            meanwhile.

        Returns
        -------
        bytes
            Nothing where there are no features, beyond the world, and beyond zoom 22.

        Raises
        ------
        InputError
            When ``shown`` is of another length.
        """
        return self._now.tile(zoom, x, y, shown=shown)

    def expect_changes(self) -> None:
        """Get ready for `change`, which takes much less time then; the attributes take memory twice."""
        with self._changing:
            self._turns.expect(self._now.parts[0].table)

    def change(self, ids: npt.ArrayLike, columns: Mapping[str, Any]) -> Ints:
        """Give features other attributes.

        Parameters
        ----------
        ids : array of int, shape (n,)
            Which features; those that there are none of are passed over.
        columns : mapping of str to array, each of shape (n,)
            New values of some columns.

        Returns
        -------
        numpy.ndarray of int
            The ids that were passed over.

        Raises
        ------
        InputError
            When there is no such column, or the values are of another length or kind.
        """
        sought = np.asarray(ids, dtype=np.int64)
        with self._changing:
            now, book = self._now, self._now.book
            words: dict[int, Ints] = {}
            for name, values in columns.items():
                if name not in now.kinds or len(values) != len(sought):
                    raise InputError(
                        f"the tiles have no attribute '{name}', or it needs {len(sought)} values"
                    )
                column = [*now.kinds].index(name)
                words[column], book = words_of(name, values, now.kinds[name], book)
            parts, unknown = [], np.ones(len(sought), dtype=bool)
            for i, part in enumerate(now.parts):
                rows = part.rows_of(sought)
                is_here = rows >= 0
                unknown &= ~is_here
                if is_here.any():
                    turns = TableTurns() if i else self._turns  # those beside the first are small
                    new = {column: of_all[is_here] for column, of_all in words.items()}
                    part = dataclasses.replace(part, table=turns.changed(part.table, rows[is_here], new))
                parts.append(part)
            self._now = dataclasses.replace(now, book=book, parts=tuple(parts))
        return sought[unknown]

    def replace(self, ids: npt.ArrayLike, features: Features) -> None:
        """Take features away and put others in: new ones, moved ones, or none.

        Parameters
        ----------
        ids : array of int, shape (n,)
            Features that are there no more; ids that there are none of are passed over.
        features : Features
            Those that are there now; they take the place of others with their ids.

        Raises
        ------
        InputError
            As `build`, and when the columns are others.
        """
        with self._changing:
            now = self._now
            gone = np.concatenate((np.asarray(ids, dtype=np.int64), features.ids))
            parts = []
            for part in now.parts:
                rows = part.rows_of(gone)
                parts.append(part.without(rows[rows >= 0]))
            table, book = table_of(features.columns, now.kinds, len(features), now.book)
            beside = joined([*map(live_features, parts[1:]), (features, table)])
            is_much = len(beside[1]) + np.count_nonzero(~parts[0].is_live) > _MOST_BESIDE * len(parts[0])
            if is_much or now.rules.coverage:
                self._turns = TableTurns()
                self._now = _built(*joined([live_features(parts[0]), beside]), now.rules, now.kinds, book)
            else:
                self._now = dataclasses.replace(now, book=book, parts=(parts[0], Part.of(*beside)))

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return all that the tiles are, as arrays by name, for instance to share them through files."""
        return snapshot_arrays(self._now)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> TileSet:
        """Return the tiles of `to_arrays`, at once and without copying.

        The arrays may be memory maps that many processes share, opened with ``mmap_mode="c"``: loops would
        be compiled anew for arrays that are marked read-only, though none writes to them. Attributes that
        change are then each process' own, and so is which features were taken away; vertices stay shared.
        """
        return cls(read_snapshot(arrays))


def _built(
    features: Features, table: Ints, rules: Rules, kinds: Mapping[str, int], book: TextBook
) -> Snapshot:
    part = Part.of(features, table)
    shapes = simplified_shapes(part, rules) if rules.coverage else {}
    built = Snapshot(rules, kinds, book, (part,), shapes, 0)
    return dataclasses.replace(built, features_from=features_from(built))
