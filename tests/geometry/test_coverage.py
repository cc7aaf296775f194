"""The coverage check: every kind of fault, none where there is none, and an independent second opinion."""

from __future__ import annotations

import functools

import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st

from gisgov.errors import InputError
from gisgov.geometry.coverage import STORED, DefectKind, Defects, Tolerances, find_defects
from gisgov.geometry.crs import WGS84, parse_crs, to_wgs84_geometries
from gisgov.geometry.measures import areas_m2
from gisgov.geometry.snap import densify, snap
from gisgov.testing import areas_from_grid
from gisgov.types import Bools, Geometries, Ints

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


DOUBLED = (DefectKind.OVERLAP, DefectKind.DUPLICATE, DefectKind.CONTAINED)


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


def test_parents_that_do_not_fit_are_refused() -> None:
    areas = array(shapely.box(0, 0, 1, 1))
    with pytest.raises(InputError, match="given together"):
        exactly(areas, parents=areas)
    for parent_of in ([1], [-2], [0, 0]):
        with pytest.raises(InputError, match="numbered 0 to 0"):
            exactly(areas, parents=areas, parent_of=np.array(parent_of))


millimetres = st.integers(-30_000, 30_000)


@given(
    st.sets(st.integers(0, 8), max_size=3),
    st.dictionaries(st.integers(0, 8), st.tuples(millimetres, millimetres), max_size=4),
    st.sets(st.integers(0, 8), max_size=2),
    st.integers(0, 150),
    st.sampled_from([(0.0, 0.0), (500_000.0, 3_300_000.0), (40_500_000.0, 4_400_000.0)]),
)
@settings(deadline=None, max_examples=120)
def test_exact_counting_confirms_every_total(
    missing: set[int],
    moved: dict[int, tuple[int, int]],
    doubled: set[int],
    hundredths: int,
    origin: tuple[float, float],
) -> None:
    """Faults at random: areas dropped, shifted as a whole and doubled, in a map turned by any angle.

    They are squares before the turn, so their overlay can be counted in whole millimetres. Overlay
    on free floats is no witness: on the way it lost whole squares of 10,000 m² in cases like these.
    """
    angle = hundredths / 100
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    squares = np.array(
        [
            (np.array([x, y, x + 100_000, y + 100_000]) + np.tile(moved.get(i, (0, 0)), 2))
            for i, (x, y) in enumerate(
                (x, y) for y in range(0, 300_000, 100_000) for x in range(0, 300_000, 100_000)
            )
            if i not in missing
            for _ in range(2 if i in doubled else 1)
        ]
    )

    def drawn(corners: Ints) -> Geometries:
        plain = np.asarray(shapely.box(*(np.atleast_2d(corners).T / 1000.0)))
        return np.asarray(shapely.transform(plain, lambda xy: xy @ turn + np.array(origin)))

    scope = np.array([0, 0, 300_000, 300_000])
    areas = drawn(squares)
    found = find_defects(areas, drawn(scope)[0], tolerances=Tolerances(0.0, 1e-5))
    grounds = ((DefectKind.GAP,), DOUBLED, (DefectKind.OUTSIDE,))
    for kinds, expected in zip(grounds, counted(squares, scope), strict=True):
        assert total(found, *kinds) == pytest.approx(expected, abs=1e-3)
    for kind, polygon, numbers, x, y in zip(
        found.kind, found.polygon, found.areas, found.lon, found.lat, strict=True
    ):
        assert polygon is None or shapely.dwithin(polygon, shapely.Point(x, y), 1e-5)
        if kind in DOUBLED:
            assert numbers == tuple(np.flatnonzero(shapely.intersects(areas, shapely.Point(x, y))))


def counted(squares: Ints, scope: Ints) -> tuple[float, float, float]:
    """Count the square metres of gap, overlap and outside, cell by cell between all lines of the map."""
    lines = np.vstack((squares, scope))
    xs, ys = np.unique(lines[:, ::2]), np.unique(lines[:, 1::2])

    def covers(box: Ints) -> Bools:
        west, south, east, north = box
        return np.outer((xs[:-1] >= west) & (xs[1:] <= east), (ys[:-1] >= south) & (ys[1:] <= north))

    cell = np.outer(np.diff(xs), np.diff(ys)) / 1e6
    depth = np.sum([covers(box) for box in squares], axis=0)
    inside = covers(scope)
    return cell[inside & (depth == 0)].sum(), cell[depth > 1].sum(), cell[~inside & (depth > 0)].sum()


def test_ground_that_overlay_on_free_floats_loses_is_not_lost() -> None:
    """One square shifted by less than two metres; a plain difference reports 10,182.6 m² of gap."""
    turn = np.array([[np.cos(0.87), np.sin(0.87)], [-np.sin(0.87), np.cos(0.87)]])
    _, sound = areas_from_grid("ABC\nDEF\nGHI")
    sound[1] = shapely.affinity.translate(sound[1], 0.0, -1.826)
    areas = np.asarray(shapely.transform(sound, lambda xy: xy @ turn))
    scope = shapely.transform(shapely.box(0, 0, 300, 300), lambda xy: xy @ turn)
    found = exactly(areas, scope)
    assert total(found, DefectKind.GAP) == pytest.approx(182.6)
    assert total(found, DefectKind.OVERLAP) == pytest.approx(182.6)


def test_the_tolerance_of_stored_coordinates_is_two_steps_of_their_grid() -> None:
    assert STORED.vertex_tolerance_m == pytest.approx(2e-7 * 111_320, abs=1e-4)
