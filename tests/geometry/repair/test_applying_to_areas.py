from __future__ import annotations

import numpy as np
import pytest
import shapely
from drawn_repairs import assert_sound, decide, drawn, mended

from gisgov.geometry.coverage import DefectKind, find_defects
from gisgov.geometry.repair import Decision, apply, propose
from gisgov.types import Geometries


class TestRings:
    BOW_TIE = shapely.Polygon([(100, 0), (200, 100), (200, 0), (100, 100)])

    def test_a_broken_ring_becomes_the_ground_it_encloses(self) -> None:
        areas, scope = drawn("A.B")
        areas = np.append(areas, self.BOW_TIE)
        repair = mended(areas, scope)
        assert_sound(repair)
        assert repair.areas[2].is_valid
        assert repair.areas[2].area >= 5_000.0

    def test_with_a_grid_its_new_vertices_are_rounded(self) -> None:
        areas, scope = drawn("A.B")
        areas = np.append(areas, shapely.Polygon([(100, 0), (200, 97), (200, 0), (100, 100)]))
        found = find_defects(areas, scope)
        repair = apply(areas, scope, found, propose(areas, scope, found), grid=0.5)
        assert_sound(repair)
        xy = shapely.get_coordinates(repair.areas)
        np.testing.assert_array_equal(xy * 2.0, np.round(xy * 2.0))

    def test_it_may_be_left_and_then_nothing_changes_it(self) -> None:
        areas, scope = drawn("A.B")
        areas = np.append(areas, self.BOW_TIE)
        found = find_defects(areas, scope)
        decided = decide(found, propose(areas, scope, found), DefectKind.INVALID_RING, Decision.LEAVE)
        decided = decide(found, decided, DefectKind.GAP, Decision.GIVE, 2)
        repair = apply(areas, scope, found, decided)
        assert repair.areas[2] is areas[2]
        assert "an area that is no sound polygon would have to change: rebuild it too" in repair.done

    @pytest.mark.parametrize("decision", [Decision.GIVE, Decision.NODE, Decision.CLIP, Decision.DROP])
    def test_nothing_else_can_be_decided_of_it(self, decision: Decision) -> None:
        areas, scope = drawn("A.B")
        areas = np.append(areas, self.BOW_TIE)
        found = find_defects(areas, scope)
        decided = decide(found, propose(areas, scope, found), DefectKind.INVALID_RING, decision, 0)
        repair = apply(areas, scope, found, decided)
        assert "a broken ring can be rebuilt, dropped where nothing is left of it, or left" in repair.done

    def test_ground_is_not_rebuilt(self) -> None:
        areas, scope = drawn("A.B")
        found = find_defects(areas, scope)
        decided = decide(found, propose(areas, scope, found), DefectKind.GAP, Decision.REBUILD)
        assert "this decision says nothing about such a defect" in apply(areas, scope, found, decided).done


class TestParts:
    def test_a_part_may_be_given(self) -> None:
        areas, scope = drawn("AAB\nBCC")
        found = find_defects(areas, scope)
        decided = decide(found, propose(areas, scope, found), DefectKind.SEVERAL_PARTS, Decision.GIVE, 2)
        repair = apply(areas, scope, found, decided)
        assert_sound(repair)
        assert repair.areas[1].geom_type == "Polygon"
        assert repair.areas[0] is areas[0]
        assert repair.gained_m2[2] == repair.lost_m2[1] == 1e4

    def test_a_part_is_not_cut_off_inside_the_scope(self) -> None:
        areas, scope = drawn("AAB\nBCC")
        found = find_defects(areas, scope)
        decided = decide(found, propose(areas, scope, found), DefectKind.SEVERAL_PARTS, Decision.CLIP)
        assert "would leave a gap" in apply(areas, scope, found, decided).done[0]


class TestParents:
    def crossing(self) -> tuple[Geometries, shapely.Geometry, dict[str, np.ndarray]]:
        parents, scope = drawn("PPQQ\nPPQQ")
        areas, _ = drawn("AACC\nBBDD")
        areas[0] = shapely.box(0, 100, 230, 200)
        areas[2] = shapely.box(230, 100, 400, 200)
        return areas, scope, {"parents": parents, "parent_of": np.array([0, 0, 1, 1])}

    def test_ground_beyond_the_parent_is_given(self) -> None:
        areas, scope, nesting = self.crossing()
        found = find_defects(areas, scope, **nesting)
        repair = apply(areas, scope, found, propose(areas, scope, found, **nesting), **nesting)
        assert_sound(repair)
        assert shapely.equals(repair.areas[0], shapely.box(0, 100, 200, 200))
        assert not (
            find_defects(repair.areas, repair.scope, **nesting).kind == DefectKind.CROSSES_PARENT
        ).any()

    def test_cutting_it_off_leaves_it_to_whoever_else_lies_there(self) -> None:
        areas, scope, nesting = self.crossing()
        areas[2] = shapely.box(200, 100, 400, 200)
        found = find_defects(areas, scope, **nesting)
        proposals = decide(found, propose(areas, scope, found, **nesting), DefectKind.OVERLAP, Decision.LEAVE)
        decided = decide(found, proposals, DefectKind.CROSSES_PARENT, Decision.CLIP)
        repair = apply(areas, scope, found, decided, **nesting)
        assert shapely.equals(repair.areas[0], shapely.box(0, 100, 200, 200))
        assert shapely.equals(repair.areas[2], areas[2])

    def test_cutting_it_off_where_nobody_else_is_leaves_a_gap_as_was_asked(self) -> None:
        areas, scope, nesting = self.crossing()
        found = find_defects(areas, scope, **nesting)
        decided = decide(
            found, propose(areas, scope, found, **nesting), DefectKind.CROSSES_PARENT, Decision.CLIP
        )
        repair = apply(areas, scope, found, decided, **nesting)
        assert shapely.equals(repair.areas[0], shapely.box(0, 100, 200, 200))
        assert repair.certificate is not None
        assert not repair.certificate.holds

    def test_parents_that_are_missing_judge_nobody(self) -> None:
        areas, scope, nesting = self.crossing()
        found = find_defects(areas, scope, **nesting)
        decided = propose(areas, scope, found, **nesting)
        nesting["parents"] = np.array([nesting["parents"][0], None], dtype=object)
        repair = apply(areas, scope, found, decided, **nesting)
        assert shapely.equals(repair.areas[0], shapely.box(0, 100, 200, 200))
