"""The overlays of the coverage check one by one."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gisgov.geometry.overlay import gaps, leaving, overlaps, repaired, smaller_parts, with_neighbours
from gisgov.geometry.pieces import Pieces
from gisgov.geometry.validity import find_invalid
from gisgov.testing import areas_from_grid
from gisgov.types import Geometries, silent


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


def test_gaps_of_a_scope_are_what_it_has_more() -> None:
    _, areas = areas_from_grid("A.B\nA.B")
    assert total(gaps(areas, shapely.box(0, 0, 300, 200), 1e-12)) == 20_000.0
    assert total(gaps(areas, None, 1e-12)) == 0.0
    assert total(gaps(array(None), shapely.box(0, 0, 2, 1), 1e-12)) == 2.0


def test_gaps_without_a_scope_are_what_areas_enclose() -> None:
    ring, island = areas_from_grid("AAAAA\nA...A\nA.B.A\nA...A\nAAAAA")[1]
    assert total(gaps(array(ring, island), None, 1e-12)) == 80_000.0
    assert total(gaps(array(ring), None, 1e-12)) == 90_000.0
    assert len(gaps(array(None, None), None, 1e-12)) == 0


def test_areas_that_touch_in_points_enclose_too() -> None:
    _, areas = areas_from_grid("A.A\n.A.\nA.A")
    assert len(gaps(areas, None, 1e-12)) == 0
    _, areas = areas_from_grid(".A.\nB.C\n.D.")
    assert total(gaps(areas, None, 1e-12)) == 10_000.0


def test_overlaps_name_the_pair_and_tell_progress() -> None:
    areas = array(shapely.box(0, 0, 4, 4), None, shapely.box(3, 0, 6, 4), shapely.box(6, 0, 9, 4))
    told: list[tuple[str, int | None]] = []

    def listen(items, *, label, total=None):  # type: ignore[no-untyped-def]
        told.append((label, total))
        return iter(items)

    found = overlaps(areas, shapely.STRtree(areas), 1e-9, listen)
    assert found.areas == ((0, 2),)
    assert total(found) == 4.0
    assert told == [("comparing neighbours", 1)]
    assert len(overlaps(areas[:2], shapely.STRtree(areas[:2]), 1e-9, silent)) == 0


def test_leaving_a_host() -> None:
    areas = array(shapely.box(-1, 1, 2, 2), shapely.box(1, 1, 2, 2), shapely.box(1, 1, 9, 2), None)
    host = shapely.box(0, 0, 4, 4)
    found = leaving(areas, array(host, host, None, host), 1e-12)
    assert found.areas == ((0,),)
    assert total(found) == 1.0


def test_neighbours_of_a_gap_share_a_border_with_it() -> None:
    _, areas = areas_from_grid("ABC\nD.E\nFGH")
    found = with_neighbours(gaps(areas, None, 1e-12), areas, shapely.STRtree(areas), 1e-6, 1e-12)
    assert found.areas == ((1, 3, 4, 6),)
    lonely = with_neighbours(
        gaps(areas[:1], shapely.box(900, 0, 901, 1), 1e-12), areas, shapely.STRtree(areas), 1e-6, 1e-12
    )
    assert lonely.areas == ((),)


def test_smaller_parts_are_all_but_the_largest() -> None:
    _, areas = areas_from_grid("AA.A\n..B.\nA.BB")
    hollow = shapely.from_wkt("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 1, 0 0)), EMPTY)")
    broken = shapely.MultiPolygon([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)])
    given = array(*areas, hollow, broken, None)
    found = smaller_parts(given, find_invalid(given))
    assert found.areas == ((0,),)
    assert total(found) == 20_000.0
    one_more = shapely.MultiPolygon([shapely.box(0, 0, 2, 2), shapely.box(8, 8, 9, 9)])
    found = smaller_parts(array(one_more), find_invalid(array(one_more)))
    assert found.polygon[0].geom_type == "Polygon"
    assert total(found) == pytest.approx(1.0)
