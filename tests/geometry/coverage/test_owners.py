"""Which areas lie on faulty ground, where they are not the same everywhere."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gisgov.geometry.coverage import Tolerances, find_defects, owners
from gisgov.types import Geometries


def three_squares() -> Geometries:
    """Each pair of them overlaps, and all three do."""
    turn = np.array([[0.96, 0.28], [-0.28, 0.96]])
    boxes = [shapely.box(0, 0, 4, 4), shapely.box(2, 0, 6, 4), shapely.box(0, 2, 6, 6)]
    return np.asarray(shapely.transform(boxes, lambda xy: xy @ turn))


def test_ground_cut_on_the_grid_has_the_owners_that_it_has_on_free_floats(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    areas, all_of_it = three_squares(), Tolerances(sliver_width_m=0.0, vertex_tolerance_m=1e-6)
    free = find_defects(areas, tolerances=all_of_it)
    monkeypatch.setattr(owners, "_ROUNDING", -1.0)  # as if ground were lost every time
    on_grid = find_defects(areas, tolerances=all_of_it)
    assert set(free.areas) == {(0, 1), (0, 2), (1, 2), (0, 1, 2)}
    for numbers in free.areas:
        (one,) = free.polygon[[each == numbers for each in free.areas]]
        (other,) = on_grid.polygon[[each == numbers for each in on_grid.areas]]
        assert one.area == pytest.approx(4.0)
        assert shapely.symmetric_difference(one, other, grid_size=1e-9).area < 1e-6
