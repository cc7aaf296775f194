from __future__ import annotations

import numpy as np
import pytest
import shapely

from benchmarks.jagged import jagged_areas


@pytest.fixture(scope="module")
def drawn():
    return jagged_areas(120, seed=3)


def test_areas_are_a_valid_coverage_of_their_scope(drawn):
    areas, scope = drawn
    assert len(areas) == 120
    assert shapely.is_valid(areas).all()
    assert shapely.coverage_is_valid(areas)
    assert shapely.area(areas).sum() == pytest.approx(scope.area)


def test_borders_are_jagged_and_of_millimetres(drawn):
    areas, _ = drawn
    assert shapely.get_num_coordinates(areas).mean() == pytest.approx(49, abs=2)
    coordinates = shapely.get_coordinates(areas)
    assert np.abs(coordinates * 1000 - np.rint(coordinates * 1000)).max() < 1e-3


def test_a_seed_repeats_itself(drawn):
    again, _ = jagged_areas(120, seed=3)
    other, _ = jagged_areas(120, seed=4)
    assert shapely.to_wkb(again).tolist() == shapely.to_wkb(drawn[0]).tolist()
    assert shapely.to_wkb(other).tolist() != shapely.to_wkb(drawn[0]).tolist()
