from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import shapely
from directed_edges import uncancelled, vertices
from drawn_repairs import assert_sound, decide, drawn, mended

from gisgov.errors import InputError
from gisgov.geometry.coverage import DefectKind, Defects, find_defects
from gisgov.geometry.repair import Decision, Proposals, apply, propose
from gisgov.geometry.repair import noded as noding


class TestGround:
    def test_a_gap_is_given(self) -> None:
        areas, scope = drawn("AABE\nA.BE\nCCCE")
        repair = mended(areas, scope)
        assert_sound(repair)
        assert repair.changed.tolist() == [0]
        assert repair.gained_m2.tolist() == [1e4, 0.0, 0.0, 0.0]
        assert not repair.lost_m2.any()
        assert repair.scope is scope
        assert all(repair.areas[i] is areas[i] for i in (1, 2, 3))

    def test_it_can_be_taken_back(self) -> None:
        areas, scope = drawn("AABE\nA.BE\nCCCE")
        repair = mended(areas, scope)
        assert repair.before[0] is areas[0]
        assert all(was is now for was, now in zip(areas, repair.undo(), strict=True))

    def test_a_gap_is_given_to_whom_it_was_decided_even_in_another_part(self) -> None:
        areas, scope = drawn("AABE\nA.BE\nCCCE")
        found = find_defects(areas, scope)
        repair = apply(
            areas, scope, found, decide(found, propose(areas, scope, found), DefectKind.GAP, Decision.GIVE, 3)
        )
        assert_sound(repair)
        assert repair.areas[3].geom_type == "MultiPolygon"
        assert repair.gained_m2.tolist() == [0.0, 0.0, 0.0, 1e4]

    def test_a_gap_may_be_left(self) -> None:
        areas, scope = drawn("AABE\nA.BE\nCCCE")
        found = find_defects(areas, scope)
        repair = apply(
            areas, scope, found, decide(found, propose(areas, scope, found), DefectKind.GAP, Decision.LEAVE)
        )
        assert not repair.changed.size
        assert repair.certificate is not None
        assert not repair.certificate.holds

    def test_a_gap_is_not_cut_off(self) -> None:
        areas, scope = drawn("AABE\nA.BE\nCCCE")
        found = find_defects(areas, scope)
        repair = apply(
            areas, scope, found, decide(found, propose(areas, scope, found), DefectKind.GAP, Decision.CLIP)
        )
        assert repair.done.tolist() == ["cutting ground off inside the scope would leave a gap"]
        assert not repair.changed.size

    def test_without_scope_enclosed_ground_is_given(self) -> None:
        areas, _ = drawn("AAB\nA.B\nCCC")
        repair = mended(areas, None)
        assert repair.certificate is None
        assert repair.gained_m2.tolist() == [1e4, 0.0, 0.0]
        assert not len(find_defects(repair.areas))

    def test_an_overlap_is_given_to_one_and_taken_from_the_others(self) -> None:
        areas, scope = drawn("AAABBB\nAAABBB")
        areas[1] = shapely.box(250, 0, 600, 200)
        found = find_defects(areas, scope)
        for keeper, loser in ((0, 1), (1, 0)):
            decided = decide(found, propose(areas, scope, found), DefectKind.OVERLAP, Decision.GIVE, keeper)
            repair = apply(areas, scope, found, decided)
            assert_sound(repair)
            assert repair.lost_m2[loser] == pytest.approx(1e4)
            assert not repair.gained_m2.any()
            assert shapely.area(repair.areas).sum() == scope.area

    def test_ground_of_three_areas_is_given_to_one(self) -> None:
        areas, scope = drawn("AAABBB\nAAABBB")
        areas = np.append(areas, shapely.box(220, 20, 380, 180))
        areas[1] = shapely.box(250, 0, 600, 200)
        repair = mended(areas, scope)
        assert_sound(repair)
        assert repair.areas[2] is not None

    def test_ground_outside_is_cut_off_along_the_scope_as_it_is_drawn(self) -> None:
        areas, scope = drawn("AAB\nAAB")
        areas[1] = shapely.Polygon([(200, 0), (200, 200), (300, 200), (330, 170), (330, 120), (300, 0)])
        repair = mended(areas, scope)
        assert_sound(repair)
        assert repair.scope is scope
        assert repair.areas[0] is areas[0]
        assert vertices(repair.areas[[1]]) <= vertices(np.append(areas, scope))

    def test_ground_outside_cannot_be_given(self) -> None:
        areas, scope = drawn("AAB")
        areas[1] = shapely.box(200, 0, 350, 100)
        found = find_defects(areas, scope)
        decided = decide(found, propose(areas, scope, found), DefectKind.OUTSIDE, Decision.GIVE, 0)
        repair = apply(areas, scope, found, decided)
        assert "ground outside the scope can belong to no area" in repair.done

    def test_ground_of_two_areas_outside_goes(self) -> None:
        areas, scope = drawn("AAB")
        areas[0], areas[1] = shapely.box(0, 0, 200, 150), shapely.box(180, 0, 300, 150)
        repair = mended(areas, scope)
        assert_sound(repair)
        assert shapely.area(repair.areas).sum() == scope.area

    def test_slivers_of_all_kinds_go(self) -> None:
        areas, scope = drawn("AAB\nCCD")
        areas[0] = shapely.box(0, 100.3, 200, 200)  # a gap below A
        areas[1] = shapely.box(200, 99.8, 300, 200)  # B lies on D
        areas[3] = shapely.box(200, 0, 300.2, 100)  # D leaves the scope
        found = find_defects(areas, scope)
        assert {int(cover) for cover in found.cover[found.kind == DefectKind.SLIVER]} == {0, 1, 2}
        assert_sound(apply(areas, scope, found, propose(areas, scope, found)))


class TestVanishing:
    def test_of_two_equal_areas_one_may_be_dropped(self) -> None:
        areas, scope = drawn("AAB")
        areas = np.append(areas, areas[0])
        found = find_defects(areas, scope)
        decided = decide(found, propose(areas, scope, found), DefectKind.DUPLICATE, Decision.DROP, 2)
        repair = apply(areas, scope, found, decided)
        assert_sound(repair)
        assert repair.areas[0] is None
        assert repair.areas[2] is areas[2]
        assert repair.undo()[0] is areas[0]

    def test_no_area_vanishes_because_its_ground_is_given_away(self) -> None:
        areas, scope = drawn("AAB")
        areas = np.append(areas, areas[0])
        found = find_defects(areas, scope)
        decided = decide(found, propose(areas, scope, found), DefectKind.DUPLICATE, Decision.GIVE, 2)
        repair = apply(areas, scope, found, decided)
        assert "would be left without ground" in repair.done[0]
        assert not repair.changed.size

    def test_nor_because_the_rule_gives_it_away(self) -> None:
        areas, scope = drawn("AAB")
        areas = np.append(areas, areas[0])
        found = find_defects(areas, scope)
        decided = decide(found, propose(areas, scope, found), DefectKind.DUPLICATE, Decision.NODE)
        repair = apply(areas, scope, found, decided)
        assert "would be left without ground" in repair.done[0]
        assert not repair.changed.size

    def test_of_two_decisions_that_take_all_ground_the_larger_is_not_carried_out(self) -> None:
        areas, scope = drawn("AAAABBBB\nAAAABBBB")
        areas = np.append(areas, shapely.box(330, 50, 480, 150))
        found = find_defects(areas, scope)
        proposals = propose(areas, scope, found)
        to = np.array([{(0, 2): 0, (1, 2): 1}.get(each, -1) for each in found.areas])
        decided = Proposals(proposals.decision, to, proposals.reason, proposals.options)
        repair = apply(areas, scope, found, decided)
        told = {found.areas[row]: repair.done[row] for row in range(len(found)) if found.cover[row] == 2}
        assert told[0, 2] == ""
        assert "would be left without ground" in told[1, 2]
        assert repair.areas[2].area == pytest.approx(8_000.0)

    def test_what_lies_wholly_outside_goes_only_when_asked(self) -> None:
        areas, scope = drawn("AAB")
        areas = np.append(areas, shapely.box(900, 0, 950, 100))
        found = find_defects(areas, scope)
        proposals = propose(areas, scope, found)
        assert not apply(areas, scope, found, proposals).changed.size
        clipped = apply(areas, scope, found, decide(found, proposals, DefectKind.OUTSIDE, Decision.CLIP))
        assert "would be left without ground" in clipped.done[0]
        repair = apply(areas, scope, found, decide(found, proposals, DefectKind.OUTSIDE, Decision.DROP))
        assert_sound(repair)
        assert repair.areas[2] is None
        assert repair.lost_m2.tolist() == [0.0, 0.0, 5_000.0]

    def test_an_area_without_polygon_goes_only_when_asked(self) -> None:
        areas, scope = drawn("AAB")
        areas = np.append(areas, [None, shapely.Polygon()])
        found = find_defects(areas, scope)
        proposals = propose(areas, scope, found)
        left = apply(areas, scope, found, proposals)
        assert left.areas[3] is areas[3]
        assert left.certificate is not None
        assert not left.certificate.holds
        rebuilt = apply(
            areas, scope, found, decide(found, proposals, DefectKind.INVALID_RING, Decision.REBUILD)
        )
        assert set(rebuilt.done) == {"nothing would be left of the area"}
        repair = apply(areas, scope, found, decide(found, proposals, DefectKind.INVALID_RING, Decision.DROP))
        assert_sound(repair)
        assert repair.areas[3] is None
        assert repair.undo()[3] is areas[3]

    def test_a_missing_area_may_be_given_ground(self) -> None:
        areas, scope = drawn("A.B")
        areas = np.append(areas, None)
        found = find_defects(areas, scope)
        decided = decide(found, propose(areas, scope, found), DefectKind.GAP, Decision.GIVE, 2)
        repair = apply(areas, scope, found, decided)
        assert repair.areas[2].area == 1e4
        assert not uncancelled(repair.areas, scope)


def test_decisions_for_other_defects_are_refused() -> None:
    areas, scope = drawn("A.B")
    found = find_defects(areas, scope)
    none = Proposals(np.zeros(0, dtype=object), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=object), ())
    with pytest.raises(InputError, match="but 0 decisions"):
        apply(areas, scope, found, none)


def test_a_sound_coverage_stays() -> None:
    areas, scope = drawn("AB")
    repair = mended(areas, scope)
    assert not repair.changed.size
    assert all(was is now for was, now in zip(areas, repair.areas, strict=True))
    assert repair.certificate is not None
    assert repair.certificate.holds


def test_without_a_certificate_from_the_check_a_new_one_is_made() -> None:
    areas, _ = drawn("A.B")
    areas = np.append(areas, None)
    found = find_defects(areas)
    decided = decide(found, propose(areas, None, found), DefectKind.INVALID_RING, Decision.DROP)
    repair = apply(areas, shapely.union_all(areas[:2]), found, decided)
    assert repair.certificate is not None
    assert repair.certificate.holds


def part_of(found: Defects, rows: list[int]) -> Defects:
    """Keep some defects of a list, as somebody does who deletes rows of a table."""
    columns = {
        name: getattr(found, name)[rows]
        for name in ("kind", "polygon", "area_m2", "width_m", "cover", "lon", "lat", "reason")
    }
    return dataclasses.replace(found, areas=tuple(found.areas[row] for row in rows), **columns)


def test_ground_that_nobody_decided_upon_stays_as_it_is() -> None:
    areas, scope = drawn("AABBCC\nAABBCC")
    areas[0], areas[2] = shapely.box(0, 0, 230, 200), shapely.box(380, 60, 600, 140)
    found = find_defects(areas, scope)
    rows = [row for row in range(len(found)) if found.areas[row] == (0, 1)]
    some = part_of(found, rows)
    repair = apply(areas, scope, some, propose(areas, scope, some))
    assert repair.areas[2] is areas[2]
    assert not any(repair.done)
    left = find_defects(repair.areas, repair.scope)
    faults = [row for row in range(len(left)) if left.kind[row].is_fault]
    assert {str(left.kind[row]) for row in faults} == {"gap", "overlap"}
    assert all(2 in left.areas[row] for row in faults)


def test_ground_beside_a_defect_that_nobody_decided_upon_stays_as_it_is() -> None:
    areas, scope = drawn("AAAA\nA..A\nA.BA\nAAAA")
    areas = np.append(areas, shapely.box(220, 120, 280, 180))
    found = find_defects(areas, scope)
    assert {str(kind) for kind in found.kind} == {"gap", "contained"}
    some = part_of(found, [0])
    repair = apply(areas, scope, some, propose(areas, scope, some))
    assert repair.changed.tolist() == [0]
    assert repair.areas[1] is areas[1]
    assert repair.areas[2] is areas[2]


def test_a_gap_may_be_closed_by_the_rule_alone() -> None:
    areas, scope = drawn("AABE\nA.BE\nCCCE")
    found = find_defects(areas, scope)
    decided = decide(found, propose(areas, scope, found), DefectKind.GAP, Decision.NODE)
    repair = apply(areas, scope, found, decided)
    assert_sound(repair)
    assert repair.gained_m2.tolist() == [1e4, 0.0, 0.0, 0.0]


def test_borders_that_cannot_be_cut_are_left_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noding, "_MOST_ROUNDS", 1)
    areas, scope = drawn("AABB\nAABB")
    areas[0] = shapely.Polygon([(0, 0), (0, 200), (230, 200), (170, 0)])
    found = find_defects(areas, scope)
    repair = apply(areas, scope, found, propose(areas, scope, found))
    assert "the borders here could not be cut where they cross" in repair.done
    assert not repair.changed.size
    assert repair.certificate is not None
    assert repair.certificate.residual == found.certificate.residual
