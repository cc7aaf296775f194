"""Which drawn lines borders run along."""

from __future__ import annotations

import numpy as np
import shapely

from gisgov.geometry.along import NONE, labels_along

STREETS = shapely.from_wkt(
    [
        "MULTILINESTRING ((-1 0, 3 0), (3 0, 9 0))",
        "LINESTRING (2 0, 2 9)",
        "LINESTRING (-1 0.001, 9 0.001)",  # another line of the first street
        "LINESTRING (0 5, 1 5)",
    ]
)
LABELS = [7, 2, 7, 0]


def found(*borders: str) -> list[int]:
    lines = np.asarray(shapely.from_wkt(list(borders)), dtype=object)
    return labels_along(lines, STREETS, LABELS, tolerance=0.01).tolist()


def test_the_longest_share_wins_and_the_rest_has_none() -> None:
    assert found(
        "LINESTRING (0 0, 1 0, 2 0, 2 1)",
        "LINESTRING (2 3, 2 0, 4 0)",
        "LINESTRING (0 0, 0 5)",  # crosses streets, and runs along none
        "LINESTRING (1 0, 2 0, 2 1)",  # as long along either
        "LINESTRING (0 5, 1 5, 1 8)",  # a quarter
    ) == [7, 2, NONE, 2, NONE]


def test_without_lines_nothing_has_a_name() -> None:
    border = np.array([shapely.LineString([(0, 0), (1, 0)])])
    assert labels_along(border, np.zeros(0, dtype=object), [], tolerance=1.0).tolist() == [NONE]
