"""Inputs that reach every branch of the kernels of segments, and what the kernels make of them.

Run as a program it writes the answers; with NUMBA_DISABLE_JIT=1 those of the kernels as they are written,
which must be the ones of the compiled kernels to the last bit.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
import shapely

from gisgov.geometry.edge_classes import EdgeClass
from gisgov.geometry.segment_kernels import in_marked_cells, mark_cells, number_places
from gisgov.geometry.segments import Segments, segments_of
from gisgov.testing import areas_from_grid
from gisgov.types import Geometries


def maps() -> list[Geometries]:
    """Maps with neighbours, holes, several parts, overlaps, seams, segments without length and NaN."""
    box = shapely.box(0, 0, 1, 1)
    pictures = ["AAB\nACB\nDCC", "AAA\nABA\nAAA", "A.A\n.B.", "ABCDEFGH\nIJKLMNOP\nQRSTUVWX"]
    nan = float("nan")
    with np.errstate(invalid="ignore"):  # of shapely, about NaN
        odd = [
            shapely.Polygon([(0, 0), (1, 0), (1, 0), (1, 1), (-0.0, 1)]),
            shapely.Polygon([(1, 0), (2, 0), (2, 1), (1, 1)]),
            shapely.Polygon([(2, 0), (3, nan), (2, 1)]),
            None,
        ]
        seam = shapely.MultiPolygon([box, shapely.box(1, 0, 2, 1)])
    return [
        *(areas_from_grid(picture)[1] for picture in pictures),
        np.array([box, box, box, shapely.box(1, 0, 2, 1)], dtype=object),
        np.array(odd, dtype=object),
        np.array([seam, box], dtype=object),
        np.zeros(0, dtype=object),
    ]


def described(found: Segments) -> dict[str, Any]:
    return {
        "number": found.number.tolist(),
        "first": found.first.tolist(),
        "pairs": found.pairs.tolist(),
        "alone": found.alone.tolist(),
        "classes": found.edge_class[found.alone].tolist(),
    }


def answers() -> list[Any]:
    """All answers, as plain values."""
    drawn = [
        [(0, 0), (100, 0), (200, 0)],
        [(100, 0), (0, 0), (0, 0)],
        [(100, 0), (900, 900)],
        [(0, 0), (float("nan"), 0)],
        [(200, 0), (100, 0)],
    ]
    with np.errstate(invalid="ignore"):  # of shapely, about NaN
        lines = np.array([shapely.LineString(line) for line in drawn], dtype=object)
    classes = np.array(
        [EdgeClass.LOCAL, EdgeClass.WATER, EdgeClass.RAIL, EdgeClass.RAIL, EdgeClass.UNCLASSIFIED]
    )
    found: list[Any] = [described(segments_of(areas)) for areas in maps()]
    found += [described(segments_of(areas, lines, classes)) for areas in maps()]
    numbers = np.random.default_rng(5).integers(0, 40, (400, 2)).astype(np.float64)
    table = np.full(512, -1, dtype=np.int32)  # nearly full: slots are taken
    number, first = np.empty(400, dtype=np.int32), np.empty(400, dtype=np.int32)
    found.append([number_places(numbers.view(np.uint64), table, number, first), number.tolist()])
    start = np.array([[0.0, 0.0], [7.0, 7.0], [3.0, 1.0], [9.0, 9.0]])
    end = np.array([[9.0, 4.0], [7.0, 9.0], [1.0, 1.0], [30.0, -30.0]])
    frame, cells = np.array([0.0, 0.0, 1.0, 1.0]), np.zeros((10, 10), dtype=bool)
    mark_cells(start, end, frame, 0.1, cells)
    is_in = np.empty(len(numbers), dtype=bool)
    in_marked_cells(numbers, frame, cells, is_in)
    return [*found, cells.tolist(), is_in.tolist()]


if __name__ == "__main__":
    json.dump(answers(), sys.stdout)
