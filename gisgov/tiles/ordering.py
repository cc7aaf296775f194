"""The order of features on disk and in memory: by how far they reach, then along a Morton curve.

A feature's anchor is the middle of the bounding box of its largest ring, or its first point. Features are put
into eight classes by how far they reach from it, each eight times as far as the next, and along a Z-shaped
curve through their anchors within a class. So those of a tile are one run of rows per class, those that reach
in from around it are a few short runs more, and one large feature does not widen the search for small ones.
"""

from __future__ import annotations

import numpy as np

from gisgov.geometry.kernel import kernel
from gisgov.types import Bools, Bytes, Floats, Ints

LEVEL = 28
"""Levels of the curve: its cells are 15 cm wide at the equator."""

CLASSES = 8
"""Classes of reach; the class is written above the place on the curve."""


@kernel
def spread(number: int) -> int:
    """Put a zero between any two bits of a number below 2²⁸."""
    number = (number | (number << 16)) & 0x0000FFFF0000FFFF
    number = (number | (number << 8)) & 0x00FF00FF00FF00FF
    number = (number | (number << 4)) & 0x0F0F0F0F0F0F0F0F
    number = (number | (number << 2)) & 0x3333333333333333
    return (number | (number << 1)) & 0x5555555555555555


@kernel
def cell_of(share: float) -> int:
    """Return the curve's column (or row) of a coordinate; what lies outside the world counts to its edge."""
    return min(max(int(np.floor(share * 268435456.0)), 0), 268435455)


@kernel
def turn_ring(xy: Floats, begin: int, end: int, hole: bool, box: Floats) -> None:
    """Let a ring run clockwise on the map, a hole the other way, and find its bounding box."""
    area = 0.0
    box[0], box[1], box[2], box[3] = np.inf, np.inf, -np.inf, -np.inf
    for i in range(begin, end):
        j = i + 1 if i + 1 < end else begin
        # about the first vertex: the products of shares of the world would lose most of their digits
        area += (xy[i, 0] - xy[begin, 0]) * (xy[j, 1] - xy[begin, 1])
        area -= (xy[j, 0] - xy[begin, 0]) * (xy[i, 1] - xy[begin, 1])
        box[0], box[1] = min(box[0], xy[i, 0]), min(box[1], xy[i, 1])
        box[2], box[3] = max(box[2], xy[i, 0]), max(box[3], xy[i, 1])
    if (area < 0.0) != hole and area != 0.0:
        for i in range((end - begin) // 2):
            j = end - 1 - i
            for axis in range(2):
                kept = xy[begin + i, axis]
                xy[begin + i, axis] = xy[j, axis]
                xy[j, axis] = kept


@kernel
def key_features(
    kind: Bytes, feature: Ints, ring: Ints, hole: Bools, xy: Floats, key: Ints, reach: Floats
) -> int:
    """Turn the rings as tiles want them, and write each feature's key and how far it reaches from its anchor.

    Returns the number of the first feature without vertices or with a coordinate that is not finite, −1 when
    all are sound.
    """
    box = np.empty(4)
    for f in range(len(feature) - 1):
        first, last = ring[feature[f]], ring[feature[f + 1]]
        if first == last:
            return f
        x, y, largest = xy[first, 0], xy[first, 1], -1.0
        if kind[f] == 3:
            for r in range(feature[f], feature[f + 1]):
                turn_ring(xy, ring[r], ring[r + 1], hole[r], box)
                size = (box[2] - box[0]) * (box[3] - box[1])
                if not hole[r] and size > largest:
                    x, y, largest = 0.5 * (box[0] + box[2]), 0.5 * (box[1] + box[3]), size
        far = 0.0
        for i in range(first, last):
            if not (np.isfinite(xy[i, 0]) and np.isfinite(xy[i, 1])):
                return f
            far = max(far, abs(xy[i, 0] - x), abs(xy[i, 1] - y))
        reach[f] = far
        rank, width = 7, 2.0**-22
        while rank > 0 and far > width:
            rank -= 1
            width *= 8.0
        key[f] = (rank << 56) | spread(cell_of(x)) | (spread(cell_of(y)) << 1)
    return -1


@kernel
def gather_rings(
    order: Ints, feature: Ints, ring: Ints, hole: Bools, xy: Floats,
    feature_out: Ints, ring_out: Ints, hole_out: Bools, xy_out: Floats,
) -> None:  # fmt: skip
    """Copy the features into another order."""
    rings, vertices = 0, 0
    feature_out[0] = 0
    ring_out[0] = 0
    for k in range(len(order)):
        for r in range(feature[order[k]], feature[order[k] + 1]):
            for i in range(ring[r], ring[r + 1]):
                xy_out[vertices, 0], xy_out[vertices, 1] = xy[i, 0], xy[i, 1]
                vertices += 1
            hole_out[rings] = hole[r]
            rings += 1
            ring_out[rings] = vertices
        feature_out[k + 1] = rings
