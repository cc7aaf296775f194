"""Pieces of ground: taking apart, cutting, thinness."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisgov.geometry.pieces import (
    cut_along,
    fine_grid,
    inner_points,
    interiors_meet,
    is_thin,
    shift,
    surfaces,
)
from gisgov.types import Geometries


def array(*items: shapely.Geometry | None) -> Geometries:
    return np.array(items, dtype=object)


def test_surfaces_are_what_is_left_of_any_overlay() -> None:
    box, far = shapely.box(0, 0, 1, 1), shapely.box(5, 5, 6, 6)
    mixed = shapely.GeometryCollection(
        [shapely.Point(0, 0), shapely.MultiPolygon([box, far]), shapely.Polygon()]
    )
    polygons, number = surfaces(
        array(mixed, None, shapely.LineString([(0, 0), (1, 1)]), far, shapely.Polygon())
    )
    assert number.tolist() == [0, 0, 3]
    assert shapely.equals(polygons, array(box, far, far)).all()


def test_touching_is_not_meeting() -> None:
    box = shapely.box(0, 0, 2, 2)
    others = array(
        shapely.box(2, 0, 3, 2),
        shapely.box(2, 2, 3, 3),
        shapely.box(1, 1, 3, 3),
        box,
        shapely.box(0.5, 0.5, 1, 1),
    )
    assert interiors_meet(array(*[box] * 5), others).tolist() == [False, False, True, True, True]


@pytest.mark.parametrize(
    ("polygon", "thin"),
    [
        (shapely.box(0, 0, 10, 0.9), True),
        (shapely.box(0, 0, 10, 1.1), False),
        (shapely.box(0, 0, 1.5, 1.5), False),
        # a thread with a knob: thin on average, but a circle fits into the knob
        (shapely.union(shapely.box(0, 0, 100, 0.1), shapely.box(50, 0, 51.2, 1.2)), False),
        (shapely.Polygon([(0, 0), (10, 0), (0, 1.2)]), False),
        (shapely.Polygon([(0, 0), (10, 0), (0, 0.9)]), True),
    ],
)
def test_thin_is_where_no_circle_fits(polygon: shapely.Polygon, thin: bool) -> None:
    assert is_thin(array(polygon), 1.0).tolist() == [thin]
    assert is_thin(array(polygon), 0.0).tolist() == [False]


@given(
    st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=3, max_size=6),
    st.floats(1.0, 500.0),
)
@settings(deadline=None)
def test_thin_agrees_with_the_largest_circle(vertices: list[tuple[int, int]], width: float) -> None:
    hull = shapely.convex_hull(shapely.MultiPoint(vertices))
    if hull.geom_type == "Polygon" and hull.area > 1.0:
        diameter = 2 * shapely.length(shapely.maximum_inscribed_circle(hull, 1e-4))
        if abs(diameter - width) > 1e-3 * width:
            assert is_thin(array(hull), width)[0] == (diameter < width)


@pytest.mark.parametrize("largest", [0.0, 3.0, 45.0, 121.0, 5e3, 5e4, 5e5, 4.4e6, 4.05e7])
def test_the_grid_keeps_the_bits_of_what_people_draw(largest: float) -> None:
    """Seven decimals in degrees and millimetres in a plane survive; so does every whole number."""
    decimals = 7 if largest < 1e3 else 3
    xy = np.round(np.random.default_rng(2).uniform(0.0, largest, (500, 2)), decimals)
    points = np.asarray(shapely.points(xy))
    grid = fine_grid(points, array(shapely.Point(largest, 0.0), None, shapely.Polygon()))
    assert 1.0 / grid == float(f"1e{round(-np.log10(grid))}")
    assert grid <= 1e-11 * max(largest, 1.0)
    assert (shapely.get_coordinates(shapely.set_precision(points, grid)) == xy).all()


def test_lines_that_cross_touch_and_coincide_are_cut_into_the_faces_between_them() -> None:
    frame, inner = shapely.box(0, 0, 6, 6), shapely.box(1, 1, 3, 3)
    lines = array(*shapely.boundary([frame, inner, inner]), shapely.LineString([(0, 2), (6, 2)]))
    faces = cut_along(lines, 1e-12)
    assert sorted(shapely.area(faces).tolist()) == [2.0, 2.0, 10.0, 22.0]
    assert sorted(shapely.area(cut_along(lines, None)).tolist()) == [2.0, 2.0, 10.0, 22.0]
    assert len(cut_along(lines[-1:], 1e-12)) == 0


@pytest.mark.parametrize(("grid", "tried"), [(1e-10, [1e-10, 1e-8]), (None, [None, 1e-10])])
def test_a_failing_cut_is_tried_once_more_on_a_coarser_grid(
    monkeypatch: pytest.MonkeyPatch, grid: float | None, tried: list[float | None]
) -> None:
    union, grids = shapely.union_all, []

    def fail_once(lines: Geometries, *, grid_size: float | None) -> shapely.Geometry:
        grids.append(grid_size)
        if len(grids) == 1:
            raise shapely.GEOSException("TopologyException")
        return union(lines, grid_size=grid_size)

    monkeypatch.setattr(shapely, "union_all", fail_once)
    outlines = shapely.boundary(array(shapely.box(0, 0, 2, 2), shapely.box(1, 0, 3, 2)))
    assert shapely.area(cut_along(outlines, grid)).tolist() == [2.0, 2.0, 2.0]
    assert grids == pytest.approx(tried)


def test_each_geometry_is_shifted_by_its_own_vector() -> None:
    box = shapely.box(0, 0, 1, 1)
    moved = shift(array(box, None, box), np.array([[5.0, 0.0], [9.0, 9.0], [0.0, -1.0]]))
    assert shapely.equals(moved[[0, 2]], array(shapely.box(5, 0, 6, 1), shapely.box(0, -1, 1, 0))).all()
    assert moved[1] is None
    assert box.bounds == (0.0, 0.0, 1.0, 1.0)


def test_a_point_inside_lies_where_the_polygon_is_wide() -> None:
    """The middle of the height meets nothing but the thread; a court, several parts and None are as well."""
    knob = shapely.Polygon([(0, 0), (9, 0), (9, 9), (1e-9, 9), (1e-9, 99), (0, 99)])
    assert shapely.distance(shapely.point_on_surface(knob), knob.boundary) < 1e-9
    court = shapely.box(0, 0, 9, 9) - shapely.box(1, 1, 8, 8)
    pair = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(5, 5, 9, 9)])
    polygons = array(knob, court, pair, shapely.box(0, 0, 2, 2), None)
    found = inner_points(polygons)
    depth = shapely.area(polygons) / shapely.length(polygons)
    assert shapely.contains(polygons, found).tolist() == [True] * 4 + [False]
    assert (shapely.distance(shapely.boundary(polygons), found)[:4] >= depth[:4] / 4).all()
    assert found[3] == shapely.Point(1, 1)
    assert found[4] is None


def test_a_sieve_has_some_point_inside() -> None:
    """So many pinholes that the circle of area/perimeter fits nowhere."""
    holes = [shapely.box(x, y, x + 1e-6, y + 1e-6) for x in np.arange(9) + 0.5 for y in np.arange(9) + 0.5]
    sieve = shapely.Polygon(shapely.box(0, 0, 9, 9).exterior, [hole.exterior for hole in holes])
    (found,) = inner_points(array(sieve))
    assert shapely.contains(sieve, found)
