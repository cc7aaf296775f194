"""Which zooms are too full to draw each feature, found by drawing their fullest tiles."""

from __future__ import annotations

import dataclasses
from typing import Final

import numpy as np

from gisgov.tiles.parts import Part
from gisgov.tiles.rules import MAX_ZOOM
from gisgov.tiles.snapshot import Snapshot
from gisgov.types import Ints

_PER_FEATURE: Final = 8
"""What a feature weighs beside its vertices."""


def features_from(snapshot: Snapshot) -> int:
    """Return the least zoom from which on the fullest tiles stay below the limit of the rules.

    The fullest tile of a zoom is the one with the most features and vertices by their anchors. A zoom
    that is found too full ends the search: a smaller one has more in its fullest tile.
    """
    most = snapshot.rules.max_bytes
    if most is None or not len(snapshot):
        return 0
    trial = dataclasses.replace(snapshot, features_from=0)
    for zoom, x, y in _fullest_tiles(snapshot.parts[0]):
        if trial.draws_cells(zoom, x, y):
            return zoom + 1
    return 0


def _fullest_tiles(part: Part) -> list[tuple[int, int, int]]:
    """Return the fullest tile of each zoom, from the greatest zoom down."""
    vertices = np.diff(part.shapes.ring[part.shapes.feature])
    place = part.key & ((1 << 56) - 1)
    weight: Ints = vertices + _PER_FEATURE
    found = []
    for zoom in range(MAX_ZOOM, -1, -1):
        cells, where = np.unique(place >> (2 * (28 - zoom)), return_inverse=True)
        weight = np.bincount(where.ravel(), weights=weight).astype(np.int64)
        place = cells << (2 * (28 - zoom))
        fullest = int(cells[np.argmax(weight)])
        found.append((zoom, _every_second_bit(fullest), _every_second_bit(fullest >> 1)))
    return found


def _every_second_bit(number: int) -> int:
    return sum((number >> 2 * i & 1) << i for i in range(28))
