"""Corners of areas put into the border of their scope."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from kernel_answers import wkb

from gisgov.geometry.coverage import STORED, Tolerances, certify, find_defects
from gisgov.geometry.coverage.scope_noding import node_scope
from gisgov.geometry.crs import WGS84
from gisgov.testing import areas_from_grid
from gisgov.types import Geometries

FINE = Tolerances(vertex_tolerance_m=0.02)


def missing(before: shapely.Geometry, after: shapely.Geometry) -> set[tuple[float, ...]]:
    return {tuple(xy) for xy in shapely.get_coordinates(before)} - {
        tuple(xy) for xy in shapely.get_coordinates(after)
    }


def test_with_the_corners_of_its_areas_a_scope_is_certified() -> None:
    _, areas = areas_from_grid("AAB\nACB\nDDB")
    scope = shapely.box(0, 0, 300, 300)
    noded, added = node_scope(areas, scope, tolerances=FINE)
    assert added == len(shapely.get_coordinates(noded)) - 5 == 8
    assert shapely.equals(noded, scope)
    assert certify(areas, noded).holds
    assert len(find_defects(areas, noded)) == 0


def test_bytes_have_corners_too_and_invalid_areas_none() -> None:
    _, areas = areas_from_grid("AB")
    broken = [(50.0, 0.0), (60.0, 9.0), (60.0, 0.0), (50.0, 9.0), (50.0, 0.0)]
    nowhere = [(50.0, 0.0), (60.0, 0.0), (float("nan"), 9.0), (50.0, 0.0)]
    rows = [*shapely.to_wkb(areas), None, wkb([[broken]]), wkb([[nowhere]])]
    noded, added = node_scope(rows, shapely.box(0, 0, 200, 100), tolerances=FINE)
    assert added == 2
    assert certify(areas, noded).holds


def test_holes_and_parts_of_a_scope_have_borders_as_well() -> None:
    _, areas = areas_from_grid("AAAA.E\nA..B.E\nCCBB.F")
    frame = shapely.Polygon(shapely.box(0, 0, 400, 300).exterior, [shapely.box(100, 100, 300, 200).exterior])
    scope = shapely.MultiPolygon([frame, shapely.box(500, 0, 600, 300)])
    noded, _ = node_scope(areas, scope, tolerances=FINE)
    assert missing(scope, noded) == set()
    assert certify(areas, noded).holds


def test_a_scope_that_lacks_nothing_is_the_same_object() -> None:
    _, areas = areas_from_grid("AB")
    scope = shapely.coverage_union_all(areas)
    assert node_scope(areas, scope, tolerances=FINE) == (scope, 0)
    assert node_scope(areas, scope, tolerances=FINE)[0] is scope
    nothing: Geometries = np.zeros(0, dtype=object)
    assert node_scope(nothing, scope, tolerances=FINE)[0] is scope


@pytest.mark.parametrize(("off_m", "added"), [(0.0, 2), (0.009, 2), (0.011, 0)])
def test_a_corner_beside_the_border_bends_it_by_half_the_tolerance_at_most(off_m: float, added: int) -> None:
    west = shapely.Polygon([(0, 0), (100, -off_m), (100, 100 + off_m), (0, 100)])
    east = shapely.Polygon([(100, -off_m), (200, 0), (200, 100), (100, 100 + off_m)])
    scope = shapely.box(0, 0, 200, 100)
    areas = np.array([west, east], dtype=object)
    noded, found = node_scope(areas, scope, tolerances=FINE)
    assert found == added
    assert (noded is scope) == (added == 0)
    assert certify(areas, noded).holds == (added > 0)


def test_tolerances_are_metres_also_in_degrees() -> None:
    """A step of the storage grid off the border, which no vertex of it can avoid."""
    corner = (120.0005, 30.0000001)
    west = shapely.Polygon([(120, 30), corner, (120.0005, 30.001), (120, 30.001)])
    east = shapely.Polygon([corner, (120.001, 30), (120.001, 30.001), (120.0005, 30.001)])
    areas, scope = np.array([west, east], dtype=object), shapely.box(120, 30, 120.001, 30.001)
    noded, added = node_scope(areas, scope, tolerances=STORED, system=WGS84)
    assert added == 2
    assert list(corner) in shapely.get_coordinates(noded).tolist()
    assert certify(areas, noded).holds
    assert node_scope(areas, scope, tolerances=Tolerances(), system=WGS84)[1] == 1


def test_corners_that_would_break_the_scope_are_left_out() -> None:
    """A neck narrower than the tolerance: the corner lies on both its sides."""
    left, right = shapely.box(0, 0, 100, 100), shapely.box(200, 0, 300, 100)
    neck = shapely.union_all([left, shapely.box(100, 49.999, 200, 50.0), right])
    corner = shapely.Polygon([(150, 49.9995), (160, 49.9995), (155, 49.9998)])
    areas = np.array([corner], dtype=object)
    noded, added = node_scope(areas, neck, tolerances=FINE)
    assert (noded is neck, added) == (True, 0)
