"""Rings of areas as flat arrays."""

from __future__ import annotations

import numpy as np
import shapely

from gisgov.geometry.coverage.rings import rings_of
from gisgov.types import Geometries


def array(*items: shapely.Geometry | None) -> Geometries:
    return np.array(items, dtype=object)


def test_boxes_of_areas_without_rings_are_nowhere() -> None:
    boxes = rings_of(array(None, shapely.Point(1, 1), shapely.box(1, 2, 3, 4))).bounds()
    np.testing.assert_array_equal(boxes, [[np.nan] * 4, [np.nan] * 4, [1, 2, 3, 4]])
    assert np.isnan(rings_of(array(None)).bounds()).all()
