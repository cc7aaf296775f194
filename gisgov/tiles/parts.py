"""Features in the order in which tiles find them, as arrays that may lie in memory-mapped files."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from gisgov.errors import InputError
from gisgov.tiles.features import Features
from gisgov.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """Vertices of features, as `gisgov.tiles.features.Features` has them."""

    feature: Ints
    ring: Ints
    hole: Bools
    xy: Floats

    def vertices(self, rows: Ints) -> int:
        """Return how many vertices these rows have."""
        return int((self.ring[self.feature[rows + 1]] - self.ring[self.feature[rows]]).sum())

    def rings(self, rows: Ints) -> int:
        """Return how many rings these rows have."""
        return int((self.feature[rows + 1] - self.feature[rows]).sum())


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Features ordered by how far they reach and along a Morton curve (`gisgov.tiles.ordering`).

    Attributes
    ----------
    key : numpy.ndarray of int, shape (n,)
        Class of reach and place of the anchor on the curve, ascending.
    begin : numpy.ndarray of int, shape (9,)
        Where each class begins.
    reach : numpy.ndarray of float, shape (8,)
        How far the features of each class reach from their anchors at most, in shares of the world.
    ids, kind, table : numpy.ndarray
        One row per feature.
    by_id : numpy.ndarray of int, shape (n,)
        Rows in the order of their ids.
    is_live : numpy.ndarray of bool, shape (n,)
        False for features that were taken away or replaced.
    shapes : Shapes
    """

    key: Ints
    begin: Ints
    reach: Floats
    ids: Ints
    kind: npt.NDArray[np.uint8]
    table: Ints
    by_id: npt.NDArray[np.int32]
    is_live: Bools
    shapes: Shapes

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, features: Features, table: Ints) -> Part:
        """Order features, whose attributes are the rows of ``table``.

        Raises
        ------
        InputError
            When ids are negative or not distinct, a coordinate is not finite, or a feature has no vertices.
        """
        from gisgov.tiles import ordering

        ids = np.asarray(features.ids, dtype=np.int64)
        by_id = np.argsort(ids, kind="stable")
        in_order = ids[by_id]
        if len(ids) and (in_order[0] < 0 or np.any(in_order[1:] == in_order[:-1])):
            raise InputError("ids of features must be distinct and not negative")
        key, far = np.empty(len(ids), dtype=np.int64), np.empty(len(ids))
        kind = np.asarray(features.kind, dtype=np.uint8)
        feature, ring = (
            np.asarray(features.feature, dtype=np.int64),
            np.asarray(features.ring, dtype=np.int64),
        )
        xy = np.array(features.xy, dtype=np.float64, order="C")  # a copy: rings are turned in it
        bad = ordering.key_features(kind, feature, ring, features.hole, xy, key, far)
        if bad >= 0:
            raise InputError(f"feature {ids[bad]} has no vertices, or one that is not finite")
        order = np.argsort(key, kind="stable")
        begin = np.searchsorted(key[order], np.arange(ordering.CLASSES + 1) << 56)
        shapes = Shapes(
            np.empty_like(feature), np.empty_like(ring), np.empty_like(features.hole), np.empty_like(xy)
        )
        ordering.gather_rings(
            order, feature, ring, features.hole, xy, shapes.feature, shapes.ring, shapes.hole, shapes.xy
        )
        far = far[order]
        reach = np.array([far[a:b].max(initial=0.0) for a, b in pairwise(begin)])
        place = np.empty(len(ids), dtype=np.int32)
        place[order] = np.arange(len(ids), dtype=np.int32)
        is_live = np.ones(len(ids), dtype=bool)
        return cls(
            key[order], begin, reach, ids[order], kind[order], table[order], place[by_id], is_live, shapes
        )

    def rows_of(self, ids: Ints) -> Ints:
        """Return the live row of each id, −1 for those that there are none of."""
        from gisgov.tiles import finding

        rows = np.empty(len(ids), dtype=np.int64)
        finding.find_rows(self.ids, self.by_id, self.is_live, np.ascontiguousarray(ids), rows)
        return rows

    def without(self, rows: Ints) -> Part:
        """Return a part that draws these rows no more."""
        is_live = np.array(self.is_live)
        is_live[rows] = False
        return dataclasses.replace(self, is_live=is_live)

    def tile_rows(self, zoom: int, x: int, y: int) -> Iterator[tuple[int, int]]:
        """Give the runs of rows, one per class, whose anchors lie in a tile's own square."""
        from gisgov.tiles import ordering

        place = ordering.spread(x) | ordering.spread(y) << 1
        shift = 2 * (ordering.LEVEL - zoom)
        for rank in range(ordering.CLASSES):
            ends = (np.array([place, place + 1], dtype=np.int64) << shift) + (rank << 56)
            low, high = self.begin[rank] + np.searchsorted(
                self.key[self.begin[rank] : self.begin[rank + 1]], ends
            )
            if high > low:
                yield int(low), int(high)
