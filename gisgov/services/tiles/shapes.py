"""Rows of the database as features of tiles, and which of them changed their shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from gisgov.store.tile_rows import MISSING, Column, TileRows, TileValues, Words
from gisgov.tiles.features import CodedTexts, Features, features_of
from gisgov.types import BBox, Bools, Ints


def features_of_rows(rows: TileRows) -> tuple[Features, BBox | None]:
    """Return rows as features, and the box that they lie in, in degrees; None where there are none."""
    shapes = shapely.from_wkb(np.array(rows.shapes, dtype=object))
    box: BBox | None = None
    if len(shapes):
        west, south, east, north = (float(side) for side in shapely.total_bounds(shapes))
        box = west, south, east, north
    return features_of(shapes, rows.ids, columns_of(rows.values)), box


def columns_of(values: TileValues) -> dict[str, Any]:
    """Return columns as tile sets take them."""
    return {name: _column(column) for name, column in values.columns.items()}


def _column(column: Column) -> Any:
    if isinstance(column, Words):
        return CodedTexts(column.codes, column.words)
    if column.dtype == np.int64:
        missing = column == MISSING
        return np.ma.MaskedArray(np.where(missing, 0, column), missing)
    return column


def joined_features(parts: Sequence[Features]) -> Features:
    """Return several features as one, in their order; all have the same columns, at least one is given."""
    first = parts[0]
    return Features(
        np.concatenate([one.ids for one in parts]),
        np.concatenate([one.kind for one in parts]),
        _chained([one.feature for one in parts]),
        _chained([one.ring for one in parts]),
        np.concatenate([one.hole for one in parts]),
        np.concatenate([one.xy for one in parts]),
        {name: _chained_column([one.columns[name] for one in parts]) for name in first.columns},
    )


def _chained(offsets: Sequence[Ints]) -> Ints:
    begins = np.cumsum([0, *(int(one[-1]) for one in offsets)])
    moved = [one[:-1] + begin for one, begin in zip(offsets, begins[:-1].tolist(), strict=True)]
    return np.concatenate([*moved, begins[-1:]]).astype(np.int64)


def _chained_column(parts: Sequence[Any]) -> Any:
    if isinstance(parts[0], CodedTexts):
        numbers: dict[str, int] = {}
        own = [
            np.array([*(numbers.setdefault(text, len(numbers)) for text in one.texts), -1]) for one in parts
        ]
        codes = np.concatenate([number[one.codes] for number, one in zip(own, parts, strict=True)])
        return CodedTexts(codes, tuple(numbers))
    whole = np.concatenate([np.ma.getdata(one) for one in parts])
    if isinstance(parts[0], np.ma.MaskedArray):
        return np.ma.MaskedArray(whole, np.concatenate([np.ma.getmaskarray(one) for one in parts]))
    return whole


@dataclass(slots=True)
class Prints:
    """What tells the shapes of features from others: 64 bits of each, by id.

    Attributes
    ----------
    ids : numpy.ndarray of int64, shape (n,)
        Ascending.
    values : numpy.ndarray of int64, shape (n,)
        Parallel; only of use in this process.
    """

    ids: Ints
    values: Ints

    @classmethod
    def of(cls, rows: TileRows) -> Prints:
        """Return the prints of rows."""
        return cls(rows.ids, np.fromiter(map(hash, rows.shapes), dtype=np.int64, count=len(rows.ids)))

    @classmethod
    def joined(cls, parts: Sequence[Prints]) -> Prints:
        """Return prints of rows of which later ones have greater ids."""
        none = [np.zeros(0, dtype=np.int64)]
        return cls(
            np.concatenate([*none, *(one.ids for one in parts)]),
            np.concatenate([*none, *(one.values for one in parts)]),
        )

    def known(self, ids: Ints) -> Bools:
        """Tell which ids are there."""
        if not len(self.ids):
            return np.zeros(len(ids), dtype=bool)
        at = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        found: Bools = self.ids[at] == ids
        return found

    def same(self, other: Prints) -> Bools:
        """Tell of each of the others whether it is here with the same print."""
        known = self.known(other.ids)
        at = np.searchsorted(self.ids, other.ids[known])
        known[known] = self.values[at] == other.values[known]
        return known

    def replaced(self, ids: Ints, new: Prints) -> Prints:
        """Return these without some ids, and with new ones in their places."""
        kept = ~np.isin(self.ids, ids)
        all_ids = np.concatenate([self.ids[kept], new.ids])
        order = np.argsort(all_ids, kind="stable")
        return Prints(all_ids[order], np.concatenate([self.values[kept], new.values])[order])
