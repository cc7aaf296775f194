"""Geometry on its way into columns."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gisgov.store.geometry_columns import as_wkb, from_column, multipolygons

SQUARE = shapely.box(0, 0, 1, 1)


def test_polygons_are_promoted_and_the_rest_left() -> None:
    both = shapely.MultiPolygon([SQUARE, shapely.box(2, 2, 3, 3)])
    given = np.array([both, SQUARE, shapely.Point(0, 0), SQUARE], dtype=object)
    kinds = [geometry.geom_type for geometry in multipolygons(given)]
    assert kinds == ["MultiPolygon", "MultiPolygon", "Point", "MultiPolygon"]
    assert [geometry.geom_type for geometry in given][1] == "Polygon"  # the input stays as it was


@pytest.mark.parametrize("count", [0, 1, 3])
def test_wkb_comes_back_to_the_bit(count: int) -> None:
    given = np.array([shapely.box(114.1234567, 22.7654321, 114.2, 22.9)] * count, dtype=object)
    assert [from_column(memoryview(wkb)) for wkb in as_wkb(given)] == multipolygons(given).tolist()
