"""Edges that do not cancel."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gisgov.geometry.coverage import find_defects, residual
from gisgov.types import Geometries


def three_squares() -> Geometries:
    """Each pair of them overlaps, and all three do."""
    turn = np.array([[0.96, 0.28], [-0.28, 0.96]])
    boxes = [shapely.box(0, 0, 4, 4), shapely.box(2, 0, 6, 4), shapely.box(0, 2, 6, 6)]
    return np.asarray(shapely.transform(boxes, lambda xy: xy @ turn))


def test_edges_are_found_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room is made for as many as do not cancel."""
    areas, scope = three_squares(), shapely.box(-9, -9, 9, 9)
    expected = find_defects(areas, scope)
    monkeypatch.setattr(residual, "_ROOM", 1)
    found = find_defects(areas, scope)
    assert found.areas == expected.areas
    assert len(found) > 4
    np.testing.assert_array_equal(found.area_m2, expected.area_m2)
