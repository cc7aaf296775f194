"""Coordinates that are no ordinary numbers: two zeros, none at all, far apart and close together."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gisgov.geometry.coverage import DefectKind, Tolerances, certify, find_defects
from gisgov.geometry.validity import NOT_FINITE
from gisgov.testing import areas_from_grid
from gisgov.types import Geometries


def around_zero() -> Geometries:
    """Nine areas of which four meet in the origin."""
    return areas_from_grid("ABC\nDEF\nGHI", origin=(-100.0, -100.0))[1]


def test_there_is_one_zero() -> None:
    areas = around_zero()
    scope = shapely.coverage_union_all(areas)
    other = areas.copy()
    other[::2] = shapely.transform(areas[::2], lambda xy: np.where(xy == 0.0, -0.0, xy))
    assert np.signbit(shapely.get_coordinates(other)[shapely.get_coordinates(other) == 0.0]).any()
    assert certify(other, scope).residual == certify(areas, scope).residual == (0, 0)
    assert certify(shapely.to_wkb(other).tolist(), scope).holds
    other[4] = None
    found = find_defects(other, scope)
    assert found.kind.tolist() == [DefectKind.GAP, DefectKind.INVALID_RING]
    assert found.areas == ((1, 3, 5, 7), (4,))


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_an_area_that_lies_nowhere_is_named_and_the_others_are_checked(bad: float) -> None:
    areas = around_zero()
    scope = shapely.coverage_union_all(areas)
    xy = shapely.get_coordinates(areas[4])
    xy[2, 1] = bad
    with np.errstate(invalid="ignore"):  # of shapely
        areas[4] = shapely.Polygon(xy)
    for given in (areas, shapely.to_wkb(areas).tolist()):
        assert certify(given, scope).unsound == {4}
        found = find_defects(given, scope)
        assert found.kind.tolist() == [DefectKind.GAP, DefectKind.INVALID_RING]
        assert found.area_m2[0] == pytest.approx(10_000.0)
        assert found.reason[1] == NOT_FINITE


def test_an_area_far_away_from_all_others_hides_no_fault_among_them() -> None:
    """Edges are added up by cells of a lattice over where most vertices are; the others go to its rim."""
    areas = np.append(around_zero(), np.array([shapely.box(1e9, 1e9, 1e9 + 1, 1e9 + 1)], dtype=object))
    areas[4] = shapely.box(0.0, 0.0, 100.0, 99.0)  # two corners on the sides of its neighbours
    found = find_defects(areas, shapely.coverage_union_all(around_zero()))
    mismatch = DefectKind.VERTEX_MISMATCH
    assert found.kind.tolist() == [DefectKind.GAP, DefectKind.OUTSIDE, mismatch, mismatch]
    assert found.area_m2[:2].tolist() == [100.0, 1.0]


@pytest.mark.parametrize("unit", [1e-6, 1e-3, 1e3, 1e6])
def test_any_unit_of_length_will_do(unit: float) -> None:
    tolerances = Tolerances(sliver_width_m=0.0, vertex_tolerance_m=1e-9 * unit)
    areas = np.asarray(shapely.transform(around_zero(), lambda xy: xy * unit))
    scope = shapely.coverage_union_all(areas)
    assert certify(areas, scope).holds
    areas[4] = shapely.transform(areas[4], lambda xy: xy + 7.0 * unit)
    found = find_defects(areas, scope, tolerances=tolerances)
    sizes = {kind: found.area_m2[found.kind == kind].sum() for kind in (DefectKind.GAP, DefectKind.OVERLAP)}
    assert sizes[DefectKind.GAP] == pytest.approx((10_000 - 93**2) * unit**2)
    assert sizes[DefectKind.OVERLAP] == pytest.approx((10_000 - 93**2) * unit**2)
