"""Pieces of ground: taking apart, thinness, and each piece once with all its areas."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisgov.geometry.pieces import Pieces, disjoint, fine_grid, interiors_meet, is_thin, places, surfaces
from gisgov.types import Geometries


def array(*items: shapely.Geometry | None) -> Geometries:
    return np.array(items, dtype=object)


def pairs_of(areas: Geometries) -> Pieces:
    """All pairwise intersections."""
    numbers = [(i, j) for i in range(len(areas)) for j in range(i + 1, len(areas))]
    common = array(*(shapely.intersection(areas[i], areas[j], grid_size=1e-12) for i, j in numbers))
    polygons, number = surfaces(common)
    return Pieces(polygons, tuple(numbers[i] for i in number))


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


def test_pieces_that_lie_apart_or_touch_are_left_as_they_are() -> None:
    areas = array(shapely.box(0, 0, 10, 10), shapely.box(8, 0, 12, 5), shapely.box(8, 5, 12, 10))
    pieces = pairs_of(areas)
    apart = disjoint(pieces, shapely.STRtree(areas), 1e-12, 1e-10)
    assert apart.areas == ((0, 1), (0, 2))
    assert all(one is other for one, other in zip(apart.polygon, pieces.polygon, strict=True))


def test_of_three_overlapping_squares_each_piece_comes_once_with_all_its_areas() -> None:
    areas = array(shapely.box(0, 0, 4, 4), shapely.box(2, 0, 6, 4), shapely.box(0, 2, 6, 6))
    apart = disjoint(pairs_of(areas), shapely.STRtree(areas), 1e-12, 1e-10)
    found = {numbers: polygon.bounds for numbers, polygon in zip(apart.areas, apart.polygon, strict=True)}
    assert found == {
        (0, 1): (2.0, 0.0, 4.0, 2.0),
        (0, 2): (0.0, 2.0, 2.0, 4.0),
        (1, 2): (4.0, 2.0, 6.0, 4.0),
        (0, 1, 2): (2.0, 2.0, 4.0, 4.0),
    }


def test_ground_that_pieces_surround_is_no_piece() -> None:
    """Four bars around a court: the court lies on none of them, the corners on two each."""
    bars = [
        shapely.box(0, 0, 9, 1),
        shapely.box(0, 8, 9, 9),
        shapely.box(0, 0, 1, 9),
        shapely.box(8, 0, 9, 9),
    ]
    below = shapely.box(-1, -1, 10, 10)
    areas = array(below, *bars)
    apart = disjoint(pairs_of(areas), shapely.STRtree(areas), 1e-12, 1e-10)
    assert shapely.area(apart.polygon).sum() == pytest.approx(shapely.area(shapely.union_all(bars)))
    assert sorted(map(len, apart.areas)) == [2] * 4 + [3] * 4


def test_pieces_narrower_than_the_width_are_nothing_but_arithmetic() -> None:
    areas = array(shapely.box(0, 0, 4, 4), shapely.box(3.9, 0, 8, 4), shapely.box(3.9, 1, 8, 3))
    pieces = pairs_of(areas).where(np.array([True, True, False]))
    assert len(disjoint(pieces, shapely.STRtree(areas), 1.0, 4.0)) == 0


boxes = st.builds(
    lambda x, y, w, h: shapely.box(x, y, x + w, y + h),
    st.integers(0, 8),
    st.integers(0, 8),
    st.integers(1, 5),
    st.integers(1, 5),
)


@given(st.lists(boxes, min_size=2, max_size=6), st.integers(0, 150))
@settings(deadline=None)
def test_any_overlapping_areas(items: list[shapely.Polygon], hundredths: int) -> None:
    angle = hundredths / 100
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    areas = np.asarray(shapely.transform(array(*items), lambda xy: xy @ turn))
    pieces = pairs_of(areas)
    apart = disjoint(pieces, shapely.STRtree(areas), 1e-12, 1e-10)
    everything = shapely.union_all(pieces.polygon, grid_size=1e-12).area
    assert shapely.area(apart.polygon).sum() == pytest.approx(everything, abs=1e-9)
    for polygon, numbers in zip(apart.polygon, apart.areas, strict=True):
        if not is_thin(array(polygon), 1e-9)[0]:
            inside = shapely.Point(*(each[0] for each in places(array(polygon), 1e-9)))
            assert numbers == tuple(np.flatnonzero(shapely.intersects(areas, inside)))


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
