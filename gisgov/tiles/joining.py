"""Features of several parts as one, to be put in order anew."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gisgov.tiles.features import Features
from gisgov.tiles.parts import Part
from gisgov.types import Ints


def live_features(part: Part) -> tuple[Features, Ints]:
    """Return the features of a part that were not taken away, without columns, and their table."""
    from gisgov.tiles import ordering

    rows = np.flatnonzero(part.is_live)
    shapes = part.shapes
    rings, vertices = shapes.rings(rows), shapes.vertices(rows)
    feature, ring = np.empty(len(rows) + 1, dtype=np.int64), np.empty(rings + 1, dtype=np.int64)
    hole, xy = np.empty(rings, dtype=bool), np.empty((vertices, 2))
    ordering.gather_rings(rows, shapes.feature, shapes.ring, shapes.hole, shapes.xy, feature, ring, hole, xy)
    return Features(part.ids[rows], part.kind[rows].astype(np.int8), feature, ring, hole, xy), part.table[
        rows
    ]


def joined(given: Sequence[tuple[Features, Ints]]) -> tuple[Features, Ints]:
    """Return features one after the other, without columns, and their tables likewise."""
    features = [each for each, _ in given]
    together = Features(
        np.concatenate([each.ids for each in features]),
        np.concatenate([each.kind for each in features]),
        _chained([each.feature for each in features]),
        _chained([each.ring for each in features]),
        np.concatenate([each.hole for each in features]),
        np.concatenate([each.xy for each in features]),
    )
    return together, np.concatenate([table for _, table in given])


def _chained(begins: Sequence[Ints]) -> Ints:
    """Let each list of begins go on where the one before it ends."""
    chained, at = [np.zeros(1, dtype=np.int64)], 0
    for each in begins:
        chained.append(np.asarray(each[1:], dtype=np.int64) + at)
        at += int(each[-1])
    return np.concatenate(chained)
