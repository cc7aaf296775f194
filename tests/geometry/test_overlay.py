"""Areas one by one: repair, what leaves a host, the smaller parts."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gisgov.geometry.overlay import leaving, repaired, smaller_parts
from gisgov.geometry.pieces import Pieces
from gisgov.geometry.validity import find_invalid
from gisgov.testing import areas_from_grid
from gisgov.types import Geometries


def array(*items: shapely.Geometry | None) -> Geometries:
    return np.array(items, dtype=object)


def mended(*items: shapely.Geometry | None) -> Geometries:
    return repaired(array(*items), find_invalid(array(*items)))


def total(pieces: Pieces) -> float:
    return float(shapely.area(pieces.polygon).sum())


def test_valid_areas_are_not_touched_by_repair() -> None:
    _, areas = areas_from_grid("AB")
    assert all(one is other for one, other in zip(mended(*areas), areas, strict=True))


def test_repair_keeps_what_rings_enclose_and_drops_what_has_no_ground() -> None:
    bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    with_tail = shapely.Polygon([(0, 0), (4, 0), (4, 4), (2, 4), (2, 9), (2, 4), (0, 4)])
    flat = shapely.Polygon([(0, 0), (1, 1), (2, 2)])
    apart = shapely.MultiPolygon([shapely.box(0, 0, 2, 2), shapely.box(2, 0, 4, 2)])
    lost = shapely.transform(shapely.box(0, 0, 1, 1), lambda xy: xy * [[1, 1]] + np.array([[np.inf, 0.0]]))
    found = mended(bow_tie, with_tail, flat, apart, lost, None, shapely.Polygon(), shapely.Point(0, 0))
    assert [item and item.area for item in found] == [2.0, 16.0, None, 8.0, None, None, None, None]
    assert shapely.is_valid(found[:2]).all()


def test_leaving_a_host() -> None:
    areas = array(shapely.box(-1, 1, 2, 2), shapely.box(1, 1, 2, 2), shapely.box(1, 1, 9, 2), None)
    host = shapely.box(0, 0, 4, 4)
    found = leaving(areas, array(host, host, None, host), 1e-12)
    assert found.areas == ((0,),)
    assert total(found) == 1.0


def test_smaller_parts_are_all_but_the_largest() -> None:
    _, areas = areas_from_grid("AA.A\n..B.\nA.BB")
    hollow = shapely.from_wkt("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 1, 0 0)), EMPTY)")
    found = smaller_parts(array(*areas, hollow, None))
    assert found.areas == ((0,),)
    assert found.polygon[0].geom_type == "MultiPolygon"
    assert total(found) == 20_000.0
    one_more = shapely.MultiPolygon([shapely.box(0, 0, 2, 2), shapely.box(8, 8, 9, 9)])
    found = smaller_parts(array(one_more))
    assert found.polygon[0].geom_type == "Polygon"
    assert total(found) == pytest.approx(1.0)
