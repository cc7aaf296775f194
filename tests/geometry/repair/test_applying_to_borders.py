from __future__ import annotations

import numpy as np
import pytest
import shapely
from directed_edges import vertices
from drawn_repairs import assert_sound, decide, drawn, mended

from gisgov.geometry.coverage import STORED, DefectKind, Tolerances, find_defects
from gisgov.geometry.repair import Decision, apply, propose
from gisgov.geometry.systems import WGS84


class TestVertices:
    def test_a_corner_on_a_straight_border_becomes_a_vertex_of_it(self) -> None:
        areas, scope = drawn("AAB\nCCC")
        areas[2] = shapely.Polygon([(0, 0), (0, 100), (300, 100), (300, 0), (200, 0), (100, 0)])
        repair = mended(areas, scope)
        assert_sound(repair)
        assert repair.changed.tolist() == [2]
        assert {(100.0, 100.0), (200.0, 100.0)} < vertices(repair.areas[2:])

    def test_a_vertex_on_the_border_of_the_scope_that_nobody_needs_goes(self) -> None:
        areas, scope = drawn("AB")
        areas[0] = shapely.Polygon([(0, 0), (0, 100), (50, 100), (100, 100), (100, 0)])
        repair = mended(areas, scope)
        assert_sound(repair)
        assert repair.scope is scope
        assert (50.0, 100.0) not in vertices(repair.areas)

    def test_where_two_areas_meet_on_the_scope_it_gets_the_vertex(self) -> None:
        areas, _ = drawn("AB")
        scope = shapely.box(0, 0, 200, 100)
        repair = mended(areas, scope)
        assert_sound(repair)
        assert repair.scope is not scope
        assert shapely.equals(repair.scope, scope)
        assert vertices(np.array([repair.scope])) - vertices(np.array([scope])) == {
            (100.0, 0.0),
            (100.0, 100.0),
        }
        assert not repair.changed.size

    def test_of_an_area_that_was_drawn_a_hair_off_only_that_area_moves(self) -> None:
        areas, scope = drawn("AAAA\nABBA\nAAAA\nCCDD")
        noise = np.random.default_rng(3).uniform(-1e-7, 1e-7, (6, 2))
        exact = areas.copy()
        areas[1] = shapely.transform(areas[1], lambda xy: xy + np.append(noise, noise[:1], axis=0))
        repair = mended(areas, scope)
        assert_sound(repair)
        assert repair.changed.tolist() == [1]
        assert shapely.equals_exact(shapely.normalize(repair.areas[1]), shapely.normalize(exact[1]), 0.0)

    def test_two_vertices_of_one_area_stay_two(self) -> None:
        areas, scope = drawn("AB")
        # a step of half a millimetre in the border is drawn by A, and B knows one of its corners
        areas[0] = shapely.Polygon([(0, 0), (0, 100), (100, 100), (100, 50.0005), (100, 50), (100, 0)])
        areas[1] = shapely.Polygon([(100, 0), (100, 50), (100, 100), (200, 100), (200, 0)])
        repair = mended(areas, scope)
        assert_sound(repair)
        assert repair.changed.tolist() == [1]
        assert (100.0, 50.0005) in vertices(repair.areas[1:])

    def test_borders_of_wide_tolerance_are_made_one(self) -> None:
        areas, scope = drawn("AABB\nAABB")
        areas[1] = shapely.Polygon(
            [(200.01, 0), (199.99, 100), (200, 200), (300, 200), (400, 200), (400, 100), (400, 0), (300, 0)]
        )
        tolerances = Tolerances(vertex_tolerance_m=0.05)
        found = find_defects(areas, scope, tolerances=tolerances)
        assert not any(kind.is_fault for kind in found.kind)
        repair = apply(areas, scope, found, propose(areas, scope, found), tolerances=tolerances)
        assert_sound(repair)
        assert repair.areas[0] is areas[0]

    def test_new_vertices_lie_on_the_grid_of_stored_coordinates(self) -> None:
        areas, scope = drawn("AAABBB\nAAABBB")

        def stored(xy: np.ndarray) -> np.ndarray:
            return np.round(xy / 111_320.0 + np.array([120.0, 30.0]), 7)

        areas[1] = shapely.Polygon([(260, -20), (230, 201), (600, 200), (600, 0)])
        scope, areas = shapely.transform(scope, stored), shapely.transform(areas, stored)
        found = find_defects(areas, scope, system=WGS84, tolerances=STORED)
        repair = apply(
            areas,
            scope,
            found,
            propose(areas, scope, found, system=WGS84),
            system=WGS84,
            tolerances=STORED,
            grid=1e-7,
        )
        assert_sound(repair)
        xy = shapely.get_coordinates(np.append(repair.areas, repair.scope))
        np.testing.assert_array_equal(xy, np.round(xy, 7))

    def test_a_grid_need_not_be_a_power_of_ten(self) -> None:
        areas, scope = drawn("AAABBB\nAAABBB")
        areas[1] = shapely.Polygon([(260, 0), (270, 130), (277, 200), (600, 200), (600, 0)])
        areas[0] = shapely.Polygon([(0, 0), (0, 200), (300, 200), (251, 101), (300, 0)])
        found = find_defects(areas, scope)
        decided = decide(found, propose(areas, scope, found), DefectKind.GAP, Decision.GIVE, 0)
        decided = decide(found, decided, DefectKind.OVERLAP, Decision.GIVE, 0)
        repair = apply(areas, scope, found, decided, grid=0.25)
        assert_sound(repair)
        new = vertices(repair.areas) - vertices(areas) - vertices(np.array([scope]))
        assert new
        assert all(x % 0.25 == 0.0 and y % 0.25 == 0.0 for x, y in new)

    @pytest.mark.parametrize("grid", [None, 0.01])
    def test_a_neck_of_the_scope_narrower_than_the_tolerance_stays_open(self, grid: float | None) -> None:
        neck = [(100, 50), (200, 50), (200, 0), (300, 0), (300, 100), (200, 100)]
        neck += [(200, 50.01), (100, 50.01)]
        scope = shapely.Polygon([(0, 0), (100, 0), *neck, (100, 100), (0, 100)])
        left = shapely.intersection(scope, shapely.box(0, 0, 150, 100))
        right = shapely.intersection(scope, shapely.box(150, 0, 300, 100))
        areas = np.array([left, right], dtype=object)
        tolerances = Tolerances(vertex_tolerance_m=0.02)
        found = find_defects(areas, scope, tolerances=tolerances)
        repair = apply(areas, scope, found, propose(areas, scope, found), tolerances=tolerances, grid=grid)
        assert_sound(repair)
        assert repair.scope is not None
        assert shapely.equals(repair.scope, scope)
