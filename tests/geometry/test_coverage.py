"""The coverage check: every kind of fault, and none where there is none."""

from __future__ import annotations

import functools

import numpy as np
import pytest
import shapely

from gisgov.errors import InputError
from gisgov.geometry.coverage import STORED, DefectKind, Defects, Tolerances, find_defects
from gisgov.geometry.crs import WGS84, parse_crs, to_wgs84_geometries
from gisgov.geometry.measures import areas_m2
from gisgov.geometry.snap import densify, snap
from gisgov.testing import areas_from_grid
from gisgov.types import Geometries

ZONE = parse_crs(4549)
EXACT = Tolerances(sliver_width_m=0.0, vertex_tolerance_m=1e-6)
"""Everything that is not rounding is listed under its own name."""

exactly = functools.partial(find_defects, tolerances=EXACT)


def array(*items: shapely.Geometry | None) -> Geometries:
    return np.array(items, dtype=object)


def rows(found: Defects) -> list[tuple[str, float, tuple[int, ...]]]:
    """List the faults; notices of differing vertices are another matter."""
    table = zip(found.kind, found.area_m2, found.areas, strict=True)
    return [(str(k), float(m), a) for k, m, a in table if k.is_fault]


def total(found: Defects, *kinds: DefectKind) -> float:
    return float(found.area_m2[np.isin(found.kind, kinds)].sum())


def test_a_sound_coverage_has_no_defects() -> None:
    _, areas = areas_from_grid("AAB\nACB\nDDB")
    found = exactly(areas, shapely.box(0, 0, 300, 300))
    assert rows(found) == []
    assert found.below == {"min_gap_m2": 0, "vertex_tolerance_m": 0}


def test_no_areas() -> None:
    assert rows(exactly(array())) == []
    assert rows(exactly(array(), shapely.box(0, 0, 2, 1))) == [("gap", 2.0, ())]


def test_a_missing_area_is_a_gap_that_names_its_neighbours() -> None:
    _, areas = areas_from_grid("ABC\nD.E\nFGH")
    found = exactly(areas, shapely.box(0, 0, 300, 300))
    assert rows(found) == [("gap", 10_000.0, (1, 3, 4, 6))]
    assert (found.lon[0], found.lat[0]) == (150.0, 150.0)
    assert shapely.equals(found.polygon[0], shapely.box(100, 100, 200, 200))
    assert rows(exactly(areas)) == rows(found)


def test_open_ground_is_a_gap_only_with_a_scope() -> None:
    _, areas = areas_from_grid("AB\n.C")
    assert rows(exactly(areas)) == []
    assert rows(exactly(areas, shapely.box(0, 0, 200, 200))) == [("gap", 10_000.0, (0, 2))]


def test_overlaps_of_two_and_of_three_areas_come_once() -> None:
    areas = array(shapely.box(0, 0, 4, 4), shapely.box(2, 0, 6, 4), shapely.box(0, 2, 6, 6))
    assert sorted(rows(exactly(areas))) == sorted(
        [
            ("overlap", 4.0, (0, 1)),
            ("overlap", 4.0, (0, 2)),
            ("overlap", 4.0, (1, 2)),
            ("overlap", 4.0, (0, 1, 2)),
        ]
    )


def test_a_duplicate_and_a_contained_area_are_called_so() -> None:
    box = shapely.box(0, 0, 3, 3)
    assert rows(exactly(array(box, box))) == [("duplicate", 9.0, (0, 1))]
    assert rows(exactly(array(box, shapely.box(1, 1, 2, 2)))) == [("contained", 1.0, (0, 1))]
    assert rows(exactly(array(box, box, box))) == [("duplicate", 9.0, (0, 1, 2))]


def test_ground_outside_the_scope_names_its_area() -> None:
    areas = array(shapely.box(0, 0, 2, 2), shapely.box(2, 0, 5, 2), shapely.box(9, 9, 10, 10))
    found = exactly(areas, shapely.box(0, 0, 4, 2))
    assert rows(found) == [("outside", 2.0, (1,)), ("outside", 1.0, (2,))]


def test_ground_covered_twice_outside_the_scope_is_both() -> None:
    areas = array(shapely.box(0, 0, 5, 2), shapely.box(4, 0, 6, 2))
    found = exactly(areas, shapely.box(0, 0, 4, 2))
    assert sorted(rows(found)) == [("outside", 2.0, (0, 1)), ("outside", 2.0, (1,)), ("overlap", 2.0, (0, 1))]


def test_a_nested_area_that_leaves_its_parent() -> None:
    _, parents = areas_from_grid("PPQQ")
    areas = array(shapely.box(0, 0, 150, 100), shapely.box(150, 0, 250, 100), shapely.box(250, 0, 400, 100))
    scope = shapely.box(0, 0, 400, 100)
    found = exactly(areas, scope, parents=parents, parent_of=np.array([0, 0, 1]))
    assert rows(found) == [("crosses-parent", 5000.0, (1,))]
    assert shapely.equals(found.polygon[0], shapely.box(200, 0, 250, 100))
    unjudged = exactly(areas, scope, parents=array(parents[0], None), parent_of=np.array([0, -1, 1]))
    assert rows(unjudged) == []


def test_children_that_tile_their_parents_cross_none() -> None:
    """The edges of the children add up to those of the parent; one child has no parent."""
    _, areas = areas_from_grid("AABB\nACCB\nDDEE")
    parents = array(shapely.coverage_union_all(areas[:3]), shapely.coverage_union_all(areas[3:]), None)
    scope = shapely.coverage_union_all(areas)
    tiled = np.array([0, 0, 0, 1, 1])
    assert len(exactly(areas, scope, parents=parents, parent_of=tiled)) == 0
    assert len(exactly(areas, scope, parents=parents, parent_of=np.array([0, 0, 0, -1, 2]))) == 0
    wrong = exactly(areas, scope, parents=parents, parent_of=np.array([0, 0, 1, 1, 1]))
    assert rows(wrong) == [("crosses-parent", 20_000.0, (2,))]


def test_an_area_in_parts_names_the_smaller_ones() -> None:
    _, areas = areas_from_grid("AABB\nBBAB\nBBBB")
    found = exactly(areas)
    assert rows(found) == [("several-parts", 10_000.0, (0,))]
    assert (found.lon[0], found.lat[0]) == (250.0, 150.0)


def test_invalid_areas_are_reported_where_they_are_broken_and_the_rest_is_checked() -> None:
    bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    beside = shapely.box(2, 0, 4, 2)
    over = shapely.box(3, 0, 5, 2)
    found = exactly(array(bow_tie, None, beside, shapely.Polygon(), over, shapely.Point(9, 9)))
    assert rows(found) == [
        ("overlap", 2.0, (2, 4)),
        ("invalid-ring", 2.0, (0,)),
        ("invalid-ring", 0.0, (5,)),
        ("invalid-ring", 0.0, (1,)),
        ("invalid-ring", 0.0, (3,)),
    ]
    assert found.reason.tolist() == ["", "self-intersection", "not a polygon", "missing", "empty"]
    assert (found.lon[1], found.lat[1]) == (1.0, 1.0)
    assert np.isnan(found.lon[3])
    assert found.polygon[3] is None


def test_the_ground_of_an_invalid_area_counts_so_that_its_neighbours_get_no_false_gap() -> None:
    middle = shapely.Polygon([(1, 1), (2, 1), (2, 2), (2, 2.2), (2, 2), (1, 2)])  # sound but for a spur
    ring = shapely.Polygon(shapely.box(0, 0, 3, 3).exterior, [shapely.box(1, 1, 2, 2).exterior])
    found = exactly(array(ring, middle), shapely.box(0, 0, 3, 3))
    assert set(found.kind) == {DefectKind.INVALID_RING}


def test_rows_are_in_the_order_of_kinds_the_largest_first() -> None:
    areas = array(shapely.box(0, 0, 4, 1), shapely.box(3, 0, 6, 1), shapely.box(5.5, 0, 9, 1))
    found = exactly(areas, shapely.box(-1, 0, 12, 1))
    assert rows(found) == [
        ("gap", 3.0, (2,)),
        ("gap", 1.0, (0,)),
        ("overlap", 1.0, (0, 1)),
        ("overlap", 0.5, (1, 2)),
    ]


def test_a_corner_on_a_straight_neighbour_is_no_defect() -> None:
    _, areas = areas_from_grid("AAA\nBCD\nBEE")
    bare = np.asarray(shapely.simplify(areas, 0.0))
    assert rows(exactly(bare, shapely.box(0, 0, 300, 300))) == []


@pytest.mark.parametrize("has_scope", [False, True])
def test_only_borders_of_two_areas_can_differ(has_scope: bool) -> None:
    """A corner on a neighbour's side does; a notch of half a millimetre in the outline is no fault."""
    notched = [(0, 0), (99, 0), (99, 0.0005), (99.0005, 0.0005), (99.0005, 0), (200, 0), (200, 100), (0, 100)]
    north = shapely.box(0, 100, 100, 200), shapely.box(100, 100, 200, 200)
    areas = array(shapely.Polygon(notched), *north)
    scope = shapely.union_all(areas) if has_scope else None
    found = find_defects(areas, scope)
    assert found.kind.tolist() == [DefectKind.VERTEX_MISMATCH]
    assert found.areas == ((0, 1, 2),)
    assert (found.lon[0], found.lat[0]) == (100.0, 100.0)
    assert len(find_defects(areas[:1], None if scope is None else areas[0])) == 0


def test_slivers_of_the_storage_grid_are_counted_and_not_reported() -> None:
    """Slanting T borders whose corners were rounded to the grid, as every stored layer has."""
    turn = np.array([[0.96, 0.28], [-0.28, 0.96]])

    def stored(drawn: Geometries) -> Geometries:
        placed = shapely.transform(drawn, lambda xy: xy @ turn + np.array([500_000.0, 3_300_000.0]))
        return snap(to_wgs84_geometries(placed, ZONE))

    _, drawn = areas_from_grid("AAAA\nBCDE\nBFFE")
    areas = stored(np.asarray(shapely.simplify(drawn, 0.0)))
    (scope,) = stored(array(shapely.box(0, 0, 400, 300)))
    found = find_defects(areas, scope, tolerances=STORED, system=WGS84)
    assert rows(found) == []
    assert set(found.kind) == {DefectKind.VERTEX_MISMATCH}
    assert set(exactly(areas, scope, system=WGS84).kind) >= {DefectKind.GAP, DefectKind.OVERLAP}


def test_a_sliver_of_a_centimetre_is_a_defect_in_metres() -> None:
    left, right = shapely.box(0, 0, 100, 100), shapely.box(100.01, 0, 200, 100)
    scope = shapely.box(0, 0, 200, 100)
    assert rows(exactly(array(left, right), scope)) == [("gap", pytest.approx(1.0), (0, 1))]
    sliver = find_defects(array(left, right), scope)
    assert (sliver.kind[0], sliver.cover[0]) == (DefectKind.SLIVER, 0)
    assert sliver.width_m[0] == pytest.approx(0.01, rel=1e-3)
    thin = find_defects(array(left, right), scope, tolerances=Tolerances(vertex_tolerance_m=0.02))
    assert rows(thin) == []
    assert thin.below["vertex_tolerance_m"] == 1


def test_a_thick_overlap_does_not_hide_behind_a_thin_one() -> None:
    areas = array(shapely.box(0, 0, 4, 4), shapely.box(2, 0, 6, 4), shapely.box(4 - 1e-8, 0, 8, 4))
    assert rows(exactly(areas)) == [
        ("overlap", pytest.approx(8.0), (1, 2)),
        ("overlap", pytest.approx(8.0), (0, 1)),
    ]


def test_measures_and_places_of_stored_coordinates() -> None:
    _, drawn = areas_from_grid("AA.\nABB", origin=(500_000.0, 3_300_000.0))
    (scope,) = snap(to_wgs84_geometries(array(shapely.box(500_000, 3_300_000, 500_300, 3_300_200)), ZONE))
    found = exactly(
        snap(to_wgs84_geometries(drawn, ZONE)), scope, measure=functools.partial(areas_m2, working=ZONE)
    )
    assert found.kind[0] == DefectKind.GAP
    assert found.area_m2[0] == pytest.approx(10_000.0, rel=1e-3)
    assert 120.002 < found.lon[0] < 120.004
    assert shapely.covers(found.polygon[0], shapely.Point(found.lon[0], found.lat[0]))


def test_a_layer_is_sound_where_it_was_drawn_and_stays_so_when_densified() -> None:
    """The scope has no vertex where the two areas meet on its 40 km border."""
    west, east = (
        shapely.box(480_000, 4_000_000, 501_000, 4_010_000),
        shapely.box(501_000, 4_000_000, 520_000, 4_010_000),
    )
    drawn = array(west, east, shapely.box(480_000, 4_000_000, 520_000, 4_010_000))
    assert rows(exactly(drawn[:2], drawn[2])) == []
    torn = snap(to_wgs84_geometries(drawn, ZONE))
    measure = functools.partial(areas_m2, working=ZONE)
    assert total(exactly(torn[:2], torn[2], measure=measure), DefectKind.OUTSIDE) > 10_000
    dense = snap(to_wgs84_geometries(densify(drawn, ZONE), ZONE))
    found = find_defects(dense[:2], dense[2], measure=measure, tolerances=STORED, system=WGS84)
    assert found.area_m2.sum() < 40_000 * 2 * 0.01 * 2


@pytest.mark.parametrize(
    "scope", [shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]), shapely.Polygon(), shapely.Point(0, 0)]
)
def test_a_scope_that_is_no_polygon_is_refused(scope: shapely.Geometry) -> None:
    with pytest.raises(InputError, match="The scope is not a valid polygon"):
        exactly(array(shapely.box(0, 0, 1, 1)), scope)


def test_areas_of_an_overlay_need_not_cover_but_may_not_overlap_nor_leave() -> None:
    areas = array(
        shapely.box(0, 0, 40, 40),
        shapely.box(30, 0, 60, 40),
        shapely.box(90, 10, 110, 20),
        shapely.box(90, 30, 100.3, 40),
        shapely.box(90, 50, 100.0005, 60),
    )
    found = find_defects(areas, shapely.box(0, 0, 100, 100), must_cover=False)
    assert rows(found) == [
        ("overlap", 400.0, (0, 1)),
        ("outside", 100.0, (2,)),
        ("sliver", pytest.approx(3.0), (3,)),
    ]
    assert found.cover.tolist() == [2, 1, 1]
    assert found.below["vertex_tolerance_m"] == 1
    assert rows(find_defects(areas, must_cover=False)) == [("overlap", 400.0, (0, 1))]
    apart = find_defects(areas[2:3], shapely.box(0, 0, 200, 100), must_cover=False)
    assert len(apart) == 0


def test_small_gaps_are_counted_and_not_listed() -> None:
    _, areas = areas_from_grid("AAAA\nA.BB\nAABB")
    scope = shapely.union(shapely.box(0, 0, 400, 300), shapely.box(400, 0, 401, 9))
    found = find_defects(areas, scope, tolerances=Tolerances(min_gap_m2=10.0))
    assert rows(found) == [("gap", 10_000.0, (0, 1))]
    assert found.below == {"min_gap_m2": 1, "vertex_tolerance_m": 0}


def test_parents_that_do_not_fit_are_refused() -> None:
    areas = array(shapely.box(0, 0, 1, 1))
    with pytest.raises(InputError, match="given together"):
        exactly(areas, parents=areas)
    for parent_of in ([1], [-2], [0, 0]):
        with pytest.raises(InputError, match="numbered 0 to 0"):
            exactly(areas, parents=areas, parent_of=np.array(parent_of))


def test_the_tolerance_of_stored_coordinates_is_two_steps_of_their_grid() -> None:
    assert STORED.vertex_tolerance_m == pytest.approx(2e-7 * 111_320, abs=1e-4)
