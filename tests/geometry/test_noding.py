"""Corners on other areas' straight borders."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisgov.geometry.noding import add_missing_vertices, find_missing_vertices
from gisgov.geometry.snap import GRID_DEG, snap
from gisgov.testing import areas_from_grid
from gisgov.types import Geometries


def without_straight_vertices(areas: Geometries) -> Geometries:
    """Draw areas as most editors do: no vertex in the middle of a straight side."""
    return np.asarray(shapely.simplify(areas, 0.0))


def test_a_corner_on_the_long_side_of_a_neighbour_is_missing_there() -> None:
    names, areas = areas_from_grid("AAA\nBCD")
    found = find_missing_vertices(without_straight_vertices(areas))
    assert names[found.area].tolist() == ["A", "A"]
    assert set(names[found.neighbour]) <= {"B", "C", "D"}
    assert sorted(found.x) == [100.0, 200.0]
    assert found.y.tolist() == [100.0, 100.0]
    assert len(found) == 2


def test_added_vertices_make_a_coverage_without_moving_anything() -> None:
    _, areas = areas_from_grid("AAABB\nCDDBB\nCDDEE")
    bare = without_straight_vertices(areas)
    assert not shapely.coverage_is_valid(bare)
    noded = add_missing_vertices(bare)
    assert shapely.coverage_is_valid(noded)
    assert all(shapely.equals(noded, bare))
    assert len(find_missing_vertices(noded)) == 0


def test_a_coverage_that_has_all_its_vertices_is_returned_as_it_is() -> None:
    _, areas = areas_from_grid("AAB\nACB")
    noded = add_missing_vertices(areas)
    assert all(one is other for one, other in zip(noded, areas, strict=True))


def test_missing_and_empty_areas_are_passed_over() -> None:
    assert len(find_missing_vertices(np.array([None, shapely.Polygon()], dtype=object))) == 0
    assert add_missing_vertices(np.array([None], dtype=object))[0] is None
    assert add_missing_vertices(np.zeros(0, dtype=object)).shape == (0,)


def test_a_corner_beside_a_vertex_is_a_mismatch_and_not_missing() -> None:
    left = shapely.Polygon([(0, 0), (2, 0), (2, 1), (0, 1)])
    right = shapely.Polygon([(2, 1e-8), (4, 0), (4, 1), (2, 1 - 1e-8)])
    assert len(find_missing_vertices(np.array([left, right]), tolerance=1e-7)) == 0


def test_a_vertex_that_the_area_has_already_is_not_put_in_twice() -> None:
    """The spike's tip comes within the tolerance of its own area's far side and of the neighbour."""
    spike = shapely.Polygon([(0, 0), (4, 0), (4, 3), (2, 1e-8), (0, 3)])
    below = shapely.Polygon([(0, 0), (4, 0), (4, -3), (0, -3)])
    noded = add_missing_vertices(np.array([spike, below]), tolerance=1e-7)
    assert shapely.get_num_coordinates(noded[0]) == shapely.get_num_coordinates(spike)
    assert shapely.is_valid(noded).all()


def test_an_area_that_would_become_invalid_is_left_alone() -> None:
    """Two corners of a sliver between the tolerance and the border would fold the border over."""
    thin = shapely.Polygon([(0, 0), (10, 0), (10, 0.9), (0, 0.9)])
    corner = shapely.Polygon([(5, 1.2), (6, 3), (4, 3)])
    under = shapely.Polygon([(5, -0.3), (6, -3), (4, -3)])
    inward = shapely.Polygon([(5, 0.95), (5.2, 3), (4.8, 3)])
    noded = add_missing_vertices(np.array([thin, corner, under, inward]), tolerance=1.3)
    assert noded[0] is thin


@given(
    st.integers(1, 6),
    st.floats(0.0, 2 * np.pi),
    st.tuples(st.floats(119.0, 121.0), st.floats(29.0, 31.0)),
    st.randoms(use_true_random=False),
)
@settings(deadline=None, max_examples=60)
def test_corners_rounded_to_the_storage_grid_are_found_on_slanting_borders(
    corners: int, angle: float, origin: tuple[float, float], random: object
) -> None:
    share = np.sort(np.random.default_rng(corners).uniform(0.1, 0.9, corners))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    along = np.column_stack((np.r_[0.0, share, 1.0], np.zeros(corners + 2))) * 0.02
    base, top = along @ turn + origin, (along + np.array([0.0, 0.01])) @ turn + origin
    foot = (np.array([[0.0, 0.0], [0.02, 0.0], [0.02, -0.01], [0.0, -0.01]])) @ turn + origin
    sides = [shapely.Polygon([base[i], base[i + 1], top[i + 1], top[i]]) for i in range(corners + 1)]
    areas = snap(np.array([shapely.Polygon(foot), *sides], dtype=object))
    noded = add_missing_vertices(areas)
    assert shapely.get_num_coordinates(noded[0]) == 5 + corners
    assert shapely.hausdorff_distance(noded[0], areas[0]) <= 1.5 * GRID_DEG
