"""Which zooms are too full to draw each feature, found by looking at their fullest tiles."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Final

import numpy as np

from gisgov.tiles.cells import FINEST
from gisgov.tiles.parts import Part
from gisgov.tiles.snapshot import Snapshot
from gisgov.types import Ints

_PER_FEATURE: Final = 8
"""What a feature weighs beside its vertices."""

_CROWD: Final = 16
"""Features per cell beyond which they hide each other: a cell is 8 pixels wide where a tile is 512."""

_LAST: Final = 14
"""From the next zoom on each tile is judged by itself: a full one is a stack, like events of one address."""


def features_from(snapshot: Snapshot) -> int:
    """Return the least zoom that is drawn feature by feature; it and all greater ones have room for that.

    A zoom has none when its fullest tile is longer than the rules let it be, or has more than 16 features in
    each cell that has any. The fullest tile is the one with the most features and vertices, by their anchors.
    Zooms beyond 14 are always drawn feature by feature, but for single tiles.
    """
    if snapshot.rules.max_bytes is None or not len(snapshot):
        return 0
    part = snapshot.parts[0]
    place = np.sort(part.key & ((1 << 56) - 1))
    trial = dataclasses.replace(snapshot, features_from=0)
    for zoom, cell in _fullest_tiles(part):
        x, y = _every_second_bit(cell), _every_second_bit(cell >> 1)
        if _is_crowded(place, zoom, cell) or trial.draws_cells(zoom, x, y):
            return zoom + 1
    return 0


def _fullest_tiles(part: Part) -> Iterator[tuple[int, int]]:
    """Give the fullest tile of each zoom, as a cell of the curve, from zoom 14 down."""
    vertices = np.diff(part.shapes.ring[part.shapes.feature])
    weight: Ints = vertices + _PER_FEATURE
    cells: Ints = part.key & ((1 << 56) - 1)
    level = 28
    for zoom in range(_LAST, -1, -1):
        cells, where = np.unique(cells >> (2 * (level - zoom)), return_inverse=True)
        weight = np.bincount(where.ravel(), weights=weight).astype(np.int64)
        level = zoom
        yield zoom, int(cells[np.argmax(weight)])


def _is_crowded(place: Ints, zoom: int, cell: int) -> bool:
    shift = 2 * (28 - zoom)
    low, high = np.searchsorted(place, [cell << shift, (cell + 1) << shift])
    occupied = len(np.unique(place[low:high] >> (shift - 2 * FINEST)))
    return bool(high - low > _CROWD * occupied)


def _every_second_bit(number: int) -> int:
    return sum((number >> 2 * i & 1) << i for i in range(28))
